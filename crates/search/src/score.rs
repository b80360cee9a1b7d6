//! BM25F over the index, evaluated word by word.
//!
//! A word's occurrences in all fields are summed, each weighted by its field and divided by the field's length, before they
//! saturate (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields, CIKM 2004). Tantivy's own scorers
//! saturate each field by itself, and cannot tell which words and fields of a product were met; so postings are read here.

use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::columnar::ColumnValues;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyError, Term};

use crate::fields::SearchedField;
use crate::named::Name;
use crate::plan::{Clause, Plan, Reading};

/// How soon further occurrences of a word stop counting.
const K1: f32 = 2.0;
/// A walk through a posting list is cheaper than jumps to the candidates unless it is so many times longer than they are.
const JUMP_FACTOR: usize = 16;

/// A field with what a length counts there.
pub(crate) struct WeighedField {
    pub(crate) field: Field,
    /// The field's number, for [`Met::fields`].
    pub(crate) number: usize,
    /// The weight of one occurrence, by the length of the field as tantivy rounds it.
    by_length: Box<[f32; 256]>,
}

impl WeighedField {
    /// `average`: the words of a product in the field, among those that have the field.
    pub(crate) fn new(searched: &SearchedField, average: f32) -> WeighedField {
        let weight = |id: usize| {
            let length = FieldNormReader::id_to_fieldnorm(id as u8) as f32;
            searched.weight / (1.0 - searched.length_share + searched.length_share * length / average.max(1.0))
        };
        WeighedField {
            field: searched.field,
            number: searched.number,
            by_length: Box::new(std::array::from_fn(weight)),
        }
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
    /// By place in the plan, the clauses that are met.
    pub(crate) clauses: u64,
}

/// One segment of the index, read by one search.
pub(crate) struct Segment<'a> {
    reader: &'a SegmentReader,
    fields: Vec<(&'a WeighedField, Arc<InvertedIndexReader>, FieldNormReader)>,
    rows: Arc<dyn ColumnValues<u64>>,
    allowed: Option<&'a RoaringBitmap>,
    /// The only language that is wanted, as its field and code.
    language: Option<(Field, &'a str)>,
}

impl<'a> Segment<'a> {
    pub(crate) fn new(
        reader: &'a SegmentReader,
        fields: &'a [WeighedField],
        row_column: &str,
        allowed: Option<&'a RoaringBitmap>,
        language: Option<(Field, &'a str)>,
    ) -> Result<Segment<'a>, TantivyError> {
        let rows = reader.fast_fields().column_first_or_default::<u64>(row_column)?;
        let open = |field: &'a WeighedField| {
            Ok((field, reader.inverted_index(field.field)?, reader.get_fieldnorms_reader(field.field)?))
        };
        let fields = fields.iter().map(open).collect::<Result<_, TantivyError>>()?;
        Ok(Segment { reader, fields, rows, allowed, language })
    }

    /// The row of a document.
    pub(crate) fn row(&self, doc: DocId) -> u32 {
        u32::try_from(self.rows.get_val(doc)).unwrap_or(u32::MAX)
    }

    /// The documents that meet every clause but the optional ones, in their order, with their scores.
    pub(crate) fn all(&self, clauses: &[WeighedClause<'_>]) -> Result<Vec<Met>, TantivyError> {
        let mut order: Vec<usize> = (0..clauses.len()).filter(|at| !clauses[*at].clause.optional).collect();
        // The rarest first: what comes later is only looked up for what is left.
        order.sort_by_key(|at| clauses[*at].cost);
        let mut met: Option<Vec<Met>> = None;
        for at in order {
            let found = self.clause(at, &clauses[at], met.as_deref())?;
            met = Some(match met {
                None => self.wanted(found)?,
                Some(before) => intersect(before, &found),
            });
            if met.as_ref().is_some_and(Vec::is_empty) {
                break;
            }
        }
        let mut met = met.unwrap_or_default();
        for (at, clause) in clauses.iter().enumerate() {
            if !clause.clause.optional || met.is_empty() {
                continue;
            }
            let found = self.clause(at, clause, Some(&met))?;
            add(&mut met, &found);
        }
        met.iter_mut().for_each(|met| met.clauses |= optional(clauses));
        Ok(met)
    }

    /// The documents that meet any clause but the optional ones, in their order, with the sum of their scores.
    pub(crate) fn any(&self, clauses: &[WeighedClause<'_>]) -> Result<Vec<Met>, TantivyError> {
        let mut met = Vec::new();
        for (at, clause) in clauses.iter().enumerate() {
            met = unite(met, self.clause(at, clause, None)?, |a, b| a + b);
        }
        let of_optional = optional(clauses);
        met.retain(|met| met.clauses & !of_optional != 0);
        met.iter_mut().for_each(|met| met.clauses |= of_optional);
        self.wanted(met)
    }

    /// Those of the documents, which rise, that are allowed and in the language that is wanted.
    fn wanted(&self, mut met: Vec<Met>) -> Result<Vec<Met>, TantivyError> {
        met.retain(|met| self.is_wanted(met.doc));
        let Some((field, code)) = self.language else { return Ok(met) };
        let index = self.reader.inverted_index(field)?;
        let Some(mut postings) = index.read_postings(&Term::from_field_text(field, code), IndexRecordOption::Basic)?
        else {
            return Ok(Vec::new());
        };
        met.retain(|met| {
            if postings.doc() < met.doc {
                postings.seek(met.doc);
            }
            postings.doc() == met.doc
        });
        Ok(met)
    }

    fn is_wanted(&self, doc: DocId) -> bool {
        self.reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
            && self.allowed.is_none_or(|allowed| allowed.contains(self.row(doc)))
    }

    /// The documents that meet one clause in its best reading; only those `within` where given.
    fn clause(
        &self,
        place: usize,
        weighed: &WeighedClause<'_>,
        within: Option<&[Met]>,
    ) -> Result<Vec<Met>, TantivyError> {
        let mut best = Vec::new();
        for (reading, rarity) in weighed.clause.readings.iter().zip(&weighed.rarities) {
            let found = self.reading(reading, *rarity, within)?;
            best = if best.is_empty() { found } else { unite(best, found, f32::max) };
        }
        for met in &mut best {
            met.clauses = 1 << place;
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
        let mut found: Vec<Met> = Vec::new();
        for (field, index, lengths) in &self.fields {
            let term = Term::from_field_text(field.field, word);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::WithFreqs)? else { continue };
            let mut in_field = Vec::new();
            let mut take = |doc: DocId, count: u32| {
                let score = count as f32 * field.by_length[usize::from(lengths.fieldnorm_id(doc))];
                in_field.push(Met { doc, score, fields: 1 << field.number, clauses: 0 });
            };
            match within {
                Some(within) if within.len() * JUMP_FACTOR < postings.doc_freq() as usize => {
                    for met in within {
                        if postings.doc() < met.doc {
                            postings.seek(met.doc);
                        }
                        if postings.doc() == met.doc {
                            take(met.doc, postings.term_freq());
                        }
                    }
                }
                _ => {
                    while postings.doc() != TERMINATED {
                        take(postings.doc(), postings.term_freq());
                        postings.advance();
                    }
                }
            }
            found = if found.is_empty() { in_field } else { unite(found, in_field, |a, b| a + b) };
        }
        Ok(found)
    }

    /// The documents in which the words stand at their places in one field, with the weighted occurrences.
    fn side_by_side(&self, words: &[(usize, String)], within: Option<&[Met]>) -> Result<Vec<Met>, TantivyError> {
        let mut found: Vec<Met> = Vec::new();
        let mut held = Vec::new();
        let mut others = Vec::new();
        for (field, index, lengths) in &self.fields {
            let mut lists = Vec::with_capacity(words.len());
            for (offset, word) in words {
                let term = Term::from_field_text(field.field, word);
                let Some(postings) = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)? else {
                    break;
                };
                lists.push((*offset as u32, postings));
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
                    if postings.doc() < doc {
                        postings.seek(doc);
                    }
                    if postings.doc() != doc {
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
                    let score = held.len() as f32 * field.by_length[usize::from(lengths.fieldnorm_id(doc))];
                    in_field.push(Met { doc, score, fields: 1 << field.number, clauses: 0 });
                }
                if candidates.is_none() {
                    lists[0].1.advance();
                }
            }
            found = if found.is_empty() { in_field } else { unite(found, in_field, |a, b| a + b) };
        }
        Ok(found)
    }

    /// What the title adds to the scores of these documents, which rise: a factor for each.
    ///
    /// Words early in it, neighbours in the order of the query, words exactly as typed, a title that begins with the query, and
    /// one that is nothing but the query; and a category that names what is meant. Less than 1 where the title only mentions that.
    pub(crate) fn title_factors(&self, titles: Titles, plan: &Plan, docs: &[DocId]) -> Result<Vec<f32>, TantivyError> {
        let mut factors = vec![1.0; docs.len()];
        let Some((_, index, lengths)) = self.fields.iter().find(|(field, ..)| field.field == titles.stems) else {
            return Ok(factors);
        };
        let written = self.reader.inverted_index(titles.written)?;
        let mut lists = Vec::with_capacity(plan.words.len());
        for word in &plan.words {
            let mut forms = Vec::with_capacity(word.forms.len());
            for form in &word.forms {
                let term = Term::from_field_text(titles.stems, form);
                forms.extend(index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?);
            }
            let term = Term::from_field_text(titles.written, &word.written);
            lists.push((forms, written.read_postings(&term, IndexRecordOption::Basic)?));
        }
        let mut mentioned = self.lists(titles.mentioned, &plan.head)?;
        let mut kinds = self.lists(titles.kinds, &plan.kinds)?;
        let mut kinds_meant = self.lists(titles.kinds, &plan.kinds_meant)?;
        let mut names_meant = Name::all(self.reader, titles, &plan.kinds_meant)?;
        let count = plan.words.len().max(1) as f32;
        let (mut here, mut before, mut more) = (Vec::new(), Vec::new(), Vec::new());
        for (doc, factor) in docs.iter().zip(&mut factors) {
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
    fn lists(&self, field: Field, words: &[String]) -> Result<Vec<tantivy::postings::SegmentPostings>, TantivyError> {
        let index = self.reader.inverted_index(field)?;
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
    /// With the stems and their places.
    pub(crate) stems: Field,
    /// With the words as written.
    pub(crate) written: Field,
    /// With what they only mention.
    pub(crate) mentioned: Field,
    /// With what the categories name.
    pub(crate) kinds: Field,
}

pub(crate) fn stands_at(postings: &mut tantivy::postings::SegmentPostings, doc: DocId) -> bool {
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
fn places((offset, postings): &mut (u32, tantivy::postings::SegmentPostings), places: &mut Vec<u32>) {
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
    let mut b = b.iter().peekable();
    a.retain_mut(|met| {
        while b.next_if(|other| other.doc < met.doc).is_some() {}
        match b.peek() {
            Some(other) if other.doc == met.doc => {
                met.score += other.score;
                met.fields |= other.fields;
                met.clauses |= other.clauses;
                true
            }
            _ => false,
        }
    });
    a
}

/// The documents in either, with both scores taken together by `sum`. Both rise by document.
fn unite(a: Vec<Met>, b: Vec<Met>, sum: impl Fn(f32, f32) -> f32) -> Vec<Met> {
    if a.is_empty() {
        return b;
    }
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (Some(one), Some(other)) if one.doc == other.doc => {
                let score = sum(one.score, other.score);
                let (fields, clauses) = (one.fields | other.fields, one.clauses | other.clauses);
                all.push(Met { doc: one.doc, score, fields, clauses });
                a.next();
                b.next();
            }
            (Some(one), Some(other)) if one.doc < other.doc => {
                all.push(one);
                a.next();
            }
            (_, Some(other)) => {
                all.push(other);
                b.next();
            }
            (Some(_), None) => {
                all.extend(a);
                return all;
            }
            (None, None) => return all,
        }
    }
}
