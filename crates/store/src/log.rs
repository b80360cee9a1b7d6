use std::path::Path;

use rusqlite::{CachedStatement, OptionalExtension, Row, Rows, params};

use crate::append::{log_row, user_hash};
use crate::fault::Failure;
use crate::{Change, Entry, Fault, Reader, connection, limits};

impl Reader {
    /// Opens a reader on an existing file.
    ///
    /// # Errors
    /// As for [`crate::Store::open`]; a missing file is [`Fault::Io`].
    pub fn open(path: &Path) -> Result<Reader, Fault> {
        let connection = connection::reader(path).map_err(|failure| failure.at(path))?;
        Ok(Reader { connection, path: path.to_path_buf() })
    }

    /// The last position given; 0 for an empty store.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn last_position(&self) -> Result<u64, Fault> {
        self.read(|| Ok(log_row(&self.connection)?.0 as u64))
    }

    /// Reads every entry after `from`, in the order of positions, and gives each to `take`, until `take` says stop (false).
    /// The positions between entries may have gaps: what was replaced or erased is not there.
    ///
    /// It reads in slices of at most [`limits::FOLLOW_ENTRIES_MAX`] entries and ends when there is no further entry.
    /// Nothing is locked while `take` runs, so it may take its time. What is replaced between two slices is read
    /// only at its new position.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn follow(&self, from: u64, take: &mut dyn FnMut(Entry) -> bool) -> Result<(), Fault> {
        let mut from = i64::try_from(from).unwrap_or(i64::MAX);
        let mut slice = Vec::new();
        loop {
            self.read(|| self.slice(from, &mut slice))?;
            let Some(last) = slice.last() else { return Ok(()) };
            from = last.position as i64;
            for entry in slice.drain(..) {
                if !take(entry) {
                    return Ok(());
                }
            }
        }
    }

    /// Fills `slice` with the next entries after `from`: three tables, each in the order of positions, merged.
    fn slice(&self, from: i64, slice: &mut Vec<Entry>) -> Result<(), Failure> {
        // One transaction: the three tables are read as of one moment.
        let transaction = self.connection.unchecked_transaction()?;
        let mut interactions = transaction.prepare_cached(
            "SELECT position, body FROM interactions WHERE position > ?1 AND body <> '' ORDER BY position",
        )?;
        let mut products = transaction
            .prepare_cached("SELECT position, id, body FROM products WHERE position > ?1 ORDER BY position")?;
        let mut users = transaction.prepare_cached(
            "SELECT position, id, body FROM users WHERE position > ?1 AND id <> '' ORDER BY position",
        )?;
        let mut tables = [
            Table::start(&mut interactions, from, interaction)?,
            Table::start(&mut products, from, product)?,
            Table::start(&mut users, from, user)?,
        ];
        let mut bytes = 0;
        while slice.len() < limits::FOLLOW_ENTRIES_MAX && bytes < limits::FOLLOW_BYTES_MAX {
            let next = tables
                .iter_mut()
                .filter(|table| table.head.is_some())
                .min_by_key(|table| table.head.as_ref().map(|entry| entry.position));
            let Some(entry) = next.map(Table::next).transpose()?.flatten() else { break };
            bytes += body_bytes(&entry.change);
            slice.push(entry);
        }
        Ok(())
    }

    /// A product's JSON. `None` where there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product(&self, id: &str) -> Result<Option<String>, Fault> {
        self.read(|| {
            let mut statement = self.connection.prepare_cached("SELECT body FROM products WHERE id = ?1")?;
            Ok(statement.query_row([id], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// A user's JSON. `None` where there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user(&self, id: &str) -> Result<Option<String>, Fault> {
        self.read(|| {
            let mut statement = self.connection.prepare_cached("SELECT body FROM users WHERE hash = ?1 AND id = ?2")?;
            Ok(statement.query_row(params![user_hash(id), id], |row| row.get(0)).optional()?)
        })
    }

    /// The ids of all products, in the order of ids; of one `type` only where given.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product_ids(&self, kind: Option<&str>) -> Result<Vec<String>, Fault> {
        self.read(|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT id FROM products INDEXED BY products_listed
                 WHERE body IS NOT NULL AND (?1 IS NULL OR kind = ?1) ORDER BY id",
            )?;
            let ids = statement.query_map([kind], |row| row.get(0))?;
            Ok(ids.collect::<Result<_, _>>()?)
        })
    }

    /// The ids of all users with a profile, in the order of ids.
    ///
    /// O(n · log n) for n users, all of whose ids are in memory.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user_ids(&self) -> Result<Vec<String>, Fault> {
        self.read(|| {
            let mut statement = self.connection.prepare_cached("SELECT id FROM users WHERE id <> ''")?;
            let ids = statement.query_map([], |row| row.get(0))?;
            let mut ids: Vec<String> = ids.collect::<Result<_, _>>()?;
            ids.sort_unstable();
            Ok(ids)
        })
    }

    /// Runs `work`, whose failure is one of this file.
    pub(crate) fn read<T>(&self, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Fault> {
        work().map_err(|failure| failure.at(&self.path))
    }
}

/// One table under way, with its next entry at hand.
struct Table<'a> {
    rows: Rows<'a>,
    entry: fn(&Row<'_>) -> rusqlite::Result<Entry>,
    head: Option<Entry>,
}

impl<'a> Table<'a> {
    fn start(
        statement: &'a mut CachedStatement<'_>,
        from: i64,
        entry: fn(&Row<'_>) -> rusqlite::Result<Entry>,
    ) -> Result<Table<'a>, Failure> {
        let mut table = Table { rows: statement.query([from])?, entry, head: None };
        table.next()?;
        Ok(table)
    }

    /// Gives the entry at hand and reads the one after it.
    fn next(&mut self) -> Result<Option<Entry>, Failure> {
        let following = self.rows.next()?.map(self.entry).transpose()?;
        Ok(std::mem::replace(&mut self.head, following))
    }
}

fn interaction(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry { position: position(row)?, change: Change::Interaction { body: row.get(1)? } })
}

fn product(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let id = row.get(1)?;
    let change = match row.get(2)? {
        Some(body) => Change::PutProduct { id, body },
        None => Change::DeleteProduct { id },
    };
    Ok(Entry { position: position(row)?, change })
}

fn user(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry { position: position(row)?, change: Change::PutUser { id: row.get(1)?, body: row.get(2)? } })
}

fn position(row: &Row<'_>) -> rusqlite::Result<u64> {
    row.get::<_, i64>(0).map(|position| position as u64)
}

fn body_bytes(change: &Change) -> usize {
    match change {
        Change::PutProduct { body, .. } | Change::PutUser { body, .. } | Change::Interaction { body } => body.len(),
        Change::DeleteProduct { .. } | Change::DeleteUser { .. } => 0,
    }
}
