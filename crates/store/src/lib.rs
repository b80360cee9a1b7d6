//! The durable truth of an environment: one ordered log of changes and the newest version of each record.
//!
//! One SQLite file, one writer ([`Store`]) and any number of readers ([`Reader`]). The log is compacted by key: every
//! change takes the next position; products and users keep their newest version at its position, interactions keep
//! theirs for good, the deletion of a product leaves a mark. So [`Reader::follow`] from any position gives what a follower needs
//! to reach the present.

mod append;
mod backup;
mod compact;
mod connection;
mod erase;
mod fault;
pub mod limits;
mod log;
mod resume;
mod schema;
mod tables;

use std::path::PathBuf;

pub use backup::{backup, restore};
pub use fault::Fault;
pub use tables::{Key, KeyKind, Task};

/// A change to be written. Bodies are JSON; ids are not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A product comes in, or replaces the one with its id.
    PutProduct {
        /// Its id.
        id: String,
        /// Its JSON.
        body: String,
    },
    /// A product goes.
    DeleteProduct {
        /// Its id.
        id: String,
    },
    /// A user's profile comes in, or replaces the one with its id.
    PutUser {
        /// Its id.
        id: String,
        /// Its JSON.
        body: String,
    },
    /// A user's profile goes. It leaves no mark, for a mark would hold the user's id: a follower never reads it, so one
    /// that goes on from a snapshot which knew the profile must start from 0. Whoever deletes takes such snapshots away.
    DeleteUser {
        /// Its id.
        id: String,
    },
    /// An interaction, for good.
    Interaction {
        /// Its JSON.
        body: String,
    },
}

/// An entry of the log, as a follower reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the one order of all changes of the environment, from 1, without repeats.
    pub position: u64,
    /// What changed. A product or user replaced since is read only in its newest version, at the newest position.
    pub change: Change,
}

/// The writer of an environment's file. There is one per file; a second process is refused by the lock on the data folder.
pub struct Store {
    connection: rusqlite::Connection,
    path: PathBuf,
    /// A call has failed: the next one begins on a new connection.
    suspect: bool,
}

/// A reader beside the writer, on a connection of its own; it sees whatever was committed when a call begins.
pub struct Reader {
    connection: rusqlite::Connection,
    path: PathBuf,
}

/// What to erase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Interactions, by position, rising.
    pub positions: Vec<u64>,
    /// Users whose profiles go too (empty to keep profiles).
    pub profiles: Vec<String>,
    /// With `scan`: interactions whose `user_id` is among these go.
    pub user_ids: Vec<String>,
    /// With `scan`: interactions without a `user_id` whose `anonymous_id` is among these go.
    pub anonymous_ids: Vec<String>,
    /// Whether to read through all interactions (slow: about a second per million).
    pub scan: bool,
}

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Interactions.
    pub interactions: usize,
    /// Profiles.
    pub profiles: usize,
}

#[cfg(test)]
mod tests;
