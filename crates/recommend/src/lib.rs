//! The learning: interactions on dense rows to models to scores. Knows no HTTP, no product text, no person's name.

mod baskets;
mod blend;
mod calibration;
mod cooccurrence;
mod dataset;
mod experts;
mod file;
mod forest;
mod learned;
mod lent;
mod lessons;
pub mod limits;
mod model;
mod neighbours;
mod newcomers;
mod random;
mod ranker;
mod scoreboard;
mod scores;
mod symmetric;
mod taste;
#[cfg(test)]
pub(crate) mod tests;
mod trial;

pub use calibration::ReliabilityBin;
pub use dataset::{Aim, Dataset, Features, NEVER_MS, Observation};
pub use file::ModelFault;
pub use model::{Explanation, Metrics, Model, Options, TrainingError};
pub use neighbours::Tuning;
pub use trial::Trial;
