//! The versions of an engine's model: what each was trained on, how it did, and whether it is used.

use record::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::engine_definition::EngineDefinition;
use crate::limits::MODEL_VERSIONS_MAX;

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum VersionState {
    /// It answers.
    InUse,
    /// It did not do well enough to be used, and never was.
    KeptOut,
    /// It was used, and another one is now.
    Replaced,
}

/// What a version was trained on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrainedOn {
    /// Interactions held then.
    pub(crate) interactions: u64,
    /// Pieces of evidence that they gave.
    pub(crate) observations: u64,
    /// People with any.
    pub(crate) people: u64,
    /// Products that somebody wanted.
    pub(crate) products: u64,
    /// The first and the last piece of evidence.
    pub(crate) from: Option<Time>,
    pub(crate) to: Option<Time>,
}

/// How a version did beside the one in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// The version that was in use.
    pub(crate) with: String,
    /// Whether both answered the same questions of data that neither had seen; else each answered those of its own training.
    pub(crate) same_questions: bool,
    pub(crate) questions: u64,
    pub(crate) ndcg_10: f64,
    pub(crate) ndcg_10_in_use: f64,
    /// A lag up to this may be chance.
    pub(crate) tolerance: f64,
}

/// A version, as it is stored and as the API shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) version: String,
    pub(crate) created_at: Time,
    pub(crate) state: VersionState,
    /// As `state`, for who only asks this.
    pub(crate) in_use: bool,
    /// Why it was kept out; also of one that was put in use in spite of it.
    #[serde(default)]
    pub(crate) reason: Option<String>,
    #[serde(default)]
    pub(crate) took_ms: u64,
    #[serde(default)]
    pub(crate) model_bytes: u64,
    #[serde(default)]
    pub(crate) data: TrainedOn,
    /// The engine's definition at that time; `None` for a version of an early program.
    #[serde(default)]
    pub(crate) trained_for: Option<EngineDefinition>,
    #[serde(default)]
    pub(crate) compared: Option<Comparison>,
    /// What was measured.
    #[serde(default)]
    pub(crate) metrics: Map<String, Value>,
}

impl Version {
    /// A number of the metrics.
    pub(crate) fn metric(&self, name: &str) -> Option<f64> {
        self.metrics.get(name)?.as_f64()
    }

    fn become_(&mut self, state: VersionState) {
        self.state = state;
        self.in_use = state == VersionState::InUse;
    }
}

/// Reads a stored list. Early programs told only whether a version was in use.
pub(super) fn read(stored: Option<Value>) -> Vec<Version> {
    let Some(Value::Array(stored)) = stored else { return Vec::new() };
    let version = |mut stored: Value| {
        if stored["state"].is_null() {
            stored["state"] = json!(if stored["in_use"] == json!(true) { "in_use" } else { "replaced" });
        }
        serde_json::from_value(stored)
            .inspect_err(|error| tracing::warn!(%error, "a stored version of a model cannot be read and is left out"))
            .ok()
    };
    stored.into_iter().filter_map(version).collect()
}

/// The list, newest first, with a new version in front, and without those that are too many: the oldest go, but never
/// the one in use.
pub(super) fn with(versions: &[Version], added: Version) -> Vec<Version> {
    let mut list = versions.to_vec();
    if added.in_use {
        retire(&mut list);
    }
    list.insert(0, added);
    while list.len() > MODEL_VERSIONS_MAX {
        let Some(oldest) = list.iter().rposition(|version| !version.in_use) else { break };
        list.remove(oldest);
    }
    list
}

/// The list with that version in use; `None` where it is not in it.
pub(super) fn with_in_use(versions: &[Version], version: &str) -> Option<Vec<Version>> {
    let mut list = versions.to_vec();
    let at = list.iter().position(|one| one.version == version)?;
    retire(&mut list);
    list[at].become_(VersionState::InUse);
    Some(list)
}

fn retire(versions: &mut [Version]) {
    versions.iter_mut().filter(|version| version.in_use).for_each(|version| version.become_(VersionState::Replaced));
}

#[cfg(test)]
mod tests;
