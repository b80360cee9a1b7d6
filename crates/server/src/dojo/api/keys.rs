//! The environment's keys: masked, shown on demand, replaced.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::{Extension, Json};
use rand::RngExt;
use rand::distr::Alphanumeric;
use record::Time;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Key, KeyKind};
use tracing::info;

use crate::dojo::Dojo;
use crate::dojo::access::Who;
use crate::dojo::role::Role;
use crate::dojo::trouble::Trouble;
use crate::environment::now;
use crate::{EnvironmentName, limits};

/// Characters of a key that are shown on either side of the mask.
const SHOWN_CHARS: usize = 4;

#[derive(Deserialize)]
pub(crate) struct Which {
    kind: KeyKind,
}

#[derive(Deserialize)]
pub(crate) struct Rotation {
    kind: KeyKind,
    #[serde(default)]
    grace_hours: u32,
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
    let former = dojo.environment(environment).former_keys(now());
    let former =
        former.iter().map(|key| json!({"kind": key.kind, "masked": ends(&key.text), "until_ms": key.until_ms}));
    let former: Vec<Value> = former.collect();
    let shown = if who.role < Role::Editor { ends(&publishable) } else { Some(publishable) };
    Ok(Json(json!({"secret_masked": ends(&secret), "publishable": shown, "former": former})))
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

/// `POST /dojo/api/{environment}/keys/_rotate {"kind","grace_hours"}`: a new key; the one before it works for so many hours
/// yet, or is revoked at once with 0.
pub(crate) async fn rotate(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Json(Rotation { kind, grace_hours }): Json<Rotation>,
) -> Result<Json<Value>, Trouble> {
    if grace_hours > limits::KEY_GRACE_HOURS_MAX {
        return Err(Trouble::Invalid(format!(
            "grace_hours is invalid. A replaced key works for {} hours at most.",
            limits::KEY_GRACE_HOURS_MAX
        )));
    }
    let fresh: String = rand::rng().sample_iter(Alphanumeric).take(limits::KEY_CHARS).map(char::from).collect();
    let now = now();
    let until = (grace_hours > 0).then(|| Time(now.0 + i64::from(grace_hours) * 3_600 * Time::SECOND_MS));
    dojo.environment(environment).replace_key(Key { kind, text: fresh.clone() }, now, until).await?;
    info!(environment = environment.name(), ?kind, grace_hours, "a key was replaced in the Dojo");
    Ok(Json(json!({"text": fresh})))
}

/// `POST /dojo/api/{environment}/keys/_revoke {"kind"}`: the replaced keys of this kind stop working at once.
pub(crate) async fn revoke(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Json(Which { kind }): Json<Which>,
) -> Result<Json<Value>, Trouble> {
    dojo.environment(environment).revoke_former_keys(kind, now()).await?;
    info!(environment = environment.name(), ?kind, "replaced keys were revoked in the Dojo");
    Ok(Json(json!({"revoked": true})))
}

fn text(dojo: &Dojo, environment: EnvironmentName, kind: KeyKind) -> Result<String, Trouble> {
    let keys = dojo.environment(environment).keys();
    keys.iter().find(|key| key.kind == kind).map(|key| key.text.clone()).ok_or(Trouble::NotFound)
}
