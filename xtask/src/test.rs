use std::time::Instant;

use crate::{clients, dojo, run, tidy};

/// One part of the tests: its name, and what runs it.
type Step = (&'static str, fn() -> Result<(), String>);

/// Property tests try the same cases each time, so that one commit has one outcome; a plain `cargo test` tries new ones.
const PROPERTIES_SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20261124");

/// Every step, in the order of how quickly it tells of a mistake.
const STEPS: [Step; 6] = [
    ("format", || run::cargo(&["fmt", "--all", "--check"])),
    ("tidy", tidy::check),
    ("lints", || run::cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "--deny", "warnings"])),
    ("tests", || run::cargo_with(&["test", "--workspace", "--quiet"], &[PROPERTIES_SEED])),
    ("clients", clients::run),
    ("dojo", dojo::run),
];

/// Runs every step and stops at the first that fails.
pub(crate) fn run() -> Result<(), String> {
    let begun = Instant::now();
    for (name, step) in STEPS {
        let step_begun = Instant::now();
        println!("== {name}");
        step().map_err(|failure| format!("{name}: {failure}"))?;
        println!("== {name}: passed in {} s\n", step_begun.elapsed().as_secs());
    }
    println!("All steps passed in {} s.", begun.elapsed().as_secs());
    Ok(())
}
