//! The work behind an upload: every row is checked, or the records are stored. It goes the way that `tamari import` goes:
//! the same reading and mapping, the same calls of the public API, so that both come to the same.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use import::{Batch, Batches, Distance, Failure, FormatOptions, Gather, Kind, Mapping, Plan, Reject, Rejects, Taken};
use serde_json::Value;
use store::KeyKind;
use tokio::runtime::Handle;
use tower::ServiceExt as _;
use tracing::{info, warn};

use super::Dojo;
use crate::environment::now;
use crate::environment::uploads::{Outcome, RowError, Stage, Turn, Upload};
use crate::{EnvironmentName, limits};

/// How long the writer may refuse (a full disk, a limit of requests) before the import gives up; it can be begun again.
const PATIENCE: Duration = Duration::from_secs(120);
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// Bytes of an answer that is looked at.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// What is done with the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Check,
    Import,
}

/// A mapping made ready; `None` for records that have our fields already.
///
/// # Errors
/// A mapping that cannot be meant.
pub(super) fn gather(kind: Kind, mapping: Option<&Mapping>) -> Result<Gather, Failure> {
    mapping.map_or_else(|| Ok(Gather::identity(Plan::identity(kind))), Gather::new)
}

/// Begins the work on a thread of its own. `None` while another upload of the environment is worked on.
pub(super) fn start(dojo: &Arc<Dojo>, name: EnvironmentName, upload: &Arc<Upload>, work: Work) -> Option<()> {
    let turn = Turn::take(&dojo.environment(name))?;
    upload.stop.store(false, Ordering::Release);
    upload.cancelled.store(false, Ordering::Release);
    *upload.distance.lock() = Distance::default();
    let _ = upload.note(now().0, |about| {
        about.message = None;
        let fresh = Outcome { began_ms: now().0, ..Outcome::default() };
        match work {
            Work::Check => {
                about.stage = Stage::Checking;
                about.checked = Some(fresh);
            }
            Work::Import => {
                // One that was interrupted goes on where it was.
                if about.stage != Stage::Importing || about.imported.is_none() {
                    about.imported = Some(fresh);
                }
                about.stage = Stage::Importing;
            }
        }
    });
    let job = Job { dojo: dojo.clone(), name, upload: upload.clone(), work, handle: Handle::current() };
    let spawned = std::thread::Builder::new().name(format!("{}-import", name.name())).spawn(move || {
        let _turn = turn;
        job.run();
    });
    if let Err(error) = spawned {
        warn!(%error, "the system gives no thread for an import");
    }
    Some(())
}

/// Goes on with the imports that the end of an earlier process interrupted.
pub(super) fn resume(dojo: &Arc<Dojo>) {
    for name in EnvironmentName::ALL {
        for upload in dojo.environment(name).uploads().all() {
            if upload.about().stage == Stage::Importing {
                info!(environment = name.name(), "going on with an interrupted import");
                let _ = start(dojo, name, &upload, Work::Import);
            }
        }
    }
}

struct Job {
    dojo: Arc<Dojo>,
    name: EnvironmentName,
    upload: Arc<Upload>,
    work: Work,
    handle: Handle,
}

impl Job {
    fn run(&self) {
        let begun = Instant::now();
        let ended = self.transfer();
        let upload = &self.upload;
        let stopped = upload.stop.load(Ordering::Acquire);
        let cancelled = upload.cancelled.load(Ordering::Acquire);
        if stopped && !cancelled {
            // The process is stopping: what is noted says where the next one goes on.
            return;
        }
        let noted = upload.note(now().0, |about| {
            about.stage = match (&ended, self.work) {
                (Err(_), _) => Stage::Failed,
                (Ok(()), Work::Check) => Stage::Ready,
                (Ok(()), Work::Import) if cancelled => Stage::Stopped,
                (Ok(()), Work::Import) => Stage::Done,
            };
            about.message = ended.as_ref().err().map(ToString::to_string);
            if cancelled && self.work == Work::Check {
                about.checked = None;
            }
            let outcome = match self.work {
                Work::Check => about.checked.as_mut(),
                Work::Import => about.imported.as_mut(),
            };
            if let Some(outcome) = outcome {
                outcome.ended_ms = Some(now().0);
            }
        });
        if noted.is_ok() && upload.is_over() {
            let _ = std::fs::remove_file(upload.file());
        }
        let about = upload.about();
        let outcome = about.imported.unwrap_or_default();
        info!(
            environment = self.name.name(),
            work = ?self.work,
            stage = ?about.stage,
            accepted = outcome.accepted,
            rejected = outcome.rejected,
            took_ms = begun.elapsed().as_millis() as u64,
            "an upload was worked on"
        );
    }

    fn transfer(&self) -> Result<(), Failure> {
        let upload = &self.upload;
        let about = upload.about();
        let Some(reading) = about.reading else { return Err(Failure::fault("how the file is read was not said")) };
        let named = |failure: Failure| Failure::fault(upload.named(&failure.to_string()));
        let mut outcome = match self.work {
            Work::Check => about.checked,
            Work::Import => about.imported,
        }
        .unwrap_or_default();
        let batches = Batches {
            files: vec![upload.file()],
            format: FormatOptions::default(),
            gather: gather(reading.kind, reading.mapping.as_ref())?,
            kind: reading.kind,
            skip: outcome.items,
            distance: upload.distance.lock().clone(),
            stop: upload.stop.clone(),
        };
        // The rows of the rejects are of the file as the person knows it.
        let mut rejects = Rejects::open(&upload.rejects(), &[PathBuf::from(&about.file_name)], outcome.rejects_bytes)
            .map_err(named)?;
        let mut failed = None;
        let read = batches.run(&mut |batch| match self.take(reading.kind, batch, &mut outcome, &mut rejects) {
            Ok(()) => !upload.stop.load(Ordering::Acquire),
            Err(failure) => {
                failed = Some(failure);
                false
            }
        });
        failed.map_or(read, Err).map_err(named)
    }

