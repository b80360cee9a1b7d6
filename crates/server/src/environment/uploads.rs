//! Files on their way from a person's browser into the data sets.
//!
//! Each has a folder of its own in `uploads/`: the file as it came, a note of how far it is (`about.json`, replaced in one
//! step, so that a crash leaves the one before or this one), and the rejects. What is noted outlives a restart: bytes that
//! arrived stay, and an import goes on after the last records that were acknowledged.
//!
//! These files may name people, so they do not stay: the file goes when it is imported, everything a day after it was last
//! touched, and at once when somebody is erased.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use import::{Distance, Kind, Mapping};
use parking_lot::Mutex;
use rand::RngExt;
use serde::{Deserialize, Serialize};
use tracing::{info, warn};

use crate::limits;

/// How far an upload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    /// Parts of the file are still missing.
    Receiving,
    /// The file is complete: how it is to be read can be looked at and changed.
    Ready,
    /// Every row is being checked; nothing is stored.
    Checking,
    /// Records are being stored.
    Importing,
    /// All is stored that could be.
    Done,
    /// Somebody stopped it; what was stored stays.
    Stopped,
    /// It could not go on.
    Failed,
}

/// What a check or an import came to, so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Outcome {
    /// Records and rejects that are done with: where an interrupted import goes on.
    pub items: u64,
    pub accepted: u64,
    pub rejected: u64,
    /// The length of the file of rejects.
    pub rejects_bytes: u64,
    /// The first errors, by row.
    pub errors: Vec<RowError>,
    /// How often each reason came up; most frequent last to be found, first to be shown.
    pub reasons: BTreeMap<String, u64>,
    pub warnings: Vec<String>,
    pub began_ms: i64,
    pub ended_ms: Option<i64>,
}

/// Why a row was not taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RowError {
    pub row: u64,
    pub reasons: Vec<String>,
}

/// How the file is to be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reading {
    pub kind: Kind,
    /// `None` where the records have the fields of the API already.
    pub mapping: Option<Mapping>,
    /// `guess`, `known`, `saved`, `none`, or `changed` by a person.
    pub origin: String,
    /// What is known of the origin, for people: the name of the mapping.
    pub named: String,
}

/// What is noted of an upload.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct About {
    pub id: String,
    /// As the person's computer names it.
    pub file_name: String,
    pub size_bytes: u64,
    /// By which, with name and size, the file is known again when it is chosen another time.
    pub modified_ms: Option<i64>,
    pub created_ms: i64,
    pub touched_ms: i64,
    pub stage: Stage,
    /// What the person said that it holds, before it was looked at.
    pub wanted: Option<Kind>,
    pub reading: Option<Reading>,
    pub checked: Option<Outcome>,
    pub imported: Option<Outcome>,
    /// Why it failed.
    pub message: Option<String>,
}

/// One upload.
pub(crate) struct Upload {
    folder: PathBuf,
    about: Mutex<About>,
    /// Held while a part is received.
    pub(crate) receiving: tokio::sync::Mutex<()>,
    /// Tells the job to end.
    pub(crate) stop: Arc<AtomicBool>,
    /// A person told it, not the end of the process.
    pub(crate) cancelled: AtomicBool,
    /// How far the job has read.
    pub(crate) distance: Mutex<Distance>,
}

/// The uploads of an environment.
pub(crate) struct Uploads {
    folder: PathBuf,
    by_id: Mutex<BTreeMap<String, Arc<Upload>>>,
    /// A check or an import runs: one at a time, so that memory and the writer's queue stay free for the shop.
    busy: AtomicBool,
}

/// Why an upload is not begun.
#[derive(Debug)]
pub(crate) enum NotBegun {
    /// The caller asks for too much; the sentence says of what.
    Refused(String),
    Disk(std::io::Error),
}

/// The right to run a job; given back when dropped.
pub(crate) struct Turn(Arc<crate::Environment>);

