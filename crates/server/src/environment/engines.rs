//! The engines of an environment: definitions, model versions, and the model in use.
//!
//! Whatever changes them runs on the writer's thread: first the list in the store, then what answers see. A model's file
//! is there before the list that names it, and goes after it; so whatever a crash interrupts, the list names files that
//! are there, and a file that no list names is removed at the next start.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use recommend::Model;
use serde_json::{Map, Value, json};
use store::{Fault, Reader, Store};
use tracing::{info, warn};
use uuid::Uuid;

use super::versions::{self, Version};
use crate::engine_definition::EngineDefinition;

/// The engine that is there from the start and cannot be removed.
pub(super) const DEFAULT: &str = "default";
/// The setting that holds every definition by its id.
const SETTING: &str = "engines";
const MODEL: &str = "model";
/// The extension of a model that is being written.
const UNFINISHED: &str = "unfinished";

/// The setting that holds the list of an engine's model versions.
fn versions_setting(engine_id: &str) -> String {
    format!("versions.{engine_id}")
}

/// Definitions, versions and models by engine. Models are swapped whole: an answer uses the one it began with.
pub(super) struct Engines {
    folder: PathBuf,
    by_id: RwLock<BTreeMap<String, Engine>>,
}

struct Engine {
    definition: EngineDefinition,
    /// Newest first.
    versions: Vec<Version>,
    model: Option<Arc<Model>>,
}

impl Engine {
    fn new(definition: EngineDefinition) -> Engine {
        Engine { definition, versions: Vec::new(), model: None }
    }
}

impl Engines {
    /// Reads the definitions and the models in use. A model of another epoch speaks of other row numbers and is left out.
    pub(super) fn open(folder: &Path, reader: &Reader, epoch: Uuid) -> Result<Engines, Fault> {
        let folder = folder.join("models");
        std::fs::create_dir_all(&folder).map_err(|source| Fault::Io { path: folder.clone(), source })?;
        let mut by_id = BTreeMap::from([(DEFAULT.to_owned(), Engine::new(EngineDefinition::default_of(DEFAULT)))]);
        for (engine_id, stored) in reader.setting(SETTING)?.as_ref().and_then(Value::as_object).into_iter().flatten() {
            let definition = serde_json::from_value(stored.clone()).unwrap_or_else(|error| {
                warn!(engine_id, %error, "the stored definition cannot be read; the engine goes on as `default` does");
                EngineDefinition::default_of(engine_id)
            });
            by_id.insert(engine_id.clone(), Engine::new(definition));
        }
        for (engine_id, engine) in &mut by_id {
            engine.versions = versions::read(reader.setting(&versions_setting(engine_id))?);
            let in_use = engine.versions.iter().find(|version| version.in_use);
            engine.model = in_use.and_then(|version| load(&folder, &version.version, epoch)).map(Arc::new);
        }
        remove_strangers(&folder, &by_id);
        Ok(Engines { folder, by_id: RwLock::new(by_id) })
    }

    /// Engines that had a version in use whose model cannot be used any more.
    pub(super) fn lost_models(&self) -> Vec<String> {
        let by_id = self.by_id.read();
        let lost =
            by_id.iter().filter(|(_, engine)| engine.model.is_none() && engine.versions.iter().any(|one| one.in_use));
        lost.map(|(id, _)| id.clone()).collect()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.by_id.read().keys().cloned().collect()
    }

    pub(super) fn definition(&self, engine_id: &str) -> Option<EngineDefinition> {
        Some(self.by_id.read().get(engine_id)?.definition.clone())
    }

    pub(super) fn versions(&self, engine_id: &str) -> Option<Vec<Version>> {
        Some(self.by_id.read().get(engine_id)?.versions.clone())
    }

    /// The name of the version in use; `None` before the first training, and where there is no such engine.
    pub(super) fn version_in_use(&self, engine_id: &str) -> Option<String> {
        let by_id = self.by_id.read();
        by_id.get(engine_id)?.versions.iter().find(|version| version.in_use).map(|version| version.version.clone())
    }

    /// The model in use: the outer `None` says that there is no such engine, the inner one that it was not trained yet.
    pub(super) fn model(&self, engine_id: &str) -> Option<Option<Arc<Model>>> {
        Some(self.by_id.read().get(engine_id)?.model.clone())
    }

    /// Stores a definition, or removes the engine with its versions and models (`None`). On the writer's thread.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then nothing has changed.
    pub(super) fn set(
        &self,
        store: &mut Store,
        engine_id: &str,
        definition: Option<EngineDefinition>,
    ) -> Result<(), Fault> {
        if definition.is_none() {
            // First, so that an engine of the same name that is created later begins anew whatever happens in between.
            store.set(&versions_setting(engine_id), None)?;
        }
        let mut definitions: Map<String, Value> =
            self.by_id.read().iter().map(|(id, engine)| (id.clone(), json!(engine.definition))).collect();
        match &definition {
            Some(definition) => definitions.insert(engine_id.to_owned(), json!(definition)),
            None => definitions.remove(engine_id),
        };
        store.set(SETTING, Some(&Value::Object(definitions)))?;
        let mut by_id = self.by_id.write();
        let Some(definition) = definition else {
            let removed = by_id.remove(engine_id);
            drop(by_id);
            self.remove_files(removed.iter().flat_map(|engine| &engine.versions));
            return Ok(());
        };
        match by_id.get_mut(engine_id) {
            Some(engine) => engine.definition = definition,
            None => _ = by_id.insert(engine_id.to_owned(), Engine::new(definition)),
        }
        Ok(())
    }

