//! How long interactions are kept.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::info;

use super::confirmed;
use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};
use crate::environment::{Retention, now};
use crate::limits::RETENTION_DAYS_MAX;

#[derive(Deserialize)]
pub(crate) struct Days {
    days: Option<u32>,
}

#[derive(Deserialize)]
pub(crate) struct Confirmation {
    confirm: String,
}

/// `GET /dojo/api/{environment}/retention`: what is set, and what the last run did.
pub(crate) async fn read(Shared(dojo): Shared<Arc<Dojo>>, Path(name): Path<EnvironmentName>) -> Json<Value> {
    Json(json!(dojo.environment(name).retention()))
}

/// `PUT /dojo/api/{environment}/retention {"days": 365}`: interactions older than so many days are removed for good, each
/// night; `null` keeps them for ever.
pub(crate) async fn set(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    Json(Days { days }): Json<Days>,
) -> Result<Json<Value>, Trouble> {
    not_the_sample_shop(name)?;
    check(days)?;
    let environment = dojo.environment(name);
    environment.set_retention(days).await?;
    info!(environment = name.name(), ?days, "the retention was set in the Dojo");
    Ok(Json(json!(environment.retention())))
}

/// `GET /dojo/api/{environment}/retention/preview?days=365`: what a run with so many days would remove now.
pub(crate) async fn preview(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    Query(Days { days }): Query<Days>,
) -> Result<Json<Value>, Trouble> {
    check(days)?;
    let days = days.ok_or_else(|| Trouble::Invalid("days is missing; give a number of days".to_owned()))?;
    let environment = dojo.environment(name);
    let cut = Retention::cut(days, now());
    let older = apart(move || environment.older_than(cut)).await?;
    Ok(Json(json!({
        "before_ms": cut.0, "interactions": older.interactions, "visitors": older.visitors,
        "of_interactions": older.of_interactions,
    })))
}

/// `POST /dojo/api/{environment}/retention/_run {"confirm": "production"}`: removes now what the set retention says.
pub(crate) async fn run(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    Json(Confirmation { confirm }): Json<Confirmation>,
) -> Result<Json<Value>, Trouble> {
    not_the_sample_shop(name)?;
    confirmed(name, &confirm)?;
    let environment = dojo.environment(name);
    let removed = apart(move || environment.forget_older(now())).await??;
    let removed = removed.ok_or_else(|| {
        Trouble::Invalid("nothing was removed: the retention is off, or a run is under way".to_owned())
    })?;
    Ok(Json(json!({"removed": removed})))
}

fn check(days: Option<u32>) -> Result<(), Trouble> {
    match days {
        Some(days) if !(1..=RETENTION_DAYS_MAX).contains(&days) => Err(Trouble::Invalid(format!(
            "days is invalid. Interactions are kept for 1 to {RETENTION_DAYS_MAX} days, or with null for ever."
        ))),
        _ => Ok(()),
    }
}

fn not_the_sample_shop(name: EnvironmentName) -> Result<(), Trouble> {
    if name == EnvironmentName::Playground {
        return Err(Trouble::Invalid("the playground is read-only; choose development or production".to_owned()));
    }
    Ok(())
}
