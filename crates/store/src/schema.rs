//! The file format and its migrations.
//!
//! `PRAGMA application_id` says that the file is ours, `PRAGMA user_version` which format it has. A format is reached from
//! the one before by one step; a step once released never changes.

use rusqlite::{Connection, TransactionBehavior};

use crate::fault::Failure;

/// The newest format known.
pub(crate) const FORMAT: i64 = STEPS.len() as i64;

/// "Tama": SQLite's mark of whose file it is.
const APPLICATION_ID: i64 = 0x5461_6d61;

/// The step at index `n` brings a file from format `n` to `n + 1`.
const STEPS: &[&str] = &[FORMAT_1];

/// Interactions and users lie in tables that grow only at their end, and whose rows are blanked (see `erase`), not deleted.
/// A deletion has SQLite move the neighbours of a row between pages, and it leaves copies of them in the unused part of a
/// page, where a later erasure would not find them. For the same reason no index holds the id of a user: it holds a hash.
/// Products are nobody's secret: a plain table, where a row without a body is the mark of a deletion.
const FORMAT_1: &str = "
    CREATE TABLE log (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        last_position INTEGER NOT NULL,
        blank_bytes INTEGER NOT NULL
    );
    INSERT INTO log VALUES (1, 0, 0);
    CREATE TABLE interactions (position INTEGER PRIMARY KEY, body TEXT NOT NULL);
    CREATE TABLE products (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT, body TEXT);
    CREATE INDEX products_listed ON products (id, kind) WHERE body IS NOT NULL;
    CREATE TABLE users (position INTEGER PRIMARY KEY, hash INTEGER, id TEXT NOT NULL, body TEXT NOT NULL);
    CREATE INDEX users_by_hash ON users (hash) WHERE hash IS NOT NULL;
    CREATE TABLE tasks (row INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL);
    CREATE TABLE keys (kind TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
";

/// The format of the file, 0 for an empty one; refuses the file of a later program and of another one. Writes nothing.
pub(crate) fn check(connection: &Connection) -> Result<i64, Failure> {
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let format: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application, format) {
        (0, 0) if tables == 0 => Ok(0),
        (APPLICATION_ID, format) if format > FORMAT => Err(Failure::Newer(format)),
        (APPLICATION_ID, format) if format >= 0 => Ok(format),
        _ => Err(Failure::Damaged("it is not a file of this program".into())),
    }
}

/// Brings the file to the newest format: all steps or none.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), Failure> {
    apply(connection, STEPS)
}

fn apply(connection: &mut Connection, steps: &[&str]) -> Result<(), Failure> {
    let known = steps.len() as i64;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found >= known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again under the lock: another process may have been quicker.
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in steps.iter().skip(found as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known.max(found))?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
