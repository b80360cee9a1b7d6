//! Everything that goes wrong with a request, and the one table of the status and message it gives.

use std::any::Any;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Refused;
use record::Refusals;
use serde_json::{Value, json};
use store::Fault;
use tracing::error;

use super::noting::Reasons;
use super::wire;
use crate::WriteError;

/// The contract's sentence over a refused upload; clients look for it.
const NONE_INSERTED: &str = "None of the records were inserted because at least one of them contained schema errors. Please see the `data` field for details.";

/// Why a request is not served.
#[derive(Debug)]
pub(super) enum Failure {
    /// No key was given.
    NoKey,
    /// The key belongs to no environment; perhaps it was revoked.
    UnknownKey,
    /// A publishable key where the secret one is needed.
    NeedsSecretKey,
    /// Somebody who may only look wants to change something.
    NeedsEditor,
    /// A publishable key names a person without the right `user_hash`.
    WrongUserHash,
    /// A write to the playground.
    PlaygroundWrite,
    /// No such record, task or path.
    NotFound,
    /// No engine of this id.
    UnknownEngine { engine_id: String, known: Vec<String> },
    /// The path is known, the method is not.
    MethodNotAllowed,
    /// A client that stopped sending.
    BodyTimeout,
    /// A body that ended early, or is not what its `Content-Encoding` says.
    BodyBroken(String),
    /// A body over the limit.
    TooLarge { limit_bytes: usize },
    /// A `Content-Encoding` that is not understood.
    Encoding(String),
    /// Records that are refused: every line.
    Refused(Refusals),
    /// A parameter that is refused: the whole sentence.
    Invalid(String),
    /// What is to be created is there already.
    Exists(String),
    /// Things stand so that it cannot be done, or not without being forced.
    Conflict(String),
    /// What the path names is not there: the whole sentence.
    Missing(String),
    /// Too many requests with this key.
    TooMany { retry_after_s: u64 },
    /// Ours: the disk.
    Fault(Arc<Fault>),
    /// Ours: the text index; what it says is for the log.
    Index(String),
    /// The process is stopping.
    Stopping,
}

