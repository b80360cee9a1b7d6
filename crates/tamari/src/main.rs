//! The command line: `tamari serve`, `tamari import`, and the rest of what a person does with a data folder.

mod ask;
mod backup;
mod cli;
mod erase;
mod evaluate;
mod failure;
mod import;
mod keys;
mod logs;
mod output;
mod reach;
mod serve;
mod settings;
mod train;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit code of an import that came to its end, with rows refused on the way.
const FINISHED_WITH_REJECTS: u8 = 3;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(failure) => {
            output::error(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let settings = settings::resolve(&cli)?;
    match cli.command {
        Command::Serve(options) => serve::run(settings, &options.log)?,
        Command::Config => settings::print(&settings)?,
        Command::Keys(options) => keys::run(&settings, &options)?,
        Command::Import(options) => {
            let summary = import::run(&settings, &options)?;
            if summary.rejected > 0 {
                return Ok(ExitCode::from(FINISHED_WITH_REJECTS));
            }
        }
        Command::Train(options) => train::run(&settings, &options)?,
        Command::Evaluate(options) => evaluate::run(&settings, &options)?,
        Command::Ask(options) => ask::run(&settings, &options)?,
        Command::Backup(options) => backup::backup(&settings, &options.folder)?,
        Command::Restore(options) => backup::restore(&settings, &options.folder, options.replacing.as_deref())?,
        Command::Erase(options) => erase::run(&settings, &options)?,
    }
    Ok(ExitCode::SUCCESS)
}
