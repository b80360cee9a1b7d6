//! How long interactions are kept: those older than so many days are removed for good, each night and on demand.
//!
//! The live view forgets them first, and a snapshot that knew them is thrown away; then the store erases them, some at a time, so
//! that uploads go on in between. A crash on the way leaves some of them in the store, and the next run takes those.

use std::sync::Arc;
use std::time::Instant;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use record::Time;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Change, Fault, Reader};
use tokio::sync::{mpsc, oneshot};
use tracing::{error, info, warn};

use super::writer::Command;
use super::{Environment, Shared, WriteError};
use crate::limits::{RETENTION_ERASED_AT_A_TIME, RETENTION_FOLD_VISITORS};

const SETTING: &str = "retention";
const HOUR_MS: i64 = 3_600_000;
/// The hour (UTC) of the nightly run.
const NIGHT_HOUR: i64 = 3;

/// What is set, and what the last run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Retention {
    /// Days that interactions are kept; `None` for ever.
    pub(crate) days: Option<u32>,
    /// When it ran last.
    pub(crate) last_run_ms: Option<i64>,
    /// Interactions that it removed then.
    pub(crate) last_removed: u64,
}

impl Retention {
    /// Interactions before this moment go.
    pub(crate) fn cut(days: u32, now: Time) -> Time {
        Time(now.0 - i64::from(days) * Time::DAY_MS)
    }

    /// Whether a run is due: in the night, once; or as soon as possible where the nights were slept through.
    pub(super) fn is_due(self, now: Time) -> bool {
        let since_ms = self.last_run_ms.map_or(i64::MAX, |last| now.0 - last);
        let is_night = now.0.rem_euclid(Time::DAY_MS) / HOUR_MS == NIGHT_HOUR;
        self.days.is_some() && ((is_night && since_ms > 12 * HOUR_MS) || since_ms > 30 * HOUR_MS)
    }
}

/// What a run would remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Older {
    pub(crate) interactions: u64,
    pub(crate) visitors: u64,
    pub(crate) of_interactions: u64,
}

pub(super) struct Retentions {
    present: ArcSwap<Retention>,
    running: Mutex<()>,
}

impl Retentions {
    pub(super) fn open(reader: &Reader) -> Result<Retentions, Fault> {
        let stored = reader.setting(SETTING)?.unwrap_or_else(|| json!({}));
        let present = serde_json::from_value(stored).unwrap_or_else(|error| {
            warn!(%error, "the stored retention cannot be read and is off");
            Retention::default()
        });
        Ok(Retentions { present: ArcSwap::from_pointee(present), running: Mutex::new(()) })
    }
}

impl Environment {
    /// What holds now.
    pub(crate) fn retention(&self) -> Retention {
        **self.shared.retentions.present.load()
    }

    /// Keeps interactions for so many days from now on; `None` for ever. The next run removes.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_retention(&self, days: Option<u32>) -> Result<(), WriteError> {
        let changed = Retention { days, ..self.retention() };
        self.command(|reply| set(changed, reply)).await?
    }

    /// What lies before `cut`, as the live view has it. O(events).
    pub(crate) fn older_than(&self, cut: Time) -> Older {
        let state = self.shared.state.read_long();
        let people = state.people();
        let mut older = Older { interactions: 0, visitors: 0, of_interactions: people.interactions() as u64 };
        for visitor in people.visitors() {
            let mut last = None;
            let mut count = 0;
            for event in people.history(visitor).take_while(|event| event.time < cut) {
                // The events of one interaction stand side by side.
                count += u64::from(last.replace(event.position) != Some(event.position));
            }
            older.interactions += count;
            older.visitors += u64::from(count > 0);
        }
        older
    }

    /// Removes what is too old. Blocking, for as long as reading the whole log takes. Gives how many interactions went;
    /// `None` where the retention is off, or a run is under way.
    ///
    /// # Errors
    /// [`WriteError`]; what was not removed yet goes with the next run.
    pub(crate) fn forget_older(&self, now: Time) -> Result<Option<u64>, WriteError> {
        run(&self.shared, &self.commands, now)
    }
}

