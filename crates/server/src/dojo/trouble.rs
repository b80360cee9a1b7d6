//! What goes wrong in a call of the dashboard, and how it is said.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use store::Fault;
use tracing::error;

use super::accounts::Refusal;
use super::role::Role;
use crate::WriteError;
use crate::backups::BackupError;

/// Why a call is not answered.
#[derive(Debug)]
pub(super) enum Trouble {
    /// 401: nobody is signed in.
    SignedOut,
    /// 401: no such name, or not its password.
    WrongPassword,
    /// 403: the role is not enough.
    NotAllowed { role: Role, least: Role },
    /// 403: the call did not come from the dashboard's own pages.
    Foreign,
    /// 404.
    NotFound,
    /// 422: a parameter; the whole sentence.
    Invalid(String),
    /// 422: records, with every line of what is wrong with them.
    Refused(Vec<String>),
    /// A status of its own, and the whole sentence.
    Answer(StatusCode, String),
    /// 429: too many wrong passwords.
    TooMany { retry_after_s: u64 },
    /// 500 or 503: ours.
    Fault(Arc<Fault>),
    /// 503: the process is stopping.
    Stopping,
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, message) = match &self {
            Trouble::SignedOut => (StatusCode::UNAUTHORIZED, "sign in to go on".to_owned()),
            Trouble::WrongPassword => {
                (StatusCode::UNAUTHORIZED, "this is not the name, or not its password".to_owned())
            }
            Trouble::NotAllowed { role, least } => (
                StatusCode::FORBIDDEN,
                format!(
                    "you are signed in as {}; this needs the role {}: ask an administrator",
                    role.name(),
                    least.name()
                ),
            ),
            Trouble::Foreign => {
                (StatusCode::FORBIDDEN, "this call is taken from the dashboard's own pages only".to_owned())
            }
            Trouble::NotFound => (StatusCode::NOT_FOUND, "not found".to_owned()),
            Trouble::Invalid(message) => (StatusCode::UNPROCESSABLE_ENTITY, message.clone()),
            Trouble::Refused(lines) => (StatusCode::UNPROCESSABLE_ENTITY, lines.join(" ")),
            Trouble::Answer(status, message) => (*status, message.clone()),
            Trouble::TooMany { retry_after_s } => {
                (StatusCode::TOO_MANY_REQUESTS, format!("too many wrong passwords; try again in {retry_after_s} s"))
            }
            Trouble::Fault(fault) => {
                error!(%fault, "the store failed");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "the data folder cannot be used; the server's log says why".to_owned(),
                )
            }
            Trouble::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "the server is stopping".to_owned()),
        };
        let mut body = json!({"message": message});
        if let Trouble::Refused(lines) = &self {
            body["data"] = json!(lines);
        }
        let mut response = (status, axum::Json(body)).into_response();
        if let Trouble::TooMany { retry_after_s } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Trouble {
        Trouble::Fault(Arc::new(fault))
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Trouble {
        match refusal {
            Refusal::Unknown => Trouble::NotFound,
            Refusal::Invalid(message) => Trouble::Invalid(message),
        }
    }
}

impl From<BackupError> for Trouble {
    fn from(error: BackupError) -> Trouble {
        match error {
            BackupError::Refused(message) => Trouble::Invalid(message),
            BackupError::Unknown => Trouble::NotFound,
            BackupError::Fault(fault) => Trouble::Fault(Arc::new(fault)),
        }
    }
}

impl From<WriteError> for Trouble {
    fn from(error: WriteError) -> Trouble {
        match error {
            WriteError::Refused(refusals) => Trouble::Refused(refusals.lines()),
            WriteError::Fault(fault) => Trouble::Fault(fault),
            WriteError::Stopping => Trouble::Stopping,
        }
    }
}

/// Runs `work` on a thread that may wait and compute; its panic is the call's panic.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Trouble> {
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => Ok(outcome),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(Trouble::Stopping),
        },
    }
}
