//! Every bound on the store.

/// Changes in one append; the writer stops gathering uploads into a group here. A single larger upload is still one append.
pub const CHANGES_PER_APPEND_MAX: usize = 50_000;
/// Tasks kept; the oldest go first.
pub const TASKS_MAX: usize = 10_000;
/// Entries that [`crate::Reader::follow`] reads at a time, so that it holds neither much memory nor the write-ahead log.
pub const FOLLOW_ENTRIES_MAX: usize = 10_000;
/// Bytes of bodies that [`crate::Reader::follow`] reads at a time; the last body may go over it.
pub const FOLLOW_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Milliseconds that a call waits for a lock of another connection.
pub const BUSY_MS: u64 = 5_000;
/// Milliseconds that one attempt to empty the write-ahead log waits for readers.
pub const TRUNCATE_WAIT_MS: u64 = 2_000;
/// Attempts to empty the write-ahead log after an erasure; with the wait, within the ten seconds an erasure may take.
pub const TRUNCATE_ATTEMPTS: usize = 4;
/// Pages in the write-ahead log before it is brought into the file: 16 MiB.
pub const LOG_PAGES: i64 = 2_048;
/// Bytes to which the write-ahead log is cut back when it has grown beyond.
pub const LOG_BYTES: i64 = 64 * 1024 * 1024;
/// Pages that a backup copies in one step: 8 MiB.
pub const BACKUP_PAGES: i32 = 1_024;
