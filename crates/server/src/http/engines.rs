//! `/v1/engines…`: the engines of an environment, their training and their versions.

use axum::response::Response;
use record::InteractionType;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::auth::Caller;
use super::body::{self, Id, Whole};
use super::errors::Failure;
use super::wire;
use crate::limits::{ENGINE_ID_CHARS_MAX, ENGINE_TEXT_CHARS_MAX, ENGINES_MAX};
use crate::schedule::Schedule;

/// The engine that is there from the start, and that questions without `engine_id` go to.
const DEFAULT: &str = "default";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    /// Named by the path where it may be left out.
    #[serde(default)]
    engine_id: Option<String>,
    kind: Kind,
    /// The interactions whose chance is learnt.
    optimize_for: Vec<InteractionType>,
    /// A numeric attribute that weighs them, such as `sale_price`.
    #[serde(default)]
    weight_by: Option<String>,
    /// When it is trained by itself: five fields as in cron, UTC.
    #[serde(default)]
    schedule: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Recommendation,
    Search,
}

/// `GET /v1/engines`.
pub(super) async fn list(caller: Caller) -> Response {
    let environment = &caller.environment;
    let engines: Vec<_> = environment.engine_ids().iter().filter_map(|id| environment.engine(id)).collect();
    wire::success(&json!({"engines": engines}))
}

/// `POST /v1/engines`: a new engine.
pub(super) async fn create(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let definition = read_definition(&body)?;
    let Some(engine_id) = definition.engine_id.clone() else {
        return Err(invalid("engine_id", "It is missing."));
    };
    check_id(&engine_id)?;
    let environment = &caller.environment;
    if environment.engine(&engine_id).is_some() {
        return Err(Failure::Exists(format!(
            "there is an engine `{engine_id}` already; change it with PUT /v1/engines/{engine_id}"
        )));
    }
    if environment.engine_ids().len() >= ENGINES_MAX {
        return Err(Failure::Invalid(format!("there are {ENGINES_MAX} engines already; delete one first")));
    }
    store(&caller, &engine_id, definition).await
}

/// `GET /v1/engines/{engine_id}`.
pub(super) async fn read(caller: Caller, Id(engine_id): Id) -> Result<Response, Failure> {
    let definition = caller.environment.engine(&engine_id).ok_or_else(|| unknown(&caller, &engine_id))?;
    Ok(wire::success(&definition))
}

/// `PUT /v1/engines/{engine_id}`: another definition for an engine that is there.
pub(super) async fn replace(caller: Caller, Id(engine_id): Id, Whole(body): Whole) -> Result<Response, Failure> {
    if caller.environment.engine(&engine_id).is_none() {
        return Err(unknown(&caller, &engine_id));
    }
    let definition = read_definition(&body)?;
    if definition.engine_id.as_ref().is_some_and(|named| *named != engine_id) {
        return Err(invalid("engine_id", "It differs from the one in the path."));
    }
    store(&caller, &engine_id, definition).await
}

/// `DELETE /v1/engines/{engine_id}`.
pub(super) async fn remove(caller: Caller, Id(engine_id): Id) -> Result<Response, Failure> {
    if caller.environment.engine(&engine_id).is_none() {
        return Err(unknown(&caller, &engine_id));
    }
    if engine_id == DEFAULT {
        return Err(Failure::Invalid("the engine `default` cannot be deleted; change it with PUT".to_owned()));
    }
    caller.environment.set_engine(&engine_id, None).await?;
    Ok(wire::accepted())
}

/// `POST /v1/engines/{engine_id}/train`.
pub(super) async fn train(caller: Caller, Id(engine_id): Id) -> Result<Response, Failure> {
    let task_id = caller.environment.train(&engine_id).ok_or_else(|| unknown(&caller, &engine_id))?;
    Ok(wire::task(&task_id))
}

/// `GET /v1/engines/_status/{task_id}`.
pub(super) async fn status(caller: Caller, Id(task_id): Id) -> Result<Response, Failure> {
    let status = caller.environment.training(&task_id).ok_or(Failure::NotFound)?;
    Ok(wire::success(&status))
}

/// `GET /v1/engines/{engine_id}/versions`.
pub(super) async fn versions(caller: Caller, Id(engine_id): Id) -> Result<Response, Failure> {
    let versions = caller.environment.versions(&engine_id).ok_or_else(|| unknown(&caller, &engine_id))?;
    Ok(wire::success(&json!({"versions": versions})))
}

async fn store(caller: &Caller, engine_id: &str, mut definition: Definition) -> Result<Response, Failure> {
    definition.engine_id = Some(engine_id.to_owned());
    let definition = json!(definition);
    caller.environment.set_engine(engine_id, Some(definition.clone())).await?;
    Ok(wire::success(&definition))
}

fn read_definition(body: &[u8]) -> Result<Definition, Failure> {
    let definition: Definition = body::parse(body)?;
    if definition.optimize_for.is_empty() {
        return Err(invalid("optimize_for", "It must name at least one interaction type."));
    }
    let mut kinds = definition.optimize_for.clone();
    kinds.sort_unstable();
    if kinds.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(invalid("optimize_for", "It names an interaction type twice."));
    }
    if let Some(attribute) = &definition.weight_by
        && !(1..=ENGINE_TEXT_CHARS_MAX).contains(&attribute.chars().count())
    {
        return Err(invalid("weight_by", "It must be null or the name of a numeric attribute."));
    }
    if let Some(text) = &definition.schedule {
        Schedule::parse(text).map_err(|why| invalid("schedule", &why))?;
    }
    Ok(definition)
}

/// Ids go into paths and file names, so they keep to plain characters; a leading `_` is for our own paths.
fn check_id(engine_id: &str) -> Result<(), Failure> {
    let plain = engine_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if plain && !engine_id.starts_with('_') && (1..=ENGINE_ID_CHARS_MAX).contains(&engine_id.len()) {
        return Ok(());
    }
    let message =
        format!("It must be 1 to {ENGINE_ID_CHARS_MAX} letters, digits, `-` or `_`, and must not start with `_`.");
    Err(invalid("engine_id", &message))
}

fn invalid(field: &str, message: &str) -> Failure {
    Failure::Invalid(format!("{field} is invalid. {message}"))
}

fn unknown(caller: &Caller, engine_id: &str) -> Failure {
    Failure::UnknownEngine { engine_id: engine_id.to_owned(), known: caller.environment.engine_ids() }
}
