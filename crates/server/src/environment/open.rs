//! The start of an environment: store, then live view from snapshot and log, then index, then threads.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::thread;

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};
use rand::RngExt;
use rand::distr::Alphanumeric;
use record::{Interaction, Product, User};
use search::{Completions, Index, TextSettings};
use state::{ProductRow, SnapshotFault, State};
use store::{Change, Entry, Fault, Key, KeyKind, Reader, Store};
use tokio::sync::mpsc;
use tracing::{info, warn};
use uuid::Uuid;

use super::encoding;
use super::engines::Engines;
use super::erasures::Erasures;
use super::experiments::Experiments;
use super::indexer::{self, TextChange};
use super::journal::{Journal, Unsaved};
use super::keys::FormerKeys;
use super::live::Live;
use super::questions::Questions;
use super::retention::Retentions;
use super::tasks::Trainings;
use super::text;
use super::training;
use super::{Environment, EnvironmentName, Shared, keeper, writer};
use crate::{Settings, limits};

pub(super) fn open(name: EnvironmentName, settings: &Settings) -> Result<Arc<Environment>, Fault> {
    let folder = settings.data.join(name.name());
    std::fs::create_dir_all(&folder).map_err(|source| Fault::Io { path: folder.clone(), source })?;
    let store_file = folder.join("store.sqlite");
    let mut store = Store::open(&store_file)?;
    let reader = Reader::open(&store_file)?;
    let keys = ensure_keys(&mut store, &reader)?;
    give_room_back(&mut store);

    let _ = std::fs::remove_file(folder.join("state").with_extension(keeper::UNFINISHED));
    let snapshot = read_snapshot(&folder.join("state.snapshot"));
    let mut state = match snapshot {
        Some(state) if state.position() <= reader.last_position()? => state,
        Some(_) => {
            warn!(
                environment = name.name(),
                "the snapshot is ahead of the store (an older backup was restored); folding the log anew"
            );
            anew(&folder, reader.last_position()?)
        }
        None => anew(&folder, reader.last_position()?),
    };
    // Without a snapshot, what speaks of rows (journal, index, models) would be lost to a crash: one is written at once.
    let snapshot_due = state.position() == 0;
    let index = open_index(&folder.join("index"), state.epoch(), text::settings(&reader)?)?;
    let (journal, mut unsaved) = Journal::open(&folder, &state);
    let tail = fold_tail(&reader, &mut state, index.position(), &mut unsaved)?;
    info!(
        environment = name.name(),
        products = state.catalogue().live().len(),
        interactions = state.people().interactions(),
        folded = tail.entries,
        "opened"
    );

    let meanings = encoding::meanings(settings, &folder, state.epoch())?;
    let engines = Engines::open(&folder, &reader, state.epoch())?;
    let questions = Questions::open(&reader)?;
    let former_keys = FormerKeys::open(&reader)?;
    let retentions = Retentions::open(&reader)?;
    let experiments = Experiments::open(&reader)?;
    let trainings = Trainings::open(&reader)?;
    let shared = Arc::new(Shared {
        name,
        popular: ArcSwap::from_pointee(engine::popular_order(&state)),
        state: Live::new(state),
        index,
        completions: RwLock::new(Completions::default()),
        meanings,
        keys: ArcSwap::from_pointee(keys),
        engines,
        questions,
        experiments,
        trainings,
        uploads: super::uploads::Uploads::open(&folder),
        duplicates: AtomicU64::new(0),
        readers: Mutex::new(vec![reader]),
        shown: Mutex::new(Vec::new()),
        journal: Mutex::new(journal),
        lists: Mutex::default(),
        former_keys,
        retentions,
        erasures: Erasures::of(&folder),
        refused: Mutex::default(),
        arrivals: Mutex::default(),
        indexed: AtomicBool::new(false),
        unsaved: AtomicU64::new(tail.entries),
        snapshot_due: AtomicBool::new(snapshot_due),
        snapshot: Mutex::new(()),
        stopping: AtomicBool::new(false),
        training_threads: settings.training_threads.max(1),
        folder,
    });
    let (commands, received) = mpsc::channel(limits::WRITE_QUEUE_MAX);
    let (texts, text_changes) = std::sync::mpsc::sync_channel(limits::INDEX_QUEUE_MAX);
    let mut threads = Vec::new();
    let mut spawn = |role: &str, body: Box<dyn FnOnce() + Send>| {
        let thread = thread::Builder::new().name(format!("{}-{role}", name.name()));
        threads.push(thread.spawn(body).expect("the system gives a thread at start"));
    };
    let own = shared.clone();
    spawn("indexer", Box::new(move || indexer::run(&own, tail.texts, &text_changes)));
    let own = shared.clone();
    spawn("writer", Box::new(move || writer::run(&own, store, received, &texts)));
    if shared.meanings.has_encoder() {
        let own = shared.clone();
        spawn("encoder", Box::new(move || encoding::run(&own)));
    }
    let own = shared.clone();
    let for_trainings = commands.clone();
    spawn("keeper", Box::new(move || keeper::run(&own, &for_trainings)));
    training::resume(&shared, &commands);
    // A restored backup, or a lost snapshot: what was trained speaks of other row numbers.
    for engine_id in shared.engines.lost_models() {
        training::start(&shared, &commands, &engine_id, false);
    }
    Ok(Arc::new(Environment { shared, commands, threads: Mutex::new(threads) }))
}

/// A state without a snapshot. What became of earlier answers is known from a file of its own.
fn anew(folder: &Path, log_end: u64) -> State {
    let mut state = State::new(Uuid::new_v4());
    let path = folder.join("answers.tallies");
    if let Ok(content) = std::fs::read(&path)
        && let Err(fault) = state.load_tallies(&mut &*content, log_end)
    {
        warn!(path = %path.display(), %fault, "the sums of answers cannot be used; they begin anew");
    }
    state
}

