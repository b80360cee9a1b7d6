//! Emptying what is there: all interactions, all models.

use store::{Change, Fault, Store};
use tokio::sync::oneshot;
use tracing::info;

use super::writer::within;
use super::{Environment, Shared, WriteError, keeper};

impl Environment {
    /// Erases all interactions for good, and gives their number; when it returns, no file holds anything of them. Profiles and
    /// products stay.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn wipe_interactions(&self) -> Result<usize, WriteError> {
        self.on_the_writer(wipe_interactions).await
    }

    /// Forgets the trained models of every engine; the engines stay, and answer without a model until they are trained.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn forget_models(&self) -> Result<(), WriteError> {
        self.on_the_writer(|store, shared| shared.engines.forget_models(store)).await
    }

    /// Reads every change of the log from its beginning; see [`store::Reader::follow`].
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub(crate) fn follow(&self, take: &mut dyn FnMut(Change) -> bool) -> Result<(), Fault> {
        self.shared.read(|reader| reader.follow(0, &mut |entry| take(entry.change)))
    }

    async fn on_the_writer<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store, &Shared) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, WriteError> {
        let (reply, answer) = oneshot::channel();
        self.commands.send(within(work, reply)).await.map_err(|_| WriteError::Stopping)?;
        Ok(answer.await.map_err(|_| WriteError::Stopping)??)
    }
}

fn wipe_interactions(store: &mut Store, shared: &Shared) -> Result<usize, Fault> {
    // What waits to be noted names visitors by rows that are about to go.
    keeper::move_shown(shared);
    let _until_forgotten = keeper::discard_snapshot(shared)?;
    let mut journal = shared.journal.lock();
    journal.restart();
    shared.arrivals.lock().forget();
    shared.uploads.forget_people();
    let erased = store.erase_interactions()?;
    let mut profiles = Vec::new();
    shared.read(|reader| {
        reader.follow(0, &mut |entry| {
            if let Change::PutUser { body, .. } = entry.change {
                profiles.extend(serde_json::from_str(&body).ok());
            }
            true
        })
    })?;
    shared.state.write().wipe_interactions(&profiles);
    drop(journal);
    keeper::save_tallies(shared);
    info!(environment = shared.name.name(), interactions = erased, "all interactions were erased");
    Ok(erased)
}
