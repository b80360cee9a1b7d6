use serde_json::{Map, Value, json};

use super::{body, interaction_lines, product_lines, user_lines};
use crate::{limits, parse_users};

/// Both edges of a bound: `at_most` passes, `one_more` is refused with a line that ends so.
fn check(lines: fn(&[Value]) -> Vec<String>, at_most: Value, one_more: Value, expected: &str) {
    assert_eq!(lines(&[at_most]), [""; 0]);
    let lines = lines(&[one_more]);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].ends_with(expected), "{lines:?}");
}

fn chars(count: usize) -> String {
    // Two bytes each, since the bounds count characters.
    "é".repeat(count)
}

#[test]
fn ids_are_bounded_in_characters() {
    let bound = |field: &str, max: usize, rest: Value| {
        let of = |count: usize| {
            let mut record = rest.clone();
            record[field] = json!(chars(count));
            record
        };
        (
            of(max),
            of(max + 1),
            format!("{field} is invalid. The attribute should have at most {max} characters but has {}.", max + 1),
        )
    };
    let (at_most, one_more, line) = bound("product_id", 512, json!({}));
    check(product_lines, at_most, one_more, &line);
    let (at_most, one_more, line) = bound("user_id", 512, json!({}));
    check(user_lines, at_most, one_more, &line);
    for (field, max) in [("user_id", 512), ("anonymous_id", 1024), ("question_id", 512)] {
        let (at_most, one_more, line) = bound(field, max, json!({"type": "feedback"}));
        check(interaction_lines, at_most, one_more, &line);
    }
    for field in ["product_ids", "product_group_ids"] {
        let of = |count: usize| json!({"type": "like", field: ["p", chars(count)]});
        let line = format!("{field}.1 is invalid. The attribute should have at most 512 characters but has 513.");
        check(interaction_lines, of(512), of(513), &line);
    }
}

#[test]
fn addresses_are_bounded_and_need_a_scheme() {
    for field in ["url", "cover_image"] {
        let of = |count: usize| json!({"product_id": "p", field: format!("data:,{}", chars(count - 6))});
        check(product_lines, of(65_536), of(65_537), "should have at most 65536 characters but has 65537.");
    }
    for (uri, is_one) in [
        ("https://shop.example", true),
        ("HTTP://shop.example/büro/靴", true),
        ("data:image/svg+xml;utf8,%3Csvg%3E", true),
        ("urn:isbn:0451450523", true),
        ("gid://shopify/Product/1", true),
        ("shop.example/boots", false),
        ("//cdn.example/a.png", false),
        ("/boots", false),
        ("http:boots", false),
        ("https://", false),
        ("https:///boots", false),
        ("https://shop.example/two words", false),
        ("https://shop.example/\n", false),
        ("1http://shop.example", false),
        ("mailto:", false),
    ] {
        let lines = product_lines(&[json!({"product_id": "p", "url": uri})]);
        assert_eq!(lines.is_empty(), is_one, "{uri}");
    }
    assert_eq!(product_lines(&[json!({"product_id": "p", "url": ""})]).len(), 1, "too short");
}

#[test]
fn a_language_has_two_characters_or_more() {
    for (language, is_one) in [("", false), ("e", false), ("é", false), ("𝒆", false), ("en", true), ("日本", true)]
    {
        let lines = product_lines(&[json!({"product_id": "p", "language": language})]);
        assert_eq!(lines.is_empty(), is_one, "{language}");
    }
}

