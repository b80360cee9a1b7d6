//! A fair trial of two models: questions of what came after a moment, which neither may have seen.

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::limits::{HISTORY_MAX, TRIAL_QUESTIONS_MAX};
use crate::{Dataset, Model, NEVER_MS, Observation};

struct Question {
    history: Vec<Observation>,
    now_ms: i64,
    /// What the visitor had before.
    had: FxHashSet<u32>,
    wanted: Vec<u32>,
}

/// The log before a moment, and questions of what came after it.
pub struct Trial {
    before: Dataset,
    questions: Vec<Question>,
}

impl Trial {
    /// Asks each visitor who acted at `moment_ms` or later for the products wanted then and not had before; of one who is new
    /// since, the second half is asked for. By the dataset's aim, where it has one. At most [`TRIAL_QUESTIONS_MAX`], evenly drawn
    /// in the order of the visitors.
    pub fn after(dataset: &Dataset, moment_ms: i64) -> Trial {
        let mut before = Dataset {
            products: dataset.products,
            features: dataset.features.clone(),
            met_ms: dataset.met_ms.iter().map(|&met_ms| if met_ms < moment_ms { met_ms } else { NEVER_MS }).collect(),
            aim: crate::Aim { worth: dataset.aim.worth.clone(), ..crate::Aim::default() },
            ..Dataset::default()
        };
        let mut questions = Vec::new();
        let mut start = 0;
        for &end in &dataset.ends {
            let visitor = &dataset.observations[start..end];
            let past = visitor.partition_point(|observation| observation.time_ms < moment_ms);
            if past > 0 {
                before.push(visitor[..past].iter().copied());
                if let Some(wanted) = dataset.aim.wanted.get(start..start + past) {
                    before.aim.wanted.extend_from_slice(wanted);
                }
            }
            let asked_from = if past > 0 { past } else { visitor.len().div_ceil(2) };
            let (history, rest) = visitor.split_at(asked_from);
            let had: FxHashSet<u32> = history.iter().map(|observation| observation.product).collect();
            let aimed_at = |at: usize| dataset.aim.wanted.get(start + asked_from + at).is_none_or(|&wanted| wanted);
            let mut wanted: Vec<u32> = Vec::new();
            for (at, observation) in rest.iter().enumerate() {
                let product = observation.product;
                if observation.weight > 0.0 && aimed_at(at) && !had.contains(&product) && !wanted.contains(&product) {
                    wanted.push(product);
                }
            }
            if !wanted.is_empty() && !history.is_empty() {
                let latest = history[history.len().saturating_sub(HISTORY_MAX)..].to_vec();
                questions.push(Question { history: latest, now_ms: rest[0].time_ms, had, wanted });
            }
            start = end;
        }
        let step = questions.len().div_ceil(TRIAL_QUESTIONS_MAX).max(1);
        Trial { before, questions: questions.into_iter().step_by(step).collect() }
    }

    /// The log before the moment: what a model may learn from to take part.
    pub fn before(&self) -> &Dataset {
        &self.before
    }

    /// How many questions there are.
    pub fn questions(&self) -> usize {
        self.questions.len()
    }

    /// nDCG@10 of the model on each question. Runs on the caller's rayon pool.
    pub fn gains(&self, model: &Model) -> Vec<f32> {
        let discount = |place: usize| 1.0 / ((place + 2) as f32).log2();
        let gain = |question: &Question| {
            let is_new = |row: u32| !question.had.contains(&row);
            let ranked = model.score_allowed(&question.history, question.now_ms, &is_new);
            let hits = ranked.iter().take(10).enumerate().filter(|(_, (row, _))| question.wanted.contains(row));
            let gained: f32 = hits.map(|(place, _)| discount(place)).sum();
            gained / (0..question.wanted.len().min(10)).map(discount).sum::<f32>()
        };
        self.questions.par_iter().map(gain).collect()
    }
}

#[cfg(test)]
mod tests;
