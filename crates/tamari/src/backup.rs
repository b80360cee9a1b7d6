//! A backup is a folder: one consistent copy of the store per environment, and a manifest. Everything else in a data
//! folder is made again from the stores.

use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use server::{EnvironmentName, Settings};

use crate::failure::Failure;
use crate::{output, reach};

#[cfg(test)]
mod tests;

const MANIFEST: &str = "tamari-backup.json";
const FORMAT: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    /// Of this page; a later program may write another.
    format: u32,
    program: String,
    created: String,
    files: Vec<BackupFile>,
}

#[derive(Debug, Serialize, Deserialize)]
struct BackupFile {
    environment: EnvironmentName,
    file: String,
    size_bytes: u64,
}

/// Copies every environment of the data folder into `folder`, which must be new or empty; also while it is served.
pub(crate) fn backup(settings: &Settings, folder: &Path) -> Result<(), Failure> {
    let stores: Vec<(EnvironmentName, PathBuf)> = EnvironmentName::ALL
        .into_iter()
        .map(|environment| (environment, store_path(&settings.data, environment)))
        .filter(|(_, path)| path.exists())
        .collect();
    if stores.is_empty() {
        return Err(Failure::usage(format!("{} holds no data; give its place with --data", settings.data.display())));
    }
    make_empty(folder)?;
    let mut files = Vec::new();
    for (environment, path) in stores {
        let file = format!("{}.sqlite", environment.name());
        let copy = folder.join(&file);
        store::backup(&path, &copy)?;
        let size_bytes = std::fs::metadata(&copy).map_err(|error| failed(&copy, &error))?.len();
        output::note(&format!("{}: {} bytes", environment.name(), output::grouped(size_bytes)));
        files.push(BackupFile { environment, file, size_bytes });
    }
    let manifest = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        created: jiff::Timestamp::now().to_string(),
        files,
    };
    let text = serde_json::to_string_pretty(&manifest)
        .map_err(|error| Failure::fault(format!("the manifest cannot be written: {error}")))?;
    // The manifest comes last: a folder that has one is whole.
    let path = folder.join(MANIFEST);
    std::fs::write(&path, text).and_then(|()| File::open(&path)?.sync_all()).map_err(|error| failed(&path, &error))?;
    output::note(&format!("The backup is in {}.", folder.display()));
    Ok(())
}

/// Puts the backup in `folder` into the data folder, which must hold no data yet and must not be served; nor may the folder that it
/// is `replacing`, which knows who was erased since.
pub(crate) fn restore(settings: &Settings, folder: &Path, replacing: Option<&Path>) -> Result<(), Failure> {
    let manifest = read_manifest(folder)?;
    if let Some(former) = replacing
        && !EnvironmentName::ALL.into_iter().any(|environment| store_path(former, environment).exists())
    {
        return Err(Failure::usage(format!("{} holds no data; give the former data folder", former.display())));
    }
    for data in [Some(settings.data.as_path()), replacing].into_iter().flatten() {
        if reach::is_locked(data)? {
            return Err(Failure::usage(format!("{} is being served; stop that server first", data.display())));
        }
    }
    for environment in EnvironmentName::ALL {
        let path = store_path(&settings.data, environment);
        if path.exists() {
            return Err(Failure::usage(format!(
                "{} exists already; restore into a new data folder, and move it into place afterwards",
                path.display()
            )));
        }
    }
    for file in &manifest.files {
        let from = folder.join(&file.file);
        let size_bytes = std::fs::metadata(&from).map_err(|error| failed(&from, &error))?.len();
        if size_bytes != file.size_bytes {
            return Err(Failure::fault(format!(
                "{} has {size_bytes} bytes, the manifest says {}; the backup is not whole",
                from.display(),
                file.size_bytes
            )));
        }
    }
    for file in &manifest.files {
        let to = store_path(&settings.data, file.environment);
        let place = settings.data.join(file.environment.name());
        std::fs::create_dir_all(&place).map_err(|error| failed(&place, &error))?;
        store::restore(&folder.join(&file.file), &to)?;
        let again = match replacing {
            Some(former) => server::take_over_former(former, &settings.data, file.environment)?,
            None => 0,
        };
        let and = if again > 0 {
            format!(", and {} records erased since erased again", output::grouped(again as u64))
        } else {
            String::new()
        };
        output::note(&format!("{}: restored{and}", file.environment.name()));
    }
    output::note(&format!("{} holds the data of {}.", settings.data.display(), manifest.created));
    if replacing.is_none() {
        output::note(
            "Whoever was erased since then is in it again: erase them once more, or restore with --replacing DIR.",
        );
    }
    Ok(())
}

fn read_manifest(folder: &Path) -> Result<Manifest, Failure> {
    let path = folder.join(MANIFEST);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        Failure::usage(format!("{} cannot be read: {error}. Is this the folder of a backup?", path.display()))
    })?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| Failure::fault(format!("{}: {error}", path.display())))?;
    if manifest.format > FORMAT {
        return Err(Failure::fault(format!("{} was written by a newer program; use that one", path.display())));
    }
    // A name from the manifest must stay inside the folder.
    match manifest.files.iter().find(|file| Path::new(&file.file).file_name() != Some(file.file.as_ref())) {
        Some(file) => Err(Failure::fault(format!("{} names {:?}, which is no plain file", path.display(), file.file))),
        None => Ok(manifest),
    }
}

fn store_path(data: &Path, environment: EnvironmentName) -> PathBuf {
    data.join(environment.name()).join("store.sqlite")
}

fn make_empty(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    let mut entries = std::fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    if entries.next().is_some() {
        return Err(Failure::usage(format!("{} is not empty; give a new folder", folder.display())));
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::fault(format!("{}: {error}", path.display()))
}
