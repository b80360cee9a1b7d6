//! What a question asks: its words by their rarity, and the kind of thing it wants.

use super::postings::Vocabulary;
use crate::limits::{CORRECTIONS_MAX, QUESTION_CHARS_MAX, QUESTION_WORDS_MAX};
use crate::words::{Word, fold, says_little, words};

/// A question, read against the words that there are.
pub(super) struct Question {
    /// The words that name something, in order; all of them where none does.
    pub(super) terms: Vec<Term>,
    pub(super) wants: Wants,
}

pub(super) struct Term {
    /// The word as it is compared, and those that mean the same in a shop.
    pub(super) stems: Vec<String>,
    /// Their numbers, of those that stand on a page.
    pub(super) words: Vec<u32>,
    /// BM25's: logarithm of the share of passages without it. At least a little.
    pub(super) rarity: f32,
    correction: Option<Correction>,
    start: usize,
    end: usize,
}

struct Correction {
    word: u32,
    rarity: f32,
    form: String,
    stem: String,
}

/// What the answer must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wants {
    Number,
    Time,
    Place,
    Person,
    Reason,
    Way,
    Definition,
    Anything,
}

/// A question with the words that were meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// With words replaced.
    pub corrected: String,
    /// As typed with `<mark>` around the words in question.
    pub original_with_markups: String,
    /// The corrected question with `<mark>` around the words that were put in.
    pub corrected_with_markups: String,
}

impl Question {
    pub(super) fn read(text: &str, vocabulary: &Vocabulary, passages: usize) -> Question {
        let end = text.char_indices().nth(QUESTION_CHARS_MAX).map_or(text.len(), |(at, _)| at);
        let mut all = words(&text[..end]);
        let wants = Wants::of(&all);
        // Where the measure stands: `how long`, `how heavy`.
        let measure = (wants == Wants::Number)
            .then(|| all.windows(2).find(|pair| pair[0].folded == "how").map(|pair| pair[1].start))
            .flatten();
        let naming: Vec<Word> = all.iter().filter(|word| !says_little(&word.folded)).cloned().collect();
        if !naming.is_empty() {
            all = naming;
        }
        let mut terms: Vec<Term> = Vec::new();
        let mut corrections = 0;
        for word in all {
            if terms.len() == QUESTION_WORDS_MAX || terms.iter().any(|term| term.stems.contains(&word.stem)) {
                continue;
            }
            let stems = alike(&word.stem);
            let numbers: Vec<u32> = stems.iter().filter_map(|stem| vocabulary.number(stem)).collect();
            let rarity = |numbers: &[u32]| {
                rarity(numbers.iter().map(|&number| vocabulary.postings(number).len()).sum(), passages)
            };
            let mut correction = None;
            if numbers.is_empty() && corrections < CORRECTIONS_MAX {
                corrections += 1;
                correction = vocabulary.nearest(&word.folded).map(|(near, form)| Correction {
                    word: near,
                    rarity: rarity(&[near]),
                    form: form.to_owned(),
                    stem: words(form).into_iter().next().map_or_else(String::new, |word| word.stem),
                });
            }
            let share = if measure == Some(word.start) { MEASURE_SHARE } else { 1.0 };
            terms.push(Term {
                rarity: share * rarity(&numbers),
                stems,
                words: numbers,
                correction,
                start: word.start,
                end: word.end,
            });
        }
        Question { terms, wants }
    }

    /// With the near words in the place of those that stand nowhere.
    pub(super) fn corrected(mut self) -> Question {
        for term in &mut self.terms {
            if let Some(near) = term.correction.take() {
                (term.words, term.rarity, term.stems) = (vec![near.word], near.rarity, vec![near.stem]);
            }
        }
        self
    }

    /// How `text`, which this was read from, would be written with the near words; `None` where there are none.
    pub(super) fn spelled(&self, text: &str) -> Option<Spelled> {
        let mut spelled = Spelled {
            corrected: String::new(),
            original_with_markups: String::new(),
            corrected_with_markups: String::new(),
        };
        let mut at = 0;
        for term in &self.terms {
            let Some(near) = &term.correction else { continue };
            let (between, typed) = (&text[at..term.start], &text[term.start..term.end]);
            spelled.corrected += between;
            spelled.corrected += &near.form;
            spelled.original_with_markups += &format!("{between}<mark>{typed}</mark>");
            spelled.corrected_with_markups += &format!("{between}<mark>{}</mark>", near.form);
            at = term.end;
        }
        if at == 0 {
            return None;
        }
        spelled.corrected += &text[at..];
        spelled.original_with_markups += &text[at..];
        spelled.corrected_with_markups += &text[at..];
        Some(spelled)
    }
}

