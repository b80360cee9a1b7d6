//! How far an import has come, so that it can go on after an interruption.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// What was acknowledged. It counts items (records and rejects), which equal files and an equal mapping always give in the
/// same order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    /// The files, the mapping and where the records go; with any other, counting would be wrong.
    pub task: Task,
    /// Items that are done with.
    pub items: u64,
    pub accepted: u64,
    pub rejected: u64,
    /// The length of the file of rejects up to here.
    pub rejects_bytes: u64,
}

/// What an import is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Task {
    files: Vec<SourceFile>,
    mapping: String,
    target: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SourceFile {
    path: PathBuf,
    size_bytes: u64,
    modified_ms: u64,
}

impl Task {
    /// `mapping` is whatever decides how rows become records; `target` names where they go.
    pub(super) fn new(files: &[PathBuf], mapping: &str, target: String) -> Result<Task, Failure> {
        let files = files.iter().map(|path| {
            let failed = |error: std::io::Error| Failure::usage(format!("{} cannot be read: {error}", path.display()));
            let metadata = std::fs::metadata(path).map_err(failed)?;
            if metadata.is_dir() {
                return Err(Failure::usage(format!("{} is a folder; name the files in it", path.display())));
            }
            let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            Ok(SourceFile {
                path: path.canonicalize().map_err(failed)?,
                size_bytes: metadata.len(),
                modified_ms: modified.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
            })
        });
        let mut hasher = DefaultHasher::new();
        mapping.hash(&mut hasher);
        let mapping = format!("{:016x}", hasher.finish());
        Ok(Task { files: files.collect::<Result<_, _>>()?, mapping, target })
    }

    /// The size of all files.
    pub(super) fn size_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size_bytes).sum()
    }
}

impl Checkpoint {
    /// The beginning.
    pub(super) fn new(task: Task) -> Checkpoint {
        Checkpoint { task, items: 0, accepted: 0, rejected: 0, rejects_bytes: 0 }
    }

    /// The checkpoint at `path`, if there is one and it is about this task.
    pub(super) fn find(path: &Path, task: &Task) -> Option<Checkpoint> {
        let checkpoint: Checkpoint = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
        (checkpoint.task == *task).then_some(checkpoint)
    }

    /// Writes it in one step: a crash leaves the one before or this one.
    pub(super) fn save(&self, path: &Path) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::fault(format!("{} cannot be written: {error}", path.display()));
        let text = serde_json::to_vec(self).map_err(|error| failed(error.into()))?;
        let fresh = path.with_extension("json.new");
        let mut file = File::create(&fresh).map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        drop(file);
        std::fs::rename(&fresh, path).map_err(failed)
    }
}
