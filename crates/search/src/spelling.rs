//! Spelling, from the words of the catalogue itself.
//!
//! A noisy channel: of the words that may have been meant, the one for which `P(word | its neighbours) · P(typed | word)` is
//! largest. The first factor comes from the titles, the second from what the edit costs ([`edit`]). A word that the
//! catalogue knows stands as it is, unless the whole query finds nothing and one edit makes its words meet in a title.

mod edit;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::ops::Range;

use meaning::Table;

use crate::Index;
use crate::analysis::folded_words;
use crate::completion::Titles;
use crate::generation::Generation;
use crate::limits;
use crate::settings::TextSettings;
use crate::thesaurus::Thesaurus;

pub(crate) use vocabulary::{Vocabulary, costs};

/// A query with the words that were meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// The query with words replaced, all else as it was typed.
    pub corrected: String,
    /// The query as typed with `<mark>` around the words in question.
    pub original_with_markups: String,
    /// The corrected query with `<mark>` around the words that were put in.
    pub corrected_with_markups: String,
}

/// What decides whether a word is in question.
#[derive(Clone, Copy)]
pub struct Doubt<'a> {
    /// Knows the words of long texts; `None` looks at names only.
    pub index: Option<&'a Index>,
    /// Whether the query as typed finds nothing.
    pub finds_nothing: bool,
}

/// One edit that nothing speaks for makes a word e^-this as likely.
const EDIT_WEIGHT: f32 = 8.0;
/// The score under which a word of three letters is left as it was typed, and how much lower it may be for each letter more:
/// that a long word is near to another by chance is unlikely.
const SCORE_MIN: f32 = -20.5;
const SCORE_MIN_PER_LETTER: f32 = 0.7;
const LETTERS_COUNTED_MAX: usize = 10;
/// What a product counts that has a word in its texts only, against one that has it in its name.
const TEXT_SHARE: f32 = 0.3;
/// What it costs to take a word for the plural of one that stands in the singular only.
const PLURAL_COST: f32 = 0.1;
/// Letters from the end among which the `s` of a plural may have come.
const PLURAL_S_WITHIN: usize = 3;
const SHORT_WORD_COST: f32 = 0.2;
/// What the products count that have a word in another form.
const FORM_SHARE: f32 = 0.5;
/// A word of the catalogue is taken for another only if that one's score is above its own by so much.
const KNOWN_MARGIN: f32 = 2.0;
/// How many titles with the neighbour what is known of a word without it counts as (Dirichlet smoothing).
const SMOOTHING_TITLES: f32 = 50.0;
/// Taken to this power, probabilities of words count less against the cost of edits.
const PRIOR_POWER: f32 = 0.85;
/// Products with a word that stands in texts only, up to which it may be a misspelling of theirs.
const RARE_PRODUCTS_MAX: u64 = 2;
/// How much better than for an unknown word a correction must be for a rare one.
const RARE_MARGIN: f32 = 8.0;
/// The same for a word of English that the catalogue lacks.
const FOREIGN_MARGIN: f32 = 6.0;
/// Titles in which the words must meet once corrected where the query finds something as it was typed.
const KNOWN_TITLES_MIN: u64 = 3;
/// Shorter words say too little to be corrected.
const WORD_CHARS_MIN: usize = 3;
/// What parting or joining words costs, in edits.
const SPACE_COST: f32 = 0.9;

/// A word of the query.
struct Typed {
    text: String,
    span: Range<usize>,
    state: Standing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A number, a name, a word of the catalogue.
    Known,
    /// In a text or two, but in no title, brand, category or attribute.
    Rare,
    /// A word of English that the catalogue does not have.
    Foreign,
    Unknown,
}

/// Words that may stand in the place of some of the query's.
#[derive(Clone, Debug)]
struct Choice {
    words: Vec<String>,
    /// How likely each word is by itself.
    alone: Vec<f32>,
    /// How many words of the query they replace.
    replaces: usize,
    cost: f32,
}

