use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::simplified::simplified;

/// A word of a text, folded, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoldedWord {
    /// Lower case, without accents.
    pub(crate) text: String,
    /// Its bytes in the original text.
    pub(crate) span: Range<usize>,
    /// Whether it is one character of a script written without spaces (Chinese, Japanese, Korean, Thai, …).
    pub(crate) unspaced: bool,
}

/// The words of a text: runs of letters and digits, folded to lower case without accents (NFKD).
///
/// Scripts written without spaces give one word per character: a search then looks for neighbouring characters, which finds
/// every substring and needs no dictionary. O(bytes); a text without letters and digits has no words.
pub(crate) fn folded_words(text: &str) -> FoldedWords<'_> {
    FoldedWords { text, at: 0 }
}

/// The iterator behind [`folded_words`].
pub(crate) struct FoldedWords<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for FoldedWords<'_> {
    type Item = FoldedWord;

    fn next(&mut self) -> Option<FoldedWord> {
        let mut word = FoldedWord { text: String::new(), span: 0..0, unspaced: false };
        for c in self.text[self.at..].chars() {
            let start = self.at;
            let before = word.text.len();
            let class = fold(c, &mut word.text);
            let ends = match class {
                Class::Separator => before > 0,
                Class::Silent => false,
                Class::Letter => word.unspaced,
                // A mark of such a script belongs to the character before it.
                Class::Unspaced => before > 0 && !(word.unspaced && is_combining_mark(c)),
            };
            if ends {
                word.text.truncate(before);
                return Some(word);
            }
            self.at += c.len_utf8();
            match class {
                Class::Separator => continue,
                Class::Silent if before == 0 => continue,
                Class::Unspaced => word.unspaced = true,
                Class::Silent | Class::Letter => {}
            }
            if before == 0 {
                word.span.start = start;
            }
            word.span.end = self.at;
        }
        (!word.text.is_empty()).then_some(word)
    }
}

/// How many bytes of `original`, the text of one word, were typed by someone who typed its first `folded_bytes` folded bytes.
///
/// A character whose folding was typed only in part (the `ß` of `straße` after `stras`) was not typed.
pub(crate) fn typed_bytes(original: &str, folded_bytes: usize) -> usize {
    let mut folded = String::new();
    let mut typed = 0;
    for (start, c) in original.char_indices() {
        fold(c, &mut folded);
        if folded.len() > folded_bytes {
            break;
        }
        typed = start + c.len_utf8();
    }
    typed
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Unspaced,
    /// Nothing of it remains, and it does not end a word: an accent, a soft hyphen.
    Silent,
    Separator,
}

/// Appends the folding of one character.
fn fold(c: char, folded: &mut String) -> Class {
    if c.is_ascii() {
        if !c.is_ascii_alphanumeric() {
            return Class::Separator;
        }
        folded.push(c.to_ascii_lowercase());
        return Class::Letter;
    }
    if is_silent(c) {
        compose_cyrillic(c, folded);
        return Class::Silent;
    }
    if let Some(letter) = cyrillic(c) {
        folded.push(letter);
        return Class::Letter;
    }
    if c == '\u{02BC}' {
        return Class::Separator;
    }
    if is_unspaced(c) {
        // Decomposing would take Hangul and voiced kana apart; half-width forms still become the ordinary ones.
        folded.extend(std::iter::once(c).nfkc().map(simplified).map(hiragana));
        return Class::Unspaced;
    }
    let before = folded.len();
    for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
        match part {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'þ' => folded.push_str("th"),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            _ if is_silent(part) => {}
            _ if part.is_alphanumeric() || is_combining_mark(part) => folded.push(part),
            _ => {}
        }
    }
    // The sign of a trade mark would otherwise become letters of the name before it.
    if matches!(c, '™' | '℠') {
        folded.truncate(before);
    }
    if folded.len() == before { Class::Separator } else { Class::Letter }
}

/// The letters of Russian and Ukrainian that a decomposition would take for an accented other one, and those that are typed
/// without their marks.
fn cyrillic(c: char) -> Option<char> {
    match c {
        'й' | 'Й' => Some('й'),
        'ї' | 'Ї' => Some('ї'),
        'ё' | 'Ё' => Some('е'),
        'ґ' | 'Ґ' => Some('г'),
        _ => None,
    }
}

/// Katakana as hiragana: a word is written in either.
fn hiragana(c: char) -> char {
    match c {
        '\u{30A1}'..='\u{30F6}' | '\u{30FD}' | '\u{30FE}' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// A letter of [`cyrillic`] that was written as a letter and a mark.
fn compose_cyrillic(mark: char, folded: &mut String) {
    let composed = match mark {
        '\u{0306}' if folded.ends_with('и') => 'й',
        '\u{0308}' if folded.ends_with('і') => 'ї',
        _ => return,
    };
    folded.pop();
    folded.push(composed);
}

/// Accents and vowel points of alphabets whose readers type without them, and characters that are not seen.
/// Marks of other scripts (Devanagari, …) are part of the spelling and stay.
fn is_silent(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{0483}'..='\u{0487}' | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}'..='\u{05C2}' | '\u{0610}'..='\u{061A}'
        | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}'
        | '\u{00AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Whether Korean is written with it: words are parted by spaces, and what follows a word is written on to it.
pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E01}'..='\u{0E3A}' | '\u{0E40}'..='\u{0E4E}' | '\u{0E81}'..='\u{0ECD}' | '\u{0EDC}'..='\u{0EDF}'
        | '\u{1000}'..='\u{103F}' | '\u{1780}'..='\u{17D3}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{3099}'..='\u{309A}' | '\u{309D}'..='\u{309F}'
        | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{3105}'..='\u{312F}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FF66}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}
