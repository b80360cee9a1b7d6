use crate::{Filter, limits, parse, parse_advanced};

/// Holds that `query` means the same as `printed`, the plain form that a filter prints itself in.
#[track_caller]
fn check(query: &str, printed: &str) {
    let filter = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    assert_eq!(filter.to_string(), printed, "{query} was read as {filter:?}");
    assert_eq!(parse(printed).unwrap(), filter, "{printed} does not read back");
}

#[track_caller]
fn check_advanced(query: &str, printed: &str) {
    let filter = parse_advanced(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    assert_eq!(filter.to_string(), printed, "{query} was read as {filter:?}");
    assert_eq!(parse(printed).unwrap(), filter, "{printed} does not read back");
}

#[track_caller]
fn refuse(query: &str, position: usize, part_of_message: &str) {
    let error = parse(query).expect_err(query);
    assert_eq!(error.position, position, "{query}: {error}");
    assert!(error.message.contains(part_of_message), "{query}: {error}");
}

#[test]
fn a_value_is_quoted_or_a_bare_word() {
    check(r#"brand:"Nike""#, r#"brand:"Nike""#);
    check("brand:Nike", r#"brand:"Nike""#);
    check(r#"tags:"ON SALE""#, r#"tags:"ON SALE""#);
    check(r#"title:"5\" \\ disk""#, r#"title:"5\" \\ disk""#);
    check(r"brand:Air\ Max", r#"brand:"Air Max""#);
    check(r"title:caf\u00e9", "title:\"café\"");
    check("brand: Nike", r#"brand:"Nike""#);
    check("margin:-5", r#"margin:"-5""#);
    check("brand:“Nike Air”", r#"brand:"Nike Air""#);
    check("brand:\"耐克 👟\"", "brand:\"耐克 👟\"");
    check("brand:\"\"", "brand:\"\"");
}

#[test]
fn a_colon_in_a_value_needs_no_quotes() {
    check("created_at:2024-01-31T10:00:00Z", r#"created_at:"2024-01-31T10:00:00Z""#);
    check(
        "created_at:(2024-01-31T10:00:00Z OR 2024-02-01)",
        r#"created_at:"2024-01-31T10:00:00Z" OR created_at:"2024-02-01""#,
    );
    check("url:https://shop.example/a?b=1", r"url:https\:\/\/shop.example\/a?b\=1");
    check(r"url:https\:\/\/shop.example", r#"url:"https://shop.example""#);
}

#[test]
fn a_fields_name_may_hold_dots_spaces_and_colons() {
    check("custom_attributes.a.b:1", r#"custom_attributes.a.b:"1""#);
    check("attributes.colour:red", r#"custom_attributes.colour:"red""#);
    check(r"custom_attributes.my\ field:x", r#"custom_attributes.my\ field:"x""#);
    check(r#""custom_attributes.my field":x"#, r#"custom_attributes.my\ field:"x""#);
    check(r"custom_attributes.a\:b:x", r#"custom_attributes.a\:b:"x""#);
    check(r"custom_attributes.größe:x", r#"custom_attributes.größe:"x""#);
}

#[test]
fn operators_bind_not_then_and_then_or() {
    check("a:1 AND b:2", r#"a:"1" AND b:"2""#);
    check("a:1 && b:2 || c:3", r#"(a:"1" AND b:"2") OR c:"3""#);
    check("a:1 OR b:2 AND c:3", r#"a:"1" OR (b:"2" AND c:"3")"#);
    check("(a:1 OR b:2) AND c:3", r#"(a:"1" OR b:"2") AND c:"3""#);
    check("a:1 AND b:2 AND c:3", r#"a:"1" AND b:"2" AND c:"3""#);
    check(r#"a:"1"&&b:"2""#, r#"a:"1" AND b:"2""#);
    check("NOT a:1 OR b:2", r#"(NOT a:"1") OR b:"2""#);
    check("a:1 AND !b:2", r#"a:"1" AND (NOT b:"2")"#);
    check("a:1 AND NOT (b:2 OR c:3)", r#"a:"1" AND (NOT (b:"2" OR c:"3"))"#);
    check("((a:1))", r#"a:"1""#);
}

#[test]
fn pure_negation_is_a_filter() {
    check("-a:1", r#"NOT a:"1""#);
    check("NOT a:1", r#"NOT a:"1""#);
    check("!a:1", r#"NOT a:"1""#);
    check("NOT a:1 AND NOT b:2", r#"(NOT a:"1") AND (NOT b:"2")"#);
    check("-a:1 -b:2", r#"(NOT a:"1") AND (NOT b:"2")"#);
    check("a:1 OR NOT b:2", r#"a:"1" OR (NOT b:"2")"#);
    check("a:1 OR -b:2", r#"a:"1" OR (NOT b:"2")"#);
    check("NOT NOT a:1", r#"a:"1""#);
    check("-(-a:1)", r#"NOT (NOT a:"1")"#);
}

#[test]
fn clauses_side_by_side_are_lucenes() {
    check("a:1 b:2", r#"a:"1" OR b:"2""#);
    check("+a:1 b:2", r#"a:"1""#);
    check("+a:1 +b:2 c:3", r#"a:"1" AND b:"2""#);
    check("+a:1 -b:2", r#"a:"1" AND (NOT b:"2")"#);
    check("a:1 -b:2", r#"a:"1" AND (NOT b:"2")"#);
    check("a:1 b:2 -c:3", r#"(a:"1" OR b:"2") AND (NOT c:"3")"#);
    check("a:1 NOT b:2", r#"a:"1" AND (NOT b:"2")"#);
    check("a:1 AND b:2 c:3", r#"a:"1" AND b:"2""#);
    check("+a:1 OR b:2", r#"a:"1""#);
    check("+a:1 +(b:2 c:3)", r#"a:"1" AND (b:"2" OR c:"3")"#);
    check("+a:1 AND +b:2", r#"a:"1" AND b:"2""#);
}

#[test]
fn a_field_stands_before_a_group() {
    check(r#"size:("M" OR "S")"#, r#"size:"M" OR size:"S""#);
    check("size:(M S)", r#"size:"M" OR size:"S""#);
    check("size:(+M -S)", r#"size:"M" AND (NOT size:"S")"#);
    check("size:(NOT M)", r#"NOT size:"M""#);
    check("price:([1 TO 2] OR 7)", r#"price:["1" TO "2"] OR price:"7""#);
    check("a:(1 OR b:2)", r#"a:"1" OR b:"2""#);
    check("a:((1 OR 2) AND -3)", r#"(a:"1" OR a:"2") AND (NOT a:"3")"#);
}

#[test]
fn ranges_have_open_included_and_excluded_ends() {
    check("rating:[4 TO *]", r#"rating:["4" TO *]"#);
    check("rating:[4 to 5]", r#"rating:["4" TO "5"]"#);
    check("rating:{1 TO 5}", r#"rating:{"1" TO "5"}"#);
    check("rating:[1 TO 5}", r#"rating:["1" TO "5"}"#);
    check("rating:{1 TO 5]", r#"rating:{"1" TO "5"]"#);
    check("rating:{* TO *}", "rating:[* TO *]");
    check("margin:[-5 TO -1.5e0]", r#"margin:["-5" TO "-1.5e0"]"#);
    check(
        "created_at:[2024-01-01T00:00:00Z TO \"2024-01-31\"]",
        r#"created_at:["2024-01-01T00:00:00Z" TO "2024-01-31"]"#,
    );
    check("title:[ a  TO  b ]", r#"title:["a" TO "b"]"#);
}

#[test]
fn stars_mean_existence_prefix_and_wildcard() {
    check("*:*", "*:*");
    check("*", "*:*");
    check("*:* AND -a:1", r#"*:* AND (NOT a:"1")"#);
    check("brand:*", "brand:*");
    check("brand:ba*", "brand:ba*");
    check("brand:b*r", "brand:b*r");
    check("brand:b?r", "brand:b?r");
    check(r"brand:ba\*", r#"brand:"ba*""#);
    check(r"brand:\*ba*", r"brand:\*ba*");
    check(r"brand:\**\?*", r"brand:\**\?*");
    check(r#"brand:"ba*""#, r#"brand:"ba*""#);
}

#[test]
fn boosts_are_ignored() {
    check(r#"brand:"Nike"^2 OR size:M^0.5"#, r#"brand:"Nike" OR size:"M""#);
    check("(a:1 OR b:2)^3 AND rating:[1 TO 2]^4", r#"(a:"1" OR b:"2") AND rating:["1" TO "2"]"#);
    check("*:*^2", "*:*");
}

#[test]
fn full_text_takes_words_and_phrases() {
    check("full_text:(red shoes)", "full_text:(red shoes)");
    check("full_text:red", "full_text:(red)");
    check(r#"full_text:"red shoes""#, r#"full_text:"red shoes""#);
    check("full_text:(red shoes OR blue)", "full_text:(red shoes) OR full_text:(blue)");
    check(r#"full_text:(red -"blue shoes")"#, r#"full_text:(red) AND (NOT full_text:"blue shoes")"#);
    check(r#"full_text:(red shoes) AND brand:Nike"#, r#"full_text:(red shoes) AND brand:"Nike""#);
    check("full_text:*", "*:*");
    check_advanced("red shoes", "full_text:(red shoes)");
    check_advanced("red   shoes brand:Nike", r#"full_text:(red shoes) OR brand:"Nike""#);
    check_advanced("+red +shoes", "full_text:(red) AND full_text:(shoes)");
    check_advanced(r#""red shoes" AND NOT blue"#, r#"full_text:"red shoes" AND (NOT full_text:(blue))"#);
    check_advanced("*", "*:*");
    check_advanced("red-ish shoes", r"full_text:(red\-ish shoes)");
    assert_eq!(parse_advanced("shoe*").unwrap_err().position, 0);
}

#[test]
fn errors_name_the_character_and_the_remedy() {
    refuse("", 0, "found the end of the query");
    refuse("   ", 3, "found the end of the query");
    refuse("Nike", 0, "put a field before it");
    refuse("brand:Nike Air", 11, "found 'Air' alone");
    refuse("brand:Nike and size:M", 11, "write AND");
    refuse("brand:Nike AND", 14, "found the end of the query");
    refuse("AND brand:Nike", 0, "found the operator AND");
    refuse("a:1 OR OR b:2", 7, "found the operator OR");
    refuse("brand:", 6, "a value for the field brand");
    refuse("brand: AND size:M", 7, "found an operator");
    refuse("(a:1", 0, "never closed");
    refuse("a:1)", 3, "without a '('");
    refuse("a:()", 3, "expected a value");
    refuse("é:\"x", 2, "quotation mark");
    refuse("rating:[4 *]", 10, "TO");
    refuse("rating:[4 TO 5", 14, "close the range");
    refuse("rating:[4 TO]", 12, "a space after TO");
    refuse("[4 TO 5]", 0, "a field before the range");
    refuse("t:[NOW-7DAYS TO *]", 3, "relative to now");
    refuse("t:[a* TO *]", 3, "an end of a range");
    refuse("a:1^x", 4, "a number after '^'");
    refuse("a:roam~2", 2, "fuzzy");
    refuse("a:\"x y\"~3", 2, "fuzzy");
    refuse("a:/x.*/", 2, "regular expressions");
    refuse("*:x", 0, "*:*");
    refuse("a*:x", 0, "cannot hold");
    refuse("full_text:[a TO b]", 10, "full_text");
    refuse("full_text:a*", 10, "whole words");
    refuse(r"a:\", 2, "after '\\'");
    refuse("a:1 ]", 4, "found ']'");
    refuse("-", 1, "found the end of the query");
}

#[test]
fn a_query_over_a_bound_is_refused() {
    refuse(&"(".repeat(60_000), limits::DEPTH_MAX, "nested");
    refuse(&"a:(".repeat(20_000), 3 * limits::DEPTH_MAX + 2, "nested");
    let deepest = format!("{}a:1{}", "(".repeat(limits::DEPTH_MAX), ")".repeat(limits::DEPTH_MAX));
    assert!(parse(&deepest).is_ok());
    refuse("\"\":x", 0, "a field's name");
    refuse(&"x".repeat(limits::QUERY_BYTES_MAX + 1), 0, "bytes");
    refuse(&format!("a:({})", "1 ".repeat(limits::TESTS_MAX + 1)), 2 * limits::TESTS_MAX + 4, "conditions");
    refuse(&format!("a:({})", "b* ".repeat(limits::SCANS_MAX + 1)), 3 * limits::SCANS_MAX + 5, "wildcards");
    let signs = format!("{}a:1", "-".repeat(60_000));
    assert!(matches!(parse(&signs).unwrap(), Filter::Field { .. }));
}
