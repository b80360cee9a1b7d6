use rustc_hash::FxHashMap;
use std::sync::LazyLock;

use super::folded_words;
use super::language::Language::{self, *};

/// Words of a text that are looked at.
const WORDS_MAX: usize = 400;
/// Function words of one language that a text must have before it is taken for that language.
const FUNCTION_WORDS_MIN: usize = 3;

static LANGUAGES_BY_WORD: LazyLock<FxHashMap<&'static str, Vec<Language>>> = LazyLock::new(|| {
    let mut by_word: FxHashMap<&'static str, Vec<Language>> = FxHashMap::default();
    for language in Language::ALL {
        for word in language.stop_words() {
            by_word.entry(word).or_default().push(language);
        }
    }
    by_word
});

/// The language of a text, where it can be told: by its script, by letters that only one language has, and by function words,
/// of which there must be some. A short title in the Latin alphabet tells nothing.
pub(crate) fn detect(text: &str) -> Option<Language> {
    let mut letters = Letters::default();
    text.chars().take(4 * WORDS_MAX).for_each(|c| letters.add(c));
    if let Some(language) = letters.language() {
        return Some(language);
    }
    if letters.latin < letters.cyrillic {
        return by_function_words(text, &[Russian, Ukrainian], 1);
    }
    by_function_words(text, &[English, French, German, Spanish, Italian, Dutch, Portuguese], FUNCTION_WORDS_MIN)
}

/// How many letters tell of what.
#[derive(Default)]
struct Letters {
    latin: usize,
    cyrillic: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    russian: usize,
    ukrainian: usize,
}

impl Letters {
    fn add(&mut self, c: char) {
        match c {
            'a'..='z' | 'A'..='Z' | '\u{C0}'..='\u{24F}' => self.latin += 1,
            'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => {
                self.cyrillic += 1;
                self.ukrainian += 1;
            }
            'ы' | 'э' | 'ё' | 'ъ' | 'Ы' | 'Э' | 'Ё' | 'Ъ' => {
                self.cyrillic += 1;
                self.russian += 1;
            }
            '\u{400}'..='\u{4FF}' => self.cyrillic += 1,
            '\u{3040}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}' => self.kana += 1,
            '\u{3400}'..='\u{9FFF}' => self.han += 1,
            '\u{AC00}'..='\u{D7A3}' => self.hangul += 1,
            _ => {}
        }
    }

    /// The language that the letters alone tell. One character of an unspaced script says as much as two letters, since names in
    /// the Latin alphabet stand in every text.
    fn language(&self) -> Option<Language> {
        let others = self.latin + self.cyrillic;
        let unspaced = self.han + self.kana + self.hangul;
        if unspaced > 0 && 2 * unspaced >= others.min(40) {
            return Some(match () {
                () if self.hangul >= self.han + self.kana => Korean,
                () if self.kana > 0 => Japanese,
                () => Chinese,
            });
        }
        match self.ukrainian.cmp(&self.russian) {
            _ if self.cyrillic <= self.latin => None,
            std::cmp::Ordering::Greater => Some(Ukrainian),
            std::cmp::Ordering::Less => Some(Russian),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// The language among these with the most function words in the text, if they are enough and a third more than the next one's.
fn by_function_words(text: &str, among: &[Language], words_min: usize) -> Option<Language> {
    let mut counts: Vec<(usize, Language)> = among.iter().map(|language| (0, *language)).collect();
    for word in folded_words(text).take(WORDS_MAX) {
        for language in LANGUAGES_BY_WORD.get(word.text.as_str()).into_iter().flatten() {
            if let Some((count, _)) = counts.iter_mut().find(|(_, other)| other == language) {
                *count += 1;
            }
        }
    }
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let (best, language) = counts[0];
    let next = counts.get(1).map_or(0, |(count, _)| *count);
    (best >= words_min && 3 * best >= 4 * next).then_some(language)
}
