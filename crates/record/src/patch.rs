use serde_json::{Map, Value};

use crate::{
    Product, RecordKind, Refusal, Refusals, limits,
    problem::Problem,
    upload::{Reader, for_each_value},
    validate::{self, drop_nulls},
};

const CUSTOM_ATTRIBUTES: &str = "custom_attributes";

/// A change to some fields of one product: `null` removes a field, `custom_attributes` merge by key.
///
/// All other fields are replaced whole. Source: `behaviour.md`, Uploads, partial update of products.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductPatch {
    /// Whose fields change.
    pub product_id: String,
    fields: Map<String, Value>,
}

impl ProductPatch {
    /// The product after the change. The patch was checked field by field, so the outcome is valid too.
    ///
    /// Only the number of custom attributes needs the product at hand: see [`ProductPatch::refusal`].
    pub fn apply(&self, product: &Product) -> Product {
        let Ok(Value::Object(mut fields)) = serde_json::to_value(product) else {
            unreachable!("a product is written as a JSON object");
        };
        for (name, change) in &self.fields {
            match (fields.get_mut(name), change) {
                (Some(Value::Object(present)), Value::Object(changes)) if name == CUSTOM_ATTRIBUTES => {
                    present.extend(changes.clone());
                    drop_nulls(present);
                }
                (_, Value::Object(changes)) if name == CUSTOM_ATTRIBUTES => {
                    let mut changes = changes.clone();
                    drop_nulls(&mut changes);
                    fields.insert(name.clone(), Value::Object(changes));
                }
                (_, Value::Null) => {
                    fields.remove(name);
                }
                (_, change) => {
                    fields.insert(name.clone(), change.clone());
                }
            }
        }
        serde_json::from_value(Value::Object(fields)).expect("the patch was checked against the schema of products")
    }

    /// Why this patch, the one at `index` of its upload, cannot be applied to `product`: together they would have more
    /// custom attributes than [`limits::ATTRIBUTES_MAX`]. Without this, patch after patch could let a product grow without end.
    pub fn refusal(&self, index: usize, product: &Product) -> Option<Refusal> {
        let Some(Value::Object(changes)) = self.fields.get(CUSTOM_ATTRIBUTES) else { return None };
        let present = product.custom_attributes.as_ref();
        let kept = present.into_iter().flatten().filter(|(name, _)| !changes.contains_key(*name)).count();
        let attributes = kept + changes.values().filter(|value| !value.is_null()).count();
        (attributes > limits::ATTRIBUTES_MAX).then(|| Refusal {
            path: format!("data.{index}.{CUSTOM_ATTRIBUTES}"),
            message: Problem::TooManyAttributes { attributes_max: limits::ATTRIBUTES_MAX, attributes }.to_string(),
        })
    }
}

/// Reads the body `{"data":[{"product_id":…, changed fields},…]}` of a partial update. Errors as for [`crate::parse_products`].
pub fn parse_product_patches(body: &[u8]) -> Result<Vec<ProductPatch>, Refusals> {
    let mut reader = Reader::new();
    for_each_value(body, &mut reader, |reader, value, path| {
        validate::record(RecordKind::Product, &value, path, &mut reader.refusals);
        match value {
            Value::Object(fields) if reader.refusals.is_empty() => reader.records.extend(patch(fields)),
            _ => {}
        }
    });
    reader.finish()
}

/// The patch of fields that were checked. Nulls stay where they mean removal: at the top, and of custom attributes.
fn patch(mut fields: Map<String, Value>) -> Option<ProductPatch> {
    let Some(Value::String(product_id)) = fields.remove("product_id") else { return None };
    for (name, value) in &mut fields {
        match value {
            Value::Object(attributes) if name == CUSTOM_ATTRIBUTES => {
                attributes.values_mut().for_each(validate::drop_nulls_within)
            }
            value => validate::drop_nulls_within(value),
        }
    }
    Some(ProductPatch { product_id, fields })
}
