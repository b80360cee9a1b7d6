//! From text to words: case and accents folded, split, stemmed.
//!
//! The same analysis runs on products and on queries, so two spellings find each other when they fold to the same word.

mod fold;
mod stem;
#[cfg(test)]
mod tests;
mod tokenizer;

pub(crate) use fold::{folded_words, typed_bytes};
pub(crate) use tokenizer::{FoldingTokenizer, Token, one_word, tokens};
