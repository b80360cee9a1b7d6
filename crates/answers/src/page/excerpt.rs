//! What is shown of a page: the passage that answers, and the block around it.

use std::ops::Range;

use super::Page;
use super::tree::Tree;
use crate::limits::BLOCK_BYTES_MAX;

/// A passage as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// What a reader sees.
    pub text: String,
    /// The whole element, its tags included.
    pub html: String,
    /// Finds the element in the page.
    pub css_selector: String,
}

/// The part of the page that a passage belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The element, its tags included. Of one over [`BLOCK_BYTES_MAX`], only the children that matter.
    pub html: String,
    /// Finds the block in the page.
    pub css_selector: String,
    /// Which of the elements directly within `html` belong to the passage: its heading to before the next one.
    pub relevant_children: Range<usize>,
    /// Finds the passage in the page.
    pub answer_css_selector: String,
    /// The heading over the passage; empty where there is none.
    pub title: String,
}

/// How many elements further out a heading may be that still makes the block.
const LEVELS_MAX: usize = 4;

impl Page<'_> {
    /// The passage of this number; `None` where the page has fewer.
    pub fn excerpt(&self, passage: usize) -> Option<Excerpt> {
        let passage = self.passages.get(passage)?;
        let element = &self.tree.elements[passage.element];
        Some(Excerpt {
            text: passage.text.clone(),
            html: self.tree.html[element.start..element.end].to_owned(),
            css_selector: self.tree.selector(passage.element),
        })
    }

    /// The block around the passage of this number: the nearest element around it that has a heading before it, else its
    /// parent.
    pub fn block(&self, passage: usize) -> Option<Block> {
        let answer = self.passages.get(passage)?.element;
        let tree = &self.tree;
        let mut within = answer;
        let mut found = None;
        for _ in 0..LEVELS_MAX {
            let block = tree.elements[within].parent;
            let children: Vec<usize> = tree.children(block).collect();
            let Some(place) = children.iter().position(|&child| child == within) else { break };
            let level = |child: usize| tree.elements[child].heading_level();
            let heading = children[..place].iter().rposition(|&child| level(child).is_some());
            if let Some(heading) = heading {
                let over = level(children[heading]).unwrap_or(u8::MAX);
                let next =
                    children[place + 1..].iter().position(|&child| level(child).is_some_and(|level| level <= over));
                let end = next.map_or(children.len(), |next| place + 1 + next);
                found = Some((block, children.clone(), heading..end, tree.text_of(children[heading])));
                break;
            }
            if found.is_none() || block == Tree::BODY {
                found.get_or_insert_with(|| (block, children.clone(), place..place + 1, String::new()));
            }
            if block == Tree::BODY {
                break;
            }
            within = block;
        }
        // The body itself, with text of its own.
        let (block, children, mut relevant, title) = found.unwrap_or_else(|| (answer, Vec::new(), 0..0, String::new()));
        let element = &tree.elements[block];
        let mut html = &tree.html[element.start..element.end];
        if html.len() > BLOCK_BYTES_MAX && !relevant.is_empty() {
            let (first, last) = (children[relevant.start], children[relevant.end - 1]);
            html = &tree.html[tree.elements[first].start..tree.elements[last].end];
            relevant = 0..relevant.len();
        }
        Some(Block {
            html: html.to_owned(),
            css_selector: tree.selector(block),
            relevant_children: relevant,
            answer_css_selector: tree.selector(answer),
            title,
        })
    }
}
