//! The environment's keys: masked, shown on demand, replaced.

use std::sync::Arc;

use axum::{Extension, Json};
use axum::extract::{Path, State as Shared};
use rand::RngExt;
use rand::distr::Alphanumeric;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Key, KeyKind};
use tracing::info;

use crate::dojo::Dojo;
use crate::dojo::access::Who;
use crate::dojo::role::Role;
use crate::dojo::trouble::Trouble;
use crate::{EnvironmentName, limits};

/// Characters of a key that are shown on either side of the mask.
const SHOWN_CHARS: usize = 4;

#[derive(Deserialize)]
pub(crate) struct Which {
    kind: KeyKind,
}

/// `GET /dojo/api/{environment}/keys`: the secret one masked; the publishable one too for a viewer, because with it
/// interactions can be sent.
pub(crate) async fn masked(
    Shared(dojo): Shared<Arc<Dojo>>,
    Extension(who): Extension<Who>,
    Path(environment): Path<EnvironmentName>,
) -> Result<Json<Value>, Trouble> {
    let secret = text(&dojo, environment, KeyKind::Secret)?;
    let publishable = text(&dojo, environment, KeyKind::Publishable)?;
    let ends = |key: &str| -> Option<String> {
        Some(format!("{}…{}", key.get(..SHOWN_CHARS)?, key.get(key.len().checked_sub(SHOWN_CHARS)?..)?))
    };
    let shown = if who.role < Role::Editor { ends(&publishable) } else { Some(publishable) };
    Ok(Json(json!({"secret_masked": ends(&secret), "publishable": shown})))
}

/// `POST /dojo/api/{environment}/keys/_reveal {"kind"}`.
pub(crate) async fn reveal(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Json(Which { kind }): Json<Which>,
) -> Result<Json<Value>, Trouble> {
    info!(environment = environment.name(), ?kind, "a key was shown in the Dojo");
    Ok(Json(json!({"text": text(&dojo, environment, kind)?})))
}

/// `POST /dojo/api/{environment}/keys/_rotate {"kind"}`: a new key; the one before it is revoked at once.
pub(crate) async fn rotate(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Json(Which { kind }): Json<Which>,
) -> Result<Json<Value>, Trouble> {
    let fresh: String = rand::rng().sample_iter(Alphanumeric).take(limits::KEY_CHARS).map(char::from).collect();
    dojo.environment(environment).set_key(Key { kind, text: fresh.clone() }).await?;
    info!(environment = environment.name(), ?kind, "a key was replaced in the Dojo");
    Ok(Json(json!({"text": fresh})))
}

fn text(dojo: &Dojo, environment: EnvironmentName, kind: KeyKind) -> Result<String, Trouble> {
    let keys = dojo.environment(environment).keys();
    keys.iter().find(|key| key.kind == kind).map(|key| key.text.clone()).ok_or(Trouble::NotFound)
}
