//! 1. Each step of a field's rule does what docs/IMPORT.md says.
//! 2. What cannot be read is a reason that names the field, never a wrong value.
//! 3. A mapping that cannot be meant is refused before a row is read.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::row::{Cells, Header, Row};

/// A row from `column=value` texts; an empty value is an empty cell.
fn row(cells: &[(&str, &str)]) -> Row {
    let header = Header::new(cells.iter().map(|(name, _)| (*name).to_owned()));
    let cell = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let values = cells.iter().map(|(_, text)| cell(text)).collect();
    Row { number: 1, cells: Cells::Columns { header: Arc::new(header), values } }
}

fn apply(mapping: &str, cells: &[(&str, &str)]) -> Outcome {
    Plan::new(&Mapping::parse(mapping, "test").unwrap()).unwrap().apply(&row(cells))
}

fn check(mapping: &str, cells: &[(&str, &str)], expected: Value) {
    match apply(mapping, cells) {
        Outcome::Record(record) => assert_eq!(Value::Object(record), expected),
        other => panic!("{other:?}"),
    }
}

fn refused(mapping: &str) -> String {
    Mapping::parse(mapping, "test").and_then(|mapping| Plan::new(&mapping)).unwrap_err().to_string()
}

const PRODUCT: &str = "record = 'products'\nfields.product_id = 'id'\n";

fn product(field: &str, text: &str, expected: Value) {
    let name = field.split(['=', ' ']).next().unwrap().trim_matches('"').to_owned();
    let mapping = format!("{PRODUCT}fields.{field}");
    let mut record = json!({ "product_id": "7" });
    if !expected.is_null() {
        record[name] = expected;
    }
    check(&mapping, &[("id", "7"), ("c", text)], record);
}

#[test]
fn values_take_the_shape_of_their_field() {
    product("title = 'c'", "  Red shoe ", json!("Red shoe"));
    product("tags = 'c'", "red", json!(["red"]));
    product("tags = { from = 'c', split = ',' }", "red, ,new", json!(["red", "new"]));
    product("categories = { from = 'c', split = '|', levels = ' > ' }", "A > B|C", json!([["A", "B"], ["C"]]));
    product("original_price = 'c'", "$1,234.50", json!(1234.5));
    product("original_price = { from = 'c', decimal = ',' }", "1.234,50 €", json!(1234.5));
    product("original_price = { from = 'c', absolute = true }", "-3", json!(3));
    product("enable_question_answering = 'c'", "Yes", json!(true));
    product("availability = 'c'", "in stock", json!("IN_STOCK"));
    product("availability = 'c'", "0", json!("OUT_OF_STOCK"));
    product("condition = 'c'", "Refurbished", json!("REFURBISHED"));
    product("location = 'c'", "47.37, 8.54", json!({ "lat": 47.37, "lon": 8.54 }));
    product("title = 'c'", "", Value::Null);
}

#[test]
fn steps_are_taken_in_order() {
    product("title = { from = 'c', replace = [['\\s*\\(\\d{4}\\)$', '']] }", "Heat (1995)", json!("Heat"));
    product("title = { from = 'c', extract = '\\((\\d{4})\\)' }", "Heat (1995)", json!("1995"));
    product("title = { from = 'c', extract = '\\((\\d{4})\\)' }", "Heat", Value::Null);
    product("title = { from = 'c', strip_html = true }", "<p>A &amp; B</p><script>x()</script>C", json!("A & B C"));
    product("tags = { from = 'c', split = '|', values = { x = '', y = 'z' } }", "x|y|w", json!(["z", "w"]));
    product("brand = { from = 'c', default = 'Own' }", "", json!("Own"));
    product("brand = { from = ['none', 'c'] }", "Acme", json!("Acme"));
    product("title = '{id}: {c}'", "Acme", json!("7: Acme"));
    product("title = '{id}: {c}'", "", Value::Null);
}

#[test]
fn dates_are_read_in_many_ways_and_written_in_one() {
    let noon = json!("2024-02-29T12:00:00Z");
    for (rule, text) in [
        ("'c'", "2024-02-29T12:00:00Z"),
        ("'c'", "2024-02-29T14:00:00+02:00"),
        ("'c'", "2024-02-29 12:00:00"),
        ("'c'", "2024-02-29 12:00"),
        ("'c'", "2024-02-29 12:00:00 UTC"),
        ("'c'", "1709208000"),
        ("'c'", "1709208000000"),
        ("{ from = 'c', date = 'seconds' }", "1709208000.0"),
        ("{ from = 'c', date = 'milliseconds' }", "1709208000000"),
        ("{ from = 'c', date = '%d/%m/%Y %H:%M' }", "29/02/2024 12:00"),
        ("{ from = 'c', date = '%d.%m.%Y %H:%M', zone = '+02:00' }", "29.02.2024 14:00"),
    ] {
        product(&format!("created_at = {rule}"), text, noon.clone());
    }
    product("created_at = 'c'", "1396860669.277", json!("2014-04-07T08:51:09.277Z"));
    product("created_at = 'c'", "2024-02-29", json!("2024-02-29T00:00:00Z"));
}

