use serde_json::{Value, json};

use super::{interaction_lines, product_lines, user_lines};
use crate::{AttributeKind, Refusal};

/// Uploads one product with these fields and an id, and expects exactly these lines, less `data.0.`.
fn check_product(fields: Value, expected: &[&str]) {
    let mut record = json!({"product_id": "p"});
    record.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let expected: Vec<String> = expected.iter().map(|line| format!("data.0.{line}")).collect();
    assert_eq!(product_lines(&[record]), expected);
}

fn check_interaction(record: Value, expected: &[&str]) {
    let expected: Vec<String> = expected.iter().map(|line| format!("data.0.{line}")).collect();
    assert_eq!(interaction_lines(&[record]), expected);
}

#[test]
fn the_two_published_lines_come_out_to_the_letter() {
    let record = json!({"type": "like", "product_ids": "p1", "timestamp": "yesterday"});
    assert_eq!(
        interaction_lines(&[record]),
        [
            "data.0.product_ids is invalid. The attribute was expected to be of type ''array', 'null'' but type 'string' was given.",
            "data.0.timestamp is invalid. The attribute should match the 'date-time' format.",
        ]
    );
}

#[test]
fn a_wrong_type_is_named_with_the_types_that_would_do() {
    check_product(
        json!({"title": 1, "original_price": "9.99", "enable_question_answering": "yes", "tags": {}, "custom_attributes": []}),
        &[
            "title is invalid. The attribute was expected to be of type ''string', 'null'' but type 'integer' was given.",
            "original_price is invalid. The attribute was expected to be of type ''number', 'null'' but type 'string' was given.",
            "enable_question_answering is invalid. The attribute was expected to be of type ''boolean', 'null'' but type 'string' was given.",
            "tags is invalid. The attribute was expected to be of type ''array', 'null'' but type 'object' was given.",
            "custom_attributes is invalid. The attribute was expected to be of type ''object', 'null'' but type 'array' was given.",
        ],
    );
    check_product(
        json!({"product_id": 7, "location": 1.5, "categories": [["a"], "b", ["c", null]]}),
        &[
            "product_id is invalid. The attribute was expected to be of type 'string' but type 'integer' was given.",
            "location is invalid. The attribute was expected to be of type ''array', 'object', 'null'' but type 'number' was given.",
            "categories.1 is invalid. The attribute was expected to be of type 'array' but type 'string' was given.",
            "categories.2.1 is invalid. The attribute was expected to be of type 'string' but type 'null' was given.",
        ],
    );
    check_interaction(
        json!({"type": "add_to_cart", "quantities": "2"}),
        &[
            "quantities is invalid. The attribute was expected to be of type ''array', 'number', 'null'' but type 'string' was given.",
        ],
    );
    check_interaction(
        json!({"type": "checkout", "quantities": [1, true]}),
        &["quantities.1 is invalid. The attribute was expected to be of type 'number' but type 'boolean' was given."],
    );
}

#[test]
fn a_required_field_that_is_absent_or_null_is_named() {
    assert_eq!(
        product_lines(&[json!({}), json!({"product_id": null, "title": "t"})]),
        [
            "data.0.product_id is invalid. The attribute is required.",
            "data.1.product_id is invalid. The attribute is required."
        ]
    );
    assert_eq!(user_lines(&[json!({"name": "n"})]), ["data.0.user_id is invalid. The attribute is required."]);
    check_interaction(json!({"user_id": "u"}), &["type is invalid. The attribute is required."]);
    check_interaction(
        json!({"type": "like", "context": {"page": {"title": "t"}}}),
        &["context.page.url is invalid. The attribute is required."],
    );
    check_product(
        json!({"location": [{"lat": 1, "lon": 2}, {"lat": 1}], "children": [{"title": "t"}]}),
        &[
            "location.1.lon is invalid. The attribute is required.",
            "children.0.id is invalid. The attribute is required.",
        ],
    );
}

#[test]
fn an_unknown_field_is_named_with_the_place_where_it_may_go() {
    check_product(
        json!({"colour": "red"}),
        &["colour is invalid. The attribute is not known. Please remove it, or put it into 'custom_attributes'."],
    );
    check_interaction(
        json!({"type": "like", "product_id": "p"}),
        &[
            "product_id is invalid. The attribute is not known. Please remove it, or put it into 'context.custom_context'.",
        ],
    );
}

#[test]
fn a_choice_is_named_with_what_there_is_to_choose_from() {
    check_product(
        json!({"availability": "in_stock", "condition": "OLD"}),
        &[
            "availability is invalid. The attribute should be one of 'IN_STOCK', 'OUT_OF_STOCK', 'PRE_ORDER' but 'in_stock' was given.",
            "condition is invalid. The attribute should be one of 'NEW', 'USED', 'REFURBISHED' but 'OLD' was given.",
        ],
    );
    let lines = interaction_lines(&[json!({"type": "buy", "product_ids": 1})]);
    assert!(lines[0].starts_with(
        "data.0.type is invalid. The attribute should be one of 'product_detail_page_view', 'search', 'add_to_cart', "
    ));
    assert!(lines[0].ends_with(", 'custom' but 'buy' was given."));
    assert!(lines[1].starts_with("data.0.product_ids is invalid."), "the other fields are checked too");
}

