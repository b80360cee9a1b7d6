//! `/v1/engines/…`: the trainings of an engine and the versions that come of them.

use axum::extract::FromRequestParts;
use axum::extract::Path;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::auth::Caller;
use super::body::{self, Id, Whole};
use super::engines::unknown;
use super::errors::Failure;
use super::wire;
use crate::environment::{Version, VersionState};

/// What may be said to a training or an activation.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Wish {
    /// Use the version however it does.
    force: bool,
}

/// The two ids of a version's path, percent-decoded.
pub(super) struct VersionPath {
    engine_id: String,
    version: String,
}

impl<S: Send + Sync> FromRequestParts<S> for VersionPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<VersionPath, Failure> {
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((engine_id, version)) = path.map_err(|_| Failure::NotFound)?;
        Ok(VersionPath { engine_id, version })
    }
}

/// `POST /v1/engines/{engine_id}/train`: a training in the background, or the one that is under way.
pub(super) async fn train(caller: Caller, Id(engine_id): Id, Whole(body): Whole) -> Result<Response, Failure> {
    if caller.environment.engine(&engine_id).is_none() {
        return Err(unknown(&caller, &engine_id));
    }
    let Wish { force } = body::parse(&body)?;
    let status = caller.environment.train(&engine_id, force).await.ok_or_else(|| unknown(&caller, &engine_id))?;
    Ok(wire::success(&json!({"task_id": status.task_id, "state": status.state})))
}

/// `GET /v1/engines/_status/{task_id}`.
pub(super) async fn status(caller: Caller, Id(task_id): Id) -> Result<Response, Failure> {
    let status = caller.environment.training(&task_id).ok_or(Failure::NotFound)?;
    Ok(wire::success(&status))
}

/// `POST /v1/engines/_cancel/{task_id}`.
pub(super) async fn cancel(caller: Caller, Id(task_id): Id) -> Result<Response, Failure> {
    let (status, cancelled) = caller.environment.cancel_training(&task_id).await.ok_or(Failure::NotFound)?;
    if !cancelled {
        let state = json!(status.state);
        let state = if status.state.is_over() { state.as_str().unwrap_or_default() } else { "all but done" };
        return Err(Failure::Conflict(format!("the training is {state}; there is nothing to cancel")));
    }
    Ok(wire::success(&status))
}

/// `GET /v1/engines/{engine_id}/versions`.
pub(super) async fn versions(caller: Caller, Id(engine_id): Id) -> Result<Response, Failure> {
    let versions = caller.environment.versions(&engine_id).ok_or_else(|| unknown(&caller, &engine_id))?;
    let training = caller.environment.last_training(&engine_id);
    Ok(wire::success(&json!({"versions": versions, "training": training})))
}

/// `POST /v1/engines/{engine_id}/versions/{version}/activate`: rolls back, or uses what was kept out.
pub(super) async fn activate(caller: Caller, path: VersionPath, Whole(body): Whole) -> Result<Response, Failure> {
    let version = find(&caller, &path)?;
    let Wish { force } = body::parse(&body)?;
    if version.state == VersionState::KeptOut && !force {
        let why = version.reason.unwrap_or_default();
        return Err(Failure::Conflict(format!(
            "the version was kept out: {why} Send {{\"force\": true}} to use it nevertheless"
        )));
    }
    if !version.in_use && !caller.environment.activate_version(&path.engine_id, &path.version).await? {
        return Err(Failure::Conflict(
            "the model of this version cannot be used any more: its file is gone or damaged, or a backup was restored since. Train again"
                .to_owned(),
        ));
    }
    Ok(wire::success(&find(&caller, &path)?))
}

/// `DELETE /v1/engines/{engine_id}/versions/{version}`.
pub(super) async fn delete_version(caller: Caller, path: VersionPath) -> Result<Response, Failure> {
    let in_use = || {
        Failure::Conflict("this version is in use; put another one in use first, or train the engine anew".to_owned())
    };
    if find(&caller, &path)?.in_use {
        return Err(in_use());
    }
    if !caller.environment.delete_version(&path.engine_id, &path.version).await? {
        // Put in use, or deleted, by another call in the meantime.
        return Err(if find(&caller, &path)?.in_use { in_use() } else { Failure::Stopping });
    }
    Ok(wire::accepted())
}

fn find(caller: &Caller, path: &VersionPath) -> Result<Version, Failure> {
    let versions = caller.environment.versions(&path.engine_id).ok_or_else(|| unknown(caller, &path.engine_id))?;
    let known: Vec<String> = versions.iter().map(|version| version.version.clone()).collect();
    versions.into_iter().find(|version| version.version == path.version).ok_or_else(|| {
        let known = if known.is_empty() {
            "it has none yet".to_owned()
        } else {
            format!("its versions are: {}", known.join(", "))
        };
        Failure::Missing(format!("the engine `{}` has no version `{}`; {known}", path.engine_id, path.version))
    })
}
