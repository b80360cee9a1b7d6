use crate::analysis::{Token, tokens};
use crate::index::TextQuery;
use crate::limits;

/// What a query asks for: every clause must be met (or, for a partial match, as many as can be).
pub(crate) struct Plan {
    pub(crate) clauses: Vec<Clause>,
    /// The words in their order, for what counts in the title: neighbours, the beginning, the whole.
    pub(crate) words: Vec<String>,
}

/// One word of the query with all the ways it may be written.
pub(crate) struct Clause {
    pub(crate) readings: Vec<Reading>,
    /// As it was typed, lower case.
    pub(crate) typed: String,
}

/// One way in which a text can meet a clause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reading {
    /// Words with their places relative to the first.
    pub(crate) words: Vec<(usize, String)>,
    /// Whether the words must stand at these places of one field; else each may stand anywhere.
    pub(crate) side_by_side: bool,
    /// What its score counts.
    pub(crate) share: f32,
}

impl Reading {
    fn word(text: &str, share: f32) -> Reading {
        Reading { words: vec![(0, text.to_owned())], side_by_side: false, share }
    }

    fn side_by_side(words: impl Iterator<Item = (usize, String)>) -> Reading {
        let words: Vec<(usize, String)> = words.collect();
        Reading { side_by_side: words.len() > 1, words, share: 1.0 }
    }
}

/// Two words written as one stand for two clauses, each of which counts half.
const JOINED_SHARE: f32 = 0.5;
/// Letters that either part of a word written in two must have.
const PART_CHARS_MIN: usize = 3;

/// What `query` asks for. `known` says in how many products a word stands; it decides which words are also looked for written
/// together or apart: `smart watch` and `smartwatch`, `64 gb` and `64gb`.
///
/// Empty where the query has no word.
pub(crate) fn plan(query: &TextQuery<'_>, known: &dyn Fn(&str) -> u64) -> Plan {
    let tokens = tokens(query.text, limits::QUERY_WORDS_MAX);
    let words = tokens.iter().filter(|token| !token.joined).map(|token| token.text.clone()).collect();
    let mut clauses = Vec::new();
    if query.phrase {
        let parts: Vec<&Token> = tokens.iter().filter(|token| !token.joined).collect();
        if !parts.is_empty() {
            clauses.push(Clause { readings: vec![neighbours(&parts)], typed: typed(&parts) });
        }
        return Plan { clauses, words };
    }
    let groups: Vec<&[Token]> = tokens.chunk_by(|a, b| a.group == b.group).take(limits::QUERY_WORDS_MAX).collect();
    for group in &groups {
        clauses.push(clause(group, known));
    }
    for (at, pair) in groups.windows(2).enumerate() {
        let ([first], [second]) = (pair[0], pair[1]) else { continue };
        let joined = format!("{}{}", first.unstemmed(), second.unstemmed());
        let Some(token) = crate::analysis::one_word(&joined).filter(|word| known(word) > 0) else { continue };
        for clause in &mut clauses[at..at + 2] {
            clause.readings.push(Reading::word(&token, JOINED_SHARE));
        }
    }
    Plan { clauses, words }
}

/// One word, one compound in either spelling, or a run of words that mean something side by side only.
fn clause(group: &[Token], known: &dyn Fn(&str) -> u64) -> Clause {
    let (joined, parts): (Vec<&Token>, Vec<&Token>) = group.iter().partition(|token| token.joined);
    let mut readings = Vec::new();
    if parts.iter().all(|part| part.tight) {
        readings.push(neighbours(&parts));
    } else {
        let words = parts.iter().map(|part| (part.position - parts[0].position, part.text.clone())).collect();
        readings.push(Reading { words, side_by_side: false, share: 1.0 });
        readings.extend(joined.iter().map(|token| Reading::word(&token.text, 1.0)));
        if let [word] = parts[..] {
            readings.extend(apart(word.unstemmed(), known));
        }
    }
    Clause { readings, typed: typed(&parts) }
}

fn neighbours(parts: &[&Token]) -> Reading {
    Reading::side_by_side(parts.iter().map(|part| (part.position - parts[0].position, part.text.clone())))
}

fn typed(parts: &[&Token]) -> String {
    let separator = if parts.iter().all(|part| part.tight) { "" } else { "-" };
    parts.iter().map(|part| part.unstemmed()).collect::<Vec<_>>().join(separator)
}

/// The word written in two, in the ways in which both parts are known: `smart watch`, `64 gb`.
fn apart(word: &str, known: &dyn Fn(&str) -> u64) -> Vec<Reading> {
    let letters = word.chars().all(char::is_alphabetic);
    let mut splits: Vec<(u64, Reading)> = Vec::new();
    let mut previous = None;
    for (chars, (at, c)) in word.char_indices().enumerate().take(limits::SPLIT_CHARS_MAX) {
        let (left, right) = word.split_at(at);
        let parts = if letters {
            chars >= PART_CHARS_MIN && right.chars().count() >= PART_CHARS_MIN
        } else {
            previous.is_some_and(|before: char| before.is_ascii_digit() != c.is_ascii_digit())
        };
        previous = Some(c);
        if !parts {
            continue;
        }
        let (Some(left), Some(right)) = (crate::analysis::one_word(left), crate::analysis::one_word(right)) else {
            continue;
        };
        let rarer = known(&left).min(known(&right));
        if rarer > 0 {
            splits.push((rarer, Reading::side_by_side([(0, left), (1, right)].into_iter())));
        }
    }
    splits.sort_by_key(|(rarer, _)| std::cmp::Reverse(*rarer));
    splits.into_iter().take(limits::SPLITS_MAX).map(|(_, reading)| reading).collect()
}
