mod continuations;
mod field;
mod hot;
mod mark;
mod named;
mod near;
#[cfg(test)]
mod tests;
mod titles;

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

use record::Product;
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use serde_json::Value;
use state::ProductRow;

use crate::analysis::folded_words;
use crate::limits;
use crate::spelling::{self, Correction, Doubt, Vocabulary};
use continuations::Meant;
use field::ValueIndex;

pub(crate) use titles::Titles;

/// The fields that name what a product is.
const NAMING_FIELDS: [&str; 2] = ["brand", "categories"];

/// One completion of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The product whose value it is (for attributes: the most popular one).
    pub row: ProductRow,
    /// The whole text.
    pub text: String,
    /// `<mark>` around what was not typed yet. Other markup that the text itself holds is not escaped.
    pub text_with_markups: String,
    /// `<mark>` around what was typed. The exact opposite of `text_with_markups`.
    pub text_with_inverted_markups: String,
}

/// A text that was typed in part, with both mark-ups as in [`Completion`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletedText {
    /// Slips in what was typed; 0 for a beginning as it stands.
    pub slips: usize,
    /// See [`Completion::text_with_markups`].
    pub text_with_markups: String,
    /// See [`Completion::text_with_inverted_markups`].
    pub text_with_inverted_markups: String,
}

/// The completion of `typed` to this text, which it must begin, as a whole, with a slip for every few characters at most
/// ([`limits::COMPLETION_SLIPS_MAX`] in all). Case and accents do not matter.
pub fn complete_text(text: &str, typed: &str) -> Option<CompletedText> {
    let typed = Typed::new(typed);
    let slips = near::slips_in_whole(text, &typed)?;
    let meant = if slips > 0 { near::as_meant(text, &typed) } else { typed };
    let runs = mark::runs(text, &meant.words, meant.last_is_complete);
    Some(CompletedText {
        slips,
        text_with_markups: mark::marked(text, &runs, false),
        text_with_inverted_markups: mark::marked(text, &runs, true),
    })
}

/// Prefix completion over titles and attributes, in memory, changed live.
///
/// Fields are named as in a filter: `title`, `brand`, `categories` (each level by itself), `tags`, `custom_attributes.color`, ….
/// Values longer than [`limits::COMPLETION_CHARS_MAX`] characters and numbers are left out.
#[derive(Default)]
pub struct Completions {
    fields: FxHashMap<Box<str>, u16>,
    values_by_field: Vec<ValueIndex>,
    /// Whether a field names what products are: their brand and categories.
    naming: Vec<bool>,
    /// Which values a row has, as field and value numbers, so that it can be taken out again.
    values_by_row: FxHashMap<u32, Box<[(u16, u32)]>>,
    /// The words of all values.
    vocabulary: Vocabulary,
    /// How often a product was put in or taken out.
    changes: u64,
    hot: hot::Hot,
}

/// What was typed, folded.
#[derive(Clone)]
struct Typed {
    words: Vec<String>,
    /// Whether the last word is complete, because a space or other separator follows it.
    last_is_complete: bool,
}

impl Completions {
    /// Puts a product in, in the place of the same row.
    pub fn put(&mut self, row: ProductRow, product: &Product) {
        self.delete(row);
        self.changes += 1;
        let mut held = Vec::new();
        for_each_value(product, &mut |name, text| {
            let text = text.trim();
            // The cheap bound on bytes first: no character takes more than four.
            if text.len() > 4 * limits::COMPLETION_CHARS_MAX || text.chars().count() > limits::COMPLETION_CHARS_MAX {
                return;
            }
            let Some(field) = self.field_number(name) else { return };
            if let Some(value) = self.values_by_field[usize::from(field)].add(text, row, &mut self.vocabulary) {
                held.push((field, value));
            }
        });
        if !held.is_empty() {
            self.values_by_row.insert(row.0, held.into_boxed_slice());
        }
    }

    /// Takes a product out. A row that is not in stays out.
    pub fn delete(&mut self, row: ProductRow) {
        self.changes += 1;
        for (field, value) in self.values_by_row.remove(&row.0).unwrap_or_default() {
            self.values_by_field[usize::from(field)].remove(value, row, &mut self.vocabulary);
        }
    }

    /// The values of `field` that complete `typed`: each typed word begins a word of the value, in any order; after a
    /// trailing space the last word is complete. At most `count`, each text once, only of products among `allowed` where given.
    ///
    /// First those that stand for most of what may be going to be typed (see `continuations.rs`): each way to go on gets places by
    /// how many values have it, more where it is a brand or a category; of one way first the values that name it early, in few
    /// words, and whose product has a high `popularity`; then shorter ones, then by text.
    ///
    /// Where these are fewer than `count`, titles follow that lack one of the words, which their product has in its brand or a category;
    /// and then those that `typed` means with slips: up to
    /// [`limits::COMPLETION_SLIPS_MAX`], the fewest first, and a space too few or too many.
    ///
    /// Without a word typed, or for an unknown field, there are none. Case and accents do not matter. The cost is at most
    /// that of looking at each value that matches the longest typed word: under 2 ms for one letter over 100,000 titles.
    pub fn complete(
        &self,
        field: &str,
        typed: &str,
        count: usize,
        allowed: Option<&RoaringBitmap>,
        popularity: &dyn Fn(ProductRow) -> f32,
    ) -> Vec<Completion> {
        self.complete_until(field, typed, (count, count), allowed, popularity)
    }

