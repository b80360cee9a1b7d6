use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};

use crate::analysis::{Token, tokens};
use crate::fields::Fields;
use crate::index::TextQuery;
use crate::limits;

/// Share of the weaker fields' scores that is added to the strongest one's: a word in title and brand beats one in the title
/// alone, but ten weak fields do not beat the title.
const OTHER_FIELDS_SHARE: f32 = 0.15;

/// The query that tantivy runs, or `None` where nothing can be found: no word, or no field left.
pub(crate) fn compile(fields: &Fields, query: &TextQuery<'_>) -> Option<Box<dyn Query>> {
    let searched = fields.searched(query.exclude_fields);
    if searched.is_empty() {
        return None;
    }
    let tokens = tokens(query.text, limits::QUERY_WORDS_MAX);
    if query.phrase {
        let words: Vec<&Token> = tokens.iter().filter(|token| !token.joined).collect();
        return (!words.is_empty()).then(|| side_by_side(&searched, &words));
    }
    let groups = tokens.chunk_by(|a, b| a.group == b.group);
    let mut clauses: Vec<Box<dyn Query>> = groups.map(|group| group_query(&searched, group)).collect();
    match clauses.len() {
        0 => None,
        1 => clauses.pop(),
        _ => Some(Box::new(BooleanQuery::intersection(clauses))),
    }
}

/// One word, one compound in either spelling, or neighbouring characters of an unspaced script.
fn group_query(searched: &[(Field, f32)], group: &[Token]) -> Box<dyn Query> {
    let (joined, parts): (Vec<&Token>, Vec<&Token>) = group.iter().partition(|token| token.joined);
    if parts.iter().all(|part| part.unspaced) {
        return side_by_side(searched, &parts);
    }
    let all_parts: Vec<Box<dyn Query>> = parts.iter().map(|part| side_by_side(searched, &[part])).collect();
    let Some(joined) = joined.first() else {
        // A word alone is a group of its own; a compound cut off by the bound keeps its parts.
        return Box::new(BooleanQuery::intersection(all_parts));
    };
    Box::new(DisjunctionMaxQuery::new(vec![
        side_by_side(searched, &[joined]),
        Box::new(BooleanQuery::intersection(all_parts)),
    ]))
}

/// The words one after the other, in any one field.
fn side_by_side(searched: &[(Field, f32)], words: &[&Token]) -> Box<dyn Query> {
    let in_fields = searched.iter().map(|(field, weight)| {
        let mut terms =
            words.iter().map(|word| (word.position - words[0].position, Term::from_field_text(*field, &word.text)));
        let found: Box<dyn Query> = match (words.len(), terms.next()) {
            (1, Some((_, term))) => Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)),
            (_, first) => Box::new(PhraseQuery::new_with_offset(first.into_iter().chain(terms).collect())),
        };
        Box::new(BoostQuery::new(found, *weight)) as Box<dyn Query>
    });
    Box::new(DisjunctionMaxQuery::with_tie_breaker(in_fields.collect(), OTHER_FIELDS_SHARE))
}
