//! BM25F over the index, evaluated word by word.
//!
//! A word's occurrences in all fields are summed, each weighted by its field and divided by the field's length, before they
//! saturate (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004). Tantivy's own scorers
//! saturate each field by itself, and cannot tell which words and fields of a product were met; so postings are read here.

use std::cmp::Ordering;

use roaring::RoaringBitmap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, TERMINATED, TantivyError, Term};

use crate::fields::{SearchedField, TITLE};
use crate::gathered;
use crate::named::Name;
use crate::occurrences::{Occurrences, sum, sum_within};
use crate::plan::{Clause, Plan, Reading};
use crate::snapshot::{OpenField, OpenSegment, Snapshot};

/// How soon further occurrences of a word stop counting.
const K1: f32 = 2.0;

/// A field with what a length counts there.
pub(crate) struct WeighedField {
    /// The field's number, for [`Met::fields`].
    pub(crate) number: usize,
    /// The weight of one occurrence, by the length of the field as tantivy rounds it.
    pub(crate) by_length: Box<[f32; 256]>,
}

impl WeighedField {
    /// `average`: the words of a product in the field, among those that have the field.
    pub(crate) fn new(searched: &SearchedField, average: f32) -> WeighedField {
        let weight = |id: usize| {
            let length = FieldNormReader::id_to_fieldnorm(id as u8) as f32;
            searched.weight / (1.0 - searched.length_share + searched.length_share * length / average.max(1.0))
        };
        WeighedField { number: searched.number, by_length: Box::new(std::array::from_fn(weight)) }
    }
}

/// A clause with the rarity of each of its readings.
pub(crate) struct WeighedClause<'a> {
    pub(crate) clause: &'a Clause,
    /// One for each reading.
    pub(crate) rarities: Vec<f32>,
    /// Postings to be read at most.
    pub(crate) cost: u64,
}

/// A document that meets clauses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    pub(crate) doc: DocId,
    /// The weighted occurrences of a word, then the score.
    pub(crate) score: f32,
    /// By number, the fields in which something was found.
    pub(crate) fields: u16,
}

/// A document that meets some of the clauses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PartlyMet {
    pub(crate) met: Met,
    /// By place in the plan, the clauses that are met.
    pub(crate) clauses: u64,
}

/// Documents from which on it pays to look at the rows of all at once.
const MANY: usize = 2_000;

/// Leaves the documents whose rows are allowed.
fn retain_allowed(met: &mut Vec<Met>, segment: &OpenSegment, allowed: &RoaringBitmap) {
    if met.len() >= MANY {
        let rows = gathered::bitmap(met.iter().map(|met| segment.row(met.doc)), met.len());
        // As a rule everything is allowed but what was deleted a moment ago.
        if rows.is_subset(allowed) {
            return;
        }
    }
    met.retain(|met| allowed.contains(segment.row(met.doc)));
}

/// One segment of the index, read by one search.
pub(crate) struct Segment<'a> {
    snapshot: &'a Snapshot,
    /// Its place in the snapshot.
    at: usize,
    open: &'a OpenSegment,
    /// The searched fields by their numbers.
    fields: &'a [Option<WeighedField>],
    allowed: Option<&'a RoaringBitmap>,
    /// The only language that is wanted, as its field and code.
    language: Option<(Field, &'a str)>,
}

impl<'a> Segment<'a> {
    pub(crate) fn new(
        snapshot: &'a Snapshot,
        at: usize,
        fields: &'a [Option<WeighedField>],
        allowed: Option<&'a RoaringBitmap>,
        language: Option<(Field, &'a str)>,
    ) -> Segment<'a> {
        Segment { snapshot, at, open: &snapshot.segments[at], fields, allowed, language }
    }

    /// The row of a document.
    pub(crate) fn row(&self, doc: DocId) -> u32 {
        self.open.row(doc)
    }

