//! What people look at: figures, people, interactions, keys. One file per page of the dashboard.

pub(super) mod accounts;
pub(super) mod answers;
pub(super) mod backups;
pub(super) mod card;
pub(super) mod catalogue;
pub(super) mod export;
pub(super) mod interactions;
pub(super) mod keys;
pub(super) mod live;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod preview;
pub(super) mod quality;
pub(super) mod records;
pub(super) mod refused;
pub(super) mod relay;
pub(super) mod retention;
pub(super) mod server;
pub(super) mod uploads;

use crate::EnvironmentName;
use crate::dojo::trouble::Trouble;

/// Lets a call through that loses something, where the environment's name was typed.
fn confirmed(environment: EnvironmentName, typed: &str) -> Result<(), Trouble> {
    if typed == environment.name() {
        return Ok(());
    }
    Err(Trouble::Invalid(format!(
        "confirm is invalid. It must be `{}`, the name of the environment.",
        environment.name()
    )))
}
