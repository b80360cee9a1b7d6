//! The occurrences of one word in the fields of a segment, summed by document.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::{DocId, TERMINATED};

use crate::score::{Met, WeighedField};

/// A walk through a posting list is cheaper than jumps to the candidates unless it is so many times longer than they are.
const JUMP_FACTOR: usize = 16;
/// Documents that are summed up together: few enough for the sums to stay in the nearest cache.
const WINDOW: usize = 2048;
/// Postings up to which they are sorted instead.
const FEW: u32 = 64;

/// The posting list of a word in a field, read from its beginning to its end.
pub(crate) struct Occurrences<'a> {
    block: BlockSegmentPostings,
    /// The place in the block; its documents are empty at the end of the list.
    at: usize,
    field: &'a WeighedField,
    lengths: &'a FieldNormReader,
}

impl<'a> Occurrences<'a> {
    pub(crate) fn new(
        block: BlockSegmentPostings,
        field: &'a WeighedField,
        lengths: &'a FieldNormReader,
    ) -> Occurrences<'a> {
        Occurrences { block, at: 0, field, lengths }
    }

    /// Where the list stands; [`TERMINATED`] at its end.
    fn doc(&self) -> DocId {
        self.block.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    /// Gives the documents before `end` with their weighted occurrences, and stands behind them.
    fn take_until(&mut self, end: DocId, mut take: impl FnMut(DocId, f32)) {
        loop {
            let docs = self.block.docs();
            let freqs = &self.block.freqs()[..docs.len()];
            let rest = docs[self.at..].iter().zip(&freqs[self.at..]);
            for (doc, count) in rest {
                if *doc >= end {
                    return;
                }
                take(*doc, *count as f32 * self.field.by_length[usize::from(self.lengths.fieldnorm_id(*doc))]);
                self.at += 1;
            }
            if docs.is_empty() {
                return;
            }
            self.block.advance();
            self.at = 0;
        }
    }

    /// The weighted occurrences in a document at or behind where the list stands, which then stands at it or behind.
    fn seek(&mut self, doc: DocId) -> Option<f32> {
        if self.doc() < doc {
            self.at = self.block.seek(doc);
        }
        (self.doc() == doc).then(|| {
            let weight = self.field.by_length[usize::from(self.lengths.fieldnorm_id(doc))];
            self.block.freqs()[self.at] as f32 * weight
        })
    }

    fn bit(&self) -> u16 {
        1 << self.field.number
    }
}

/// The documents that any of the lists has, in their order, with the sum over the lists.
pub(crate) fn sum(mut lists: Vec<Occurrences<'_>>) -> Vec<Met> {
    let postings: u32 = lists.iter().map(|list| list.block.doc_freq()).sum();
    if lists.len() < 2 || postings <= FEW {
        return sum_few(lists, postings);
    }
    let mut found = Vec::with_capacity(postings as usize);
    let mut sums = [0.0f32; WINDOW];
    let mut fields = [0u16; WINDOW];
    // A bit for each document that has something, and one for each word of these bits.
    let mut documents = [0u64; WINDOW / 64];
    loop {
        let first = lists.iter().map(Occurrences::doc).min().unwrap_or(TERMINATED);
        if first == TERMINATED {
            return found;
        }
        let begin = first - first % WINDOW as u32;
        let mut words = 0u64;
        for list in &mut lists {
            let bit = list.bit();
            list.take_until(begin.saturating_add(WINDOW as u32), |doc, occurrences| {
                let at = (doc - begin) as usize % WINDOW;
                sums[at] += occurrences;
                fields[at] |= bit;
                documents[at / 64] |= 1 << (at % 64);
                words |= 1 << (at / 64);
            });
        }
        while words != 0 {
            let word = words.trailing_zeros() as usize;
            words &= words - 1;
            let mut bits = std::mem::take(&mut documents[word]);
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let (score, fields) = (std::mem::take(&mut sums[at]), std::mem::take(&mut fields[at]));
                found.push(Met { doc: begin + at as u32, score, fields });
            }
        }
    }
}

fn sum_few(lists: Vec<Occurrences<'_>>, postings: u32) -> Vec<Met> {
    let several = lists.len() > 1;
    let mut found: Vec<Met> = Vec::with_capacity(postings as usize);
    for mut list in lists {
        let fields = list.bit();
        list.take_until(TERMINATED, |doc, score| found.push(Met { doc, score, fields }));
    }
    if several {
        // Stable, so that sums are taken in the order of the fields.
        found.sort_by_key(|met| met.doc);
        found.dedup_by(|met, kept| {
            let same = met.doc == kept.doc;
            if same {
                kept.score += met.score;
                kept.fields |= met.fields;
            }
            same
        });
    }
    found
}

/// As [`sum`], of the documents `within` only, which rise.
pub(crate) fn sum_within(lists: Vec<Occurrences<'_>>, within: &[Met]) -> Vec<Met> {
    let mut found: Vec<Met> = within.iter().map(|met| Met { doc: met.doc, score: 0.0, fields: 0 }).collect();
    for mut list in lists {
        let bit = list.bit();
        if within.len() * JUMP_FACTOR < list.block.doc_freq() as usize {
            for met in &mut found {
                if let Some(occurrences) = list.seek(met.doc) {
                    met.score += occurrences;
                    met.fields |= bit;
                }
            }
        } else {
            let mut at = 0;
            list.take_until(TERMINATED, |doc, occurrences| {
                while at < found.len() && found[at].doc < doc {
                    at += 1;
                }
                if let Some(met) = found.get_mut(at).filter(|met| met.doc == doc) {
                    met.score += occurrences;
                    met.fields |= bit;
                }
            });
        }
    }
    found.retain(|met| met.fields != 0);
    found
}
