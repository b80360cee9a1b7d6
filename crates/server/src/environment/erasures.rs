//! Who was erased, so that a backup from before an erasure can be restored without bringing the person back.
//!
//! No id is kept: an entry is the HMAC of one under a key that lies in the data folder and in no backup, beside the last
//! position of the log at the time of the erasure. Positions are never given twice, not even after a restore, so that an entry
//! says exactly what was erased: what this person had done up to there, and nothing that came later.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit, Mac};
use parking_lot::Mutex;
use rand::RngExt;
use rustc_hash::FxHashMap;
use sha2::Sha256;
use store::Fault;

use crate::limits::ERASURES_NOTED_MAX;

/// The name of the file within the environment's folder.
pub(crate) const FILE: &str = "erasures";
/// The name of the key's file within the data folder.
const KEY_FILE: &str = "erasures.key";

const MAC_BYTES: usize = 16;
/// One byte for what was erased, the shortened HMAC, the position.
const ENTRY_BYTES: usize = 1 + MAC_BYTES + 8;

/// What an entry speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Erased {
    /// The interactions of a user.
    User = b'u',
    /// Those of an anonymous visitor.
    Anonymous = b'a',
    /// A profile.
    Profile = b'p',
}

/// The file of an environment.
pub(crate) struct Erasures {
    path: PathBuf,
    key_path: PathBuf,
    one_at_a_time: Mutex<()>,
}

impl Erasures {
    /// That of the environment in this folder of a data folder.
    pub(crate) fn of(folder: &Path) -> Erasures {
        let key_path = folder.parent().unwrap_or(folder).join(KEY_FILE);
        Erasures { path: folder.join(FILE), key_path, one_at_a_time: Mutex::new(()) }
    }

    /// Notes that these are erased up to `position`; on disk when it returns. Comes before the erasure itself: one that fails
    /// half-way was asked for all the same.
    pub(crate) fn note<'a>(&self, position: u64, erased: impl Iterator<Item = (Erased, &'a str)>) -> Result<(), Fault> {
        let _one_at_a_time = self.one_at_a_time.lock();
        let write = || -> std::io::Result<()> {
            let key = self.key(true)?;
            let mut bytes = Vec::new();
            for (what, id) in erased {
                bytes.push(what as u8);
                bytes.extend(mac(&key, what, id));
                bytes.extend(position.to_le_bytes());
            }
            let mut file = private().read(true).write(true).create(true).truncate(false).open(&self.path)?;
            let length = file.metadata()?.len();
            // What a crash left of an entry is overwritten.
            let whole = length - length % ENTRY_BYTES as u64;
            file.set_len(whole)?;
            file.seek(SeekFrom::Start(whole))?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            if whole as usize + bytes.len() > ERASURES_NOTED_MAX * ENTRY_BYTES {
                self.forget_oldest(file)?;
            }
            Ok(())
        };
        write().map_err(|source| Fault::Io { path: self.path.clone(), source })
    }

    /// Everything noted.
    pub(crate) fn read(&self) -> Result<Noted, Fault> {
        let read = || -> std::io::Result<Noted> {
            let bytes = match std::fs::read(&self.path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Noted::default()),
                outcome => outcome?,
            };
            let mut noted = Noted { key: self.key(false)?, upto: FxHashMap::default() };
            for entry in bytes.chunks_exact(ENTRY_BYTES) {
                let mut position = [0; 8];
                position.copy_from_slice(&entry[1 + MAC_BYTES..]);
                let mut who = [0; 1 + MAC_BYTES];
                who.copy_from_slice(&entry[..=MAC_BYTES]);
                let upto = noted.upto.entry(who).or_default();
                *upto = (*upto).max(u64::from_le_bytes(position));
            }
            Ok(noted)
        };
        read().map_err(|source| Fault::Io { path: self.path.clone(), source })
    }

    /// Keeps the newer half.
    fn forget_oldest(&self, mut file: File) -> std::io::Result<()> {
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut bytes)?;
        let kept = bytes.len() / ENTRY_BYTES / 2 * ENTRY_BYTES;
        let fresh = self.path.with_extension("new");
        let mut file = private().create(true).truncate(true).write(true).open(&fresh)?;
        file.write_all(&bytes[bytes.len() - kept..])?;
        file.sync_all()?;
        std::fs::rename(&fresh, &self.path)
    }

    fn key(&self, make: bool) -> std::io::Result<[u8; 32]> {
        match std::fs::read_to_string(&self.key_path) {
            Ok(text) => {
                let mut key = [0; 32];
                hex::decode_to_slice(text.trim(), &mut key)
                    .map_err(|error| std::io::Error::other(format!("{}: {error}", self.key_path.display())))?;
                Ok(key)
            }
            Err(error) if make && error.kind() == std::io::ErrorKind::NotFound => {
                let key: [u8; 32] = rand::rng().random();
                // Beside and linked into place: of two environments that make one at the same time, the first holds.
                let fresh = self.key_path.with_extension(format!("{}.new", std::process::id()));
                let mut file = private().create(true).truncate(true).write(true).open(&fresh)?;
                file.write_all(hex::encode(key).as_bytes())?;
                file.sync_all()?;
                let placed = std::fs::hard_link(&fresh, &self.key_path);
                std::fs::remove_file(&fresh)?;
                match placed {
                    Ok(()) => Ok(key),
                    Err(_) => self.key(false),
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// Entries as they were read.
#[derive(Default)]
pub(crate) struct Noted {
    key: [u8; 32],
    upto: FxHashMap<[u8; 1 + MAC_BYTES], u64>,
}

impl Noted {
    /// Whether nobody was erased.
    pub(crate) fn is_empty(&self) -> bool {
        self.upto.is_empty()
    }

    /// Whether what this person left at `position` was erased.
    pub(crate) fn covers(&self, what: Erased, id: &str, position: u64) -> bool {
        let mut who = [what as u8; 1 + MAC_BYTES];
        who[1..].copy_from_slice(&mac(&self.key, what, id));
        self.upto.get(&who).is_some_and(|upto| position <= *upto)
    }
}

fn mac(key: &[u8; 32], what: Erased, id: &str) -> [u8; MAC_BYTES] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(&[what as u8]);
    mac.update(id.as_bytes());
    let mut short = [0; MAC_BYTES];
    short.copy_from_slice(&mac.finalize().into_bytes()[..MAC_BYTES]);
    short
}

/// The key of one data folder's erasures for another one, which has none yet.
pub(crate) fn copy_key(from: &Path, to: &Path) -> Result<(), Fault> {
    let (from, to) = (from.join(KEY_FILE), to.join(KEY_FILE));
    let copy = || -> std::io::Result<()> {
        let text = match std::fs::read(&from) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            outcome => outcome?,
        };
        let mut file = private().create(true).truncate(true).write(true).open(&to)?;
        file.write_all(&text)?;
        file.sync_all()
    };
    copy().map_err(|source| Fault::Io { path: to.clone(), source })
}

/// A file that other accounts of the machine cannot read.
fn private() -> std::fs::OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests;
