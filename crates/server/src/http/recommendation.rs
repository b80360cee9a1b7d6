//! `/v1/recommendation/…`.

use axum::response::Response;

use super::auth::Caller;
use super::body::Whole;
use super::errors::Failure;
use super::question::{Question, answer};

pub(super) const USER_TO_PRODUCTS: Question = Question::new("recommendation/user_to_products", |api, caller, body| {
    answer(api, caller, body, engine::user_to_products)
});
pub(super) const USER_TO_TRENDING: Question = Question::new("recommendation/user_to_trending", |api, caller, body| {
    answer(api, caller, body, engine::user_to_trending)
});
pub(super) const USER_TO_HISTORY: Question = Question::new("recommendation/user_to_history", |api, caller, body| {
    answer(api, caller, body, engine::user_to_history)
});
pub(super) const USER_TO_CATEGORIES: Question =
    Question::new("recommendation/user_to_categories", |api, caller, body| {
        answer(api, caller, body, engine::user_to_categories)
    });
pub(super) const USER_TO_ATTRIBUTES: Question =
    Question::new("recommendation/user_to_attributes", |api, caller, body| {
        answer(api, caller, body, engine::user_to_attributes)
    });
pub(super) const PRODUCT_TO_PRODUCTS: Question =
    Question::new("recommendation/product_to_products", |api, caller, body| {
        answer(api, caller, body, engine::product_to_products)
    });

/// `POST /v1/recommendation/user_to_products`.
pub(super) async fn user_to_products(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    USER_TO_PRODUCTS.serve(caller, body).await
}

/// `POST /v1/recommendation/user_to_trending`.
pub(super) async fn user_to_trending(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    USER_TO_TRENDING.serve(caller, body).await
}

/// `POST /v1/recommendation/user_to_history`.
pub(super) async fn user_to_history(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    USER_TO_HISTORY.serve(caller, body).await
}

/// `POST /v1/recommendation/user_to_categories`.
pub(super) async fn user_to_categories(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    USER_TO_CATEGORIES.serve(caller, body).await
}

/// `POST /v1/recommendation/user_to_attributes`.
pub(super) async fn user_to_attributes(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    USER_TO_ATTRIBUTES.serve(caller, body).await
}

/// `POST /v1/recommendation/product_to_products`.
pub(super) async fn product_to_products(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    PRODUCT_TO_PRODUCTS.serve(caller, body).await
}
