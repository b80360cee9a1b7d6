//! The one table of what is served: method, path, who may call, whether it writes, and the handler.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, delete, get, patch, post, put};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::SizeAbove;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::decompression::RequestDecompressionLayer;

use super::auth::Access::{self, AnyKey, Open, SecretKey};
use super::auth::Effect::{self, Reads, Writes};
use super::auth::{Guarded, guard};
use super::body::discard;
use super::errors::{self, Failure};
use super::{
    App, access, bulk, cors, docs, engines, experiments, health, interactions, products, qa, recommendation, reports,
    search, settings, trainings, users,
};

/// One line of the table.
pub(super) struct Route {
    method: Method,
    path: &'static str,
    pub(super) access: Access,
    pub(super) effect: Effect,
    handler: fn() -> MethodRouter<Arc<App>>,
}

impl Route {
    /// The method's name.
    pub(super) fn method(&self) -> &'static str {
        match self.method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            _ => "DELETE",
        }
    }

    /// Whether the handler reads the body; a body on any other route is accepted and ignored.
    pub(super) fn reads_body(&self) -> bool {
        let one_record = self.method == Method::DELETE && self.path.ends_with('}');
        self.method != Method::GET && !one_record && !self.path.starts_with("/v1/engines/_cancel/")
    }
}

const fn route(
    method: Method,
    path: &'static str,
    access: Access,
    effect: Effect,
    handler: fn() -> MethodRouter<Arc<App>>,
) -> Route {
    Route { method, path, access, effect, handler }
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route(Method::POST, "/v1/products", SecretKey, Writes, || post(products::upload)),
    route(Method::PATCH, "/v1/products", SecretKey, Writes, || patch(products::change)),
    route(Method::GET, "/v1/products/_ids", SecretKey, Reads, || get(products::ids)),
    route(Method::POST, "/v1/products/_delete", SecretKey, Writes, || post(products::delete_many)),
    route(Method::GET, "/v1/products/_status/{task_id}", SecretKey, Reads, || get(products::status)),
    route(Method::GET, "/v1/products/{product_id}", SecretKey, Reads, || get(products::read)),
    route(Method::DELETE, "/v1/products/{product_id}", SecretKey, Writes, || delete(products::delete_one)),

    route(Method::POST, "/v1/users", SecretKey, Writes, || post(users::upload)),
    route(Method::GET, "/v1/users/_ids", SecretKey, Reads, || get(users::ids)),
    route(Method::POST, "/v1/users/_delete", SecretKey, Writes, || post(users::delete_many)),
    route(Method::GET, "/v1/users/_status/{task_id}", SecretKey, Reads, || get(users::status)),
    route(Method::GET, "/v1/users/{user_id}", SecretKey, Reads, || get(users::read)),
    route(Method::DELETE, "/v1/users/{user_id}", SecretKey, Writes, || delete(users::delete_one)),

    route(Method::POST, "/v1/interactions", AnyKey, Writes, || post(interactions::upload)),
    route(Method::DELETE, "/v1/interactions", SecretKey, Writes, || delete(interactions::erase)),

    route(Method::POST, "/v1/search/search", AnyKey, Reads, || post(search::search)),
    route(Method::POST, "/v1/search/autocomplete", AnyKey, Reads, || post(search::autocomplete)),
    route(Method::POST, "/v1/search/mget", AnyKey, Reads, || post(search::mget)),

    route(Method::POST, "/v1/recommendation/user_to_products", AnyKey, Reads, || post(recommendation::user_to_products)),
    route(Method::POST, "/v1/recommendation/user_to_trending", AnyKey, Reads, || post(recommendation::user_to_trending)),
    route(Method::POST, "/v1/recommendation/user_to_history", AnyKey, Reads, || post(recommendation::user_to_history)),
    route(Method::POST, "/v1/recommendation/user_to_categories", AnyKey, Reads, || post(recommendation::user_to_categories)),
    route(Method::POST, "/v1/recommendation/user_to_attributes", AnyKey, Reads, || post(recommendation::user_to_attributes)),
    route(Method::POST, "/v1/recommendation/product_to_products", AnyKey, Reads, || post(recommendation::product_to_products)),

    route(Method::POST, "/v1/qa/questions", SecretKey, Writes, || post(qa::upload)),
    route(Method::POST, "/v1/qa/question_autocomplete", AnyKey, Reads, || post(qa::question_autocomplete)),
    route(Method::POST, "/v1/qa/question_answering", AnyKey, Reads, || post(qa::question_answering)),

    route(Method::GET, "/v1/experiments", SecretKey, Reads, || get(experiments::list)),
    route(Method::POST, "/v1/experiments", SecretKey, Writes, || post(experiments::create)),
    route(Method::GET, "/v1/experiments/{experiment_id_or_slug}", SecretKey, Reads, || get(experiments::read)),
    route(Method::PUT, "/v1/experiments/{experiment_id_or_slug}", SecretKey, Writes, || put(experiments::replace)),
    route(Method::DELETE, "/v1/experiments/{experiment_id_or_slug}", SecretKey, Writes, || delete(experiments::remove)),
    route(Method::POST, "/v1/experiments/{experiment_id_or_slug}/events", AnyKey, Reads, || post(experiments::event)),

    route(Method::POST, "/v1/bulk", AnyKey, Reads, || post(bulk::bulk)),

    route(Method::GET, "/v1/engines", SecretKey, Reads, || get(engines::list)),
    route(Method::POST, "/v1/engines", SecretKey, Writes, || post(engines::create)),
    route(Method::GET, "/v1/engines/_choices", SecretKey, Reads, || get(engines::choices)),
    route(Method::GET, "/v1/engines/_status/{task_id}", SecretKey, Reads, || get(trainings::status)),
    route(Method::POST, "/v1/engines/_cancel/{task_id}", SecretKey, Writes, || post(trainings::cancel)),
    route(Method::GET, "/v1/engines/{engine_id}", SecretKey, Reads, || get(engines::read)),
    route(Method::PUT, "/v1/engines/{engine_id}", SecretKey, Writes, || put(engines::replace)),
    route(Method::DELETE, "/v1/engines/{engine_id}", SecretKey, Writes, || delete(engines::remove)),
    route(Method::POST, "/v1/engines/{engine_id}/train", SecretKey, Writes, || post(trainings::train)),
    route(Method::GET, "/v1/engines/{engine_id}/versions", SecretKey, Reads, || get(trainings::versions)),
    route(Method::DELETE, "/v1/engines/{engine_id}/versions/{version}", SecretKey, Writes, || delete(trainings::delete_version)),
    route(Method::POST, "/v1/engines/{engine_id}/versions/{version}/activate", SecretKey, Writes, || post(trainings::activate)),

    route(Method::GET, "/v1/reports/answers", SecretKey, Reads, || get(reports::answers)),

    route(Method::GET, "/v1/settings/search", SecretKey, Reads, || get(settings::search)),
    route(Method::PUT, "/v1/settings/search", SecretKey, Writes, || put(settings::set_search)),
    route(Method::GET, "/v1/settings/synonyms", SecretKey, Reads, || get(settings::synonyms)),
    route(Method::PUT, "/v1/settings/synonyms", SecretKey, Writes, || put(settings::set_synonyms)),
    route(Method::GET, "/v1/settings/stop_words", SecretKey, Reads, || get(settings::stop_words)),
    route(Method::PUT, "/v1/settings/stop_words", SecretKey, Writes, || put(settings::set_stop_words)),

    route(Method::GET, "/healthz", Open, Reads, || get(health::healthz)),
    route(Method::GET, "/readyz", Open, Reads, || get(health::readyz)),
    route(Method::GET, "/metrics", Open, Reads, || get(health::metrics)),
    route(Method::GET, "/openapi.json", Open, Reads, || get(docs::openapi)),
];

