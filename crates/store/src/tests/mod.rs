#![allow(clippy::unwrap_used, reason = "tests")]

mod backup;
mod disk;
mod erase;
mod log;
mod tables;

use std::path::{Path, PathBuf};

use crate::{Change, Entry, Reader, Store};

/// An environment's file in a folder of its own, which goes with it.
struct World {
    folder: tempfile::TempDir,
    store: Store,
}

impl World {
    fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("environment.sqlite")).unwrap();
        World { folder, store }
    }

    fn path(&self) -> PathBuf {
        self.store.path().to_path_buf()
    }

    /// Closes the file and opens it again, as a restart does.
    fn restart(self) -> World {
        let path = self.path();
        drop(self.store);
        World { folder: self.folder, store: Store::open(&path).unwrap() }
    }

    fn entries(&self) -> Vec<Entry> {
        entries(&self.store.reader().unwrap(), 0)
    }
}

fn entries(reader: &Reader, from: u64) -> Vec<Entry> {
    let mut entries = Vec::new();
    reader
        .follow(from, &mut |entry| {
            entries.push(entry);
            true
        })
        .unwrap();
    entries
}

/// The log in short: `3 +lamp`, `8 -chair`, `4 @ada`, `5 click`.
fn short(entries: &[Entry]) -> Vec<String> {
    let short = |entry: &Entry| {
        let what = match &entry.change {
            Change::PutProduct { id, .. } => format!("+{id}"),
            Change::DeleteProduct { id } => format!("-{id}"),
            Change::PutUser { id, .. } => format!("@{id}"),
            Change::DeleteUser { id } => format!("!{id}"),
            Change::Interaction { body } => body.clone(),
        };
        format!("{} {what}", entry.position)
    };
    entries.iter().map(short).collect()
}

/// Changes from the same short words.
fn changes(text: &str) -> Vec<Change> {
    let change = |word: &str| {
        let id = word.get(1..).unwrap_or_default().to_owned();
        match word.as_bytes()[0] {
            b'+' => Change::PutProduct { body: format!(r#"{{"product_id":"{id}"}}"#), id },
            b'-' => Change::DeleteProduct { id },
            b'@' => Change::PutUser { body: format!(r#"{{"user_id":"{id}"}}"#), id },
            b'!' => Change::DeleteUser { id },
            _ => Change::Interaction { body: word.to_owned() },
        }
    };
    text.split_whitespace().map(change).collect()
}

/// All bytes of all files in the folder.
fn all_bytes(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    bytes
}
