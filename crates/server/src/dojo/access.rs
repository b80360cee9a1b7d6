//! What a call of the dashboard must bring: a session, and, where it writes, the proof that one of our own pages sent it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Dojo;
use super::sessions;
use super::trouble::Trouble;

/// The header that our own pages put on every call that writes. Another site's page cannot send it: the browser would
/// ask first, and `/dojo/` answers no such question.
const OWN_HEADER: &str = "x-dojo";

/// Answers of the dashboard hold a shop's data: no cache keeps them.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Lets calls that change something through only from our own pages.
pub(super) async fn own_pages_only(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response =
        if reads || is_own(request.headers()) { next.run(request).await } else { Trouble::Foreign.into_response() };
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// The header is there, and where the browser says which page sent the call, it is one of ours.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let origin_host = text("origin").map(|origin| origin.split_once("://").map_or(origin, |(_, host)| host));
    let from_host = origin_host.is_none_or(|origin| text("host") == Some(origin));
    let from_site = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    headers.contains_key(OWN_HEADER) && from_host && from_site
}

/// Lets calls of somebody who is signed in through.
pub(super) async fn signed_in(State(dojo): State<Arc<Dojo>>, request: Request, next: Next) -> Response {
    let token = sessions::token(request.headers());
    if token.is_some_and(|token| dojo.sessions.holds(&token, Instant::now())) {
        next.run(request).await
    } else {
        Trouble::SignedOut.into_response()
    }
}
