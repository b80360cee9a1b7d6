//! The way back: prepare beside, exchange, serve, and only then remove.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use store::{Change, Erasure, Fault, Key, Reader, Store};
use tokio::runtime::Handle;
use tracing::{info, warn};

use super::{Backup, BackupError, Backups, Kind, io, make_private, sync};
use crate::environment::erasures::{self, Erased, Erasures};
use crate::{Environment, EnvironmentName};

/// The setting of replaced keys that still work; they are those of now, not those of a backup.
const FORMER_KEYS: &str = "former_keys";
/// The store within the folder of an environment.
const STORE_FILE: &str = "store.sqlite";

/// Where the new state of an environment is prepared.
fn prepared(data: &Path, name: EnvironmentName) -> PathBuf {
    data.join(format!("{}.restoring", name.name()))
}

/// Where the state from before waits until the new one is served.
fn set_aside(data: &Path, name: EnvironmentName) -> PathBuf {
    data.join(format!("{}.before-restore", name.name()))
}

/// What a restore did.
#[derive(Debug)]
pub(crate) struct Restored {
    /// The backup of the state from before, where one was made.
    pub(crate) kept: Option<Backup>,
    /// Interactions and profiles of the backup that had been erased since, and were erased again.
    pub(crate) erased_again: usize,
}

/// Brings a data folder in order whose process died during a restore: afterwards there is the one state or the other, whole.
/// [`finish`] is called when it could be opened.
///
/// # Errors
/// A folder cannot be renamed or removed.
pub(crate) fn recover(data: &Path, name: EnvironmentName) -> Result<(), String> {
    let (live, fresh, before) = (data.join(name.name()), prepared(data, name), set_aside(data, name));
    let failed = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    if live.exists() {
        // Prepared, but not exchanged: it never happened.
        return remove(&fresh).map_err(|error| failed(&fresh, error));
    }
    // Between the two renames. What was prepared is whole by then.
    let from = if fresh.exists() { fresh } else { before };
    if from.exists() {
        warn!(environment = name.name(), "finishing a restore that was cut short");
        std::fs::rename(&from, &live).map_err(|error| failed(&from, error))?;
    }
    Ok(())
}

/// The environment is served: the state from before may go.
pub(crate) fn finish(data: &Path, name: EnvironmentName) {
    let before = set_aside(data, name);
    if let Err(error) = remove(&before) {
        warn!(path = %before.display(), %error, "what a restore replaced could not be removed; the next start tries again");
    }
}

/// The restored state cannot be opened: the one from before, where it is still there, takes its place again.
pub(crate) fn give_up(data: &Path, name: EnvironmentName) -> bool {
    let (live, fresh, before) = (data.join(name.name()), prepared(data, name), set_aside(data, name));
    before.exists()
        && remove(&fresh).is_ok()
        && std::fs::rename(&live, &fresh).is_ok()
        && std::fs::rename(&before, &live).is_ok()
        && remove(&fresh).is_ok()
}

impl Backups {
    /// Puts the environment into the state of a backup; its keys stay those of now, and who was erased since stays erased. With
    /// `keep`, the state of now becomes a backup first. Blocking; writes are answered with 503 for a moment.
    ///
    /// # Errors
    /// [`BackupError`]; then the state of now is served as before.
    pub(crate) fn restore(
        &self,
        name: EnvironmentName,
        backup: &str,
        keep: bool,
        runtime: &Handle,
    ) -> Result<Restored, BackupError> {
        let from = self.file(name, backup)?;
        let _one_at_a_time = self.begin(name)?;
        let kept = if keep { Some(self.copy(name, Kind::BeforeRestore)?) } else { None };
        self.check_room(std::fs::metadata(&from).map_err(|source| io(&from, source))?.len())?;
        let data = &self.settings.data;
        let fresh = prepared(data, name);
        remove(&fresh).map_err(|source| io(&fresh, source))?;
        make_private(&fresh)?;
        let store_file = fresh.join(STORE_FILE);
        if let Err(fault) = store::restore(&from, &store_file) {
            let _ = remove(&fresh);
            return Err(fault.into());
        }
        // From here on nothing is written to the present state: what it holds is what is taken over.
        let present = self.environments.get(name);
        runtime.block_on(present.stop());
        let restored = self.exchange(name, &store_file);
        let served = Environment::open(name, &self.settings);
        match (restored, served) {
            (Ok(erased_again), Ok(environment)) => {
                self.environments.replace(environment);
                finish(data, name);
                info!(environment = name.name(), erased_again, "a backup was restored");
                Ok(Restored { kept, erased_again })
            }
            (Err(error), Ok(environment)) => {
                self.environments.replace(environment);
                Err(error)
            }
            (restored, Err(fault)) => {
                if give_up(data, name) {
                    self.environments.replace(Environment::open(name, &self.settings)?);
                }
                Err(restored.err().unwrap_or_else(|| fault.into()))
            }
        }
    }

