//! Erasure for good.
//!
//! A row is blanked, not deleted: it keeps its position and loses its content, which secure delete overwrites with zeros,
//! on the page itself and on the overflow pages it gives back. Deletion would have SQLite move the neighbours of the row
//! between pages, leaving copies of them in the unused part of a page, where a later erasure does not look: after deleting
//! 18,000 rows of mixed sizes, 25 could still be read in the file; after blanking them, none.
//!
//! Then the write-ahead log, which holds older images of the pages, is brought into the file and cut to nothing.

use std::borrow::Cow;
use std::collections::HashSet;

use rusqlite::{Transaction, params};
use serde::Deserialize;
use serde_json::Value;

use crate::append::blank_user;
use crate::fault::Failure;
use crate::{Erased, Erasure, Fault, Store, connection, limits};

impl Store {
    /// Erases for good: the entries at `positions` (interactions), and the profiles of `profiles`. When it returns, no
    /// byte of them is left in the file or beside it (secure delete, log truncated).
    /// `scan` asks for a search through all interactions for these `user_ids` and `anonymous_ids` besides.
    ///
    /// It leaves no mark in the log: a follower that goes on from a snapshot which knew the erased must start from 0,
    /// so whoever erases takes such snapshots away first.
    ///
    /// It waits for readers that are in the middle of a read, up to eight seconds.
    ///
    /// # Errors
    /// As for [`Store::append`]; [`Fault::Sqlite`] where a reader did not end in time. A call that failed half-way may be
    /// repeated: then it finds what is left, which may be nothing, and empties the log.
    pub fn erase(&mut self, erasure: &Erasure) -> Result<Erased, Fault> {
        let erased = self.blank(erasure)?;
        self.truncate_log()?;
        Ok(erased)
    }

    /// Erases every interaction for good, as [`Store::erase`] does; gives their number.
    ///
    /// # Errors
    /// As for [`Store::erase`].
    pub fn erase_interactions(&mut self) -> Result<usize, Fault> {
        let erased = self.write(|transaction| {
            let blank_bytes: i64 = transaction.query_row(
                "SELECT coalesce(sum(octet_length(body)), 0) FROM interactions WHERE body <> ''",
                [],
                |row| row.get(0),
            )?;
            let erased = transaction.execute("UPDATE interactions SET body = '' WHERE body <> ''", [])?;
            transaction.execute("UPDATE log SET blank_bytes = blank_bytes + ?1", [blank_bytes])?;
            Ok(erased)
        })?;
        self.truncate_log()?;
        Ok(erased)
    }

    /// The transaction of an erasure; older images of the pages are still in the write-ahead log.
    pub(crate) fn blank(&mut self, erasure: &Erasure) -> Result<Erased, Fault> {
        self.write(|transaction| {
            let mut blank_bytes = 0;
            let mut erased = Erased::default();
            let scanned = if erasure.scan { scan(transaction, erasure)? } else { Vec::new() };
            let given = erasure.positions.iter().filter_map(|position| i64::try_from(*position).ok());
            for position in given.chain(scanned) {
                if let Some(bytes) = blank_interaction(transaction, position)? {
                    blank_bytes += bytes;
                    erased.interactions += 1;
                }
            }
            for id in &erasure.profiles {
                if let Some(bytes) = blank_user(transaction, id)? {
                    blank_bytes += bytes;
                    erased.profiles += 1;
                }
            }
            transaction.execute("UPDATE log SET blank_bytes = blank_bytes + ?1", [blank_bytes])?;
            Ok(erased)
        })
    }

    /// Empties the write-ahead log.
    pub(crate) fn truncate_log(&mut self) -> Result<(), Fault> {
        self.usable()?;
        connection::truncate_log(&self.connection, &self.path, limits::TRUNCATE_ATTEMPTS)
            .map_err(|failure| self.failed(failure))
    }
}

/// Blanks the interaction. Gives its bytes; `None` where there is none.
fn blank_interaction(transaction: &Transaction<'_>, position: i64) -> Result<Option<i64>, Failure> {
    let mut statement =
        transaction.prepare_cached("SELECT octet_length(body) FROM interactions WHERE position = ?1 AND body <> ''")?;
    let mut rows = statement.query([position])?;
    let Some(bytes) = rows.next()?.map(|row| row.get(0)).transpose()? else { return Ok(None) };
    drop(rows);
    transaction.prepare_cached("UPDATE interactions SET body = '' WHERE position = ?1")?.execute(params![position])?;
    Ok(Some(bytes))
}

/// Whose interaction it is.
#[derive(Deserialize)]
struct Person<'a> {
    #[serde(borrow, default)]
    user_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    anonymous_id: Option<Cow<'a, str>>,
}

/// The positions of all interactions of these people.
fn scan(transaction: &Transaction<'_>, erasure: &Erasure) -> Result<Vec<i64>, Failure> {
    let users: HashSet<&str> = erasure.user_ids.iter().map(String::as_str).collect();
    let anonymous: HashSet<&str> = erasure.anonymous_ids.iter().map(String::as_str).collect();
    let mut statement =
        transaction.prepare("SELECT position, body FROM interactions WHERE body <> '' ORDER BY position")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let position = row.get(0)?;
        let body = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let theirs = |user_id: Option<&str>, anonymous_id: Option<&str>| match user_id {
            Some(user_id) => users.contains(user_id),
            None => anonymous_id.is_some_and(|anonymous_id| anonymous.contains(anonymous_id)),
        };
        let matches = match serde_json::from_str::<Person<'_>>(body) {
            Ok(person) => theirs(person.user_id.as_deref(), person.anonymous_id.as_deref()),
            // An id that is no text, or a key that is there twice: read as leniently as can be.
            Err(_) => {
                let body: Value = serde_json::from_str(body)
                    .map_err(|error| Failure::Damaged(format!("the interaction at position {position}: {error}")))?;
                theirs(body["user_id"].as_str(), body["anonymous_id"].as_str())
            }
        };
        if matches {
            found.push(position);
        }
    }
    Ok(found)
}
