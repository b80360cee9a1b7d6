//! Which changes of a product the text index need not hear of.

use record::Product;
use serde_json::Value;

use crate::fields::is_identifying;

/// Whether all that is searched, completed or meant of a product is the same in both records: prices, stock, dates, pictures and other
/// numbers may differ, which filters read from the live view.
pub fn has_same_text(one: &Product, other: &Product) -> bool {
    bare(one) == bare(other)
}

/// The product without what its text does not depend on.
fn bare(product: &Product) -> Product {
    let mut bare = Product {
        created_at: None,
        published_at: None,
        updated_at: None,
        url: None,
        cover_image: None,
        original_price: None,
        sale_price: None,
        margin: None,
        condition: None,
        availability: None,
        location: None,
        rating: None,
        ..product.clone()
    };
    let has_text = |name: &str, value: &Value| !(value.is_number() || value.is_boolean()) || is_identifying(name);
    if let Some(attributes) = &mut bare.custom_attributes {
        attributes.retain(|name, value| has_text(name, value));
    }
    bare.custom_attributes = bare.custom_attributes.filter(|attributes| !attributes.is_empty());
    bare
}

#[cfg(test)]
mod tests {
    //! Properties: prices, stock, dates and numbers are no text; every word is, and so is a number that identifies.

    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn prices_and_stock_are_no_text_and_words_are() {
        let product = |change: serde_json::Value| -> Product {
            let mut record = json!({"product_id": "p", "title": "Tent", "sale_price": 3.0, "availability": "IN_STOCK",
                "custom_attributes": {"weight": 3, "colour": "red", "ean": 401}});
            record.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            serde_json::from_value(record).unwrap()
        };
        let former = product(json!({}));
        for same in [
            json!({"sale_price": 4.0, "availability": "OUT_OF_STOCK", "rating": 4.5, "updated_at": "2026-01-01"}),
            json!({"custom_attributes": {"weight": 4, "new": true, "colour": "red", "ean": 401}}),
        ] {
            assert!(has_same_text(&former, &product(same.clone())), "{same}");
        }
        for other in [
            json!({"title": "Tents"}),
            json!({"tags": ["new"]}),
            json!({"categories": [["Tents"]]}),
            json!({"custom_attributes": {"weight": 3, "colour": "blue", "ean": 401}}),
            json!({"custom_attributes": {"weight": 3, "colour": "red", "ean": 402}}),
            json!({"language": "de"}),
        ] {
            assert!(!has_same_text(&former, &product(other.clone())), "{other}");
        }
    }
}
