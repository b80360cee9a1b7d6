//! HTTP, keys, clocks, threads and metrics: the process that serves the environments of a data folder.

mod environment;
mod http;
pub mod limits;
mod settings;

pub use environment::{Environment, EnvironmentName, WriteError, Written};
pub use http::{Running, serve};
pub use settings::Settings;
