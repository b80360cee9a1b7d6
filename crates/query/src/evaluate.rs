use std::cmp::Ordering;

use crate::{End, Filter, Scalar, Test};

/// What a filter may ask of a product.
pub trait Attributes {
    /// Whether `test` holds for at least one value of the field `name`; values come in no promised order, and a field
    /// that is absent has none. An array has one value per member; `categories` has one per level of each hierarchy;
    /// an object has the values of its members under `name.member`.
    fn any(&self, name: &str, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool;
}

impl Filter {
    /// Whether `product` passes. [`Filter::FullText`] needs an index: here it is a plain case-insensitive word test over
    /// title, subtitle, description, brand, tags and categories.
    pub fn matches(&self, product: &dyn Attributes) -> bool {
        match self {
            Filter::All => true,
            Filter::And(filters) => filters.iter().all(|filter| filter.matches(product)),
            Filter::Or(filters) => filters.iter().any(|filter| filter.matches(product)),
            Filter::Not(filter) => !filter.matches(product),
            Filter::Field { name, test } => product.any(name, &mut |value| test.holds(value)),
            Filter::FullText { text, phrase } => has_words(product, text, *phrase),
        }
    }
}

impl Test {
    /// Whether one value passes. Prefixes and wildcards are for text only.
    pub fn holds(&self, value: Scalar<'_>) -> bool {
        match (self, value) {
            (Test::Exists, _) => true,
            (Test::Equals(literal), value) => value.equals(literal),
            (Test::Prefix(prefix), Scalar::Text(text)) => text.starts_with(prefix.as_str()),
            (Test::Wildcard(pattern), Scalar::Text(text)) => fits(pattern, text),
            (Test::Prefix(_) | Test::Wildcard(_), _) => false,
            (Test::Range { low, high }, value) => {
                low.allows(value, Ordering::Greater) && high.allows(value, Ordering::Less)
            }
        }
    }
}

impl End {
    /// Whether `value` lies on the `inner` side of this end.
    fn allows(&self, value: Scalar<'_>, inner: Ordering) -> bool {
        match self {
            End::Open => true,
            End::Included(literal) => {
                value.compare(literal).is_some_and(|order| order == inner || order == Ordering::Equal)
            }
            End::Excluded(literal) => value.compare(literal) == Some(inner),
        }
    }
}

/// Whether all of `text` fits `pattern` (`*`, `?`, `\`).
fn fits(pattern: &str, text: &str) -> bool {
    if pattern.contains(['?', '\\']) { fits_stepwise(pattern, text) } else { fits_pieces(pattern, text) }
}

/// [`fits`] for patterns of `*` alone: the pieces between them, each at the first place after the one before.
/// It leaves the search to the standard library, which is ten times as fast as stepping.
pub(crate) fn fits_pieces(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut text) = text.strip_suffix(last) else { return false };
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        let Some(place) = text.find(piece) else { return false };
        text = &text[place + piece.len()..];
    }
    true
}

/// [`fits`], one character at a time. On a mismatch only the latest `*` has to take one character more, since an
/// earlier one could not reach further: O(pattern · text), no recursion.
pub(crate) fn fits_stepwise(pattern: &str, text: &str) -> bool {
    let (mut rest, mut text) = (pattern.chars(), text.chars());
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let mut ahead = rest.clone();
        let mut text_ahead = text.clone();
        let one = match ahead.next() {
            Some('*') => {
                rest = ahead.clone();
                retry = Some((ahead, text.clone()));
                continue;
            }
            Some('?') => text_ahead.next().is_some(),
            Some('\\') => {
                let literal = ahead.next();
                literal.is_some() && text_ahead.next() == literal
            }
            Some(literal) => text_ahead.next() == Some(literal),
            None if text_ahead.next().is_none() => return true,
            None => false,
        };
        if one {
            (rest, text) = (ahead, text_ahead);
            continue;
        }
        let Some((after_star, taken)) = &mut retry else { return false };
        if taken.next().is_none() {
            return false;
        }
        (rest, text) = (after_star.clone(), taken.clone());
    }
}

const TEXT_FIELDS: [&str; 6] = ["title", "subtitle", "description", "brand", "tags", "categories"];

fn has_words(product: &dyn Attributes, text: &str, phrase: bool) -> bool {
    let wanted = words(text);
    // Text without a word, such as punctuation only, finds nothing: the index does the same.
    if wanted.is_empty() {
        return false;
    }
    let mut missing: Vec<&str> = wanted.iter().map(String::as_str).collect();
    TEXT_FIELDS.iter().any(|field| {
        product.any(field, &mut |value| {
            let Scalar::Text(text) = value else { return false };
            let found = words(text);
            if phrase {
                return found.windows(wanted.len()).any(|window| window == wanted);
            }
            missing.retain(|word| !found.iter().any(|have| have == word));
            missing.is_empty()
        })
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
