//! The engines of an environment: definitions, model versions, and the model in use.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use recommend::Model;
use serde_json::{Map, Value, json};
use store::{Fault, Reader};
use tracing::{info, warn};
use uuid::Uuid;

use crate::limits;

/// The engine that is there from the start and cannot be removed.
pub(super) const DEFAULT: &str = "default";
/// The setting that holds every definition by its id.
pub(super) const SETTING: &str = "engines";

/// The setting that holds the list of an engine's model versions.
pub(super) fn versions_setting(engine_id: &str) -> String {
    format!("versions.{engine_id}")
}

/// Definitions, versions and models by engine. Models are swapped whole: an answer uses the one it began with.
pub(super) struct Engines {
    folder: PathBuf,
    by_id: RwLock<BTreeMap<String, Engine>>,
}

struct Engine {
    definition: Value,
    /// Newest first.
    versions: Vec<Value>,
    model: Option<Arc<Model>>,
}

impl Engines {
    /// Reads the definitions and the models in use. A model of another epoch speaks of other row numbers and is left out.
    pub(super) fn open(folder: &Path, reader: &Reader, epoch: Uuid) -> Result<Engines, Fault> {
        let folder = folder.join("models");
        std::fs::create_dir_all(&folder).map_err(|source| Fault::Io { path: folder.clone(), source })?;
        let mut definitions = match reader.setting(SETTING)? {
            Some(Value::Object(definitions)) => definitions,
            _ => Map::new(),
        };
        if !definitions.contains_key(DEFAULT) {
            definitions.insert(DEFAULT.to_owned(), default_definition());
        }
        let mut by_id = BTreeMap::new();
        for (engine_id, definition) in definitions {
            let versions = match reader.setting(&versions_setting(&engine_id))? {
                Some(Value::Array(versions)) => versions,
                _ => Vec::new(),
            };
            let model = in_use(&versions).and_then(|version| load(&folder, version, epoch)).map(Arc::new);
            by_id.insert(engine_id, Engine { definition, versions, model });
        }
        Ok(Engines { folder, by_id: RwLock::new(by_id) })
    }

    /// Engines that were trained once, but whose model cannot be used any more.
    pub(super) fn lost_models(&self) -> Vec<String> {
        let by_id = self.by_id.read();
        let lost = by_id.iter().filter(|(_, engine)| engine.model.is_none() && !engine.versions.is_empty());
        lost.map(|(id, _)| id.clone()).collect()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.by_id.read().keys().cloned().collect()
    }

    pub(super) fn definition(&self, engine_id: &str) -> Option<Value> {
        Some(self.by_id.read().get(engine_id)?.definition.clone())
    }

    pub(super) fn versions(&self, engine_id: &str) -> Option<Vec<Value>> {
        Some(self.by_id.read().get(engine_id)?.versions.clone())
    }

    /// The model in use: the outer `None` says that there is no such engine, the inner one that it was not trained yet.
    pub(super) fn model(&self, engine_id: &str) -> Option<Option<Arc<Model>>> {
        Some(self.by_id.read().get(engine_id)?.model.clone())
    }

    /// The name of the version in use; `None` before the first training, and where there is no such engine.
    pub(super) fn version_in_use(&self, engine_id: &str) -> Option<String> {
        in_use(&self.by_id.read().get(engine_id)?.versions).map(str::to_owned)
    }

    /// All definitions after this change, as they are stored.
    pub(super) fn with(&self, engine_id: &str, definition: Option<Value>) -> Value {
        let mut definitions: Map<String, Value> =
            self.by_id.read().iter().map(|(id, engine)| (id.clone(), engine.definition.clone())).collect();
        match definition {
            Some(definition) => definitions.insert(engine_id.to_owned(), definition),
            None => definitions.remove(engine_id),
        };
        Value::Object(definitions)
    }

    /// Takes over definitions that are stored now.
    pub(super) fn replace(&self, definitions: &Value) {
        let Some(definitions) = definitions.as_object() else { return };
        let mut by_id = self.by_id.write();
        by_id.retain(|id, _| definitions.contains_key(id));
        for (id, definition) in definitions {
            match by_id.get_mut(id) {
                Some(engine) => engine.definition = definition.clone(),
                None => {
                    let engine = Engine { definition: definition.clone(), versions: Vec::new(), model: None };
                    by_id.insert(id.clone(), engine);
                }
            }
        }
    }

    /// Puts a new model in use, stored as a version of its engine; gives the list of versions to be stored.
    /// `None` where the engine was removed meanwhile.
    pub(super) fn put_model(
        &self,
        engine_id: &str,
        mut version: Map<String, Value>,
        model: Model,
        epoch: Uuid,
    ) -> std::io::Result<Option<Value>> {
        let name = Uuid::now_v7().to_string();
        save(&self.folder, &name, &model, epoch)?;
        version.insert("version".to_owned(), json!(name));
        version.insert("in_use".to_owned(), json!(true));
        let mut by_id = self.by_id.write();
        let Some(engine) = by_id.get_mut(engine_id) else {
            let _ = std::fs::remove_file(file(&self.folder, &name));
            return Ok(None);
        };
        for earlier in &mut engine.versions {
            earlier["in_use"] = json!(false);
        }
        engine.versions.insert(0, Value::Object(version));
        for forgotten in engine.versions.drain(limits::MODEL_VERSIONS_MAX.min(engine.versions.len())..) {
            if let Some(name) = forgotten["version"].as_str() {
                let _ = std::fs::remove_file(file(&self.folder, name));
            }
        }
        engine.model = Some(Arc::new(model));
        Ok(Some(Value::Array(engine.versions.clone())))
    }
}

fn default_definition() -> Value {
    json!({
        "engine_id": DEFAULT,
        "kind": "recommendation",
        "optimize_for": ["product_detail_page_view", "add_to_cart", "checkout"],
        "weight_by": null,
        "schedule": null,
    })
}

fn in_use(versions: &[Value]) -> Option<&str> {
    versions.iter().find(|version| version["in_use"] == json!(true))?["version"].as_str()
}

fn file(folder: &Path, version: &str) -> PathBuf {
    folder.join(format!("{version}.model"))
}

/// The epoch of the row numbers, then the model.
fn save(folder: &Path, version: &str, model: &Model, epoch: Uuid) -> std::io::Result<()> {
    let path = file(folder, version);
    let mut out = BufWriter::new(File::create(&path)?);
    out.write_all(epoch.as_bytes())?;
    model.save(&mut out)?;
    out.flush()?;
    out.get_ref().sync_data()
}

fn load(folder: &Path, version: &str, epoch: Uuid) -> Option<Model> {
    let path = file(folder, version);
    let mut input = BufReader::new(File::open(&path).ok()?);
    let mut written = [0; 16];
    input.read_exact(&mut written).ok()?;
    if written != *epoch.as_bytes() {
        info!(version, "the model speaks of an earlier numbering of the products; it is trained again");
        return None;
    }
    Model::load(&mut input)
        .inspect_err(|fault| warn!(path = %path.display(), %fault, "the model is left out; it is trained again"))
        .ok()
}
