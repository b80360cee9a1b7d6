//! Replays a data set and prints the table: `measure SOURCE PATH SPLIT`.
#![allow(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::path::Path;
use std::time::Instant;

use evaluate::history::Source;
use evaluate::replay::{self, Split};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, path, split] = arguments.as_slice() else { return Err("usage: measure SOURCE PATH SPLIT".into()) };
    let mut history = Source::named(source).ok_or("unknown source")?.read(Path::new(path))?;
    // `SPLIT-inner` splits what the split itself leaves to learn from: constants are chosen there, never on the test.
    let split = match split.strip_suffix("-inner") {
        Some(split) => {
            history.keep_past(split == "sessions");
            split
        }
        None => split,
    };
    let replay = Split::named(split).ok_or("unknown split")?.of(&history, 1)?;
    let begun = Instant::now();
    let outcome = replay::run(&replay, 1, &|| begun.elapsed().as_millis())?;
    println!(
        "{source} {split}: {} cases, {} products, {} events, trained in {:.1} s, answered in {:.1} s; {:?}",
        replay.cases.len(),
        history.products,
        history.events.len(),
        outcome.training_ms as f64 / 1e3,
        outcome.answering_ms as f64 / 1e3,
        outcome.metrics
    );
    println!("{}", outcome.table);
    Ok(())
}
