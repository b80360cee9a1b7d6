//! The replay through the HTTP API, as a shop uses it: upload catalogue and past, train, ask, read the answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ::evaluate::history::History;
use ::evaluate::replay::client::{self, Call, Order, Prefix, Reading};
use ::evaluate::replay::{Contestant, Ranked, Replay};
use indicatif::{ProgressBar, ProgressStyle};
use server::{EnvironmentName, Settings};

use crate::cli::{EvaluateOptions, SessionClicks, UploadOrder};
use crate::failure::Failure;
use crate::output;
use crate::reach::{Reach, Reply};
use crate::train::{answered, trained};

/// Uploads the past, trains the engine `default`, and asks every question.
///
/// Without `--server`, a server of its own on a temporary folder, which goes with the command.
pub(super) fn replay(
    settings: &Settings,
    options: &EvaluateOptions,
    history: &History,
    replay: &Replay,
) -> Result<Contestant, Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure::fault(format!("no temporary folder: {error}")))?;
    let reach = match &options.server {
        Some(server) => Reach::to(server, options.api_key.clone().unwrap_or_default()),
        None => {
            let settings = Settings { data: folder.path().to_owned(), ..settings.clone() };
            Reach::start(&settings, EnvironmentName::Development)?
        }
    };
    let outcome = asked(&reach, options, history, replay);
    reach.close();
    outcome
}

fn asked(reach: &Reach, options: &EvaluateOptions, history: &History, replay: &Replay) -> Result<Contestant, Failure> {
    refuse_others(reach)?;
    let order = match options.upload {
        UploadOrder::ProductsFirst => Order::ProductsFirst,
        UploadOrder::InteractionsFirst => Order::InteractionsFirst,
        UploadOrder::Shuffled => Order::Shuffled,
        UploadOrder::InteractionsOnly => Order::InteractionsOnly,
    };
    let begun = Instant::now();
    let calls = client::uploads(history, replay, order, options.seed);
    let bar = bar("uploading", calls.len());
    for call in &calls {
        answered(send(reach, call), reach)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let uploaded = begun.elapsed();
    let status = trained(reach, "default", false)?;
    let trained = begun.elapsed();
    let rankings = ask(reach, options, history, replay)?;
    output::note(&format!(
        "by HTTP: uploaded in {:.1} s, trained in {:.1} s, {} questions answered in {:.1} s",
        uploaded.as_secs_f64(),
        (trained - uploaded).as_secs_f64(),
        output::grouped(replay.cases.len() as u64),
        (begun.elapsed() - trained).as_secs_f64()
    ));
    if let Some(why) = status["kept_out"].as_str() {
        output::warning(&format!("the server keeps the new version out: {why}"));
    }
    if let Some(metrics) = status.get("metrics") {
        output::note(&format!("the server's own metrics: {metrics}"));
    }
    note_repeats(replay, &rankings);
    Ok(Contestant { name: "tamari, by HTTP".to_owned(), baseline: false, rankings })
}

/// Refuses a server of somebody else that holds products already: what is measured would mix with them.
pub(super) fn refuse_others(reach: &Reach) -> Result<(), Failure> {
    if reach.is_own() {
        return Ok(());
    }
    let listed = answered(reach.get("products/_ids"), reach)?;
    match listed.body.pointer("/data/ids").and_then(|ids| ids.as_array()).map_or(0, Vec::len) {
        0 => Ok(()),
        held => Err(Failure::fault(format!(
            "{} holds {} already; what is measured would mix with them, so give it an environment without any",
            reach.place(),
            output::counted(held as u64, "product", "products")
        ))),
    }
}

/// Asks all questions, on several connections.
fn ask(
    reach: &Reach,
    options: &EvaluateOptions,
    history: &History,
    replay: &Replay,
) -> Result<Vec<Vec<Ranked>>, Failure> {
    let prefix = match options.session {
        SessionClicks::Additional => Prefix::Additional,
        SessionClicks::Uploaded => Prefix::Uploaded,
    };
    let reading = Reading::of(history);
    let next = AtomicUsize::new(0);
    let bar = bar("asking", replay.cases.len());
    let one = |number: usize| -> Result<Vec<Ranked>, Failure> {
        let (upload, question) = client::question(history, &replay.cases[number], number, prefix);
        if let Some(upload) = upload {
            answered(send(reach, &upload), reach)?;
        }
        let reply = answered(send(reach, &question), reach)?;
        bar.inc(1);
        reading.ranking(&reply.body).ok_or_else(|| {
            Failure::fault(format!("{} gives an answer without products: {}", reach.place(), reply.message()))
        })
    };
    let worker = || {
        let mut own = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= replay.cases.len() {
                return Ok(own);
            }
            own.push((number, one(number)?));
        }
    };
    type Answers = Result<Vec<(usize, Vec<Ranked>)>, Failure>;
    let parts: Vec<Answers> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.connections).map(|_| scope.spawn(worker)).collect();
        let panicked = || Failure::fault("a thread of the replay panicked");
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(panicked()))).collect()
    });
    bar.finish_and_clear();
    let mut rankings = vec![Vec::new(); replay.cases.len()];
    for part in parts {
        for (number, ranking) in part? {
            rankings[number] = ranking;
        }
    }
    Ok(rankings)
}

/// Sends a call.
fn send(reach: &Reach, call: &Call) -> Result<Reply, String> {
    patiently(reach, call.path, call.body.as_bytes())
}

/// As [`Reach::post`], and again where the server asks for patience.
pub(super) fn patiently(reach: &Reach, path: &str, body: &[u8]) -> Result<Reply, String> {
    loop {
        let reply = reach.post(path, body)?;
        match (reply.status, reply.retry_after_s) {
            (429, Some(seconds)) => std::thread::sleep(Duration::from_secs(seconds.clamp(1, 60))),
            _ => return Ok(reply),
        }
    }
}

/// Says how many places of the answers went to what the person had before: they count as misses.
fn note_repeats(replay: &Replay, rankings: &[Vec<Ranked>]) {
    let had = replay
        .cases
        .iter()
        .zip(rankings)
        .flat_map(|(case, ranking)| ranking.iter().filter(|ranked| case.known.binary_search(&ranked.row).is_ok()));
    let (had, all) = (had.count(), rankings.iter().map(Vec::len).sum::<usize>());
    output::note(&format!(
        "of {} products recommended, {} were in the person's own past",
        output::grouped(all as u64),
        output::grouped(had as u64)
    ));
}

pub(super) fn bar(what: &'static str, length: usize) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    match ProgressStyle::with_template(&format!("{what} {{bar:40}} {{pos}}/{{len}} {{elapsed}}")) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
