//! The text engine: analysis, index, matching and completion.
//!
//! The index holds text and row numbers only. Filters, stock and prices live in the columns of `state::Catalogue`, so a
//! change of them costs no indexing; a hit is a row with a score, intersected with the rows that the filters allow.
//!
//! Words are compared folded: lower case, without accents, number and case taken off by the language of the product. The story of a
//! search is `analysis` (text to words), `fields` (product to documents), `plan` (what the words of a query ask), `score`
//! (postings to scores), `generation` (commit, search), [`Index`] (which generation serves).

mod analysis;
mod completion;
mod encoded;
mod fault;
mod fields;
mod gathered;
mod generation;
mod index;
mod kept;
#[cfg(test)]
mod language_tests;
mod lengths;
pub mod limits;
mod meaning;
mod named;
mod naming;
mod occurrences;
mod plan;
mod rarity;
mod score;
mod searched;
mod settings;
mod snapshot;
mod spelling;
mod synonyms;
#[cfg(test)]
mod tests;
mod thesaurus;
mod unchanged;
mod units;
mod words;

pub use ::meaning::Transformer as Encoder;
pub use analysis::Language;
pub use completion::{CompletedText, Completion, Completions, complete_text};
pub use fault::Fault;
pub use fields::MatchedField;
pub use index::{Best, Found, Hit, Index, IndexSize, TextQuery, best_first};
pub use meaning::{Meaning, Meanings};
pub use searched::{Importance, SearchedFields};
pub use settings::{StopWords, TextSettings};
pub use spelling::{Correction, Doubt};
pub use synonyms::{SynonymRule, SynonymTrouble, Synonyms};
pub use unchanged::has_same_text;