    /// Hands one batch over and notes what came of it.
    fn take(&self, kind: Kind, batch: Batch, outcome: &mut Outcome, rejects: &mut Rejects) -> Result<(), Failure> {
        let items = batch.items();
        let entries = batch.entries.len() as u64;
        let mut refused = import::deliver(&mut |body| self.send(kind, body), batch.entries)?;
        if self.upload.stop.load(Ordering::Acquire) && !self.upload.cancelled.load(Ordering::Acquire) {
            return Ok(());
        }
        outcome.items += items;
        outcome.accepted += entries - refused.len() as u64;
        outcome.rejected += (refused.len() + batch.rejects.len()) as u64;
        refused.extend(batch.rejects);
        refused.sort_by_key(|reject| (reject.file, reject.row));
        for reject in &refused {
            count(outcome, reject);
        }
        outcome.warnings.extend(batch.warnings.iter().map(|warning| self.upload.named(warning)));
        if outcome.rejects_bytes < limits::UPLOAD_REJECTS_BYTES_MAX {
            rejects.write(&refused)?;
            outcome.rejects_bytes = rejects.bytes();
        }
        let noted = self.upload.note(now().0, |about| {
            let place = match self.work {
                Work::Check => &mut about.checked,
                Work::Import => &mut about.imported,
            };
            *place = Some(outcome.clone());
        });
        noted.map_err(|error| Failure::fault(format!("how far the import is cannot be noted: {error}")))
    }

    /// Calls the API, again where it is busy.
    fn send(&self, kind: Kind, body: &[u8]) -> Result<Taken, Failure> {
        let asked = Instant::now();
        let mut wait = FIRST_WAIT;
        loop {
            let (status, answer) = self.handle.block_on(self.call(kind, body))?;
            let message = || answer["message"].as_str().unwrap_or("no reason").to_owned();
            match status {
                200..=299 => return Ok(Taken::Yes),
                413 => return Ok(Taken::TooLarge(message())),
                422 => {
                    let lines = answer["data"].as_array().into_iter().flatten();
                    let lines: Vec<String> = lines.filter_map(Value::as_str).map(str::to_owned).collect();
                    return Ok(Taken::Refused(if lines.is_empty() { vec![message()] } else { lines }));
                }
                // Whoever stops it waits for nothing more.
                429 | 500.. if self.upload.stop.load(Ordering::Acquire) => return Ok(Taken::Yes),
                429 | 500.. if asked.elapsed() < PATIENCE => {
                    std::thread::sleep(wait);
                    wait = (wait * 2).min(LONGEST_WAIT);
                }
                _ => return Err(Failure::fault(message())),
            }
        }
    }

    async fn call(&self, kind: Kind, body: &[u8]) -> Result<(u16, Value), Failure> {
        let failed = |error: &dyn std::fmt::Display| Failure::fault(format!("the API cannot be called: {error}"));
        let keys = self.dojo.environment(self.name).keys();
        let key = keys.iter().find(|key| key.kind == KeyKind::Secret).map(|key| key.text.clone()).unwrap_or_default();
        let dry_run = if self.work == Work::Check { "?dry_run=1" } else { "" };
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/v1/{}{dry_run}", kind.name()))
            .header("x-api-key", key)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, "tamari-dojo")
            .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 0))))
            .body(Body::from(body.to_vec()))
            .map_err(|error| failed(&error))?;
        let Ok(response) = self.dojo.api.clone().oneshot(request).await;
        let status = response.status().as_u16();
        let bytes = to_bytes(response.into_body(), ANSWER_BYTES_MAX).await.map_err(|error| failed(&error))?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or_default()))
    }
}

/// Counts a reject by its reasons, without the values in them, and keeps it where it is among the first.
fn count(outcome: &mut Outcome, reject: &Reject) {
    if outcome.errors.len() < limits::UPLOAD_ERRORS_SHOWN_MAX {
        let reasons = reject.reasons.iter().take(5).map(|reason| reason.chars().take(300).collect()).collect();
        outcome.errors.push(RowError { row: reject.row, reasons });
    }
    for reason in &reject.reasons {
        let common = reason_alone(reason);
        if outcome.reasons.len() < limits::UPLOAD_REASONS_MAX || outcome.reasons.contains_key(&common) {
            *outcome.reasons.entry(common).or_default() += 1;
        } else {
            *outcome.reasons.entry("other reasons".to_owned()).or_default() += 1;
        }
    }
}

/// A reason without what stood in the row, so that equal ones are counted together.
pub(super) fn reason_alone(reason: &str) -> String {
    let cut = [", but is ", ", but the value ", ", but ", ": \""].iter().filter_map(|mark| reason.find(mark)).min();
    let mut text: String = reason[..cut.unwrap_or(reason.len())].trim().to_owned();
    // `line 7 has 3 fields` and `line 9 has 3 fields` are one reason.
    if let Some(rest) = text.strip_prefix("line ") {
        text = format!("a line{}", rest.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    text.chars().take(160).collect()
}
