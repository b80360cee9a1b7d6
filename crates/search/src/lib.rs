//! The text engine: analysis, index, matching and completion.
//!
//! The index holds text and row numbers only. Filters, stock and prices live in the columns of `state::Catalogue`, so a
//! change of them costs no indexing; a hit is a row with a score, intersected with the rows that the filters allow.
//!
//! Words are compared folded: lower case, without accents, English plural taken off. The story of a search is
//! `analysis` (text to words), `fields` (product to document), `plan` (what the words of a query ask), `score` (postings to
//! scores), [`Index`] (commit, search).

mod analysis;
mod completion;
mod fault;
mod fields;
mod index;
mod lengths;
pub mod limits;
mod markup;
mod plan;
mod rarity;
mod score;
mod spelling;
#[cfg(test)]
mod tests;
mod words;

pub use completion::{CompletedText, Completion, Completions, complete_text};
pub use fault::Fault;
pub use fields::MatchedField;
pub use index::{Found, Hit, Index, IndexSize, TextQuery};
pub use spelling::{Correction, Doubt};
