use std::fs::File;
use std::io;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::fault::Failure;
use crate::{Fault, connection, limits, schema};

/// Copies the file at `from` to a new file `to`, consistent, while others read and write it. The copy is one plain file,
/// written beside `to` first, so that `to` is there whole or not at all.
///
/// An erasure waits for it, and may fail for it if it takes longer than some seconds.
///
/// # Errors
/// A [`Fault`] of either disk; an existing `to` is refused.
pub fn backup(from: &Path, to: &Path) -> Result<(), Fault> {
    let source = connection::reader(from).map_err(|failure| failure.at(from))?;
    let whole = copy(&source, to, |_| Ok(()));
    whole.map_err(|failure| failure.at(to))
}

/// Puts the backup `from` at the new place `to`, after checking that it is whole and of a known format.
///
/// # Errors
/// [`Fault::Corrupt`], [`Fault::Newer`], or a fault of the disk; an existing `to` is refused.
pub fn restore(from: &Path, to: &Path) -> Result<(), Fault> {
    let open = || {
        std::fs::metadata(from)?;
        let source = connection::open(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if schema::check(&source)? == 0 {
            return Err(Failure::Damaged("it is empty".into()));
        }
        check_whole(&source)?;
        Ok(source)
    };
    let source = open().map_err(|failure: Failure| failure.at(from))?;
    // The copy is checked too: a disk may fail in between.
    copy(&source, to, check_whole).map_err(|failure| failure.at(to))
}

/// Copies `source` to a new file `to`, which gets its name when `check` has passed and all is on disk.
fn copy(source: &Connection, to: &Path, check: fn(&Connection) -> Result<(), Failure>) -> Result<(), Failure> {
    refuse_existing(to)?;
    let part = connection::beside(to, ".part");
    remove_part(&part)?;
    let copied = write_part(source, &part, check)
        .and_then(|()| refuse_existing(to))
        .and_then(|()| Ok(std::fs::rename(&part, to)?))
        .and_then(|()| connection::sync_folder(to));
    if copied.is_err() {
        // The first fault is the one to tell; what is left is removed at the next try.
        let _ = remove_part(&part);
    }
    copied
}

fn write_part(source: &Connection, part: &Path, check: fn(&Connection) -> Result<(), Failure>) -> Result<(), Failure> {
    connection::create(part)?;
    let mut target = connection::open(part, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // A read transaction holds one moment of the source; without it, every commit of the writer would start the copy again.
    let moment = source.unchecked_transaction()?;
    moment.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    {
        let backup = Backup::new(&moment, &mut target)?;
        loop {
            match backup.step(limits::BACKUP_PAGES)? {
                StepResult::Done => break,
                StepResult::More => {}
                _ => return Err(connection::busy("the file is locked; repeat the call")),
            }
        }
    }
    drop(moment);
    // Out of WAL mode: one plain file, which can be read even where nothing can be written.
    target.pragma_update(None, "journal_mode", "DELETE")?;
    check(&target)?;
    target.close().map_err(|(_, error)| error)?;
    File::open(part)?.sync_all()?;
    Ok(())
}

/// Whether every page and index of the file holds together.
fn check_whole(connection: &Connection) -> Result<(), Failure> {
    let word: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if word == "ok" { Ok(()) } else { Err(Failure::Damaged(word)) }
}

fn refuse_existing(to: &Path) -> Result<(), Failure> {
    if to.try_exists()? {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it exists already; choose a new place").into());
    }
    Ok(())
}

/// Removes what a copy under way, or one that a crash cut short, has written.
fn remove_part(part: &Path) -> Result<(), Failure> {
    ["", "-journal", "-wal", "-shm"].iter().try_for_each(|suffix| remove(&connection::beside(part, suffix)))
}

fn remove(path: &Path) -> Result<(), Failure> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
