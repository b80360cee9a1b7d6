//! What a developer runs: `cargo xtask test | bench | tidy | golden`.
#![allow(clippy::print_stdout, reason = "a developer reads what is printed")]

mod clients;
mod dojo;
mod run;
mod test;
mod tidy;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  test           everything that must hold: format, lints, tests, the tree, client conformance, the Dojo
  bench [NAME]   the benchmarks of docs/BENCHMARKS.md, all or those whose name contains NAME
  tidy           format the code, and check what no compiler checks in the tree
  golden         write the golden request and answer files anew; look at the difference before you commit it
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["test"] => test::run(),
        ["bench", rest @ ..] => run::cargo(
            &["run", "--release", "--package", "bench", "--"].iter().chain(rest).copied().collect::<Vec<_>>(),
        ),
        ["tidy"] => run::cargo(&["fmt", "--all"]).and_then(|()| tidy::check()),
        ["golden"] => {
            run::cargo_with(&["test", "--package", "server", "--test", "http", "golden"], &[("TAMARI_GOLDEN", "write")])
        }
        _ => {
            print!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("\nfailed: {failure}");
            ExitCode::FAILURE
        }
    }
}
