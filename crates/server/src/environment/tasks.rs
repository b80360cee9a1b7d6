//! The tasks of trainings: who waits, who runs, how the last ones ended; kept over a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::{Mutex, MutexGuard};
use record::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Fault, Reader, Store};
use tracing::warn;
use uuid::Uuid;

use crate::limits::TRAININGS_REMEMBERED_MAX;

/// The setting that holds the last of them, the oldest first.
const SETTING: &str = "trainings";

/// Where a training stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrainingState {
    /// It waits for another one to end.
    Queued,
    /// It learns.
    Running,
    /// There is a new version.
    Done,
    /// There is none; what was in use stays in use.
    Failed,
    /// Somebody stopped it; what was in use stays in use.
    Cancelled,
}

impl TrainingState {
    /// Whether nothing more will come of it.
    pub fn is_over(self) -> bool {
        !matches!(self, TrainingState::Queued | TrainingState::Running)
    }
}

/// A training, as `GET /v1/engines/_status/{task_id}` shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingStatus {
    /// Its id.
    pub task_id: String,
    /// The engine that is trained.
    pub engine_id: String,
    /// Where it stands.
    pub state: TrainingState,
    /// The share done, 0–1.
    pub progress: f32,
    /// Why it failed.
    pub error: Option<String>,
    /// What was measured, once done.
    pub metrics: Option<Value>,
    /// The version that came of it.
    pub version: Option<String>,
    /// Why that version was not put in use.
    pub kept_out: Option<String>,
    /// When it was asked for.
    pub created_at: Time,
    /// When it was over.
    pub finished_at: Option<Time>,
}

/// What a training is told from outside while it runs.
#[derive(Debug, Default)]
pub(super) struct Control {
    cancelled: AtomicBool,
    forced: AtomicBool,
    /// Its version is being put in the list: from here on it cannot be cancelled.
    committed: AtomicBool,
}

impl Control {
    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }

    /// Whether its version is to be put in use however it did.
    pub(super) fn is_forced(&self) -> bool {
        self.forced.load(Ordering::Acquire)
    }
}

/// How a training ended.
pub(super) enum Outcome {
    Done { metrics: Value, version: String, kept_out: Option<String> },
    Failed(String),
    Cancelled,
}

struct Task {
    status: TrainingStatus,
    control: Arc<Control>,
}

/// The trainings, the oldest first; of more than [`TRAININGS_REMEMBERED_MAX`] the oldest that are over go.
#[derive(Default)]
pub(super) struct Trainings {
    tasks: Mutex<Vec<Task>>,
    /// Held by the training that runs.
    turn: Mutex<()>,
}

impl Trainings {
    /// Reads those of earlier processes. One that ran when the process ended has failed; one that waited waits again.
    pub(super) fn open(reader: &Reader) -> Result<Trainings, Fault> {
        let stored = reader.setting(SETTING)?.unwrap_or_else(|| json!([]));
        let statuses: Vec<TrainingStatus> = serde_json::from_value(stored).unwrap_or_else(|error| {
            warn!(%error, "the stored trainings cannot be read and are forgotten");
            Vec::new()
        });
        let task = |mut status: TrainingStatus| {
            if status.state == TrainingState::Running {
                status.state = TrainingState::Failed;
                let why = "the server stopped while it was trained; what was in use stays in use. Train again";
                status.error = Some(why.to_owned());
            }
            Task { status, control: Arc::default() }
        };
        Ok(Trainings { tasks: Mutex::new(statuses.into_iter().map(task).collect()), turn: Mutex::default() })
    }

