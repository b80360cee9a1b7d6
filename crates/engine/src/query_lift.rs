//! What people clicked and bought after the same query lifts those products for it.

use rustc_hash::FxHashMap;

use crate::View;

/// The greatest lift: a product that deserves all is worth twice its score, so that it passes one that is half as relevant.
const LIFT_MAX: f32 = 1.0;

/// How much products gain by what was clicked after the query, by row: 0 for those that were not, at most [`LIFT_MAX`].
#[derive(Debug, Default)]
pub(crate) struct QueryLift {
    gain_by_row: FxHashMap<u32, f32>,
}

impl QueryLift {
    /// For the query as typed.
    pub(crate) fn of(view: View<'_>, query: &str) -> QueryLift {
        let deserved = view.state.query_clicks().deserved(query, view.now);
        QueryLift { gain_by_row: deserved.into_iter().map(|(row, share)| (row.0, LIFT_MAX * share)).collect() }
    }

    /// The products that gain, in no order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = u32> {
        self.gain_by_row.keys().copied()
    }

    /// What is to be added to a score of this product.
    pub(crate) fn added(&self, row: u32, score: f32) -> f32 {
        self.gain_by_row.get(&row).map_or(0.0, |gain| gain * score)
    }
}
