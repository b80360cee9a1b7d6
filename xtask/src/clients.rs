//! The published clients against a real server: the Python SDK, the Singer target, the browser SDK.
//!
//! They are installed by name from their registries into `target/clients`, nowhere else.

use std::path::Path;
use std::process::Command;

use crate::run;

/// Installs the clients and runs their conformance tests.
pub(crate) fn run() -> Result<(), String> {
    run::cargo(&["build", "--package", "tamari"])?;
    let root = run::root();
    let server = root.join("target/debug/tamari");
    python(&root, &server)?;
    javascript(&root, &server)
}

fn python(root: &Path, server: &Path) -> Result<(), String> {
    let tests = root.join("clients/python");
    let home = root.join("target/clients/python");
    let interpreter = home.join("bin/python");
    // Installed again only when the list of packages has changed.
    let wanted = std::fs::read_to_string(tests.join("requirements.txt")).map_err(|error| error.to_string())?;
    let mark = home.join("installed.txt");
    if std::fs::read_to_string(&mark).unwrap_or_default() != wanted {
        run::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
        run::run(
            Command::new(&interpreter)
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
                .arg(tests.join("requirements.txt")),
        )?;
        std::fs::write(&mark, wanted).map_err(|error| error.to_string())?;
    }
    run::run(
        Command::new(&interpreter)
            .args(["-B", "-m", "unittest", "discover", "--start-directory"])
            .arg(&tests)
            .env("TAMARI_BIN", server),
    )
}

fn javascript(root: &Path, server: &Path) -> Result<(), String> {
    let home = root.join("target/clients/javascript");
    let tests = root.join("clients/javascript");
    std::fs::create_dir_all(&home).map_err(|error| error.to_string())?;
    for entry in std::fs::read_dir(&tests).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        if let (true, Some(name)) = (path.is_file(), path.file_name()) {
            std::fs::copy(&path, home.join(name)).map_err(|error| error.to_string())?;
        }
    }
    run::run(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
            .current_dir(&home),
    )?;
    run::run(Command::new("node").arg("--test").current_dir(&home).env("TAMARI_BIN", server))
}
