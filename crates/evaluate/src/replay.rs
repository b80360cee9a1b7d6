//! Replays a log up to a moment, asks, and compares with what came next: full ranking over the whole catalogue.

mod case;
pub mod client;
mod measure;
mod report;
mod split;
#[cfg(test)]
mod tests;

use rayon::prelude::*;
use recommend::{Metrics, Model, Options, TrainingError};
use serde_json::{Value, json};

pub use case::{Case, Part, Replay};
pub use measure::{Bin, DEPTH, Difference, Figures, calibration_error, difference, measure, reliability};
pub use report::{Contestant, Report, Row, Table};
pub use split::{Split, SplitFault};

/// A product in a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ranked {
    /// The product.
    pub row: u32,
    /// The chance that it is wanted, where one is said.
    pub chance: Option<f32>,
}

/// A model learned from a replay's past, with what it and its baselines rank.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The model asked directly, without a server.
    pub ours: Contestant,
    /// The methods that stand beside it: each expert alone, and the popularities.
    pub baselines: Vec<Contestant>,
    /// What the model itself held of it, from the last part of its own log.
    pub metrics: Metrics,
    /// How long the training took.
    pub training_ms: u128,
    /// How long the model took to answer all questions, on all threads.
    pub answering_ms: u128,
}

impl Outcome {
    /// What the model itself held of it, as a version of an engine tells it.
    pub fn own_metrics(&self) -> Value {
        json!({
            "validation_cases": self.metrics.cases,
            "ndcg_10": self.metrics.ndcg,
            "ndcg_10_popularity": self.metrics.ndcg_popularity,
            "ndcg_10_recent_popularity": self.metrics.ndcg_recent_popularity,
            "ndcg_10_item_to_item": self.metrics.ndcg_item_to_item,
            "ndcg_10_linear": self.metrics.ndcg_linear,
        })
    }
}

/// Trains on the replay's past and ranks for its cases, beside every baseline; `clock_ms` is a clock that only rises, for
/// durations.
///
/// # Errors
/// [`TrainingError`] where the past holds nothing.
pub fn run(replay: &Replay, seed: u64, clock_ms: &dyn Fn() -> u128) -> Result<Outcome, TrainingError> {
    let (model, outcome) = run_alone(replay, seed, clock_ms)?;
    let baseline = |(expert, name): (usize, &str)| {
        let scores = |case: &Case| model.score_by_expert(expert, &case.history, case.now_ms);
        Contestant { name: method(name), baseline: true, rankings: rankings(replay, &scores, &|_| None) }
    };
    let baselines = Model::expert_names().into_iter().enumerate().map(baseline).collect();
    Ok(Outcome { baselines, ..outcome })
}

/// As [`run`], without the baselines.
///
/// # Errors
/// As for [`run`].
pub fn run_alone(replay: &Replay, seed: u64, clock_ms: &dyn Fn() -> u128) -> Result<(Model, Outcome), TrainingError> {
    let now_ms = replay.past.observations.iter().map(|observation| observation.time_ms).max().unwrap_or(0);
    let begun = clock_ms();
    let model = Model::train(&replay.past, &Options { now_ms, seed }, &|_| true)?;
    let training_ms = clock_ms() - begun;
    let begun = clock_ms();
    let ours = rankings(replay, &|case| score_new(&model, case), &|score| Some(model.likelihood(score)));
    let answering_ms = clock_ms() - begun;
    let metrics = model.metrics();
    let ours = Contestant { name: "tamari, model alone".to_owned(), baseline: false, rankings: ours };
    Ok((model, Outcome { ours, baselines: Vec::new(), metrics, training_ms, answering_ms }))
}

/// What the model says of the products that are new to the visitor, as a server asks it.
fn score_new(model: &Model, case: &Case) -> Vec<(u32, f32)> {
    model.score_allowed(&case.history, case.now_ms, &|row| case.known.binary_search(&row).is_err())
}

/// The method that an expert is, by the name that the field has for it.
fn method(expert: &str) -> String {
    match expert {
        "related" => "item-kNN (cosine)",
        "related_broad" => "item-kNN (BM25)",
        "following" => "sequential rules",
        "linear" => "EASE^R",
        "linear_session" => "EASE^R, last steps",
        "related_session" => "item-kNN, last steps",
        "sessions" => "VSTAN",
        "alike" => "content",
        "alike_session" => "content, last steps",
        "factors" | "als" | "ials" => "iALS",
        "cohort" => "neighbours of the cohort",
        "fresh" => "item-kNN (of late)",
        "popular" => "popularity",
        "popular_recent" => "popularity of late (1/4)",
        "popular_late" => "popularity of late (1/16)",
        "popular_now" => "popularity of late (1/64)",
        "popular_latest" => "popularity of late (1/256)",
        "adopted" => "popularity among those new to it",
        "adopted_recent" => "the same of late (1/4)",
        "adopted_late" => "the same of late (1/16)",
        "adopted_now" => "the same of late (1/64)",
        other => other,
    }
    .to_owned()
}

/// The best products by question that the visitor has not had, ties by row; `scores` may leave products out, they are
/// not ranked.
fn rankings(
    replay: &Replay,
    scores: &(dyn Fn(&Case) -> Vec<(u32, f32)> + Sync),
    chance: &(dyn Fn(f32) -> Option<f32> + Sync),
) -> Vec<Vec<Ranked>> {
    let ranking = |case: &Case| {
        let best = best(case, scores(case)).into_iter();
        best.map(|(row, score)| Ranked { row, chance: chance(score) }).collect()
    };
    replay.cases.par_iter().map(ranking).collect()
}

fn best(case: &Case, mut scores: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    scores.retain(|&(row, score)| score > 0.0 && case.known.binary_search(&row).is_err());
    let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if scores.len() > DEPTH {
        scores.select_nth_unstable_by(DEPTH - 1, better);
        scores.truncate(DEPTH);
    }
    scores.sort_unstable_by(better);
    scores
}