    /// The documents that meet every clause but the optional ones, in their order, with their scores.
    pub(crate) fn all(&self, clauses: &[WeighedClause<'_>]) -> Result<Vec<Met>, TantivyError> {
        let mut order: Vec<usize> = (0..clauses.len()).filter(|at| !clauses[*at].clause.optional).collect();
        // The rarest first: what comes later is only looked up for what is left.
        order.sort_by_key(|at| clauses[*at].cost);
        let mut met: Option<Vec<Met>> = None;
        for at in order {
            let found = self.clause(&clauses[at], met.as_deref())?;
            met = Some(match met {
                None => self.wanted(found)?,
                Some(before) => intersect(before, &found),
            });
            if met.as_ref().is_some_and(Vec::is_empty) {
                return Ok(Vec::new());
            }
        }
        let mut met = met.unwrap_or_default();
        for clause in clauses.iter().filter(|clause| clause.clause.optional) {
            if !met.is_empty() {
                let found = self.clause(clause, Some(&met))?;
                add(&mut met, &found);
            }
        }
        Ok(met)
    }

    /// The documents that meet any clause but the optional ones, in their order, with the sum of their scores.
    pub(crate) fn any(&self, clauses: &[WeighedClause<'_>]) -> Result<Vec<PartlyMet>, TantivyError> {
        let mut all: Vec<PartlyMet> = Vec::new();
        for (at, clause) in clauses.iter().enumerate() {
            let met = self.wanted(self.clause(clause, None)?)?;
            let partly: Vec<PartlyMet> = met.into_iter().map(|met| PartlyMet { met, clauses: 1 << at }).collect();
            let both = |a: &PartlyMet, b: &PartlyMet| PartlyMet {
                met: Met { score: a.met.score + b.met.score, fields: a.met.fields | b.met.fields, ..a.met },
                clauses: a.clauses | b.clauses,
            };
            all = unite(all, partly, |partly| partly.met.doc, both);
        }
        let of_optional = optional(clauses);
        all.retain(|partly| partly.clauses & !of_optional != 0);
        all.iter_mut().for_each(|partly| partly.clauses |= of_optional);
        Ok(all)
    }

    /// Those of the documents, which rise, that are allowed and in the language that is wanted.
    fn wanted(&self, mut met: Vec<Met>) -> Result<Vec<Met>, TantivyError> {
        if let Some(alive) = self.open.reader.alive_bitset() {
            met.retain(|met| alive.is_alive(met.doc));
        }
        if let Some(allowed) = self.allowed {
            retain_allowed(&mut met, self.open, allowed);
        }
        let Some((field, code)) = self.language else { return Ok(met) };
        let index = self.open.reader.inverted_index(field)?;
        let Some(mut postings) = index.read_postings(&Term::from_field_text(field, code), IndexRecordOption::Basic)?
        else {
            return Ok(Vec::new());
        };
        met.retain(|met| stands_at(&mut postings, met.doc));
        Ok(met)
    }

    /// The documents that meet one clause, in its best reading; only those `within` where given.
    fn clause(&self, weighed: &WeighedClause<'_>, within: Option<&[Met]>) -> Result<Vec<Met>, TantivyError> {
        let mut best = Vec::new();
        for (reading, rarity) in weighed.clause.readings.iter().zip(&weighed.rarities) {
            let found = self.reading(reading, *rarity, within)?;
            best = unite_met(best, found, f32::max);
        }
        Ok(best)
    }

    fn reading(&self, reading: &Reading, rarity: f32, within: Option<&[Met]>) -> Result<Vec<Met>, TantivyError> {
        let mut found = if reading.side_by_side {
            self.side_by_side(&reading.words, within)?
        } else {
            let mut all: Option<Vec<Met>> = None;
            for (_, word) in &reading.words {
                let found = self.word(word, all.as_deref().or(within))?;
                all = Some(match all {
                    None => found,
                    Some(before) => intersect(before, &found),
                });
            }
            all.unwrap_or_default()
        };
        // Several words have the sum of their rarities and the mean of their occurrences.
        let words = if reading.side_by_side { 1.0 } else { reading.words.len() as f32 };
        for met in &mut found {
            let occurrences = met.score / words;
            met.score = reading.share * rarity * (K1 + 1.0) * occurrences / (K1 + occurrences);
        }
        Ok(found)
    }

    /// The documents with a word, with its weighted occurrences.
    fn word(&self, word: &str, within: Option<&[Met]>) -> Result<Vec<Met>, TantivyError> {
        let places = self.snapshot.places(word)?;
        let mut lists = Vec::new();
        for (number, list) in places.within(self.at) {
            let Some(field) = &self.fields[number] else { continue };
            let open = &self.open.text[number];
            let block = open.index.read_block_postings_from_terminfo(list, IndexRecordOption::WithFreqs)?;
            lists.push(Occurrences::new(block, field, &open.lengths));
        }
        Ok(match within {
            Some(within) => sum_within(lists, within),
            None => sum(lists),
        })
    }

    /// The documents in which the words stand at their places in one field, with the weighted occurrences.
    fn side_by_side(&self, words: &[(usize, String)], within: Option<&[Met]>) -> Result<Vec<Met>, TantivyError> {
        let mut found: Vec<Met> = Vec::new();
        let mut held = Vec::new();
        let mut others = Vec::new();
        let places_of: Vec<_> = words.iter().map(|(_, word)| self.snapshot.places(word)).collect::<Result<_, _>>()?;
        for (field, open) in self.fields.iter().zip(&self.open.text) {
            let Some(field) = field else { continue };
            let mut lists = Vec::with_capacity(words.len());
            for ((offset, _), places) in words.iter().zip(&places_of) {
                let Some((_, list)) = places.within(self.at).find(|(number, _)| *number == field.number) else { break };
                let option = IndexRecordOption::WithFreqsAndPositions;
                lists.push((*offset as u32, open.index.read_postings_from_terminfo(list, option)?));
            }
            if lists.len() < words.len() {
                continue;
            }
            lists.sort_by_key(|(_, postings)| postings.doc_freq());
            let mut in_field = Vec::new();
            let mut candidates = within.map(|within| within.iter());
            'docs: loop {
                let doc = match &mut candidates {
                    Some(candidates) => match candidates.next() {
                        Some(met) => met.doc,
                        None => break,
                    },
                    None => lists[0].1.doc(),
                };
                if doc == TERMINATED {
                    break;
                }
                for (_, postings) in &mut lists {
                    if !stands_at(postings, doc) {
                        if candidates.is_none() {
                            lists[0].1.advance();
                        }
                        continue 'docs;
                    }
                }
                // Places of the first word for which all others are where they should be.
                places(&mut lists[0], &mut held);
                for list in &mut lists[1..] {
                    places(list, &mut others);
                    held.retain(|place| others.binary_search(place).is_ok());
                }
                if !held.is_empty() {
                    let score = held.len() as f32 * field.by_length[usize::from(open.lengths.fieldnorm_id(doc))];
                    in_field.push(Met { doc, score, fields: 1 << field.number });
                }
                if candidates.is_none() {
                    lists[0].1.advance();
                }
            }
            found = unite_met(found, in_field, |a, b| a + b);
        }
        Ok(found)
    }

    /// What the title adds to the scores of these documents, which rise: a factor for each.
    ///
    /// Words early in it, neighbours in the order of the query, words exactly as typed, a title that begins with the query, and
    /// one that is nothing but the query; and a category that names what is meant. Less than 1 where the title only mentions that.
    pub(crate) fn title_factors(&self, titles: Titles, plan: &Plan, met: &[Met]) -> Result<Vec<f32>, TantivyError> {
        let mut factors = vec![1.0; met.len()];
        if self.fields[TITLE].is_none() {
            return Ok(factors);
        }
        let OpenField { index, lengths } = &self.open.text[TITLE];
        let written = self.open.reader.inverted_index(titles.written)?;
        let mut lists = Vec::with_capacity(plan.words.len());
        for word in &plan.words {
            let mut forms = Vec::with_capacity(word.forms.len());
            for form in &word.forms {
                let places = self.snapshot.places(form)?;
                if let Some((_, list)) = places.within(self.at).find(|(number, _)| *number == TITLE) {
                    let option = IndexRecordOption::WithFreqsAndPositions;
                    forms.push(index.read_postings_from_terminfo(list, option)?);
                }
            }
            let term = Term::from_field_text(titles.written, &word.written);
            lists.push((forms, written.read_postings(&term, IndexRecordOption::Basic)?));
        }
        let mut mentioned = self.lists(titles.mentioned, &plan.head)?;
        let mut kinds = self.lists(titles.kinds, &plan.kinds)?;
        let mut kinds_meant = self.lists(titles.kinds, &plan.kinds_meant)?;
        let mut names_meant = Name::all(self.open, titles, &plan.kinds_meant)?;
        let count = plan.words.len().max(1) as f32;
        let (mut here, mut before, mut more) = (Vec::new(), Vec::new(), Vec::new());
        for (Met { doc, .. }, factor) in met.iter().zip(&mut factors) {
            let (mut neighbours, mut begins, mut found, mut late, mut exact) = (0, false, 0, 0.0, 0);
            before.clear();
            for (at, (forms, written)) in lists.iter_mut().enumerate() {
                here.clear();
                for postings in forms {
                    if stands_at(postings, *doc) {
                        postings.positions(&mut more);
                        here.extend_from_slice(&more);
                    }
                }
                here.sort_unstable();
                found += usize::from(!here.is_empty());
                exact += usize::from(written.as_mut().is_some_and(|postings| stands_at(postings, *doc)));
                begins |= at == 0 && here.first() == Some(&0);
                late += here.first().map_or(UNTITLED_LATE, |place| (*place as f32 / LATE_PLACE).min(1.0));
                neighbours += usize::from(before.iter().any(|place| here.binary_search(&(place + 1)).is_ok()));
                std::mem::swap(&mut before, &mut here);
            }
            let pairs = plan.words.len().saturating_sub(1).max(1);
            *factor += EARLY * (1.0 - late / count);
            *factor += EXACT * exact as f32 / count;
            *factor += NEIGHBOURS * neighbours as f32 / pairs as f32;
            if begins && found == plan.words.len() {
                *factor += BEGINNING;
                let is_whole = neighbours + 1 == plan.words.len() && lengths.fieldnorm(*doc) as usize == plan.length;
                *factor += if is_whole { WHOLE_TITLE } else { 0.0 };
            }
            let is_meant = kinds_meant.iter_mut().any(|postings| stands_at(postings, *doc));
            if is_meant && found == 0 {
                *factor *= KIND_MEANT;
            } else if found == 0 && names_meant.iter_mut().any(|name| name.stands_in(*doc)) {
                *factor *= NAME_MEANT;
            } else if is_meant || kinds.iter_mut().any(|postings| stands_at(postings, *doc)) {
                *factor += KIND;
            } else if mentioned.iter_mut().any(|postings| stands_at(postings, *doc)) {
                *factor *= MENTIONED_SHARE;
            }
        }
        Ok(factors)
    }

    /// The lists of the documents that have these words in a field without places.
    fn lists(&self, field: Field, words: &[String]) -> Result<Vec<SegmentPostings>, TantivyError> {
        let index = self.open.reader.inverted_index(field)?;
        let mut lists = Vec::with_capacity(words.len());
        for word in words {
            lists.extend(index.read_postings(&Term::from_field_text(field, word), IndexRecordOption::Basic)?);
        }
        Ok(lists)
    }
}

/// The fields of the title.
#[derive(Clone, Copy)]
pub(crate) struct Titles {
    /// With the words as written.
    pub(crate) written: Field,
    /// With what they only mention.
    pub(crate) mentioned: Field,
    /// With what the categories name.
    pub(crate) kinds: Field,
}

pub(crate) fn stands_at(postings: &mut SegmentPostings, doc: DocId) -> bool {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    postings.doc() == doc
}

/// The places of the optional clauses.
fn optional(clauses: &[WeighedClause<'_>]) -> u64 {
    let optional = clauses.iter().enumerate().filter(|(_, weighed)| weighed.clause.optional);
    optional.fold(0, |places, (at, _)| places | 1 << at)
}

/// Adds the scores of `found` to the documents that have them. Both rise by document.
fn add(met: &mut [Met], found: &[Met]) {
    let mut found = found.iter().peekable();
    for met in met {
        while found.next_if(|other| other.doc < met.doc).is_some() {}
        if let Some(other) = found.next_if(|other| other.doc == met.doc) {
            met.score += other.score;
            met.fields |= other.fields;
        }
    }
}

/// What words at the very beginning of the title add against words at [`LATE_PLACE`] or beyond: a long title names the product
/// first and then lists what it has.
const EARLY: f32 = 0.45;
const LATE_PLACE: f32 = 16.0;
/// How late a word counts that is not in the title.
const UNTITLED_LATE: f32 = 0.5;
/// What words add that stand in the title as they were typed, all of them: not another form of them only.
const EXACT: f32 = 0.03;
/// What the query's words standing side by side in the title add, all of them in their order.
const NEIGHBOURS: f32 = 0.2;
/// What a title adds that begins with the query's first word and holds the others.
const BEGINNING: f32 = 0.1;
/// What a title adds that is the query: no product with more in its other fields passes the one that was named.
const WHOLE_TITLE: f32 = 2.0;

/// What a category adds that names what the query means.
const KIND: f32 = 0.2;
/// What a category multiplies that names it as the thesaurus does, where the title has none of the words typed: such a product is what
/// is meant, and makes up for what the thesaurus counts less.
const KIND_MEANT: f32 = 3.4;
/// The same where the title names it so, and the categories do not.
const NAME_MEANT: f32 = 1.4;
/// What is left where the title only mentions it: a laptop sleeve to who looks for a laptop.
const MENTIONED_SHARE: f32 = 0.65;

/// Where the word stands, moved to where the first word of the reading would stand.
fn places((offset, postings): &mut (u32, SegmentPostings), places: &mut Vec<u32>) {
    postings.positions(places);
    places.retain_mut(|place| match place.checked_sub(*offset) {
        Some(moved) => {
            *place = moved;
            true
        }
        None => false,
    });
}

/// The documents in both, with the sum of their scores. Both rise by document.
fn intersect(mut a: Vec<Met>, b: &[Met]) -> Vec<Met> {
    let mut at = 0;
    a.retain_mut(|met| {
        while at < b.len() && b[at].doc < met.doc {
            at += 1;
        }
        match b.get(at) {
            Some(other) if other.doc == met.doc => {
                met.score += other.score;
                met.fields |= other.fields;
                true
            }
            _ => false,
        }
    });
    a
}

/// The documents in either, with both scores taken together by `sum`. Both rise by document.
fn unite_met(a: Vec<Met>, b: Vec<Met>, sum: impl Fn(f32, f32) -> f32) -> Vec<Met> {
    let both = |a: &Met, b: &Met| Met { doc: a.doc, score: sum(a.score, b.score), fields: a.fields | b.fields };
    unite(a, b, |met| met.doc, both)
}

/// What is in either, `both` where a document is in both. Both rise by document.
fn unite<T: Copy>(a: Vec<T>, b: Vec<T>, doc: impl Fn(&T) -> DocId, both: impl Fn(&T, &T) -> T) -> Vec<T> {
    if a.is_empty() || b.is_empty() {
        return if a.is_empty() { b } else { a };
    }
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut one, mut other) = (0, 0);
    while one < a.len() && other < b.len() {
        match doc(&a[one]).cmp(&doc(&b[other])) {
            Ordering::Less => {
                all.push(a[one]);
                one += 1;
            }
            Ordering::Greater => {
                all.push(b[other]);
                other += 1;
            }
            Ordering::Equal => {
                all.push(both(&a[one], &b[other]));
                (one, other) = (one + 1, other + 1);
            }
        }
    }
    all.extend_from_slice(&a[one..]);
    all.extend_from_slice(&b[other..]);
    all
}
