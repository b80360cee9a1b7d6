//! Replays a data set by the model alone and prints the report: `measure SOURCE PATH SPLIT [alone] [QUESTIONS]`; `alone` leaves
//! the baselines out.
#![allow(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::path::Path;
use std::time::Instant;

use evaluate::history::{History, Source};
use evaluate::replay::{self, Part, Report, Split};

const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, path, split, options @ ..] = arguments.as_slice() else {
        return Err("usage: measure SOURCE PATH SPLIT [alone] [QUESTIONS]".into());
    };
    let path = Path::new(path);
    let mut history = match source.as_str() {
        "file" => History::read_files(path, None)?,
        name => Source::named(name).ok_or("unknown source")?.read(path)?,
    };
    // `SPLIT-inner` splits what the split itself leaves to learn from: constants are chosen there, never on the test.
    let split = match split.strip_suffix("-inner") {
        Some(split) => {
            history.keep_past(split == "sessions");
            split
        }
        None => split,
    };
    let mut replay = Split::named(split).ok_or("unknown split")?.of(&history, SEED)?;
    if let Some(questions) = options.iter().find_map(|option| option.parse().ok()) {
        replay.thin_out(questions);
    }
    let begun = Instant::now();
    let clock_ms = || begun.elapsed().as_millis();
    let outcome = if options.iter().any(|option| option == "alone") {
        replay::run_alone(&replay, SEED, &clock_ms)?.1
    } else {
        replay::run(&replay, SEED, &clock_ms)?
    };
    println!(
        "{source} {split}: {} questions, {} products, {} events, trained in {:.1} s, answered in {:.1} s; {:?}",
        replay.count(Part::Known),
        history.products(),
        history.events.len(),
        outcome.training_ms as f64 / 1e3,
        outcome.answering_ms as f64 / 1e3,
        outcome.metrics
    );
    let contestants: Vec<_> = std::iter::once(outcome.ours).chain(outcome.baselines).collect();
    println!("{}", Report::of(&replay, &contestants, SEED));
    Ok(())
}
