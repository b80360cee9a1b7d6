//! One file per question: candidates, then ranking, then business rules, then the answer.
//!
//! Answering reads memory only. A missing model means a simpler answer, never an error; the layers of fallback are
//! in `rank.rs`.

mod anchoring;
mod answer;
mod autocomplete;
mod common;
mod content;
mod context;
mod continuation;
mod document;
mod explanation;
mod facets;
mod features;
mod formula;
mod gathered;
mod geo;
mod goal;
pub mod limits;
mod listing;
mod meaning;
mod mget;
mod order;
mod position_bias;
mod product_to_products;
mod query_lift;
mod questions;
mod rank;
pub mod request;
mod rules;
mod scope;
mod search;
mod signals;
mod spelling;
mod standing;
#[cfg(test)]
mod tests;
mod user_to_attributes;
mod user_to_categories;
mod user_to_history;
mod user_to_products;
mod user_to_trending;

pub use answer::{Answer, Refused};
pub use autocomplete::autocomplete;
pub use features::of_bodies as product_features;
pub use goal::{Goal, WeightBy};
pub use listing::{Listing, list, listed};
pub use mget::mget;
pub use product_to_products::product_to_products;
pub use questions::{Pages, QuestionAnswering, question_answering};
pub use search::search;
pub use signals::{converts, training_dataset, weight};
pub use standing::popular_order;
pub use user_to_attributes::user_to_attributes;
pub use user_to_categories::user_to_categories;
pub use user_to_history::user_to_history;
pub use user_to_products::user_to_products;
pub use user_to_trending::user_to_trending;

/// Everything an answer may read.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The live view.
    pub state: &'a state::State,
    /// The text index.
    pub index: &'a ::search::Index,
    /// The completions.
    pub completions: &'a ::search::Completions,
    /// What the products mean.
    pub meanings: &'a ::search::Meanings,
    /// The model in use by the engine asked for; `None` before the first training.
    pub model: Option<&'a recommend::Model>,
    /// The products by popularity, as [`popular_order`] gave them some seconds ago. May be stale or empty: products
    /// that it lacks are still found, last.
    pub popular: &'a [state::ProductRow],
    /// The list that the person was given under this `pagination_id` so far; empty for a new one.
    pub kept: &'a [state::ProductRow],
    /// The present.
    pub now: record::Time,
    /// Makes an answer with randomness in it repeatable.
    pub seed: u64,
}

/// Where nothing newer than this is known, the log has ended: an import of the past.
const QUIET_MS_MAX: i64 = 2 * record::Time::DAY_MS;

impl View<'_> {
    /// The moment by which popular and rising products are told: the present, or the end of a log that ended long ago, so
    /// that an imported past has trends as it had them then.
    pub(crate) fn present(&self) -> record::Time {
        present(self.state, self.now)
    }
}

/// The moment by which popular and rising products are told; see [`QUIET_MS_MAX`].
pub fn present(state: &state::State, now: record::Time) -> record::Time {
    match state.latest() {
        Some(latest) if now.0.saturating_sub(latest.0) > QUIET_MS_MAX => latest,
        _ => now,
    }
}
