//! The data folder as a process holds it: one process at a time, and a note of where it listens.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The data folder, locked for this process until dropped.
pub(super) struct Folder {
    path: PathBuf,
    /// The system gives the lock back when the file is closed, also when the process is killed.
    _lock: File,
}

impl Folder {
    /// Creates the folder where missing and takes its lock.
    pub(super) fn enter(path: &Path) -> Result<Folder, String> {
        let shown = path.display();
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        // The folder holds keys and people's histories; other accounts of the machine have no business there.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|e| {
            format!(
                "cannot create the data folder {shown}: {e}; choose another one with --data, or change its permissions"
            )
        })?;
        let lock_path = path.join("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&lock_path).map_err(|e| {
            format!("cannot open {}: {e}; change the permissions of the data folder", lock_path.display())
        })?;
        match lock.try_lock() {
            Ok(()) => Ok(Folder { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "the data folder {shown} is in use by another process{}; stop that one first, or choose another folder with --data",
                holder(path)
            )),
            Err(TryLockError::Error(e)) => Err(format!("cannot lock {}: {e}", lock_path.display())),
        }
    }

    /// Which folder.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Notes in `server.json` where the process listens, for the command line on the same machine.
    pub(super) fn announce(&self, address: SocketAddr) -> Result<(), String> {
        let path = self.path.join("server.json");
        let fresh = self.path.join("server.json.new");
        let note = json!({"address": address.to_string(), "pid": std::process::id()});
        // Written beside and moved, so that a reader never sees half of it.
        File::create(&fresh)
            .and_then(|mut file| file.write_all(note.to_string().as_bytes()))
            .and_then(|()| std::fs::rename(&fresh, &path))
            .map_err(|e| format!("cannot write {}: {e}; is the disk full or read-only?", path.display()))
    }

    /// Takes the note away; the lock goes with the value.
    pub(super) fn leave(self) {
        let _ = std::fs::remove_file(self.path.join("server.json"));
    }
}

/// Who holds the folder, as far as its note says: ` (process 12, listening on 127.0.0.1:7700)`.
fn holder(path: &Path) -> String {
    let note =
        std::fs::read(path.join("server.json")).ok().and_then(|text| serde_json::from_slice::<Value>(&text).ok());
    match note.as_ref().map(|note| (note["pid"].as_u64(), note["address"].as_str())) {
        Some((Some(pid), Some(address))) => format!(" (process {pid}, listening on {address})"),
        _ => String::new(),
    }
}