#[test]
fn what_does_not_fit_is_a_reason_that_names_the_field() {
    let mapping = format!("{PRODUCT}fields.original_price = 'p'\nfields.created_at = 'd'");
    let outcome = apply(&mapping, &[("id", "7"), ("p", "cheap"), ("d", "soon")]);
    assert_eq!(
        outcome,
        Outcome::Rejected(vec![
            "created_at is no date of the expected format: \"soon\"".into(),
            "original_price must be a number, but is \"cheap\"".into(),
        ])
    );
    assert_eq!(apply(PRODUCT, &[("id", "")]), Outcome::Rejected(vec!["product_id is missing".into()]));
}

#[test]
fn rules_set_fields_and_leave_rows_out() {
    let mapping = "record = 'interactions'\nset.type = 'checkout'\nfields.user_id = 'u'\nfields.product_ids = 'p'
        fields.quantities = { from = 'q', absolute = true }
        fields.revenue = { from = 'q', times = 'price' }
        [[rules]]\nwhen = { column = 'p', matches = '^POST' }\nskip = true
        [[rules]]\nwhen = { column = 'q', below = 0 }\nset = { type = 'refund' }
        [[rules]]\nwhen = [{ column = 'u', empty = true }, { column = 'q', above = 0 }]\nfields = { anonymous_id = 'no-{p}' }";
    let cells = |u, p, q| [("u", u), ("p", p), ("q", q), ("price", "0.1")];
    check(
        mapping,
        &cells("ann", "s1", "3"),
        json!({ "type": "checkout", "user_id": "ann", "product_ids": ["s1"], "quantities": [3], "revenue": 0.3 }),
    );
    // A refund has neither quantities nor revenue.
    check(mapping, &cells("ann", "s1", "-3"), json!({ "type": "refund", "user_id": "ann", "product_ids": ["s1"] }));
    check(
        mapping,
        &cells("", "s1", "1"),
        json!({ "type": "checkout", "anonymous_id": "no-s1", "product_ids": ["s1"], "quantities": [1], "revenue": 0.1 }),
    );
    assert_eq!(apply(mapping, &cells("ann", "POSTAGE", "1")), Outcome::Skipped);
}

#[test]
fn the_rest_becomes_custom_attributes() {
    let mapping = format!("rest = true\nnothing = ['NA']\n{PRODUCT}");
    let cells = [("id", "7"), ("Fit", "slim")];
    check(&mapping, &cells, json!({ "product_id": "7", "custom_attributes": { "Fit": "slim" } }));
}

#[test]
fn names_with_dots_reach_inwards() {
    let mapping =
        "record = 'interactions'\nset.type = 'search'\nfields.'search.keywords' = 'q'\nset.'context.site.name' = 'a'";
    check(
        mapping,
        &[("q", "red shoes")],
        json!({ "type": "search", "search": { "keywords": "red shoes" }, "context": { "site": { "name": "a" } } }),
    );
}

#[test]
fn a_mapping_that_cannot_be_meant_is_refused() {
    for (mapping, word) in [
        ("record = 'products'\nfields.titel = 'Name'", "titel"),
        ("record = 'products'\nfields.title = { from = 'Name', splitt = ',' }", "splitt"),
        ("record = 'products'\nfields.title = '{Name'", "brace"),
        ("record = 'products'\nfields.title = { from = 'Name', extract = '(' }", "title"),
        ("record = 'products'\nfields.created_at = { from = 'd', date = 'yesterday' }", "yesterday"),
        ("record = 'products'\nfields.created_at = { from = 'd', zone = 'Atlantis/City' }", "Atlantis"),
        ("record = 'products'\nfields.title = 7", "[set]"),
        ("record = 'things'", "things"),
    ] {
        let message = refused(mapping);
        assert!(message.contains(word), "{mapping}: {message}");
    }
}

#[test]
fn flags_win_over_the_mapping_and_survive_a_round_trip() {
    let mut mapping = Mapping::parse(&format!("{PRODUCT}fields.title = 'Name'\nset.type = 'a'"), "test").unwrap();
    let fields = ["title={Brand} {Name}".to_owned(), "tags={from=\"Tags\",split=\",\"}".into(), "type=Kind".into()];
    mapping.add_flags(&fields, &["brand=Acme".to_owned()]).unwrap();
    assert_eq!(mapping.set.get("type"), None);
    assert_eq!(Mapping::parse(&mapping.to_toml().unwrap(), "test").unwrap(), mapping);
    let cells = [("id", "1"), ("Name", "Shoe"), ("Brand", "Best"), ("Tags", "a,b"), ("Kind", "k")];
    match Plan::new(&mapping).unwrap().apply(&row(&cells)) {
        Outcome::Record(record) => assert_eq!(
            Value::Object(record),
            json!({ "brand": "Acme", "product_id": "1", "tags": ["a", "b"], "title": "Best Shoe", "type": "k" })
        ),
        other => panic!("{other:?}"),
    }
    assert!(mapping.add_flags(&["title".to_owned()], &[]).is_err());
}

#[test]
fn a_missing_column_is_named_before_any_row_is_read() {
    let plan = Plan::new(&Mapping::parse(&format!("{PRODUCT}fields.title = 'Name'"), "test").unwrap()).unwrap();
    let header = Header::new(["id".to_owned(), "label".to_owned()]);
    let message = plan.check_columns(&header, "f.csv").unwrap_err().to_string();
    assert!(message.contains("title from Name") && message.contains("id, label"), "{message}");
}
