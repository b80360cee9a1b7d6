use crate::{Dataset, Observation};

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

/// Why a model's bytes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelFault {
    /// They are not what was written, or of another version.
    #[error("the model is damaged or of another version: {0}")]
    Damaged(&'static str),
    /// They cannot be read.
    #[error("the model cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// What was learned: the product side only, no person.
pub struct Model {}

impl Model {
    /// Learns from `dataset`. `progress` is told the share done (0–1), and stops the training by answering false.
    ///
    /// # Errors
    /// [`TrainingError`].
    pub fn train(
        dataset: &Dataset,
        options: &Options,
        progress: &(dyn Fn(f32) -> bool + Sync),
    ) -> Result<Model, TrainingError> {
        let _ = (dataset, options, progress);
        todo!()
    }

    /// Scores every product related to the `history` (in time order), higher is better, in no order; a product that
    /// nothing speaks for is absent. The history's own products are among them where others of it speak for them.
    pub fn score(&self, history: &[Observation], now_ms: i64) -> Vec<(u32, f32)> {
        let _ = (history, now_ms);
        todo!()
    }

    /// The products most related to this one with their similarity in (0, 1], best first, ties by row; at most
    /// [`crate::limits::NEIGHBOURS_MAX`]. Empty for a product that the model does not know.
    pub fn related(&self, product: u32) -> &[(u32, f32)] {
        todo!("{product}")
    }

    /// The products most bought or used together with this one (same visitor, close in time), as for [`Model::related`].
    pub fn bought_together(&self, product: u32) -> &[(u32, f32)] {
        todo!("{product}")
    }

    /// The number of observations it was trained on.
    pub fn observations(&self) -> usize {
        todo!()
    }

    /// Writes the model.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn save(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let _ = out;
        todo!()
    }

    /// Reads a model.
    ///
    /// # Errors
    /// [`ModelFault`].
    pub fn load(input: &mut dyn std::io::Read) -> Result<Model, ModelFault> {
        let _ = input;
        todo!()
    }
}