/// What is served beside the pages for people: method and path template, and which keys open it
/// (`open`, `any`, `secret`) and whether it `writes`. For tests that go through all of them.
pub fn served() -> Vec<(&'static str, &'static str, &'static str, bool)> {
    let key = |access| match access {
        Open => "open",
        AnyKey => "any",
        SecretKey => "secret",
    };
    ROUTES.iter().map(|route| (route.method.as_str(), route.path, key(route.access), route.effect == Writes)).collect()
}

/// The whole service. `dojo` makes the dashboard's part of it, given the API.
pub(super) fn router(app: &Arc<App>, dojo: impl FnOnce(Router) -> Router) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let guarded = Guarded { app: app.clone(), route };
        router = router.route(route.path, (route.handler)().route_layer(from_fn_with_state(guarded, guard)));
    }
    // The dashboard calls the API as a client does, without a way over the network.
    let dojo = dojo(router.clone().with_state(app.clone()));
    // Layers added later stand further out.
    docs::pages(router)
        .fallback(|app, request| refuse(app, request, Failure::NotFound))
        .method_not_allowed_fallback(|app, request| refuse(app, request, Failure::MethodNotAllowed))
        .with_state(app.clone())
        .merge(dojo)
        .layer(RequestDecompressionLayer::new().pass_through_unaccepted(true))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(1_024)))
        .layer(from_fn(cors::cors))
        .layer(CatchPanicLayer::custom(errors::panicked))
        .layer(from_fn(access::access))
}

async fn refuse(State(app): State<Arc<App>>, request: Request, why: Failure) -> Failure {
    discard(request.into_body(), app.settings.body_bytes_max).await;
    why
}
