use serde_json::{Map, Value};

use crate::{Interaction, Product, Refusals, User};

/// Reads the body `{"data":[product,…]}` of an upload.
///
/// # Errors
/// All or nothing: every error of every record, see [`Refusals`]. A body that is not JSON is one refusal with path `data`.
pub fn parse_products(body: &[u8]) -> Result<Vec<Product>, Refusals> {
    todo!("{body:?}")
}

/// Reads the body `{"data":[user,…]}` of an upload. Errors as for [`parse_products`].
pub fn parse_users(body: &[u8]) -> Result<Vec<User>, Refusals> {
    todo!("{body:?}")
}

/// Reads the body `{"data":[interaction,…]}` of an upload. Errors as for [`parse_products`].
pub fn parse_interactions(body: &[u8]) -> Result<Vec<Interaction>, Refusals> {
    todo!("{body:?}")
}

/// A change to some fields of one product: `null` removes a field, `custom_attributes` merge by key.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductPatch {
    /// Whose fields change.
    pub product_id: String,
    fields: Map<String, Value>,
}

impl ProductPatch {
    /// The product after the change. The patch was checked field by field, so the outcome is valid too.
    pub fn apply(&self, product: &Product) -> Product {
        todo!("{product:?} {:?}", self.fields)
    }
}

/// Reads the body `{"data":[{"product_id":…, changed fields},…]}` of a partial update. Errors as for [`parse_products`].
pub fn parse_product_patches(body: &[u8]) -> Result<Vec<ProductPatch>, Refusals> {
    todo!("{body:?}")
}
