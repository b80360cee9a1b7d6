//! HTTP, keys, clocks, threads and metrics: the process that serves the environments of a data folder.

mod backups;
pub mod demo;
mod dojo;
mod engine_definition;
mod environment;
mod environments;
mod experiments;
mod http;
pub mod limits;
mod report;
mod schedule;
mod settings;

pub use backups::take_over_former;
pub use dojo::dojo_served;
pub use environment::{Arrival, Environment, EnvironmentName, TrainingState, TrainingStatus, WriteError, Written};
pub use http::{Running, serve, served};
pub use settings::Settings;
