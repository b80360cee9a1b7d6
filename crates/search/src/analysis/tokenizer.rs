use tantivy::tokenizer::{Token as TantivyToken, TokenStream, Tokenizer};

use super::fold::{FoldedWord, folded_words};
use super::stem::stem;
use crate::limits;

/// A word as it stands in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// The word before its ending was taken off, where that made a difference.
    pub(crate) unstemmed: Option<String>,
    /// Counts words from 0; a joined compound stands where its first part stands.
    pub(crate) position: usize,
    /// Tokens of one group were written without a space between them: a compound, a number, or a run of an unspaced script.
    pub(crate) group: usize,
    /// The parts of the group written as one word: `dv71211ea` for `dv7-1211ea`.
    pub(crate) joined: bool,
    /// The group's words mean something side by side only: an unspaced script, `3.5`, `1/2`.
    pub(crate) tight: bool,
}

impl Token {
    /// The word before its ending was taken off.
    pub(crate) fn unstemmed(&self) -> &str {
        self.unstemmed.as_deref().unwrap_or(&self.text)
    }
}

/// The tokens of a text, at most about `count_max` (a compound is not torn apart).
pub(crate) fn tokens(text: &str, count_max: usize) -> Vec<Token> {
    let mut tokens = Tokens::default();
    for word in folded_words(text) {
        if tokens.list.len() >= count_max {
            break;
        }
        tokens.push(text, word);
    }
    tokens.end(text);
    tokens.list
}

/// The stemmed form of a text that is one word; `None` for any other.
pub(crate) fn one_word(text: &str) -> Option<String> {
    let mut found = tokens(text, 2);
    match found.len() {
        1 => found.pop().map(|token| token.text),
        _ => None,
    }
}

/// What holds the words of a group together.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Bond {
    /// A hyphen or the like: the parts are found singly, side by side, and as one word.
    #[default]
    Compound,
    /// A decimal point or a fraction bar.
    Number,
    /// Characters of a script without spaces.
    Unspaced,
}

#[derive(Default)]
struct Tokens {
    list: Vec<Token>,
    group: usize,
    group_start: usize,
    bond: Bond,
    position: usize,
    /// The unstemmed parts of the group written as one word.
    joined: String,
    previous_end: usize,
    /// Whether a quotation mark was opened, so that the next one is no inch.
    quoted: bool,
}

impl Tokens {
    fn push(&mut self, text: &str, word: FoldedWord) {
        let gap =
            if self.list.is_empty() { &text[..word.span.start] } else { &text[self.previous_end..word.span.start] };
        self.read_gap(gap);
        self.previous_end = word.span.end;
        if word.text == "s" && is_apostrophe(gap) {
            // The possessive says nothing: men's, men.
            return;
        }
        let parts = self.list.len() - self.group_start;
        let bond = if word.unspaced { Some(Bond::Unspaced) } else { bond(gap, &self.joined, &word.text) };
        let continues = parts > 0
            && match bond {
                Some(Bond::Unspaced) => gap.is_empty() && self.bond == Bond::Unspaced,
                Some(bond) => {
                    let alike = self.bond == bond || parts == 1 && self.bond != Bond::Unspaced;
                    alike && parts < limits::COMPOUND_PARTS_MAX
                }
                None => false,
            };
        if !continues {
            self.close_group();
        }
        self.bond = bond.filter(|bond| continues || *bond == Bond::Unspaced).unwrap_or_default();
        if self.bond == Bond::Number && !word.text.ends_with(|c: char| c.is_ascii_digit()) {
            // `3.5mm` is `3.5 mm`.
            let digits = word.text.bytes().take_while(u8::is_ascii_digit).count();
            let unit = word.text[digits..].to_owned();
            self.add(word.text[..digits].to_owned());
            self.close_group();
            self.bond = Bond::Compound;
            self.add(unit);
            return;
        }
        self.add(word.text);
    }

