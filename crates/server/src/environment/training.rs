//! Trainings: one at a time, beside the serving, on threads of low priority.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Instant;

use recommend::{Model, Options, ReliabilityBin, TrainingError, Trial};
use record::InteractionType;
use serde_json::{Map, Value, json};
use state::State;
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info, warn};
use uuid::Uuid;

use super::tasks::{Control, Outcome, TrainingStatus};
use super::verdict::{self, Lag};
use super::versions::{TrainedOn, Version, VersionState};
use super::writer::{Command, within_writer};
use super::{Shared, choices, keeper};
use crate::engine_definition::EngineDefinition;

/// A training that was asked for.
pub(super) struct Started {
    pub(super) status: TrainingStatus,
    /// Comes when the task is on disk; `None` for one that was under way already.
    pub(super) stored: Option<oneshot::Receiver<()>>,
}

/// Starts a training in the background, or gives the one of this engine that waits or runs. `None` where there is no such
/// engine.
pub(super) fn start(
    shared: &Arc<Shared>,
    commands: &mpsc::Sender<Command>,
    engine_id: &str,
    force: bool,
) -> Option<Started> {
    shared.engines.definition(engine_id)?;
    let (status, control, is_new) = shared.trainings.enter(engine_id, force, keeper::now());
    if !is_new {
        return Some(Started { status, stored: None });
    }
    let (tell, stored) = oneshot::channel();
    spawn(shared, commands, &status, control, Some(tell));
    Some(Started { status, stored: Some(stored) })
}

/// Starts those again that waited when the process ended, under their ids.
pub(super) fn resume(shared: &Arc<Shared>, commands: &mpsc::Sender<Command>) {
    for (status, control) in shared.trainings.waiting() {
        if shared.engines.definition(&status.engine_id).is_some() {
            spawn(shared, commands, &status, control, None);
        } else {
            shared.trainings.cancel(&status.task_id, keeper::now());
        }
    }
}

fn spawn(
    shared: &Arc<Shared>,
    commands: &mpsc::Sender<Command>,
    status: &TrainingStatus,
    control: Arc<Control>,
    stored: Option<oneshot::Sender<()>>,
) {
    let (own, commands) = (shared.clone(), commands.clone());
    let (task_id, engine_id) = (status.task_id.clone(), status.engine_id.clone());
    let work = move || {
        save(&commands);
        if let Some(stored) = stored {
            let _ = stored.send(());
        }
        let _turn = own.trainings.turn();
        if !own.trainings.begin(&task_id) {
            return;
        }
        lower_priority(READING);
        save(&commands);
        let training =
            Training { shared: &own, commands: &commands, task_id: &task_id, engine_id: &engine_id, control: &control };
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| training.run()));
        let outcome = outcome.unwrap_or_else(|_| {
            error!(engine_id, "a training panicked; this is a bug");
            Outcome::Failed("an internal error; the server's log says more".to_owned())
        });
        if let Outcome::Failed(reason) = &outcome {
            warn!(engine_id, reason, "a training failed");
        }
        own.trainings.finish(&task_id, outcome, keeper::now());
        save(&commands);
    };
    if let Err(error) = thread::Builder::new().name("training".to_owned()).spawn(work) {
        error!(%error, "no thread for a training");
        let why = "the system gives no thread for it; train again later".to_owned();
        shared.trainings.finish(&status.task_id, Outcome::Failed(why), keeper::now());
    }
}

/// Has the list of trainings on disk. Where the disk refuses, the list is only as long-lived as the process.
fn save(commands: &mpsc::Sender<Command>) {
    within_writer(commands, |store, shared| {
        if let Err(fault) = shared.trainings.save(store) {
            warn!(%fault, "the list of trainings could not be stored");
        }
    });
}

/// The part of the progress that stands for learning.
const LEARNING_SHARE: f32 = 0.98;

struct Training<'a> {
    shared: &'a Arc<Shared>,
    commands: &'a mpsc::Sender<Command>,
    task_id: &'a str,
    engine_id: &'a str,
    control: &'a Control,
}

