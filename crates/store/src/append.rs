use std::borrow::Cow;
use std::path::Path;

use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};
use serde::Deserialize;

use crate::fault::Failure;
use crate::{Change, Fault, Reader, Store, connection, schema};

impl Store {
    /// Opens the file, creates it where missing, and brings an older format forward. What a crash left in the
    /// write-ahead log is brought into the file, and the log emptied.
    ///
    /// # Errors
    /// [`Fault::Newer`] for a file of a later program; [`Fault::Corrupt`]; [`Fault::Full`] or [`Fault::ReadOnly`] of the disk.
    pub fn open(path: &Path) -> Result<Store, Fault> {
        let open = || {
            let mut connection = connection::writer(path)?;
            schema::migrate(&mut connection)?;
            // An erasure whose process died between commit and truncation ends here. Where it cannot, because
            // another process has the file open or the disk is full, that must not keep the service from starting.
            if let Err(failure) = connection::truncate_log(&connection, path, 1) {
                tracing::warn!(fault = %failure.at(path), "could not empty the write-ahead log at the start");
            }
            Ok(connection)
        };
        let connection = open().map_err(|failure: Failure| failure.at(path))?;
        Ok(Store { connection, path: path.to_path_buf(), suspect: false })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A reader of this file.
    ///
    /// # Errors
    /// As for [`Reader::open`].
    pub fn reader(&self) -> Result<Reader, Fault> {
        Reader::open(&self.path)
    }

    /// Appends `changes` in their order, all or none, and returns when they are on disk. Gives the position of the
    /// last one; they are numbered without gaps. An empty slice gives the last position.
    ///
    /// # Errors
    /// [`Fault::Full`], [`Fault::ReadOnly`]: nothing was written, and the next call may succeed.
    pub fn append(&mut self, changes: &[Change]) -> Result<u64, Fault> {
        self.write(|transaction| {
            let (last, _) = log_row(transaction)?;
            if changes.is_empty() {
                return Ok(last as u64);
            }
            let mut blank_bytes = 0;
            for (position, change) in (last + 1..).zip(changes) {
                blank_bytes += apply(transaction, position, change)?;
            }
            let last = last + changes.len() as i64;
            transaction
                .prepare_cached("UPDATE log SET last_position = ?1, blank_bytes = blank_bytes + ?2")?
                .execute(params![last, blank_bytes])?;
            Ok(last as u64)
        })
    }

    /// Runs `work` in one transaction: all of it is on disk when this returns, or nothing.
    pub(crate) fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure>) -> Result<T, Fault> {
        self.usable()?;
        let outcome =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Failure::from).and_then(
                |transaction| {
                    // Leaving early drops the transaction, which rolls back.
                    let value = work(&transaction)?;
                    transaction.commit()?;
                    Ok(value)
                },
            );
        outcome.map_err(|failure| self.failed(failure))
    }

    /// Makes sure of a connection in a known state: after a fault SQLite may hold an open transaction or a lock it
    /// could not give back, so the next call begins on a new connection.
    pub(crate) fn usable(&mut self) -> Result<(), Fault> {
        if self.suspect {
            self.connection = connection::writer(&self.path).map_err(|failure| failure.at(&self.path))?;
            self.suspect = false;
        }
        Ok(())
    }

    /// The fault of a call that failed.
    pub(crate) fn failed(&mut self, failure: Failure) -> Fault {
        self.suspect = true;
        failure.at(&self.path)
    }
}

/// The last position given, and the bytes that lie blank.
pub(crate) fn log_row(connection: &rusqlite::Connection) -> Result<(i64, i64), Failure> {
    let mut statement = connection.prepare_cached("SELECT last_position, blank_bytes FROM log")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Writes one change at its position. Gives the bytes of the user's version that it blanked.
fn apply(transaction: &Transaction<'_>, position: i64, change: &Change) -> Result<i64, Failure> {
    match change {
        Change::Interaction { body } => {
            transaction
                .prepare_cached("INSERT INTO interactions (position, body) VALUES (?1, ?2)")?
                .execute(params![position, body])?;
            Ok(0)
        }
        Change::PutProduct { id, body } => {
            put_product(transaction, position, id, product_kind(body).as_deref(), Some(body))
        }
        Change::DeleteProduct { id } => put_product(transaction, position, id, None, None),
        Change::PutUser { id, body } => {
            let blanked = blank_user(transaction, id)?.unwrap_or(0);
            transaction
                .prepare_cached("INSERT INTO users (position, hash, id, body) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![position, user_hash(id), id, body])?;
            Ok(blanked)
        }
        Change::DeleteUser { id } => Ok(blank_user(transaction, id)?.unwrap_or(0)),
    }
}

/// Replaces the row of this id; without a body the new row is the mark of the deletion.
fn put_product(
    transaction: &Transaction<'_>,
    position: i64,
    id: &str,
    kind: Option<&str>,
    body: Option<&str>,
) -> Result<i64, Failure> {
    transaction
        .prepare_cached("REPLACE INTO products (position, id, kind, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![position, id, kind, body])?;
    Ok(0)
}

/// A product's `type`, where its JSON has one.
fn product_kind(body: &str) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Typed<'a> {
        #[serde(rename = "type", borrow, default)]
        kind: Option<Cow<'a, str>>,
    }
    serde_json::from_str::<Typed<'_>>(body).ok().and_then(|typed| typed.kind)
}

/// Blanks the profile of this user. Gives its bytes; `None` where there is none.
pub(crate) fn blank_user(transaction: &Transaction<'_>, id: &str) -> Result<Option<i64>, Failure> {
    let found: Option<(i64, i64)> = transaction
        .prepare_cached(
            "SELECT position, octet_length(id) + octet_length(body) FROM users WHERE hash = ?1 AND id = ?2",
        )?
        .query_row(params![user_hash(id), id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((position, bytes)) = found else { return Ok(None) };
    transaction
        .prepare_cached("UPDATE users SET hash = NULL, id = '', body = '' WHERE position = ?1")?
        .execute([position])?;
    Ok(Some(bytes))
}

/// FNV-1a over the id, 64 bits: only to find the row, whose id is then compared. Part of the file format.
pub(crate) fn user_hash(id: &str) -> i64 {
    let hash = id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    hash as i64
}
