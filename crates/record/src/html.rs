//! HTML as text.

mod entities;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use entities::push_resolved;
use entities::take_entity;

/// The text a reader sees of `html`: without tags, comments, scripts and styles, with entities resolved.
///
/// Lenient as a browser is: an unknown entity stays as written, a `<` that begins no tag is text, a tag or script left open
/// ends with the text. Every tag becomes a space, except those inside a word (`<b>`, `<em>`, `<span>`, …). Text without markup
/// is handed through. O(bytes).
pub fn visible_text(html: &str) -> Cow<'_, str> {
    if !html.contains(['<', '&']) {
        return Cow::Borrowed(html);
    }
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('&') { take_entity(rest, &mut text) } else { take_tag(rest, &mut text) };
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Tags that stand within words, so that they do not part them.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
];

/// Skips the tag, comment, script or style at the start of `rest`; returns what follows it.
fn take_tag<'a>(rest: &'a str, text: &mut String) -> &'a str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        text.push(' ');
        return after(comment, "-->");
    }
    let inside = &rest[1..];
    let name_start = usize::from(inside.starts_with('/'));
    let name_bytes =
        inside.as_bytes()[name_start..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    let name = &inside[name_start..name_start + name_bytes];
    let is_tag = name.starts_with(|c: char| c.is_ascii_alphabetic()) || inside.starts_with(['!', '?']);
    if !is_tag {
        text.push('<');
        return inside;
    }
    if !INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline)) {
        text.push(' ');
    }
    let content = after_tag(inside);
    if name_start == 0
        && ["script", "style", "noscript", "template"].iter().any(|silent| name.eq_ignore_ascii_case(silent))
    {
        return after_closing(content, name);
    }
    content
}

/// What follows the `>` of a tag; a `>` within a quoted value does not end it.
fn after_tag(inside: &str) -> &str {
    let mut quote = None;
    let mut value_begins = false;
    for (at, b) in inside.bytes().enumerate() {
        match (quote, b) {
            (None, b'>') => return &inside[at + 1..],
            (None, b'"' | b'\'') if value_begins => quote = Some(b),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        // A stray quote elsewhere in a tag, such as in `<p don't>`, opens no value.
        value_begins = b == b'=' || (value_begins && b.is_ascii_whitespace());
    }
    // A value left open would swallow the rest of the page: then the first `>` ends the tag after all.
    after(inside, ">")
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// What follows `</name …>`.
fn after_closing<'a>(content: &'a str, name: &str) -> &'a str {
    let mut rest = content;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after(rest, ">");
        }
    }
    ""
}
