//! The envelopes of answers.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

#[derive(Serialize)]
struct Success<'a, T: Serialize + ?Sized> {
    message: &'static str,
    data: &'a T,
}

/// `{"message":"success","data":data}`.
pub(super) fn success<T: Serialize + ?Sized>(data: &T) -> Response {
    json(StatusCode::OK, &Success { message: "success", data })
}

/// `{"message":"success","data":record}` of a record that is JSON already.
pub(super) fn record(body: String) -> Response {
    match RawValue::from_string(body) {
        Ok(record) => success(&record),
        // Bodies in the store are written by ourselves; one that is no JSON means a damaged file.
        Err(_) => {
            json(StatusCode::INTERNAL_SERVER_ERROR, &json!({"message": "internal error; the server's log says more"}))
        }
    }
}

/// `{"message":"success"}`.
pub(super) fn accepted() -> Response {
    json(StatusCode::OK, &json!({"message": "success"}))
}

/// `{"message":"success","data":{"task_id":…}}`.
pub(super) fn task(task_id: &str) -> Response {
    success(&json!({"task_id": task_id}))
}

/// Any JSON.
pub(super) fn json<T: Serialize + ?Sized>(status: StatusCode, body: &T) -> Response {
    let text = serde_json::to_vec(body).unwrap_or_else(|_| b"{}".to_vec());
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The lines of a task's `data`: the contract says it is an array.
pub(super) fn lines(data: Value) -> Vec<Value> {
    match data {
        Value::Array(lines) => lines,
        Value::Null => Vec::new(),
        other => vec![other],
    }
}
