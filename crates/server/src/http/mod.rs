//! The HTTP face: routes, keys, bodies, errors.
//!
//! One file per group of routes; [`routes`] is the one table of what is served and who may call it. A request passes
//! `access` (request id, log, metrics), the catching of panics, `cors`, compression, then the guard of its route
//! (`auth`: key, permission, playground, rate) before its handler reads the body (`body`). What goes wrong is a
//! [`errors::Failure`], and its file says which status and message that is.

mod access;
mod auth;
mod body;
mod bulk;
mod cors;
mod docs;
mod engines;
mod errors;
mod excerpt;
mod experiments;
mod folder;
mod health;
mod interactions;
mod lifecycle;
mod limit;
mod noting;
mod products;
mod qa;
mod question;
mod queued;
mod recommendation;
mod reports;
mod routes;
mod search;
mod settings;
mod threads;
mod trainings;
mod upload;
mod users;
mod wire;

pub(crate) use auth::OnBehalf;
pub use lifecycle::{Running, serve};
pub use routes::served;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::Settings;
use crate::environments::Environments;

/// What every request may need.
struct App {
    settings: Settings,
    environments: Arc<Environments>,
    limiter: limit::Limiter,
    queued: queued::Queued,
    stopping: AtomicBool,
}