impl Failure {
    /// The status, the message, and the lines of `data` where records were refused.
    fn parts(&self) -> (StatusCode, String, Option<Vec<String>>) {
        let plain = |status, message: &str| (status, message.to_owned(), None);
        match self {
            Failure::NoKey => plain(
                StatusCode::UNAUTHORIZED,
                "an API key is missing; give it as the query parameter `api_key` or the header `X-API-KEY`",
            ),
            Failure::UnknownKey => plain(StatusCode::UNAUTHORIZED, "the API key is unknown or was revoked"),
            Failure::NeedsSecretKey => plain(StatusCode::FORBIDDEN, "this call needs the secret API key"),
            Failure::NeedsEditor => plain(
                StatusCode::FORBIDDEN,
                "you are signed in as viewer; this needs the role editor: ask an administrator",
            ),
            Failure::WrongUserHash => plain(
                StatusCode::FORBIDDEN,
                "`user_hash` is missing or wrong; with a publishable key it must be the hex HMAC-SHA256 of the id, made with the secret key",
            ),
            Failure::PlaygroundWrite => plain(
                StatusCode::BAD_REQUEST,
                "the playground is read-only; use a key of the development or production environment to write",
            ),
            Failure::NotFound => plain(StatusCode::NOT_FOUND, "not found"),
            Failure::UnknownEngine { engine_id, known } => (
                StatusCode::NOT_FOUND,
                format!("there is no engine `{engine_id}`; the engines are: {}", known.join(", ")),
                None,
            ),
            Failure::MethodNotAllowed => {
                plain(StatusCode::METHOD_NOT_ALLOWED, "this path does not allow this method; see the header `Allow`")
            }
            Failure::BodyTimeout => {
                plain(StatusCode::REQUEST_TIMEOUT, "the body did not arrive in time; send it again")
            }
            Failure::BodyBroken(how) => (StatusCode::BAD_REQUEST, format!("the body cannot be read: {how}"), None),
            Failure::TooLarge { limit_bytes } => (
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("the body is larger than the limit of {limit_bytes} bytes; send fewer records in a call"),
                None,
            ),
            Failure::Encoding(name) => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("the Content-Encoding `{name}` is not understood; use gzip, zstd or none"),
                None,
            ),
            Failure::Refused(refusals) => {
                (StatusCode::UNPROCESSABLE_ENTITY, NONE_INSERTED.to_owned(), Some(refusals.lines()))
            }
            Failure::Invalid(message) => (StatusCode::UNPROCESSABLE_ENTITY, message.clone(), None),
            Failure::Exists(message) | Failure::Conflict(message) => (StatusCode::CONFLICT, message.clone(), None),
            Failure::Missing(message) => (StatusCode::NOT_FOUND, message.clone(), None),
            Failure::TooMany { retry_after_s } => (
                StatusCode::TOO_MANY_REQUESTS,
                format!("too many requests with this key; try again in {retry_after_s} s"),
                None,
            ),
            Failure::Fault(fault) => match **fault {
                Fault::Full { .. } => plain(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the server's disk is full; nothing was stored, send it again later",
                ),
                Fault::ReadOnly { .. } => plain(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the server's disk refuses writes; nothing was stored, send it again later",
                ),
                _ => plain(StatusCode::INTERNAL_SERVER_ERROR, "internal error; the server's log says more"),
            },
            Failure::Index(_) => {
                plain(StatusCode::SERVICE_UNAVAILABLE, "the search index cannot be read at the moment; try again later")
            }
            Failure::Stopping => plain(StatusCode::SERVICE_UNAVAILABLE, "the server is stopping; send it again"),
        }
    }

    /// The status and the JSON body, as they stand in an answer of their own and inside `/v1/bulk`. A fault is logged
    /// here, once, with what only the operator may read.
    pub(super) fn body(&self) -> (StatusCode, Value) {
        if let Failure::Fault(fault) = self {
            error!(%fault, "the store failed");
        }
        if let Failure::Index(fault) = self {
            error!(fault, "the search index failed");
        }
        let (status, message, lines) = self.parts();
        let body = match lines {
            Some(lines) => json!({"errors": true, "message": message, "data": lines}),
            None => json!({"message": message}),
        };
        (status, body)
    }

    /// Seconds after which trying again makes sense, for the header `Retry-After`.
    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Failure::TooMany { retry_after_s } => Some(*retry_after_s),
            Failure::Stopping => Some(1),
            Failure::Fault(fault) if matches!(**fault, Fault::Full { .. } | Fault::ReadOnly { .. }) => Some(5),
            _ => None,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, body) = self.body();
        let mut response = wire::json(status, &body);
        if status.is_client_error() {
            let lines = body["data"].as_array().into_iter().flatten();
            let lines: Vec<String> = lines.filter_map(|line| Some(line.as_str()?.to_owned())).collect();
            response.extensions_mut().insert(Reasons::of(body["message"].as_str().unwrap_or_default(), &lines));
        }
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        match refused {
            Refused::Invalid { .. } => Failure::Invalid(refused.to_string()),
            Refused::Unavailable { fault } => Failure::Index(fault),
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        match error {
            WriteError::Refused(refusals) => Failure::Refused(refusals),
            WriteError::Fault(fault) => Failure::Fault(fault),
            WriteError::Stopping => Failure::Stopping,
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Fault(Arc::new(fault))
    }
}

/// The answer to a request whose handling panicked; what it said stays in the log.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    error!("a request panicked; this is a bug");
    let message = json!({"message": "internal error; the server's log says more"});
    wire::json(StatusCode::INTERNAL_SERVER_ERROR, &message)
}

#[cfg(test)]
mod tests;
