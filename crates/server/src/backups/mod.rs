//! Backups of an environment within its data folder, and the way back from one.
//!
//! A backup is one file, `backups/ENVIRONMENT/NAME.sqlite`. A restore prepares the whole new state in a folder beside the
//! environment's, stops the environment for a moment, and exchanges the two folders; the state from before is removed only when
//! the new one is served. Whenever the process dies on the way, [`recover`] finds one of the two whole at the next start.

mod restore;

use std::fs::{DirBuilder, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;
use store::Fault;
use tracing::info;

use crate::environments::Environments;
use crate::limits::{BACKUPS_MAX, FREE_BYTES_MIN};
use crate::{EnvironmentName, Settings};

pub use restore::take_over_former;
pub(crate) use restore::{finish, give_up, recover};

/// The folder of all backups within the data folder.
const FOLDER: &str = "backups";
/// Where an upload lies until it is whole and known to be a backup.
const UPLOADING: &str = "upload.unfinished";

/// Why a backup is not made, or not restored.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BackupError {
    /// It cannot be, for a reason that the caller can do something about.
    #[error("{0}")]
    Refused(String),
    /// There is no such backup.
    #[error("not found")]
    Unknown,
    /// The disk, or the file.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A backup that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Backup {
    /// The name of its file.
    pub(crate) name: String,
    pub(crate) size_bytes: u64,
    /// When it was made, or uploaded.
    pub(crate) made_ms: i64,
    /// `made`, `uploaded`, or `before-restore`: the state that a restore took the place of.
    pub(crate) kind: &'static str,
}

/// Where a backup comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Made,
    Uploaded,
    BeforeRestore,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Made, Kind::Uploaded, Kind::BeforeRestore];

    fn name(self) -> &'static str {
        match self {
            Kind::Made => "made",
            Kind::Uploaded => "uploaded",
            Kind::BeforeRestore => "before-restore",
        }
    }
}

/// The backups of a data folder.
pub(crate) struct Backups {
    settings: Settings,
    environments: Arc<Environments>,
    /// One at a time in each environment, in the order of [`EnvironmentName::ALL`].
    busy: [Mutex<()>; 3],
}

impl Backups {
    pub(crate) fn new(settings: &Settings, environments: Arc<Environments>) -> Backups {
        let settings = Settings { admin_password: String::new(), ..settings.clone() };
        Backups { settings, environments, busy: Default::default() }
    }

