use crate::blend::softmax;
use crate::calibration::{Calibration, ReliabilityBin};
use crate::cooccurrence::Neighbours;
use crate::experts::set::{EXPERTS, Experts};
use crate::learned::{Learned, learn};
use crate::lessons;
use crate::neighbours::Tuning;
use crate::ranker::{Context, Ranker};
use crate::scores::{Scores, sort_positive};
use crate::taste::Taste;
use crate::{Dataset, Observation, baskets};

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

/// How the model did on the last part of its own log, which it had not seen then.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Questions asked; 0 where the log is too small to hold a part back.
    pub cases: u32,
    /// nDCG@10 of the model, 0–1.
    pub ndcg: f32,
    /// nDCG@10 of the blend alone, without the second look of the forest.
    pub ndcg_blend: f32,
    /// nDCG@10 of the best of the popularities of longer and shorter times, on the same questions.
    pub ndcg_popularity: f32,
    /// nDCG@10 of the best of those that forget, on the same questions.
    pub ndcg_recent_popularity: f32,
    /// nDCG@10 of the neighbours of products by cosine alone, on the same questions.
    pub ndcg_item_to_item: f32,
    /// nDCG@10 of the linear model (EASE^R) alone, on the same questions.
    pub ndcg_linear: f32,
}

/// Why a product is where it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explanation {
    /// What speaks for it with its share, the greatest first: one of [`Model::expert_names`], or `popularity`, `newness`,
    /// `leaning` (to its category, brand or the like), `description` (of a product without history), `second_look`, and `worth` (of the aim).
    pub sources: Vec<(&'static str, f32)>,
    /// The products of the history that speak for it, with their shares, the greatest first.
    pub because: Vec<(u32, f32)>,
}

/// Leaves the positive parts as shares of their sum, the greatest first, ties by key.
fn shares<K: Ord + Copy>(parts: &mut Vec<(K, f32)>) {
    parts.retain(|&(_, part)| part > 0.0);
    let sum: f32 = parts.iter().map(|&(_, part)| part).sum();
    parts.iter_mut().for_each(|(_, part)| *part /= sum);
    parts.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
}

/// What was learned: the product side only, no person.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub(crate) observations: u64,
    pub(crate) experts: Experts,
    pub(crate) bought_together: Neighbours,
    pub(crate) ranker: Ranker,
    pub(crate) calibration: Calibration,
    pub(crate) reliability: Vec<ReliabilityBin>,
    pub(crate) tuning: Tuning,
    pub(crate) metrics: Metrics,
}

