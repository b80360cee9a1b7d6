//! Uploads that are answered before they are written (`async=1`).

use std::future::Future;
use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashSet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::errors::Failure;
use crate::EnvironmentName;
use crate::limits::QUEUED_UPLOADS_MAX;

/// The uploads on their way. What became of one is told by its task in the store.
#[derive(Clone)]
pub(super) struct Queued {
    places: Arc<Semaphore>,
    waiting: Arc<Mutex<FxHashSet<(EnvironmentName, String)>>>,
}

impl Default for Queued {
    fn default() -> Queued {
        Queued { places: Arc::new(Semaphore::new(QUEUED_UPLOADS_MAX)), waiting: Arc::default() }
    }
}

impl Queued {
    /// A place in the queue; waits while it is full, so that memory is bounded.
    pub(super) async fn place(&self) -> Result<OwnedSemaphorePermit, Failure> {
        self.places.clone().acquire_owned().await.map_err(|_| Failure::Stopping)
    }

    /// Lets `writing` go on by itself.
    pub(super) fn spawn(
        &self,
        environment: EnvironmentName,
        task_id: String,
        place: OwnedSemaphorePermit,
        writing: impl Future<Output = ()> + Send + 'static,
    ) {
        let waiting = self.waiting.clone();
        waiting.lock().insert((environment, task_id.clone()));
        tokio::spawn(async move {
            writing.await;
            waiting.lock().remove(&(environment, task_id));
            drop(place);
        });
    }

    /// Whether the upload with this id is still on its way.
    pub(super) fn waits(&self, environment: EnvironmentName, task_id: &str) -> bool {
        self.waiting.lock().contains(&(environment, task_id.to_owned()))
    }

    /// Waits until all that is queued is written; later comers are turned away.
    pub(super) async fn finish(&self) {
        let all = u32::try_from(QUEUED_UPLOADS_MAX).expect("the bound is small");
        let _ = self.places.acquire_many(all).await;
        self.places.close();
    }
}
