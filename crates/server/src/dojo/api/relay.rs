//! Calls of the public API on behalf of somebody who is signed in: the key is put on here, and no page ever sees it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use store::KeyKind;
use tower::ServiceExt as _;

use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::dojo::access::Who;
use crate::dojo::role::Role;
use crate::dojo::trouble::Trouble;
use crate::http::OnBehalf;

/// What a caller of the API says of its body and of itself.
const PASSED_ON: [header::HeaderName; 4] =
    [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::USER_AGENT];

/// `ANY /dojo/api/{environment}/v1/…`: the same as `/v1/…` with the environment's secret key; for a viewer, what reads.
pub(crate) async fn relay(
    State(dojo): State<Arc<Dojo>>,
    Extension(who): Extension<Who>,
    Path((environment, _)): Path<(EnvironmentName, String)>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Result<Response, Trouble> {
    let keys = dojo.environment(environment).keys();
    let key = keys.iter().find(|key| key.kind == KeyKind::Secret).ok_or(Trouble::NotFound)?;
    let key = HeaderValue::from_str(&key.text).map_err(|_| Trouble::NotFound)?;
    let prefix = format!("/dojo/api/{}", environment.name());
    let (from, body) = request.into_parts();
    let whole = from.uri.path_and_query().map_or("", |whole| whole.as_str());
    let inner = whole.strip_prefix(&prefix).and_then(|rest| rest.parse::<Uri>().ok()).ok_or(Trouble::NotFound)?;
    // A key in the query would win over the header, and might be another environment's.
    if inner.query().is_some_and(|query| query.contains("api_key")) {
        return Err(Trouble::Invalid("the dashboard puts on the key itself; leave `api_key` out".to_owned()));
    }
    // A request of its own: what the outer router noted of the path would mislead the inner one.
    let mut request = Request::new(body);
    *request.method_mut() = from.method;
    *request.uri_mut() = inner;
    for name in PASSED_ON {
        if let Some(value) = from.headers.get(&name) {
            request.headers_mut().insert(name, value.clone());
        }
    }
    request.headers_mut().insert("x-api-key", key);
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(OnBehalf { may_write: who.role >= Role::Editor });
    let answered = dojo.api.clone().oneshot(request).await;
    Ok(answered.into_response())
}
