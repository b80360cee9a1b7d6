//! The dashboard's pages. A path without a file is a page that the app itself knows, so it gets the start page.

use std::io::Read as _;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

/// Scripts are ours alone, and none stands in a page. Styles may: the components compute some. Pictures may come from
/// anywhere, because a catalogue's pictures are where the shop keeps them.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https: http:; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// `GET /dojo`.
pub(super) async fn to_start() -> Redirect {
    Redirect::permanent("/dojo/")
}

/// `GET /dojo/`.
pub(super) async fn start(headers: HeaderMap) -> Response {
    serve("index.html", &headers)
}

/// `GET /dojo/{path}`.
pub(super) async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    if ::dojo::file(&path).is_some() {
        return serve(&path, &headers);
    }
    // A missing script must not look like a page: the browser would only say that its type is wrong.
    if path.starts_with("assets/") || path.starts_with("api/") {
        return (StatusCode::NOT_FOUND, axum::Json(serde_json::json!({"message": "not found"}))).into_response();
    }
    serve("index.html", &headers)
}

fn serve(path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = ::dojo::file(path) else { return StatusCode::NOT_FOUND.into_response() };
    let takes_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').any(|coding| coding.trim().split(';').next() == Some("gzip")));
    let mut response = if takes_gzip {
        let mut response = Response::new(Body::from(file.gzip));
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response
    } else {
        let mut plain = Vec::new();
        match flate2::read::GzDecoder::new(file.gzip).read_to_end(&mut plain) {
            Ok(_) => Response::new(Body::from(plain)),
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    };
    let caching = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let set = response.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    set.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    set.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    set.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
