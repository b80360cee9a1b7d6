//! Replays a log up to a moment, asks, and compares with what came next: full ranking over the whole catalogue.

mod case;
mod measure;
mod report;
mod split;

pub use case::{Case, Replay};
pub use measure::{Figures, measure};
pub use report::{Row, Table};
pub use split::{Split, SplitFault};

use recommend::{Metrics, Model, Options, TrainingError};

/// What came out of one replay.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Ours first, then each expert alone and the popularities: the baselines.
    pub table: Table,
    /// What the model itself held of it, from the last part of its own log.
    pub metrics: Metrics,
    /// How long the training took.
    pub training_ms: u128,
    /// How long the model took to answer all questions, on all threads.
    pub answering_ms: u128,
}

/// Trains on the replay's past and measures on its cases; `clock_ms` is a clock that only rises, for durations.
///
/// # Errors
/// [`TrainingError`] where the past holds nothing.
pub fn run(replay: &Replay, seed: u64, clock_ms: &dyn Fn() -> u128) -> Result<Outcome, TrainingError> {
    let now_ms = replay.past.observations.iter().map(|observation| observation.time_ms).max().unwrap_or(0);
    let begun = clock_ms();
    let model = Model::train(&replay.past, &Options { now_ms, seed }, &|_| true)?;
    let training_ms = clock_ms() - begun;
    let mut table = Table::default();
    let begun = clock_ms();
    table.rows.push(Row::new("tamari", measure(replay, &|case| model.score(&case.history, case.now_ms))));
    let answering_ms = clock_ms() - begun;
    for (expert, name) in Model::expert_names().into_iter().enumerate() {
        let figures = measure(replay, &|case| model.score_by_expert(expert, &case.history, case.now_ms));
        table.rows.push(Row::new(name, figures));
    }
    Ok(Outcome { table, metrics: model.metrics(), training_ms, answering_ms })
}
