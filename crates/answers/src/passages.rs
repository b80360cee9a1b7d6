//! The passages of many products, and the one that answers a question.

mod postings;
mod question;
mod score;
#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::limits::{PASSAGES_MAX, PASSAGES_READ_MAX, PASSAGES_READ_OF_PRODUCT_MAX, TEXT_BYTES_MAX};
use crate::page::Page;
use crate::words::words;

use postings::{Place, Vocabulary};
use question::Question;

pub use question::Spelled;

/// Passages by product, in memory.
///
/// Products are put and removed one by one; what is removed leaves holes, which are closed when they are the half.
#[derive(Default)]
pub struct Passages {
    /// `None` where a product was removed.
    slots: Vec<Option<Passage>>,
    by_product: FxHashMap<u32, Vec<u32>>,
    vocabulary: Vocabulary,
    live: usize,
    text_bytes: usize,
    is_full: bool,
}

struct Passage {
    product: u32,
    /// Its number on the page.
    number: u32,
    words: u32,
    text: Box<str>,
}

/// The best passage of a product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// The product.
    pub product: u32,
    /// The number of the passage on its page, for [`Page::excerpt`].
    pub passage: usize,
    /// How likely it answers, 0 to 1: how much of the question's words, by their rarity, stand in it, beside one another,
    /// whether it holds what such a question asks for (a number, a time, a place), and how near it is in meaning. Squashed by a
    /// fixed curve; not fitted to judgements.
    pub probability: f32,
}

impl Passages {
    /// Puts a product's page in, in the place of the one that it had. Its title speaks for all its passages.
    pub fn put(&mut self, product: u32, title: &str, html: &str) {
        self.remove(product);
        let page = Page::read(html);
        let bytes: usize = page.passages().iter().map(|passage| passage.text.len()).sum();
        if self.live + page.passages().len() > PASSAGES_MAX || self.text_bytes + bytes > TEXT_BYTES_MAX {
            self.is_full = true;
            return;
        }
        let title: FxHashSet<String> = words(title).into_iter().map(|word| word.stem).collect();
        let mut numbers = Vec::with_capacity(page.passages().len());
        for (number, passage) in page.passages().iter().enumerate() {
            let slot = self.slots.len() as u32;
            let text = words(&passage.text);
            let count = text.len() as u32;
            let context: FxHashSet<String> = words(&passage.context).into_iter().map(|word| word.stem).collect();
            self.vocabulary.add(slot, &text, &context, &title);
            let text = passage.text.as_str().into();
            self.slots.push(Some(Passage { product, number: number as u32, words: count, text }));
            numbers.push(slot);
        }
        self.live += numbers.len();
        self.text_bytes += bytes;
        self.by_product.insert(product, numbers);
    }

    /// Takes a product out, if it is in.
    pub fn remove(&mut self, product: u32) {
        for slot in self.by_product.remove(&product).unwrap_or_default() {
            if let Some(passage) = self.slots[slot as usize].take() {
                self.live -= 1;
                self.text_bytes -= passage.text.len();
                self.is_full = false;
            }
        }
        if self.slots.len() > 1_000 && self.live < self.slots.len() / 2 {
            self.close_holes();
        }
    }

    /// Whether a product was left out because a bound was reached.
    pub fn is_full(&self) -> bool {
        self.is_full
    }

    /// Passages held.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// The products of the `allowed` ones that answer `text`, the likeliest first, each with its best passage; those
    /// under `probability_min` are left out. Ties go by the product's number.
    ///
    /// A word that stands on no page is taken for a near one that does, where `correct` allows it; the outcome says so
    /// either way. `nearness` gives the cosine of the meanings of question and passage; `None` where it is not known.
    /// O(passages that share a word with the question); `nearness` is asked of some hundred of them.
    pub fn ask(
        &self,
        text: &str,
        correct: bool,
        probability_min: f32,
        allowed: &dyn Fn(u32) -> bool,
        nearness: &dyn Fn(&str) -> Option<f32>,
    ) -> (Vec<Found>, Option<Spelled>) {
        let question = Question::read(text, &self.vocabulary, self.live);
        let spelled = question.spelled(text);
        let question = if correct { question.corrected() } else { question };
        let mut best: FxHashMap<u32, Found> = FxHashMap::default();
        for (slot, places) in self.promising(&question, allowed) {
            let Some(passage) = &self.slots[slot as usize] else { continue };
            let probability = score::probability(&question, &passage.text, &places, nearness(&passage.text));
            let found = Found { product: passage.product, passage: passage.number as usize, probability };
            let better = best.get(&found.product).is_none_or(|other| {
                other.probability < probability || (other.probability == probability && other.passage > found.passage)
            });
            if better && probability >= probability_min {
                best.insert(found.product, found);
            }
        }
        let mut found: Vec<Found> = best.into_values().collect();
        found.sort_unstable_by(|a, b| b.probability.total_cmp(&a.probability).then(a.product.cmp(&b.product)));
        (found, spelled)
    }

    /// The slots with the best sums of BM25 over the question's words, with where each word stands in them.
    fn promising(&self, question: &Question, allowed: &dyn Fn(u32) -> bool) -> Vec<(u32, Vec<Place>)> {
        let average = self.vocabulary.words as f32 / self.slots.len().max(1) as f32;
        let mut sums: FxHashMap<u32, f32> = FxHashMap::default();
        let mut may: FxHashMap<u32, bool> = FxHashMap::default();
        for term in &question.terms {
            for posting in term.words.iter().flat_map(|&word| self.vocabulary.postings(word)) {
                let Some(passage) = &self.slots[posting.slot as usize] else { continue };
                if *may.entry(passage.product).or_insert_with(|| allowed(passage.product)) {
                    let length = passage.words as f32 / average.max(1.0);
                    *sums.entry(posting.slot).or_insert(0.0) += term.rarity * posting.saturated(length);
                }
            }
        }
        let mut ranked: Vec<(u32, f32)> = sums.into_iter().collect();
        ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut of_product: FxHashMap<u32, usize> = FxHashMap::default();
        ranked.retain(|&(slot, _)| {
            let product = self.slots[slot as usize].as_ref().map(|passage| passage.product);
            let read = of_product.entry(product.unwrap_or(u32::MAX)).or_insert(0);
            *read += 1;
            *read <= PASSAGES_READ_OF_PRODUCT_MAX
        });
        ranked.truncate(PASSAGES_READ_MAX);
        ranked.into_iter().map(|(slot, _)| (slot, self.places(question, slot))).collect()
    }

    fn places(&self, question: &Question, slot: u32) -> Vec<Place> {
        // The places are ordered from the best to none.
        let best = |words: &[u32]| words.iter().map(|&word| self.vocabulary.place(word, slot)).min();
        question.terms.iter().map(|term| best(&term.words).unwrap_or(Place::Nowhere)).collect()
    }

    fn close_holes(&mut self) {
        let mut moved: FxHashMap<u32, u32> = FxHashMap::default();
        let mut slots = Vec::with_capacity(self.live);
        for (old, passage) in std::mem::take(&mut self.slots).into_iter().enumerate() {
            if let Some(passage) = passage {
                moved.insert(old as u32, slots.len() as u32);
                slots.push(Some(passage));
            }
        }
        self.slots = slots;
        self.vocabulary.renumber(&moved);
        self.vocabulary.words = self.slots.iter().flatten().map(|passage| u64::from(passage.words)).sum();
        for slots in self.by_product.values_mut() {
            slots.iter_mut().for_each(|slot| *slot = moved[slot]);
        }
    }
}
