use std::sync::Arc;

use serde_json::json;

use super::super::number_column::NumberColumn;
use super::{Catalogue, catalogue, check, product, put};
use roaring::RoaringBitmap;

#[test]
fn a_replaced_record_leaves_no_old_value() {
    let mut catalogue = catalogue(&[
        json!({"product_id": "p0", "brand": "Nike", "tags": ["a", "a", "b"], "rating": 4.0,
               "custom_attributes": {"sizes": [1, 2], "led": true, "when": "2024-01-31"}}),
        json!({"product_id": "p1", "brand": "Nike"}),
    ]);
    check(&catalogue, "custom_attributes.sizes:2 AND custom_attributes.when:[2024-01-01 TO 2024-01-31]", &["p0"]);
    put(&mut catalogue, &product(json!({"product_id": "p0", "brand": "Puma", "tags": ["b"]})));
    check(&catalogue, "brand:Nike", &["p1"]);
    check(&catalogue, "brand:Puma AND tags:b", &["p0"]);
    for gone in [
        "tags:a",
        "rating:4",
        "custom_attributes.sizes:[0 TO 9]",
        "custom_attributes.led:*",
        "custom_attributes.when:*",
    ] {
        check(&catalogue, gone, &[]);
    }
    check(&catalogue, "-brand:Nike", &["p0"]);
    assert!(catalogue.columns.field("rating").is_none(), "a field without values is freed");
}

#[test]
fn a_value_held_by_many_is_found_and_freed() {
    let mut catalogue = Catalogue::default();
    for number in 0..200 {
        let parity = if number % 2 == 0 { "even" } else { "odd" };
        put(&mut catalogue, &product(json!({"product_id": format!("p{number:03}"), "tags": ["all", parity]})));
    }
    check(&catalogue, "tags:all AND product_id:(p007 OR p008)", &["p007", "p008"]);
    for number in (0..200).filter(|number| ![17, 34].contains(number)) {
        catalogue.delete(&format!("p{number:03}"));
    }
    check(&catalogue, "tags:all", &["p017", "p034"]);
    check(&catalogue, "tags:odd", &["p017"]);
    catalogue.delete("p017");
    check(&catalogue, "tags:(odd OR all)", &["p034"]);
}

#[test]
fn long_texts_are_told_apart_beyond_the_part_that_is_held() {
    let long = "the same words over and over, ".repeat(10);
    let catalogue = catalogue(&[
        json!({"product_id": "p0", "description": format!("{long}one")}),
        json!({"product_id": "p1", "description": format!("{long}two")}),
        json!({"product_id": "p2", "description": format!("{long}two")}),
    ]);
    check(&catalogue, &format!("description:\"{long}two\""), &["p1", "p2"]);
    check(&catalogue, "description:*two", &["p1", "p2"]);
    check(&catalogue, r"description:the\ same*", &["p0", "p1", "p2"]);
    check(&catalogue, &format!("description:{}t*", long.replace(' ', "\\ ")), &["p1", "p2"]);
    check(&catalogue, &format!("description:[\"{long}p\" TO *]"), &["p1", "p2"]);
    check(&catalogue, &format!("description:\"{long}\""), &[]);
}

#[test]
fn a_catalogue_replaced_over_and_over_does_not_grow() {
    let mut catalogue = Catalogue::default();
    let mut round = |round: u32| {
        for number in 0..300 {
            let fields = json!({"product_id": format!("p{number}"), "title": format!("title {number} of round {round}"),
                                "rating": f64::from(round), "tags": [format!("tag {}", number % 7)]});
            put(&mut catalogue, &product(fields));
        }
        catalogue.memory_bytes()
    };
    let after_ten = (0..10).map(&mut round).max().unwrap();
    let after_hundred = (10..100).map(&mut round).last().unwrap();
    assert!(after_hundred <= after_ten + after_ten / 10, "{after_ten} bytes grew to {after_hundred}");
}

#[test]
fn a_record_costs_little_beside_its_body() {
    let mut catalogue = Catalogue::default();
    let mut body_bytes = 0;
    for number in 0..5_000 {
        let product = product(json!({
            "product_id": format!("sku-{number:06}"), "title": format!("A believable title of a product, number {number}"),
            "description": format!("{} {number}", "Some sentences that sell the product to whoever reads on. ".repeat(6)),
            "url": format!("https://shop.example/products/a-believable-title-of-a-product-number-{number}"),
            "cover_image": format!("https://cdn.shop.example/pictures/{number}.jpg"), "brand": format!("Brand {}", number % 50),
            "categories": [["Clothes", format!("Kind {}", number % 30)]], "tags": ["new", "sale"], "rating": 4.5,
            "sale_price": f64::from(number) / 100.0, "created_at": format!("2024-01-{:02}T10:00:00Z", number % 28 + 1),
        }));
        let body: Arc<str> = serde_json::to_string(&product).unwrap().into();
        body_bytes += body.len();
        catalogue.put(&product, body);
    }
    let beside = (catalogue.memory_bytes() - body_bytes) / 5_000;
    assert!(beside < 700, "{beside} bytes a product beside its body");
}

#[test]
fn a_number_column_answers_alike_sparse_and_dense() {
    let rows: Vec<u32> = (0..5_000).collect();
    for step in [1, 2, 5, 40, 700] {
        let mut column = NumberColumn::default();
        let mut expected = RoaringBitmap::new();
        for &row in rows.iter().filter(|&&row| row % step == 0) {
            column.insert(row, f64::from(row % 10));
            if row % 10 >= 5 {
                expected.insert(row);
            }
            if row % 3 == 0 {
                column.insert(row, 7.0);
                expected.insert(row);
            }
        }
        for within in [RoaringBitmap::from_iter(0..5_000), RoaringBitmap::from_iter([0, 5, 4_999, 9_999])] {
            let mut found = RoaringBitmap::new();
            column.select(&within, &mut found, |value| value >= 5.0);
            assert_eq!(found, &expected & &within, "step {step}");
        }
        for &row in &rows {
            column.clear(row);
        }
        let mut found = RoaringBitmap::new();
        column.select(&RoaringBitmap::from_iter(0..5_000), &mut found, |value| value >= 0.0);
        assert!(found.is_empty());
    }
    let mut column = NumberColumn::default();
    (0..10).chain([4_000_000]).for_each(|row| column.insert(row, 1.0));
    assert_eq!(column.get(4_000_000), Some(1.0));
    assert!(column.memory_bytes() < 10_000, "a lone far row makes no large array");
}
