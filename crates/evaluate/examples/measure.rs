//! Replays a data set by the model alone and prints the report: `measure SOURCE PATH SPLIT [alone] [brief] [QUESTIONS]`; `alone`
//! leaves the baselines out, `brief` prints ours and the best three baselines of each part. The source `file` reads a table of
//! events, or `EVENTS,PRODUCTS`.
#![allow(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::path::Path;
use std::time::Instant;

use evaluate::history::{History, Source};
use evaluate::replay::{self, Figures, Part, Report, Row, Split, Table};

const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [source, path, split, options @ ..] = arguments.as_slice() else {
        return Err("usage: measure SOURCE PATH SPLIT [alone] [brief] [QUESTIONS]".into());
    };
    let path = Path::new(path);
    let mut history = match source.as_str() {
        "file" => match path.to_string_lossy().split_once(',') {
            Some((events, products)) => History::read_files(Path::new(events), Some(Path::new(products)))?,
            None => History::read_files(path, None)?,
        },
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
    let report = Report::of(&replay, &contestants, SEED);
    if options.iter().any(|option| option == "brief") {
        let parts = [("known", &report.known), ("strangers", &report.new_visitors), ("new", &report.new_products)];
        parts.into_iter().for_each(|(name, table)| print_brief(name, table));
    } else {
        println!("{report}");
    }
    Ok(())
}

fn print_brief(part: &str, table: &Table) {
    let Some((ours, others)) = table.rows.split_first() else { return };
    let mut others: Vec<&Row> = others.iter().collect();
    others.sort_by(|a, b| b.figures.ndcg_10.total_cmp(&a.figures.ndcg_10));
    let best: Vec<String> =
        others.iter().take(3).map(|row| format!("{} {:.4}", row.name, row.figures.ndcg_10)).collect();
    let over = table
        .best_baseline
        .as_ref()
        .map_or_else(String::new, |(_, over)| format!("{:+.4} ({:+.4} to {:+.4})", over.mean, over.low, over.high));
    let Figures { cases, ndcg_10, recall_20, coverage_10, .. } = ours.figures;
    println!("  {part} {cases}: {ndcg_10:.4} / {recall_20:.4}, coverage {coverage_10:.3}; {over}; {}", best.join(", "));
}