    /// Takes over what must outlive the restore, and exchanges the folders.
    fn exchange(&self, name: EnvironmentName, store_file: &Path) -> Result<usize, BackupError> {
        let data = &self.settings.data;
        let (live, fresh, before) = (data.join(name.name()), prepared(data, name), set_aside(data, name));
        let erased_again = take_over(&live, &fresh, store_file);
        if erased_again.is_err() {
            let _ = remove(&fresh);
        }
        let erased_again = erased_again?;
        sync(&fresh)?;
        remove(&before).map_err(|source| io(&before, source))?;
        std::fs::rename(&live, &before).map_err(|source| io(&live, source))?;
        if let Err(source) = std::fs::rename(&fresh, &live) {
            let _ = std::fs::rename(&before, &live);
            return Err(io(&fresh, source));
        }
        sync(data)?;
        Ok(erased_again)
    }
}

/// Completes a backup that lies restored in the data folder `data` with what the folder it takes the place of knows better: the
/// keys, the order of positions, and who was erased since. Neither folder may be served. Gives the number of interactions and
/// profiles that were erased again; none where `former` does not hold the environment.
///
/// # Errors
/// A store or a file of erasures cannot be read or written. It may then be called again.
pub fn take_over_former(former: &Path, data: &Path, name: EnvironmentName) -> Result<usize, Fault> {
    let (live, fresh) = (former.join(name.name()), data.join(name.name()));
    if !live.join(STORE_FILE).exists() {
        return Ok(0);
    }
    erasures::copy_key(former, data)?;
    take_over(&live, &fresh, &fresh.join(STORE_FILE))
}

/// Keys, the order of positions, and erasures: what the present state knows better than a backup.
fn take_over(live: &Path, fresh: &Path, store_file: &Path) -> Result<usize, Fault> {
    let present = Reader::open(&live.join(STORE_FILE))?;
    // Opening brings an older format forward, too.
    let mut store = Store::open(store_file)?;
    for Key { kind, text } in present.keys()? {
        store.set_key(&Key { kind, text })?;
    }
    store.set(FORMER_KEYS, present.setting(FORMER_KEYS)?.as_ref())?;
    let again = erased_since(&store.reader()?, &Erasures::of(live).read()?)?;
    let erased = store.erase(&again)?;
    store.continue_after(present.last_position()?)?;
    drop(store);
    let notes = live.join(erasures::FILE);
    match std::fs::copy(&notes, fresh.join(erasures::FILE)) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(source) => return Err(Fault::Io { path: notes, source }),
        Ok(_) => {
            let copy = fresh.join(erasures::FILE);
            std::fs::File::open(&copy)
                .and_then(|file| file.sync_all())
                .map_err(|source| Fault::Io { path: copy, source })?;
        }
    }
    Ok(erased.interactions + erased.profiles)
}

/// What the restored store holds of people who were erased after it was copied.
fn erased_since(reader: &Reader, noted: &erasures::Noted) -> Result<Erasure, Fault> {
    #[derive(Deserialize)]
    struct Person {
        user_id: Option<String>,
        anonymous_id: Option<String>,
    }
    let mut again = Erasure::default();
    if noted.is_empty() {
        return Ok(again);
    }
    reader.follow(0, &mut |entry| {
        let at = entry.position;
        match &entry.change {
            Change::Interaction { body } => {
                let Ok(person) = serde_json::from_str::<Person>(body) else { return true };
                let user = person.user_id.is_some_and(|id| noted.covers(Erased::User, &id, at));
                let anonymous = || person.anonymous_id.is_some_and(|id| noted.covers(Erased::Anonymous, &id, at));
                if user || anonymous() {
                    again.positions.push(at);
                }
            }
            Change::PutUser { id, .. } if noted.covers(Erased::Profile, id, at) => again.profiles.push(id.clone()),
            _ => {}
        }
        true
    })?;
    Ok(again)
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
