//! What uploads of products and of users have in common: check, then write, or queue, or only say how it would go.

use std::future::Future;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use record::Refusals;
use serde::Deserialize;
use serde_json::{Value, json};
use tracing::warn;

use super::App;
use super::auth::Caller;
use super::body::{Id, Parameters};
use super::errors::Failure;
use super::threads::{apart, apart_if};
use super::wire;
use crate::limits::{DELETE_IDS_MAX, INLINE_BODY_BYTES_MAX};
use crate::{Environment, WriteError, Written};

/// Reads records of one kind from a body.
pub(super) type Parse<R> = fn(&[u8]) -> Result<Vec<R>, Refusals>;
/// The checks of such records that need the data set.
pub(super) type Check<R> = fn(&Environment, &[R]) -> Result<(), Refusals>;

/// One kind of upload.
pub(super) struct Upload<R> {
    /// The kind of records, as in the path and in tasks.
    pub(super) scope: &'static str,
    pub(super) parse: Parse<R>,
    pub(super) check: Check<R>,
}

impl<R: Send + 'static> Upload<R> {
    /// Serves one call.
    pub(super) async fn serve<F>(
        self,
        app: Arc<App>,
        caller: Caller,
        parameters: Parameters,
        body: Vec<u8>,
        write: impl FnOnce(Arc<Environment>, String, Vec<R>) -> F + Send + 'static,
    ) -> Result<Response, Failure>
    where
        F: Future<Output = Result<Written, WriteError>> + Send + 'static,
    {
        let Upload { scope, parse, check } = self;
        let environment = caller.environment;
        let name = environment.name();
        // The place is taken before the records are made, so that the bound on the queue bounds the memory, too.
        let place = if parameters.queue && !parameters.dry_run { Some(app.queued.place().await?) } else { None };
        // The writer checks against the data set again, within its order; here it is for the answer at once.
        let check_now = parameters.dry_run || parameters.queue;
        let data_set = environment.clone();
        let records = apart_if(check_now || body.len() > INLINE_BODY_BYTES_MAX, move || {
            let records = parse(&body)?;
            if check_now {
                check(&data_set, &records)?;
            }
            Ok(records)
        })
        .await?
        .map_err(Failure::Refused)?;

        let task_id = Environment::new_task_id();
        if parameters.dry_run {
            return Ok(wire::task(&task_id));
        }
        let writing = write(environment, task_id.clone(), records);
        match place {
            None => {
                writing.await?;
            }
            Some(place) => app.queued.spawn(name, task_id.clone(), place, async move {
                // The task tells the caller; the log tells the operator.
                if let Err(error) = writing.await {
                    warn!(environment = name.name(), scope, %error, "records sent with async=1 were not stored");
                }
            }),
        }
        Ok(wire::task(&task_id))
    }
}

/// `GET …/_status/{task_id}`: `{"took","errors","data":[…],"code"}`, as the contract has it.
pub(super) async fn status(
    app: &App,
    caller: Caller,
    scope: &'static str,
    Id(task_id): Id,
) -> Result<Response, Failure> {
    let environment = caller.environment;
    let told = |took_ms: u64, errors: bool, data: Vec<Value>, code: u16| {
        let body = json!({"took": took_ms, "errors": errors, "data": data, "code": code});
        Ok(wire::json(StatusCode::OK, &body))
    };
    if app.queued.waits(environment.name(), &task_id) {
        return told(0, false, Vec::new(), StatusCode::ACCEPTED.as_u16());
    }
    let task = apart(move || environment.task(&task_id)).await??;
    let task = task.filter(|task| task.scope == scope).ok_or(Failure::NotFound)?;
    told(task.took_ms, task.errors, wire::lines(task.data), task.code)
}

/// The answer of `_ids`.
pub(super) fn ids(ids: &[String]) -> Response {
    wire::success(&json!({"ids": ids}))
}

/// Reads the ids of `{"data":{"<field>":[…]}}`.
pub(super) fn ids_to_delete(body: &[u8], field: &str) -> Result<Vec<String>, Failure> {
    let body: Value = super::body::parse(body)?;
    text_list(&body["data"][field], &format!("data.{field}"))
}

/// A list of texts at `path`, within bounds.
pub(super) fn text_list(value: &Value, path: &str) -> Result<Vec<String>, Failure> {
    let ids = Vec::<String>::deserialize(value)
        .map_err(|_| Failure::Invalid(format!("{path} is invalid. It must be an array of strings.")))?;
    if ids.len() > DELETE_IDS_MAX {
        return Err(Failure::Invalid(format!(
            "{path} is invalid. It holds {} ids, at most {DELETE_IDS_MAX} are taken.",
            ids.len()
        )));
    }
    Ok(ids)
}

/// The answer of `_delete`.
pub(super) fn deleted(written: &Written) -> Response {
    wire::success(&json!({
        "task_id": written.task_id,
        "deleted": {"count": written.count},
        "not_found": {"count": written.not_found},
    }))
}

/// The answer of `DELETE …/{id}`.
pub(super) fn deleted_one(written: &Written) -> Result<Response, Failure> {
    if written.count == 0 { Err(Failure::NotFound) } else { Ok(wire::task(&written.task_id)) }
}