/// What the measure counts that is asked for: few answers repeat it.
const MEASURE_SHARE: f32 = 0.3;
/// A word in every passage says a little still.
const RARITY_MIN: f32 = 0.1;

fn rarity(with: usize, passages: usize) -> f32 {
    let (with, all) = (with.min(passages) as f32, passages as f32);
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln().max(RARITY_MIN)
}

/// Stems of words that ask for and words that tell the same, in English.
const ALIKE: &[&[&str]] = &[
    &["heavy", "weight", "weigh"],
    &["tall", "high", "height"],
    &["wid", "width"],
    &["deep", "depth"],
    &["big", "larg", "siz", "dimension", "measur"],
    &["cost", "pric"],
    &["hot", "warm", "temperatur"],
    &["guarante", "warranty"],
    &["wash", "clean"],
    &["ship", "shipp", "delivery", "deliver", "dispatch"],
    &["return", "refund"],
    &["mad", "material", "fabric"],
    &["buy", "bought", "purchas"],
];

/// The stem itself first.
fn alike(stem: &str) -> Vec<String> {
    let group = ALIKE.iter().find(|group| group.contains(&stem));
    let others = group.into_iter().flat_map(|group| group.iter()).filter(|other| **other != stem);
    std::iter::once(stem).chain(others.copied()).map(str::to_owned).collect()
}

impl Wants {
    /// From the words that ask, in English; of other languages nothing is known.
    fn of(words: &[Word]) -> Wants {
        let word = |at: usize| words.get(at).map_or("", |word| word.folded.as_str());
        let Some(at) = (0..words.len()).find(|&at| ASKING.contains(&word(at))) else { return Wants::Anything };
        match (word(at), word(at + 1)) {
            (
                "how",
                "many" | "much" | "long" | "big" | "large" | "tall" | "high" | "heavy" | "wide" | "deep" | "far"
                | "fast" | "old" | "thick" | "warm" | "hot" | "cold" | "loud" | "often",
            ) => Wants::Number,
            (
                "what" | "which",
                "size" | "weight" | "price" | "height" | "width" | "length" | "capacity" | "temperature" | "age"
                | "wattage" | "voltage",
            ) => Wants::Number,
            ("what" | "which", "year" | "day" | "date" | "time") | ("when", _) => Wants::Time,
            ("where", _) => Wants::Place,
            ("who" | "whom" | "whose", _) => Wants::Person,
            ("why", _) => Wants::Reason,
            ("how", _) => Wants::Way,
            ("what", "is" | "are" | "s" | "does") => Wants::Definition,
            _ => Wants::Anything,
        }
    }

    /// Whether `text` holds such a thing; `None` where nothing can be said.
    pub(super) fn is_in(self, text: &str) -> Option<bool> {
        let low = fold(text);
        let any = |signs: &[&str]| {
            let spaced = format!(" {low} ");
            signs.iter().any(|sign| spaced.contains(sign))
        };
        match self {
            Wants::Anything => None,
            Wants::Number => Some(low.contains(|c: char| c.is_numeric()) || any(NUMBERS)),
            Wants::Time => Some(low.contains(|c: char| c.is_numeric()) || any(TIMES)),
            Wants::Place => {
                Some(any(&[" in ", " at ", " on ", " from ", " under ", " inside ", " near ", " behind ", " to the "]))
            }
            // A name: a capital within a sentence.
            Wants::Person => Some(text.split(' ').skip(1).any(|word| word.starts_with(char::is_uppercase))),
            Wants::Reason => Some(any(&[
                " because ",
                " since ",
                " so that ",
                " due to ",
                " to avoid ",
                " prevents ",
                " reason",
                " in order to ",
            ])),
            Wants::Way => Some(any(&[
                " by ", " use ", " using ", " first ", " then ", " press ", " turn ", " with ", " place ", " put ",
                " remove ", " open ", " wash ",
            ])),
            Wants::Definition => any(&[" is ", " are ", " means ", " refers to "]).then_some(true),
        }
    }
}

const ASKING: &[&str] = &["how", "what", "which", "when", "where", "who", "whom", "whose", "why"];
const NUMBERS: &[&str] = &[
    " one ",
    " two ",
    " three ",
    " four ",
    " five ",
    " six ",
    " seven ",
    " eight ",
    " nine ",
    " ten ",
    " dozen ",
    " hundred ",
];
const TIMES: &[&str] = &[
    " monday",
    " tuesday",
    " wednesday",
    " thursday",
    " friday",
    " saturday",
    " sunday",
    " daily",
    " weekly",
    " monthly",
    " day",
    " week",
    " month",
    " year",
    " hour",
    " minute",
    " morning",
    " evening",
    " spring ",
    " summer ",
    " autumn ",
    " winter ",
    " before ",
    " after ",
    " once ",
    " every ",
];
