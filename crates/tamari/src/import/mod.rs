//! `tamari import`: files in, records out. A thread reads and maps, this one sends; a bounded queue between them keeps
//! memory small and both at work.

mod checkpoint;
mod choose;
mod progress;
mod send;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use ::import::{Batch, Batches, Distance, FormatOptions, Kind, Rejects};
use serde_json::Value;
use server::{EnvironmentName, Settings};

use self::checkpoint::{Checkpoint, Task};
use self::choose::Chosen;
use self::progress::Progress;
use self::send::Target;
use crate::cli::ImportOptions;
use crate::failure::Failure;
use crate::output;
use crate::reach::Reach;

/// Batches read ahead of the one being sent.
const BATCHES_AHEAD: usize = 2;
/// Records that a dry run shows.
const SHOWN_RECORDS: usize = 3;

/// What an import did, earlier runs of it included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub accepted: u64,
    pub rejected: u64,
}

/// Imports files.
pub(crate) fn run(settings: &Settings, options: &ImportOptions) -> Result<Summary, Failure> {
    let format = FormatOptions {
        header: options.header.iter().filter(|name| !name.is_empty()).cloned().collect(),
        delimiter: options.delimiter.as_deref().map(delimiter).transpose()?,
    };
    // Every file is named before the first is read, so that a wrong name is found at once.
    Task::new(&options.files, "", String::new())?;
    let chosen = choose::choose(options, &format)?;
    let how = format!("{:?} {:?} {}", options.kind(), format, chosen.text);
    let task = Task::new(&options.files, &how, target_name(settings, options))?;
    let places = Places::new(options)?;
    if options.dry_run {
        return transfer(options, format, chosen, &Target::Check, &places, Checkpoint::new(task));
    }
    let target = Target::Server(Box::new(Reach::open(settings, &options.target)?));
    if let Target::Server(reach) = &target {
        let started = if reach.is_own() { ", started for this import" } else { "" };
        output::note(&format!("Sending to {}{started}.", reach.place()));
    }
    let found = if options.restart { None } else { Checkpoint::find(&places.checkpoint, &task) };
    let checkpoint = found.unwrap_or_else(|| Checkpoint::new(task));
    if checkpoint.items > 0 {
        output::note(&format!(
            "Going on after {} of an earlier run; --restart begins again.",
            output::counted(checkpoint.items, "record", "records")
        ));
    }
    let outcome = transfer(options, format, chosen, &target, &places, checkpoint);
    if let Target::Server(reach) = target {
        reach.close();
    }
    outcome
}

/// The files an import writes.
struct Places {
    checkpoint: PathBuf,
    /// Whether the checkpoint is kept; a dry run has nothing to go on with.
    resumable: bool,
    rejects: PathBuf,
}

impl Places {
    fn new(options: &ImportOptions) -> Result<Places, Failure> {
        let first = options.files.first().map(PathBuf::as_path).unwrap_or(Path::new(""));
        let beside = match first.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let state_dir = match &options.state_dir {
            Some(folder) => {
                std::fs::create_dir_all(folder)
                    .map_err(|error| Failure::usage(format!("{} cannot be created: {error}", folder.display())))?;
                folder.clone()
            }
            None => writable(beside),
        };
        let name = first.file_name().unwrap_or_default().to_string_lossy();
        Ok(Places {
            checkpoint: state_dir.join(format!("{name}.tamari-progress.json")),
            resumable: !options.dry_run,
            rejects: options.rejects.clone().unwrap_or_else(|| writable(beside).join(format!("{name}.rejects.jsonl"))),
        })
    }
}

/// `folder`, or the working directory where that cannot be written to.
fn writable(folder: &Path) -> PathBuf {
    let place = if tempfile::tempfile_in(folder).is_ok() { folder } else { Path::new(".") };
    place.to_owned()
}

