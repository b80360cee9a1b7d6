//! What these tests hold:
//! 1. `select` passes the rows that `query::Filter::matches` passes, whatever came and went before, also after a snapshot.
//! 2. Rows are given once; groups, parents, stock and categories follow the newest record.
//! 3. What is gone leaves nothing behind: no field, no type, no name that was forgotten.
//! 4. A conflict of types is found with the data set and within a batch, and a batch may change a type everywhere.
//! 5. Values are counted as reading every record counts them.
//! 6. A snapshot gives back the same rows; a damaged one is refused.
#![allow(clippy::unwrap_used, reason = "tests")]

mod columns;
mod equality;
mod rows;
mod saving;
mod types;

use std::sync::Arc;

use record::Product;
use serde_json::{Value, json};

use super::{Catalogue, ProductRow};

/// The product of these fields, as it comes from an upload.
fn product(fields: Value) -> Product {
    serde_json::from_value(fields).unwrap()
}

fn put(catalogue: &mut Catalogue, product: &Product) -> ProductRow {
    catalogue.put(product, Arc::from(serde_json::to_string(product).unwrap()))
}

/// A catalogue of these products.
fn catalogue(products: &[Value]) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for fields in products {
        put(&mut catalogue, &product(fields.clone()));
    }
    catalogue
}

/// The ids that pass `query`, in the order of rows.
fn found(catalogue: &Catalogue, query: &str) -> Vec<String> {
    let filter = query::parse(query).unwrap();
    let rows = catalogue.select(&filter, &|_, _| unreachable!("no full text is asked for"));
    rows.iter().map(|row| catalogue.id(ProductRow(row)).to_owned()).collect()
}

/// Holds that `query` finds exactly these ids.
#[track_caller]
fn check(catalogue: &Catalogue, query: &str, ids: &[&str]) {
    assert_eq!(found(catalogue, query), ids, "{query}");
}

/// Through a snapshot and back.
fn saved(catalogue: &Catalogue) -> Catalogue {
    let mut bytes = Vec::new();
    let mut section = crate::sections::SectionWriter::begin(&mut bytes, *b"TEST").unwrap();
    catalogue.save(&mut section).unwrap();
    section.finish().unwrap();
    let mut input = &bytes[..];
    let mut source = crate::sections::Source::new(&mut input);
    let mut section = crate::sections::SectionReader::begin(&mut source, *b"TEST").unwrap();
    let catalogue = Catalogue::load(&mut section).unwrap();
    section.finish().unwrap();
    catalogue
}

/// A small shop for tests that name their products.
fn shop() -> Catalogue {
    catalogue(&[
        json!({"product_id": "p0", "title": "Red shoe", "brand": "Nike", "product_group_id": "shoe", "sale_price": 50.0,
               "categories": [["Shoes", "Running"], ["Gifts"]], "availability": "IN_STOCK"}),
        json!({"product_id": "p1", "title": "Blue shoe", "brand": "Nike", "product_group_id": "shoe",
               "original_price": 60.0, "categories": [["Shoes", "Walking"]], "availability": "OUT_OF_STOCK"}),
        json!({"product_id": "p2", "title": "Lamp", "brand": "Ikea", "categories": [["Shoe", "sRunning"]],
               "custom_attributes": {"watts": 9, "tags": ["a", "b"], "led": true}}),
    ])
}