    fn add(&mut self, mut folded: String) {
        let mut unstemmed = None;
        if self.bond != Bond::Unspaced {
            self.joined.push_str(&folded);
            truncate(&mut folded);
            let whole = folded.clone();
            stem(&mut folded);
            unstemmed = (whole != folded).then_some(whole);
        }
        let tight = self.bond == Bond::Unspaced;
        self.list.push(Token {
            text: folded,
            unstemmed,
            position: self.position,
            group: self.group,
            joined: false,
            tight,
        });
        self.position += 1;
    }

    /// Reads an inch sign after a number, and which quotation marks are open.
    fn read_gap(&mut self, gap: &str) {
        let after_number =
            self.list.last().is_some_and(|token| !token.joined && token.text.ends_with(|c: char| c.is_ascii_digit()));
        let mut rest = gap;
        if after_number
            && !self.quoted
            && let Some(after) = ["\"", "\u{2033}", "\u{201D}", "''"].iter().find_map(|sign| gap.strip_prefix(sign))
        {
            rest = after;
            self.close_group();
            self.bond = Bond::Compound;
            self.add("inch".to_owned());
            self.close_group();
        }
        if rest.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
            self.quoted = !self.quoted;
        }
    }

    fn end(&mut self, text: &str) {
        if !self.list.is_empty() {
            self.read_gap(&text[self.previous_end..]);
        }
        self.close_group();
    }

    fn close_group(&mut self) {
        let parts = &mut self.list[self.group_start..];
        if parts.len() > 1 {
            match self.bond {
                Bond::Unspaced => {}
                Bond::Number => parts.iter_mut().for_each(|part| part.tight = true),
                Bond::Compound => {
                    let mut text = std::mem::take(&mut self.joined);
                    truncate(&mut text);
                    let whole = text.clone();
                    stem(&mut text);
                    let unstemmed = (whole != text).then_some(whole);
                    let position = parts[0].position;
                    let group = self.group;
                    self.list.push(Token { text, unstemmed, position, group, joined: true, tight: false });
                }
            }
        }
        self.joined.clear();
        self.group += 1;
        self.group_start = self.list.len();
    }
}

/// What `gap` makes of the words on both sides of it: `3.5` and `1/2` are numbers, `wi-fi` and `1,000` (`1000`) compounds.
fn bond(gap: &str, before: &str, after: &str) -> Option<Bond> {
    let digits = before.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit());
    let thousands = gap == "," && digits && after.len() == 3 && after.bytes().all(|byte| byte.is_ascii_digit());
    if digits && matches!(gap, "." | "," | "/") && !thousands {
        Some(Bond::Number)
    } else if thousands || matches!(gap, "-" | "_" | "\u{2010}" | "\u{2011}" | "&" | ".") || is_apostrophe(gap) {
        Some(Bond::Compound)
    } else {
        None
    }
}

fn is_apostrophe(gap: &str) -> bool {
    matches!(gap, "'" | "\u{2019}" | "\u{2018}" | "\u{02BC}" | "`" | "\u{00B4}")
}

fn truncate(word: &mut String) {
    word.truncate(word.floor_char_boundary(limits::WORD_BYTES_MAX));
}

/// [`tokens`] as tantivy wants them.
#[derive(Clone, Default)]
pub(crate) struct FoldingTokenizer;

impl Tokenizer for FoldingTokenizer {
    type TokenStream<'a> = FoldedStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldedStream {
        FoldedStream { tokens: tokens(text, usize::MAX).into_iter(), token: TantivyToken::default() }
    }
}

/// The stream of a text's tokens.
pub(crate) struct FoldedStream {
    tokens: std::vec::IntoIter<Token>,
    token: TantivyToken,
}

impl TokenStream for FoldedStream {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else { return false };
        self.token.position = token.position;
        self.token.text = token.text;
        true
    }

    fn token(&self) -> &TantivyToken {
        &self.token
    }

    fn token_mut(&mut self) -> &mut TantivyToken {
        &mut self.token
    }
}
