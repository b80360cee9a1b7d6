use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::{connection, schema};

/// Why the store could not do what was asked: never the caller's fault.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No room on the disk. Nothing was written; it works again when there is room.
    #[error("the disk is full: {path}")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The disk or the file refuses writes. Nothing was written.
    #[error("the disk refuses writes: {path}: {message}")]
    ReadOnly {
        /// The file.
        path: PathBuf,
        /// The system's word.
        message: String,
    },
    /// The file was written by a later program.
    #[error("{path} has format {found}, this program knows formats up to {known}; use a newer program")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's format.
        found: i64,
        /// The newest format known.
        known: i64,
    },
    /// The file is not what was written.
    #[error("{path} is damaged: {message}; restore a backup")]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What does not hold.
        message: String,
    },
    /// Anything else that SQLite says.
    #[error("{path}: {source}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's error.
        source: rusqlite::Error,
    },
    /// Anything else that the file system says.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: std::io::Error,
    },
}

/// An error on its way up, before it is told which file it belongs to.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Of SQLite.
    Sqlite(rusqlite::Error),
    /// Of the file system.
    Io(io::Error),
    /// The file, or its folder, takes no writes.
    ReadOnly(String),
    /// The file is of a later program, with this format.
    Newer(i64),
    /// The file does not hold what it should.
    Damaged(String),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Failure {
        Failure::Sqlite(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

impl Failure {
    /// The fault that this is, of the file at `path`.
    pub(crate) fn at(self, path: &Path) -> Fault {
        let path = path.to_path_buf();
        match self {
            Failure::Sqlite(error) => sqlite(error, path),
            Failure::Io(source) => io_fault(source, path),
            Failure::ReadOnly(message) => Fault::ReadOnly { path, message },
            Failure::Newer(found) => Fault::Newer { path, found, known: schema::FORMAT },
            Failure::Damaged(message) => Fault::Corrupt { path, message },
        }
    }
}

fn sqlite(error: rusqlite::Error, path: PathBuf) -> Fault {
    match &error {
        // A value of another type than the schema says, or text that is no UTF-8, was not written by us.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..) => return Fault::Corrupt { path, message: error.to_string() },
        _ => {}
    }
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Fault::Full { path },
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Fault::Corrupt { path, message: error.to_string() }
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Fault::ReadOnly { path, message: error.to_string() },
        // SQLite keeps the system's reason to itself here: a small write of our own beside the file asks again.
        Some(ErrorCode::SystemIoFailure) => match probe(&path) {
            Err(refused) => io_fault(refused, path),
            Ok(()) => Fault::Sqlite { path, source: error },
        },
        Some(ErrorCode::CannotOpen) => match probe(&path) {
            Err(refused) => io_fault(refused, path),
            Ok(()) => Fault::ReadOnly { path, message: error.to_string() },
        },
        _ => Fault::Sqlite { path, source: error },
    }
}

fn io_fault(source: io::Error, path: PathBuf) -> Fault {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Fault::Full { path },
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            Fault::ReadOnly { path, message: source.to_string() }
        }
        _ => Fault::Io { path, source },
    }
}

/// Writes a little beside the file, to learn whether the disk takes it.
fn probe(path: &Path) -> io::Result<()> {
    let probe = connection::beside(path, "-probe");
    let written = File::create(&probe).and_then(|mut file| {
        file.write_all(&[0; 64 * 1024])?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&probe);
    written.and(removed)
}
