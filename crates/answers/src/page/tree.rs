//! The elements of a page, as browsers nest them where the page leaves tags out.

use std::borrow::Cow;

use super::markup::{Piece, Pieces};
use crate::limits::DEPTH_MAX;

/// The elements in the order of their start tags; the first is the body.
pub(super) struct Tree<'a> {
    pub(super) html: &'a str,
    pub(super) elements: Vec<Element<'a>>,
}

pub(super) struct Element<'a> {
    /// In lower case.
    pub(super) name: Cow<'a, str>,
    pub(super) id: Option<&'a str>,
    pub(super) parent: usize,
    pub(super) children: Vec<Child>,
    /// Where it begins and ends in the page, tags included.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Shown to nobody, or nothing but controls.
    silent: bool,
}

pub(super) enum Child {
    Element(usize),
    Text { start: usize, end: usize },
}

const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Their contents are no text of the page.
const RAW: &[&str] = &[
    "iframe", "noscript", "script", "style", "svg", "template", "textarea", "title", "math", "object", "video", "audio",
];
const SILENT: &[&str] = &["nav", "button", "select", "datalist"];
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

impl Element<'_> {
    pub(super) fn is_block(&self) -> bool {
        BLOCKS.contains(&&*self.name)
    }

    pub(super) fn is_silent(&self) -> bool {
        self.silent
    }
}

impl<'a> Tree<'a> {
    pub(super) const BODY: usize = 0;

    pub(super) fn read(html: &'a str) -> Tree<'a> {
        let body = Element {
            name: Cow::Borrowed("body"),
            id: None,
            parent: Self::BODY,
            children: Vec::new(),
            start: 0,
            end: html.len(),
            silent: false,
        };
        let mut builder = Builder { tree: Tree { html, elements: vec![body] }, open: vec![Self::BODY] };
        for piece in Pieces::of(html) {
            match piece {
                Piece::Text { start, end } => builder.text(start, end),
                Piece::Start { name, id, hidden, start, end } => builder.start(name, id, hidden, start, end),
                Piece::End { name, start, end } => builder.end(&name, start, end),
            }
        }
        builder.close_to(1, html.len());
        builder.tree
    }

    /// The text of the element and all within, spaces made one.
    pub(super) fn text_of(&self, at: usize) -> String {
        self.gather(at, true)
    }

    /// The text of the element without that of the blocks within.
    pub(super) fn own_text(&self, at: usize) -> String {
        self.gather(at, false)
    }

    fn gather(&self, at: usize, blocks_too: bool) -> String {
        let mut raw = String::new();
        self.collect(at, blocks_too, &mut raw);
        raw.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn collect(&self, at: usize, blocks_too: bool, raw: &mut String) {
        for child in &self.elements[at].children {
            match *child {
                Child::Text { start, end } => record::push_resolved(&self.html[start..end], raw),
                Child::Element(child) => {
                    let element = &self.elements[child];
                    if element.silent {
                        continue;
                    }
                    let parts = element.is_block() || matches!(&*element.name, "br" | "img" | "input" | "option");
                    if parts {
                        raw.push(' ');
                    }
                    if blocks_too || !element.is_block() {
                        self.collect(child, blocks_too, raw);
                    }
                    if parts {
                        raw.push(' ');
                    }
                }
            }
        }
    }

    /// The elements directly within.
    pub(super) fn children(&self, at: usize) -> impl DoubleEndedIterator<Item = usize> + '_ {
        self.elements[at].children.iter().filter_map(|child| match child {
            Child::Element(child) => Some(*child),
            Child::Text { .. } => None,
        })
    }
}

struct Builder<'a> {
    tree: Tree<'a>,
    /// From the body inwards.
    open: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn innermost(&self) -> usize {
        *self.open.last().unwrap_or(&Tree::BODY)
    }

    fn name(&self, at: usize) -> &str {
        &self.tree.elements[at].name
    }

    fn text(&mut self, start: usize, end: usize) {
        let innermost = self.innermost();
        self.tree.elements[innermost].children.push(Child::Text { start, end });
    }

    fn start(&mut self, name: Cow<'a, str>, id: Option<&'a str>, hidden: bool, start: usize, end: usize) {
        if matches!(&*name, "html" | "head" | "body") {
            return;
        }
        self.close_implied(&name, start);
        self.open_implied(&name, start);
        let is_raw = RAW.contains(&&*name);
        let silent = hidden || is_raw || SILENT.contains(&&*name);
        let childless = is_raw || VOID.contains(&&*name) || self.open.len() >= DEPTH_MAX;
        let element = self.push(name, id, silent, start, end);
        if !childless {
            self.open.push(element);
        }
    }

    fn push(&mut self, name: Cow<'a, str>, id: Option<&'a str>, silent: bool, start: usize, end: usize) -> usize {
        let parent = self.innermost();
        let at = self.tree.elements.len();
        self.tree.elements.push(Element { name, id, parent, children: Vec::new(), start, end, silent });
        self.tree.elements[parent].children.push(Child::Element(at));
        at
    }

    fn end(&mut self, name: &str, start: usize, end: usize) {
        let found = (1..self.open.len()).rev().find(|&depth| self.name(self.open[depth]) == name);
        match found {
            Some(depth) => {
                self.close_to(depth + 1, start);
                self.close_to(depth, end);
            }
            // As browsers do.
            None if name == "p" => {
                self.push(Cow::Borrowed("p"), None, false, start, end);
            }
            None if RAW.contains(&name) => {
                // The end of what was skipped belongs to it.
                let innermost = self.innermost();
                if let Some(&Child::Element(last)) = self.tree.elements[innermost].children.last()
                    && self.name(last) == name
                {
                    self.tree.elements[last].end = end;
                }
            }
            None => {}
        }
    }

    /// Closes the open elements down to this many; they end at `end`.
    fn close_to(&mut self, count: usize, end: usize) {
        for closed in self.open.drain(count.min(self.open.len())..) {
            self.tree.elements[closed].end = end;
        }
    }

    /// What an element of this name ends although no tag says so.
    fn close_implied(&mut self, name: &str, at: usize) {
        let (closed, within): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "tr" => (&["tr"], &["table"]),
            "td" | "th" => (&["td", "th"], &["table", "tr"]),
            "tbody" | "thead" | "tfoot" => (&["tbody", "thead", "tfoot", "caption"], &["table"]),
            "option" => (&["option"], &["select"]),
            _ => (&[], &[]),
        };
        if !closed.is_empty() {
            self.close_nearest(closed, within, at);
        }
        if BLOCKS.contains(&name) {
            self.close_nearest(&["p"], &["table", "td", "th", "caption", "button", "object"], at);
        }
    }

    fn close_nearest(&mut self, closed: &[&str], within: &[&str], at: usize) {
        for depth in (1..self.open.len()).rev() {
            let name = self.name(self.open[depth]);
            if closed.contains(&name) {
                return self.close_to(depth, at);
            }
            if within.contains(&name) {
                return;
            }
        }
    }

    /// The parts of a table that browsers put in where the page leaves them out.
    fn open_implied(&mut self, name: &str, at: usize) {
        if name == "tr" && self.name(self.innermost()) == "table" {
            let body = self.push(Cow::Borrowed("tbody"), None, false, at, at);
            self.open.push(body);
        }
        if matches!(name, "td" | "th") {
            self.open_implied("tr", at);
            if matches!(self.name(self.innermost()), "tbody" | "thead" | "tfoot") {
                let row = self.push(Cow::Borrowed("tr"), None, false, at, at);
                self.open.push(row);
            }
        }
    }
}