/// The nightly run, on a thread of its own.
pub(super) fn run_if_due(shared: &Arc<Shared>, commands: &mpsc::Sender<Command>, now: Time) {
    if !shared.retentions.present.load().is_due(now) {
        return;
    }
    let (own, commands) = (shared.clone(), commands.clone());
    let thread = std::thread::Builder::new().name(format!("{}-retention", shared.name.name()));
    let begun = thread.spawn(move || {
        if let Err(fault) = run(&own, &commands, now) {
            error!(environment = own.name.name(), %fault, "what is too old could not be removed; the next night tries again");
        }
    });
    if let Err(fault) = begun {
        error!(%fault, "no thread for the retention");
    }
}

fn run(shared: &Shared, commands: &mpsc::Sender<Command>, now: Time) -> Result<Option<u64>, WriteError> {
    let Some(_one_at_a_time) = shared.retentions.running.try_lock() else { return Ok(None) };
    let Some(days) = shared.retentions.present.load().days else { return Ok(None) };
    let begun = Instant::now();
    let cut = Retention::cut(days, now);
    let reader = Reader::open(&shared.store_file())?;
    let upto = reader.last_position()?;
    let positions = older(&reader, cut, upto)?;
    ask(commands, |reply| Command::ForgetBefore { cut, upto, reply })??;
    let mut removed = 0;
    for some in positions.chunks(RETENTION_ERASED_AT_A_TIME) {
        let positions = some.to_vec();
        removed += ask(commands, |reply| Command::EraseAt { positions, reply })??;
    }
    let present = **shared.retentions.present.load();
    let done = Retention { last_run_ms: Some(now.0), last_removed: removed, ..present };
    ask(commands, |reply| set(done, reply))??;
    let took_ms = begun.elapsed().as_millis() as u64;
    info!(environment = shared.name.name(), days, removed, took_ms, "removed what is older than it is kept");
    Ok(Some(removed))
}

fn set(retention: Retention, reply: oneshot::Sender<Result<(), WriteError>>) -> Command {
    let then = Box::new(move |shared: &Shared| shared.retentions.present.store(Arc::new(retention)));
    Command::Set { name: SETTING, value: json!(retention), then, reply }
}

fn ask<R>(commands: &mpsc::Sender<Command>, make: impl FnOnce(oneshot::Sender<R>) -> Command) -> Result<R, WriteError> {
    let (reply, answer) = oneshot::channel();
    commands.blocking_send(make(reply)).map_err(|_| WriteError::Stopping)?;
    answer.blocking_recv().map_err(|_| WriteError::Stopping)
}

/// The positions of the interactions before `cut` and not behind `upto`, rising. Reads the log beside the writer.
fn older(reader: &Reader, cut: Time, upto: u64) -> Result<Vec<u64>, Fault> {
    #[derive(Deserialize)]
    struct Dated {
        timestamp: Time,
    }
    let mut positions = Vec::new();
    reader.follow(0, &mut |entry| {
        if entry.position > upto {
            return false;
        }
        if let Change::Interaction { body } = &entry.change
            && serde_json::from_str::<Dated>(body).is_ok_and(|dated| dated.timestamp < cut)
        {
            positions.push(entry.position);
        }
        true
    })?;
    Ok(positions)
}

/// Forgets in the live view what lies before `cut`, by pieces, so that an answer waits for a moment only.
pub(super) fn forget_before(shared: &Shared, cut: Time, upto: u64) {
    let mut from = 0;
    loop {
        let mut state = shared.state.write();
        let rows = state.visitor_rows();
        if from >= rows {
            state.forget_nameless(cut);
            return;
        }
        let to = from.saturating_add(RETENTION_FOLD_VISITORS).min(rows);
        state.forget_before(cut, upto, from..to);
        from = to;
    }
}

#[cfg(test)]
mod tests {
    //! Properties: it runs once a night, and makes up for nights slept through; off, it never runs.

    use super::*;

    #[test]
    fn it_runs_once_a_night_and_makes_up_for_what_was_missed() {
        let night = Time(20_000 * Time::DAY_MS + NIGHT_HOUR * HOUR_MS + 60_000);
        let noon = Time(night.0 + 9 * HOUR_MS);
        let ran = |hours: i64, now: Time| Retention {
            days: Some(30),
            last_run_ms: Some(now.0 - hours * HOUR_MS),
            last_removed: 0,
        };
        assert!(ran(24, night).is_due(night) && !ran(1, night).is_due(night));
        assert!(!ran(9, noon).is_due(noon) && ran(31, noon).is_due(noon));
        assert!(Retention { days: Some(30), ..Retention::default() }.is_due(noon));
        assert!(!Retention { days: None, ..ran(100, night) }.is_due(night));
    }
}
