//! Who may sign in. Whoever is changed is signed out; a password that the server makes up is shown once.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::info;

use crate::dojo::Dojo;
use crate::dojo::access::Who;
use crate::dojo::accounts::Refusal;
use crate::dojo::password;
use crate::dojo::role::Role;
use crate::dojo::trouble::{Trouble, apart};

#[derive(Deserialize)]
pub(crate) struct Added {
    name: String,
    role: Role,
    /// Made up where it is left out.
    password: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Changed {
    role: Option<Role>,
    password: Option<String>,
    /// Makes up another password.
    #[serde(default)]
    new_password: bool,
}

/// `GET /dojo/api/accounts`.
pub(crate) async fn list(State(dojo): State<Arc<Dojo>>) -> Json<Value> {
    let accounts = dojo.accounts.list();
    let told = accounts.iter().map(|(name, role)| json!({"name": name, "role": role}));
    Json(json!({"accounts": told.collect::<Vec<_>>()}))
}

/// `POST /dojo/api/accounts {"name","role","password"?}`; answers the password where it was made up.
pub(crate) async fn add(State(dojo): State<Arc<Dojo>>, Json(added): Json<Added>) -> Result<Response, Trouble> {
    let made_up = added.password.is_none().then(password::made_up);
    let text = added.password.or_else(|| made_up.clone()).unwrap_or_default();
    let role = added.role;
    apart(move || dojo.accounts.add(&added.name, added.role, &text)).await??;
    info!(?role, "an account of the Dojo was added");
    Ok((StatusCode::CREATED, Json(json!({"password": made_up}))).into_response())
}

/// `PUT /dojo/api/accounts/{name} {"role"?,"password"?,"new_password"?}`.
pub(crate) async fn change(
    State(dojo): State<Arc<Dojo>>,
    Extension(who): Extension<Who>,
    Path(name): Path<String>,
    Json(changed): Json<Changed>,
) -> Result<Json<Value>, Trouble> {
    if name == who.name {
        return Err(Trouble::Invalid(
            "this is your own account; change your password below, and let another administrator change your role"
                .to_owned(),
        ));
    }
    let made_up = changed.new_password.then(password::made_up);
    let text = changed.password.or_else(|| made_up.clone());
    let (own, of) = (dojo.clone(), name.clone());
    apart(move || {
        if let Some(role) = changed.role {
            own.accounts.set_role(&of, role)?;
        }
        if let Some(text) = text {
            own.accounts.set_password(&of, &text)?;
        }
        Ok::<(), Refusal>(())
    })
    .await??;
    dojo.sessions.end_of(&name, None);
    info!("an account of the Dojo was changed");
    Ok(Json(json!({"password": made_up})))
}

/// `DELETE /dojo/api/accounts/{name}`.
pub(crate) async fn remove(
    State(dojo): State<Arc<Dojo>>,
    Extension(who): Extension<Who>,
    Path(name): Path<String>,
) -> Result<StatusCode, Trouble> {
    if name == who.name {
        return Err(Trouble::Invalid("this is your own account; let another administrator remove it".to_owned()));
    }
    let (own, of) = (dojo.clone(), name.clone());
    apart(move || own.accounts.remove(&of)).await??;
    dojo.sessions.end_of(&name, None);
    info!("an account of the Dojo was removed");
    Ok(StatusCode::NO_CONTENT)
}
