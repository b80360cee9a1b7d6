//! What people look at: figures, people, interactions, keys. One file per page of the dashboard.

pub(super) mod accounts;
pub(super) mod answers;
pub(super) mod card;
pub(super) mod export;
pub(super) mod interactions;
pub(super) mod keys;
pub(super) mod live;
pub(super) mod overview;
pub(super) mod people;
pub(super) mod preview;
pub(super) mod quality;
pub(super) mod records;
pub(super) mod relay;
pub(super) mod server;
pub(super) mod uploads;
