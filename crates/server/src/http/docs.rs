//! The API's description: the OpenAPI document, and pages that show it and load nothing from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::App;

const OPENAPI: &str = include_str!("../../openapi/openapi.json");

const INDEX: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Tamari</title>
<h1>Tamari</h1>
<p>The server runs.
<ul>
<li><a href=\"/dojo/\">The Dojo</a>: see, feed and steer it
<li><a href=\"/docs/\">The API, to read and to try</a>
<li><a href=\"/openapi.json\">The OpenAPI document</a>
<li><a href=\"/healthz\">Health</a>, <a href=\"/readyz\">readiness</a>, <a href=\"/metrics\">metrics</a>
</ul>
";

/// The pages may load what we serve and nothing else.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:");

/// `GET /openapi.json`.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], OPENAPI).into_response()
}

/// Adds the pages for people: `/` and `/docs`.
pub(super) fn pages(router: Router<Arc<App>>) -> Router<Arc<App>> {
    // The page would otherwise ask a service on the internet whether the document is valid.
    let config = Config::from("/openapi.json").validator_url("none").try_it_out_enabled(true);
    let pages = Router::from(SwaggerUi::new("/docs").config(config))
        .route("/", get(|| async { Html(INDEX) }))
        .route_layer(from_fn(restrict));
    router.merge(pages)
}

async fn restrict(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response
}
