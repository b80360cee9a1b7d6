//! Records as people change them: a record with its version, a change that notices another person's, and the wiping of a data set.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use import::Kind;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tracing::{info, warn};

use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};
use crate::{Environment, EnvironmentName};

/// Products or users that are deleted by one command of a wipe.
const WIPE_PIECE: usize = 5_000;

#[derive(Deserialize)]
pub(crate) struct Id {
    id: String,
}

#[derive(Deserialize)]
pub(crate) struct Changed {
    record: Value,
    /// The version that was changed; `null` for a record that is new.
    version: Option<String>,
}

fn stored(environment: &Environment, set: Kind, id: &str) -> Result<Option<String>, Trouble> {
    Ok(match set {
        Kind::Products => environment.product(id)?,
        Kind::Users => environment.user(id)?,
        Kind::Interactions => return Err(Trouble::NotFound),
    })
}

/// Names what a record holds: another content, another version.
fn version(body: &str) -> String {
    hex::encode(&Sha256::digest(body.as_bytes())[..12])
}

fn set_of(name: &str) -> Result<Kind, Trouble> {
    Kind::from_name(name).filter(|kind| *kind != Kind::Interactions).ok_or(Trouble::NotFound)
}

/// `GET …/records/{set}?id=`: a product or a user, with its version.
pub(crate) async fn read(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, set)): Path<(EnvironmentName, String)>,
    Query(Id { id }): Query<Id>,
) -> Result<Json<Value>, Trouble> {
    let set = set_of(&set)?;
    let environment = dojo.environment(name).clone();
    let body = apart(move || stored(&environment, set, &id)).await??.ok_or(Trouble::NotFound)?;
    let record: Value = serde_json::from_str(&body).unwrap_or_default();
    Ok(Json(json!({"record": record, "version": version(&body)})))
}

/// `PUT …/records/{set} {"record","version"}`: replaces a record whole. 409 where it is not that version any more.
pub(crate) async fn change(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, set)): Path<(EnvironmentName, String)>,
    Json(Changed { record, version: base }): Json<Changed>,
) -> Result<Json<Value>, Trouble> {
    let set = set_of(&set)?;
    writable(name)?;
    let environment = dojo.environment(name).clone();
    let body = json!({"data": [record]}).to_string();
    let id = record[set.required()].as_str().unwrap_or_default().to_owned();
    let own = environment.clone();
    let before = apart(move || stored(&own, set, &id)).await??;
    if before.as_deref().map(version) != base {
        let why = match before {
            Some(_) => "somebody else changed this record meanwhile; load it again, then make your change",
            None => "this record was deleted meanwhile; nothing was saved",
        };
        return Err(Trouble::Answer(StatusCode::CONFLICT, why.to_owned()));
    }
    let task = Environment::new_task_id();
    let refused = |refusals: record::Refusals| Trouble::Refused(refusals.lines());
    match set {
        Kind::Products => {
            let products = record::parse_products(body.as_bytes()).map_err(refused)?;
            environment.put_products(task, products).await?;
        }
        _ => {
            let users = record::parse_users(body.as_bytes()).map_err(refused)?;
            environment.put_users(task, users).await?;
        }
    }
    let id = record[set.required()].as_str().unwrap_or_default().to_owned();
    let after = apart(move || stored(&environment, set, &id)).await??.unwrap_or_default();
    Ok(Json(json!({"record": serde_json::from_str::<Value>(&after).unwrap_or_default(), "version": version(&after)})))
}

fn writable(name: EnvironmentName) -> Result<(), Trouble> {
    match name {
        EnvironmentName::Playground => {
            Err(Trouble::Invalid("the playground is read-only; it always shows the sample shop".to_owned()))
        }
        _ => Ok(()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scope {
    Products,
    Users,
    Interactions,
    Everything,
}

#[derive(Deserialize)]
pub(crate) struct Wiped {
    scope: Scope,
    /// `wipe products of production`, as a person typed it.
    confirm: String,
}

/// `POST …/wipe {"scope","confirm"}`: empties a data set, or all of them with the trained models. Keys, engines and settings
/// stay. People's data is erased for good, from every file.
pub(crate) async fn wipe(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    Json(Wiped { scope, confirm }): Json<Wiped>,
) -> Result<Json<Value>, Trouble> {
    writable(name)?;
    let what = match scope {
        Scope::Products => "products",
        Scope::Users => "users",
        Scope::Interactions => "interactions",
        Scope::Everything => "everything",
    };
    let wanted = format!("wipe {what} of {}", name.name());
    if confirm.trim() != wanted {
        return Err(Trouble::Invalid(format!("nothing was wiped: type `{wanted}` to confirm")));
    }
    let environment = dojo.environment(name).clone();
    warn!(environment = name.name(), scope = what, "a data set is wiped");
    let (mut products, mut users, mut interactions) = (0, 0, 0);
    let has = |one: Scope| scope == one || scope == Scope::Everything;
    if has(Scope::Interactions) {
        interactions = environment.wipe_interactions().await?;
    }
    if has(Scope::Users) {
        let own = environment.clone();
        for ids in apart(move || own.user_ids()).await??.chunks(WIPE_PIECE) {
            users += environment.delete_users(Environment::new_task_id(), ids.to_vec()).await?.count;
        }
    }
    if has(Scope::Products) {
        let own = environment.clone();
        for ids in apart(move || own.product_ids(None)).await??.chunks(WIPE_PIECE) {
            products += environment.delete_products(Environment::new_task_id(), ids.to_vec()).await?.count;
        }
    }
    if scope == Scope::Everything {
        environment.forget_models().await?;
        environment.uploads().clear();
    }
    info!(environment = name.name(), scope = what, products, users, interactions, "wiped");
    Ok(Json(json!({"products": products, "users": users, "interactions": interactions})))
}
