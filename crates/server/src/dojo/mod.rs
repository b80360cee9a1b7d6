//! The dashboard's side of the server: sign-in, its own reading calls, its files. All of it lies under `/dojo/`.
//!
//! A person signs in with the administrator's password and holds a cookie; [`access`] says what a call must bring beside
//! it. What the public API can do, the dashboard does through it: [`api::relay`] hands such calls to the same router with
//! the environment's key, which never leaves the server. What only people look at is in [`api`].

mod access;
mod api;
mod files;
mod importing;
mod password;
mod sessions;
mod sign_in;
mod trouble;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};

use crate::{Environment, EnvironmentName, Settings};
use password::Password;
use sessions::Sessions;
use sign_in::Attempts;

/// What the dashboard's calls need.
pub(crate) struct Dojo {
    settings: Settings,
    /// In the order of [`EnvironmentName::ALL`].
    environments: [Arc<Environment>; 3],
    password: Password,
    sessions: Sessions,
    attempts: Attempts,
    /// The public API, as a client finds it.
    api: Router,
}

impl Dojo {
    /// Reads the administrator's password, or makes one; then the second value is its text, to be shown this once.
    pub(crate) fn open(
        settings: &Settings,
        environments: [Arc<Environment>; 3],
    ) -> Result<(Dojo, Option<String>), String> {
        let given = Some(settings.admin_password.as_str()).filter(|text| !text.is_empty());
        let (password, first) = Password::open(&settings.data, given)?;
        // Nothing needs its text any more.
        let settings = Settings { admin_password: String::new(), ..settings.clone() };
        let dojo = Dojo {
            settings,
            environments,
            password,
            sessions: Sessions::default(),
            attempts: Attempts::default(),
            api: Router::new(),
        };
        Ok((dojo, first))
    }

    fn environment(&self, name: EnvironmentName) -> &Arc<Environment> {
        &self.environments[name as usize]
    }
}

/// Everything under `/dojo/`. `api` answers the public API.
pub(crate) fn router(dojo: Dojo, api: Router) -> Router {
    let dojo = Arc::new(Dojo { api, ..dojo });
    let signed_in = Router::new()
        .route("/dojo/api/server", get(api::server::about))
        .route("/dojo/api/password", post(sign_in::change_password))
        .route("/dojo/api/{environment}/overview", get(api::overview::overview))
        .route("/dojo/api/{environment}/live", get(api::live::live))
        .route("/dojo/api/{environment}/interactions", get(api::interactions::interactions))
        .route("/dojo/api/{environment}/people", get(api::people::people))
        .route("/dojo/api/{environment}/person", get(api::people::person))
        .route("/dojo/api/{environment}/quality", get(api::quality::quality))
        .route("/dojo/api/{environment}/keys", get(api::keys::masked))
        .route("/dojo/api/{environment}/keys/_reveal", post(api::keys::reveal))
        .route("/dojo/api/{environment}/keys/_rotate", post(api::keys::rotate))
        .route("/dojo/api/{environment}/v1/{*path}", any(api::relay::relay))
        .merge(api::uploads::routes())
        .merge(api::records::routes())
        .route_layer(from_fn_with_state(dojo.clone(), access::signed_in));
    importing::resume(&dojo);
    Router::new()
        .route("/dojo/api/session", get(sign_in::session).post(sign_in::sign_in).delete(sign_in::sign_out))
        .merge(signed_in)
        .route_layer(from_fn_with_state(dojo.clone(), access::own_pages_only))
        .route("/dojo", get(files::to_start))
        .route("/dojo/", get(files::start))
        .route("/dojo/{*path}", get(files::file))
        .with_state(dojo.clone())
}
