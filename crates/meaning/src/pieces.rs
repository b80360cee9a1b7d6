use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::limits;

/// A vocabulary of word pieces, as BERT's uncased models have it: whole words, and endings that begin with `##`.
pub struct Pieces {
    number_by_word: FxHashMap<Box<str>, u32>,
    number_by_ending: FxHashMap<Box<str>, u32>,
    count: u32,
}

impl Pieces {
    /// Reads a vocabulary of one piece a line, numbered by line from 0.
    pub fn new(vocabulary: &str) -> Pieces {
        let mut pieces =
            Pieces { number_by_word: FxHashMap::default(), number_by_ending: FxHashMap::default(), count: 0 };
        for piece in vocabulary.lines() {
            match piece.strip_prefix("##") {
                Some(ending) if !ending.is_empty() => pieces.number_by_ending.insert(ending.into(), pieces.count),
                _ => pieces.number_by_word.insert(piece.into(), pieces.count),
            };
            pieces.count += 1;
        }
        pieces
    }

    /// How many pieces there are.
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// The number of a special piece, such as `[CLS]`.
    pub fn number(&self, piece: &str) -> Option<u32> {
        self.number_by_word.get(piece).copied()
    }

    /// The pieces of the text, at most `count`: lower case, without accents, split at spaces, at punctuation and around
    /// Chinese characters, and each word into the longest pieces from its beginning (WordPiece; Schuster and Nakajima, 2012).
    /// A word that cannot be put together gives none.
    pub fn split(&self, text: &str, count: usize) -> Vec<u32> {
        let mut numbers = Vec::new();
        let mut word = String::new();
        for c in text.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
            if numbers.len() >= count {
                break;
            }
            if c.is_whitespace() || c.is_control() {
                self.split_word(&mut word, &mut numbers);
            } else if is_alone(c) {
                self.split_word(&mut word, &mut numbers);
                word.push(c);
                self.split_word(&mut word, &mut numbers);
            } else {
                word.push(c);
            }
        }
        self.split_word(&mut word, &mut numbers);
        numbers.truncate(count);
        numbers
    }

    /// Appends the pieces of one word and empties it.
    fn split_word(&self, word: &mut String, numbers: &mut Vec<u32>) {
        let before = numbers.len();
        let mut at = 0;
        if word.len() > limits::WORD_BYTES_MAX {
            at = word.len();
        }
        while at < word.len() {
            let known = if at == 0 { &self.number_by_word } else { &self.number_by_ending };
            let longest = (at + 1..=word.len())
                .rev()
                .filter(|end| word.is_char_boundary(*end))
                .find_map(|end| known.get(&word[at..end]).map(|number| (end, *number)));
            let Some((end, number)) = longest else {
                numbers.truncate(before);
                break;
            };
            numbers.push(number);
            at = end;
        }
        word.clear();
    }
}

/// Whether the character is a word of its own: punctuation, symbols, Chinese characters.
fn is_alone(c: char) -> bool {
    let is_chinese = matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{2CEAF}' | '\u{2F800}'..='\u{2FA1F}');
    is_chinese || c.is_ascii_punctuation() || (!c.is_alphanumeric() && !c.is_ascii())
}
