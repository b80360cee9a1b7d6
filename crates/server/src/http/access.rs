//! What is noted of every request: an id, a line in the log, two metrics. Never the query (it may hold the key) or a body.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{debug, info};
use uuid::Uuid;

use crate::limits::REQUEST_ID_CHARS_MAX;

/// Gives the request its id, and notes how it went.
pub(super) async fn access(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let request_id = taken_over(&request).unwrap_or_else(fresh);

    let mut response = next.run(request).await;

    let took = began.elapsed();
    let status = response.status().as_u16();
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
    metrics::counter!("tamari_http_requests_total", &labels).increment(1);
    metrics::histogram!("tamari_http_request_duration_seconds", &labels[..2]).record(took.as_secs_f64());

    let took_ms = took.as_secs_f64() * 1_000.0;
    let id = request_id.to_str().unwrap_or_default();
    if status >= 400 {
        info!(method, route, status, took_ms, request.id = id, "answered");
    } else {
        debug!(method, route, status, took_ms, request.id = id, "answered");
    }
    response.headers_mut().insert("x-request-id", request_id);
    response
}

/// The caller's own id, where it is short and plain.
fn taken_over(request: &Request) -> Option<HeaderValue> {
    let given = request.headers().get("x-request-id")?;
    let text = given.to_str().ok()?;
    let plain = (1..=REQUEST_ID_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then(|| given.clone())
}

fn fresh() -> HeaderValue {
    HeaderValue::from_str(&Uuid::now_v7().to_string()).expect("a UUID is plain ASCII")
}

/// The method's name; any invented one is `other`, so that callers cannot make metrics without end.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
