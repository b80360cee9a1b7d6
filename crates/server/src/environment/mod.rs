//! One environment while it is served: its writer, its live view, its index and its models.
//!
//! Three threads belong to it. The *writer* is the only one that changes the store and the live view: it takes commands
//! in order, has them on disk, folds them in, and only then replies. The *indexer* follows it with the text of products.
//! The *keeper* wakes every quarter of a second for what may wait: popularity, keys changed by another process, snapshots.
//! A training runs on a thread of its own.

mod arrivals;
mod choices;
pub(crate) mod encoding;
mod engines;
pub(crate) mod erasures;
mod experiments;
mod indexer;
mod journal;
mod keeper;
mod keys;
mod lists;
mod live;
mod mappings;
mod name;
mod open;
mod questions;
mod refused;
mod retention;
mod searched;
mod tasks;
mod text;
mod training;
pub(crate) mod uploads;
mod verdict;
mod versions;
mod wipe;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::thread::JoinHandle;

use arc_swap::ArcSwap;
use engine::View;
use parking_lot::{Mutex, RwLock};
use record::{Interaction, Product, ProductPatch, Refusals, Time, User};
use search::{Completions, Index, Meanings};
use state::{Given, ProductRow, State};
use store::{Fault, Key, Reader, Store, Task};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

pub use arrivals::Arrival;
pub(crate) use keeper::now;
pub use name::EnvironmentName;
pub(crate) use refused::{RefusedCall, RefusedCalls, refused};
pub(crate) use retention::Retention;
pub use tasks::{TrainingState, TrainingStatus};
pub(crate) use versions::{Version, VersionState};

use crate::engine_definition::EngineDefinition;
use arrivals::Arrivals;
use engines::Engines;
use erasures::Erasures;
use experiments::Experiments;
use journal::Journal;
use keys::FormerKeys;
pub(crate) use lists::ListKey;
use lists::Lists;
use live::Live;
use questions::Questions;
use retention::Retentions;
use tasks::Trainings;
use writer::Command;

/// What an accepted upload or deletion did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The task that remembers it; empty for interactions.
    pub task_id: String,
    /// Records written, or deleted.
    pub count: usize,
    /// Of a deletion: ids that were not there. Of interactions: those that were held already.
    pub not_found: usize,
}

/// Why nothing was written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError {
    /// 422: the records do not fit the data set.
    #[error("records refused")]
    Refused(Refusals),
    /// 503: the disk.
    #[error(transparent)]
    Fault(Arc<Fault>),
    /// 503: the process is stopping.
    #[error("the server is stopping; send it again")]
    Stopping,
}

impl From<Refusals> for WriteError {
    fn from(refusals: Refusals) -> WriteError {
        WriteError::Refused(refusals)
    }
}

impl From<Fault> for WriteError {
    fn from(fault: Fault) -> WriteError {
        WriteError::Fault(Arc::new(fault))
    }
}

/// One environment while it is served.
pub struct Environment {
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the threads of an environment have in common.
struct Shared {
    name: EnvironmentName,
    folder: PathBuf,
    state: Live,
    index: Index,
    completions: RwLock<Completions>,
    meanings: Meanings,
    /// The rows with a record by falling popularity, as of a moment ago.
    popular: ArcSwap<Vec<ProductRow>>,
    keys: ArcSwap<Vec<Key>>,
    engines: Engines,
    questions: Questions,
    experiments: Experiments,
    trainings: Trainings,
    uploads: uploads::Uploads,
    /// Interactions that came again since the process began, and were left out.
    duplicates: AtomicU64,
    /// Readers that wait for their next use; a call takes one or opens another.
    readers: Mutex<Vec<Reader>>,
    /// Answers given since the keeper last moved them into the live view, so that answering never waits for a write lock.
    shown: Mutex<Vec<Given>>,
    /// Where these are written, so that they outlive the process.
    journal: Mutex<Journal>,
    /// The lists that people page through.
    lists: Mutex<Lists>,
    former_keys: FormerKeys,
    retentions: Retentions,
    erasures: Erasures,
    /// The calls that were refused last.
    refused: Mutex<RefusedCalls>,
    /// The interactions that arrived last, for whoever watches.
    arrivals: Mutex<Arrivals>,
    /// Whether every product of the store is in the index and the completions.
    indexed: AtomicBool,
    /// Changes of the live view that no snapshot holds yet.
    unsaved: AtomicU64,
    /// A snapshot was thrown away because it named someone who is erased; a new one is due at once.
    snapshot_due: AtomicBool,
    /// Held while a snapshot is written, and by an erasure until it is complete.
    snapshot: Mutex<()>,
    stopping: AtomicBool,
    training_threads: usize,
}

impl Shared {
    fn store_file(&self) -> PathBuf {
        self.folder.join("store.sqlite")
    }