impl Model {
    /// Learns from `dataset`. `progress` is told the share done (0–1), and stops the training by answering false.
    ///
    /// The experts learn from the log without its last part, the blend learns from that part whom to believe, and then
    /// the experts learn from all of it. Runs on the caller's rayon pool. The outcome is a function of the dataset and
    /// the seed alone, not of the number of threads.
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
        if dataset.observations.is_empty() {
            return Err(TrainingError::NoData);
        }
        if !progress(0.0) {
            return Err(TrainingError::Cancelled);
        }
        let worth = dataset.aim.worth.iter().take(dataset.products as usize);
        let worth_ln: Vec<f32> =
            worth.map(|&worth| if worth > 0.0 && worth.is_finite() { worth.ln() } else { 0.0 }).collect();
        let learned = match lessons::split(dataset, options.seed) {
            Some(mut split) => {
                let experts = Experts::train(&split.before, tuning, options.seed, None, &|share| progress(share * 0.4));
                let experts = experts.ok_or(TrainingError::Cancelled)?;
                split.before = Dataset::default();
                let learned = learn(&split, experts, dataset, worth_ln);
                if !progress(0.5) {
                    return Err(TrainingError::Cancelled);
                }
                learned
            }
            None => Learned { ranker: Ranker { worth_ln, ..Ranker::default() }, ..Learned::default() },
        };
        let Learned { ranker, calibration, reliability, metrics, alike } = learned;
        let experts = Experts::train(dataset, tuning, options.seed, alike, &|share| progress(0.5 + share * 0.4));
        let experts = experts.ok_or(TrainingError::Cancelled)?;
        let bought_together = baskets::bought_together(dataset, &|share| progress(0.9 + share * 0.1));
        let bought_together = bought_together.ok_or(TrainingError::Cancelled)?;
        progress(1.0);
        Ok(Model {
            observations: dataset.observations.len() as u64,
            experts,
            bought_together,
            ranker,
            calibration,
            reliability,
            tuning: tuning.clone(),
            metrics,
        })
    }

    /// Scores the products that a visitor with this `history` (in time order) likeliest wants next, higher is better,
    /// best first, ties by row; some hundred products, without those of the history. Never empty where anything is
    /// popular: an empty history gives what strangers want.
    ///
    /// The scores are positive and sum to 1: the chance of being the next among the candidates.
    pub fn score(&self, history: &[Observation], now_ms: i64) -> Vec<(u32, f32)> {
        self.score_allowed(history, now_ms, &|_| true)
    }

    /// As [`Model::score`], of the `allowed` products only.
    pub fn score_allowed(
        &self,
        history: &[Observation],
        now_ms: i64,
        allowed: &dyn Fn(u32) -> bool,
    ) -> Vec<(u32, f32)> {
        let taste = self.taste(history, now_ms);
        let candidates = self.experts.candidates(&taste, allowed);
        if candidates.rows.is_empty() {
            return Vec::new();
        }
        let chances = softmax(&self.ranker.logits(Context::of(&taste), &candidates));
        let mut list: Vec<(u32, f32)> = candidates.rows.iter().copied().zip(chances).collect();
        sort_positive(&mut list);
        list
    }

    /// The names of the experts, popularity last: the baselines that stand beside the model.
    pub fn expert_names() -> Vec<&'static str> {
        EXPERTS
            .into_iter()
            .chain(["popular", "popular_recent", "popular_late", "popular_now", "popular_latest"])
            .chain(["adopted", "adopted_recent", "adopted_late", "adopted_now"])
            .collect()
    }

    /// What one of [`Model::expert_names`] says alone, in no order.
    pub fn score_by_expert(&self, expert: usize, history: &[Observation], now_ms: i64) -> Vec<(u32, f32)> {
        let taste = self.taste(history, now_ms);
        match expert.checked_sub(EXPERTS.len()) {
            None => self.experts.scores_of(expert, &taste, &mut Scores::new(self.experts.products)),
            Some(period) => {
                let counts = &self.experts.popularity.counts[period];
                counts.iter().enumerate().map(|(row, &count)| (row as u32, count)).collect()
            }
        }
    }

    /// Why `product` is where it is for this history: the experts with their shares of what speaks for it, the greatest
    /// first, and the products of the history that speak for it, with their shares, at most `because_max`.
    ///
    /// The shares are those of the positive parts of the product's score over the mean candidate's, and so true to the
    /// score; they sum to 1. `None` where the product is no candidate.
    pub fn explain(
        &self,
        history: &[Observation],
        now_ms: i64,
        product: u32,
        because_max: usize,
    ) -> Option<Explanation> {
        let taste = self.taste(history, now_ms);
        let candidates = self.experts.candidates(&taste, &|_| true);
        let index = candidates.rows.iter().position(|&row| row == product)?;
        let mut sources = self.ranker.parts(Context::of(&taste), &candidates, index);
        shares(&mut sources);
        let mut because: Vec<(u32, f32)> = Vec::new();
        for &(source, share) in &sources {
            if let Some(expert) = EXPERTS.iter().position(|&name| name == source) {
                let mut spoken = self.experts.spoken_for(expert, &taste, product);
                shares(&mut spoken);
                because.extend(spoken.into_iter().map(|(held, part)| (held, share * part)));
            }
        }
        because.sort_unstable_by_key(|&(held, _)| held);
        because.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0.0 };
            same
        });
        shares(&mut because);
        because.truncate(because_max);
        Some(Explanation { sources, because })
    }

    fn taste(&self, history: &[Observation], now_ms: i64) -> Taste {
        Taste::new(history, self.experts.products, self.experts.popularity.latest_ms, now_ms)
    }

    /// The products most related to this one with their similarity in (0, 1], best first, ties by row; at most
    /// [`crate::limits::NEIGHBOURS_MAX`]. Empty for a product that the model does not know.
    pub fn related(&self, product: u32) -> &[(u32, f32)] {
        self.experts.related.of(product)
    }

    /// The products most bought or used together with this one (same visitor, close in time), as for [`Model::related`].
    pub fn bought_together(&self, product: u32) -> &[(u32, f32)] {
        self.bought_together.of(product)
    }

    /// How likely a product with this score, as [`Model::score`] gives it, is what the visitor wants next: in [0, 1],
    /// rising with the score, as often as it came true on the last part of the log. Without that, the score itself.
    pub fn likelihood(&self, score: f32) -> f32 {
        self.calibration.of(score)
    }

    /// The reliability curve of [`Model::likelihood`], in rising order: chances given on the last part of the log with how often
    /// they came true. They were mended on one half of its questions and are told of the other, both ways. Empty where the log
    /// is too small to hold a part back.
    pub fn reliability(&self) -> &[ReliabilityBin] {
        &self.reliability
    }

    /// Whether anybody wanted this product in the log that it was trained on.
    pub fn knows(&self, product: u32) -> bool {
        self.experts.popularity.counts[0].get(product as usize).is_some_and(|&count| count > 0.0)
    }

    /// The number of observations it was trained on.
    pub fn observations(&self) -> usize {
        self.observations as usize
    }

    /// The number of product rows it was trained on; every row in it is less than this.
    pub fn products(&self) -> u32 {
        self.experts.products
    }

    /// The vector of a visitor with this history, as iALS folds it in; `None` where no product of it has a vector. A step of
    /// every answer, told apart for measuring it.
    pub fn fold_in(&self, history: &[Observation], now_ms: i64) -> Option<Vec<f32>> {
        self.experts.factors.fold_in(&self.taste(history, now_ms))
    }

    /// How it did on the last part of its log.
    pub fn metrics(&self) -> Metrics {
        self.metrics
    }
}
