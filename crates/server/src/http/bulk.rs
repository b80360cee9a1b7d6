//! `POST /v1/bulk`: up to 100 questions in one call, answered in order, each as the single call would be.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::App;
use super::auth::Caller;
use super::body::{self, Whole};
use super::errors::Failure;
use super::question::{QUESTIONS, Question};
use super::threads::apart;
use super::wire;
use crate::limits::BULK_REQUESTS_MAX;

#[derive(Deserialize)]
struct Bulk {
    requests: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Part {
    api_name: String,
    body: Box<RawValue>,
}

/// `POST /v1/bulk`.
pub(super) async fn bulk(
    State(app): State<Arc<App>>,
    caller: Caller,
    Whole(bytes): Whole,
) -> Result<Response, Failure> {
    let Bulk { requests } = body::parse(&bytes)?;
    if !(1..=BULK_REQUESTS_MAX).contains(&requests.len()) {
        return Err(Failure::Invalid(format!(
            "requests is invalid. A bulk holds 1 to {BULK_REQUESTS_MAX} requests, this one {}.",
            requests.len()
        )));
    }
    app.limiter.charge(caller.slot(), requests.len() - 1);
    apart(move || {
        let parts: Vec<Value> = requests.iter().map(|request| answer(&caller, request)).collect();
        let errors = parts.iter().any(|part| part["error"] == true);
        wire::json(StatusCode::OK, &json!({"errors": errors, "data": parts}))
    })
    .await
}

fn answer(caller: &Caller, request: &RawValue) -> Value {
    let outcome = body::parse::<Part>(request.get().as_bytes())
        .and_then(|part| find(&part.api_name)?.ask(caller, part.body.get().as_bytes()));
    match outcome {
        Ok(data) => json!({"error": false, "status_code": 200, "body": Question::envelope(data)}),
        Err(failure) => {
            let (status, body) = failure.body();
            json!({"error": true, "status_code": status.as_u16(), "body": body})
        }
    }
}

/// The question of this `api_name`, which may have `v1/` before it.
fn find(api_name: &str) -> Result<Question, Failure> {
    let name = api_name.trim_start_matches('/');
    let name = name.strip_prefix("v1/").unwrap_or(name);
    let found = QUESTIONS.iter().find(|question| question.name == name).copied();
    found.ok_or_else(|| {
        let known: Vec<&str> = QUESTIONS.iter().map(|question| question.name).collect();
        Failure::Invalid(format!("api_name is invalid. It must be one of: {}.", known.join(", ")))
    })
}
