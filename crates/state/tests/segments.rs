//! 1. What is wanted in a context or by a cohort is the sum of what was done in it, whichever came first, profile or history.
//! 2. A profile that changes, a visitor who signs in and a person who is erased move their part, and no more.
//! 3. A segment of one person alone goes with that person; one of many stays.
//! 4. A snapshot holds it all.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use record::{Time, User};
use serde_json::{Value, json};
use state::State;
use world::*;

fn profile(state: &mut State, user_id: &str, attributes: Value) {
    let user = json!({"user_id": user_id, "country": attributes["country"], "custom_attributes": attributes["custom"]});
    let user: User = serde_json::from_value(user).unwrap();
    state.put_user(state.position() + 1, &user);
}

/// What the product weighs among users of this attribute, at the time of the log.
fn in_cohort(state: &State, name: &str, value: Value, product: &str) -> f32 {
    let Some(row) = state.catalogue().row(product) else { return 0.0 };
    let wanted = state.segments().cohort(name, &value, Time(0)).unwrap_or_default();
    wanted.by_product.iter().find(|(other, _)| *other == row).map_or(0.0, |(_, weight)| *weight)
}

fn in_context(state: &State, name: &str, value: Value) -> f32 {
    state.segments().context(name, &value, Time(0)).map_or(0.0, |wanted| wanted.total)
}

#[test]
fn a_cohort_wants_what_its_people_did_whichever_came_first() {
    let attributes = json!({"country": "IT", "custom": {"vip": true, "likes": ["red", "blue"]}});
    let mut before = empty();
    profile(&mut before, "ann", attributes.clone());
    fold(&mut before, "0 click u=ann p=a\n0 checkout u=ann p=b\n0 impression u=ann p=c");
    let mut after = world("0 click u=ann p=a\n0 checkout u=ann p=b\n0 impression u=ann p=c");
    profile(&mut after, "ann", attributes);
    for state in [&before, &after] {
        for (name, value) in [
            ("country", json!("it")),
            ("vip", json!(true)),
            ("custom_attributes.vip", json!(true)),
            ("likes", json!("blue")),
        ] {
            assert_eq!(in_cohort(state, name, value.clone(), "a"), 1.0, "{name}");
            assert_eq!(in_cohort(state, name, value.clone(), "b"), 5.0, "{name}");
            assert_eq!(in_cohort(state, name, value, "c"), 0.0, "{name}");
        }
        assert_eq!(in_cohort(state, "country", json!("FR"), "a"), 0.0);
    }
}

#[test]
fn who_moves_takes_along_what_was_done() {
    let mut state = world("0 click u=ann p=a\n0 click a=x p=b");
    profile(&mut state, "ann", json!({"country": "IT"}));
    profile(&mut state, "bob", json!({"country": "IT"}));
    profile(&mut state, "ann", json!({"country": "FR"}));
    assert_eq!(in_cohort(&state, "country", json!("IT"), "a"), 0.0);
    assert_eq!(in_cohort(&state, "country", json!("FR"), "a"), 1.0);
    fold(&mut state, "0 home_page_view u=ann a=x");
    assert_eq!(in_cohort(&state, "country", json!("FR"), "b"), 1.0);
    fold(&mut state, "0 click u=bob p=a");
    state.erase_interactions(&["ann".into()]);
    assert_eq!(in_cohort(&state, "country", json!("FR"), "b"), 0.0);
    assert_eq!(in_cohort(&state, "country", json!("IT"), "a"), 1.0);
}

#[test]
fn the_context_of_an_act_counts() {
    let context = r#"{"locale":"de-DE","campaign":{"name":"spring"},"page":{"url":"u","referrer":"https://www.news.org/a?b"},"custom_context":{"unit_id":"home","deep":{"a":1}}}"#;
    let state = world(&format!("0 click u=ann p=a context={context}\n0 click u=ann p=b\n0 checkout u=bob p=b"));
    for (name, value) in
        [("locale", "de-de"), ("campaign.name", "Spring"), ("referrer", "http://news.org/other"), ("unit_id", "home")]
    {
        assert_eq!(in_context(&state, name, json!(value)), 1.0, "{name}");
    }
    assert_eq!(state.segments().len(), 4);
    assert_eq!(state.segments().total(Time(0)), 7.0);
    let own = state.segments().of_visitor(visitor(&state, "u=ann").unwrap(), Time(0));
    assert_eq!(own.len(), 4);
    assert!(state.segments().of_visitor(visitor(&state, "u=bob").unwrap(), Time(0)).is_empty());
}

#[test]
fn a_segment_of_one_person_goes_with_that_person() {
    let mut state = empty();
    fold(&mut state, r#"0 click u=ann p=a context={"custom_context":{"mail":"ann@private","shop":"east"}}"#);
    fold(&mut state, r#"0 click u=bob p=a context={"custom_context":{"shop":"east"}}"#);
    state.erase_interactions(&["ann".into()]);
    assert!(!saved(&state).windows(7).any(|bytes| bytes == b"private"));
    assert_eq!(in_context(&state, "mail", json!("ann@private")), 0.0);
    assert!(in_context(&state, "shop", json!("east")) > 0.0);
    profile(&mut state, "cat", json!({"country": "secretland"}));
    state.delete_user(state.position() + 1, "cat");
    assert!(!saved(&state).windows(10).any(|bytes| bytes == b"secretland"));
}

#[test]
fn a_snapshot_holds_segments() {
    let mut state = empty();
    profile(&mut state, "ann", json!({"country": "IT"}));
    profile(&mut state, "bob", json!({"country": "FR"}));
    fold(&mut state, r#"0 click u=ann p=a context={"locale":"it"}"#);
    state.delete_user(state.position() + 1, "bob");
    let mut again = loaded(&saved(&state));
    for state in [&mut state, &mut again] {
        fold(state, "9 click u=ann p=b\n9 click u=bob p=b context={\"locale\":\"fr\"}");
    }
    assert_eq!(saved(&state), saved(&again));
}
