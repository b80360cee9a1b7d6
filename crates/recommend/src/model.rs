use rustc_hash::FxHashMap;

use crate::cooccurrence::Neighbours;
use crate::limits::HISTORY_MAX;
use crate::neighbours::Tuning;
use crate::{Dataset, Observation, baskets, neighbours};

/// How to train.
#[derive(Clone, Debug)]
pub struct Options {
    /// The present, in milliseconds since 1970: decay is counted from here.
    pub now_ms: i64,
    /// Makes a training repeatable.
    pub seed: u64,
}

/// Why there is no new model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainingError {
    /// Nothing to learn from.
    #[error("there are no interactions with products to learn from; upload interactions first")]
    NoData,
    /// The caller asked to stop.
    #[error("the training was cancelled")]
    Cancelled,
}

/// What was learned: the product side only, no person.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) products: u32,
    pub(crate) observations: u64,
    pub(crate) related: Neighbours,
    pub(crate) bought_together: Neighbours,
    pub(crate) tuning: Tuning,
}

impl Model {
    /// Learns from `dataset`. `progress` is told the share done (0–1), and stops the training by answering false.
    ///
    /// Runs on the caller's rayon pool. The outcome is a function of the dataset alone: neither `seed` nor the number of
    /// threads changes it.
    ///
    /// # Errors
    /// [`TrainingError`].
    pub fn train(
        dataset: &Dataset,
        options: &Options,
        progress: &(dyn Fn(f32) -> bool + Sync),
    ) -> Result<Model, TrainingError> {
        Model::train_tuned(dataset, options, &Tuning::default(), progress)
    }

    /// As [`Model::train`], with other constants: for measuring them.
    ///
    /// # Errors
    /// [`TrainingError`].
    pub fn train_tuned(
        dataset: &Dataset,
        options: &Options,
        tuning: &Tuning,
        progress: &(dyn Fn(f32) -> bool + Sync),
    ) -> Result<Model, TrainingError> {
        let _ = (options.now_ms, options.seed);
        if dataset.observations.is_empty() {
            return Err(TrainingError::NoData);
        }
        if !progress(0.0) {
            return Err(TrainingError::Cancelled);
        }
        let related = neighbours::related(dataset, tuning, &|share| progress(share * 0.8));
        let related = related.ok_or(TrainingError::Cancelled)?;
        let bought_together = baskets::bought_together(dataset, &|share| progress(0.8 + share * 0.2));
        let bought_together = bought_together.ok_or(TrainingError::Cancelled)?;
        progress(1.0);
        Ok(Model {
            products: dataset.products,
            observations: dataset.observations.len() as u64,
            related,
            bought_together,
            tuning: tuning.clone(),
        })
    }

    /// Scores every product related to the `history` (in time order), higher is better, in no order; a product that
    /// nothing speaks for is absent. The history's own products are among them where others of it speak for them.
    ///
    /// The sum of similarity × weight over the last [`HISTORY_MAX`] observations, where an observation counts less
    /// with each later one and with time, down to a lasting share: the latest click leads, tastes remain. What
    /// speaks against a product takes from those like it; a product left at or below 0 is absent.
    /// Some 5 µs per observation.
    pub fn score(&self, history: &[Observation], now_ms: i64) -> Vec<(u32, f32)> {
        let latest = &history[history.len().saturating_sub(HISTORY_MAX)..];
        let mut scores: FxHashMap<u32, f32> = FxHashMap::default();
        scores.reserve(latest.len().min(20) * 64);
        for (later, observation) in latest.iter().rev().enumerate() {
            let weight = self.present_weight(observation, later, now_ms);
            for &(other, similarity) in self.related(observation.product) {
                *scores.entry(other).or_insert(0.0) += weight * similarity;
            }
        }
        scores.into_iter().filter(|&(_, score)| score > 0.0).collect()
    }

    /// What an observation with `later` ones after it weighs now.
    fn present_weight(&self, observation: &Observation, later: usize, now_ms: i64) -> f32 {
        const DAY_MS: f32 = 86_400_000.0;
        let days = now_ms.saturating_sub(observation.time_ms).max(0) as f32 / DAY_MS;
        let session = (-(later as f32) / self.tuning.session_half_life).exp2();
        let season = (1.0 + days / 30.0).recip();
        let lasting = self.tuning.lasting_share;
        let decay = lasting + (1.0 - lasting) * (0.8 * session + 0.2 * season);
        let weight = if observation.weight.is_finite() { observation.weight } else { 0.0 };
        weight.signum() * weight.abs().ln_1p() * decay
    }

    /// The products most related to this one with their similarity in (0, 1], best first, ties by row; at most
    /// [`crate::limits::NEIGHBOURS_MAX`]. Empty for a product that the model does not know.
    pub fn related(&self, product: u32) -> &[(u32, f32)] {
        self.related.of(product)
    }

    /// The products most bought or used together with this one (same visitor, close in time), as for [`Model::related`].
    pub fn bought_together(&self, product: u32) -> &[(u32, f32)] {
        self.bought_together.of(product)
    }

    /// The number of observations it was trained on.
    pub fn observations(&self) -> usize {
        self.observations as usize
    }

    /// The number of product rows it was trained on; every row in it is less than this.
    pub fn products(&self) -> u32 {
        self.products
    }
}