    /// Adds a version whose model is saved, and swaps the model in where the version says that it is in use. On the writer's
    /// thread. False where the engine was removed meanwhile; then the model's file is removed, too.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then nothing has changed, and the file is removed.
    pub(super) fn add(
        &self,
        store: &mut Store,
        engine_id: &str,
        version: Version,
        model: Arc<Model>,
    ) -> Result<bool, Fault> {
        let name = version.version.clone();
        let used = version.in_use;
        let Some(earlier) = self.versions(engine_id) else {
            self.discard(&name);
            return Ok(false);
        };
        let list = versions::with(&earlier, version);
        let stored = self.put(store, engine_id, list, used.then_some(model));
        if stored.is_err() {
            self.discard(&name);
        }
        stored.map(|()| true)
    }

    /// Puts a version in use with its model, which [`Engines::load`] gave. On the writer's thread. False where there is no
    /// such version any more.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then nothing has changed.
    pub(super) fn activate(
        &self,
        store: &mut Store,
        engine_id: &str,
        version: &str,
        model: Arc<Model>,
    ) -> Result<bool, Fault> {
        let list = self.versions(engine_id).and_then(|earlier| versions::with_in_use(&earlier, version));
        list.map_or(Ok(false), |list| self.put(store, engine_id, list, Some(model)).map(|()| true))
    }

    /// Deletes a version that is not in use. On the writer's thread. False where it is in use, or there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then nothing has changed.
    pub(super) fn delete(&self, store: &mut Store, engine_id: &str, version: &str) -> Result<bool, Fault> {
        let Some(mut list) = self.versions(engine_id) else { return Ok(false) };
        let Some(at) = list.iter().position(|one| one.version == version && !one.in_use) else { return Ok(false) };
        list.remove(at);
        self.put(store, engine_id, list, None).map(|()| true)
    }

    /// Stores a list, puts it (and a model, where one comes in use) in force, and removes the files it no longer names.
    fn put(
        &self,
        store: &mut Store,
        engine_id: &str,
        list: Vec<Version>,
        model: Option<Arc<Model>>,
    ) -> Result<(), Fault> {
        store.set(&versions_setting(engine_id), Some(&json!(list)))?;
        let mut by_id = self.by_id.write();
        let Some(engine) = by_id.get_mut(engine_id) else { return Ok(()) };
        let earlier = std::mem::replace(&mut engine.versions, list);
        let kept: BTreeSet<String> = engine.versions.iter().map(|version| version.version.clone()).collect();
        if model.is_some() {
            engine.model = model;
        }
        drop(by_id);
        self.remove_files(earlier.iter().filter(|version| !kept.contains(&version.version)));
        Ok(())
    }

    /// Takes every model out of use, empties every list of versions, and removes the files. On the writer's thread.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then the engines before the one at which it came are emptied.
    pub(super) fn forget_models(&self, store: &mut Store) -> Result<(), Fault> {
        for engine_id in self.ids() {
            self.put(store, &engine_id, Vec::new(), None)?;
            if let Some(engine) = self.by_id.write().get_mut(&engine_id) {
                engine.model = None;
            }
        }
        Ok(())
    }

    /// Removes the file of a model that no list names.
    pub(super) fn discard(&self, version: &str) {
        let _ = std::fs::remove_file(self.file(version));
    }

    fn remove_files<'a>(&self, versions: impl Iterator<Item = &'a Version>) {
        for version in versions {
            self.discard(&version.version);
        }
    }

    fn file(&self, version: &str) -> PathBuf {
        file(&self.folder, version)
    }

    /// Writes a model's file whole or not at all, and gives its bytes. First the epoch of the row numbers, then the model.
    pub(super) fn save(&self, version: &str, model: &Model, epoch: Uuid) -> std::io::Result<u64> {
        let path = self.file(version);
        let unfinished = path.with_extension(UNFINISHED);
        let write = || {
            let mut out = BufWriter::new(File::create(&unfinished)?);
            out.write_all(epoch.as_bytes())?;
            model.save(&mut out)?;
            out.flush()?;
            out.get_ref().sync_data()?;
            let bytes = out.get_ref().metadata()?.len();
            std::fs::rename(&unfinished, &path)?;
            File::open(&self.folder)?.sync_all()?;
            Ok(bytes)
        };
        write().inspect_err(|_| _ = std::fs::remove_file(&unfinished))
    }

    /// Reads a version's model; `None` where its file is gone or damaged, or speaks of other row numbers.
    pub(super) fn load(&self, version: &str, epoch: Uuid) -> Option<Model> {
        load(&self.folder, version, epoch)
    }
}

fn file(folder: &Path, version: &str) -> PathBuf {
    folder.join(version).with_extension(MODEL)
}

/// Removes what a crash left behind: files that no list of versions names.
fn remove_strangers(folder: &Path, by_id: &BTreeMap<String, Engine>) {
    let named: BTreeSet<PathBuf> = by_id
        .values()
        .flat_map(|engine| engine.versions.iter().map(|version| file(folder, &version.version)))
        .collect();
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let ours = |path: &PathBuf| path.extension().is_some_and(|is| is == MODEL || is == UNFINISHED);
    for path in files.filter(|path| ours(path) && !named.contains(path)) {
        let _ = std::fs::remove_file(path);
    }
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
