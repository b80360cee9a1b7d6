//! The vocabulary: products, users, interactions, and the validation that names every error and its path.
//!
//! Parse at the edge, once: a [`Product`], [`User`] or [`Interaction`] obtained from [`parse_products`], [`parse_users`]
//! or [`parse_interactions`] is valid, and every other crate relies on that.
//!
//! Two paths lead there. The fast one reads the bytes straight into the types (`wire`) and checks bounds and formats
//! on them (`typed`). Only a body that it does not accept is read again, record by record, and walked along the tables
//! of `schema`, which lists every error (`validate`). Property tests hold the two to the same verdict.

mod attribute;
mod html;
mod interaction;
pub mod limits;
mod patch;
mod problem;
mod product;
mod refusal;
mod schema;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod translations;
mod typed;
mod upload;
mod user;
mod validate;
mod wire;

pub use attribute::AttributeKind;
pub use html::{push_resolved, visible_text};
pub use interaction::{Interaction, InteractionType, OwnField, SearchInformation};
pub use patch::{ProductPatch, parse_product_patches};
pub use product::{Availability, Child, Condition, Location, Place, Product};
pub use refusal::{Refusal, Refusals};
pub use schema::RecordKind;
pub use time::Time;
pub use translations::Translations;
pub use upload::{parse_interaction_values, parse_interactions, parse_products, parse_users};
pub use user::User;
pub use validate::check_record;