    fn tallies_file(&self) -> PathBuf {
        self.folder.join("answers.tallies")
    }

    fn snapshot_file(&self) -> PathBuf {
        self.folder.join("state.snapshot")
    }

    fn read<R>(&self, read: impl FnOnce(&Reader) -> Result<R, Fault>) -> Result<R, Fault> {
        let idle = self.readers.lock().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => Reader::open(&self.store_file())?,
        };
        let outcome = read(&reader)?;
        // A reader that failed is not used again: its connection may be the reason.
        let mut readers = self.readers.lock();
        if readers.len() < crate::limits::IDLE_READERS_MAX {
            readers.push(reader);
        }
        Ok(outcome)
    }
}

impl Environment {
    /// Opens the environment's folder in `settings.data` (creating what is missing), reads the snapshot and the tail of the
    /// log, and starts the threads.
    ///
    /// # Errors
    /// A [`Fault`] of the disk, or of a file that cannot be used.
    pub fn open(name: EnvironmentName, settings: &crate::Settings) -> Result<Arc<Environment>, Fault> {
        open::open(name, settings)
    }

    /// Which one.
    pub fn name(&self) -> EnvironmentName {
        self.shared.name
    }

    /// Whether every stored product can be found by its text; false only for a while after a start that rebuilds the index.
    pub fn is_ready(&self) -> bool {
        self.shared.indexed.load(std::sync::atomic::Ordering::Acquire)
    }