#[test]
fn lists_are_bounded() {
    let line = "should have at most 10000 items but has 10001.";
    let texts = |count: usize| json!(vec!["x"; count]);
    for field in ["related_ids", "tags", "authors", "publishers", "collections", "headers", "paragraphs", "anchors"] {
        let of = |count| json!({"product_id": "p", field: texts(count)});
        check(product_lines, of(limits::LIST_ITEMS_MAX), of(limits::LIST_ITEMS_MAX + 1), line);
    }
    let shapes: [fn(Value) -> Value; 4] = [
        |list| json!({"product_id": "p", "categories": [list]}),
        |list| json!({"product_id": "p", "categories": list.as_array().unwrap().iter().map(|x| json!([x])).collect::<Vec<_>>()}),
        |list| json!({"product_id": "p", "custom_attributes": {"a": {"b": list}}}),
        |list| json!({"product_id": "p", "children": [{"id": "c", "headers": list}]}),
    ];
    for shape in shapes {
        check(product_lines, shape(texts(10_000)), shape(texts(10_001)), line);
    }
    for (kind, field) in [("like", "product_ids"), ("like", "product_group_ids"), ("category_page_view", "category")] {
        let of = |count| json!({"type": kind, field: texts(count)});
        check(interaction_lines, of(10_000), of(10_001), line);
    }
    let of = |count| json!({"type": "checkout", "quantities": vec![1; count]});
    check(interaction_lines, of(10_000), of(10_001), line);
    let of = |count| json!({"type": "search", "search": {"filters": {"a": texts(count)}}});
    check(interaction_lines, of(10_000), of(10_001), line);
    let places = |count| json!({"product_id": "p", "location": vec![json!({"lat": 0, "lon": 0}); count]});
    check(product_lines, places(10_000), places(10_001), line);
    let children = |count| json!({"product_id": "p", "children": vec![json!({"id": "c"}); count]});
    check(product_lines, children(10_000), children(10_001), line);
}

#[test]
fn custom_attributes_are_bounded_in_number_name_and_depth() {
    let named = |count: usize| (0..count).map(|number| (format!("a{number}"), json!(1))).collect::<Map<_, _>>();
    let of = |count| json!({"user_id": "u", "custom_attributes": named(count)});
    check(
        user_lines,
        of(1_000),
        of(1_001),
        "custom_attributes is invalid. The attribute should have at most 1000 names but has 1001.",
    );
    let of = |count| json!({"user_id": "u", "custom_attributes": {"a": [named(count)]}});
    check(
        user_lines,
        of(1_000),
        of(1_001),
        "custom_attributes.a.0 is invalid. The attribute should have at most 1000 names but has 1001.",
    );
    let of = |count| json!({"user_id": "u", "custom_attributes": {chars(count): 1}});
    check(user_lines, of(512), of(513), "The name of the attribute should have 1 to 512 characters.");
    let nested = |levels: usize| {
        (0..levels).fold(json!(1), |inside, level| {
            let object = json!({"x": inside});
            if level % 2 == 1 { json!([object]) } else { object }
        })
    };
    let of = |levels| json!({"user_id": "u", "custom_attributes": {"a": nested(levels)}});
    check(user_lines, of(8), of(9), "Objects should be nested at most 8 levels deep. Please flatten the attribute.");
    let of = |levels| json!({"type": "like", "context": {"custom_context": {"a": nested(levels)}}});
    check(
        interaction_lines,
        of(8),
        of(9),
        "Objects should be nested at most 8 levels deep. Please flatten the attribute.",
    );
}

#[test]
fn records_of_one_upload_are_bounded() {
    let records = |count: usize| body(&vec![json!({"user_id": "u"}); count]);
    assert_eq!(parse_users(&records(limits::RECORDS_PER_UPLOAD_MAX)).unwrap().len(), 100_000);
    assert_eq!(
        parse_users(&records(limits::RECORDS_PER_UPLOAD_MAX + 1)).unwrap_err().lines(),
        ["data is invalid. The attribute should have at most 100000 items but has 100001."]
    );
}

#[test]
fn timestamps_of_interactions_are_of_the_years_1970_to_2200() {
    for (timestamp, is_one) in [
        ("1970-01-01T00:00:00Z", true),
        ("1969-12-31T23:59:59.999Z", false),
        ("1970-01-01T00:00:00+00:01", false),
        ("2200-12-31T23:59:59.999Z", true),
        ("2201-01-01T00:00:00Z", false),
    ] {
        let lines = interaction_lines(&[json!({"type": "like", "timestamp": timestamp})]);
        assert_eq!(lines.is_empty(), is_one, "{timestamp}");
    }
}
