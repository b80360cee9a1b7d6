//! HTML as a sequence of tags and texts.

use std::borrow::Cow;

/// A part of a page.
pub(super) enum Piece<'a> {
    Text { start: usize, end: usize },
    Start { name: Cow<'a, str>, id: Option<&'a str>, hidden: bool, start: usize, end: usize },
    End { name: Cow<'a, str>, start: usize, end: usize },
}

/// Goes over a page. Anything is HTML: a `<` that begins no tag is text, what is left open ends with the page.
pub(super) struct Pieces<'a> {
    html: &'a str,
    at: usize,
    /// A script or the like, whose contents come next and are skipped.
    skipping: Option<Cow<'a, str>>,
}

const SKIPPED: &[&str] = &[
    "iframe", "noscript", "script", "style", "svg", "template", "textarea", "title", "math", "object", "video", "audio",
];

impl<'a> Pieces<'a> {
    pub(super) fn of(html: &'a str) -> Pieces<'a> {
        Pieces { html, at: 0, skipping: None }
    }

    /// Where the closing tag of what is skipped begins.
    fn end_of_skipped(&self, name: &str) -> usize {
        let mut from = self.at;
        while let Some(found) = self.html[from..].find("</") {
            let tag = from + found;
            let after = &self.html.as_bytes()[tag + 2..];
            if after.get(..name.len()).is_some_and(|given| given.eq_ignore_ascii_case(name.as_bytes())) {
                return tag;
            }
            from = tag + 2;
        }
        self.html.len()
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(name) = self.skipping.take() {
            self.at = self.end_of_skipped(&name);
        }
        loop {
            let start = self.at;
            let rest = &self.html[start..];
            if rest.is_empty() {
                return None;
            }
            if let Some(comment) = rest.strip_prefix("<!--") {
                self.at = comment.find("-->").map_or(self.html.len(), |end| start + 4 + end + 3);
                continue;
            }
            if rest.starts_with("<!") || rest.starts_with("<?") {
                self.at = rest.find('>').map_or(self.html.len(), |end| start + end + 1);
                continue;
            }
            if let Some(inside) = rest.strip_prefix("</").filter(|inside| starts_name(inside)) {
                let name = name_of(inside);
                let end = rest.find('>').map_or(self.html.len(), |end| start + end + 1);
                self.at = end;
                return Some(Piece::End { name, start, end });
            }
            if let Some(inside) = rest.strip_prefix('<').filter(|inside| starts_name(inside)) {
                let name = name_of(inside);
                let attributes = Attributes::read(&self.html[start + 1 + name.len()..]);
                let end = start + 1 + name.len() + attributes.bytes;
                self.at = end;
                if SKIPPED.contains(&&*name) && !attributes.closed {
                    self.skipping = Some(name.clone());
                }
                return Some(Piece::Start { name, id: attributes.id, hidden: attributes.hidden, start, end });
            }
            // A `<` that begins no tag is a character like others.
            let first = usize::from(rest.starts_with('<'));
            let end = rest[first..].find('<').map_or(self.html.len(), |next| start + first + next);
            self.at = end;
            return Some(Piece::Text { start, end });
        }
    }
}

fn starts_name(inside: &str) -> bool {
    inside.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn name_of(inside: &str) -> Cow<'_, str> {
    let end = inside.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(inside.len());
    let name = &inside[..end];
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

struct Attributes<'a> {
    id: Option<&'a str>,
    hidden: bool,
    /// Whether the tag closes itself, `<svg/>`.
    closed: bool,
    /// To behind the `>`.
    bytes: usize,
}

impl<'a> Attributes<'a> {
    fn read(text: &'a str) -> Attributes<'a> {
        let bytes = text.as_bytes();
        let mut found = Attributes { id: None, hidden: false, closed: false, bytes: text.len() };
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'>' => {
                    found.bytes = at + 1;
                    found.closed = at > 0 && bytes[at - 1] == b'/';
                    break;
                }
                b if b.is_ascii_whitespace() || b == b'/' => at += 1,
                _ => at = found.one(text, at),
            }
        }
        found
    }

    /// Reads the attribute that begins at `from`; gives where the next may.
    fn one(&mut self, text: &'a str, from: usize) -> usize {
        let bytes = text.as_bytes();
        let until = |from: usize, ends: fn(u8) -> bool| from + bytes[from..].iter().take_while(|&&b| !ends(b)).count();
        let spaces = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        // A stray `=` at the front belongs to the name.
        let name_end = until(from + 1, |b| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/'));
        let equals = spaces(name_end);
        let Some(name) = text.get(from..name_end) else { return name_end };
        if bytes.get(equals) != Some(&b'=') {
            self.hidden |= name.eq_ignore_ascii_case("hidden");
            return name_end;
        }
        let value = spaces(equals + 1);
        let (start, end, next) = match bytes.get(value) {
            Some(&quote @ (b'"' | b'\'')) => match bytes[value + 1..].iter().position(|&b| b == quote) {
                Some(length) => (value + 1, value + 1 + length, value + 2 + length),
                // A value left open would swallow the page: the first `>` ends the tag after all.
                None => {
                    let end = until(value, |b| b == b'>');
                    (value + 1, end.max(value + 1).min(text.len()), end)
                }
            },
            _ => {
                let end = until(value, |b| b.is_ascii_whitespace() || b == b'>');
                (value, end, end)
            }
        };
        if name.eq_ignore_ascii_case("id") && self.id.is_none() {
            self.id = text.get(start..end);
        }
        self.hidden |= name.eq_ignore_ascii_case("hidden");
        next
    }
}
