//! `tamari evaluate`: what the recommendations would have been worth on a log, beside the known methods; and `tamari evaluate search`.

mod http;
mod own;
mod search;

use std::time::Instant;

use ::evaluate::history::{History, Source};
use ::evaluate::replay::{self, Contestant, Part, Report, Split};
use server::Settings;

use crate::cli::{EvaluateAction, EvaluateOptions, Through};
use crate::failure::Failure;
use crate::output;

/// Replays a log and prints the report: ours, then the baselines, each on the same questions.
pub(crate) fn run(settings: &Settings, options: &EvaluateOptions) -> Result<(), Failure> {
    if let Some(EvaluateAction::Search(options)) = &options.action {
        return search::run(settings, options);
    }
    let (history, default) = read(settings, options)?;
    let name = options.split.as_deref().unwrap_or(default);
    let split = Split::named(name).ok_or_else(|| {
        Failure::usage(format!("there is no split {name:?}; there are {}", listed(Split::ALL.map(|(name, _)| name))))
    })?;
    if options.server.is_some() && options.through != Through::Http {
        return Err(Failure::usage("--server is the server to ask with --through http"));
    }
    let mut replay = split.of(&history, options.seed).map_err(|error| Failure::fault(error.to_string()))?;
    replay.thin_out(options.questions.unwrap_or(usize::MAX));
    output::note(&format!(
        "{} events of {} visitors, {} products; split {name}: {} questions, {} of new visitors, {} for new products",
        output::grouped(history.events.len() as u64),
        output::grouped(history.visitors() as u64),
        output::grouped(u64::from(history.products())),
        output::grouped(replay.count(Part::Known) as u64),
        output::grouped(replay.count(Part::NewVisitors) as u64),
        output::grouped(replay.count(Part::NewProducts) as u64),
    ));
    let mut contestants: Vec<Contestant> = Vec::new();
    if options.through == Through::Http {
        contestants.push(http::replay(settings, options, &history, &replay)?);
    }
    let begun = Instant::now();
    let outcome = replay::run(&replay, options.seed, &|| begun.elapsed().as_millis())
        .map_err(|error| Failure::fault(error.to_string()))?;
    output::note(&format!(
        "the model alone: trained in {:.1} s, all questions answered in {:.1} s",
        outcome.training_ms as f64 / 1e3,
        outcome.answering_ms as f64 / 1e3,
    ));
    if outcome.metrics.cases > 0 && outcome.metrics.ndcg < outcome.metrics.ndcg_popularity {
        output::warning("on the last part of its own log the model did worse than popularity");
    }
    let (own_metrics, training_ms) = (outcome.own_metrics(), outcome.training_ms);
    contestants.push(outcome.ours);
    contestants.extend(outcome.baselines);
    let report = Report::of(&replay, &contestants, options.seed);
    if options.json {
        let mut json = report.to_json();
        json["split"] = name.into();
        json["seed"] = options.seed.into();
        json["own_metrics"] = own_metrics;
        json["training_ms"] = u64::try_from(training_ms).unwrap_or(u64::MAX).into();
        output::result(&json.to_string());
    } else {
        output::result(report.to_string().trim_end());
    }
    Ok(())
}

/// The log, and the name of the split that suits it.
fn read(settings: &Settings, options: &EvaluateOptions) -> Result<(History, &'static str), Failure> {
    let fault = |error: ::evaluate::history::HistoryFault| Failure::fault(error.to_string());
    if let Some(environment) = options.environment {
        return Ok((own::read(settings, environment.into())?, "temporal"));
    }
    if let (Some(name), Some(path)) = (&options.dataset, &options.path) {
        let source = Source::named(name).ok_or_else(|| {
            let known = listed(Source::ALL.map(|(name, _)| name));
            Failure::usage(format!("there is no data set {name:?}; there are {known}"))
        })?;
        let default = if source == Source::YooChoose { "sessions" } else { "temporal" };
        return Ok((source.read(path).map_err(fault)?, default));
    }
    match &options.events {
        Some(path) => Ok((History::read_files(path, options.products.as_deref()).map_err(fault)?, "temporal")),
        None => Err(Failure::usage(
            "name a data set with --dataset and --path, a file with --events, or an environment with --environment",
        )),
    }
}

/// `a, b and c`.
fn listed<const COUNT: usize>(names: [&str; COUNT]) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
