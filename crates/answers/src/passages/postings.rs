//! Which word stands in which passage, and where.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::distance;
use crate::words::Word;

/// The words of all passages.
#[derive(Default)]
pub(super) struct Vocabulary {
    by_stem: FxHashMap<Box<str>, u32>,
    entries: Vec<Entry>,
    /// Words of all texts together.
    pub(super) words: u64,
}

struct Entry {
    /// The first form met, to be shown in a correction.
    form: Box<str>,
    /// By rising slot.
    postings: Vec<Posting>,
}

/// A word in a passage.
#[derive(Clone, Copy)]
pub(super) struct Posting {
    pub(super) slot: u32,
    /// How often in the text, up to 255.
    count: u8,
    in_context: bool,
    in_title: bool,
}

/// Where a word of the question stands, for a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Text,
    /// In a heading over it, or in the question before it.
    Context,
    /// In the product's title.
    Title,
    Nowhere,
}

/// BM25's bend and its share of length.
const BEND: f32 = 1.2;
const LENGTH_SHARE: f32 = 0.5;
/// What a word counts that stands in the headings, in the title, against once in the text.
const CONTEXT_COUNT: f32 = 0.8;
const TITLE_COUNT: f32 = 0.4;

impl Posting {
    /// BM25's part of the score without the rarity; `length` is the passage's in averages.
    pub(super) fn saturated(self, length: f32) -> f32 {
        let context = if self.in_context { CONTEXT_COUNT } else { 0.0 };
        let title = if self.in_title { TITLE_COUNT } else { 0.0 };
        let count = f32::from(self.count) + context + title;
        count * (BEND + 1.0) / (count + BEND * (1.0 - LENGTH_SHARE + LENGTH_SHARE * length))
    }
}

impl Vocabulary {
    /// Adds the passage of the next slot.
    pub(super) fn add(&mut self, slot: u32, text: &[Word], context: &FxHashSet<String>, title: &FxHashSet<String>) {
        self.words += text.len() as u64;
        for word in text {
            let posting = self.posting(&word.stem, &word.folded, slot);
            posting.count = posting.count.saturating_add(1);
        }
        for stem in context {
            self.posting(stem, stem, slot).in_context = true;
        }
        for stem in title {
            self.posting(stem, stem, slot).in_title = true;
        }
    }

    fn posting(&mut self, stem: &str, form: &str, slot: u32) -> &mut Posting {
        let number = match self.by_stem.get(stem) {
            Some(&number) => number,
            None => {
                let number = self.entries.len() as u32;
                self.by_stem.insert(stem.into(), number);
                self.entries.push(Entry { form: form.into(), postings: Vec::new() });
                number
            }
        };
        let postings = &mut self.entries[number as usize].postings;
        if postings.last().is_none_or(|last| last.slot != slot) {
            postings.push(Posting { slot, count: 0, in_context: false, in_title: false });
        }
        postings.last_mut().expect("one was pushed where there was none")
    }

    pub(super) fn number(&self, stem: &str) -> Option<u32> {
        let number = *self.by_stem.get(stem)?;
        (!self.entries[number as usize].postings.is_empty()).then_some(number)
    }

    pub(super) fn postings(&self, word: u32) -> &[Posting] {
        &self.entries[word as usize].postings
    }

    pub(super) fn place(&self, word: u32, slot: u32) -> Place {
        let postings = self.postings(word);
        let Ok(at) = postings.binary_search_by_key(&slot, |posting| posting.slot) else { return Place::Nowhere };
        let posting = postings[at];
        match (posting.count, posting.in_context) {
            (0, true) => Place::Context,
            (0, false) => Place::Title,
            _ => Place::Text,
        }
    }

    /// The word nearest to this one, which stands nowhere, and its form: of those as near the one in most passages.
    /// The first letter counts as right.
    pub(super) fn nearest(&self, folded: &str) -> Option<(u32, &str)> {
        let letters: Vec<char> = folded.chars().collect();
        let most = distance::allowed(letters.len());
        if most == 0 || !letters.iter().all(|c| c.is_alphabetic()) {
            return None;
        }
        let mut best: Option<(usize, usize, u32)> = None;
        let mut chars = Vec::new();
        for (number, entry) in self.entries.iter().enumerate() {
            if entry.postings.is_empty() || !entry.form.starts_with(letters[0]) {
                continue;
            }
            chars.clear();
            chars.extend(entry.form.chars());
            let Some(edits) = distance::within(&letters, &chars, most) else { continue };
            if best.is_none_or(|(other, spread, _)| (edits, usize::MAX - entry.postings.len()) < (other, spread)) {
                best = Some((edits, usize::MAX - entry.postings.len(), number as u32));
            }
        }
        best.map(|(_, _, number)| (number, &*self.entries[number as usize].form))
    }

    /// Takes over new numbers of slots; postings of slots without one go.
    pub(super) fn renumber(&mut self, moved: &FxHashMap<u32, u32>) {
        for entry in &mut self.entries {
            entry.postings.retain_mut(|posting| match moved.get(&posting.slot) {
                Some(&slot) => {
                    posting.slot = slot;
                    true
                }
                None => false,
            });
        }
    }
}
