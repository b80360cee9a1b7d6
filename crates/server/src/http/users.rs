//! `/v1/users…`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use record::parse_users;

use super::App;
use super::auth::Caller;
use super::body::{Id, Parameters, Whole};
use super::errors::Failure;
use super::threads::apart;
use super::upload::{self, Upload};
use super::wire;
use crate::Environment;

const SCOPE: &str = "users";

/// `POST /v1/users`: users' profiles come in, or replace those with their ids.
pub(super) async fn upload(
    State(app): State<Arc<App>>,
    caller: Caller,
    parameters: Parameters,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    let upload = Upload { scope: SCOPE, parse: parse_users, check: Environment::check_users };
    upload
        .serve(app, caller, parameters, body, |to, task_id, users| async move { to.put_users(task_id, users).await })
        .await
}

/// `GET /v1/users/_ids`.
pub(super) async fn ids(caller: Caller) -> Result<Response, Failure> {
    apart(move || Ok(upload::ids(&caller.environment.user_ids()?))).await?
}

/// `POST /v1/users/_delete`.
pub(super) async fn delete_many(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let ids = upload::ids_to_delete(&body, "user_ids")?;
    Ok(upload::deleted(&caller.environment.delete_users(Environment::new_task_id(), ids).await?))
}

/// `GET /v1/users/_status/{task_id}`.
pub(super) async fn status(State(app): State<Arc<App>>, caller: Caller, task_id: Id) -> Result<Response, Failure> {
    upload::status(&app, caller, SCOPE, task_id).await
}

/// `GET /v1/users/{user_id}`.
pub(super) async fn read(caller: Caller, Id(id): Id) -> Result<Response, Failure> {
    let record = apart(move || caller.environment.user(&id)).await??;
    record.map(wire::record).ok_or(Failure::NotFound)
}

/// `DELETE /v1/users/{user_id}`: erased for good.
pub(super) async fn delete_one(caller: Caller, Id(id): Id) -> Result<Response, Failure> {
    upload::deleted_one(&caller.environment.delete_users(Environment::new_task_id(), vec![id]).await?)
}