/// The query as it was meant; `None` where nothing is in question or nothing better is known.
///
/// O(words of the catalogue) for each word in question, some 2 ns each, and at most [`limits::SPELLING_WORDS_MAX`] of these.
pub(crate) fn correct(query: &str, lexicon: Lexicon<'_>, finds_nothing: bool) -> Option<Correction> {
    let typed: Vec<Typed> = folded_words(query)
        .take(limits::QUERY_WORDS_MAX)
        .map(|word| {
            let state = if word.unspaced { Standing::Known } else { lexicon.standing(&word.text) };
            Typed { text: word.text, span: word.span, state }
        })
        .collect();
    let in_question = typed.iter().filter(|word| word.state != Standing::Known).count();
    if in_question > limits::SPELLING_WORDS_MAX || typed.is_empty() {
        return None;
    }
    let speller = Speller { typed: &typed, lexicon };
    let chosen = if in_question > 0 {
        speller.words_in_question()?
    } else if typed.len() > 1 {
        speller.known_words(finds_nothing)?
    } else {
        return None;
    };
    written(query, &typed, &chosen)
}

/// All that is known of words.
#[derive(Clone, Copy)]
pub(crate) struct Lexicon<'a> {
    /// The words of titles, brands, categories and attributes.
    pub(crate) names: &'a Vocabulary,
    pub(crate) titles: Titles<'a>,
    pub(crate) index: Option<&'a Generation>,
    pub(crate) settings: Option<&'a TextSettings>,
}

