//! Backups: made, listed, downloaded, uploaded, removed, restored.

use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tracing::info;

use super::confirmed;
use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};
use crate::limits::{BACKUPS_MAX, BODY_IDLE_S};

/// Bytes read from a file at a time.
const PIECE_BYTES: usize = 256 * 1024;
/// After so many bytes of an upload the room on the disk is looked at again.
const LOOK_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Deserialize)]
pub(crate) struct Restore {
    /// The environment's name, typed.
    confirm: String,
    /// Whether the state of now becomes a backup first.
    #[serde(default = "yes")]
    keep: bool,
}

fn yes() -> bool {
    true
}

/// `GET /dojo/api/{environment}/backups`: latest first.
pub(crate) async fn list(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
) -> Result<Json<Value>, Trouble> {
    let told = apart(move || {
        let backups = dojo.backups.list(name)?;
        Ok::<Value, Trouble>(json!({
            "backups": backups, "backups_max": BACKUPS_MAX, "free_bytes": dojo.backups.free_bytes(),
        }))
    });
    Ok(Json(told.await??))
}

/// `POST /dojo/api/{environment}/backups`: makes one.
pub(crate) async fn make(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
) -> Result<Response, Trouble> {
    let made = apart(move || dojo.backups.make(name)).await??;
    Ok((StatusCode::CREATED, Json(json!(made))).into_response())
}

/// `GET /dojo/api/{environment}/backups/{name}`: the file.
pub(crate) async fn download(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((environment, name)): Path<(EnvironmentName, String)>,
) -> Result<Response, Trouble> {
    let path = dojo.backups.file(environment, &name)?;
    let file = std::fs::File::open(&path).map_err(|_| Trouble::NotFound)?;
    info!(environment = environment.name(), "a backup is downloaded from the Dojo");
    let (pieces, mut read) = tokio::sync::mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        let mut file = file;
        loop {
            let mut piece = vec![0; PIECE_BYTES];
            let outcome = file.read(&mut piece).map(|count| {
                piece.truncate(count);
                Bytes::from(piece)
            });
            let is_end = matches!(&outcome, Ok(piece) if piece.is_empty());
            let is_fault = outcome.is_err();
            // Whoever downloads may have gone.
            if is_end || pieces.blocking_send(outcome).is_err() || is_fault {
                return;
            }
        }
    });
    let body = Body::from_stream(futures_util::stream::poll_fn(move |context| read.poll_recv(context)));
    let named = format!("attachment; filename=\"{}-{name}\"", environment.name());
    let named = HeaderValue::from_str(&named).map_err(|_| Trouble::NotFound)?;
    let kind = HeaderValue::from_static("application/vnd.sqlite3");
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, named)], body).into_response())
}

/// `DELETE /dojo/api/{environment}/backups/{name}`.
pub(crate) async fn remove(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((environment, name)): Path<(EnvironmentName, String)>,
) -> Result<StatusCode, Trouble> {
    apart(move || dojo.backups.remove(environment, &name)).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /dojo/api/{environment}/backups/_upload`: the body is the file of a backup; it is among the others afterwards.
pub(crate) async fn upload(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    request: Request,
) -> Result<Response, Trouble> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let (path, mut file) = dojo.backups.begin_upload(name, length.unwrap_or(0))?;
    let mut body = request.into_body();
    let (mut sent, mut looked) = (0_u64, 0_u64);
    let taken = async {
        let idle = Duration::from_secs(BODY_IDLE_S);
        while let Some(frame) = tokio::time::timeout(idle, body.frame()).await.map_err(|_| cut_short())? {
            let Ok(data) = frame.map_err(|_| cut_short())?.into_data() else { continue };
            sent += data.len() as u64;
            if sent - looked > LOOK_BYTES {
                looked = sent;
                dojo.backups.check_room(sent)?;
            }
            let written;
            (file, written) = apart(move || {
                let written = file.write_all(&data);
                (file, written)
            })
            .await?;
            written.map_err(|error| Trouble::Invalid(format!("the file could not be stored: {error}")))?;
        }
        Ok::<(), Trouble>(())
    };
    if let Err(trouble) = taken.await {
        let _ = std::fs::remove_file(&path);
        return Err(trouble);
    }
    let made = apart(move || dojo.backups.take_upload(name, &path)).await??;
    Ok((StatusCode::CREATED, Json(json!(made))).into_response())
}

fn cut_short() -> Trouble {
    Trouble::Invalid("the file did not arrive whole; send it again".to_owned())
}

/// `POST /dojo/api/{environment}/backups/{name}/_restore {"confirm": "production", "keep": true}`.
pub(crate) async fn restore(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((environment, name)): Path<(EnvironmentName, String)>,
    Json(Restore { confirm, keep }): Json<Restore>,
) -> Result<Json<Value>, Trouble> {
    if environment == EnvironmentName::Playground {
        return Err(Trouble::Invalid("the playground holds the sample shop; nothing is restored there".to_owned()));
    }
    confirmed(environment, &confirm)?;
    info!(environment = environment.name(), "a restore begins in the Dojo");
    let runtime = Handle::current();
    let restored = apart(move || dojo.backups.restore(environment, &name, keep, &runtime)).await??;
    Ok(Json(json!({"kept": restored.kept, "erased_again": restored.erased_again})))
}
