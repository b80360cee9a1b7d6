//! `/v1/engines…`: the engines of an environment and their definitions.

use axum::response::Response;
use serde_json::json;

use super::auth::Caller;
use super::body::{self, Id, Whole};
use super::errors::Failure;
use super::threads::apart;
use super::wire;
use crate::engine_definition::EngineDefinition;
use crate::limits::{ENGINE_ID_CHARS_MAX, ENGINES_MAX};

/// The engine that is there from the start, and that questions without `engine_id` go to.
const DEFAULT: &str = "default";
/// Attributes that a refusal lists.
const ATTRIBUTES_NAMED: usize = 12;

/// `GET /v1/engines`.
pub(super) async fn list(caller: Caller) -> Response {
    let environment = &caller.environment;
    let engines: Vec<_> = environment.engine_ids().iter().filter_map(|id| environment.engine(id)).collect();
    wire::success(&json!({"engines": engines}))
}

/// `GET /v1/engines/_choices`: what the data offers to a definition.
pub(super) async fn choices(caller: Caller) -> Result<Response, Failure> {
    let choices = apart(move || caller.environment.choices()).await?;
    Ok(wire::success(&choices))
}

/// `POST /v1/engines`: a new engine.
pub(super) async fn create(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let definition: EngineDefinition = body::parse(&body)?;
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
    store(&caller, engine_id, definition).await
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
    let definition: EngineDefinition = body::parse(&body)?;
    if definition.engine_id.as_ref().is_some_and(|named| *named != engine_id) {
        return Err(invalid("engine_id", "It differs from the one in the path."));
    }
    store(&caller, engine_id, definition).await
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

async fn store(caller: &Caller, engine_id: String, mut definition: EngineDefinition) -> Result<Response, Failure> {
    definition.check().map_err(|(field, message)| invalid(field, &message))?;
    if let Some(named) = definition.weight_by.take() {
        definition.weight_by = Some(numeric_attribute(caller, named).await?);
    }
    definition.engine_id = Some(engine_id.clone());
    caller.environment.set_engine(&engine_id, Some(definition.clone())).await?;
    Ok(wire::success(&definition))
}

/// The attribute as the data names it.
///
/// # Errors
/// The refusal of one that no product has as a number; it lists those there are.
async fn numeric_attribute(caller: &Caller, named: String) -> Result<String, Failure> {
    let environment = caller.environment.clone();
    let found = apart(move || match environment.numeric_attribute(&named) {
        Some(attribute) => Ok(attribute),
        None => Err((named, environment.choices().attributes)),
    });
    found.await?.map_err(|(named, attributes)| {
        let known: Vec<String> = attributes.into_iter().map(|one| one.name).take(ATTRIBUTES_NAMED).collect();
        let message = if known.is_empty() {
            format!("No product has a number in `{named}`, or in any other attribute; upload products first.")
        } else {
            format!("No product has a number in `{named}`; the numeric attributes are: {}.", known.join(", "))
        };
        invalid("weight_by", &message)
    })
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

/// 404, with the engines there are.
pub(super) fn unknown(caller: &Caller, engine_id: &str) -> Failure {
    Failure::UnknownEngine { engine_id: engine_id.to_owned(), known: caller.environment.engine_ids() }
}
