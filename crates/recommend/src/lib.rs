//! The learning: interactions on dense rows to models to scores. Knows no HTTP, no product text, no person's name.

mod dataset;
pub mod limits;
mod model;
mod neighbours;

pub use dataset::{Dataset, Observation};
pub use model::{Model, ModelFault, Options, TrainingError};
