//! The dashboard's side of the server: sign-in, its own reading calls, its files. All of it lies under `/dojo/`.
//!
//! A person signs in with a name and a password and holds a cookie; [`routes`] says which role each call needs, and
//! [`access`] what it must bring. What the public API can do, the dashboard does through it: [`api::relay`] hands such calls to the
//! same router with the environment's key, which never leaves the server. What only people look at is in [`api`].

mod access;
mod accounts;
mod api;
mod files;
mod importing;
mod looks;
mod password;
mod role;
mod routes;
mod sessions;
mod sign_in;
mod trouble;

use std::sync::Arc;

use axum::Router;

use record::Time;

use crate::backups::Backups;
use crate::environment::now;
use crate::environments::Environments;
use crate::{Environment, EnvironmentName, Settings};
use accounts::Accounts;
use api::catalogue::TitleOrders;
use looks::Looks;
pub use routes::dojo_served;
use sessions::Sessions;
use sign_in::Attempts;

/// What the dashboard's calls need.
pub(crate) struct Dojo {
    settings: Settings,
    environments: Arc<Environments>,
    backups: Backups,
    /// When the process began to serve.
    since: Time,
    accounts: Accounts,
    sessions: Sessions,
    attempts: Attempts,
    title_orders: Arc<TitleOrders>,
    looks: Looks,
    /// The public API, as a client finds it.
    api: Router,
}

impl Dojo {
    /// Reads the accounts, or makes the first; then the second value is its password, to be shown this once.
    pub(crate) fn open(settings: &Settings, environments: Arc<Environments>) -> Result<(Dojo, Option<String>), String> {
        let given = Some(settings.admin_password.as_str()).filter(|text| !text.is_empty());
        let (accounts, first) = Accounts::open(&settings.data, given, settings.first_account)?;
        // Nothing needs its text any more.
        let settings = Settings { admin_password: String::new(), ..settings.clone() };
        let dojo = Dojo {
            backups: Backups::new(&settings, environments.clone()),
            since: now(),
            settings,
            environments,
            accounts,
            sessions: Sessions::default(),
            attempts: Attempts::default(),
            title_orders: Arc::default(),
            looks: Looks::default(),
            api: Router::new(),
        };
        Ok((dojo, first))
    }

    fn environment(&self, name: EnvironmentName) -> Arc<Environment> {
        self.environments.get(name)
    }
}

/// Everything under `/dojo/`. `api` answers the public API.
pub(crate) fn router(dojo: Dojo, api: Router) -> Router {
    let dojo = Arc::new(Dojo { api, ..dojo });
    importing::resume(&dojo);
    routes::router(&dojo)
}
