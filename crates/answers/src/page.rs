//! A product's HTML, cut into passages that can be pointed at.

mod excerpt;
mod markup;
mod selector;
#[cfg(test)]
mod tests;
mod tree;

use tree::{Child, Element, Tree};

use crate::limits::{CONTEXT_WORDS_MAX, PAGE_BYTES_MAX, PASSAGE_WORDS_MAX, PASSAGES_PER_PAGE_MAX};

pub use excerpt::{Block, Excerpt};

/// A page and its passages: the texts that may answer, in the order of the page.
///
/// Reads HTML as leniently as browsers do, up to [`PAGE_BYTES_MAX`]. O(bytes).
pub struct Page<'a> {
    tree: Tree<'a>,
    passages: Vec<Passage>,
}

/// The text of a block element, or a part of a long one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Passage {
    element: usize,
    pub(crate) text: String,
    /// The headings it stands under, and the question before it.
    pub(crate) context: String,
}

impl<'a> Page<'a> {
    /// Reads `html`; a text without a tag is a page of one passage.
    pub fn read(html: &'a str) -> Page<'a> {
        let mut end = html.len().min(PAGE_BYTES_MAX);
        while !html.is_char_boundary(end) {
            end -= 1;
        }
        let tree = Tree::read(&html[..end]);
        let mut cutter = Cutter { tree: &tree, headings: Vec::new(), question: None, passages: Vec::new() };
        cutter.walk(Tree::BODY);
        let passages = cutter.passages;
        Page { tree, passages }
    }

    pub(crate) fn passages(&self) -> &[Passage] {
        &self.passages
    }
}

struct Cutter<'a> {
    tree: &'a Tree<'a>,
    /// The headings in force: level and text.
    headings: Vec<(u8, String)>,
    /// A question of the page itself that waits for its answer: a term of a list, or a short text that asks.
    question: Option<String>,
    passages: Vec<Passage>,
}

/// A text with a question mark at its end and no more words than this is a question of the page, not an answer.
const ASKING_WORDS_MAX: usize = 30;

impl Cutter<'_> {
    fn walk(&mut self, at: usize) {
        let element = &self.tree.elements[at];
        if element.is_silent() || self.passages.len() >= PASSAGES_PER_PAGE_MAX {
            return;
        }
        if let Some(level) = element.heading_level() {
            let text = self.tree.text_of(at);
            self.headings.retain(|&(other, _)| other < level);
            self.headings.push((level, text));
            self.question = None;
            return;
        }
        if matches!(&*element.name, "dt" | "summary" | "caption" | "legend") {
            self.question = Some(self.tree.text_of(at));
            return;
        }
        if element.is_block() {
            let text = if &*element.name == "tr" { self.tree.text_of(at) } else { self.tree.own_text(at) };
            self.take(at, &text);
            if &*element.name == "tr" {
                return;
            }
        }
        for child in &element.children {
            if let &Child::Element(child) = child {
                self.walk(child);
            }
        }
    }

    fn take(&mut self, element: usize, text: &str) {
        if !text.contains(char::is_alphanumeric) {
            return;
        }
        if text.ends_with(['?', '？']) && text.split(' ').take(ASKING_WORDS_MAX + 1).count() <= ASKING_WORDS_MAX {
            self.question = Some(text.to_owned());
            return;
        }
        let headings = self.headings.iter().map(|(_, text)| text.as_str());
        let context = headings.chain(self.question.as_deref()).collect::<Vec<_>>().join(" ");
        let context: String = context.split(' ').take(CONTEXT_WORDS_MAX).collect::<Vec<_>>().join(" ");
        for piece in pieces(text) {
            if self.passages.len() < PASSAGES_PER_PAGE_MAX {
                self.passages.push(Passage { element, text: piece.to_owned(), context: context.clone() });
            }
        }
    }
}

/// The text in parts of at most [`PASSAGE_WORDS_MAX`] words, cut at the ends of sentences where there are any.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        let Some((cut, _)) = rest.match_indices(' ').nth(PASSAGE_WORDS_MAX - 1) else {
            pieces.push(rest);
            return pieces;
        };
        let sentence =
            rest[..cut].rmatch_indices([' ']).map(|(at, _)| at).find(|&at| rest[..at].ends_with(['.', '!', '?']));
        let cut = sentence.unwrap_or(cut);
        pieces.push(&rest[..cut]);
        rest = &rest[cut + 1..];
    }
}

impl Element<'_> {
    /// 1 to 6.
    fn heading_level(&self) -> Option<u8> {
        match self.name.as_bytes() {
            [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
            _ => None,
        }
    }
}
