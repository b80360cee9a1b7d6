//! The questions of a site, and what is typed completed to them.

#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;

use crate::distance;
use crate::limits::{BANK_QUESTION_CHARS_MAX, QUESTION_WORDS_MAX};
use crate::words::{Word, fold, words};

/// A question of the bank.
#[derive(Clone, Debug, PartialEq)]
pub struct BankedQuestion {
    /// As it is shown.
    pub text: String,
    /// What it counts against others that fit as well.
    pub weight: f64,
}

/// The questions of a site.
#[derive(Default)]
pub struct Bank {
    questions: Vec<BankedQuestion>,
    /// For the comparison with all that was typed.
    folded: Vec<String>,
    vocabulary: Vec<Entry>,
}

struct Entry {
    letters: Vec<char>,
    /// Rising.
    questions: Vec<u32>,
}

/// How well a question fits; the smaller, the better.
type Fit = (u8, usize);

impl Bank {
    /// A bank of these questions. One that comes twice counts with its last weight.
    pub fn new(questions: Vec<BankedQuestion>) -> Bank {
        let mut bank = Bank::default();
        let mut places: FxHashMap<String, usize> = FxHashMap::default();
        for question in questions {
            match places.get(&question.text) {
                Some(&place) => bank.questions[place] = question,
                None => {
                    places.insert(question.text.clone(), bank.questions.len());
                    bank.questions.push(question);
                }
            }
        }
        let mut entries: FxHashMap<String, usize> = FxHashMap::default();
        for (number, question) in bank.questions.iter().enumerate() {
            let words = words(&question.text);
            bank.folded.push(joined(&words));
            for word in words {
                let next = bank.vocabulary.len();
                let entry = *entries.entry(word.folded).or_insert_with_key(|folded| {
                    bank.vocabulary.push(Entry { letters: folded.chars().collect(), questions: Vec::new() });
                    next
                });
                let questions = &mut bank.vocabulary[entry].questions;
                if questions.last() != Some(&(number as u32)) {
                    questions.push(number as u32);
                }
            }
        }
        bank
    }

    /// All questions, in the order given.
    pub fn questions(&self) -> &[BankedQuestion] {
        &self.questions
    }

    /// Up to `rows` questions that have every word of `typed`: in any order, the last one begun, each with a letter or
    /// two wrong where it is long enough.
    ///
    /// First those that begin with what was typed, then those with fewer wrong letters, then by falling weight; ties by
    /// their place in the bank. O(words of the bank) for each word typed.
    pub fn complete(&self, typed: &str, rows: usize) -> Vec<&BankedQuestion> {
        let end = typed.char_indices().nth(BANK_QUESTION_CHARS_MAX).map_or(typed.len(), |(at, _)| at);
        let typed = &typed[..end];
        let mut asked = words(typed);
        asked.truncate(QUESTION_WORDS_MAX);
        let open = typed.ends_with(char::is_alphanumeric);
        let mut edits_by_question: Option<FxHashMap<u32, usize>> = None;
        for (at, word) in asked.iter().enumerate() {
            let begun = open && at + 1 == asked.len();
            let with = self.with_word(&word.folded, begun);
            edits_by_question = Some(match edits_by_question {
                None => with,
                Some(before) => {
                    let both = |(question, edits)| with.get(&question).map(|more| (question, edits + more));
                    before.into_iter().filter_map(both).collect()
                }
            });
        }
        let beginning = joined(&asked);
        let mut fitting: Vec<(Fit, u32)> = edits_by_question
            .unwrap_or_default()
            .into_iter()
            .map(|(question, edits)| {
                let begins = self.folded[question as usize].starts_with(&beginning);
                ((u8::from(!begins), edits), question)
            })
            .collect();
        fitting.sort_unstable_by(|(a, first), (b, second)| {
            let weight = |question: &u32| self.questions[*question as usize].weight;
            a.cmp(b).then(weight(second).total_cmp(&weight(first))).then(first.cmp(second))
        });
        fitting.into_iter().take(rows).map(|(_, question)| &self.questions[question as usize]).collect()
    }

    /// The questions with this word, and with how many wrong letters.
    fn with_word(&self, folded: &str, begun: bool) -> FxHashMap<u32, usize> {
        let letters: Vec<char> = folded.chars().collect();
        let most = if letters.iter().all(|c| c.is_alphabetic()) { distance::allowed(letters.len()) } else { 0 };
        let mut found: FxHashMap<u32, usize> = FxHashMap::default();
        for entry in &self.vocabulary {
            let edits = if begun {
                distance::of_beginning(&letters, &entry.letters, most)
            } else {
                distance::within(&letters, &entry.letters, most)
            };
            let Some(edits) = edits else { continue };
            for &question in &entry.questions {
                let least = found.entry(question).or_insert(edits);
                *least = (*least).min(edits);
            }
        }
        found
    }
}

fn joined(words: &[Word]) -> String {
    fold(&words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" "))
}
