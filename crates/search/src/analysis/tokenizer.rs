use tantivy::tokenizer::{Token as TantivyToken, TokenStream, Tokenizer};

use super::fold::{FoldedWord, folded_words};
use super::stem::stem;
use crate::limits;

/// A word as it stands in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Counts words from 0; a joined compound stands where its first part stands.
    pub(crate) position: usize,
    /// Tokens of one group were written without a space between them: a compound, or a run of an unspaced script.
    pub(crate) group: usize,
    /// The parts of the group written as one word: `dv71211ea` for `dv7-1211ea`.
    pub(crate) joined: bool,
    /// See [`FoldedWord::unspaced`].
    pub(crate) unspaced: bool,
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
    tokens.close_group();
    tokens.list
}

#[derive(Default)]
struct Tokens {
    list: Vec<Token>,
    group: usize,
    group_start: usize,
    position: usize,
    /// The unstemmed parts of the group written as one word.
    joined: String,
    previous_end: usize,
    previous_unspaced: bool,
}

impl Tokens {
    fn push(&mut self, text: &str, word: FoldedWord) {
        let gap = if self.list.is_empty() { " " } else { &text[self.previous_end..word.span.start] };
        self.previous_end = word.span.end;
        if word.text == "s" && is_apostrophe(gap) {
            // The possessive says nothing: men's, men.
            return;
        }
        let parts = self.list.len() - self.group_start;
        let continues = parts > 0
            && word.unspaced == self.previous_unspaced
            && if word.unspaced {
                gap.is_empty()
            } else {
                joins(gap, &self.joined, &word.text) && parts < limits::COMPOUND_PARTS_MAX
            };
        if !continues {
            self.close_group();
        }
        self.previous_unspaced = word.unspaced;
        let mut stemmed = word.text;
        if !word.unspaced {
            self.joined.push_str(&stemmed);
            truncate(&mut stemmed);
            stem(&mut stemmed);
        }
        self.list.push(Token {
            text: stemmed,
            position: self.position,
            group: self.group,
            joined: false,
            unspaced: word.unspaced,
        });
        self.position += 1;
    }

    fn close_group(&mut self) {
        let parts = &self.list[self.group_start..];
        if parts.len() > 1 && !self.previous_unspaced {
            let mut text = std::mem::take(&mut self.joined);
            truncate(&mut text);
            stem(&mut text);
            let position = parts[0].position;
            self.list.push(Token { text, position, group: self.group, joined: true, unspaced: false });
        }
        self.joined.clear();
        self.group += 1;
        self.group_start = self.list.len();
    }
}

/// Whether the words on both sides of `gap` are parts of one name: `wi-fi`, `AB_12`, `U.S.`, but not `3.5`.
fn joins(gap: &str, before: &str, after: &str) -> bool {
    match gap {
        "-" | "_" | "\u{2010}" | "\u{2011}" | "&" => true,
        "." => !(before.ends_with(|c: char| c.is_ascii_digit()) && after.starts_with(|c: char| c.is_ascii_digit())),
        _ => is_apostrophe(gap),
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
