//! What is proved of records:
//!
//! 1. `verdicts`: the typed path accepts a record if and only if the walk along its schema finds no error, and both read
//!    the same record; no bytes and no JSON make either panic.
//! 2. `wording`: every kind of error is listed with its path and its sentence, the published ones to the letter.
//! 3. `interaction_types`: each of the 29 types takes all of its fields and none of the others.
//! 4. `bodies`: what is wrong with a body as a whole is said once; all errors of all records are listed, up to the bound.
//! 5. `bounds`: each bound holds at its edge: the largest allowed passes, one more is refused.
//! 6. `round_trips`: what is written as JSON reads back as the same record; a patch does what editing the JSON would.
//! 7. `times`: the texts of moments that clients send are understood, and agree with jiff's own reading.
#![allow(clippy::unwrap_used, reason = "tests")]

mod bodies;
mod bounds;
mod interaction_types;
mod mutations;
mod round_trips;
mod times;
mod verdicts;
mod wording;

use serde_json::{Value, json};

use crate::{Interaction, InteractionType, Product, User};

/// The body of an upload of these records.
fn body(records: &[Value]) -> Vec<u8> {
    json!({ "data": records }).to_string().into_bytes()
}

/// The lines of the answer to an upload of these records: none where it is accepted.
fn product_lines(records: &[Value]) -> Vec<String> {
    crate::parse_products(&body(records)).map_or_else(|refusals| refusals.lines(), |_| Vec::new())
}

fn user_lines(records: &[Value]) -> Vec<String> {
    crate::parse_users(&body(records)).map_or_else(|refusals| refusals.lines(), |_| Vec::new())
}

fn interaction_lines(records: &[Value]) -> Vec<String> {
    crate::parse_interactions(&body(records)).map_or_else(|refusals| refusals.lines(), |_| Vec::new())
}

fn product(record: Value) -> Product {
    crate::parse_products(&body(&[record])).unwrap().remove(0)
}

fn user(record: Value) -> User {
    crate::parse_users(&body(&[record])).unwrap().remove(0)
}

fn interaction(record: Value) -> Interaction {
    crate::parse_interactions(&body(&[record])).unwrap().remove(0)
}

/// A product with every field of the contract.
fn full_product() -> Value {
    let json = r##"{
        "product_id": "boots-42", "product_group_id": "boots", "parent_id": "shoes", "related_ids": ["laces", "wax"],
        "type": "shoe", "title": "Winter boots", "subtitle": "Warm", "description": "For snow.",
        "short_description": "Snow", "language": "en", "created_at": "2022-08-15T21:24:59.966Z",
        "published_at": "1998-02-28", "updated_at": "2023-01-01T00:00:00+02:00",
        "categories": [["Shoes", "Boots"], ["Winter"]], "tags": ["warm", "ON SALE"],
        "url": "https://shop.example/boots?size=42#top", "cover_image": "data:image/png;base64,iVBORw0KGgo=",
        "original_price": 120, "sale_price": 99.5, "margin": -0.25, "size": "42", "color": "brown",
        "material": "leather", "condition": "USED", "brand": "Nordwand", "authors": ["A", "B"], "publishers": ["P"],
        "collections": ["Winter 23"], "availability": "PRE_ORDER", "location": [{"lat": 48.2, "lon": 16.4}],
        "rating": 4, "html": "<p>Warm</p>", "headers": ["Care"], "paragraphs": ["Wax them."], "anchors": ["care"],
        "children": [{"id": "c1", "url": "care", "title": "Care", "description": "How", "html": "<b>", "headers": [],
            "custom_attributes": {"minutes": 3}, "extra": {"a": [1, "x"]}}],
        "enable_question_answering": true,
        "custom_attributes": {"weight": 1.5, "vegan": false, "note": "x", "sizes": [41, 42.5], "flags": [true],
            "colors": ["red"], "sole": {"name": "Vibram", "layers": [{"mm": 3}]}, "parts": [{"a": 1}, {"b": [2]}], "none": []}
    }"##;
    serde_json::from_str(json).unwrap()
}

/// A user with every field of the contract.
fn full_user() -> Value {
    json!({
        "user_id": "u1", "created_at": "2020-02-29", "updated_at": "2022-08-15T21:24:59.966123", "name": "Ada",
        "profile_image": "https://shop.example/ada.png", "age": 36, "gender": "F", "city": "London", "state": "Greater London",
        "country": "UK", "group_id": "g", "description": "d", "custom_attributes": {"vip": true, "visits": [1, 2]},
    })
}

/// An interaction of this type with every field that the contract gives it.
fn full_interaction(kind: InteractionType) -> Value {
    let mut record = json!({
        "type": kind.name(), "user_id": "u1", "anonymous_id": "a1", "timestamp": "2022-08-15T21:24:59.966Z",
        "miso_id": "123e4567-e89b-12d3-a456-426614174000",
        "context": {
            "campaign": {"name": "n", "source": "s", "medium": "m", "term": "t", "content": "c"},
            "truncated_ip": "1.1.1.0", "locale": "en_US", "region": "AT", "user_agent": "UA",
            "page": {"url": "https://shop.example/", "referrer": "", "title": "Shop"},
            "custom_context": {"segment": "a", "scores": [1, 2.5], "nested": [{"a": true}]}, "beyond": {"kept": [1, "x"]},
        },
    });
    for name in interaction_types::own_fields(kind) {
        record[name] = interaction_types::example(name);
    }
    record
}