fn open_index(folder: &Path, epoch: Uuid, settings: TextSettings) -> Result<Index, Fault> {
    Index::open_with(folder, epoch, settings).map_err(|fault| Fault::Io {
        path: folder.to_owned(),
        source: match fault {
            search::Fault::Io(source) => source,
            search::Fault::Index(source) => std::io::Error::other(source),
        },
    })
}

/// The snapshot, where there is one that can be used. Anything else is no loss: the log gives the same state.
fn read_snapshot(path: &Path) -> Option<State> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            warn!(path = %path.display(), %error, "the snapshot cannot be opened; folding the log anew");
            return None;
        }
    };
    match State::load(&mut BufReader::with_capacity(1 << 20, file)) {
        Ok(state) => Some(state),
        Err(fault @ (SnapshotFault::Version { .. } | SnapshotFault::Damaged { .. } | SnapshotFault::Io(_))) => {
            warn!(path = %path.display(), %fault, "the snapshot cannot be used; folding the log anew");
            None
        }
    }
}

struct Tail {
    /// Entries folded into the live view.
    entries: u64,
    /// What the index lacks; `None` when it must be filled from the whole catalogue.
    texts: Option<Vec<TextChange>>,
}

/// Folds the log behind the snapshot, and notes which products the index has not seen.
fn fold_tail(reader: &Reader, state: &mut State, indexed: u64, answers: &mut Unsaved) -> Result<Tail, Fault> {
    let folded = state.position();
    let mut tail = Tail { entries: 0, texts: (indexed > 0).then(Vec::new) };
    let from = if indexed > 0 { folded.min(indexed) } else { folded };
    reader.follow(from, &mut |entry| {
        let position = entry.position;
        answers.remember_before(position, state);
        let text = fold(state, entry, position > folded);
        if position > folded {
            tail.entries += 1;
        }
        if let (Some(texts), Some(text)) = (&mut tail.texts, text)
            && position > indexed
        {
            texts.push(TextChange { position, ..text });
        }
        true
    })?;
    // What was erased or replaced leaves gaps at the end of the log, too.
    state.skip_to(reader.last_position()?);
    answers.remember_before(u64::MAX, state);
    Ok(tail)
}

/// Folds one entry (only looks at it unless `apply`), and says what it means for the index.
fn fold(state: &mut State, entry: Entry, apply: bool) -> Option<TextChange> {
    let position = entry.position;
    match entry.change {
        Change::PutProduct { id, body } => {
            let product = readable(serde_json::from_str::<Product>(&body), position)?;
            let row =
                if apply { state.put_product(position, &product, body.into()) } else { state.catalogue().row(&id)? };
            Some(TextChange { position, puts: vec![(row, product)], deletes: Vec::new(), completed: true })
        }
        Change::DeleteProduct { id } => {
            let row = if apply { state.delete_product(position, &id) } else { state.catalogue().row(&id) }?;
            Some(TextChange { position, puts: Vec::new(), deletes: vec![row], completed: true })
        }
        Change::PutUser { body, .. } if apply => {
            state.put_user(position, &readable(serde_json::from_str::<User>(&body), position)?);
            None
        }
        Change::DeleteUser { id } if apply => {
            state.delete_user(position, &id);
            None
        }
        Change::Interaction { body } if apply => {
            state.add_interaction(position, &readable(serde_json::from_str::<Interaction>(&body), position)?);
            None
        }
        Change::PutUser { .. } | Change::DeleteUser { .. } | Change::Interaction { .. } => None,
    }
}

/// A body that this program wrote, read back. One that cannot be read is left out with a warning rather than keeping the
/// whole environment from starting; it stays in the store.
fn readable<T>(body: serde_json::Result<T>, position: u64) -> Option<T> {
    body.inspect_err(|error| warn!(position, %error, "a stored record cannot be read and is left out")).ok()
}

/// Compacts a store that is mostly waste. A failure (it needs room of its own) is no reason not to start.
fn give_room_back(store: &mut Store) {
    let file_bytes = std::fs::metadata(store.path()).map_or(0, |about| about.len());
    let compacted = store.reclaimable_bytes().and_then(|waste_bytes| {
        let worth_it = waste_bytes >= limits::WASTE_BYTES_MIN && waste_bytes >= file_bytes / 2;
        if worth_it {
            info!(path = %store.path().display(), waste_bytes, "compacting the store");
            store.compact()?;
        }
        Ok(())
    });
    if let Err(fault) = compacted {
        warn!(%fault, "the store could not be compacted; it works as it is");
    }
}

fn ensure_keys(store: &mut Store, reader: &Reader) -> Result<Vec<Key>, Fault> {
    let mut keys = reader.keys()?;
    for kind in [KeyKind::Secret, KeyKind::Publishable] {
        if !keys.iter().any(|key| key.kind == kind) {
            let key = Key { kind, text: new_key_text() };
            store.set_key(&key)?;
            keys.push(key);
        }
    }
    Ok(keys)
}

/// 40 letters and digits from the system's random source: 238 bits.
pub(crate) fn new_key_text() -> String {
    rand::rng().sample_iter(Alphanumeric).take(limits::KEY_CHARS).map(char::from).collect()
}

/// The product of this row, read from its body; `None` without a record.
pub(super) fn product_of(state: &State, row: ProductRow) -> Option<(ProductRow, Product)> {
    let body = state.catalogue().body(row)?;
    Some((row, readable(serde_json::from_str(body), 0)?))
}