/// Reads, maps and sends, from the checkpoint on.
fn transfer(
    options: &ImportOptions,
    format: FormatOptions,
    chosen: Chosen,
    target: &Target,
    places: &Places,
    mut checkpoint: Checkpoint,
) -> Result<Summary, Failure> {
    let distance = Distance::default();
    let mut progress = Progress::new(checkpoint.task.size_bytes(), distance.clone());
    let mut rejects = Rejects::open(&places.rejects, &options.files, checkpoint.rejects_bytes)?;
    let begun_with = checkpoint.accepted;
    let reader = Batches {
        files: options.files.clone(),
        format,
        gather: chosen.gather,
        kind: options.kind(),
        skip: checkpoint.items,
        distance,
        stop: std::sync::Arc::default(),
    };
    let (sender, batches) = sync_channel(BATCHES_AHEAD);
    let outcome = thread::scope(|scope| {
        let reading = scope.spawn(move || reader.run(&mut |batch| sender.send(batch).is_ok()));
        let sent = send_all(options, target, places, &batches, &mut checkpoint, &mut rejects, &mut progress);
        // Without a receiver the reader stops at its next batch.
        drop(batches);
        let read =
            reading.join().unwrap_or_else(|_| Err(::import::Failure::fault("the reading of the files broke down")));
        sent.and(read.map_err(Failure::from))
    });
    progress.end();
    let place = rejects.path().to_owned();
    rejects.close();
    outcome?;
    if places.resumable {
        let _ = std::fs::remove_file(&places.checkpoint);
    }
    let summary = Summary { accepted: checkpoint.accepted, rejected: checkpoint.rejected };
    let fresh = summary.accepted - begun_with;
    let verb = if options.dry_run { "would be imported" } else { "imported" };
    output::note(&format!(
        "{} {verb}, {} rejected, in {:.1} s ({}/s).",
        output::counted(summary.accepted, one(options.kind()), options.kind().name()),
        output::grouped(summary.rejected),
        progress.seconds(),
        output::grouped(progress.per_second(fresh))
    ));
    if summary.rejected > 0 {
        output::note(&format!("The rejected rows and their reasons are in {}.", place.display()));
    }
    Ok(summary)
}

fn one(kind: Kind) -> &'static str {
    kind.name().trim_end_matches('s')
}

fn send_all(
    options: &ImportOptions,
    target: &Target,
    places: &Places,
    batches: &Receiver<Batch>,
    checkpoint: &mut Checkpoint,
    rejects: &mut Rejects,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let mut to_show = if options.dry_run { SHOWN_RECORDS } else { 0 };
    let begun_with = checkpoint.accepted;
    for batch in batches {
        for warning in &batch.warnings {
            output::warning(warning);
        }
        for entry in batch.entries.iter().take(to_show) {
            let record: Value = serde_json::from_str(&entry.json).unwrap_or(Value::Null);
            output::result(&serde_json::to_string_pretty(&record).unwrap_or_default());
        }
        to_show = to_show.saturating_sub(batch.entries.len());
        let (entries, items) = (batch.entries.len() as u64, batch.items());
        let mut refused = target.deliver(options.kind(), batch.entries)?;
        checkpoint.items += items;
        checkpoint.accepted += entries - refused.len() as u64;
        checkpoint.rejected += (refused.len() + batch.rejects.len()) as u64;
        refused.extend(batch.rejects);
        refused.sort_by_key(|reject| (reject.file, reject.row));
        rejects.write(&refused)?;
        checkpoint.rejects_bytes = rejects.bytes();
        if places.resumable && items > 0 {
            checkpoint.save(&places.checkpoint)?;
        }
        progress.show(checkpoint.accepted, checkpoint.rejected, checkpoint.accepted - begun_with);
    }
    Ok(())
}

fn delimiter(text: &str) -> Result<u8, Failure> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t" | "\t", _) => Ok(b'\t'),
        (_, [byte]) if *byte != b'"' && *byte != b'\n' && *byte != b'\r' => Ok(*byte),
        _ => Err(Failure::usage(format!("--delimiter {text:?} must be one character, such as ; or tab"))),
    }
}

/// Names where the records go, for the checkpoint.
fn target_name(settings: &Settings, options: &ImportOptions) -> String {
    match &options.target.server {
        Some(server) => server.clone(),
        None => {
            let data = settings.data.canonicalize().unwrap_or_else(|_| settings.data.clone());
            format!("{} {}", data.display(), EnvironmentName::from(options.target.environment).name())
        }
    }
}
