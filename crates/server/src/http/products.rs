//! `/v1/products…`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use record::{parse_product_patches, parse_products};

use super::App;
use super::auth::Caller;
use super::body::{Id, Parameters, Whole};
use super::errors::Failure;
use super::threads::apart;
use super::upload::{self, Upload};
use super::wire;
use crate::Environment;

const SCOPE: &str = "products";

/// `POST /v1/products`: products come in, or replace those with their ids.
pub(super) async fn upload(
    State(app): State<Arc<App>>,
    caller: Caller,
    parameters: Parameters,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    let upload = Upload { scope: SCOPE, parse: parse_products, check: Environment::check_products };
    upload
        .serve(app, caller, parameters, body, |to, task_id, products| async move {
            to.put_products(task_id, products).await
        })
        .await
}

/// `PATCH /v1/products`: some fields of products change.
pub(super) async fn change(
    State(app): State<Arc<App>>,
    caller: Caller,
    parameters: Parameters,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    let upload = Upload { scope: SCOPE, parse: parse_product_patches, check: Environment::check_patches };
    upload
        .serve(app, caller, parameters, body, |to, task_id, patches| async move {
            to.patch_products(task_id, patches).await
        })
        .await
}

/// `GET /v1/products/_ids`, of one type with `?type=`.
pub(super) async fn ids(caller: Caller, parameters: Parameters) -> Result<Response, Failure> {
    apart(move || Ok(upload::ids(&caller.environment.product_ids(parameters.kind.as_deref())?))).await?
}

/// `POST /v1/products/_delete`.
pub(super) async fn delete_many(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let ids = upload::ids_to_delete(&body, "product_ids")?;
    Ok(upload::deleted(&caller.environment.delete_products(Environment::new_task_id(), ids).await?))
}

/// `GET /v1/products/_status/{task_id}`.
pub(super) async fn status(State(app): State<Arc<App>>, caller: Caller, task_id: Id) -> Result<Response, Failure> {
    upload::status(&app, caller, SCOPE, task_id).await
}

/// `GET /v1/products/{product_id}`.
pub(super) async fn read(caller: Caller, Id(id): Id) -> Result<Response, Failure> {
    let record = apart(move || caller.environment.product(&id)).await??;
    record.map(wire::record).ok_or(Failure::NotFound)
}

/// `DELETE /v1/products/{product_id}`.
pub(super) async fn delete_one(caller: Caller, Id(id): Id) -> Result<Response, Failure> {
    upload::deleted_one(&caller.environment.delete_products(Environment::new_task_id(), vec![id]).await?)
}
