//! The beginning of a refused body as it may be shown: the shape whole, and of the values only those that name no person.

use crate::limits::EXCERPT_BYTES_MAX;

/// Fields whose values are shown: they speak of products and of the question, not of who asks.
const SHOWN: [&str; 28] = [
    "type",
    "product_id",
    "product_ids",
    "product_group_id",
    "product_group_ids",
    "parent_id",
    "timestamp",
    "created_at",
    "updated_at",
    "availability",
    "original_price",
    "sale_price",
    "rating",
    "quantities",
    "duration",
    "rows",
    "start",
    "fl",
    "fq",
    "boost_fq",
    "advanced_q",
    "engine_id",
    "api_name",
    "field",
    "order",
    "facets",
    "schedule",
    "optimize_for",
];
/// Fields whose objects are looked into; any other object may hold whatever a shop puts there.
const LOOKED_INTO: [&str; 10] = [
    "data",
    "requests",
    "body",
    "order_by",
    "boost_rules",
    "facets",
    "facet_filters",
    "geo",
    "diversification",
    "spellcheck",
];
const HIDDEN: char = '…';

/// One object or array that is open.
#[derive(Clone, Copy)]
struct Open {
    /// Whether the fields of it may be shown.
    looked_into: bool,
    /// Whether values here, under the field at hand, are shown.
    shown: bool,
    /// Whether an object here, under the field at hand, is looked into.
    passes: bool,
}

/// What may be shown of `head`, the first bytes of a body, which may end anywhere; text that is no JSON is hidden.
pub(super) fn excerpt(head: &[u8]) -> String {
    let text = String::from_utf8_lossy(&head[..head.len().min(EXCERPT_BYTES_MAX)]);
    let mut out = String::with_capacity(text.len());
    let mut stack = vec![Open { looked_into: true, shown: false, passes: true }];
    let mut rest = text.as_ref();
    while let Some(first) = rest.chars().next() {
        let here = *stack.last().expect("the outermost is never taken away");
        match first {
            '"' => {
                let (literal, closed) = literal(rest);
                rest = &rest[literal.len()..];
                let is_name = closed && rest.trim_start().starts_with(':');
                if is_name {
                    let name = &literal[1..literal.len() - 1];
                    if let Some(top) = stack.last_mut() {
                        top.shown = here.looked_into && SHOWN.contains(&name);
                        top.passes = here.looked_into && LOOKED_INTO.contains(&name);
                    }
                }
                if is_name || here.shown {
                    out.push_str(literal);
                } else {
                    out.extend(['"', HIDDEN, '"']);
                }
            }
            '{' | '[' => {
                let opened = if first == '{' {
                    Open { looked_into: here.passes, shown: false, passes: false }
                } else {
                    Open { looked_into: false, ..here }
                };
                stack.push(opened);
                out.push(first);
                rest = &rest[1..];
            }
            '}' | ']' => {
                if stack.len() > 1 {
                    stack.pop();
                }
                out.push(first);
                rest = &rest[1..];
            }
            _ if first.is_whitespace() => {
                let trimmed = rest.trim_start();
                if !out.ends_with(' ') {
                    out.push(' ');
                }
                rest = trimmed;
            }
            ',' | ':' => {
                out.push(first);
                rest = &rest[1..];
            }
            _ => {
                let end = rest.find(|letter: char| ",:{}[]\"".contains(letter) || letter.is_whitespace());
                let word = &rest[..end.unwrap_or(rest.len())];
                if here.shown || ["true", "false", "null"].contains(&word) {
                    out.push_str(word);
                } else {
                    out.push(HIDDEN);
                }
                rest = &rest[word.len()..];
            }
        }
    }
    out
}

/// The string that `text` begins with, quotes included, and whether it is closed.
fn literal(text: &str) -> (&str, bool) {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return (&text[..=at], true),
            _ => {}
        }
    }
    (text, false)
}

#[cfg(test)]
mod tests {
    //! Properties: the shape stays, values that may name a person go, wherever the text ends and however it is nested.

    use super::*;

    #[test]
    fn values_that_may_name_a_person_are_hidden() {
        for (given, shown) in [
            (
                r#"{"data":[{"type":"click","user_id":"erika","product_ids":["p1","p2"]}]}"#,
                r#"{"data":[{"type":"click","user_id":"…","product_ids":["p1","p2"]}]}"#,
            ),
            (
                r#"{"data":[{"user_id":12345,"rating":4.5,"value":7}]}"#,
                r#"{"data":[{"user_id":…,"rating":4.5,"value":…}]}"#,
            ),
            (
                r#"{"data": [{"custom_attributes": {"type": "erika", "n": true}}]}"#,
                r#"{"data": [{"custom_attributes": {"type": "…", "n": true}}]}"#,
            ),
            (r#"{"user_ids":["erika",{"type":"x"},"emil"]}"#, r#"{"user_ids":["…",{"type":"…"},"…"]}"#),
            (r#"{"product_ids":[["erika"]],"user_id":"eri"#, r#"{"product_ids":[["erika"]],"user_id":"…""#),
            (r#""erika" erika, {"user\"_id":"erika"}"#, r#""…" …, {"user\"_id":"…"}"#),
            (r#"{"q":"erika","fq":"brand:x"}"#, r#"{"q":"…","fq":"brand:x"}"#),
            ("]]}}\"type\":\"erika", "]]}}\"type\":\"erika"),
            ("", ""),
        ] {
            assert_eq!(excerpt(given.as_bytes()), shown);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text in "[\\[\\]{}:,\"\\\\ a-z0-9é]{0,80}") {
            excerpt(text.as_bytes());
        }
    }
}
