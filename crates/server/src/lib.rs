//! HTTP, keys, clocks, threads and metrics: the process that serves the environments of a data folder.

pub mod demo;
mod dojo;
mod environment;
mod experiments;
mod http;
pub mod limits;
mod report;
mod schedule;
mod settings;

pub use environment::{Arrival, Environment, EnvironmentName, TrainingStatus, WriteError, Written};
pub use http::{Running, serve, served};
pub use settings::Settings;
