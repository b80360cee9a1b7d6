use serde_json::{Value, json};

use super::{body, full_product, interaction, interaction_lines, product, product_lines};
use crate::{
    AttributeKind, Interaction, RecordKind, check_record, limits, parse_interaction_values, parse_interactions,
    parse_product_patches, parse_products, parse_users,
};

/// Uploads `text` as each kind of record, and expects the same one line of each.
fn check_line(text: &str, expected: &str) {
    let lines = [
        parse_products(text.as_bytes()).unwrap_err().lines(),
        parse_users(text.as_bytes()).unwrap_err().lines(),
        parse_interactions(text.as_bytes()).unwrap_err().lines(),
        parse_product_patches(text.as_bytes()).unwrap_err().lines(),
    ];
    for lines in lines {
        assert_eq!(lines, [expected], "{text}");
    }
}

#[test]
fn a_body_that_is_not_json_is_refused_with_line_and_column() {
    check_line(
        "{\"data\":\n[}",
        "data is invalid. The body could not be read as JSON: expected value at line 2 column 2.",
    );
    check_line(
        "{\"data\": [{}]} x",
        "data is invalid. The body could not be read as JSON: trailing characters at line 1 column 16.",
    );
    check_line(
        " \n",
        "data is invalid. The body could not be read as JSON: it is empty, and should be an object such as {\"data\": [{…}, {…}]}.",
    );
    assert!(parse_products(b"{\"data\": [{\"product_id\": \"\xff\"}]}").is_err(), "not UTF-8");
}

#[test]
fn a_body_without_an_array_of_records_is_refused() {
    check_line("{}", "data is invalid. The attribute is required.");
    check_line("{\"data\": null}", "data is invalid. The attribute is required.");
    check_line(
        "{\"data\": {\"product_id\": \"p\"}}",
        "data is invalid. The attribute was expected to be of type 'array' but type 'object' was given.",
    );
    check_line(
        "[[{\"product_id\": \"p\"}]]",
        "data is invalid. The attribute was expected to be of type 'object' but type 'array' was given.",
    );
    check_line(
        "2.5",
        "data is invalid. The attribute was expected to be of type 'object' but type 'number' was given.",
    );
    check_line(
        "{\"data\": [], \"data\": []}",
        "data is invalid. The body could not be read as JSON: duplicate field `data` at line 1 column 19.",
    );
}

#[test]
fn an_empty_upload_is_accepted_and_other_names_beside_data_are_ignored() {
    assert_eq!(parse_products(b"{\"data\": [], \"async\": 1}").unwrap(), []);
}

#[test]
fn a_record_that_is_no_object_is_refused_at_its_index() {
    check_line(
        "{\"data\": [\"p1\"]}",
        "data.0 is invalid. The attribute was expected to be of type 'object' but type 'string' was given.",
    );
    // The fields of a struct in order, which a derived reader would take.
    check_line(
        "{\"data\": [[\"p1\"]]}",
        "data.0 is invalid. The attribute was expected to be of type 'object' but type 'array' was given.",
    );
}

#[test]
fn all_errors_of_all_records_are_listed_in_the_order_of_the_body() {
    let records = [
        json!({"product_id": "a,b", "title": 1}),
        full_product(),
        json!({"product_id": "c", "tags": ["x", 2, "y", 4]}),
        json!(7),
    ];
    let paths: Vec<String> =
        parse_products(&body(&records)).unwrap_err().listed.into_iter().map(|refusal| refusal.path).collect();
    assert_eq!(paths, ["data.0.product_id", "data.0.title", "data.2.tags.1", "data.2.tags.3", "data.3"]);
}

#[test]
fn errors_beyond_the_bound_are_counted() {
    let records = vec![json!({"product_id": 1, "title": 2}); 700];
    let refusals = parse_products(&body(&records)).unwrap_err();
    assert_eq!((refusals.listed.len(), refusals.more), (limits::ERRORS_LISTED_MAX, 400));
    let lines = refusals.lines();
    assert_eq!(lines.last().unwrap(), "400 more errors are not listed. Please correct those above first.");
    assert_eq!(lines.len(), 1_001);
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_the_others_are_checked_all_the_same() {
    let text =
        "{\"data\": [{\"product_id\": \"a\", \"rating\": 1e999}, {\"product_id\": \"\\ud800\"}, {\"title\": \"t\"}]}";
    assert_eq!(
        parse_products(text.as_bytes()).unwrap_err().lines(),
        [
            "data.0 is invalid. The record could not be read as JSON: number out of range at line 1 column 35.",
            "data.1 is invalid. The record could not be read as JSON: unexpected end of hex escape at line 1 column 23.",
            "data.2.product_id is invalid. The attribute is required.",
        ]
    );
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let text = format!("{{\"data\": [{{\"product_id\": \"p\", \"custom_attributes\": {{\"a\": {deep}}}}}]}}");
        let lines = parse_products(text.as_bytes()).unwrap_err().lines();
        assert!(
            lines[0].starts_with("data.0 is invalid. The record could not be read as JSON: recursion limit exceeded")
        );
        assert!(parse_products(deep.as_bytes()).is_err());
    }
}

