//! Uploads of files: received in parts that can be resumed, looked at, mapped, checked, imported.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt as _;
use import::Kind;
use serde::Deserialize;
use serde_json::{Value, json};

use super::preview::{self, Change};
use crate::dojo::Dojo;
use crate::dojo::importing::{self, Work};
use crate::dojo::trouble::{Trouble, apart};
use crate::environment::now;
use crate::environment::uploads::{NotBegun, Outcome, Stage, Upload};
use crate::{EnvironmentName, limits};

/// Characters of a file's name.
const NAME_CHARS_MAX: usize = 255;
/// Bytes that are gathered before they are written.
const WRITTEN_BYTES: usize = 512 * 1024;
/// Reasons shown.
const REASONS_SHOWN: usize = 8;

type Named = Path<(EnvironmentName, String)>;

#[derive(Deserialize)]
pub(crate) struct Given {
    file_name: String,
    size_bytes: u64,
    modified_ms: Option<i64>,
    kind: Option<Kind>,
}

#[derive(Deserialize)]
pub(crate) struct From {
    offset: u64,
}

#[derive(Deserialize)]
pub(crate) struct MappingName {
    name: String,
}

fn writable(environment: EnvironmentName) -> Result<(), Trouble> {
    if environment == EnvironmentName::Playground {
        return Err(Trouble::Invalid(
            "the playground is read-only; it always shows the sample shop. Choose Development or Production."
                .to_owned(),
        ));
    }
    Ok(())
}

fn find(dojo: &Dojo, environment: EnvironmentName, id: &str) -> Result<Arc<Upload>, Trouble> {
    dojo.environment(environment).uploads().find(id).ok_or(Trouble::NotFound)
}

fn told(outcome: &Outcome) -> Value {
    let mut reasons: Vec<(&String, &u64)> = outcome.reasons.iter().collect();
    reasons.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let reasons =
        reasons.into_iter().take(REASONS_SHOWN).map(|(reason, count)| json!({"reason": reason, "count": count}));
    json!({
        "accepted": outcome.accepted, "rejected": outcome.rejected, "errors": outcome.errors,
        "reasons": reasons.collect::<Vec<_>>(), "warnings": outcome.warnings,
        "began_ms": outcome.began_ms, "ended_ms": outcome.ended_ms,
    })
}

fn shown(upload: &Upload) -> Value {
    let about = upload.about();
    let read = upload.distance.lock().bytes();
    json!({
        "id": about.id,
        "file_name": about.file_name,
        "size_bytes": about.size_bytes,
        "modified_ms": about.modified_ms,
        "created_ms": about.created_ms,
        "kept_until_ms": about.touched_ms + limits::UPLOAD_KEPT_MS,
        "stage": about.stage,
        "kind": about.reading.as_ref().map(|reading| reading.kind).or(about.wanted),
        "received_bytes": upload.received_bytes(),
        "progress": (read as f64 / about.size_bytes.max(1) as f64).min(1.0),
        "checked": about.checked.as_ref().map(told),
        "imported": about.imported.as_ref().map(told),
        "message": about.message,
    })
}

/// `GET …/uploads`: those under way and those that ended of late, latest first; and the mappings saved.
pub(crate) async fn list(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
) -> Result<Json<Value>, Trouble> {
    let environment = dojo.environment(environment).clone();
    let answer = apart(move || -> Result<Value, Trouble> {
        let uploads: Vec<Value> = environment.uploads().all().iter().map(|upload| shown(upload)).collect();
        Ok(json!({"uploads": uploads, "mappings": preview::saved_names(&environment)?}))
    });
    Ok(Json(answer.await??))
}

/// `POST …/uploads {"file_name","size_bytes","modified_ms"?,"kind"?}`: makes room for a file.
pub(crate) async fn begin(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    Json(given): Json<Given>,
) -> Result<Json<Value>, Trouble> {
    writable(name)?;
    let file_name: String =
        given.file_name.rsplit(['/', '\\']).next().unwrap_or("").chars().take(NAME_CHARS_MAX).collect();
    if file_name.is_empty() {
        return Err(Trouble::Invalid("file_name is empty".to_owned()));
    }
    let environment = dojo.environment(name).clone();
    let begun = apart(move || {
        environment.uploads().begin(&file_name, given.size_bytes, given.modified_ms, given.kind, now().0)
    });
    match begun.await? {
        Ok(upload) => Ok(Json(shown(&upload))),
        Err(NotBegun::Refused(why)) => Err(Trouble::Invalid(why)),
        Err(NotBegun::Disk(error)) => Err(disk(&error)),
    }
}

fn disk(error: &std::io::Error) -> Trouble {
    tracing::error!(%error, "an upload cannot be written");
    Trouble::Answer(
        StatusCode::INSUFFICIENT_STORAGE,
        "the data folder takes no more files; is the disk full?".to_owned(),
    )
}

