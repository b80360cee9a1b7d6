use std::path::PathBuf;

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