    async fn command<R>(&self, make: impl FnOnce(oneshot::Sender<R>) -> Command) -> Result<R, WriteError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(make(reply)).await.map_err(|_| WriteError::Stopping)?;
        answer.await.map_err(|_| WriteError::Stopping)
    }

    /// A task id for a batch that is written later (`async=1`), or at once.
    pub fn new_task_id() -> String {
        Uuid::now_v7().to_string()
    }

    /// Stores products; returns when they are on disk and in the live view. The outcome is remembered as `task_id`.
    ///
    /// # Errors
    /// [`WriteError`]; then nothing of the batch is stored.
    pub async fn put_products(&self, task_id: String, products: Vec<Product>) -> Result<Written, WriteError> {
        self.command(|reply| Command::PutProducts { task_id, products, reply }).await?
    }

    /// Changes fields of products. A product that does not exist refuses the whole batch. As [`Environment::put_products`].
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn patch_products(&self, task_id: String, patches: Vec<ProductPatch>) -> Result<Written, WriteError> {
        self.command(|reply| Command::PatchProducts { task_id, patches, reply }).await?
    }

    /// Deletes products, those of the ids that exist.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn delete_products(&self, task_id: String, ids: Vec<String>) -> Result<Written, WriteError> {
        self.command(|reply| Command::DeleteProducts { task_id, ids, reply }).await?
    }

    /// Stores users. As [`Environment::put_products`].
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn put_users(&self, task_id: String, users: Vec<User>) -> Result<Written, WriteError> {
        self.command(|reply| Command::PutUsers { task_id, users, reply }).await?
    }

    /// Deletes users' profiles for good, those of the ids that exist.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn delete_users(&self, task_id: String, ids: Vec<String>) -> Result<Written, WriteError> {
        self.command(|reply| Command::DeleteUsers { task_id, ids, reply }).await?
    }

    /// Stores interactions, each with a timestamp and a person. One that is held already is stored no second time.
    /// Serialises them: for a large batch, call it on a thread that may work for some milliseconds.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn add_interactions(&self, interactions: Vec<Interaction>) -> Result<Written, WriteError> {
        // Serialised here, on the caller's thread: the writer is one, the callers are many.
        let bodies = interactions.iter().map(Interaction::to_json).collect();
        self.command(|reply| Command::AddInteractions { interactions, bodies, reply }).await?
    }

    /// Erases the interactions of these users for good; when it returns, no file holds anything of them.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn erase_interactions(&self, user_ids: Vec<String>) -> Result<Written, WriteError> {
        self.command(|reply| Command::EraseInteractions { user_ids, reply }).await?
    }

    /// The checks of [`Environment::put_products`] that need the data set, without writing (`dry_run`).
    ///
    /// # Errors
    /// The refusals.
    pub fn check_products(&self, products: &[Product]) -> Result<(), Refusals> {
        writer::check_types(&self.shared.state.read().catalogue().type_conflicts(products))
    }

    /// As [`Environment::check_products`], for users.
    ///
    /// # Errors
    /// The refusals.
    pub fn check_users(&self, users: &[User]) -> Result<(), Refusals> {
        writer::check_types(&self.shared.state.read().user_type_conflicts(users))
    }

    /// The checks of [`Environment::patch_products`] that need the data set, without writing (`dry_run`).
    ///
    /// # Errors
    /// The refusals.
    pub fn check_patches(&self, patches: &[ProductPatch]) -> Result<(), Refusals> {
        let state = self.shared.state.read();
        let products = writer::patched(&state, patches)?;
        writer::check_types(&state.catalogue().type_conflicts(&products))
    }

    /// A product's JSON.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product(&self, id: &str) -> Result<Option<String>, Fault> {
        self.shared.read(|reader| reader.product(id))
    }

    /// A user's JSON.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user(&self, id: &str) -> Result<Option<String>, Fault> {
        self.shared.read(|reader| reader.user(id))
    }

    /// The ids of all products, of one type where given.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product_ids(&self, kind: Option<&str>) -> Result<Vec<String>, Fault> {
        self.shared.read(|reader| reader.product_ids(kind))
    }

    /// The ids of all users with a profile.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user_ids(&self) -> Result<Vec<String>, Fault> {
        self.shared.read(Reader::user_ids)
    }

    /// A task of products or users.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn task(&self, task_id: &str) -> Result<Option<Task>, Fault> {
        self.shared.read(|reader| reader.task(task_id))
    }

    /// The keys in force; read again when another process has changed them (looked at once a second).
    pub fn keys(&self) -> Arc<Vec<Key>> {
        self.shared.keys.load_full()
    }

    /// The interactions that were accepted after that number since the process began, in order, and no more than
    /// [`crate::limits::ARRIVALS_REMEMBERED_MAX`]. After an erasure, those since.
    pub fn arrivals(&self, after: u64) -> Vec<Arrival> {
        self.shared.arrivals.lock().after(after)
    }

    /// Interactions that came again since the process began: held already, they count once.
    pub(crate) fn duplicates(&self) -> u64 {
        self.shared.duplicates.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Puts a key in force in the place of the one of its kind, which is revoked at once.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn set_key(&self, key: Key) -> Result<(), WriteError> {
        self.command(|reply| Command::SetKey { key, reply }).await?
    }

    /// Reads the live view. Blocking, and the writer waits meanwhile: call it on a thread that may wait, and keep it short.
    pub fn look<R>(&self, read: impl FnOnce(&State) -> R) -> R {
        read(&self.shared.state.read())
    }

    /// The key of the list of a `pagination_id`, by all that tells it from others, and what was given of it so far.
    pub(crate) fn list(&self, names: &[Option<&str>], now: Time) -> (ListKey, Arc<[ProductRow]>) {
        let mut lists = self.shared.lists.lock();
        let key = lists.key(names);
        (key, lists.get(key, now))
    }

    /// Keeps a list for its next page.
    pub(crate) fn keep_list(&self, key: ListKey, listed: &[ProductRow], now: Time) {
        self.shared.lists.lock().keep(key, listed, now);
    }

    /// Answers a question on the live view with the model of `engine_id` (`None`: `default`). Blocking: call it on a
    /// thread that may wait. `None` where there is no such engine.
    pub fn answer<R>(&self, engine_id: Option<&str>, now: Time, ask: impl FnOnce(View<'_>) -> R) -> Option<R> {
        self.answer_in_list(engine_id, &[], now, ask)
    }

    /// As [`Environment::answer`], for a list that was paged through so far.
    pub fn answer_in_list<R>(
        &self,
        engine_id: Option<&str>,
        kept: &[ProductRow],
        now: Time,
        ask: impl FnOnce(View<'_>) -> R,
    ) -> Option<R> {
        let model = self.shared.engines.model(engine_id.unwrap_or(engines::DEFAULT))?;
        let popular = self.shared.popular.load();
        let completions = self.shared.completions.read();
        let state = self.shared.state.read();
        Some(ask(View {
            state: &state,
            index: &self.shared.index,
            completions: &completions,
            meanings: &self.shared.meanings,
            model: model.as_deref(),
            popular: &popular,
            kept,
            now,
            seed: rand::random(),
        }))
    }

    /// Remembers an answer given to the person of these ids; its visitor and the version of its engine's model are filled in here.
    /// It is in the live view within a quarter of a second, and before any interaction that comes later.
    pub fn remember(&self, (user_id, anonymous_id): (Option<&str>, Option<&str>), mut given: Given) {
        if self.shared.shown.lock().len() >= crate::limits::SHOWN_WAITING_MAX {
            return;
        }
        given.visitor = self.shared.state.read().people().visitor(user_id, anonymous_id);
        given.version = self.shared.engines.version_in_use(&given.engine_id).unwrap_or_default();
        self.shared.shown.lock().push(given);
    }

    /// Moves the answers given so far into the live view, for whoever counts them. Blocking.
    pub fn settle(&self) {
        keeper::move_shown(&self.shared);
    }

    /// The ids of the engines there are.
    pub fn engine_ids(&self) -> Vec<String> {
        self.shared.engines.ids()
    }

    /// An engine's definition.
    pub(crate) fn engine(&self, engine_id: &str) -> Option<EngineDefinition> {
        self.shared.engines.definition(engine_id)
    }

    /// Creates or replaces an engine (valid already), or removes it with its versions (`None`); a training of it ends.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_engine(
        &self,
        engine_id: &str,
        definition: Option<EngineDefinition>,
    ) -> Result<(), WriteError> {
        if definition.is_none() {
            self.shared.trainings.cancel_of(engine_id, now());
        }
        let engine_id = engine_id.to_owned();
        let set = move |store: &mut Store, shared: &Shared| shared.engines.set(store, &engine_id, definition);
        Ok(self.command(|reply| writer::within(set, reply)).await??)
    }

    /// Starts a training in the background, or gives the one of this engine that waits or runs; `None` where there is no such
    /// engine. One training runs at a time; others wait as `queued`. With `force` its version is put in use however it does.
    /// Returns when the task is on disk.
    pub async fn train(&self, engine_id: &str, force: bool) -> Option<TrainingStatus> {
        let started = training::start(&self.shared, &self.commands, engine_id, force)?;
        if let Some(stored) = started.stored {
            // Where the disk refuses, the training goes on nevertheless.
            let _ = stored.await;
        }
        Some(started.status)
    }

    /// Cancels a training that waits or runs. Gives its status, and whether this call cancelled it; `None` for an unknown one.
    pub async fn cancel_training(&self, task_id: &str) -> Option<(TrainingStatus, bool)> {
        let cancelled = self.shared.trainings.cancel(task_id, now())?;
        // Where the disk refuses, it counts as failed after the next start.
        let save = |store: &mut Store, shared: &Shared| shared.trainings.save(store);
        let _ = self.command(|reply| writer::within(save, reply)).await;
        Some(cancelled)
    }

    /// The last training of an engine.
    pub fn last_training(&self, engine_id: &str) -> Option<TrainingStatus> {
        self.shared.trainings.last_of(engine_id)
    }

    /// Whether the default engine has a model in use.
    pub fn is_trained(&self) -> bool {
        self.shared.engines.model(engines::DEFAULT).flatten().is_some()
    }

    /// How a training stands.
    pub fn training(&self, task_id: &str) -> Option<TrainingStatus> {
        self.shared.trainings.status(task_id)
    }

    /// The versions of an engine's model, newest first. `None` where there is no such engine.
    pub(crate) fn versions(&self, engine_id: &str) -> Option<Vec<Version>> {
        self.shared.engines.versions(engine_id)
    }

    /// Puts a version in use. False where it is gone, or its model cannot be used any more.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn activate_version(&self, engine_id: &str, version: &str) -> Result<bool, WriteError> {
        let (shared, name) = (self.shared.clone(), version.to_owned());
        let load = move || shared.engines.load(&name, shared.state.read().epoch());
        let loaded = tokio::task::spawn_blocking(load).await.map_err(|_| WriteError::Stopping)?;
        let Some(model) = loaded.map(Arc::new) else { return Ok(false) };
        let (engine_id, version) = (engine_id.to_owned(), version.to_owned());
        let activate =
            move |store: &mut Store, shared: &Shared| shared.engines.activate(store, &engine_id, &version, model);
        Ok(self.command(|reply| writer::within(activate, reply)).await??)
    }

    /// Deletes a version that is not in use. False where it is, or is gone.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn delete_version(&self, engine_id: &str, version: &str) -> Result<bool, WriteError> {
        let (engine_id, version) = (engine_id.to_owned(), version.to_owned());
        let delete = move |store: &mut Store, shared: &Shared| shared.engines.delete(store, &engine_id, &version);
        Ok(self.command(|reply| writer::within(delete, reply)).await??)
    }

    /// Bytes held by the live view.
    pub fn memory(&self) -> state::Memory {
        self.shared.state.read_long().memory()
    }

    /// Products with a record.
    pub fn product_count(&self) -> u64 {
        self.shared.state.read().catalogue().live().len()
    }

    /// Batches that wait for the writer.
    pub fn queue_length(&self) -> usize {
        self.commands.max_capacity() - self.commands.capacity()
    }

    /// Finishes what is queued, writes a snapshot and ends the threads.
    pub async fn stop(self: &Arc<Environment>) {
        self.shared.stopping.store(true, std::sync::atomic::Ordering::Release);
        self.shared.uploads.pause();
        // The writer ends at this command; what was queued before it is done by then.
        let _ = self.command(|reply| Command::Stop { reply }).await;
        let threads = std::mem::take(&mut *self.threads.lock());
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a thread of the environment had panicked");
                }
            }
        });
        let _ = joined.await;
    }
}
