use std::fmt;

use rusqlite::{OptionalExtension, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fault::Failure;
use crate::{Fault, Reader, Store, limits};

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

impl fmt::Debug for Key {
    /// Without the text, which must not come into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl KeyKind {
    /// Its name in the file and in the API.
    pub fn name(self) -> &'static str {
        match self {
            KeyKind::Secret => "secret",
            KeyKind::Publishable => "publishable",
        }
    }
}

impl Store {
    /// Stores a task, in the place of an earlier state of it. Of more than [`limits::TASKS_MAX`], the oldest go.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn put_task(&mut self, task: &Task) -> Result<(), Fault> {
        let body = serde_json::json!(task).to_string();
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO tasks (task_id, body) VALUES (?1, ?2)
                     ON CONFLICT (task_id) DO UPDATE SET body = excluded.body",
                )?
                .execute(params![task.task_id, body])?;
            transaction
                .prepare_cached("DELETE FROM tasks WHERE row <= (SELECT max(row) FROM tasks) - ?1")?
                .execute([limits::TASKS_MAX as i64])?;
            Ok(())
        })
    }

    /// Sets the key of this kind; the one before it is revoked.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn set_key(&mut self, key: &Key) -> Result<(), Fault> {
        self.write(|transaction| {
            transaction
                .prepare_cached("REPLACE INTO keys (kind, text) VALUES (?1, ?2)")?
                .execute(params![key.kind.name(), key.text])?;
            Ok(())
        })
    }

    /// Stores a setting (an engine's definition, the questions, …), or removes it with `None`.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn set(&mut self, name: &str, value: Option<&Value>) -> Result<(), Fault> {
        let value = value.map(Value::to_string);
        self.write(|transaction| {
            match value {
                Some(value) => transaction
                    .prepare_cached("REPLACE INTO settings (name, value) VALUES (?1, ?2)")?
                    .execute(params![name, value])?,
                None => transaction.prepare_cached("DELETE FROM settings WHERE name = ?1")?.execute([name])?,
            };
            Ok(())
        })
    }
}

impl Reader {
    /// A task. `None` for an unknown or forgotten one.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn task(&self, task_id: &str) -> Result<Option<Task>, Fault> {
        self.read(|| self.json("SELECT body FROM tasks WHERE task_id = ?1", task_id))
    }

    /// The keys in force, none to two of them, the secret one first.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn keys(&self) -> Result<Vec<Key>, Fault> {
        self.read(|| {
            let mut statement = self.connection.prepare_cached("SELECT kind, text FROM keys ORDER BY kind DESC")?;
            let mut rows = statement.query([])?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                let name: String = row.get(0)?;
                let kind = [KeyKind::Secret, KeyKind::Publishable].into_iter().find(|kind| kind.name() == name);
                let kind = kind.ok_or_else(|| Failure::Damaged(format!("a key of unknown kind {name}")))?;
                keys.push(Key { kind, text: row.get(1)? });
            }
            Ok(keys)
        })
    }

    /// A setting. `None` where it was never set.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn setting(&self, name: &str) -> Result<Option<Value>, Fault> {
        self.read(|| self.json("SELECT value FROM settings WHERE name = ?1", name))
    }

    /// A number that changes when another connection has written: the sign to read keys and settings again.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn data_version(&self) -> Result<i64, Fault> {
        self.read(|| Ok(self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?))
    }

    /// The one JSON text that `sql` finds by `name`.
    fn json<T: DeserializeOwned>(&self, sql: &str, name: &str) -> Result<Option<T>, Failure> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let text: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
        let value = text.map(|text| serde_json::from_str(&text)).transpose();
        value.map_err(|error| Failure::Damaged(format!("the entry {name}: {error}")))
    }
}
