//! How a connection to the file is set up, and how its write-ahead log is emptied.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, ffi};

use crate::fault::Failure;
use crate::{limits, schema};

/// The writer's connection, with every setting that durability and erasure rest on. Creates the file where it is missing.
pub(crate) fn writer(path: &Path) -> Result<Connection, Failure> {
    let created = !path.try_exists()?;
    if created {
        create(path)?;
    }
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Before anything is written: the file of a later program, or of another one, is left as it is.
    schema::check(&connection)?;
    if connection.is_readonly("main")? {
        return Err(Failure::ReadOnly("the file is write-protected".into()));
    }
    // The page size counts only for a new file. 8 KiB holds some 40 interactions and keeps most products out of overflow pages.
    connection.pragma_update(None, "page_size", 8192)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(Failure::ReadOnly(format!("the journal stays in mode {mode}, WAL is needed")));
    }
    // An append is on disk when it returns.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is overwritten with zeros, in cells, in freed pages, and in replaced versions alike.
    connection.pragma_update(None, "secure_delete", "ON")?;
    connection.pragma_update(None, "foreign_keys", "OFF")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    // Statement journals hold copies of pages: they stay in memory.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -16 * 1024)?;
    connection.pragma_update(None, "wal_autocheckpoint", limits::LOG_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", limits::LOG_BYTES)?;
    if created {
        sync_folder(path)?;
    }
    Ok(connection)
}

/// A reader's connection: it can change nothing, though it opens the file for writing, which reading a log needs.
pub(crate) fn reader(path: &Path) -> Result<Connection, Failure> {
    std::fs::metadata(path)?;
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "query_only", "ON")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -8 * 1024)?;
    if schema::check(&connection)? != schema::FORMAT {
        return Err(Failure::Damaged("it holds no environment of the present format".into()));
    }
    Ok(connection)
}

/// Makes an empty file that nobody but its owner can read, for it will hold keys and personal data. SQLite gives the
/// files beside it the same rights.
pub(crate) fn create(path: &Path) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// A bare connection, each used by one thread at a time.
pub(crate) fn open(path: &Path, flags: OpenFlags) -> Result<Connection, Failure> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_millis(limits::BUSY_MS))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Brings the whole write-ahead log into the file and cuts it to nothing, so that no older image of a page is left.
/// Waits for readers, each of `attempts` times up to [`limits::TRUNCATE_WAIT_MS`].
pub(crate) fn truncate_log(connection: &Connection, path: &Path, attempts: usize) -> Result<(), Failure> {
    connection.busy_timeout(Duration::from_millis(limits::TRUNCATE_WAIT_MS))?;
    let emptied = (0..attempts).try_fold(false, |emptied, _| {
        if emptied {
            return Ok(true);
        }
        let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        // SQLite's word is not taken for it: the length of the file is.
        Ok::<bool, Failure>(busy == 0 && log_bytes(path)? == 0)
    });
    connection.busy_timeout(Duration::from_millis(limits::BUSY_MS))?;
    if emptied? { Ok(()) } else { Err(busy("a reader holds the write-ahead log; repeat the call")) }
}

/// The length of the write-ahead log beside the file at `path`.
fn log_bytes(path: &Path) -> Result<u64, Failure> {
    match std::fs::metadata(beside(path, "-wal")) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error.into()),
    }
}

/// SQLite's own error for a lock that others hold.
pub(crate) fn busy(message: &str) -> Failure {
    let error = ffi::Error::new(ffi::SQLITE_BUSY);
    Failure::Sqlite(rusqlite::Error::SqliteFailure(error, Some(message.into())))
}

/// The path with `suffix` behind its file name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Makes the names in the folder of `path` durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()?;
    Ok(())
}
