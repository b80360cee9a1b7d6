//! Builds the web app of `dojo/` and writes the table of its files.
//!
//! Runs `npm ci` only when the lock file has changed, and `vite build` only when a source has. Without Node.js it embeds a
//! page that says how to get the dashboard, and warns; a build that fails stops everything and says why.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;

/// What the build of the web app reads.
const SOURCES: [&str; 8] =
    ["src", "public", "index.html", "package.json", "package-lock.json", ".npmrc", "vite.config.ts", "tsconfig.json"];

/// What is served where the web app could not be built.
const WITHOUT: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Tamari without its Dojo</title>
<h1>This binary was built without the Dojo</h1>
<p>The server and its API work. For the dashboard, install Node.js 20 or newer with npm, and run <code>cargo build</code> again.
<p><a href=\"/docs/\">The API, to read and to try</a>
</html>
";

fn main() {
    // Asked of cargo now, not when this script was compiled: a target folder may have moved with its checkout.
    let own = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let app = own.join("../../dojo");
    println!("cargo::rerun-if-env-changed=TAMARI_WITHOUT_DOJO");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", app.join(source).display());
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let built = out.join("app");
    let _ = fs::remove_dir_all(&built);
    if std::env::var_os("TAMARI_WITHOUT_DOJO").is_some() || !build(&app, &built) {
        fs::create_dir_all(&built).expect("OUT_DIR can be written");
        fs::write(built.join("index.html"), WITHOUT).expect("OUT_DIR can be written");
    }
    embed(&built, &out);
}

/// Builds the web app into `built`. False where there is no Node.js.
fn build(app: &Path, built: &Path) -> bool {
    let found = |tool: &str| Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found("node") || !found("npm") {
        println!("cargo::warning=Node.js and npm are not found: this build has no Dojo; /dojo/ says how to get it");
        return false;
    }
    // Installed again only for another lock file; the copy of it beside what it installed tells.
    let lock = fs::read(app.join("package-lock.json")).expect("dojo/package-lock.json can be read");
    let mark = app.join("node_modules/.installed-lock.json");
    if fs::read(&mark).ok().as_ref() != Some(&lock) {
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]), app);
        fs::write(&mark, &lock).expect("dojo/node_modules can be written");
    }
    run(
        Command::new("node")
            .args(["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn", "--emptyOutDir", "--outDir"])
            .arg(built),
        app,
    );
    true
}

fn run(command: &mut Command, folder: &Path) {
    let output = command.current_dir(folder).output().expect("a tool that told its version can be started");
    assert!(
        output.status.success(),
        "{command:?} failed ({}); TAMARI_WITHOUT_DOJO=1 builds without the dashboard\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Compresses every file of `built` and writes the table of them, sorted by path.
fn embed(built: &Path, out: &Path) {
    let mut paths = Vec::new();
    list(built, "", &mut paths);
    paths.sort();
    let packed = out.join("packed");
    let _ = fs::remove_dir_all(&packed);
    fs::create_dir_all(&packed).expect("OUT_DIR can be written");
    let mut table = String::from("/// Every file, sorted by path.\npub static FILES: &[File] = &[\n");
    for (number, path) in paths.iter().enumerate() {
        let contents = fs::read(built.join(path)).expect("a file just built can be read");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&contents).expect("memory takes writes");
        let to = packed.join(number.to_string());
        fs::write(&to, encoder.finish().expect("memory takes writes")).expect("OUT_DIR can be written");
        table.push_str(&format!(
            "    File {{ path: {path:?}, content_type: {:?}, immutable: {}, gzip: include_bytes!({to:?}) }},\n",
            content_type(path),
            path.starts_with("assets/"),
        ));
    }
    table.push_str("];\n");
    fs::write(out.join("files.rs"), table).expect("OUT_DIR can be written");
}

fn list(folder: &Path, prefix: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder just built can be read") {
        let entry = entry.expect("a folder just built can be read");
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{path}/"), paths);
        } else {
            paths.push(path);
        }
    }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
