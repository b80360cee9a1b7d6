//! The environments of a data folder while they are served, each of which can be replaced by another state of itself.

use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use crate::environment::{RefusedCall, RefusedCalls};
use crate::{Environment, EnvironmentName};

/// All three. Whoever holds one while it is replaced goes on with the one that it holds, which writes nothing any more.
pub(crate) struct Environments {
    /// In the order of [`EnvironmentName::ALL`].
    by_name: [ArcSwap<Environment>; 3],
    /// Refused calls that no key says the environment of.
    strangers: Mutex<RefusedCalls>,
}

impl Environments {
    /// These, in the order of [`EnvironmentName::ALL`].
    pub(crate) fn new(opened: [Arc<Environment>; 3]) -> Environments {
        Environments { by_name: opened.map(ArcSwap::new), strangers: Mutex::default() }
    }

    /// The one that is served now.
    pub(crate) fn get(&self, name: EnvironmentName) -> Arc<Environment> {
        self.by_name[name as usize].load_full()
    }

    /// All that are served now, in the order of [`EnvironmentName::ALL`].
    pub(crate) fn all(&self) -> [Arc<Environment>; 3] {
        EnvironmentName::ALL.map(|name| self.get(name))
    }

    /// Notes a refused call without a known key.
    pub(crate) fn note_stranger(&self, call: RefusedCall) {
        self.strangers.lock().note(call);
    }

    /// The refused calls without a known key that are remembered, latest first.
    pub(crate) fn strangers(&self) -> Vec<RefusedCall> {
        self.strangers.lock().list()
    }

    /// Serves `opened` from now on.
    pub(crate) fn replace(&self, opened: Arc<Environment>) {
        self.by_name[opened.name() as usize].store(opened);
    }
}
