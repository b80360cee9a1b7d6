use record::Product;

use crate::{Attributes as _, Moment, Scalar, each_value, parse, parse_advanced};

fn shoe() -> Product {
    serde_json::from_str(
        r#"{
        "product_id": "shoe-1", "product_group_id": "shoe", "type": "goods", "title": "Air Max 90",
        "description": "A classic running shoe. Red mesh!", "brand": "Nike", "size": "M",
        "tags": ["ON SALE", "new"], "categories": [["Shoes", "Running"], ["Gifts"]],
        "availability": "IN_STOCK", "sale_price": 79.5, "rating": 4, "related_ids": ["shoe-2"],
        "created_at": "2024-01-31T23:30:00+01:00", "published_at": "2024-01-31",
        "location": [{"lat": 25.0, "lon": 121.5}, {"lat": 1.0, "lon": 2.0}],
        "custom_attributes": {
            "vegan": true, "weight": 310, "colours": ["red", "blue"], "sizes": [40, 41.5], "gone": null, "none": [],
            "dims": {"unit": "cm", "box": {"width": 20}}, "parts": [{"name": "sole"}, {"name": "lace", "count": 2}],
            "a.b": "dotted", "a": {"b": "nested"}
        }}"#,
    )
    .unwrap()
}

#[track_caller]
fn passes(query: &str) {
    assert!(parse(query).unwrap().matches(&shoe()), "{query} should pass");
}

#[track_caller]
fn fails(query: &str) {
    assert!(!parse(query).unwrap().matches(&shoe()), "{query} should fail");
}

#[test]
fn text_is_equal_by_its_whole_value_and_case() {
    passes(r#"brand:"Nike" AND tags:"ON SALE""#);
    passes("tags:new AND related_ids:shoe-2 AND type:goods AND product_id:shoe-1");
    fails("brand:nike");
    fails("title:Air");
    fails("tags:ON");
    fails("missing:x");
    fails("gone:x");
}

#[test]
fn a_category_matches_at_any_level_of_any_hierarchy() {
    passes("categories:Shoes");
    passes("categories:Running");
    passes("categories:Gifts");
    fails(r#"categories:"Shoes>Running""#);
}

#[test]
fn numbers_are_equal_by_value() {
    passes("rating:4");
    passes(r#"rating:"4.0""#);
    passes("rating:4e0");
    passes("sale_price:79.50");
    fails("rating:4.1");
    fails("rating:four");
    passes("custom_attributes.sizes:41.5");
    passes("location.lat:1");
}

#[test]
fn ranges_hold_their_ends_as_written() {
    passes("rating:[4 TO *]");
    passes("rating:[* TO 4]");
    fails("rating:{4 TO *]");
    fails("rating:[1 TO 4}");
    passes("rating:[3 TO 4.5}");
    // 40 and 41.5 are each outside, although one is above the lower end and the other below the upper one.
    fails("custom_attributes.sizes:[40.5 TO 41]");
    fails("rating:[a TO z]");
    passes("brand:[N TO O]");
    fails("brand:[O TO *]");
    passes("brand:[* TO *]");
    fails("missing:[* TO *]");
    fails("custom_attributes.vegan:[4 TO 5]");
    fails("rating:[inf TO *]");
}

#[test]
fn dates_compare_as_moments_and_a_bare_date_is_its_day() {
    passes(r#"created_at:"2024-01-31T22:30:00Z""#);
    passes("created_at:2024-01-31");
    passes("created_at:[2024-01-01 TO 2024-01-31]");
    fails("created_at:[2024-01-01 TO 2024-01-31}");
    fails("created_at:{2024-01-31 TO *]");
    passes("created_at:[2024-01-31T22:30:00Z TO 2024-01-31T22:30:00.000Z]");
    fails("created_at:[2024-02-01 TO *]");
    passes("published_at:2024-01-31T00:00:00Z");
    fails("published_at:2024-01-31T10:00:00Z");
    fails("brand:[2024-01-01 TO *]");
    let day = Moment::of("2024-01-31").unwrap();
    assert_eq!(day.last.0 - day.first.0, 86_399_999);
    assert_eq!(Moment::of("2024-13-31"), None);
    assert_eq!(Moment::of("1234567890"), None);
}

#[test]
fn defaults_of_the_contract_are_values() {
    passes("condition:NEW AND enable_question_answering:false");
    passes("availability:IN_STOCK");
    fails("condition:USED");
}

#[test]
fn custom_attributes_are_found_at_any_depth() {
    passes("custom_attributes.vegan:true");
    passes("attributes.vegan:True");
    fails("custom_attributes.vegan:1");
    passes("custom_attributes.colours:blue");
    passes("custom_attributes.dims.unit:cm AND custom_attributes.dims.box.width:20");
    passes("custom_attributes.parts.name:lace AND custom_attributes.parts.count:2");
    passes("custom_attributes.a.b:dotted AND custom_attributes.a.b:nested");
    fails("custom_attributes.gone:*");
    fails("custom_attributes.none:*");
    fails("custom_attributes.dims:*");
    passes("custom_attributes.weight:*");
}

#[test]
fn prefixes_and_wildcards_fit_whole_text() {
    passes("brand:Ni*");
    passes("title:*Max*");
    passes("title:A?r*9?");
    passes("title:*a*x*0*");
    fails("title:Max*");
    fails("title:A?r");
    fails(r"title:Air\*");
    fails("rating:4*");
    passes("tags:ON?SALE");
    passes("title:????????0?* OR title:?????????0*");
    fails("title:???????????*");
}

#[test]
fn negation_and_logic_combine() {
    passes("-brand:Adidas");
    passes("NOT brand:Adidas AND NOT brand:Puma");
    passes("brand:Adidas OR NOT brand:Puma");
    fails("-brand:Nike");
    passes("-missing:*");
    fails("*:* -brand:Nike");
    passes("+brand:Nike size:XL");
    fails("+brand:Nike +size:XL");
    fails("size:(S OR L)");
}

#[test]
fn full_text_finds_words_in_any_case_and_phrases_in_order() {
    passes("full_text:(RUNNING nike)");
    passes(r#"full_text:"classic running""#);
    fails(r#"full_text:"running classic""#);
    fails("full_text:(running adidas)");
    fails("full_text:(run)");
    fails(r#"full_text:"!""#);
    assert!(parse_advanced("red shoe -adidas").unwrap().matches(&shoe()));
}

#[test]
fn each_value_visits_what_any_finds() {
    let product = shoe();
    let mut visited = Vec::new();
    each_value(&product, &mut |name, value| visited.push((name.to_owned(), format!("{value:?}"))));
    assert!(visited.len() > 30);
    for (name, value) in &visited {
        assert!(product.any(name, &mut |other| format!("{other:?}") == *value), "{name} {value}");
        let mut count = 0;
        product.any(name, &mut |_: Scalar<'_>| {
            count += 1;
            false
        });
        assert_eq!(count, visited.iter().filter(|(other, _)| other == name).count(), "{name}");
    }
}
