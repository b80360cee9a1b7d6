use std::path::{Path, PathBuf};

use rand::RngExt;
use rand::distr::Alphanumeric;
use server::{EnvironmentName, Settings};
use store::{Key, KeyKind, Reader, Store};

use crate::cli::{KeyKindOption, KeysAction, KeysOptions};
use crate::failure::Failure;
use crate::output;

#[cfg(test)]
mod tests;

/// Letters and digits in a key: 238 bits.
const KEY_CHARS: usize = 40;

/// Both keys of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub secret: String,
    pub publishable: String,
}

/// Prints the keys, after replacing them where asked.
pub(crate) fn run(settings: &Settings, options: &KeysOptions) -> Result<(), Failure> {
    let shown = match &options.action {
        None => &options.shown,
        Some(KeysAction::Rotate { shown, .. }) => shown,
    };
    let environment = EnvironmentName::from(shown.environment);
    let keys = match &options.action {
        None => read(&settings.data, environment)?,
        Some(KeysAction::Rotate { kind, .. }) => rotate(&settings.data, environment, *kind)?,
    };
    if shown.json {
        let line = serde_json::json!({
            "environment": environment.name(), "secret": keys.secret, "publishable": keys.publishable
        });
        output::result(&line.to_string());
    } else {
        output::result(&format!("environment: {}", environment.name()));
        output::result(&format!("secret:      {}", keys.secret));
        output::result(&format!("publishable: {}", keys.publishable));
    }
    Ok(())
}

/// The keys of an environment, made where there are none yet; whether or not a server runs.
pub(crate) fn read(data: &Path, environment: EnvironmentName) -> Result<Keys, Failure> {
    let path = store_path(data, environment)?;
    if path.exists()
        && let Some(keys) = both(Reader::open(&path)?.keys()?)
    {
        return Ok(keys);
    }
    let mut store = Store::open(&path)?;
    let reader = Reader::open(&path)?;
    let present = reader.keys()?;
    for kind in [KeyKind::Secret, KeyKind::Publishable] {
        if !present.iter().any(|key| key.kind == kind) {
            store.set_key(&Key { kind, text: new_key() })?;
        }
    }
    both(reader.keys()?).ok_or_else(|| Failure::fault(format!("{} keeps no keys", path.display())))
}

fn rotate(data: &Path, environment: EnvironmentName, kind: Option<KeyKindOption>) -> Result<Keys, Failure> {
    let path = store_path(data, environment)?;
    let mut store = Store::open(&path)?;
    if kind != Some(KeyKindOption::Publishable) {
        store.set_key(&Key { kind: KeyKind::Secret, text: new_key() })?;
    }
    if kind != Some(KeyKindOption::Secret) {
        store.set_key(&Key { kind: KeyKind::Publishable, text: new_key() })?;
    }
    drop(store);
    read(data, environment)
}

fn store_path(data: &Path, environment: EnvironmentName) -> Result<PathBuf, Failure> {
    let folder = data.join(environment.name());
    std::fs::create_dir_all(&folder)
        .map_err(|error| Failure::fault(format!("{} cannot be created: {error}", folder.display())))?;
    Ok(folder.join("store.sqlite"))
}

fn both(keys: Vec<Key>) -> Option<Keys> {
    let text = |kind| keys.iter().find(|key| key.kind == kind).map(|key| key.text.clone());
    Some(Keys { secret: text(KeyKind::Secret)?, publishable: text(KeyKind::Publishable)? })
}

fn new_key() -> String {
    rand::rng().sample_iter(Alphanumeric).take(KEY_CHARS).map(char::from).collect()
}
