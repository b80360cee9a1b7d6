use std::time::Instant;

use evaluate::history::Source;
use evaluate::replay::{self, Split};

use crate::cli::EvaluateOptions;
use crate::failure::Failure;
use crate::output;

/// Replays a log and prints what the recommendations would have been worth, beside each expert and popularity alone.
pub(crate) fn run(options: &EvaluateOptions) -> Result<(), Failure> {
    let (source, path) = match (&options.dataset, &options.path, &options.events) {
        (Some(name), Some(path), _) => {
            let source = Source::named(name).ok_or_else(|| {
                let known = "ml-latest-small, online-retail, completejourney, yoochoose";
                Failure::usage(format!("there is no data set {name:?}; there are {known}"))
            })?;
            (source, path)
        }
        (_, _, Some(path)) => (Source::File, path),
        _ => return Err(Failure::usage("name a data set with --dataset and --path, or a file with --events")),
    };
    let default = if source == Source::YooChoose { "sessions" } else { "temporal" };
    let name = options.split.as_deref().unwrap_or(default);
    let split = Split::named(name).ok_or_else(|| {
        Failure::usage(format!("there is no split {name:?}; there are temporal, user-temporal, sessions and cold"))
    })?;
    let history = source.read(path).map_err(|error| Failure::fault(error.to_string()))?;
    let replay = split.of(&history, options.seed).map_err(|error| Failure::fault(error.to_string()))?;
    let begun = Instant::now();
    let outcome = replay::run(&replay, options.seed, &|| begun.elapsed().as_millis())
        .map_err(|error| Failure::fault(error.to_string()))?;
    output::note(&format!(
        "{} events, {} products; split {name}: {} questions, answered in {:.1} s; trained in {:.1} s",
        output::grouped(history.events.len() as u64),
        output::grouped(u64::from(history.products)),
        output::grouped(replay.cases.len() as u64),
        outcome.answering_ms as f64 / 1e3,
        outcome.training_ms as f64 / 1e3,
    ));
    let metrics = outcome.metrics;
    if metrics.cases > 0 && metrics.ndcg < metrics.ndcg_popularity {
        output::warning("on the last part of its own log the model did worse than popularity");
    }
    output::result(outcome.table.to_string().trim_end());
    Ok(())
}