impl Turn {
    /// `None` while another job of the environment runs.
    pub(crate) fn take(environment: &Arc<crate::Environment>) -> Option<Turn> {
        let taken = environment.uploads().busy.swap(true, Ordering::AcqRel);
        (!taken).then(|| Turn(environment.clone()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.uploads().busy.store(false, Ordering::Release);
    }
}

impl Uploads {
    /// Finds what an earlier process left. What cannot be read is removed.
    pub(crate) fn open(environment_folder: &Path) -> Uploads {
        let folder = environment_folder.join("uploads");
        let mut by_id = BTreeMap::new();
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match Upload::open(&path) {
                Some(upload) => {
                    by_id.insert(upload.about().id, Arc::new(upload));
                }
                None => {
                    warn!(path = %path.display(), "an upload cannot be read and is removed");
                    let _ = std::fs::remove_dir_all(&path);
                }
            }
        }
        Uploads { folder, by_id: Mutex::new(by_id), busy: AtomicBool::new(false) }
    }

    /// All of them, the latest first.
    pub(crate) fn all(&self) -> Vec<Arc<Upload>> {
        let mut all: Vec<Arc<Upload>> = self.by_id.lock().values().cloned().collect();
        all.sort_by_key(|upload| std::cmp::Reverse(upload.about().created_ms));
        all
    }

    pub(crate) fn find(&self, id: &str) -> Option<Arc<Upload>> {
        self.by_id.lock().get(id).cloned()
    }

    /// Makes room for a file; nothing of it is here yet.
    pub(crate) fn begin(
        &self,
        file_name: &str,
        size_bytes: u64,
        modified_ms: Option<i64>,
        wanted: Option<Kind>,
        now_ms: i64,
    ) -> Result<Arc<Upload>, NotBegun> {
        let refused = |text: String| Err(NotBegun::Refused(text));
        if size_bytes == 0 {
            return refused(format!("{file_name} is empty; choose a file with rows in it"));
        }
        if size_bytes > limits::UPLOAD_BYTES_MAX {
            return refused(format!(
                "{file_name} is larger than {} GiB; split it, or use `tamari import` on the server",
                limits::UPLOAD_BYTES_MAX >> 30
            ));
        }
        self.expire(now_ms);
        let mut by_id = self.by_id.lock();
        let held: u64 = by_id.values().filter(|upload| !upload.is_over()).map(|upload| upload.about().size_bytes).sum();
        if held + size_bytes > limits::UPLOADS_BYTES_MAX {
            return refused(format!(
                "the uploads under way take more than {} GiB with this one; finish or remove one first",
                limits::UPLOADS_BYTES_MAX >> 30
            ));
        }
        while by_id.len() >= limits::UPLOADS_MAX {
            // The outcome of the one that ended first is forgotten; what is under way is not.
            let over = by_id.values().filter(|upload| upload.is_over()).min_by_key(|upload| upload.about().touched_ms);
            let Some(id) = over.map(|upload| upload.about().id) else {
                return refused("there are too many uploads under way; finish or remove one first".to_owned());
            };
            if let Some(gone) = by_id.remove(&id) {
                gone.remove();
            }
        }
        let id = hex::encode(rand::rng().random::<[u8; 8]>());
        let folder = self.folder.join(&id);
        let make = || -> std::io::Result<()> {
            std::fs::create_dir_all(&folder)?;
            File::create(folder.join(stored_name(file_name)))?;
            Ok(())
        };
        make().map_err(NotBegun::Disk)?;
        let about = About {
            id: id.clone(),
            file_name: file_name.to_owned(),
            size_bytes,
            modified_ms,
            created_ms: now_ms,
            touched_ms: now_ms,
            stage: Stage::Receiving,
            wanted,
            reading: None,
            checked: None,
            imported: None,
            message: None,
        };
        let upload = Arc::new(Upload::new(folder, about));
        upload.save().map_err(NotBegun::Disk)?;
        by_id.insert(id, upload.clone());
        Ok(upload)
    }

    /// Takes one away with all its files; a job of it ends.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let Some(upload) = self.by_id.lock().remove(id) else { return false };
        upload.remove();
        true
    }

    /// Takes away what nobody touched for a day, and is not being worked on.
    pub(crate) fn expire(&self, now_ms: i64) {
        self.by_id.lock().retain(|id, upload| {
            let about = upload.about();
            let at_work = matches!(about.stage, Stage::Checking | Stage::Importing);
            let stays = at_work || about.touched_ms + limits::UPLOAD_KEPT_MS > now_ms;
            if !stays {
                info!(upload = id, "an upload that nobody touched for a day is removed");
                upload.remove();
            }
            stays
        });
    }

    /// Takes away everything that may name people, because one of them is being erased: a file cannot be searched for an id
    /// in the time an erasure has. Catalogues stay.
    pub(crate) fn forget_people(&self) {
        self.by_id.lock().retain(|_, upload| {
            let about = upload.about();
            let stays = about.reading.map(|reading| reading.kind).or(about.wanted) == Some(Kind::Products);
            if !stays {
                upload.remove();
            }
            stays
        });
        // So that a crash of the machine brings none of them back.
        if let Ok(folder) = File::open(&self.folder) {
            let _ = folder.sync_all();
        }
    }

    /// Takes all of them away.
    pub(crate) fn clear(&self) {
        self.by_id.lock().retain(|_, upload| {
            upload.remove();
            false
        });
    }

    /// Tells every job to end, so that it can go on after the next start.
    pub(crate) fn pause(&self) {
        for upload in self.by_id.lock().values() {
            upload.stop.store(true, Ordering::Release);
        }
    }
}

impl Upload {
    fn new(folder: PathBuf, about: About) -> Upload {
        Upload {
            folder,
            about: Mutex::new(about),
            receiving: tokio::sync::Mutex::default(),
            stop: Arc::default(),
            cancelled: AtomicBool::new(false),
            distance: Mutex::default(),
        }
    }