    /// Those of an environment, latest first.
    pub(crate) fn list(&self, name: EnvironmentName) -> Result<Vec<Backup>, BackupError> {
        let folder = self.folder(name);
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            outcome => outcome.map_err(|source| io(&folder, source))?,
        };
        let mut backups: Vec<Backup> = entries.flatten().filter_map(|entry| describe(&entry.path())).collect();
        backups.sort_unstable_by(|a, b| (b.made_ms, &b.name).cmp(&(a.made_ms, &a.name)));
        Ok(backups)
    }

    /// Bytes that are free on the disk of the data folder; `None` where the system does not say.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        let about = rustix::fs::statvfs(&self.settings.data).ok()?;
        Some(about.f_bavail.saturating_mul(about.f_frsize))
    }

    /// Makes one. Blocking, for as long as copying the store takes; uploads and answers go on.
    pub(crate) fn make(&self, name: EnvironmentName) -> Result<Backup, BackupError> {
        let _one_at_a_time = self.begin(name)?;
        self.copy(name, Kind::Made)
    }

    /// The file of a backup.
    pub(crate) fn file(&self, name: EnvironmentName, backup: &str) -> Result<PathBuf, BackupError> {
        let path = self.folder(name).join(backup);
        // A name that is none of ours never leaves the folder, because it is not looked up.
        if kind_of(backup).is_none() || !path.is_file() {
            return Err(BackupError::Unknown);
        }
        Ok(path)
    }

    /// Removes one.
    pub(crate) fn remove(&self, name: EnvironmentName, backup: &str) -> Result<(), BackupError> {
        let path = self.file(name, backup)?;
        std::fs::remove_file(&path).map_err(|source| io(&path, source))?;
        sync(&self.folder(name))
    }

    /// Begins to take an uploaded file in; what an earlier one left is overwritten. `size_bytes` is what the sender says.
    pub(crate) fn begin_upload(&self, name: EnvironmentName, size_bytes: u64) -> Result<(PathBuf, File), BackupError> {
        self.check_number(name)?;
        self.check_room(size_bytes.saturating_mul(2))?;
        let folder = self.make_folder(name)?;
        let path = folder.join(UPLOADING);
        let mut options = File::options();
        options.create(true).truncate(true).write(true);
        private(&mut options);
        let file = options.open(&path).map_err(|source| io(&path, source))?;
        Ok((path, file))
    }

    /// Takes the uploaded file among the backups, where it is one: whole, and of a known format. It is gone in any case.
    pub(crate) fn take_upload(&self, name: EnvironmentName, path: &Path) -> Result<Backup, BackupError> {
        let _one_at_a_time = self.begin(name)?;
        let to = self.free_name(name, Kind::Uploaded);
        let taken = store::restore(path, &to);
        let _ = std::fs::remove_file(path);
        match taken {
            Ok(()) => describe(&to).ok_or(BackupError::Unknown),
            Err(Fault::Full { .. }) => Err(BackupError::Refused("the disk is full; nothing was stored".to_owned())),
            Err(fault) => Err(BackupError::Refused(format!("this is no backup that can be used: {}", reason(&fault)))),
        }
    }

    /// Room on the disk for so many bytes more, and some to go on with.
    pub(crate) fn check_room(&self, bytes: u64) -> Result<(), BackupError> {
        match self.free_bytes() {
            Some(free) if free < bytes.saturating_add(FREE_BYTES_MIN) => Err(BackupError::Refused(format!(
                "there is not enough room on the disk: {free} bytes are free, and this takes about {bytes}; remove backups, or \
                 give the data folder more room"
            ))),
            _ => Ok(()),
        }
    }

    fn begin(&self, name: EnvironmentName) -> Result<parking_lot::MutexGuard<'_, ()>, BackupError> {
        self.busy[name as usize].try_lock().ok_or_else(|| {
            BackupError::Refused("a backup or a restore of this environment is under way; wait for it".to_owned())
        })
    }

    fn copy(&self, name: EnvironmentName, kind: Kind) -> Result<Backup, BackupError> {
        self.check_number(name)?;
        let from = self.settings.data.join(name.name()).join("store.sqlite");
        self.check_room(std::fs::metadata(&from).map_err(|source| io(&from, source))?.len())?;
        self.make_folder(name)?;
        let to = self.free_name(name, kind);
        store::backup(&from, &to)?;
        let made = describe(&to).ok_or(BackupError::Unknown)?;
        info!(environment = name.name(), size_bytes = made.size_bytes, kind = made.kind, "a backup was made");
        Ok(made)
    }

    fn check_number(&self, name: EnvironmentName) -> Result<(), BackupError> {
        let there = self.list(name)?.len();
        if there < BACKUPS_MAX {
            return Ok(());
        }
        Err(BackupError::Refused(format!(
            "there are {there} backups of this environment, and no more than {BACKUPS_MAX} are kept; download and remove some"
        )))
    }

    fn folder(&self, name: EnvironmentName) -> PathBuf {
        self.settings.data.join(FOLDER).join(name.name())
    }

    fn make_folder(&self, name: EnvironmentName) -> Result<PathBuf, BackupError> {
        let folder = self.folder(name);
        make_private(&folder)?;
        Ok(folder)
    }

    /// A name that is not taken: the moment, and where it comes from.
    fn free_name(&self, name: EnvironmentName, kind: Kind) -> PathBuf {
        let folder = self.folder(name);
        let moment = Timestamp::now().strftime("%Y-%m-%d-%H%M%S").to_string();
        let named = |suffix: String| folder.join(format!("{moment}{suffix}-{}.sqlite", kind.name()));
        let mut path = named(String::new());
        let mut again = 2;
        while path.exists() {
            path = named(format!("-{again}"));
            again += 1;
        }
        path
    }
}

/// The kind that the name of a backup's file says; `None` where it is no such name.
fn kind_of(file: &str) -> Option<Kind> {
    let stem = file.strip_suffix(".sqlite")?;
    let is_plain = stem.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let kind = Kind::ALL.into_iter().find(|kind| stem.ends_with(&format!("-{}", kind.name())))?;
    (is_plain && stem.len() < 64).then_some(kind)
}

fn describe(path: &Path) -> Option<Backup> {
    let name = path.file_name()?.to_str()?.to_owned();
    let kind = kind_of(&name)?.name();
    let about = path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let made = about.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Backup { name, size_bytes: about.len(), made_ms: i64::try_from(made.as_millis()).ok()?, kind })
}

/// A fault's reason without the path, which is the operator's business.
fn reason(fault: &Fault) -> String {
    match fault {
        Fault::Newer { .. } => "it was made by a newer version of the program".to_owned(),
        Fault::Corrupt { .. } => "the file is damaged, or is no backup of Tamari".to_owned(),
        _ => "the file cannot be read as one".to_owned(),
    }
}

fn io(path: &Path, source: std::io::Error) -> BackupError {
    BackupError::Fault(Fault::Io { path: path.to_owned(), source })
}

fn sync(folder: &Path) -> Result<(), BackupError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|source| io(folder, source))
}

/// A folder that other accounts of the machine cannot enter.
fn make_private(folder: &Path) -> Result<(), BackupError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| io(folder, source))
}

fn private(options: &mut std::fs::OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}
