//! The benchmarks of docs/BENCHMARKS.md: loads on a real server process on a loopback port.
//!
//! Every figure stands beside a baseline that was measured in the same run on the same machine, so that the ratio
//! says something on another one.
#![allow(clippy::print_stdout, reason = "the figures are what this program is for")]

mod catalogue;
mod client;
mod ingest;
mod latency;
mod learning;
mod pace;
mod recommend;
mod report;
mod search;
mod searching;
mod server;
mod start;
mod training;
mod world;

use std::process::ExitCode;

/// A benchmark: its name, what it measures, and the measuring.
type Benchmark = (&'static str, fn() -> report::Outcome);

const BENCHMARKS: [Benchmark; 8] = [
    ("ingest", ingest::run),
    ("single", latency::run),
    ("searchable", search::run),
    ("searching", searching::run),
    ("recommend", recommend::run),
    ("learning", learning::run),
    ("while-training", training::run),
    ("start", start::run),
];

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let mut failed = false;
    for (name, run) in BENCHMARKS.iter().filter(|(name, _)| name.contains(&wanted)) {
        println!("## {name}");
        if let Err(failure) = run() {
            println!("failed: {failure}");
            failed = true;
        }
        println!();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
