//! The vocabulary: products, users, interactions, and the validation that names every error and its path.
//!
//! Parse at the edge, once: a [`Product`], [`User`] or [`Interaction`] obtained from [`parse_products`], [`parse_users`]
//! or [`parse_interactions`] is valid, and every other crate relies on that.

mod attribute;
mod interaction;
pub mod limits;
mod product;
mod refusal;
mod time;
mod upload;
mod user;

pub use attribute::AttributeKind;
pub use interaction::{Interaction, InteractionType, SearchInformation};
pub use product::{Availability, Child, Condition, Location, Place, Product};
pub use refusal::{Refusal, Refusals};
pub use time::Time;
pub use upload::{ProductPatch, parse_interactions, parse_product_patches, parse_products, parse_users};
pub use user::User;