/// `GET …/uploads/{id}`.
pub(crate) async fn one(Shared(dojo): Shared<Arc<Dojo>>, Path((name, id)): Named) -> Result<Json<Value>, Trouble> {
    Ok(Json(shown(&*find(&dojo, name, &id)?)))
}

/// `DELETE …/uploads/{id}`: stops it and takes its files away.
pub(crate) async fn remove(Shared(dojo): Shared<Arc<Dojo>>, Path((name, id)): Named) -> Result<StatusCode, Trouble> {
    let environment = dojo.environment(name).clone();
    match apart(move || environment.uploads().remove(&id)).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Trouble::NotFound),
    }
}

/// `PUT …/uploads/{id}/parts?offset=`: the bytes of the file from there on, as many as the caller likes. What arrived stays
/// when the connection breaks; 409 with `received_bytes` tells where to go on.
pub(crate) async fn part(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, id)): Named,
    Query(From { offset }): Query<From>,
    body: Body,
) -> Result<Response, Trouble> {
    writable(name)?;
    let upload = find(&dojo, name, &id)?;
    let Ok(_one_at_a_time) = upload.receiving.try_lock() else {
        return Err(Trouble::Answer(StatusCode::CONFLICT, "another part of this file is on its way".to_owned()));
    };
    let (received, about) = (upload.received_bytes(), upload.about());
    if about.stage != Stage::Receiving || offset != received {
        let told = json!({"message": format!("the file is here up to byte {received}"), "received_bytes": received});
        return Ok((StatusCode::CONFLICT, Json(told)).into_response());
    }
    let outcome = append(&upload, body, about.size_bytes - received).await;
    let received = upload.received_bytes();
    if offset == 0 && received > 0 {
        refuse_foreign(&dojo, name, &upload, &about.file_name).await?;
    }
    outcome?;
    if received == about.size_bytes {
        let own = upload.clone();
        apart(move || own.note(now().0, |about| about.stage = Stage::Ready)).await?.map_err(|error| disk(&error))?;
    }
    Ok(Json(json!({"received_bytes": received})).into_response())
}

/// Writes what arrives behind what is there, in pieces.
async fn append(upload: &Arc<Upload>, mut body: Body, left_bytes: u64) -> Result<(), Trouble> {
    let mut left = left_bytes;
    let mut waiting: Vec<u8> = Vec::with_capacity(WRITTEN_BYTES);
    let outcome = loop {
        let frame = tokio::time::timeout(Duration::from_secs(limits::BODY_IDLE_S), body.frame());
        let data = match frame.await {
            Ok(None) => break Ok(()),
            Ok(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => data,
                Err(_) => continue,
            },
            Ok(Some(Err(_))) | Err(_) => {
                break Err(Trouble::Answer(
                    StatusCode::BAD_REQUEST,
                    "the connection broke; go on from there".to_owned(),
                ));
            }
        };
        if data.len() as u64 > left {
            break Err(Trouble::Invalid("more bytes came than the file has; choose the same file again".to_owned()));
        }
        left -= data.len() as u64;
        waiting.extend_from_slice(&data);
        if waiting.len() >= WRITTEN_BYTES {
            write(upload, std::mem::take(&mut waiting)).await?;
        }
    };
    // What arrived before the connection broke need not be sent again.
    write(upload, waiting).await?;
    outcome
}

/// Only a file that is there is written to: one that was removed meanwhile does not come back.
async fn write(upload: &Arc<Upload>, bytes: Vec<u8>) -> Result<(), Trouble> {
    let own = upload.clone();
    let written = apart(move || {
        let mut file = std::fs::File::options().append(true).open(own.file())?;
        std::io::Write::write_all(&mut file, &bytes)
    });
    written.await?.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Trouble::NotFound,
        _ => disk(&error),
    })
}

/// A file that is none of ours is refused by its first part, not after gigabytes.
async fn refuse_foreign(
    dojo: &Dojo,
    name: EnvironmentName,
    upload: &Arc<Upload>,
    file_name: &str,
) -> Result<(), Trouble> {
    let own = upload.clone();
    let foreign = apart(move || {
        let mut start = vec![0; 16 * 1024];
        let mut file = std::fs::File::open(own.file()).ok()?;
        let bytes = std::io::Read::read(&mut file, &mut start).ok()?;
        import::foreign(&start[..bytes])
    });
    let Some(what) = foreign.await? else { return Ok(()) };
    dojo.environment(name).uploads().remove(&upload.about().id);
    Err(Trouble::Answer(StatusCode::UNSUPPORTED_MEDIA_TYPE, format!("{file_name} is {what}.")))
}

/// `GET …/uploads/{id}/preview`: what is in the file, and how it is read.
pub(crate) async fn look(Shared(dojo): Shared<Arc<Dojo>>, Path((name, id)): Named) -> Result<Json<Value>, Trouble> {
    previewed(&dojo, name, &id, None).await
}

