//! The calls of the API that were refused lately.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::limits::REFUSED_REMEMBERED_MAX;

/// `GET /dojo/api/{environment}/refused`: those of this environment's keys, and those without a known key, latest first. They are
/// remembered in memory: no longer than the process runs, and no longer than until the next erasure.
pub(crate) async fn list(Shared(dojo): Shared<Arc<Dojo>>, Path(environment): Path<EnvironmentName>) -> Json<Value> {
    Json(json!({
        "calls": dojo.environment(environment).refused(),
        "without_key": dojo.environments.strangers(),
        "remembered_max": REFUSED_REMEMBERED_MAX,
        "since_ms": dojo.since.0,
    }))
}

/// `DELETE /dojo/api/{environment}/refused`: forgets them.
pub(crate) async fn forget(Shared(dojo): Shared<Arc<Dojo>>, Path(environment): Path<EnvironmentName>) -> StatusCode {
    dojo.environment(environment).forget_refused();
    StatusCode::NO_CONTENT
}