    /// As [`Completions::complete`], where `enough` of the `count` values suffice: what needs slips or a brand is looked for only
    /// where there are fewer.
    pub fn complete_until(
        &self,
        field: &str,
        typed: &str,
        (count, enough): (usize, usize),
        allowed: Option<&RoaringBitmap>,
        popularity: &dyn Fn(ProductRow) -> f32,
    ) -> Vec<Completion> {
        let typed = Typed::new(typed);
        let Some(number) = self.fields.get(field).filter(|_| count > 0 && !typed.words.is_empty()) else {
            return Vec::new();
        };
        let values = &self.values_by_field[usize::from(*number)];
        let asked = Asked { values, allowed, popularity };
        let mut taken = values.matching(&typed.words, typed.last_is_complete);
        let known = RefCell::default();
        let is_named = |row, word| self.is_named(row, word, &mut known.borrow_mut());
        let vocabulary = &self.vocabulary;
        let meant = Meant { values, vocabulary, allowed, popularity, is_named: &is_named, known: RefCell::default() };
        let best = meant.best(&taken, &typed, count);
        let mut completions: Vec<Completion> =
            best.iter().map(|chosen| completion(chosen.text, chosen.row, &typed)).collect();
        let chars: usize = typed.words.iter().map(|word| word.chars().count()).sum();
        if field == "title" && completions.len() < enough && chars >= limits::COMPLETION_NAME_CHARS_MIN {
            let found = &self.with_name(*number, &typed) - &taken;
            let best = asked.best(&found, &typed, count - completions.len());
            completions.extend(best.iter().map(|candidate| candidate.complete(&typed)));
            taken |= found;
        }
        if completions.len() < enough && chars >= limits::COMPLETION_SLIPS_CHARS_MIN {
            for reading in near::readings(values, &typed) {
                let mut found = &reading.values - &taken;
                taken |= &found;
                if let Some(typed) = near::commonest(values, &found, &reading.typed) {
                    let matching = values.matching(&typed.words, false) & &found;
                    let best = meant.best(&matching, &typed, count - completions.len());
                    completions.extend(best.iter().map(|chosen| completion(chosen.text, chosen.row, &typed)));
                    found -= matching;
                }
                let best = asked.best(&found, &reading.typed, count - completions.len());
                completions.extend(best.iter().map(|one| one.complete(&near::as_meant(one.text, &reading.typed))));
                if completions.len() >= enough {
                    break;
                }
            }
        }
        completions
    }

    /// The query as it was meant; `None` where every word is known or nothing better is. See [`Correction`].
    ///
    /// Words with digits and words of the catalogue stand; a known word is looked at only where the whole query finds nothing.
    /// Under 1 ms for each word in question at 100,000 words.
    pub fn correct(&self, query: &str, doubt: Doubt<'_>) -> Option<Correction> {
        let values = self.fields.get("title").map(|number| &self.values_by_field[usize::from(*number)]);
        let generation = doubt.index.map(crate::Index::generation);
        let settings = doubt.index.map(crate::Index::settings);
        let lexicon = spelling::Lexicon {
            names: &self.vocabulary,
            titles: Titles { values },
            index: generation.as_deref(),
            settings: settings.as_deref(),
        };
        spelling::correct(query, lexicon, doubt.finds_nothing)
    }

    /// Products that are in with any value; fewer than there are while the catalogue is read in.
    pub fn products(&self) -> usize {
        self.values_by_row.len()
    }

    /// Fields that can be completed, with how many different values each has; in no order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, usize)> {
        self.fields.iter().map(|(name, number)| (name.as_ref(), self.values_by_field[usize::from(*number)].len()))
    }

    /// Whether a word, or what it is the plural of, stands in the brand or a category of a product. `known` keeps which values have it:
    /// products share these.
    fn is_named(&self, row: u32, word: u32, known: &mut FxHashMap<(u16, u32, u32), bool>) -> bool {
        let Some(held) = self.values_by_row.get(&row) else { return false };
        // What names a product comes before its further attributes.
        held.iter()
            .take(limits::COMPLETION_NAMING_VALUES_MAX)
            .filter(|(field, _)| self.naming[usize::from(*field)])
            .any(|&(field, value)| {
                *known.entry((field, value, word)).or_insert_with(|| {
                    let singular = self.vocabulary.singular(word);
                    let is_it = |other: &u32| *other == word || self.vocabulary.singular(*other) == singular;
                    self.values_by_field[usize::from(field)].value(value).words().iter().any(is_it)
                })
            })
    }

    fn field_number(&mut self, name: &str) -> Option<u16> {
        if let Some(number) = self.fields.get(name) {
            return Some(*number);
        }
        if self.values_by_field.len() >= limits::COMPLETION_FIELDS_MAX {
            return None;
        }
        let number = u16::try_from(self.values_by_field.len()).ok()?;
        self.values_by_field.push(ValueIndex::default());
        self.naming.push(NAMING_FIELDS.contains(&name));
        self.fields.insert(name.into(), number);
        Some(number)
    }
}