/// `POST …/uploads/{id}/plan`: changes how the file is read, and tells what that gives.
pub(crate) async fn plan(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, id)): Named,
    Json(change): Json<Change>,
) -> Result<Json<Value>, Trouble> {
    previewed(&dojo, name, &id, Some(change)).await
}

async fn previewed(
    dojo: &Arc<Dojo>,
    name: EnvironmentName,
    id: &str,
    change: Option<Change>,
) -> Result<Json<Value>, Trouble> {
    let upload = find(dojo, name, id)?;
    if !matches!(upload.about().stage, Stage::Ready | Stage::Failed) {
        return Err(Trouble::Answer(
            StatusCode::CONFLICT,
            "the file is not here as a whole, or is being worked on".to_owned(),
        ));
    }
    let environment = dojo.environment(name).clone();
    Ok(Json(apart(move || preview::preview(&environment, &upload, change)).await??))
}

/// `POST …/uploads/{id}/_check`: checks every row and stores nothing.
pub(crate) async fn check(Shared(dojo): Shared<Arc<Dojo>>, Path((name, id)): Named) -> Result<Json<Value>, Trouble> {
    work(&dojo, name, &id, Work::Check)
}

/// `POST …/uploads/{id}/_import`: stores the records; also one that failed, again from the start.
pub(crate) async fn import_it(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, id)): Named,
) -> Result<Json<Value>, Trouble> {
    work(&dojo, name, &id, Work::Import)
}

fn work(dojo: &Arc<Dojo>, name: EnvironmentName, id: &str, work: Work) -> Result<Json<Value>, Trouble> {
    writable(name)?;
    let upload = find(dojo, name, id)?;
    let about = upload.about();
    if !matches!(about.stage, Stage::Ready | Stage::Failed) {
        return Err(Trouble::Answer(
            StatusCode::CONFLICT,
            "the file is not here as a whole, or is being worked on".to_owned(),
        ));
    }
    let Some(reading) = about.reading else {
        return Err(Trouble::Invalid("look at the preview first: it decides how the file is read".to_owned()));
    };
    if let Some(lacking) = preview::lacking(&reading).first() {
        return Err(Trouble::Invalid(lacking.clone()));
    }
    importing::gather(reading.kind, reading.mapping.as_ref())
        .map_err(|failure| Trouble::Invalid(failure.to_string()))?;
    importing::start(dojo, name, &upload, work).ok_or_else(|| {
        Trouble::Answer(
            StatusCode::CONFLICT,
            "another file of this environment is being checked or imported; wait until it is done".to_owned(),
        )
    })?;
    Ok(Json(shown(&upload)))
}

/// `POST …/uploads/{id}/_stop`: ends the check or the import; what was stored stays.
pub(crate) async fn stop(Shared(dojo): Shared<Arc<Dojo>>, Path((name, id)): Named) -> Result<Json<Value>, Trouble> {
    let upload = find(&dojo, name, &id)?;
    upload.cancelled.store(true, Ordering::Release);
    upload.stop.store(true, Ordering::Release);
    Ok(Json(shown(&upload)))
}

/// `GET …/uploads/{id}/rejects`: rejected rows with their reasons, one JSON object a line.
pub(crate) async fn rejects(Shared(dojo): Shared<Arc<Dojo>>, Path((name, id)): Named) -> Result<Response, Trouble> {
    let upload = find(&dojo, name, &id)?;
    let file = tokio::fs::File::open(upload.rejects()).await.map_err(|_| Trouble::NotFound)?;
    Ok(download(
        super::export::reading(file),
        &format!("{}.rejects.jsonl", upload.about().file_name),
        "application/x-ndjson",
    ))
}

/// An answer that the browser saves as a file.
pub(crate) fn download(body: Body, file_name: &str, content_type: &'static str) -> Response {
    let plain: String = file_name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || ".-_".contains(letter) { letter } else { '_' })
        .collect();
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

/// `POST …/uploads/{id}/_save_mapping {"name"}`: keeps the mapping for the next file with these columns.
pub(crate) async fn save_mapping(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, id)): Named,
    Json(MappingName { name: called }): Json<MappingName>,
) -> Result<Json<Value>, Trouble> {
    writable(name)?;
    let upload = find(&dojo, name, &id)?;
    let environment = dojo.environment(name).clone();
    let own = environment.clone();
    let changed = apart(move || preview::with_saved(&own, &upload, &called)).await??;
    environment.set_mappings(changed).await?;
    Ok(Json(json!({"mappings": apart(move || preview::saved_names(&environment)).await??})))
}

/// `DELETE …/mappings/{name}`.
pub(crate) async fn forget_mapping(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, called)): Named,
) -> Result<StatusCode, Trouble> {
    writable(name)?;
    let environment = dojo.environment(name).clone();
    let own = environment.clone();
    let changed = apart(move || preview::without_saved(&own, &called)).await??;
    environment.set_mappings(changed).await?;
    Ok(StatusCode::NO_CONTENT)
}
