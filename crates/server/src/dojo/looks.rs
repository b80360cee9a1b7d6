//! Views of a whole environment, kept as long as making them takes several times over: many open dashboards, or one that asks
//! every three seconds, cost a large shop's server a fifth of a core at most, and a small shop sees all as it is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::EnvironmentName;

/// A view that takes less is made anew each time.
const KEPT_FROM: Duration = Duration::from_millis(150);
/// It is kept for so many times as long as it took, and no longer than this.
const KEPT_TIMES: u32 = 5;
const KEPT_FOR_MAX: Duration = Duration::from_secs(10);

/// The latest of each view. A view names no person: it may outlive one.
#[derive(Default)]
pub(super) struct Looks {
    kept: Mutex<FxHashMap<(EnvironmentName, &'static str), Place>>,
}

/// Where the latest of one view stands; locked while it is made.
type Place = Arc<Mutex<Option<Look>>>;

struct Look {
    value: Value,
    until: Instant,
}

impl Looks {
    /// The view of this name, as of now or a moment ago. Who comes while it is made waits for that one.
    pub(super) fn of(&self, environment: EnvironmentName, name: &'static str, make: impl FnOnce() -> Value) -> Value {
        let place = self.kept.lock().entry((environment, name)).or_default().clone();
        let mut latest = place.lock();
        if let Some(look) = latest.as_ref().filter(|look| Instant::now() < look.until) {
            return look.value.clone();
        }
        let began = Instant::now();
        let value = make();
        let took = began.elapsed();
        let until = Instant::now() + (took * KEPT_TIMES).min(KEPT_FOR_MAX);
        *latest = (took >= KEPT_FROM).then(|| Look { value: value.clone(), until });
        value
    }
}

#[cfg(test)]
mod tests;
