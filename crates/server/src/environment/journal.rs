//! The answers given since the last snapshot, in a file: a process that ends without warning loses those of the last quarter of a
//! second, a machine that loses power those of the last seconds (the file is not forced to disk).
//!
//! The file begins with its magic and the epoch of the row numbers in it; then come [`Given`] records. It holds no person's id, but
//! may hold what a person searched for: an erasure empties it.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use state::{Given, State};
use tracing::{error, warn};
use uuid::Uuid;

const MAGIC: &[u8; 8] = b"TAMARIJ1";
const HEAD_BYTES: usize = 24;

/// The journal of an environment.
pub(super) struct Journal {
    path: PathBuf,
    epoch: Uuid,
    /// `None` after a failure, until it is begun anew.
    file: Option<File>,
    bytes: u64,
}

/// The answers that a snapshot lacks, each with its number and the position in the log after which it was given.
pub(super) struct Unsaved(std::iter::Peekable<std::vec::IntoIter<((u64, u64), Given)>>);

impl Unsaved {
    /// Remembers the answers that were given before the entry `position` of the log.
    pub(super) fn remember_before(&mut self, position: u64, state: &mut State) {
        while let Some((_, given)) = self.0.next_if(|((_, after), _)| *after < position) {
            state.remember(given);
        }
    }
}

impl Journal {
    /// Reads what `state` lacks, and opens the file to go on with it. A file of another epoch is begun anew.
    pub(super) fn open(folder: &Path, state: &State) -> (Journal, Unsaved) {
        let path = folder.join("answers.journal");
        let mut journal = Journal { path, epoch: state.epoch(), file: None, bytes: 0 };
        let content = std::fs::read(&journal.path).unwrap_or_default();
        let mut unsaved = Vec::new();
        if content.len() < HEAD_BYTES || content[..HEAD_BYTES] != journal.head() {
            journal.restart();
        } else {
            let known = state.answers().number();
            let mut rest = &content[HEAD_BYTES..];
            while let Some((order, given, after)) = Given::read(rest) {
                if order.0 >= known {
                    unsaved.push((order, given));
                }
                rest = after;
            }
            let whole = (content.len() - rest.len()) as u64;
            journal.go_on(whole);
        }
        (journal, Unsaved(unsaved.into_iter().peekable()))
    }

    /// Bytes in the file.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds records.
    pub(super) fn append(&mut self, records: &[u8]) {
        let Some(file) = &mut self.file else { return };
        match file.write_all(records) {
            Ok(()) => self.bytes += records.len() as u64,
            Err(error) => {
                // The answers are remembered in memory, and the next snapshot holds them.
                error!(%error, "answers could not be written to their journal");
                self.file = None;
            }
        }
    }

    /// Empties the file: a snapshot holds what was in it, or nothing may.
    pub(super) fn restart(&mut self) {
        self.file = None;
        let begun = File::create(&self.path).and_then(|mut file| {
            file.write_all(&self.head())?;
            Ok(file)
        });
        match begun {
            Ok(file) => {
                self.file = Some(file);
                self.bytes = HEAD_BYTES as u64;
            }
            Err(error) => {
                warn!(%error, "answers are not written to a journal; a crash would lose those since the last snapshot")
            }
        }
    }

    /// Goes on behind the first `whole` bytes.
    fn go_on(&mut self, whole: u64) {
        let opened = OpenOptions::new().append(true).open(&self.path).and_then(|file| {
            file.set_len(whole)?;
            Ok(file)
        });
        match opened {
            Ok(file) => {
                self.file = Some(file);
                self.bytes = whole;
            }
            Err(error) => warn!(%error, "the journal of answers cannot be opened"),
        }
    }

    fn head(&self) -> [u8; HEAD_BYTES] {
        let mut head = [0; HEAD_BYTES];
        head[..8].copy_from_slice(MAGIC);
        head[8..].copy_from_slice(self.epoch.as_bytes());
        head
    }
}
