//! The durable truth of an environment: one ordered log of changes and the newest version of each record.
//!
//! One SQLite file, one writer ([`Store`]) and any number of readers ([`Reader`]). The log is compacted by key: every
//! change takes the next position; products and users keep their newest version at its position, interactions keep
//! theirs for good, a deletion leaves a mark. So [`Reader::follow`] from any position gives what a follower needs
//! to reach the present.

mod backup;
mod erase;
mod fault;
pub mod limits;
mod log;
mod schema;
mod tables;

use std::path::Path;

pub use backup::{backup, restore};
pub use fault::Fault;
pub use tables::{Key, KeyKind, Task};

/// A change to be written. Bodies are JSON.
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
    /// A user's profile goes.
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
}

/// A reader beside the writer, on a connection of its own; it sees whatever was committed when a call begins.
pub struct Reader {
    connection: rusqlite::Connection,
}

impl Store {
    /// Opens the file, creates it where missing, and brings an older format forward.
    ///
    /// # Errors
    /// [`Fault::Newer`] for a file of a later program; [`Fault::Corrupt`]; [`Fault::Full`] or [`Fault::ReadOnly`] of the disk.
    pub fn open(path: &Path) -> Result<Store, Fault> {
        let _ = path;
        todo!()
    }

    /// Appends `changes` in their order, all or none, and returns when they are on disk. Gives the position of the
    /// last one; they are numbered without gaps. An empty slice gives the last position.
    ///
    /// # Errors
    /// [`Fault::Full`], [`Fault::ReadOnly`]: nothing was written, and the next call may succeed.
    pub fn append(&mut self, changes: &[Change]) -> Result<u64, Fault> {
        let _ = (changes, &self.connection);
        todo!()
    }

    /// Erases for good: the entries at `positions` (interactions), and the profiles and deletion marks of `user_ids`. When
    /// it returns, no byte of them is left in the file or beside it (secure delete, log truncated).
    /// `scan` asks for a search through all interactions for these `user_ids` and `anonymous_ids` besides.
    ///
    /// # Errors
    /// As for [`Store::append`]; a call that failed half-way may be repeated.
    pub fn erase(&mut self, erasure: &Erasure) -> Result<Erased, Fault> {
        let _ = erasure;
        todo!()
    }
}

/// What to erase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Interactions, by position, rising.
    pub positions: Vec<u64>,
    /// Users whose profiles and marks go too (empty to keep profiles).
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
