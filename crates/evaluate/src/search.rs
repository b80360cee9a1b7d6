//! How good search is: judged queries, misspelt ones, and typing, asked of anybody who answers.
//!
//! No network here: the caller asks. [`client`] says what to send to the HTTP API and how to read what comes back.

mod catalogue;
pub mod client;
mod judgements;
mod misspelt;
mod plain;
mod report;
#[cfg(test)]
mod tests;
mod typing;

pub use catalogue::Catalogue;
pub use judgements::{Judgements, Measured, Measures};
pub use misspelt::{Misspelt, SpellingFigures};
pub use plain::Bm25;
pub use report::{Contestant, Report};
pub use typing::{CompletionFigures, Saved, Typed, mean_share, saved, with_slip};

/// How deep answers are looked at.
pub const DEPTH: usize = 100;

/// What a search engine answers to a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The products found, best first.
    pub product_ids: Vec<String>,
    /// The query that the answer is to, or that it proposes.
    pub corrected: String,
    /// Whether it takes the query for misspelt.
    pub misspelt: bool,
}

/// One completion of what was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completion {
    /// The text that it proposes.
    pub text: String,
    /// The product whose title it is; empty where it is none.
    pub product_id: String,
}