impl Training<'_> {
    fn run(&self) -> Outcome {
        let begun = Instant::now();
        let outcome = self.learn(begun);
        // Whoever cancelled is told so, whatever else came of it.
        if self.control.is_cancelled() { Outcome::Cancelled } else { outcome.unwrap_or_else(Outcome::Failed) }
    }

    fn learn(&self, begun: Instant) -> Result<Outcome, String> {
        let gone = || "the engine was removed while it was trained".to_owned();
        let shared = self.shared;
        let aim = shared.engines.definition(self.engine_id).ok_or_else(gone)?;
        let now = keeper::now();
        let (dataset, epoch, interactions) = {
            let state = shared.state.read_long();
            check_types(&state, &aim)?;
            (engine::training_dataset(&state, now, &aim.goal()), state.epoch(), state.people().interactions() as u64)
        };
        let options = Options { now_ms: now.0, seed: 0 };
        let go_on = |share: f32| {
            // The rest is for a trial, should there be one.
            shared.trainings.set_progress(self.task_id, share * LEARNING_SHARE);
            !self.control.is_cancelled() && !shared.stopping.load(Ordering::Acquire)
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(shared.training_threads)
            .start_handler(|_| lower_priority(LEARNING))
            .build()
            .map_err(|error| format!("no threads for a training: {error}"))?;
        let model = pool.install(|| Model::train(&dataset, &options, &go_on)).map_err(|error| self.words(&error))?;
        let data = trained_on(&dataset, interactions);

        let measured = model.metrics();
        let (questions, ndcg) = (measured.cases as usize, f64::from(measured.ndcg));
        let popularity = f64::from(measured.ndcg_popularity);
        let behind_popularity = Lag::on_their_own((questions, ndcg), (questions, popularity));
        let versions = shared.engines.versions(self.engine_id).ok_or_else(gone)?;
        let is_loaded = shared.engines.model(self.engine_id).flatten().is_some();
        let in_use = versions.iter().find(|version| version.in_use && is_loaded);
        let beside = match in_use {
            Some(in_use) => {
                let own = verdict::beside(in_use, &aim, (questions, ndcg), None);
                if own.as_ref().is_some_and(|(lag, _)| !lag.is_worse()) {
                    own
                } else {
                    let trial = || self.trial(&dataset, in_use, &options, &go_on);
                    let same = pool.install(trial).map_err(|error| self.words(&error))?;
                    verdict::beside(in_use, &aim, (questions, ndcg), same)
                }
            }
            None => None,
        };
        let reason = verdict::reason_to_keep_out(&behind_popularity, beside.as_ref());
        let used = reason.is_none() || self.control.is_forced();

        let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let metrics = metrics(&model, &data, took_ms);
        let name = Uuid::now_v7().to_string();
        if !go_on(1.0) {
            return Err(self.words(&TrainingError::Cancelled));
        }
        let model_bytes = shared.engines.save(&name, &model, epoch).map_err(|error| storing(&error))?;
        let version = Version {
            version: name.clone(),
            created_at: now,
            state: if used { VersionState::InUse } else { VersionState::KeptOut },
            in_use: used,
            reason: reason.clone(),
            took_ms,
            model_bytes,
            data,
            trained_for: Some(aim),
            compared: beside.map(|(_, compared)| compared),
            metrics: metrics.clone(),
        };
        self.add(version, model)?;
        info!(environment = shared.name.name(), engine_id = self.engine_id, took_ms, used, "trained");
        Ok(Outcome::Done { metrics: Value::Object(metrics), version: name, kept_out: reason.filter(|_| !used) })
    }

    /// Asks the version in use, and a model that learns from the same time as it did, for what came since: questions that neither
    /// has seen. `None` where too little came since. It costs a second training, so it is done only where the figures that are there
    /// already speak against the new version, or cannot be compared.
    fn trial(
        &self,
        dataset: &recommend::Dataset,
        in_use: &Version,
        options: &Options,
        go_on: &(dyn Fn(f32) -> bool + Sync),
    ) -> Result<Option<Lag>, TrainingError> {
        let (Some(seen), Some(model)) = (in_use.data.to, self.shared.engines.model(self.engine_id).flatten()) else {
            return Ok(None);
        };
        let mut times: Vec<i64> = dataset.observations.iter().map(|observation| observation.time_ms).collect();
        let last_tenth = times.len() - times.len() / 10 - 1;
        let late = *times.select_nth_unstable(last_tenth).1;
        let trial = Trial::after(dataset, late.max(seen.0 + 1));
        if trial.questions() < verdict::QUESTIONS_MIN {
            return Ok(None);
        }
        match Model::train(trial.before(), options, &|share| go_on(0.9 + 0.1 * share)) {
            Ok(challenger) => Ok(Some(Lag::on_the_same(&trial.gains(&challenger), &trial.gains(&model)))),
            // Everything came since: there is nothing to learn from before.
            Err(TrainingError::NoData) => Ok(None),
            Err(cancelled) => Err(cancelled),
        }
    }

    /// Has the version in the list, and its model in use where it is to be; whatever goes wrong, its file is gone, or goes at the
    /// next start.
    fn add(&self, version: Version, model: Model) -> Result<(), String> {
        let (task_id, engine_id) = (self.task_id.to_owned(), self.engine_id.to_owned());
        let model = Arc::new(model);
        let added = within_writer(self.commands, move |store, shared| {
            if shared.trainings.commit(&task_id) {
                shared.engines.add(store, &engine_id, version, model)
            } else {
                shared.engines.discard(&version.version);
                Ok(true)
            }
        });
        match added {
            None => Err("the server stopped before the model was put in use; train again".to_owned()),
            Some(Err(store::Fault::Full { .. })) => Err(storing(&std::io::ErrorKind::StorageFull.into())),
            Some(Err(fault)) => Err(format!("the model could not be put in use: {fault}")),
            Some(Ok(false)) => Err("the engine was removed while it was trained".to_owned()),
            Some(Ok(true)) => Ok(()),
        }
    }

    fn words(&self, error: &TrainingError) -> String {
        match error {
            TrainingError::Cancelled if !self.control.is_cancelled() => {
                "the server stopped while it was trained; train again".to_owned()
            }
            other => other.to_string(),
        }
    }
}