impl Lexicon<'_> {
    fn standing(self, word: &str) -> Standing {
        let letters = word.chars().all(char::is_alphabetic);
        if !letters || word.chars().count() < WORD_CHARS_MIN || self.names.count(word) > 0 {
            return Standing::Known;
        }
        if self.settings.is_some_and(|settings| settings.synonyms.has_word(word)) || Thesaurus::any_has_word(word) {
            return Standing::Known;
        }
        let is_english = self.is_english(word);
        if self.lacks_last_e(word) && !is_english {
            return Standing::Unknown;
        }
        match self.index.map_or(0, |index| index.products_with(word)) {
            0 if is_english => Standing::Foreign,
            0 => Standing::Unknown,
            products if products <= RARE_PRODUCTS_MAX => Standing::Rare,
            _ => Standing::Known,
        }
    }

    /// Whether nobody writes the word, but there is one with an `e` more: stems have lost theirs, so that `iphon` finds what
    /// `iphone` does without being a word.
    fn lacks_last_e(self, word: &str) -> bool {
        let in_texts = |word: &str| self.index.map_or(0, |index| index.text_words().count(word));
        let whole = format!("{word}e");
        in_texts(word) == 0 && (self.names.count(&whole) > 0 || in_texts(&whole) > 0)
    }

    /// Whether the word is one of everyday English, in a catalogue that has texts in English.
    ///
    /// Of slips hardly one in thirty is such a word by chance, of what people look for three in four.
    fn is_english(self, word: &str) -> bool {
        word.len() >= WORD_CHARS_MIN
            && self.index.is_some_and(Generation::has_english)
            && Table::built_in().pieces().number(word).is_some()
    }

    /// How likely a word is by itself; greater than 0.
    ///
    /// A form of a word that the catalogue has in other forms is as likely as they are by half: who looks for one book
    /// may write books.
    fn alone(self, word: &str) -> f32 {
        let in_texts = self.index.map_or(0, |index| index.text_words().count(word));
        let written = self.names.count(word) as f32 + TEXT_SHARE * in_texts as f32;
        let in_any_form = self.index.map_or(0, |index| index.products_with(word)) as f32;
        let is_written = self.names.count(word) > 0;
        let singular = word.strip_suffix('s').filter(|singular| !is_written && singular.len() >= WORD_CHARS_MIN);
        let in_any_form = in_any_form.max(singular.map_or(0, |singular| self.names.count(singular)) as f32);
        (written.max(FORM_SHARE * in_any_form) + 0.1) / (self.names.total() as f32 + 1.0)
    }

    /// As [`Lexicon::alone`], by its own form only: quick.
    fn roughly_alone(self, word: &str) -> f32 {
        let in_texts = self.index.map_or(0, |index| index.text_words().count(word));
        (self.names.count(word) as f32 + TEXT_SHARE * in_texts as f32 + 0.1) / (self.names.total() as f32 + 1.0)
    }

    /// The words that `typed` may be a slip of, with what that costs; plurals too of which the catalogue has the singular.
    fn near(self, typed: &str, cost_max: f32) -> Vec<(String, f32)> {
        let mut near = self.near_as_written(typed, cost_max);
        let letters: Vec<char> = typed.chars().collect();
        // The `s` was typed, though not at its place.
        let has_plural_s = letters.iter().rev().take(PLURAL_S_WITHIN).any(|letter| *letter == 's');
        let mut plurals = Vec::new();
        for (word, cost) in
            near.iter().filter(|(word, _)| has_plural_s && word.len() > WORD_CHARS_MIN && !word.ends_with('s'))
        {
            let plural = format!("{word}s");
            let as_plural = edit::cost(&letters, &plural.chars().collect::<Vec<char>>(), cost - PLURAL_COST);
            if let Some(as_plural) = as_plural.filter(|_| self.names.count(&plural) == 0) {
                plurals.push((plural, as_plural + PLURAL_COST));
            }
        }
        near.extend(plurals);
        if let Some(singular) = typed.strip_suffix('s').filter(|singular| singular.len() > WORD_CHARS_MIN) {
            for (word, cost) in self.near_as_written(singular, cost_max - PLURAL_COST) {
                let plural = format!("{word}s");
                if !word.ends_with('s') && !near.iter().any(|(other, _)| *other == plural) {
                    near.push((plural, cost + PLURAL_COST));
                }
            }
        }
        near
    }

    fn near_as_written(self, typed: &str, cost_max: f32) -> Vec<(String, f32)> {
        let mut near = self.names.near(typed, cost_max);
        let is_name = |word: &str| self.names.count(word) > 0;
        near.extend(self.index.into_iter().flat_map(|index| index.text_words().near(typed, cost_max, is_name)));
        for (word, cost) in &mut near {
            // Anything is near to a word of three letters.
            if word.chars().count() <= WORD_CHARS_MIN {
                *cost += SHORT_WORD_COST;
            }
        }
        near
    }

    /// The logarithm of how likely a word is beside a neighbour, from how likely it is `alone`.
    fn likelihood(self, word: &str, alone: f32, neighbour: Option<&str>) -> f32 {
        let beside = neighbour.map_or(0, |neighbour| self.titles.with(neighbour));
        let both = neighbour.filter(|_| beside > 0).map_or(0, |neighbour| self.titles.with_both(word, neighbour));
        let probability = (both as f32 + SMOOTHING_TITLES * alone) / (beside as f32 + SMOOTHING_TITLES);
        PRIOR_POWER * probability.ln()
    }
}

/// Whether a neighbour tells what a word may be: a number or two letters stand beside anything.
fn tells(word: &&str) -> bool {
    word.chars().count() >= WORD_CHARS_MIN && word.chars().all(char::is_alphabetic)
}

fn score_min(word: &str) -> f32 {
    let letters = word.chars().count().min(LETTERS_COUNTED_MAX).saturating_sub(WORD_CHARS_MIN);
    SCORE_MIN - SCORE_MIN_PER_LETTER * letters as f32
}

struct Speller<'a> {
    typed: &'a [Typed],
    lexicon: Lexicon<'a>,
}

/// A reading of the query up to some word.
#[derive(Clone)]
struct Path {
    choices: Vec<(usize, Choice)>,
    last: Option<String>,
    score: f32,
}

