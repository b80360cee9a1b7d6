use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use roaring::{MultiOps, RoaringBitmap};
use rustc_hash::FxHashMap;
use state::ProductRow;

use super::near;
use crate::analysis::folded_words;
use crate::limits;
use crate::spelling::Vocabulary;

/// The values of one field, found by the prefixes of their words.
#[derive(Default)]
pub(super) struct ValueIndex {
    values: Vec<Entry>,
    free: Vec<u32>,
    numbers: FxHashMap<Arc<str>, u32>,
    values_by_word: BTreeMap<Box<str>, RoaringBitmap>,
    /// The values by the first one and two characters of their words. Such a prefix has too many words in `values_by_word`
    /// to unite within the time of an answer.
    values_by_short_prefix: FxHashMap<Box<str>, RoaringBitmap>,
}

/// One value and the products that have it.
pub(super) struct Entry {
    pub(super) text: Arc<str>,
    pub(super) chars: u32,
    rows: Rows,
    /// Its first [`limits::COMPLETION_WORDS_KEPT_MAX`] words, by their numbers in the vocabulary.
    words: Box<[u32]>,
}

/// Most titles belong to one product, so the one row lies in the entry itself.
enum Rows {
    One(u32),
    /// Rising; empty only in a freed entry.
    Many(Vec<u32>),
}

impl Entry {
    /// Its words by their numbers in the vocabulary, as many as are kept.
    pub(super) fn words(&self) -> &[u32] {
        &self.words
    }

    /// The rows that have the value, rising.
    pub(super) fn rows(&self) -> &[u32] {
        match &self.rows {
            Rows::One(row) => std::slice::from_ref(row),
            Rows::Many(rows) => rows,
        }
    }
}

impl ValueIndex {
    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(super) fn value(&self, number: u32) -> &Entry {
        &self.values[number as usize]
    }

    /// Notes that `row` has the value `text`. The value's number, or `None` where the row had it already or it is empty.
    pub(super) fn add(&mut self, text: &str, row: ProductRow, vocabulary: &mut Vocabulary) -> Option<u32> {
        if text.is_empty() {
            return None;
        }
        if let Some(number) = self.numbers.get(text) {
            let rows = &mut self.values[*number as usize].rows;
            let mut list = match std::mem::replace(rows, Rows::Many(Vec::new())) {
                Rows::One(one) => vec![one],
                Rows::Many(list) => list,
            };
            let place = list.binary_search(&row.0);
            if let Err(at) = place {
                list.insert(at, row.0);
            }
            *rows = Rows::Many(list);
            return place.is_err().then_some(*number);
        }
        let text: Arc<str> = text.into();
        let folded: Vec<String> = folded_words(&text).map(|word| word.text).collect();
        let mut words: Vec<u32> = folded.iter().map(|word| vocabulary.add(word, 1)).collect();
        words.truncate(limits::COMPLETION_WORDS_KEPT_MAX);
        let entry = Entry {
            chars: text.chars().count() as u32,
            text: text.clone(),
            rows: Rows::One(row.0),
            words: words.into_boxed_slice(),
        };
        let number = match self.free.pop() {
            Some(number) => {
                self.values[number as usize] = entry;
                number
            }
            None => {
                self.values.push(entry);
                (self.values.len() - 1) as u32
            }
        };
        for word in folded {
            for prefix in short_prefixes(&word) {
                insert(&mut self.values_by_short_prefix, prefix, number);
            }
            match self.values_by_word.get_mut(word.as_str()) {
                Some(values) => _ = values.insert(number),
                None => _ = self.values_by_word.insert(word.into(), RoaringBitmap::from_iter([number])),
            }
        }
        self.numbers.insert(text, number);
        Some(number)
    }

    /// Takes the row away from a value, and the value away with its last row.
    pub(super) fn remove(&mut self, number: u32, row: ProductRow, vocabulary: &mut Vocabulary) {
        let entry = &mut self.values[number as usize];
        let left = match &mut entry.rows {
            Rows::One(_) => 0,
            Rows::Many(rows) => {
                if let Ok(at) = rows.binary_search(&row.0) {
                    rows.remove(at);
                }
                rows.len()
            }
        };
        if left > 0 {
            return;
        }
        let text = std::mem::replace(&mut entry.text, "".into());
        entry.rows = Rows::Many(Vec::new());
        entry.words = Box::default();
        for word in folded_words(&text) {
            for prefix in short_prefixes(&word.text) {
                if let Some(values) = self.values_by_short_prefix.get_mut(prefix) {
                    values.remove(number);
                    if values.is_empty() {
                        self.values_by_short_prefix.remove(prefix);
                    }
                }
            }
            vocabulary.remove(&word.text);
            if let Some(values) = self.values_by_word.get_mut(word.text.as_str()) {
                values.remove(number);
                if values.is_empty() {
                    self.values_by_word.remove(word.text.as_str());
                }
            }
        }
        self.numbers.remove(&text);
        self.free.push(number);
    }

