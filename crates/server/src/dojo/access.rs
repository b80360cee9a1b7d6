//! What a call of the dashboard must bring: a session whose role is enough, and, where it writes, the proof that one of our own
//! pages sent it.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Dojo;
use super::role::Role;
use super::sessions;
use super::trouble::Trouble;

/// The header that our own pages put on every call that writes. Another site's page cannot send it: the browser would
/// ask first, and `/dojo/` answers no such question.
const OWN_HEADER: &str = "x-dojo";

/// Answers of the dashboard hold a shop's data: no cache keeps them.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Who calls; every handler behind [`enough`] finds it among the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct Who {
    /// The account's name.
    pub(super) name: String,
    /// Its role at this moment.
    pub(super) role: Role,
}

/// What the guard of a route knows.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) dojo: Arc<Dojo>,
    pub(super) least: Role,
}

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

/// Lets calls of somebody through whose role is enough.
pub(super) async fn enough(State(guarded): State<Guarded>, mut request: Request, next: Next) -> Response {
    let Some(who) = who(&guarded.dojo, request.headers()) else { return Trouble::SignedOut.into_response() };
    if who.role < guarded.least {
        return Trouble::NotAllowed { role: who.role, least: guarded.least }.into_response();
    }
    request.extensions_mut().insert(who);
    next.run(request).await
}

/// Who is signed in. The role is looked up at each call, so that a change of it holds at once.
pub(super) fn who(dojo: &Dojo, headers: &HeaderMap) -> Option<Who> {
    let name = dojo.sessions.account(&sessions::token(headers)?, Instant::now())?;
    let role = dojo.accounts.role(&name)?;
    Some(Who { name, role })
}