impl Typed {
    fn new(typed: &str) -> Typed {
        let mut words = Vec::new();
        let mut end = 0;
        for word in folded_words(typed).take(limits::COMPLETION_WORDS_MAX) {
            end = word.span.end;
            words.push(word.text);
        }
        // Characters after the last word part it from what comes next; an accent yet to be composed does not.
        let last_is_complete = typed[end..].chars().any(|c| c.is_whitespace() || c.is_ascii_punctuation());
        Typed { words, last_is_complete }
    }
}

/// Where completions are looked for, and what makes one better.
struct Asked<'a> {
    values: &'a ValueIndex,
    allowed: Option<&'a RoaringBitmap>,
    popularity: &'a dyn Fn(ProductRow) -> f32,
}

impl<'a> Asked<'a> {
    /// The best of these values, best first.
    fn best(&self, numbers: &RoaringBitmap, typed: &Typed, count: usize) -> Vec<Candidate<'a>> {
        let mut best: BinaryHeap<Candidate<'a>> = BinaryHeap::new();
        if count == 0 {
            return Vec::new();
        }
        for number in numbers {
            let value = self.values.value(number);
            let is_allowed = |row: &u32| self.allowed.is_none_or(|allowed| allowed.contains(*row));
            let rows = value.rows().iter().copied().filter(is_allowed);
            let liked = rows.map(|row| ((self.popularity)(ProductRow(row)), row));
            // Of equally popular products the lowest row, so that the answer does not depend on the order of uploads.
            let Some((popularity, row)) = liked.reduce(|a, b| if b.0.total_cmp(&a.0).is_gt() { b } else { a }) else {
                continue;
            };
            let begins = begins_with(&value.text, &typed.words[0]);
            let candidate = Candidate { popularity, begins, chars: value.chars, text: &value.text, row };
            if best.len() < count {
                best.push(candidate);
            } else if let Some(mut worst) = best.peek_mut()
                && candidate < *worst
            {
                *worst = candidate;
            }
        }
        best.into_sorted_vec()
    }
}

/// Whether the first word of the text begins with `word`.
fn begins_with(text: &str, word: &str) -> bool {
    match text.as_bytes() {
        // Almost every text is told without folding it.
        [first, ..] if first.is_ascii_alphanumeric() && text.is_ascii() => {
            text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        }
        _ => folded_words(text).next().is_some_and(|first| first.text.starts_with(word)),
    }
}

/// A value in the running. Less is better, so that the heap's top is the worst.
struct Candidate<'a> {
    popularity: f32,
    begins: bool,
    chars: u32,
    text: &'a str,
    row: u32,
}

impl Candidate<'_> {
    fn complete(&self, typed: &Typed) -> Completion {
        completion(self.text, self.row, typed)
    }
}

fn completion(text: &str, row: u32, typed: &Typed) -> Completion {
    let runs = mark::runs(text, &typed.words, typed.last_is_complete);
    Completion {
        row: ProductRow(row),
        text: text.to_owned(),
        text_with_markups: mark::marked(text, &runs, false),
        text_with_inverted_markups: mark::marked(text, &runs, true),
    }
}

impl Ord for Candidate<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .popularity
            .total_cmp(&self.popularity)
            .then(other.begins.cmp(&self.begins))
            .then(self.chars.cmp(&other.chars))
            .then_with(|| self.text.cmp(other.text))
    }
}

impl PartialOrd for Candidate<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate<'_> {}

/// Every value of a product that can be completed, with its field's name.
fn for_each_value(product: &Product, sink: &mut dyn FnMut(&str, &str)) {
    let p = product;
    let ones = [
        ("title", &p.title),
        ("subtitle", &p.subtitle),
        ("brand", &p.brand),
        ("color", &p.color),
        ("size", &p.size),
        ("material", &p.material),
        ("type", &p.kind),
        ("language", &p.language),
        ("product_group_id", &p.product_group_id),
    ];
    for (name, text) in ones {
        if let Some(text) = text {
            sink(name, text);
        }
    }
    let lists =
        [("tags", &p.tags), ("authors", &p.authors), ("publishers", &p.publishers), ("collections", &p.collections)];
    for (name, texts) in lists {
        texts.iter().flatten().for_each(|text| sink(name, text));
    }
    p.categories.iter().flatten().flatten().for_each(|text| sink("categories", text));
    let mut path = String::new();
    for (name, value) in p.custom_attributes.iter().flatten() {
        let texts = match value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for text in texts.iter().filter_map(Value::as_str) {
            path.clear();
            path.push_str("custom_attributes.");
            path.push_str(name);
            sink(&path, text);
        }
    }
}
