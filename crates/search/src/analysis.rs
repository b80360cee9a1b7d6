//! From text to words: case, accents, width and characters folded, split, segmented, stemmed.
//!
//! The same analysis runs on products and on queries, so two spellings find each other when they fold to the same word. A
//! product is analysed in its own language; a query in every language that the catalogue has, unless it says which.

mod detect;
mod fold;
mod function_words;
mod language;
mod segment;
mod simplified;
mod stems;
#[cfg(test)]
mod tests;
mod tokenizer;

pub use language::Language;

pub(crate) use detect::detect;
pub(crate) use fold::{folded_words, is_hangul, typed_bytes};
pub(crate) use language::base_code;
pub(crate) use tokenizer::{Token, one_word, tokens};
