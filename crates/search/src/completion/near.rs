//! What was typed with slips: letters wrong, too many or too few, spaces missing or too many.

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::Typed;
use super::field::ValueIndex;
use crate::analysis::folded_words;
use crate::limits;

/// Slips allowed in one word, by its characters: short ones are near to everything.
fn slips_max(chars: usize) -> usize {
    match chars {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

/// Values that what was typed may mean.
pub(super) struct Reading {
    pub(super) values: RoaringBitmap,
    /// The words as they are meant to be typed.
    pub(super) typed: Typed,
}

/// The readings of `typed` with slips, the fewest slips first; a value may be in several. What needs no slip is in none but by
/// chance.
pub(super) fn readings(index: &ValueIndex, typed: &Typed) -> Vec<Reading> {
    let mut readings = spaces(index, typed);
    let mut by_slips: Vec<RoaringBitmap> = Vec::new();
    for (at, word) in typed.words.iter().enumerate() {
        let with_word = index.near(word, slips_max(word.chars().count()));
        by_slips = match at {
            0 => with_word,
            _ => both(&by_slips, &with_word),
        };
        if by_slips.iter().all(RoaringBitmap::is_empty) {
            return readings;
        }
    }
    let with_slips = by_slips.into_iter().skip(1).filter(|values| !values.is_empty());
    readings.extend(with_slips.map(|values| Reading { values, typed: typed.clone() }));
    readings
}

/// The values in both, by the slips in both together.
fn both(one: &[RoaringBitmap], other: &[RoaringBitmap]) -> Vec<RoaringBitmap> {
    let mut by_slips = vec![RoaringBitmap::new(); (one.len() + other.len() - 1).min(limits::COMPLETION_SLIPS_MAX + 1)];
    for (slips, values) in one.iter().enumerate().filter(|(_, values)| !values.is_empty()) {
        for (more, others) in other.iter().enumerate().filter(|(_, values)| !values.is_empty()) {
            if let Some(found) = by_slips.get_mut(slips + more) {
                *found |= values & others;
            }
        }
    }
    by_slips
}

/// With one space put in or taken out.
fn spaces(index: &ValueIndex, typed: &Typed) -> Vec<Reading> {
    let mut readings = Vec::new();
    let mut add = |words: Vec<String>| {
        let values = index.matching(&words, typed.last_is_complete);
        if !values.is_empty() && readings.len() < limits::COMPLETION_SPACINGS_MAX {
            readings.push(Reading { values, typed: Typed { words, last_is_complete: typed.last_is_complete } });
        }
    };
    for (at, word) in typed.words.iter().enumerate() {
        for (split, _) in word.char_indices().skip(2).take(limits::SPLIT_CHARS_MAX) {
            let (left, right) = word.split_at(split);
            if index.with(left).is_some() {
                let mut words = typed.words.clone();
                words.splice(at..=at, [left.to_owned(), right.to_owned()]);
                add(words);
            }
        }
        if let Some(next) = typed.words.get(at + 1) {
            let mut words = typed.words.clone();
            words.splice(at..at + 2, [format!("{word}{next}")]);
            add(words);
        }
    }
    readings
}

/// The slips by which all that was typed is the beginning of `text`; `None` where it is not, or for nothing typed.
pub(super) fn slips_in_whole(text: &str, typed: &Typed) -> Option<usize> {
    let words: Vec<String> = folded_words(text).map(|word| word.text).collect();
    let text = words.join(" ") + " ";
    let mut beginning = typed.words.join(" ");
    if typed.last_is_complete {
        beginning.push(' ');
    }
    if typed.words.is_empty() || text.starts_with(&beginning) {
        return (!typed.words.is_empty()).then_some(0);
    }
    let letters: Vec<char> = beginning.chars().collect();
    let max = match letters.len() {
        0..=3 => 0,
        4..=6 => 1,
        7..=11 => 2,
        12..=17 => 3,
        _ => limits::COMPLETION_SLIPS_MAX,
    };
    slips(&letters, &text, max).map(|(slips, _)| slips)
}

/// `typed` with each word that begins no word of `text` replaced by the beginning that it is a slip of, as `text` has it.
pub(super) fn as_meant(text: &str, typed: &Typed) -> Typed {
    let words: Vec<String> = folded_words(text).map(|word| word.text).collect();
    let meant = |word: &String| {
        if words.iter().any(|other| other.starts_with(word.as_str())) {
            return word.clone();
        }
        let letters: Vec<char> = word.chars().collect();
        let near = words.iter().filter_map(|other| {
            let (slips, chars) = slips(&letters, other, slips_max(letters.len()))?;
            Some((slips, other.char_indices().nth(chars).map_or(other.as_str(), |(end, _)| &other[..end])))
        });
        near.min_by_key(|(slips, _)| *slips).map_or_else(|| word.clone(), |(_, beginning)| beginning.to_owned())
    };
    // Where a slip was, the last word is marked as far as it was typed, complete or not.
    Typed { words: typed.words.iter().map(meant).collect(), last_is_complete: false }
}

/// What was typed as most of these values take it; none for no values.
pub(super) fn commonest(index: &ValueIndex, values: &RoaringBitmap, typed: &Typed) -> Option<Typed> {
    let step = values.len() as usize / limits::COMPLETION_MEANINGS_READ_MAX + 1;
    let mut counts: FxHashMap<Vec<String>, usize> = FxHashMap::default();
    for number in values.iter().step_by(step) {
        *counts.entry(as_meant(&index.value(number).text, typed).words).or_default() += 1;
    }
    let (words, _) = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    Some(Typed { words, last_is_complete: false })
}

/// The fewest slips by which `typed` is a beginning of `word`, and of how many characters; `None` above `max`.
///
/// A slip is a letter wrong, too many, too few, or two in the wrong order. O(characters squared), less for words unlike.
pub(super) fn slips(typed: &[char], word: &str, max: usize) -> Option<(usize, usize)> {
    let width = typed.len();
    if width > limits::COMPLETION_WORD_CHARS_MAX {
        return None;
    }
    let mut rows = [[0usize; limits::COMPLETION_WORD_CHARS_MAX + 1]; 3];
    rows[1][..=width].iter_mut().enumerate().for_each(|(at, cell)| *cell = at);
    let mut best = (rows[1][width], 0);
    let mut previous = '\0';
    for (at, letter) in word.chars().take(width + max).enumerate() {
        let (before, here, next) = (at % 3, (at + 1) % 3, (at + 2) % 3);
        rows[next][0] = at + 1;
        let mut least = at + 1;
        for place in 0..width {
            let same = rows[here][place] + usize::from(typed[place] != letter);
            let mut fewest = same.min(rows[here][place + 1] + 1).min(rows[next][place] + 1);
            if at > 0 && place > 0 && typed[place] == previous && typed[place - 1] == letter {
                fewest = fewest.min(rows[before][place - 1] + 1);
            }
            rows[next][place + 1] = fewest;
            least = least.min(fewest);
        }
        if rows[next][width] <= best.0 {
            best = (rows[next][width], at + 1);
        }
        previous = letter;
        if least > max + 1 {
            break;
        }
    }
    (best.0 <= max).then_some(best)
}
