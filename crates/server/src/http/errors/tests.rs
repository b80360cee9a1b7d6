//! Properties: each failure has its status, and a message that says what to do; what is ours shows no internals; what
//! passes by itself says when; a panic is an answer like any other.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::routing::get;
use store::Fault;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use super::{Failure, IntoResponse, panicked};
use crate::http::threads::apart;

#[test]
fn a_disk_that_refuses_writes_is_503_and_shows_no_path() {
    let path = PathBuf::from("/data/secret-place/store.sqlite");
    for (fault, status) in [
        (Fault::Full { path: path.clone() }, 503),
        (Fault::ReadOnly { path: path.clone(), message: "errno 30".to_owned() }, 503),
        (Fault::Corrupt { path: path.clone(), message: "page 7".to_owned() }, 500),
        (Fault::Io { path, source: std::io::Error::other("cable") }, 500),
    ] {
        let failure = Failure::Fault(Arc::new(fault));
        let (_, body) = failure.body();
        for internal in ["secret-place", "errno", "page 7", "cable"] {
            assert!(!body.to_string().contains(internal), "{body}");
        }
        let response = failure.into_response();
        assert_eq!(response.status(), status);
        assert_eq!(response.headers().contains_key("retry-after"), status == 503);
    }
}

#[tokio::test]
async fn a_panic_is_an_answer_without_internals() {
    let fail: fn() = || panic!("password 123");
    let router: Router = Router::new()
        .route("/here", get(move || async move { fail() }))
        .route("/apart", get(move || apart(fail)))
        .layer(CatchPanicLayer::custom(panicked));
    for path in ["/here", "/apart"] {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 500);
        let body = to_bytes(response.into_body(), 1_000).await.unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert!(body["message"].as_str().unwrap().starts_with("internal error"));
        assert!(!body.to_string().contains("password"));
    }
}