/// Refuses to learn where the data holds none of the interactions that are aimed at.
fn check_types(state: &State, aim: &EngineDefinition) -> Result<(), String> {
    let held = choices::interactions(state);
    if held.is_empty() {
        return Err("there are no interactions to learn from; upload interactions first".to_owned());
    }
    let Some(wanted) = &aim.optimize_for else { return Ok(()) };
    if held.iter().any(|of_type| wanted.contains(&of_type.kind)) {
        return Ok(());
    }
    let names: Vec<&str> = wanted.iter().map(|kind: &InteractionType| kind.name()).collect();
    let held: Vec<String> = held.iter().map(|of_type| format!("{} ({})", of_type.kind.name(), of_type.count)).collect();
    Err(format!(
        "the data holds none of the interactions that the engine optimises for ({}); it holds: {}. Change `optimize_for`, or upload such interactions",
        names.join(", "),
        held.join(", ")
    ))
}

/// Why a model's file was not written, in words for who trains.
fn storing(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            "the server's disk is full, the model could not be stored; make room and train again".to_owned()
        }
        _ => format!("the model could not be stored: {error}"),
    }
}

fn trained_on(dataset: &recommend::Dataset, interactions: u64) -> TrainedOn {
    let mut wanted = vec![false; dataset.products as usize];
    let mut times: Option<(i64, i64)> = None;
    for observation in &dataset.observations {
        if let Some(wanted) = wanted.get_mut(observation.product as usize) {
            *wanted = true;
        }
        let (from, to) = times.unwrap_or((observation.time_ms, observation.time_ms));
        times = Some((from.min(observation.time_ms), to.max(observation.time_ms)));
    }
    TrainedOn {
        interactions,
        observations: dataset.observations.len() as u64,
        people: dataset.ends.len() as u64,
        products: wanted.iter().filter(|&&wanted| wanted).count() as u64,
        from: times.map(|(from, _)| record::Time(from)),
        to: times.map(|(_, to)| record::Time(to)),
    }
}

fn metrics(model: &Model, data: &TrainedOn, took_ms: u64) -> Map<String, Value> {
    let measured = model.metrics();
    let bin = |bin: &ReliabilityBin| json!({"said": bin.predicted, "came_true": bin.observed, "cases": bin.count});
    let reliability: Vec<Value> = model.reliability().iter().map(bin).collect();
    let metrics = json!({
        "observations": model.observations(),
        "visitors": data.people,
        "took_ms": took_ms,
        "validation_cases": measured.cases,
        "ndcg_10": measured.ndcg,
        "ndcg_10_popularity": measured.ndcg_popularity,
        "ndcg_10_recent_popularity": measured.ndcg_recent_popularity,
        "ndcg_10_item_to_item": measured.ndcg_item_to_item,
        "ndcg_10_linear": measured.ndcg_linear,
        "reliability": reliability,
        "worse_than_popularity": measured.cases > 0 && measured.ndcg < measured.ndcg_popularity,
    });
    match metrics {
        Value::Object(metrics) => metrics,
        _ => Map::new(),
    }
}

/// How far a thread steps back ("nice") that reads the live view, and keeps the writer waiting meanwhile.
pub(super) const READING: i32 = 10;
/// And one that keeps nobody waiting: answers come first, it takes what they leave.
const LEARNING: i32 = 19;

/// Asks the system to run this thread after those that answer. Where it refuses, training is only less polite.
pub(super) fn lower_priority(nice: i32) {
    #[cfg(target_os = "linux")]
    {
        let own = rustix::thread::gettid();
        let _ = rustix::process::setpriority_process(Some(own), nice);
    }
}
