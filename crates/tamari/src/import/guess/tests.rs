//! 1. Common names of columns find their fields, if their values fit.
//! 2. What a log means is guessed from what it has; what cannot be guessed is asked for by the flag that says it.
//! 3. Records that have our fields need no mapping.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::import::row::Header;

fn table(text: &str) -> Vec<Row> {
    let mut lines = text.lines().map(|line| line.split(',').map(str::trim).map(str::to_owned));
    let header = Arc::new(Header::new(lines.next().unwrap()));
    let row = |cells: Vec<String>| {
        let values = cells.into_iter().map(|cell| if cell.is_empty() { Value::Null } else { json!(cell) }).collect();
        Row { number: 1, cells: Cells::Columns { header: Arc::clone(&header), values } }
    };
    lines.map(|cells| row(cells.collect())).collect()
}

/// The guessed field of each column, as `column→field`.
fn check(kind: Kind, text: &str, expected: &[&str]) -> Guess {
    let guess = guess(kind, &table(text), &[]);
    let found: Vec<String> = guess.columns.iter().map(|column| format!("{}→{}", column.column, column.field)).collect();
    assert_eq!(found, expected);
    guess
}

#[test]
fn a_catalogue_is_guessed_from_common_names() {
    let guess = check(
        Kind::Products,
        "SKU,Product Name,Unit Price,Category,Image URL,Fabric,Heel Height,EAN\n\
         7,Shoe,9.90,Women > Shoes,http://x/7.jpg,suede,4.5,00123\n\
         8,Boot,19.90,Women > Boots,http://x/8.jpg,suede,6,00124",
        &[
            "SKU→product_id",
            "Product Name→title",
            "Unit Price→original_price",
            "Category→categories",
            "Image URL→cover_image",
            "Fabric→material",
            "Heel Height→custom_attributes.heel_height",
            "EAN→custom_attributes.ean",
        ],
    );
    assert_eq!(guess.missing, None);
    assert_eq!(guess.mapping.fields["categories"].0.levels.as_deref(), Some(" > "));
    assert_eq!(guess.mapping.fields["custom_attributes.heel_height"].0.shape, Some(Shape::Number));
    assert_eq!(guess.mapping.fields["custom_attributes.ean"].0.shape, None, "a code with a leading zero is text");
}

#[test]
fn a_column_whose_values_do_not_fit_is_not_taken() {
    check(
        Kind::Interactions,
        "user,item,date,rating\n1,2,never,5",
        &["user→user_id", "item→product_ids", "date→", "rating→rating"],
    );
}

#[test]
fn the_meaning_of_a_log_is_guessed_from_its_columns() {
    let ratings = check(
        Kind::Interactions,
        "userId,movieId,rating,timestamp\n1,2,4.5,964982703",
        &["userId→user_id", "movieId→product_ids", "rating→rating", "timestamp→timestamp"],
    );
    assert_eq!(ratings.mapping.set["type"].as_str(), Some("rate"));
    let orders = check(
        Kind::Interactions,
        "Customer ID,StockCode,Quantity,Price,InvoiceDate\n1,2,3,4.5,2010-12-01 08:26:00",
        &[
            "Customer ID→user_id",
            "StockCode→product_ids",
            "Quantity→quantities, revenue",
            "Price→revenue",
            "InvoiceDate→timestamp",
        ],
    );
    assert_eq!(orders.mapping.set["type"].as_str(), Some("checkout"));
    let events = check(
        Kind::Interactions,
        "visitorid,itemid,event\n1,2,addtocart\n1,3,view",
        &["visitorid→anonymous_id", "itemid→product_ids", "event→type"],
    );
    assert_eq!(events.mapping.fields["type"].0.values["addtocart"], "add_to_cart");
}

#[test]
fn what_is_missing_is_asked_for_by_its_flag() {
    let clicks = guess(Kind::Interactions, &table("SessionId,ItemId\n1,2"), &[]);
    assert!(clicks.missing.unwrap().contains("--set type=product_detail_page_view"));
    let said = guess(Kind::Interactions, &table("SessionId,ItemId\n1,2"), &["type".into()]);
    assert_eq!(said.missing, None);
    let products = guess(Kind::Products, &table("colour\nred"), &[]);
    assert!(products.missing.unwrap().contains("--field product_id=COLUMN"));
}

#[test]
fn records_with_our_fields_need_no_mapping() {
    let row = |value: Value| Row { number: 1, cells: Cells::Object(value.as_object().unwrap().clone()) };
    let ours = row(json!({ "product_id": "1", "title": "a", "custom_attributes": { "x": 1 } }));
    let theirs = row(json!({ "product_id": "1", "Name": "a" }));
    assert!(is_identity(Kind::Products, std::slice::from_ref(&ours)));
    assert!(!is_identity(Kind::Products, &[ours, theirs]));
    assert!(!is_identity(Kind::Products, &table("product_id\n1")));
}
