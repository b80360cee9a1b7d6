//! `/v1/search/…`.

use axum::response::Response;

use super::auth::Caller;
use super::body::Whole;
use super::errors::Failure;
use super::question::{Question, answer};

pub(super) const SEARCH: Question =
    Question::new("search/search", |api, caller, body| answer(api, caller, body, engine::search));
pub(super) const AUTOCOMPLETE: Question =
    Question::new("search/autocomplete", |api, caller, body| answer(api, caller, body, engine::autocomplete));
pub(super) const MULTIPLE_GET: Question =
    Question::new("search/mget", |api, caller, body| answer(api, caller, body, engine::mget));

/// `POST /v1/search/search`.
pub(super) async fn search(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    SEARCH.serve(caller, body).await
}

/// `POST /v1/search/autocomplete`.
pub(super) async fn autocomplete(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    AUTOCOMPLETE.serve(caller, body).await
}

/// `POST /v1/search/mget`.
pub(super) async fn mget(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    MULTIPLE_GET.serve(caller, body).await
}
