//! The bytes and the parameters of a request: JSON whatever the Content-Type, bounded after decompression.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::App;
use super::errors::Failure;
use crate::limits::{BODY_IDLE_S, DISCARD_IDLE_S};

/// The whole body, decompressed.
pub(super) struct Whole(pub(super) Vec<u8>);

impl FromRequest<Arc<App>> for Whole {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Whole, Failure> {
        // The decompressing layer takes the header away where it understands it.
        if let Some(encoding) = request.headers().get(header::CONTENT_ENCODING) {
            let name = encoding.to_str().unwrap_or("?");
            if !name.eq_ignore_ascii_case("identity") {
                let name = name.chars().take(64).collect();
                discard(request.into_body(), app.settings.body_bytes_max).await;
                return Err(Failure::Encoding(name));
            }
        }
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(0);
        read(request.into_body(), length, app.settings.body_bytes_max).await.map(Whole)
    }
}

async fn read(mut body: Body, announced_bytes: usize, limit_bytes: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::with_capacity(announced_bytes.min(limit_bytes));
    let mut refused_bytes = announced_bytes.saturating_sub(limit_bytes).min(1);
    loop {
        let frame = tokio::time::timeout(Duration::from_secs(BODY_IDLE_S), body.frame());
        let Some(frame) = frame.await.map_err(|_| Failure::BodyTimeout)? else { break };
        let frame = frame.map_err(|e| Failure::BodyBroken(e.to_string()))?;
        let Ok(data) = frame.into_data() else { continue };
        if refused_bytes == 0 && bytes.len() + data.len() <= limit_bytes {
            bytes.extend_from_slice(&data);
            continue;
        }
        // Most clients read no answer before they have sent all, so some more is taken in and thrown away; a client
        // that goes on far over the limit is cut off.
        bytes = Vec::new();
        refused_bytes += data.len();
        if refused_bytes > limit_bytes.saturating_mul(2) {
            break;
        }
    }
    if refused_bytes > 0 { Err(Failure::TooLarge { limit_bytes }) } else { Ok(bytes) }
}

/// Takes in a body that nobody reads, and throws it away: a client that is still sending when the connection closes
/// would never see the answer. Bounded in size and time.
pub(super) async fn discard(mut body: Body, limit_bytes: usize) {
    let mut left_bytes = limit_bytes;
    while !body.is_end_stream() {
        let frame = tokio::time::timeout(Duration::from_secs(DISCARD_IDLE_S), body.frame());
        let Ok(Some(Ok(frame))) = frame.await else { return };
        let length = frame.data_ref().map_or(0, |data| data.len());
        if length > left_bytes {
            return;
        }
        left_bytes -= length;
    }
}

/// The query's flags and words that we know; others are ignored.
pub(super) struct Parameters {
    /// `dry_run=1`: validate only.
    pub(super) dry_run: bool,
    /// `async=1`: queue and answer at once.
    pub(super) queue: bool,
    /// `type=…`.
    pub(super) kind: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Parameters, Failure> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).unwrap_or_default();
        let value = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let set = |name: &str| value(name).is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"));
        Ok(Parameters {
            dry_run: set("dry_run"),
            queue: set("async"),
            kind: value("type").filter(|kind| !kind.is_empty()).map(str::to_owned),
        })
    }
}

/// The id at the end of a path, percent-decoded.
pub(super) struct Id(pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Id, Failure> {
        // The only way to fail is percent-encoding that is no UTF-8, and no record has such an id.
        let Path(id) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Failure::NotFound)?;
        Ok(Id(id))
    }
}

/// Reads the parameters of a question or a definition; an empty body is `{}`. What does not fit is named by field.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let body = if body.trim_ascii().is_empty() { b"{}" } else { body };
    serde_json::from_slice::<T>(body).map_err(|first| Failure::Invalid(explain::<T>(body, &first)))
}

/// Says which fields do not fit: each is tried by itself, which the fast path does not pay for.
fn explain<T: DeserializeOwned>(body: &[u8], first: &serde_json::Error) -> String {
    let fields: Map<String, Value> = match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return "the body is invalid. It must be a JSON object.".to_owned(),
        Err(error) => return format!("the body is invalid. It is not JSON: {error}."),
    };
    let mut complaints = Vec::new();
    for (name, value) in fields {
        let name_shown: String = name.chars().take(100).collect();
        let single = Value::Object(Map::from_iter([(name, value)]));
        if let Err(error) = serde_json::from_value::<T>(single) {
            let text = error.to_string();
            let reason = if text.starts_with("unknown field") { "There is no such parameter" } else { text.as_str() };
            // A required field missing from this trial is no fault of this field.
            if !text.starts_with("missing field") {
                complaints.push(format!("{name_shown} is invalid. {reason}."));
            }
        }
    }
    if complaints.is_empty() { format!("the body is invalid. {first}.") } else { complaints.join(" ") }
}
