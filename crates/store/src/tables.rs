use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Fault, Reader, Store};

/// The outcome of an upload, a deletion or a training, for `_status`. It holds no person's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub task_id: String,
    /// What it belongs to: `products`, `users`, `engines`.
    pub scope: String,
    /// When it began, in milliseconds since 1970.
    pub created_ms: i64,
    /// Milliseconds taken.
    pub took_ms: u64,
    /// Whether something failed.
    pub errors: bool,
    /// The HTTP status it would have had.
    pub code: u16,
    /// What the status call answers beside these.
    pub data: Value,
}

/// Which of an environment's two keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyKind {
    /// Everything.
    Secret,
    /// Uploads of interactions and the reading engine calls.
    Publishable,
}

/// A key of the environment.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    /// Which.
    pub kind: KeyKind,
    /// Its text.
    pub text: String,
}

impl Store {
    /// Stores a task, in the place of an earlier state of it.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn put_task(&mut self, task: &Task) -> Result<(), Fault> {
        todo!("{task:?}")
    }

    /// Sets the key of this kind; the one before it is revoked.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn set_key(&mut self, key: &Key) -> Result<(), Fault> {
        todo!("{:?}", key.kind)
    }

    /// Stores a setting (an engine's definition, the questions, …), or removes it with `None`.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn set(&mut self, name: &str, value: Option<&Value>) -> Result<(), Fault> {
        todo!("{name} {value:?}")
    }
}

impl Reader {
    /// A task. `None` for an unknown or forgotten one.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn task(&self, task_id: &str) -> Result<Option<Task>, Fault> {
        todo!("{task_id}")
    }

    /// The keys in force, none to two of them.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn keys(&self) -> Result<Vec<Key>, Fault> {
        todo!()
    }

    /// A setting. `None` where it was never set.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn setting(&self, name: &str) -> Result<Option<Value>, Fault> {
        todo!("{name}")
    }

    /// A number that changes when another connection has written: the sign to read keys and settings again.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn data_version(&self) -> Result<i64, Fault> {
        todo!()
    }
}
