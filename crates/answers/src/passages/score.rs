//! How likely a passage answers.

use super::postings::Place;
use super::question::Question;
use crate::words::words;

/// What a word counts that stands elsewhere than in the text.
const CONTEXT_SHARE: f32 = 0.85;
const TITLE_SHARE: f32 = 0.6;
/// The curve: a passage with half of what was asked for is unlikely (.2), one with all of it likely (.85), and more so
/// with the words side by side and the thing that was asked for in it (.97).
const START: f32 = -4.3;
const COVERED: f32 = 6.0;
const TOGETHER: f32 = 0.8;
const WANTED: f32 = 0.9;
const NOT_WANTED: f32 = -0.7;
/// Words that stand in the title alone answer nothing: the same is true of every passage of the product.
const TITLE_ALONE: f32 = -1.5;
/// Texts of fewer words say little.
const WORDS_MIN: usize = 3;
const SHORT: f32 = -0.8;
/// What nearness in meaning adds for each of a cosine above or below the middling one: little, so that it decides where the words do
/// not, until it is fitted to judged questions.
const MEANING: f32 = 0.2;
const MEANING_MIDDLE: f32 = 0.35;
/// Two words of the question this near to one another are together.
const NEAR: usize = 4;

/// The probability, as [`super::Found`] describes it.
pub(super) fn probability(question: &Question, text: &str, places: &[Place], nearness: Option<f32>) -> f32 {
    let asked: f32 = question.terms.iter().map(|term| term.rarity).sum();
    if asked <= 0.0 {
        return 0.0;
    }
    let share = |place: Place| match place {
        Place::Text => 1.0,
        Place::Context => CONTEXT_SHARE,
        Place::Title => TITLE_SHARE,
        Place::Nowhere => 0.0,
    };
    let covered: f32 = question.terms.iter().zip(places).map(|(term, &place)| term.rarity * share(place)).sum();
    let text_words = words(text);
    let mut logit = START + COVERED * covered / asked + TOGETHER * together(question, &text_words);
    logit += match question.wants.is_in(text) {
        Some(true) => WANTED,
        Some(false) => NOT_WANTED,
        None => 0.0,
    };
    if places.iter().all(|place| matches!(place, Place::Title | Place::Nowhere)) {
        logit += TITLE_ALONE;
    }
    if text_words.len() < WORDS_MIN {
        logit += SHORT;
    }
    logit += nearness.map_or(0.0, |cosine| MEANING * (cosine - MEANING_MIDDLE));
    1.0 / (1.0 + (-logit).exp())
}

/// The share of the question's neighbours that are near one another in the text, 0 to 1; 0 for a single word.
fn together(question: &Question, text: &[crate::words::Word]) -> f32 {
    let places_of = |stems: &[String]| -> Vec<usize> {
        text.iter().enumerate().filter(|(_, word)| stems.contains(&word.stem)).map(|(at, _)| at).collect()
    };
    let places: Vec<Vec<usize>> = question.terms.iter().map(|term| places_of(&term.stems)).collect();
    let pairs = places.windows(2);
    let all = pairs.len();
    let near = pairs.filter(|pair| pair[0].iter().any(|&a| pair[1].iter().any(|&b| a.abs_diff(b) <= NEAR))).count();
    if all == 0 { 0.0 } else { near as f32 / all as f32 }
}
