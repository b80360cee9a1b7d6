//! A product as a page shows it among others.

use serde_json::{Value, json};
use state::{ProductRow, State};

/// What stands on a product's card. A product that only interactions name has an id and `"known": false`.
pub(crate) fn card(state: &State, row: ProductRow) -> Value {
    let catalogue = state.catalogue();
    json!({
        "product_id": catalogue.id(row),
        "known": catalogue.body(row).is_some(),
        "title": catalogue.title(row),
        "cover_image": catalogue.text(row, "cover_image"),
        "price": catalogue.price(row),
    })
}
