//! Keys that were replaced and work for a while yet, so that whoever uses them has time to change over.

use std::sync::Arc;

use arc_swap::ArcSwap;
use record::Time;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Fault, Key, KeyKind, Reader};
use tracing::warn;

use super::writer::Command;
use super::{Environment, Shared, WriteError};
use crate::limits::FORMER_KEYS_MAX;

const SETTING: &str = "former_keys";

/// A key that was replaced.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormerKey {
    pub(crate) kind: KeyKind,
    pub(crate) text: String,
    /// It works until then.
    pub(crate) until_ms: i64,
}

pub(super) struct FormerKeys {
    all: ArcSwap<Vec<FormerKey>>,
}

impl FormerKeys {
    pub(super) fn open(reader: &Reader) -> Result<FormerKeys, Fault> {
        let stored = reader.setting(SETTING)?.unwrap_or_else(|| json!([]));
        let all = serde_json::from_value(stored).unwrap_or_else(|error| {
            warn!(%error, "the keys in grace cannot be read and are revoked");
            Vec::new()
        });
        Ok(FormerKeys { all: ArcSwap::from_pointee(all) })
    }
}

impl Environment {
    /// The replaced keys that still work, newest first.
    pub(crate) fn former_keys(&self, now: Time) -> Vec<FormerKey> {
        let all = self.shared.former_keys.all.load();
        all.iter().filter(|key| key.until_ms > now.0).cloned().collect()
    }

    /// Puts `key` in force in the place of the one of its kind, which works until `until`; at once revoked with `None`.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn replace_key(&self, key: Key, now: Time, until: Option<Time>) -> Result<(), WriteError> {
        let mut former = self.former_keys(now);
        match until {
            Some(until) => {
                let keys = self.keys();
                let replaced = keys.iter().filter(|old| old.kind == key.kind);
                for old in replaced {
                    former.insert(0, FormerKey { kind: old.kind, text: old.text.clone(), until_ms: until.0 });
                }
                former.truncate(FORMER_KEYS_MAX);
            }
            // Whoever wants a key gone at once wants its predecessors gone, too.
            None => former.retain(|old| old.kind != key.kind),
        }
        // First the grace, then the change: in between the present key merely stands twice.
        self.set_former_keys(former).await?;
        self.set_key(key).await
    }

    /// Revokes the replaced keys of this kind at once.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn revoke_former_keys(&self, kind: KeyKind, now: Time) -> Result<(), WriteError> {
        let mut former = self.former_keys(now);
        former.retain(|old| old.kind != kind);
        self.set_former_keys(former).await
    }

    async fn set_former_keys(&self, all: Vec<FormerKey>) -> Result<(), WriteError> {
        let value = json!(all);
        let then = Box::new(move |shared: &Shared| shared.former_keys.all.store(Arc::new(all)));
        self.command(|reply| Command::Set { name: SETTING, value, then, reply }).await?
    }
}
