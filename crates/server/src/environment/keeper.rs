//! The thread that does what may wait: popularity, keys changed by another process, answers shown, snapshots.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use parking_lot::MutexGuard;
use record::Time;
use store::{Fault, Reader};
use tokio::sync::mpsc;
use tracing::{error, info, warn};

use super::writer::Command;
use super::{Shared, retention, training};
use crate::limits;
use crate::schedule::Schedule;

const MINUTE_MS: i64 = 60_000;

/// The extension of a snapshot that is being written. One that a crash left behind is removed at the start.
pub(super) const UNFINISHED: &str = "unfinished";

/// The present, by the system's clock.
pub(crate) fn now() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Runs until the environment stops.
pub(super) fn run(shared: &Arc<Shared>, commands: &mpsc::Sender<Command>) {
    let mut minute = now().0 / MINUTE_MS;
    let mut watch = KeyWatch::new(shared);
    let (mut ordered, mut ordered_to) = (Instant::now(), None);
    let mut summed = 0;
    while !shared.stopping.load(Ordering::Acquire) {
        thread::sleep(limits::KEEPER_PERIOD);
        move_shown(shared);
        if ordered.elapsed() >= limits::POPULARITY_PERIOD {
            // What nothing was written to since keeps its order: popularity fades alike for all.
            let position = shared.state.read().position();
            if ordered_to != Some(position) {
                let order = engine::popular_order(&shared.state.read_long());
                shared.popular.store(Arc::new(order));
                ordered_to = Some(position);
            }
            ordered = Instant::now();
        }
        watch.look(shared);
        let present = now();
        if present.0 / MINUTE_MS != minute {
            minute = present.0 / MINUTE_MS;
            train_what_is_due(shared, commands, present);
            shared.uploads.expire(present.0);
            retention::run_if_due(shared, commands, present);
            let answers = shared.state.read().answers().number();
            if answers != summed {
                summed = answers;
                save_tallies(shared);
            }
        }
        let due =
            shared.snapshot_due.load(Ordering::Acquire) || shared.journal.lock().bytes() > limits::JOURNAL_BYTES_MAX;
        if due || shared.unsaved.load(Ordering::Relaxed) >= limits::SNAPSHOT_CHANGES {
            save_snapshot(shared);
        }
    }
}

/// Starts the trainings whose schedule names this minute.
fn train_what_is_due(shared: &Arc<Shared>, commands: &mpsc::Sender<Command>, present: Time) {
    for engine_id in shared.engines.ids() {
        let schedule = shared.engines.definition(&engine_id).and_then(|definition| definition.schedule);
        // It was checked when the engine was set up.
        if schedule.and_then(|text| Schedule::parse(&text).ok()).is_some_and(|schedule| schedule.is_due(present)) {
            training::start(shared, commands, &engine_id, false);
        }
    }
}

/// Moves the answers given into the live view and their journal. The writer does so too, before it folds interactions in, so that
/// an act finds the answer it names.
pub(super) fn move_shown(shared: &Shared) {
    if shared.shown.lock().is_empty() {
        return;
    }
    let mut journal = shared.journal.lock();
    let waiting = std::mem::take(&mut *shared.shown.lock());
    let mut records = Vec::new();
    let mut state = shared.state.write();
    for given in waiting {
        given.write((state.answers().number(), state.position()), &mut records);
        state.remember(given);
    }
    drop(state);
    journal.append(&records);
}

/// Writes the sums of what became of answers beside the store, for a start without a usable snapshot.
pub(super) fn save_tallies(shared: &Shared) {
    let mut bytes = Vec::new();
    let written = shared.state.read().save_tallies(&mut bytes).and_then(|()| {
        let path = shared.tallies_file();
        let fresh = path.with_extension(UNFINISHED);
        std::fs::write(&fresh, &bytes)?;
        std::fs::rename(&fresh, &path)
    });
    if let Err(error) = written {
        error!(%error, "the sums of answers could not be written");
    }
}

/// Notices, once a second, that another process (`tamari keys rotate`) has written to the store.
struct KeyWatch {
    reader: Option<Reader>,
    version: i64,
    looked: Instant,
}

impl KeyWatch {
    fn new(shared: &Shared) -> KeyWatch {
        let reader = Reader::open(&shared.store_file()).inspect_err(|fault| warn!(%fault, "keys are not watched")).ok();
        KeyWatch { reader, version: 0, looked: Instant::now() }
    }

    fn look(&mut self, shared: &Shared) {
        if self.looked.elapsed() < Duration::from_secs(1) {
            return;
        }
        self.looked = Instant::now();
        let Some(reader) = &self.reader else { return };
        let changed = reader.data_version().and_then(|version| {
            if version == self.version {
                return Ok(None);
            }
            self.version = version;
            reader.keys().map(Some)
        });
        match changed {
            Ok(Some(keys)) => shared.keys.store(Arc::new(keys)),
            Ok(None) => {}
            Err(fault) => warn!(%fault, "the keys could not be read again; the earlier ones stay in force"),
        }
    }
}

/// Throws the snapshot away because someone it names is being erased; the keeper writes a new one soon after.
///
/// While the guard lives none is written: the caller holds it until the live view has forgotten the person, too.
///
/// # Errors
/// The file cannot be removed: then the erasure must not go on.
pub(super) fn discard_snapshot(shared: &Shared) -> Result<MutexGuard<'_, ()>, Fault> {
    let guard = shared.snapshot.lock();
    let path = shared.snapshot_file();
    let removed = match std::fs::remove_file(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        outcome => outcome,
    };
    removed.and_then(|()| File::open(&shared.folder)?.sync_all()).map_err(|source| Fault::Io { path, source })?;
    shared.snapshot_due.store(true, Ordering::Release);
    Ok(guard)
}

/// Writes a snapshot of the live view beside the store, in the place of the one before it. A failure costs the next start time,
/// nothing else, so it is only logged.
pub(super) fn save_snapshot(shared: &Shared) {
    move_shown(shared);
    let _one_at_a_time = shared.snapshot.lock();
    // No answer comes in between what the snapshot holds and the emptied journal.
    let mut journal = shared.journal.lock();
    save_tallies(shared);
    let begun = Instant::now();
    let path = shared.snapshot_file();
    let fresh = path.with_extension(UNFINISHED);
    let unsaved = shared.unsaved.swap(0, Ordering::Relaxed);
    let state = shared.state.read_long();
    let write = || -> std::io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&fresh)?);
        state.save(&mut out)?;
        out.flush()?;
        out.get_ref().sync_data()
    };
    match write() {
        Ok(()) => {
            drop(state);
            let put = std::fs::rename(&fresh, &path).and_then(|()| File::open(&shared.folder)?.sync_all());
            match put {
                Ok(()) => {
                    shared.snapshot_due.store(false, Ordering::Release);
                    journal.restart();
                    info!(
                        environment = shared.name.name(),
                        took_ms = begun.elapsed().as_millis() as u64,
                        "snapshot written"
                    );
                }
                Err(error) => error!(%error, "the snapshot could not be put in its place"),
            }
        }
        Err(error) => {
            drop(state);
            shared.unsaved.fetch_add(unsaved, Ordering::Relaxed);
            let _ = std::fs::remove_file(&fresh);
            error!(%error, "the snapshot could not be written");
        }
    }
}
