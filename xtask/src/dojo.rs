//! The dashboard: types, logic, and what a person does in a real browser against a real server.

use std::path::Path;
use std::process::Command;

use crate::run;

/// Where Debian has its browser; `CHROMIUM` names another.
const CHROMIUM: &str = "/usr/bin/chromium";

/// Checks the types, runs the unit tests, then the browser's.
pub(crate) fn run() -> Result<(), String> {
    // The build script of `crates/dojo` installs what the web app needs.
    run::cargo(&["build", "--package", "tamari"])?;
    let app = run::root().join("dojo");
    let npm = |script: &str| {
        run::run(
            Command::new("npm")
                .args(["run", "--silent", script])
                .current_dir(&app)
                .env("TAMARI_BIN", run::root().join("target/debug/tamari")),
        )
    };
    npm("check")?;
    npm("test")?;
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| CHROMIUM.to_owned());
    if !Path::new(&chromium).exists() {
        return Err(format!("there is no {chromium}; install Chromium, or name it in CHROMIUM"));
    }
    npm("browser")
}
