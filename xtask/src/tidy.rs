//! What no compiler checks: no unfinished work, no skipped test, no file too large, no lock file with addresses.

use std::process::Command;

use crate::run;

/// Bytes of one file in the tree; larger ones are data, which do not belong here.
const FILE_BYTES_MAX: u64 = 1_000_000;

/// Files that may be larger: the table of word pieces is a part of the binary.
const LARGE_FILES: [&str; 1] = ["crates/meaning/data/pieces.table"];

/// Checks every file that git knows.
pub(crate) fn check() -> Result<(), String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(run::root())
        .output()
        .map_err(|error| format!("git cannot be started: {error}"))?;
    let names = String::from_utf8_lossy(&listed.stdout);
    let mut faults = Vec::new();
    for name in names.split('\0').filter(|name| !name.is_empty()) {
        let path = run::root().join(name);
        let Ok(about) = std::fs::metadata(&path) else { continue };
        if LARGE_FILES.contains(&name) {
            continue;
        }
        if about.len() > FILE_BYTES_MAX {
            faults.push(format!("{name}: {} bytes, more than {FILE_BYTES_MAX}", about.len()));
            continue;
        }
        if let Ok(text) = std::fs::read_to_string(&path) {
            check_file(name, &text, &mut faults);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(format!("\n  {}", faults.join("\n  "))) }
}

fn check_file(name: &str, text: &str, faults: &mut Vec<String>) {
    if name.ends_with("package-lock.json") && text.contains("\"resolved\"") {
        faults.push(format!("{name}: holds download addresses; write it with omit-lockfile-registry-resolved=true"));
    }
    // This file names what it looks for.
    if !name.ends_with(".rs") || name == "xtask/src/tidy.rs" {
        return;
    }
    for (number, line) in text.lines().enumerate() {
        let here = format!("{name}:{}", number + 1);
        if ["todo!", "unimplemented!", "dbg!"].iter().any(|name| line.contains(&format!("{name}("))) {
            faults.push(format!("{here}: unfinished or debugging macro"));
        }
        if line.trim_start().strip_prefix("#[").is_some_and(|name| name.starts_with("ignore")) {
            faults.push(format!("{here}: a test that is skipped proves nothing"));
        }
    }
}
