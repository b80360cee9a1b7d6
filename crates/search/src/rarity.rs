use tantivy::{Searcher, Term};

use crate::fields::SearchedField;
use crate::plan::{Clause, Reading};
use crate::score::WeighedClause;

/// How rare words are in the whole index.
pub(crate) struct Rarities<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a [SearchedField],
}

impl Rarities<'_> {
    /// In how many products the word stands, by the field in which most have it: the sum over fields would count products
    /// twice, and their union costs reading them. A fault of the disk counts as absence here and shows when postings are read.
    pub(crate) fn products(&self, word: &str) -> u64 {
        self.counts(word).max().unwrap_or(0)
    }

    fn counts(&self, word: &str) -> impl Iterator<Item = u64> {
        self.fields
            .iter()
            .map(move |field| self.searcher.doc_freq(&Term::from_field_text(field.field, word)).unwrap_or(0))
    }

    /// The inverse document frequency of BM25; greater than 0.
    fn rarity(&self, word: &str) -> f32 {
        let all = self.searcher.num_docs() as f32;
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
            let words = reading.words.iter().map(|(_, word)| self.counts(word).sum::<u64>());
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
