//! What these tests hold:
//! 1. A query counts the different people who typed it, once each, however it was spaced and capitalised.
//! 2. What only an erased person typed is gone, also from the snapshot; what others typed stays.
//! 3. A snapshot gives the queries back. Their number is bounded; the common ones stay.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use serde_json::{Value, json};
use state::State;
use world::*;

fn search(state: &mut State, person: Value, keywords: &str, minute: u64) {
    let mut interaction = person;
    interaction["type"] = json!("search");
    interaction["search"] = json!({ "keywords": keywords });
    let interaction: record::Interaction = serde_json::from_value(interaction).unwrap();
    let timestamp = Some(record::Time(1_780_000_000_000 + minute as i64 * 60_000));
    let interaction = record::Interaction { timestamp, ..interaction };
    state.add_interaction(state.position() + 1, &interaction);
}

fn user(id: &str) -> Value {
    json!({ "user_id": id })
}

fn found(state: &State, prefix: &str) -> Vec<(String, usize)> {
    state.queries().beginning_with(prefix).map(|(query, people)| (query.to_owned(), people)).collect()
}

#[test]
fn a_query_counts_people_and_not_how_often_they_typed_it() {
    let mut state = empty();
    for (minute, (person, keywords)) in [
        ("ann", "Red Shoe"),
        ("ann", "red  shoe"),
        ("bob", " red shoe "),
        ("bob", "red hat"),
        ("eve", "*"),
        ("eve", "  "),
    ]
    .into_iter()
    .enumerate()
    {
        search(&mut state, user(person), keywords, minute as u64);
    }
    search(&mut state, user("ann"), &"long ".repeat(100), 90);
    assert_eq!(found(&state, "red"), [("red hat".to_owned(), 1), ("red shoe".to_owned(), 2)]);
    assert_eq!(found(&state, ""), found(&state, "red"));
    assert_eq!(state.queries().people("red shoe"), 2);
    assert_eq!((state.queries().people("none"), state.queries().len()), (0, 2));
}

#[test]
fn what_only_an_erased_person_typed_is_gone() {
    let mut state = empty();
    search(&mut state, json!({ "anonymous_id": "device" }), "secret of device", 1);
    search(&mut state, json!({ "anonymous_id": "device", "user_id": "ann" }), "secret of ann", 2);
    search(&mut state, user("ann"), "shared", 3);
    search(&mut state, user("bob"), "shared", 4);
    state.erase_interactions(&["ann".to_owned()]);
    assert_eq!(found(&state, ""), [("shared".to_owned(), 1)]);
    let bytes = saved(&state);
    assert!(!bytes.windows(6).any(|window| window == b"secret"));
    assert!(bytes.windows(6).any(|window| window == b"shared"));
}

#[test]
fn a_snapshot_gives_the_queries_back() {
    let mut state = empty();
    for minute in 0..100 {
        search(&mut state, user(&format!("user-{minute}")), ["red shoe", "äpfel"][minute % 2], minute as u64);
    }
    let reopened = State::load(&mut &*saved(&state)).unwrap();
    assert_eq!(found(&reopened, ""), [("red shoe".to_owned(), 50), ("äpfel".to_owned(), 50)]);
    assert_eq!(saved(&reopened), saved(&state));
}

#[test]
fn the_number_of_queries_is_bounded_and_common_ones_stay() {
    let mut state = empty();
    search(&mut state, user("ann"), "common", 0);
    search(&mut state, user("bob"), "common", 1);
    for number in 0..=state::limits::QUERIES_MAX as u64 {
        search(&mut state, user("robot"), &format!("query {number}"), number + 2);
    }
    assert!(state.queries().len() <= state::limits::QUERIES_MAX);
    assert_eq!(state.queries().people("common"), 2);
    assert_eq!(state.queries().people("query 0"), 0);
    assert_eq!(state.queries().people(&format!("query {}", state::limits::QUERIES_MAX)), 1);
}
