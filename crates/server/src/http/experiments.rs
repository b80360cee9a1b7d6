//! `/v1/experiments…`: which variant a person gets, and the definitions.

use std::time::Instant;

use axum::http::StatusCode;
use axum::response::Response;
use record::Time;
use serde::Deserialize;
use serde_json::json;

use super::auth::Caller;
use super::body::{self, Id, Whole};
use super::errors::Failure;
use super::wire;
use crate::experiments::{Definition, Experiment, Variant};
use crate::limits::EXPERIMENTS_MAX;

/// `POST /v1/experiments/{experiment_id_or_slug}/events`. Further fields are let pass: the contract does not close this
/// shape.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Event {
    user_id: Option<String>,
    anonymous_id: Option<String>,
    /// What the person was shown, where the site has chosen itself.
    variant_name: Option<String>,
    timestamp: Option<String>,
}

/// `POST /v1/experiments/{experiment_id_or_slug}/events`: the person's variant. It stores nothing.
pub(super) async fn event(caller: Caller, Id(called): Id, Whole(body): Whole) -> Result<Response, Failure> {
    let began = Instant::now();
    let event: Event = body::parse(&body)?;
    let experiments = caller.environment.experiments();
    let experiment = find(&experiments, &called)?;
    let named = |id: Option<String>| id.filter(|id| !id.is_empty());
    let person = match (named(event.user_id), named(event.anonymous_id)) {
        (Some(user_id), _) => format!("user:{user_id}"),
        (None, Some(anonymous_id)) => format!("anonymous:{anonymous_id}"),
        (None, None) => return Err(invalid("user_id", "It or anonymous_id is required.")),
    };
    if event.timestamp.is_some_and(|text| Time::parse(&text).is_none()) {
        return Err(invalid("timestamp", "The attribute should match the 'date-time' format."));
    }
    let (in_experiment, assigned) = experiment.assign(&person);
    let variant = match event.variant_name {
        Some(name) => experiment.variant(&name).ok_or_else(|| {
            let known: Vec<&str> = experiment.variants.iter().map(|variant| variant.name.as_str()).collect();
            invalid("variant_name", &format!("The variants are: {}.", known.join(", ")))
        })?,
        None => assigned,
    };
    let took = began.elapsed().as_millis() as u64;
    Ok(wire::json(StatusCode::OK, &json!({"took": took, "in_experiment": in_experiment, "variant": shown(variant)})))
}

/// A variant without its weight, which is nobody's business but the site's.
fn shown(variant: &Variant) -> serde_json::Value {
    let mut shown = json!({"id": variant.id, "name": variant.name, "slug": variant.slug});
    if let Some(configuration) = &variant.configuration {
        shown["configuration"] = configuration.clone();
    }
    shown["status"] = json!(variant.status);
    shown
}

/// `GET /v1/experiments`.
pub(super) async fn list(caller: Caller) -> Response {
    wire::success(&json!({"experiments": *caller.environment.experiments()}))
}

/// `POST /v1/experiments`: a new experiment.
pub(super) async fn create(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let definition: Definition = body::parse(&body)?;
    if definition.id.is_some() {
        return Err(invalid("id", "It is given to a new experiment; leave it out."));
    }
    let experiment = definition.experiment(None).map_err(|(field, message)| invalid(&field, &message))?;
    let change = caller.environment.change_experiments().await;
    let mut all = caller.environment.experiments().to_vec();
    if all.len() >= EXPERIMENTS_MAX {
        return Err(Failure::Invalid(format!("there are {EXPERIMENTS_MAX} experiments already; delete one first")));
    }
    check_slug(&all, &experiment)?;
    all.push(experiment.clone());
    change.store(all).await?;
    Ok(wire::success(&experiment))
}

/// `GET /v1/experiments/{experiment_id_or_slug}`.
pub(super) async fn read(caller: Caller, Id(called): Id) -> Result<Response, Failure> {
    Ok(wire::success(find(&caller.environment.experiments(), &called)?))
}

/// `PUT /v1/experiments/{experiment_id_or_slug}`: another definition for an experiment that is there.
pub(super) async fn replace(caller: Caller, Id(called): Id, Whole(body): Whole) -> Result<Response, Failure> {
    let change = caller.environment.change_experiments().await;
    let mut all = caller.environment.experiments().to_vec();
    let former = find(&all, &called)?.clone();
    let definition: Definition = body::parse(&body)?;
    if definition.id.as_ref().is_some_and(|id| *id != former.id) {
        return Err(invalid("id", "It differs from that of the experiment in the path."));
    }
    let experiment = definition.experiment(Some(&former)).map_err(|(field, message)| invalid(&field, &message))?;
    check_slug(&all, &experiment)?;
    for other in &mut all {
        if other.id == experiment.id {
            *other = experiment.clone();
        }
    }
    change.store(all).await?;
    Ok(wire::success(&experiment))
}

/// `DELETE /v1/experiments/{experiment_id_or_slug}`.
pub(super) async fn remove(caller: Caller, Id(called): Id) -> Result<Response, Failure> {
    let change = caller.environment.change_experiments().await;
    let mut all = caller.environment.experiments().to_vec();
    let id = find(&all, &called)?.id.clone();
    all.retain(|experiment| experiment.id != id);
    change.store(all).await?;
    Ok(wire::accepted())
}

fn find<'a>(all: &'a [Experiment], called: &str) -> Result<&'a Experiment, Failure> {
    all.iter().find(|experiment| experiment.is_called(called)).ok_or(Failure::NotFound)
}

fn check_slug(all: &[Experiment], experiment: &Experiment) -> Result<(), Failure> {
    match all.iter().find(|other| other.id != experiment.id && other.is_called(&experiment.slug)) {
        None => Ok(()),
        Some(_) => Err(Failure::Exists(format!(
            "there is an experiment `{}` already; choose another slug, or change it with PUT",
            experiment.slug
        ))),
    }
}

fn invalid(field: &str, message: &str) -> Failure {
    Failure::Invalid(format!("{field} is invalid. {message}"))
}
