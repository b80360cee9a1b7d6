use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet as _, TERMINATED, TantivyError};

use crate::fields::SearchedField;
use crate::limits;
use crate::plan::{Clause, Reading};
use crate::score::WeighedClause;
use crate::snapshot::Snapshot;

/// How rare words are in the whole index.
pub(crate) struct Rarities<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) fields: &'a [SearchedField],
}

impl Rarities<'_> {
    /// In how many products the word stands, by the field in which most have it: the sum over fields would count products
    /// twice, and their union costs reading them. A fault of the disk counts as absence here and shows when postings are read.
    pub(crate) fn products(&self, word: &str) -> u64 {
        let Ok(places) = self.snapshot.places(word) else { return 0 };
        self.fields.iter().map(|field| places.products(field.number)).max().unwrap_or(0)
    }

    /// Whether some product has all these words, each in any field. Some thousand of the rarest word's products are looked at. A fault of
    /// the disk counts as absence.
    pub(crate) fn any_has_all(&self, words: &[String]) -> bool {
        let mut left = limits::ATTESTED_MAX;
        (0..self.snapshot.segments.len()).any(|segment| self.has_all(segment, words, &mut left).unwrap_or(false))
    }

    fn has_all(&self, segment: usize, words: &[String], left: &mut usize) -> Result<bool, TantivyError> {
        let mut lists: Vec<Vec<SegmentPostings>> = Vec::with_capacity(words.len());
        for word in words {
            let mut of_word = Vec::new();
            for (number, list) in self.snapshot.places(word)?.within(segment) {
                if self.fields.iter().any(|field| field.number == number) {
                    let index = &self.snapshot.segments[segment].text[number].index;
                    of_word.push(index.read_postings_from_terminfo(list, IndexRecordOption::Basic)?);
                }
            }
            lists.push(of_word);
        }
        lists.sort_by_key(|of_word| of_word.iter().map(|postings| postings.doc_freq()).sum::<u32>());
        let Some((rarest, others)) = lists.split_first_mut() else { return Ok(false) };
        for postings in rarest {
            // Those of the other words are moved on only; each field begins anew.
            let mut others: Vec<Vec<SegmentPostings>> = others.to_vec();
            while postings.doc() != TERMINATED && *left > 0 {
                let doc = postings.doc();
                let has = |of_word: &mut Vec<SegmentPostings>| {
                    of_word.iter_mut().any(|postings| {
                        if postings.doc() < doc {
                            postings.seek(doc);
                        }
                        postings.doc() == doc
                    })
                };
                if others.iter_mut().all(has) {
                    return Ok(true);
                }
                postings.advance();
                *left -= 1;
            }
        }
        Ok(false)
    }

    /// The entries of the word's posting lists, in all fields.
    fn postings(&self, word: &str) -> u64 {
        let Ok(places) = self.snapshot.places(word) else { return 0 };
        self.fields.iter().map(|field| places.products(field.number)).sum()
    }

    /// The inverse document frequency of BM25; greater than 0.
    fn rarity(&self, word: &str) -> f32 {
        let all = self.snapshot.searcher.num_docs() as f32;
        let with = (self.products(word) as f32).min(all);
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }

    pub(crate) fn weigh<'c>(&self, clause: &'c Clause) -> WeighedClause<'c> {
        let mut rarities: Vec<f32> = clause.readings.iter().map(|reading| self.of_reading(reading)).collect();
        let same = || clause.readings.iter().enumerate().filter(|(_, reading)| reading.same);
        if same().nth(1).is_some() {
            // What nobody wrote is not the rarest of words.
            let written = same().filter(|(_, reading)| reading.words.iter().all(|(_, word)| self.products(word) > 0));
            let commonest = written.map(|(at, _)| rarities[at]).reduce(f32::min);
            if let Some(commonest) = commonest {
                same().for_each(|(at, _)| rarities[at] = commonest);
            }
        }
        let cost = |reading: &Reading| {
            let words = reading.words.iter().map(|(_, word)| self.postings(word));
            words.min().unwrap_or(0)
        };
        WeighedClause { clause, rarities, cost: clause.readings.iter().map(cost).sum() }
    }

    /// Words that belong together are as rare as the rarest of them; words that may be spread count each.
    fn of_reading(&self, reading: &Reading) -> f32 {
        let rarities = reading.words.iter().map(|(_, word)| self.rarity(word));
        if reading.side_by_side { rarities.fold(0.0, f32::max) } else { rarities.sum::<f32>() }
    }
}

impl WeighedClause<'_> {
    /// Of its first reading, which is how it was typed.
    pub(crate) fn rarity(&self) -> f32 {
        self.rarities.first().copied().unwrap_or(0.0)
    }
}

/// How much of the query's rarity the met clauses make up; optional ones do not count.
pub(crate) fn covered(clauses: &[WeighedClause<'_>], met: u64) -> f32 {
    let counted = clauses.iter().enumerate().filter(|(at, weighed)| met >> at & 1 == 1 && !weighed.clause.optional);
    counted.map(|(_, clause)| clause.rarity()).sum()
}
