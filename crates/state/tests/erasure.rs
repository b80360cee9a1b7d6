//! 1. After an erasure no snapshot holds a byte of the person: not the id, not a linked anonymous id, not the name of a
//!    product that only this person had named.
//! 2. Everybody else keeps everything.
//! 3. Interactions and profile are erased apart; after both nothing is left.
//! 4. A person erased may come back, as a stranger.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use record::{Product, User};
use state::{Applied, State};
use world::*;

fn holds_text(state: &State, text: &str) -> bool {
    saved(state).windows(text.len()).any(|window| window == text.as_bytes())
}

fn user(id: &str) -> User {
    let attributes = serde_json::from_str(r#"{"favourite_ann_thing":"x"}"#).unwrap();
    User { user_id: id.into(), custom_attributes: Some(attributes), ..Default::default() }
}

const LINES: &str = "10 click a=device-of-ann p=shared-thing
    11 click a=device-of-ann p=thing-of-ann
    12 click u=user-ann p=recorded-thing g=group-of-ann,shared-group
    13 click u=user-ann a=device-of-ann
    14 click u=user-bob p=shared-thing g=shared-group
    15 click a=device-of-bob p=thing-of-bob";

#[test]
fn an_erased_user_leaves_nothing_and_all_others_keep_theirs() {
    let mut state = empty();
    let product = Product { product_id: "recorded-thing".into(), ..Default::default() };
    state.put_product(1, &product, serde_json::to_string(&product).unwrap().into());
    fold(&mut state, LINES);
    let rows = state.catalogue().rows();
    let ann = ["user-ann".to_owned()];
    assert_eq!(state.people().traces(&ann).positions, [2, 3, 4, 5]);
    assert_eq!(state.people().traces(&ann).anonymous_ids, ["device-of-ann"]);
    state.erase_interactions(&ann);

    for text in ["user-ann", "device-of-ann", "thing-of-ann", "group-of-ann"] {
        assert!(!holds_text(&state, text), "{text}");
    }
    for text in ["user-bob", "device-of-bob", "thing-of-bob", "shared-thing", "recorded-thing", "shared-group"] {
        assert!(holds_text(&state, text), "{text}");
    }
    assert_eq!(visitor(&state, "u=user-ann"), None);
    assert_eq!(visitor(&state, "a=device-of-ann"), None);
    assert_eq!(state.catalogue().row("thing-of-ann"), None);
    assert_eq!(state.catalogue().rows(), rows, "rows stay, though empty");
    assert_eq!(state.people().traces(&ann), state::Traces { complete: true, ..Default::default() });
    assert_eq!(history(&state, "u=user-bob"), ["14 click shared-thing", "14 click group"]);
    assert_eq!(history(&state, "a=device-of-bob"), ["15 click thing-of-bob"]);
    assert_eq!(state.people().interactions(), 2);
}

#[test]
fn a_person_erased_may_come_back_as_a_stranger() {
    let mut state = world(LINES);
    let before = visitor(&state, "u=user-ann").unwrap();
    state.erase_interactions(&["user-ann".into()]);
    assert_eq!(fold(&mut state, "10 click a=device-of-ann p=thing-of-ann"), [Applied::New]);
    assert_eq!(history(&state, "a=device-of-ann"), ["10 click thing-of-ann"]);
    assert_eq!(visitor(&state, "u=user-ann"), None, "the link is gone");
    fold(&mut state, "20 click u=user-ann p=shared-thing");
    assert_eq!(history(&state, "u=user-ann"), ["20 click shared-thing"]);
    assert_ne!(visitor(&state, "u=user-ann").unwrap(), before);
    assert_eq!(state.people().history(before).len(), 0, "the old row is nobody's");
}

#[test]
fn the_profile_outlives_the_interactions_and_the_other_way_round() {
    let mut state = world(LINES);
    state.put_user(7, &user("user-ann"));
    let mut other = loaded(&saved(&state));

    state.erase_interactions(&["user-ann".into()]);
    assert!(holds_text(&state, "user-ann") && holds_text(&state, "favourite_ann_thing"));
    assert!(state.delete_user(8, "user-ann"));
    assert!(!holds_text(&state, "user-ann") && !holds_text(&state, "favourite_ann_thing"));

    assert!(other.delete_user(8, "user-ann"));
    assert_eq!(history(&other, "u=user-ann").len(), 6);
    assert!(!holds_text(&other, "favourite_ann_thing"));
    other.erase_interactions(&["user-ann".into()]);
    assert!(!holds_text(&other, "user-ann"));
    assert!(!other.delete_user(9, "user-ann"));
}

#[test]
fn a_device_that_went_on_to_another_user_stays_the_other_users() {
    let mut state = world("10 click a=device p=a\n20 click u=ann a=device p=b\n30 click u=bob a=device p=c");
    state.erase_interactions(&["ann".into()]);
    assert_eq!(history(&state, "a=device"), ["30 click c"]);
    assert_eq!(fold(&mut state, "10 click a=device p=a"), [Applied::New]);
    assert_eq!(history(&state, "u=bob"), ["10 click a", "30 click c"]);
    state.erase_interactions(&["bob".into()]);
    assert!(!holds_text(&state, "device"));
}

#[test]
fn erasing_nobody_changes_nothing() {
    let mut state = world(LINES);
    let before = saved(&state);
    state.erase_interactions(&[]);
    state.erase_interactions(&["nobody".into(), String::new(), "device-of-bob".into()]);
    assert_eq!(saved(&state), before);
}

#[test]
fn an_erased_id_in_the_midst_of_many_leaves_its_neighbours_alone() {
    let mut state = empty();
    let ids: Vec<String> = (0..9_000).map(|number| format!("user-{number}-{}", "x".repeat(number % 40))).collect();
    for id in &ids {
        add(&mut state, &interaction(&format!("1 click u={id} p=a")));
    }
    let erased: Vec<String> = ids.iter().step_by(7).cloned().collect();
    state.erase_interactions(&erased);
    for state in [&loaded(&saved(&state)), &state] {
        for (index, id) in ids.iter().enumerate() {
            let found = state.people().visitor(Some(id), None).map(|row| row.0 as usize);
            assert_eq!(found, (index % 7 != 0).then_some(index), "{id}");
        }
    }
}
