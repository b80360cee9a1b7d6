//! The experiments of an environment.

use std::sync::Arc;

use arc_swap::ArcSwap;
use serde_json::json;
use store::{Fault, Reader};
use tokio::sync::{Mutex, MutexGuard};
use tracing::warn;

use super::{Command, Environment, Shared, WriteError};
use crate::experiments::Experiment;

/// The setting that holds them all.
const SETTING: &str = "experiments";

pub(super) struct Experiments {
    /// In the order of their creation.
    all: ArcSwap<Vec<Experiment>>,
    changing: Mutex<()>,
}

impl Experiments {
    pub(super) fn open(reader: &Reader) -> Result<Experiments, Fault> {
        let stored = reader.setting(SETTING)?.unwrap_or_else(|| json!([]));
        let all = serde_json::from_value(stored).unwrap_or_else(|error| {
            warn!(%error, "the stored experiments cannot be read and are left out");
            Vec::new()
        });
        Ok(Experiments { all: ArcSwap::from_pointee(all), changing: Mutex::default() })
    }
}

/// The right to change the experiments, held by one call at a time, so that what it checked still holds when it writes.
pub(crate) struct ExperimentsChange<'a> {
    environment: &'a Environment,
    _one_at_a_time: MutexGuard<'a, ()>,
}

impl Environment {
    /// All experiments, in the order of their creation.
    pub(crate) fn experiments(&self) -> Arc<Vec<Experiment>> {
        self.shared.experiments.all.load_full()
    }

    /// Waits for the right to change them.
    pub(crate) async fn change_experiments(&self) -> ExperimentsChange<'_> {
        let guard = self.shared.experiments.changing.lock().await;
        ExperimentsChange { environment: self, _one_at_a_time: guard }
    }
}

impl ExperimentsChange<'_> {
    /// Stores these in the place of all that there were.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn store(self, all: Vec<Experiment>) -> Result<(), WriteError> {
        let value = json!(all);
        let then = Box::new(move |shared: &Shared| shared.experiments.all.store(Arc::new(all)));
        self.environment.command(|reply| Command::Set { name: SETTING, value, then, reply }).await?
    }
}
