//! What products mean by the sentence encoder of the settings: read once for all environments, applied in the background.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::thread;

use parking_lot::Mutex;
use search::{Encoder, Meanings};
use store::Fault;
use tracing::info;
use uuid::Uuid;

use super::{Shared, training};
use crate::{Settings, limits};

/// The encoders in use, by folder: an encoder takes some 100 MB, and all environments share it.
static IN_USE: Mutex<Vec<(PathBuf, Weak<Encoder>)>> = Mutex::new(Vec::new());

/// The encoder in `folder`; `None` where the path is empty.
///
/// # Errors
/// It cannot be used; the text says why and what to do.
pub(crate) fn load(folder: &Path) -> Result<Option<Arc<Encoder>>, String> {
    if folder.as_os_str().is_empty() {
        return Ok(None);
    }
    let mut in_use = IN_USE.lock();
    in_use.retain(|(_, encoder)| encoder.strong_count() > 0);
    if let Some(encoder) = in_use.iter().find(|(of, _)| of == folder).and_then(|(_, encoder)| encoder.upgrade()) {
        return Ok(Some(encoder));
    }
    let encoder = Encoder::open(folder).map_err(|error| {
        format!(
            "the sentence encoder of the setting `encoder` cannot be used: {error}; name a folder with model.safetensors, config.json and \
             vocab.txt of a BERT model, or leave the setting out"
        )
    })?;
    let encoder = Arc::new(encoder);
    in_use.push((folder.to_owned(), Arc::downgrade(&encoder)));
    Ok(Some(encoder))
}

/// What the products of an environment mean, by the encoder too where the settings name one. Its vectors lie beside the index.
pub(super) fn meanings(settings: &Settings, folder: &Path, epoch: Uuid) -> Result<Meanings, Fault> {
    let encoder = load(&settings.encoder)
        .map_err(|why| Fault::Io { path: settings.encoder.clone(), source: std::io::Error::other(why) })?;
    Ok(match encoder {
        Some(encoder) => Meanings::with_encoder(encoder, &folder.join("meanings.encoded"), epoch),
        None => Meanings::default(),
    })
}

/// Encodes what waits, until the environment stops. The table answers until all products have been encoded once.
pub(super) fn run(shared: &Shared) {
    training::lower_priority(training::READING);
    while !shared.stopping.load(Ordering::Acquire) {
        if shared.meanings.encode_some() {
            continue;
        }
        if shared.indexed.load(Ordering::Acquire) && !shared.meanings.is_encoded() {
            shared.meanings.set_complete();
            info!(environment = shared.name.name(), "the sentence encoder answers");
        }
        thread::sleep(limits::ENCODER_PERIOD);
    }
}
