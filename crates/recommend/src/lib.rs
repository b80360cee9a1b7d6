//! The learning: interactions on dense rows to models to scores. Knows no HTTP, no product text, no person's name.

mod baskets;
mod cooccurrence;
mod dataset;
mod file;
pub mod limits;
mod model;
mod neighbours;
#[cfg(test)]
mod tests;

pub use dataset::{Dataset, Observation};
pub use file::ModelFault;
pub use model::{Model, Options, TrainingError};
pub use neighbours::Tuning;
