//! Trainings: one at a time, beside the serving, on threads of low priority.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Instant;

use parking_lot::Mutex;
use recommend::{Model, Options};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tracing::{error, info, warn};
use uuid::Uuid;

use super::writer::Command;
use super::{Shared, keeper};
use crate::limits;

/// A training, as `GET /v1/engines/_status/{task_id}` shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrainingStatus {
    /// `queued`, `running`, `done` or `failed`.
    pub state: &'static str,
    /// The share done.
    pub progress: f32,
    /// Why it failed.
    pub error: Option<String>,
    /// What was measured, once done.
    pub metrics: Option<Value>,
}

/// The trainings since the start, by task.
#[derive(Default)]
pub(super) struct Trainings {
    by_task: Mutex<HashMap<String, TrainingStatus>>,
    /// Held by the training that runs.
    turn: Mutex<()>,
}

impl Trainings {
    pub(super) fn status(&self, task_id: &str) -> Option<TrainingStatus> {
        self.by_task.lock().get(task_id).cloned()
    }

    fn set(&self, task_id: &str, state: &'static str, progress: f32, error: Option<String>, metrics: Option<Value>) {
        let mut by_task = self.by_task.lock();
        if !by_task.contains_key(task_id) && by_task.len() >= limits::TRAININGS_REMEMBERED_MAX {
            // Task ids are in the order of time; the oldest finished one goes.
            let oldest = by_task
                .iter()
                .filter(|(_, status)| matches!(status.state, "done" | "failed"))
                .map(|(id, _)| id.clone())
                .min();
            if let Some(oldest) = oldest {
                by_task.remove(&oldest);
            }
        }
        by_task.insert(task_id.to_owned(), TrainingStatus { state, progress, error, metrics });
    }
}

/// Starts a training in the background and gives its task's id; `None` where there is no such engine.
pub(super) fn start(shared: &Arc<Shared>, commands: &mpsc::Sender<Command>, engine_id: &str) -> Option<String> {
    shared.engines.definition(engine_id)?;
    let task_id = Uuid::now_v7().to_string();
    shared.trainings.set(&task_id, "queued", 0.0, None, None);
    let (shared, commands) = (shared.clone(), commands.clone());
    let (id, engine_id) = (task_id.clone(), engine_id.to_owned());
    let thread = thread::Builder::new().name("training".to_owned());
    let started = thread.spawn(move || {
        let _turn = shared.trainings.turn.lock();
        lower_priority();
        match train(&shared, &id, &engine_id) {
            Ok((versions, metrics)) => {
                // A list that is not stored costs a training after the next start, no more.
                let _ = commands.blocking_send(Command::SetVersions { engine_id, versions });
                shared.trainings.set(&id, "done", 1.0, None, Some(metrics));
            }
            Err(reason) => {
                warn!(engine_id, reason, "a training failed");
                shared.trainings.set(&id, "failed", 0.0, Some(reason), None);
            }
        }
    });
    if let Err(error) = started {
        error!(%error, "no thread for a training");
    }
    Some(task_id)
}

fn train(shared: &Shared, task_id: &str, engine_id: &str) -> Result<(Value, Value), String> {
    let begun = Instant::now();
    shared.trainings.set(task_id, "running", 0.0, None, None);
    let now = keeper::now();
    let (dataset, epoch) = {
        let state = shared.state.read_long();
        (engine::training_dataset(&state, now, &engine::Goal::default()), state.epoch())
    };
    let options = Options { now_ms: now.0, seed: 0 };
    let progress = |share: f32| {
        shared.trainings.set(task_id, "running", share, None, None);
        !shared.stopping.load(Ordering::Acquire)
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(shared.training_threads)
        .start_handler(|_| lower_priority())
        .build()
        .map_err(|error| format!("no threads for a training: {error}"))?;
    let model = pool.install(|| Model::train(&dataset, &options, &progress)).map_err(|error| error.to_string())?;
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let measured = model.metrics();
    let metrics = json!({
        "observations": model.observations(),
        "visitors": dataset.ends.len(),
        "took_ms": took_ms,
        "validation_cases": measured.cases,
        "ndcg_10": measured.ndcg,
        "ndcg_10_popularity": measured.ndcg_popularity,
        "worse_than_popularity": measured.cases > 0 && measured.ndcg < measured.ndcg_popularity,
    });
    let mut version = Map::new();
    version.insert("created_at".to_owned(), json!(now));
    version.insert("metrics".to_owned(), metrics.clone());
    let versions = shared
        .engines
        .put_model(engine_id, version, model, epoch)
        .map_err(|error| format!("the model could not be stored: {error}"))?
        .ok_or("the engine was removed while it was trained")?;
    info!(environment = shared.name.name(), engine_id, took_ms, "trained");
    Ok((versions, metrics))
}

/// Asks the system to run this thread after those that answer. Where it refuses, training is only less polite.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    {
        let own = rustix::thread::gettid();
        let _ = rustix::process::setpriority_process(Some(own), 10);
    }
}