    /// Stores the list as it stands. On the writer's thread, so that an older list never comes over a newer one.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub(super) fn save(&self, store: &mut Store) -> Result<(), Fault> {
        let list: Vec<TrainingStatus> = self.tasks.lock().iter().map(|task| task.status.clone()).collect();
        store.set(SETTING, Some(&json!(list)))
    }

    /// Waits until no other training of the environment runs.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock()
    }

    /// The training of this engine that waits or runs, or a new one that waits; and whether it is new.
    pub(super) fn enter(&self, engine_id: &str, force: bool, now: Time) -> (TrainingStatus, Arc<Control>, bool) {
        let mut tasks = self.tasks.lock();
        let under_way = tasks.iter().find(|task| task.status.engine_id == engine_id && !task.status.state.is_over());
        if let Some(task) = under_way {
            task.control.forced.fetch_or(force, Ordering::AcqRel);
            return (task.status.clone(), task.control.clone(), false);
        }
        while tasks.len() >= TRAININGS_REMEMBERED_MAX {
            let Some(oldest) = tasks.iter().position(|task| task.status.state.is_over()) else { break };
            tasks.remove(oldest);
        }
        let status = TrainingStatus {
            task_id: Uuid::now_v7().to_string(),
            engine_id: engine_id.to_owned(),
            state: TrainingState::Queued,
            progress: 0.0,
            error: None,
            metrics: None,
            version: None,
            kept_out: None,
            created_at: now,
            finished_at: None,
        };
        let control = Arc::new(Control { forced: AtomicBool::new(force), ..Control::default() });
        tasks.push(Task { status: status.clone(), control: control.clone() });
        (status, control, true)
    }

    /// Those that wait.
    pub(super) fn waiting(&self) -> Vec<(TrainingStatus, Arc<Control>)> {
        let tasks = self.tasks.lock();
        let waiting = tasks.iter().filter(|task| task.status.state == TrainingState::Queued);
        waiting.map(|task| (task.status.clone(), task.control.clone())).collect()
    }

    pub(super) fn status(&self, task_id: &str) -> Option<TrainingStatus> {
        self.tasks.lock().iter().find(|task| task.status.task_id == task_id).map(|task| task.status.clone())
    }

    /// The last one of this engine.
    pub(super) fn last_of(&self, engine_id: &str) -> Option<TrainingStatus> {
        self.tasks.lock().iter().rfind(|task| task.status.engine_id == engine_id).map(|task| task.status.clone())
    }

    /// From waiting to running; false where it was cancelled meanwhile.
    pub(super) fn begin(&self, task_id: &str) -> bool {
        self.change(task_id, |status| status.state = TrainingState::Running)
    }

    pub(super) fn set_progress(&self, task_id: &str, share: f32) {
        // It never goes back: the parts of a training report each for itself.
        self.change(task_id, |status| status.progress = status.progress.max(share.clamp(0.0, 1.0)));
    }

    /// Says how it ended, unless it was cancelled before.
    pub(super) fn finish(&self, task_id: &str, outcome: Outcome, now: Time) {
        self.change(task_id, |status| {
            status.finished_at = Some(now);
            match outcome {
                Outcome::Done { metrics, version, kept_out } => {
                    (status.state, status.progress) = (TrainingState::Done, 1.0);
                    (status.metrics, status.version, status.kept_out) = (Some(metrics), Some(version), kept_out);
                }
                Outcome::Failed(why) => (status.state, status.error) = (TrainingState::Failed, Some(why)),
                Outcome::Cancelled => status.state = TrainingState::Cancelled,
            }
        });
    }

    /// The last moment to be cancelled has come; false where it was.
    pub(super) fn commit(&self, task_id: &str) -> bool {
        let tasks = self.tasks.lock();
        let task = tasks.iter().find(|task| task.status.task_id == task_id && !task.status.state.is_over());
        task.map(|task| task.control.committed.store(true, Ordering::Release)).is_some()
    }

    /// Cancels a training that is not over: it counts as cancelled at once, and its thread ends soon. Gives its status, and
    /// whether this call cancelled it; `None` for an unknown one.
    pub(super) fn cancel(&self, task_id: &str, now: Time) -> Option<(TrainingStatus, bool)> {
        let mut tasks = self.tasks.lock();
        let Task { status, control } = tasks.iter_mut().find(|task| task.status.task_id == task_id)?;
        let can_be = !status.state.is_over() && !control.committed.load(Ordering::Acquire);
        if can_be {
            control.cancelled.store(true, Ordering::Release);
            (status.state, status.finished_at) = (TrainingState::Cancelled, Some(now));
        }
        Some((status.clone(), can_be))
    }

    /// Cancels what waits or runs for an engine.
    pub(super) fn cancel_of(&self, engine_id: &str, now: Time) {
        if let Some(last) = self.last_of(engine_id) {
            self.cancel(&last.task_id, now);
        }
    }

    /// Changes a training that is not over; false where there is none.
    fn change(&self, task_id: &str, change: impl FnOnce(&mut TrainingStatus)) -> bool {
        let mut tasks = self.tasks.lock();
        let task = tasks.iter_mut().find(|task| task.status.task_id == task_id && !task.status.state.is_over());
        task.map(|task| change(&mut task.status)).is_some()
    }
}