impl Speller<'_> {
    /// The best choices for the words in question, by place; the others stand. `None` where all stand.
    fn words_in_question(&self) -> Option<Vec<(usize, Choice)>> {
        let mut paths: Vec<Vec<Path>> = vec![Vec::new(); self.typed.len() + 1];
        paths[0].push(Path { choices: Vec::new(), last: None, score: 0.0 });
        for at in 0..self.typed.len() {
            let mut from = std::mem::take(&mut paths[at]);
            from.sort_by(|a, b| b.score.total_cmp(&a.score));
            from.truncate(limits::SPELLING_PATHS_MAX);
            for choice in self.choices(at) {
                for path in &from {
                    let score = path.score + self.score(at, &choice, path.last.as_deref());
                    let mut choices = path.choices.clone();
                    choices.push((at, choice.clone()));
                    let last = choice.words.last().cloned();
                    paths[at + choice.replaces].push(Path { choices, last, score });
                }
            }
        }
        let best = paths.pop()?.into_iter().max_by(|a, b| a.score.total_cmp(&b.score))?;
        let changed: Vec<(usize, Choice)> =
            best.choices.into_iter().filter(|(at, choice)| !self.stands(*at, choice)).collect();
        (!changed.is_empty()).then_some(changed)
    }

    fn stands(&self, at: usize, choice: &Choice) -> bool {
        choice.replaces == 1 && choice.words.len() == 1 && choice.words[0] == self.typed[at].text
    }

    /// What may have been meant by the word at this place, itself included.
    fn choices(&self, at: usize) -> Vec<Choice> {
        let word = &self.typed[at];
        let choice = |words: Vec<String>, replaces, cost| {
            let alone = words.iter().map(|word| self.lexicon.alone(word)).collect();
            Choice { words, alone, replaces, cost }
        };
        let mut choices = vec![choice(vec![word.text.clone()], 1, 0.0)];
        if let Some(next) = self.typed.get(at + 1)
            && (word.state != Standing::Known || next.state != Standing::Known)
        {
            let joined = format!("{}{}", word.text, next.text);
            if joined.chars().all(char::is_alphabetic) && self.lexicon.names.count(&joined) > 0 {
                choices.push(choice(vec![joined], 2, SPACE_COST));
            }
        }
        if word.state == Standing::Known {
            return choices;
        }
        let mut near = self.lexicon.near(&word.text, edit::cost_max(word.text.chars().count()));
        let promise = |(word, cost): &(String, f32)| {
            let singular = word.strip_suffix('s').unwrap_or(word);
            let alone = self.lexicon.roughly_alone(word).max(self.lexicon.roughly_alone(singular) * FORM_SHARE);
            PRIOR_POWER * alone.ln() - EDIT_WEIGHT * cost
        };
        near.sort_by(|a, b| promise(b).total_cmp(&promise(a)).then_with(|| a.0.cmp(&b.0)));
        near.truncate(limits::SPELLING_CANDIDATES_MAX);
        choices.extend(near.into_iter().map(|(candidate, cost)| choice(vec![candidate], 1, cost)));
        if matches!(word.state, Standing::Unknown | Standing::Foreign) {
            choices.extend(self.parted(&word.text).map(|(left, right)| choice(vec![left, right], 1, SPACE_COST)));
        }
        choices
    }

    /// The word as two words of the catalogue that meet in a title.
    fn parted<'b>(&'b self, word: &'b str) -> impl Iterator<Item = (String, String)> + 'b {
        word.char_indices().skip(WORD_CHARS_MIN).filter_map(move |(at, _)| {
            let (left, right) = word.split_at(at);
            let names = self.lexicon.names;
            let both_known = right.chars().count() >= WORD_CHARS_MIN && names.count(left) > 1 && names.count(right) > 1;
            (both_known && self.lexicon.titles.with_both(left, right) > 0).then(|| (left.to_owned(), right.to_owned()))
        })
    }

    /// The logarithm of how likely the words are here and were typed as they were.
    fn score(&self, at: usize, choice: &Choice, before: Option<&str>) -> f32 {
        let word = &self.typed[at];
        if self.stands(at, choice) {
            return match word.state {
                // A known word is what it is; how likely it is says nothing of the others.
                Standing::Known => 0.0,
                Standing::Rare => score_min(&word.text) + RARE_MARGIN,
                Standing::Foreign => score_min(&word.text) + FOREIGN_MARGIN,
                Standing::Unknown => score_min(&word.text),
            };
        }
        // The neighbour before may be in question itself; the one after helps where it is known.
        let after = self.typed.get(at + choice.replaces).filter(|word| word.state == Standing::Known);
        let mut before = before;
        let mut score = 0.0;
        for (word, alone) in choice.words.iter().zip(&choice.alone) {
            let neighbour = before.filter(tells).or(after.map(|word| word.text.as_str()).filter(tells));
            score += self.lexicon.likelihood(word, *alone, neighbour);
            before = Some(word);
        }
        score / choice.words.len() as f32 - EDIT_WEIGHT * choice.cost
    }

    /// The one word whose correction makes all words meet in a title, which they do not as typed. Where the query finds something as
    /// typed, words of English stand, and the corrected ones must meet in several titles.
    fn known_words(&self, finds_nothing: bool) -> Option<Vec<(usize, Choice)>> {
        // What finds something is only doubted where it can be told which words are real.
        if !finds_nothing && !self.lexicon.index.is_some_and(Generation::has_english) {
            return None;
        }
        let is_doubted = |word: &Typed| {
            let chars = word.text.chars().count();
            let stands = !finds_nothing || chars == WORD_CHARS_MIN;
            chars >= WORD_CHARS_MIN
                && word.text.chars().all(char::is_alphabetic)
                && !(stands && self.lexicon.is_english(&word.text))
        };
        let doubted: Vec<(usize, &Typed)> =
            self.typed.iter().enumerate().filter(|(_, word)| is_doubted(word)).collect();
        if doubted.is_empty() || self.typed.len() > limits::SPELLING_WORDS_MAX || self.meet(None) > 0 {
            return None;
        }
        let titles_min = if finds_nothing { 1 } else { KNOWN_TITLES_MIN };
        let mut best: Option<(f32, usize, Choice)> = None;
        for (at, word) in doubted {
            let own = PRIOR_POWER * self.lexicon.roughly_alone(&word.text).ln();
            for (candidate, cost) in self.lexicon.near(&word.text, 1.0) {
                let alone = self.lexicon.roughly_alone(&candidate);
                let score = PRIOR_POWER * alone.ln() - EDIT_WEIGHT * cost;
                if score + EDIT_WEIGHT > own + KNOWN_MARGIN
                    && best.as_ref().is_none_or(|(best, ..)| score > *best)
                    && self.meet(Some((at, &candidate))) >= titles_min
                {
                    best = Some((score, at, Choice { words: vec![candidate], alone: vec![alone], replaces: 1, cost }));
                }
            }
        }
        best.map(|(_, at, choice)| vec![(at, choice)])
    }

    /// In how many titles all words stand, with one of them replaced.
    fn meet(&self, replaced: Option<(usize, &str)>) -> u64 {
        let words = self.typed.iter().enumerate().map(|(at, word)| match replaced {
            Some((place, other)) if place == at => other,
            _ => word.text.as_str(),
        });
        self.lexicon.titles.with_all(words)
    }
}

/// The query with the chosen words, and both mark-ups.
fn written(query: &str, typed: &[Typed], chosen: &[(usize, Choice)]) -> Option<Correction> {
    let mut corrected = String::new();
    let mut original_with_markups = String::new();
    let mut corrected_with_markups = String::new();
    let mut end = 0;
    for (at, choice) in chosen {
        let span = typed[*at].span.start..typed[at + choice.replaces - 1].span.end;
        let between = &query[end..span.start];
        let meant = choice.words.join(" ");
        corrected.extend([between, &meant]);
        original_with_markups.extend([between, "<mark>", &query[span.clone()], "</mark>"]);
        corrected_with_markups.extend([between, "<mark>", &meant, "</mark>"]);
        end = span.end;
    }
    let rest = &query[end..];
    for text in [&mut corrected, &mut original_with_markups, &mut corrected_with_markups] {
        text.push_str(rest);
    }
    (corrected != query).then_some(Correction { corrected, original_with_markups, corrected_with_markups })
}