#[test]
fn a_text_that_is_no_id_or_has_no_such_format_is_named() {
    check_product(
        json!({"product_id": ""}),
        &["product_id is invalid. The attribute should have at least 1 character but has 0."],
    );
    check_product(json!({"product_id": "a,b"}), &["product_id is invalid. The attribute should not contain ','."]);
    check_product(json!({"product_id": "_ids"}), &["product_id is invalid. The attribute should not start with '_'."]);
    assert_eq!(
        user_lines(&[json!({"user_id": "_u", "profile_image": "ada.png", "created_at": "2023-02-29"})]),
        [
            "data.0.user_id is invalid. The attribute should not start with '_'.",
            "data.0.profile_image is invalid. The attribute should match the 'uri' format.",
            "data.0.created_at is invalid. The attribute should match the 'date-time' or 'date' format.",
        ]
    );
    check_product(
        json!({"language": "e"}),
        &["language is invalid. The attribute should have at least 2 characters but has 1."],
    );
    check_interaction(
        json!({"type": "like", "miso_id": "7", "timestamp": "1969-12-31T23:59:59Z", "context": {"truncated_ip": "1.1.1"}}),
        &[
            "miso_id is invalid. The attribute should match the 'uuid' format.",
            "timestamp is invalid. The attribute should be a date-time of the years 1970 to 2200.",
            "context.truncated_ip is invalid. The attribute should match the 'ipv4' format.",
        ],
    );
}

#[test]
fn a_number_out_of_its_range_is_named() {
    check_product(
        json!({"location": {"lat": 91, "lon": -180.5}}),
        &[
            "location.lat is invalid. The attribute should be a number from -90 to 90 but 91 was given.",
            "location.lon is invalid. The attribute should be a number from -180 to 180 but -180.5 was given.",
        ],
    );
    assert_eq!(
        user_lines(&[json!({"user_id": "u", "age": 30.5})]),
        [
            "data.0.age is invalid. The attribute was expected to be of type ''integer', 'null'' but type 'number' was given."
        ]
    );
    let lines = user_lines(&[json!({"user_id": "u", "age": u64::MAX})]);
    assert!(lines[0].starts_with("data.0.age is invalid. The attribute should be a number from "), "{lines:?}");
}

#[test]
fn a_custom_attribute_that_is_no_scalar_list_or_object_is_named() {
    check_product(
        json!({"custom_attributes": {"size": [1, 2.5, "L", true], "grid": [[1]], "holes": [null], "": 1,
            "parts": [{"a": [1, "x"]}, 3]}}),
        &[
            "custom_attributes.size.2 is invalid. All items of an array should be of one type: the first is of type 'number' but this one is of type 'string'.",
            "custom_attributes.size.3 is invalid. All items of an array should be of one type: the first is of type 'number' but this one is of type 'boolean'.",
            "custom_attributes.grid.0 is invalid. The attribute was expected to be of type ''boolean', 'number', 'string', 'object'' but type 'array' was given.",
            "custom_attributes.holes.0 is invalid. The attribute was expected to be of type ''boolean', 'number', 'string', 'object'' but type 'null' was given.",
            "custom_attributes. is invalid. The name of the attribute should have 1 to 512 characters.",
            "custom_attributes.parts.0.a.1 is invalid. All items of an array should be of one type: the first is of type 'number' but this one is of type 'string'.",
            "custom_attributes.parts.1 is invalid. All items of an array should be of one type: the first is of type 'object' but this one is of type 'number'.",
        ],
    );
}

#[test]
fn the_insides_of_search_and_context_are_named() {
    check_interaction(
        json!({"type": "search", "search": {"keywords": 1, "filters": {"brand": "B", "size": ["M", 2]}}}),
        &[
            "search.keywords is invalid. The attribute was expected to be of type ''string', 'null'' but type 'integer' was given.",
            "search.filters.brand is invalid. The attribute was expected to be of type ''array', 'null'' but type 'string' was given.",
            "search.filters.size.1 is invalid. The attribute was expected to be of type 'string' but type 'integer' was given.",
        ],
    );
    check_interaction(
        json!({"type": "like", "context": {"page": {"url": 1}, "campaign": [], "custom_context": {"a": [1, "b"]}}}),
        &[
            "context.page.url is invalid. The attribute was expected to be of type 'string' but type 'integer' was given.",
            "context.campaign is invalid. The attribute was expected to be of type ''object', 'null'' but type 'array' was given.",
            "context.custom_context.a.1 is invalid. All items of an array should be of one type: the first is of type 'number' but this one is of type 'string'.",
        ],
    );
}

#[test]
fn an_attribute_of_another_type_than_before_is_refused_in_the_same_style() {
    let refusal = Refusal::of_attribute_type(3, "size", AttributeKind::Numbers, AttributeKind::String);
    assert_eq!(
        refusal.to_string(),
        "data.3.custom_attributes.size is invalid. The attribute was expected to be of type 'array of numbers', \
         as in the records before, but type 'string' was given."
    );
}
