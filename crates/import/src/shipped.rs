//! The mappings that come with the program.

use std::sync::LazyLock;

use super::fields::Kind;
use super::mapping::Mapping;
use super::row::Header;

#[cfg(test)]
mod tests;

/// Names as `--map` takes them; one name has a mapping for each kind of file of its data set.
const TEXTS: [(&str, &str); 10] = [
    ("movielens", include_str!("shipped/movielens-products.toml")),
    ("movielens", include_str!("shipped/movielens-ratings.toml")),
    ("movielens", include_str!("shipped/movielens-tags.toml")),
    ("online-retail", include_str!("shipped/online-retail-products.toml")),
    ("online-retail", include_str!("shipped/online-retail-interactions.toml")),
    ("completejourney", include_str!("shipped/completejourney-products.toml")),
    ("completejourney", include_str!("shipped/completejourney-transactions.toml")),
    ("completejourney", include_str!("shipped/completejourney-demographics.toml")),
    ("yoochoose", include_str!("shipped/yoochoose-clicks.toml")),
    ("shopify", include_str!("shipped/shopify-products.toml")),
];

static SHIPPED: LazyLock<Vec<(&'static str, Mapping)>> = LazyLock::new(|| {
    TEXTS
        .iter()
        .map(|(name, text)| (*name, Mapping::parse(text, name).expect("a test reads every shipped mapping")))
        .collect()
});

/// The names, each once.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = TEXTS.iter().map(|(name, _)| *name).collect();
    names.dedup();
    names
}

/// The mapping of this name for files of this kind. Where the name has several, the one that knows the columns, or else the first.
pub fn named(name: &str, kind: Kind, header: Option<&Header>) -> Option<&'static Mapping> {
    let candidates =
        || SHIPPED.iter().filter(|(own, mapping)| *own == name && mapping.record == kind).map(|(_, mapping)| mapping);
    candidates().find(|mapping| header.is_some_and(|header| knows(mapping, header))).or_else(|| candidates().next())
}

/// The mapping that knows these columns, and its name.
pub(crate) fn recognised(kind: Kind, header: &Header) -> Option<(&'static str, &'static Mapping)> {
    SHIPPED
        .iter()
        .find(|(_, mapping)| mapping.record == kind && knows(mapping, header))
        .map(|(name, mapping)| (*name, mapping))
}

fn knows(mapping: &Mapping, header: &Header) -> bool {
    !mapping.recognise.is_empty()
        && mapping.recognise.iter().all(|column| column.split('|').any(|name| header.column(name).is_some()))
}