    /// The numbers of the values with the whole word.
    pub(super) fn with(&self, word: &str) -> Option<&RoaringBitmap> {
        self.values_by_word.get(word)
    }

    /// The words that begin with `prefix`, in their order, each with the numbers of the values that have it.
    pub(super) fn words_beginning<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a RoaringBitmap)> {
        let from_prefix = self.values_by_word.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from_prefix.take_while(move |(word, _)| word.starts_with(prefix)).map(|(word, values)| (&**word, values))
    }

    /// The numbers of the values in which each of `words` begins a word; the last one is a whole word where `last_is_complete`.
    pub(super) fn matching(&self, words: &[String], last_is_complete: bool) -> RoaringBitmap {
        let mut found: Option<RoaringBitmap> = None;
        for (at, word) in words.iter().enumerate() {
            let whole = last_is_complete && at + 1 == words.len();
            let with_word = if whole {
                self.values_by_word.get(word.as_str()).cloned().unwrap_or_default()
            } else {
                self.beginning(word)
            };
            let both = match found {
                Some(found) => found & with_word,
                None => with_word,
            };
            if both.is_empty() {
                return both;
            }
            found = Some(both);
        }
        found.unwrap_or_default()
    }

    /// By slips, the values with a word of which `word` is a beginning with so many slips and no fewer; none are looked for
    /// beyond `slips_max`.
    ///
    /// Looks at the words that begin with the first letter of `word`, or with its second (a first letter too many, or the
    /// two in the wrong order), at most [`limits::COMPLETION_WORDS_COMPARED_MAX`] of them: 0.1 µs each.
    pub(super) fn near(&self, word: &str, slips_max: usize) -> Vec<RoaringBitmap> {
        let mut by_slips = vec![self.beginning(word)];
        by_slips.resize_with(slips_max + 1, RoaringBitmap::new);
        if slips_max == 0 {
            return by_slips;
        }
        let letters: Vec<char> = word.chars().collect();
        let mut firsts = vec![letters[0]];
        firsts.extend(letters.get(1).filter(|second| **second != letters[0]));
        let mut left = limits::COMPLETION_WORDS_COMPARED_MAX;
        for first in firsts {
            let mut start = [0; 4];
            let start: &str = first.encode_utf8(&mut start);
            let from = self.values_by_word.range::<str, _>((Bound::Included(start), Bound::Unbounded));
            for (candidate, values) in from.take_while(|(candidate, _)| candidate.starts_with(first)).take(left) {
                left -= 1;
                if let Some((slips @ 1.., _)) = near::slips(&letters, candidate, slips_max) {
                    by_slips[slips] |= values;
                }
            }
        }
        for slips in 1..by_slips.len() {
            let (fewer, rest) = by_slips.split_at_mut(slips);
            fewer.iter().for_each(|fewer| rest[0] -= fewer);
        }
        by_slips
    }

    /// The numbers of the values with a word that begins with `prefix`.
    fn beginning(&self, prefix: &str) -> RoaringBitmap {
        if prefix.chars().nth(SHORT_PREFIX_CHARS).is_none() {
            return self.values_by_short_prefix.get(prefix).cloned().unwrap_or_default();
        }
        self.words_beginning(prefix).map(|(_, values)| values).union()
    }
}

const SHORT_PREFIX_CHARS: usize = 2;

/// The first one and two characters of a word, as far as it has them.
fn short_prefixes(word: &str) -> impl Iterator<Item = &str> {
    word.char_indices().take(SHORT_PREFIX_CHARS).map(|(at, c)| &word[..at + c.len_utf8()])
}

fn insert(values_by_prefix: &mut FxHashMap<Box<str>, RoaringBitmap>, prefix: &str, number: u32) {
    match values_by_prefix.get_mut(prefix) {
        Some(values) => _ = values.insert(number),
        None => _ = values_by_prefix.insert(prefix.into(), RoaringBitmap::from_iter([number])),
    }
}
