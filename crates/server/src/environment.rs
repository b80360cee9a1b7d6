//! One environment while it is served: its writer, its live view, its index and its models.

use std::sync::Arc;

use engine::View;
use record::{Interaction, Product, ProductPatch, Refusals, Time, User};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Fault, Key, Task};
use uuid::Uuid;

use crate::Settings;

/// The three environments of a data folder; they never see each other's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvironmentName {
    /// Sample data; the API writes nothing here.
    Playground,
    /// For trying things out.
    Development,
    /// The real thing.
    Production,
}

impl EnvironmentName {
    /// All three.
    pub const ALL: [EnvironmentName; 3] =
        [EnvironmentName::Playground, EnvironmentName::Development, EnvironmentName::Production];

    /// The name of its folder and in the API.
    pub fn name(self) -> &'static str {
        match self {
            EnvironmentName::Playground => "playground",
            EnvironmentName::Development => "development",
            EnvironmentName::Production => "production",
        }
    }
}

/// What an accepted upload or deletion did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The task that remembers it; empty for interactions.
    pub task_id: String,
    /// Records written, or deleted.
    pub count: usize,
    /// Of a deletion: ids that were not there.
    pub not_found: usize,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// 422: the records do not fit the data set.
    #[error("records refused")]
    Refused(Refusals),
    /// 503: the disk.
    #[error(transparent)]
    Fault(Arc<Fault>),
    /// 503: the process is stopping.
    #[error("the server is stopping; send it again")]
    Stopping,
}

/// A training, as `GET /v1/engines/_status/{task_id}` shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrainingStatus {
    /// `queued`, `running`, `done` or `failed`.
    pub state: &'static str,
    /// The share done.
    pub progress: f32,
    /// Why it failed.
    pub error: Option<String>,
    /// What was measured, once done.
    pub metrics: Option<Value>,
}

/// One environment while it is served.
pub struct Environment {}

impl Environment {
    /// Opens `folder` (creating what is missing), reads the snapshot and the tail of the log, and starts the threads.
    ///
    /// # Errors
    /// A [`Fault`] of the disk, or of a file that cannot be used.
    pub fn open(name: EnvironmentName, settings: &Settings) -> Result<Arc<Environment>, Fault> {
        todo!("{name:?} {settings:?}")
    }

    /// Which one.
    pub fn name(&self) -> EnvironmentName {
        todo!()
    }

    /// Stores products; returns when they are on disk and in the live view.
    ///
    /// # Errors
    /// [`WriteError`]; then nothing of the batch is stored.
    pub async fn put_products(&self, products: Vec<Product>) -> Result<Written, WriteError> {
        todo!("{}", products.len())
    }

    /// Changes fields of products. A product that does not exist refuses the whole batch. As [`Environment::put_products`].
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn patch_products(&self, patches: Vec<ProductPatch>) -> Result<Written, WriteError> {
        todo!("{}", patches.len())
    }

    /// Deletes products, those of the ids that exist.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn delete_products(&self, ids: Vec<String>) -> Result<Written, WriteError> {
        todo!("{ids:?}")
    }

    /// Stores users. As [`Environment::put_products`].
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn put_users(&self, users: Vec<User>) -> Result<Written, WriteError> {
        todo!("{}", users.len())
    }

    /// Deletes users' profiles for good, those of the ids that exist.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn delete_users(&self, ids: Vec<String>) -> Result<Written, WriteError> {
        todo!("{ids:?}")
    }

    /// Stores interactions, each with a timestamp and a person. One that is held already is stored no second time.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn add_interactions(&self, interactions: Vec<Interaction>) -> Result<Written, WriteError> {
        todo!("{}", interactions.len())
    }

    /// Erases the interactions of these users for good; when it returns, no file holds anything of them.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn erase_interactions(&self, user_ids: Vec<String>) -> Result<Written, WriteError> {
        todo!("{user_ids:?}")
    }

    /// The checks of [`Environment::put_products`] that need the data set, without writing (`dry_run`).
    pub fn check_products(&self, products: &[Product]) -> Result<(), Refusals> {
        todo!("{}", products.len())
    }

    /// As [`Environment::check_products`], for users.
    pub fn check_users(&self, users: &[User]) -> Result<(), Refusals> {
        todo!("{}", users.len())
    }

    /// A product's JSON.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product(&self, id: &str) -> Result<Option<String>, Fault> {
        todo!("{id}")
    }

    /// A user's JSON.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user(&self, id: &str) -> Result<Option<String>, Fault> {
        todo!("{id}")
    }

    /// The ids of all products, of one type where given.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product_ids(&self, kind: Option<&str>) -> Result<Vec<String>, Fault> {
        todo!("{kind:?}")
    }

    /// The ids of all users with a profile.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user_ids(&self) -> Result<Vec<String>, Fault> {
        todo!()
    }

    /// A task of products or users.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn task(&self, task_id: &str) -> Result<Option<Task>, Fault> {
        todo!("{task_id}")
    }

    /// The keys in force; read again when another process has changed them (looked at once a second).
    pub fn keys(&self) -> Arc<[Key]> {
        todo!()
    }

    /// Answers a question on the live view with the model of `engine_id` (`None`: `default`), and remembers
    /// the answer under `miso_id`. Blocking: call it on a thread that may wait.
    ///
    /// `None` where there is no such engine.
    pub fn answer<R>(&self, engine_id: Option<&str>, now: Time, ask: impl FnOnce(View<'_>) -> R) -> Option<R> {
        todo!("{engine_id:?} {now} {}", std::mem::size_of_val(&ask))
    }

    /// Remembers that `shown` was given under `miso_id`.
    pub fn remember(
        &self,
        miso_id: Uuid,
        api: &'static str,
        person: (Option<&str>, Option<&str>),
        shown: &[state::ProductRow],
        now: Time,
    ) {
        todo!("{miso_id} {api} {person:?} {shown:?} {now}")
    }

    /// The ids of the engines there are.
    pub fn engine_ids(&self) -> Vec<String> {
        todo!()
    }

    /// An engine's definition, as JSON (architecture: `{"engine_id","kind","optimize_for","weight_by","schedule"}`).
    pub fn engine(&self, engine_id: &str) -> Option<Value> {
        todo!("{engine_id}")
    }

    /// Creates or replaces an engine (valid already), or removes it with `None`.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn set_engine(&self, engine_id: &str, definition: Option<Value>) -> Result<(), WriteError> {
        todo!("{engine_id} {definition:?}")
    }

    /// Starts a training in the background and gives its task's id; `None` where there is no such engine.
    pub fn train(self: &Arc<Environment>, engine_id: &str) -> Option<String> {
        todo!("{engine_id}")
    }

    /// How a training stands.
    pub fn training(&self, task_id: &str) -> Option<TrainingStatus> {
        todo!("{task_id}")
    }

    /// The versions of an engine's model, newest first, as JSON.
    pub fn versions(&self, engine_id: &str) -> Option<Vec<Value>> {
        todo!("{engine_id}")
    }

    /// Bytes held by the live view.
    pub fn memory(&self) -> state::Memory {
        todo!()
    }

    /// Finishes what is queued, writes a snapshot and ends the threads.
    pub async fn stop(&self) {
        todo!()
    }
}