#[test]
fn null_means_absent_at_every_depth() {
    let record = json!({
        "product_id": "p", "title": null, "unknown": null, "location": {"lat": 1, "lon": 2, "x": null},
        "children": [{"id": "c", "title": null, "more": null, "custom_attributes": {"a": null}}],
        "custom_attributes": {"gone": null, "kept": {"gone": null, "list": [{"gone": null, "x": 1}]}},
    });
    assert_eq!(
        serde_json::from_str::<Value>(&product(record).to_json()).unwrap(),
        json!({"product_id": "p", "location": {"lat": 1.0, "lon": 2.0}, "children": [{"id": "c", "custom_attributes": {}}],
            "custom_attributes": {"kept": {"list": [{"x": 1}]}}})
    );
    let record = json!({"type": "search", "search": {"keywords": null, "filters": {"brand": null, "size": ["M"]}},
        "context": {"page": null, "campaign": {"name": null, "x": 1}, "custom_context": null}});
    assert_eq!(
        serde_json::from_str::<Value>(&interaction(record).to_json()).unwrap(),
        json!({"type": "search", "search": {"filters": {"size": ["M"]}}, "context": {"campaign": {"x": 1}}})
    );
}

#[test]
fn of_a_name_that_comes_twice_the_last_counts() {
    let text = br#"{"data": [{"product_id": "a", "title": 1, "product_id": "b", "title": "t", "custom_attributes": {"x": 1, "x": "y"}}]}"#;
    let product = parse_products(text).unwrap().remove(0);
    assert_eq!((product.product_id.as_str(), product.title.as_deref()), ("b", Some("t")));
    assert_eq!(product.custom_attributes.unwrap()["x"], "y");
}

#[test]
fn whole_numbers_are_numbers_and_a_number_without_fraction_is_whole() {
    assert_eq!(product(json!({"product_id": "p", "rating": 4, "sale_price": u64::MAX})).rating, Some(4.0));
    assert_eq!(super::user(json!({"user_id": "u", "age": 30.0})).age, Some(30));
}

#[test]
fn interactions_within_a_request_are_checked_with_the_path_they_have_there() {
    let values = [json!({"type": "like", "product_ids": ["p"]}), json!({"type": "like", "rating": 1}), json!("x")];
    let refusals = parse_interaction_values("additional_interactions", &values).unwrap_err();
    let paths: Vec<&str> = refusals.listed.iter().map(|refusal| refusal.path.as_str()).collect();
    assert_eq!(paths, ["additional_interactions.1.rating", "additional_interactions.2"]);
    let read = parse_interaction_values("additional_interactions", &values[..1]).unwrap();
    assert_eq!(read, [interaction(values[0].clone())]);
    assert_eq!(parse_interaction_values("x", &[]).unwrap(), Vec::<Interaction>::new());
}

#[test]
fn one_record_is_checked_with_paths_that_start_at_it() {
    let paths =
        |kind, value| -> Vec<String> { check_record(kind, &value).into_iter().map(|refusal| refusal.path).collect() };
    assert_eq!(paths(RecordKind::Product, full_product()), [""; 0]);
    assert_eq!(paths(RecordKind::Product, json!({"categories": [[1]]})), ["categories.0.0", "product_id"]);
    assert_eq!(paths(RecordKind::User, json!([])), ["record"]);
}

#[test]
fn names_in_paths_are_cut_so_that_an_answer_stays_bounded() {
    let name = "ä".repeat(5_000);
    let lines = product_lines(&[json!({"product_id": "p", name: 1})]);
    assert!(lines[0].starts_with(&format!("data.0.{}… is invalid.", "ä".repeat(limits::ERROR_NAME_CHARS_MAX))));
    let lines = interaction_lines(&[json!({"type": "x".repeat(5_000)})]);
    assert!(lines[0].len() < 1_000);
}

#[test]
fn the_kind_of_an_attribute_is_that_of_its_value_or_of_its_items() {
    for (value, kind) in [
        (json!(null), None),
        (json!([]), None),
        (json!(true), Some(AttributeKind::Boolean)),
        (json!(1), Some(AttributeKind::Number)),
        (json!(1.5), Some(AttributeKind::Number)),
        (json!("x"), Some(AttributeKind::String)),
        (json!([true]), Some(AttributeKind::Booleans)),
        (json!([1.5]), Some(AttributeKind::Numbers)),
        (json!(["x"]), Some(AttributeKind::Strings)),
        (json!({}), Some(AttributeKind::Object)),
        (json!([{}]), Some(AttributeKind::Objects)),
    ] {
        assert_eq!(AttributeKind::of(&value), kind, "{value}");
    }
}
