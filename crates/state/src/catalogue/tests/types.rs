use record::AttributeKind;
use serde_json::{Value, json};

use super::{Catalogue, product, put};

fn with(id: &str, attributes: Value) -> record::Product {
    product(json!({"product_id": id, "custom_attributes": attributes}))
}

/// Three products with a number `x`.
fn numbers() -> Catalogue {
    let mut catalogue = Catalogue::default();
    for id in ["p0", "p1", "p2"] {
        put(&mut catalogue, &with(id, json!({"x": 1, "y": null, "z": []})));
    }
    catalogue
}

/// Each conflict as `index attribute expected given`.
fn conflicts(catalogue: &Catalogue, batch: &[record::Product]) -> Vec<String> {
    let name = |kind: AttributeKind| kind.name();
    let conflicts = catalogue.type_conflicts(batch);
    conflicts.iter().map(|c| format!("{} {} {} {}", c.index, c.attribute, name(c.expected), name(c.given))).collect()
}

#[test]
fn types_are_counted_and_freed_with_the_last_product() {
    let mut catalogue = numbers();
    assert_eq!(catalogue.attribute_types().get("x"), Some(&(AttributeKind::Number, 3)));
    assert_eq!(catalogue.attribute_types().len(), 1, "null and the empty array have no type");
    put(&mut catalogue, &with("p0", json!({})));
    catalogue.delete("p1");
    assert_eq!(catalogue.attribute_types().get("x"), Some(&(AttributeKind::Number, 1)));
    catalogue.delete("p2");
    assert!(catalogue.attribute_types().is_empty());
}

#[test]
fn a_type_unlike_the_data_sets_is_a_conflict() {
    let catalogue = numbers();
    let batch = [with("p3", json!({"x": 2})), with("p4", json!({"x": "2", "new": true}))];
    assert_eq!(conflicts(&catalogue, &batch), ["1 x number string"]);
    assert_eq!(conflicts(&catalogue, &[with("p3", json!({"x": null}))]), [""; 0]);
}

#[test]
fn a_type_unlike_an_earlier_one_of_the_batch_is_a_conflict() {
    let batch = [with("p3", json!({"n": 2})), with("p4", json!({"n": [2]})), with("p5", json!({"n": 3}))];
    assert_eq!(conflicts(&numbers(), &batch), ["1 n number array of numbers"]);
}

#[test]
fn a_batch_may_change_a_type_where_it_replaces_every_record_that_has_it() {
    let mut catalogue = numbers();
    let some = [with("p0", json!({"x": "a"})), with("p1", json!({"x": "b"}))];
    assert_eq!(conflicts(&catalogue, &some), ["0 x number string", "1 x number string"]);
    let all = [some[0].clone(), some[1].clone(), with("p2", json!({})), with("p9", json!({"x": "c"}))];
    assert_eq!(conflicts(&catalogue, &all), [""; 0]);
    for product in &all {
        put(&mut catalogue, product);
    }
    assert_eq!(catalogue.attribute_types().get("x"), Some(&(AttributeKind::String, 3)));
}

#[test]
fn the_same_record_twice_in_a_batch_is_replaced_once() {
    let batch = [with("p0", json!({"x": "a"})), with("p0", json!({"x": "a"})), with("p0", json!({"x": "a"}))];
    assert_eq!(conflicts(&numbers(), &batch).len(), 3, "p1 and p2 still hold a number");
}