    fn open(folder: &Path) -> Option<Upload> {
        let mut about: About = serde_json::from_slice(&std::fs::read(folder.join("about.json")).ok()?).ok()?;
        if about.stage == Stage::Checking {
            // A check has stored nothing; whoever wants it asks again.
            about.stage = Stage::Ready;
        }
        Some(Upload::new(folder.to_owned(), about))
    }

    pub(crate) fn about(&self) -> About {
        self.about.lock().clone()
    }

    /// Changes what is noted, on disk too.
    pub(crate) fn note(&self, now_ms: i64, change: impl FnOnce(&mut About)) -> std::io::Result<()> {
        {
            let mut about = self.about.lock();
            change(&mut about);
            about.touched_ms = now_ms;
        }
        self.save()
    }

    fn save(&self) -> std::io::Result<()> {
        let text = serde_json::to_vec(&*self.about.lock())?;
        let fresh = self.folder.join("about.json.new");
        // The folder is gone where the upload was removed meanwhile: then there is nothing to note.
        let mut file = File::create(&fresh)?;
        file.write_all(&text)?;
        std::fs::rename(&fresh, self.folder.join("about.json"))
    }

    /// Where the file is.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join(stored_name(&self.about.lock().file_name))
    }

    /// Where the rejects are, of the import or else of the check.
    pub(crate) fn rejects(&self) -> PathBuf {
        self.folder.join("rejects.jsonl")
    }

    /// Bytes of the file that are here.
    pub(crate) fn received_bytes(&self) -> u64 {
        let about = self.about.lock();
        match about.stage {
            Stage::Receiving => {
                std::fs::metadata(self.folder.join(stored_name(&about.file_name))).map_or(0, |metadata| metadata.len())
            }
            _ => about.size_bytes,
        }
    }

    /// Whether nothing more will happen to it; then the file is gone.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.about.lock().stage, Stage::Done | Stage::Stopped)
    }

    /// A message of the import, with the name that the person knows in the place of ours.
    pub(crate) fn named(&self, message: &str) -> String {
        message.replace(&self.file().display().to_string(), &self.about.lock().file_name)
    }

    fn remove(&self) {
        self.cancelled.store(true, Ordering::Release);
        self.stop.store(true, Ordering::Release);
        if let Err(error) = std::fs::remove_dir_all(&self.folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            warn!(path = %self.folder.display(), %error, "an upload could not be removed");
        }
    }
}

/// What the file is called here: the end of its name says what it is, the rest is the person's.
fn stored_name(file_name: &str) -> String {
    let lower = file_name.to_lowercase();
    let (stem, packed) = lower.strip_suffix(".gz").map_or((lower.as_str(), ""), |stem| (stem, ".gz"));
    let known = [".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet"];
    let end = known.into_iter().find(|end| stem.ends_with(end)).unwrap_or("");
    format!("file{end}{packed}")
}

impl crate::Environment {
    /// The files on their way in.
    pub(crate) fn uploads(&self) -> &Uploads {
        &self.shared.uploads
    }
}

#[cfg(test)]
mod tests {
    //! 1. What a file is called here holds nothing of its name but what says its format.
    //! 2. What may name people goes when one of them is erased; a catalogue stays.
    //! 3. What nobody touched for a day goes; what is noted outlives a restart.

    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_stored_name_keeps_the_format_only() {
        for (given, stored) in [
            ("../../etc/passwd.csv", "file.csv"),
            ("Anna's orders.TSV.gz", "file.tsv.gz"),
            ("x.parquet", "file.parquet"),
            ("export", "file"),
            ("a.exe", "file"),
        ] {
            assert_eq!(stored_name(given), stored);
        }
    }

    #[test]
    fn what_may_name_people_goes_with_an_erasure_and_everything_after_a_day() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = Uploads::open(folder.path());
        for (name, wanted) in [("p.csv", Some(Kind::Products)), ("u.csv", Some(Kind::Users)), ("x.csv", None)] {
            uploads.begin(name, 10, None, wanted, 1_000).unwrap();
        }
        let names = |uploads: &Uploads| -> Vec<String> {
            let mut names: Vec<String> = uploads.all().iter().map(|upload| upload.about().file_name).collect();
            names.sort();
            names
        };
        assert_eq!(names(&Uploads::open(folder.path())), ["p.csv", "u.csv", "x.csv"], "they outlive a restart");
        uploads.forget_people();
        assert_eq!(names(&Uploads::open(folder.path())), ["p.csv"]);
        uploads.expire(1_000 + limits::UPLOAD_KEPT_MS);
        assert_eq!(names(&uploads), Vec::<String>::new());
        assert_eq!(std::fs::read_dir(folder.path().join("uploads")).unwrap().count(), 0);
        assert!(matches!(uploads.begin("e.csv", 0, None, None, 1), Err(NotBegun::Refused(_))));
    }
}
