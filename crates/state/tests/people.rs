//! 1. A history is in time order, ties in log order, however it arrived, and holds one event per product.
//! 2. An interaction counts once, whatever became of its person's ids since.
//! 3. An anonymous history belongs to the user it was linked to; what comes later goes where the newest link leads.
//! 4. Users and anonymous visitors are named apart.
//! 5. A history is bounded; impressions go first, and the cut is admitted.
//! 6. Folding agrees with a plain model of the rules.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use record::{Interaction, Time};
use state::limits::{EVENTS_PER_VISITOR_MAX, IMPRESSION_PRODUCTS_MAX};
use state::{Applied, State};
use world::*;

/// Folds `lines`, and compares each `ids: event; event; …` of `expected`.
fn check(lines: &str, expected: &[(&str, &[&str])]) {
    let state = world(lines);
    for (ids, events) in expected {
        assert_eq!(history(&state, ids), *events, "history of {ids}");
    }
}

#[test]
fn a_history_is_in_time_order_however_it_arrived() {
    check(
        "30 click u=ann p=c
         10 click u=ann p=a
         20 add_to_cart u=ann p=b,d
         10 search u=ann",
        &[("u=ann", &["10 click a", "10 search -", "20 add_to_cart b", "20 add_to_cart d", "30 click c"])],
    );
}

#[test]
fn an_unknown_person_has_no_history() {
    let state = world("1 click u=ann p=a");
    assert_eq!(visitor(&state, "u=bob"), None);
    assert_eq!(visitor(&state, "a=ann"), None, "a user's id is no anonymous id");
    assert_eq!(visitor(&state, ""), None);
    assert_eq!(state.people().visitor(Some(""), Some("")), None);
    assert_eq!(state.people().history(state::VisitorRow(7)).len(), 0);
    assert_eq!(state.people().revision(state::VisitorRow(7)), 0);
}

#[test]
fn a_click_sent_twice_counts_once() {
    let mut state = empty();
    let applied = fold(&mut state, "5 click u=ann p=a\n5 click u=ann p=a");
    assert_eq!(applied, [Applied::New, Applied::Duplicate]);
    assert_eq!(state.people().interactions(), 1);
    assert_eq!(state.position(), 2);
    assert_eq!(state.people().traces(&["ann".into()]).positions, [1, 2], "both entries of the log are the person's");
}

#[test]
fn entries_that_repeat_are_traces_wherever_their_person_went() {
    let lines = "10 click a=x p=a
        10 click a=x p=a
        20 click u=ann a=x p=b
        10 click a=x p=a
        30 click u=bob a=x p=c
        10 click a=x p=a
        30 click a=x p=c";
    let state = world(lines);
    assert_eq!(state.people().traces(&["ann".into()]).positions, [1, 2, 3, 4, 6]);
    assert_eq!(state.people().traces(&["bob".into()]).positions, [5, 7]);
    assert_eq!(state.people().interactions(), 3);
}

#[test]
fn interactions_that_differ_in_any_field_are_two() {
    let lines = "5 click u=ann p=a
        6 click u=ann p=a
        5 click u=bob p=a
        5 click a=ann p=a
        5 like u=ann p=a
        5 click u=ann p=b
        5 click u=ann p=a,b
        5 click u=ann g=a
        5 click u=ann
        5 click u=ann p=a note=a
        5 click u=ann p=a stars=4
        5 click u=ann p=a duration=4
        5 click u=ann p=a q=4
        5 click u=ann p=a q=4,4
        5 click u=ann p=a context={}
        5 click u=ann p=a context={\"k\":1}
        5 click u=ann p=a context={\"k\":\"1\"}
        5 click u=ann p=a context={\"k\":[1]}
        5 click u=ann p=a context={\"k\":{\"k\":1}}
        5 click u=ann p=a context={\"k\":null}";
    let mut state = empty();
    let applied = fold(&mut state, lines);
    assert!(applied.iter().all(|applied| *applied == Applied::New), "{applied:?}");
    assert!(fold(&mut state, lines).iter().all(|applied| *applied == Applied::Duplicate));
    assert_eq!(state.people().interactions(), lines.lines().count());
}

#[test]
fn the_order_of_keys_in_a_context_does_not_make_another_interaction() {
    let mut state = empty();
    let applied = fold(&mut state, "5 click u=ann context={\"a\":1,\"b\":2}\n5 click u=ann context={\"b\":2,\"a\":1}");
    assert_eq!(applied, [Applied::New, Applied::Duplicate]);
}

#[test]
fn both_ids_together_give_the_anonymous_history_to_the_user() {
    let lines = "10 click a=x p=a
        30 click u=ann p=c
        20 click a=x p=b
        40 add_to_cart u=ann a=x p=d
        50 click a=x p=e";
    let all: &[&str] = &["10 click a", "20 click b", "30 click c", "40 add_to_cart d", "50 click e"];
    check(lines, &[("u=ann", all), ("a=x", all), ("u=ann a=x", all)]);
    let state = world(lines);
    assert_eq!(state.people().visitors().count(), 1);
    assert_eq!(state.people().interactions(), 5);
}

#[test]
fn the_row_of_a_linked_visitor_stands_for_the_user() {
    let mut state = world("10 click a=x p=a");
    let anonymous = visitor(&state, "a=x").unwrap();
    let before = state.people().revision(anonymous);
    fold(&mut state, "20 click u=ann a=x p=b");
    assert_ne!(state.people().revision(anonymous), before);
    assert_eq!(state.people().history(anonymous).len(), 2);
    let before = state.people().revision(anonymous);
    fold(&mut state, "30 click u=ann p=b");
    assert_ne!(state.people().revision(anonymous), before);
}

#[test]
fn a_second_user_on_the_same_device_gets_what_comes_later_only() {
    check(
        "10 click a=x p=a
         20 click u=ann a=x p=b
         30 click u=bob a=x p=c
         40 click a=x p=d",
        &[
            ("u=ann", &["10 click a", "20 click b"]),
            ("u=bob", &["30 click c", "40 click d"]),
            ("a=x", &["30 click c", "40 click d"]),
        ],
    );
}

#[test]
fn a_new_user_on_a_device_of_another_is_not_taken_for_the_other() {
    let state = world("10 click a=x p=a\n20 click u=ann a=x p=b\n30 click a=y p=c");
    assert_eq!(history(&state, "u=new a=x"), [""; 0]);
    assert_eq!(history(&state, "u=new a=y"), ["30 click c"], "an unlinked history is the best guess");
    assert_eq!(history(&state, "u=ann a=y"), ["10 click a", "20 click b"]);
}

#[test]
fn a_profile_without_a_history_leaves_the_anonymous_one_visible() {
    let mut state = world("10 click a=x p=a");
    state.put_user(2, &record::User { user_id: "ann".into(), ..Default::default() });
    assert_eq!(history(&state, "u=ann a=x"), ["10 click a"]);
    assert!(visitor(&state, "u=ann").is_some());
}

#[test]
fn an_interaction_sent_again_after_its_link_counts_once() {
    let mut state = world("10 click a=x p=a\n20 click u=ann a=x p=b");
    assert_eq!(fold(&mut state, "10 click a=x p=a\n20 click u=ann a=x p=b"), [Applied::Duplicate; 2]);
    assert_eq!(fold(&mut state, "10 click u=ann p=a"), [Applied::Duplicate], "the same person by another id");
    fold(&mut state, "30 click u=bob a=x p=c");
    let again = "10 click a=x p=a\n20 click u=ann a=x p=b\n30 click u=bob a=x p=c";
    assert_eq!(fold(&mut state, again), [Applied::Duplicate; 3], "also when the device went on to another user");
    assert_eq!(history(&state, "a=x"), ["30 click c"], "and what is sent again links nothing back");
}

#[test]
fn an_interaction_sent_again_with_the_users_id_links_but_counts_once() {
    let mut state = world("10 click a=x p=a\n11 click a=x p=b");
    let popularity = |state: &State| {
        let row = state.catalogue().row("a").unwrap();
        state.trends().popularity(row, Time(10_000))
    };
    let before = popularity(&state);
    assert_eq!(fold(&mut state, "10 click u=ann a=x p=a"), [Applied::New]);
    assert_eq!(history(&state, "u=ann"), ["10 click a", "11 click b"]);
    assert_eq!(state.people().interactions(), 2);
    assert_eq!(popularity(&state), before);
    assert_eq!(state.people().traces(&["ann".into()]).positions, [1, 2, 3], "all three entries of the log are traces");
}

#[test]
fn the_same_interaction_of_two_visitors_counts_once_when_they_prove_to_be_one() {
    let mut state = world("10 click a=x p=a,b\n10 click u=ann p=a,b\n11 click u=ann p=c");
    assert_eq!(state.people().interactions(), 3);
    fold(&mut state, "12 click u=ann a=x p=d");
    assert_eq!(history(&state, "u=ann"), ["10 click a", "10 click b", "11 click c", "12 click d"]);
    assert_eq!(state.people().interactions(), 3);
    assert_eq!(state.people().traces(&["ann".into()]).positions, [1, 2, 3, 4]);
}

#[test]
fn the_value_of_an_event_is_that_of_its_type() {
    let state = world(
        "1 rate u=ann p=a stars=4.5
         2 watch u=ann p=a duration=90
         3 checkout u=ann p=a,b,c q=2,3
         4 add_to_cart u=ann p=a,b q=7
         5 click u=ann p=a q=7",
    );
    let events = state.people().history(visitor(&state, "u=ann").unwrap());
    let values: Vec<String> = events.map(|event| event.value.to_string()).collect();
    assert_eq!(values, ["4.5", "90", "2", "3", "NaN", "7", "7", "NaN"]);
}

#[test]
fn a_group_has_a_row_of_its_own() {
    check("1 click u=ann g=shirts\n2 click u=ann p=shirts", &[("u=ann", &["1 click group", "2 click shirts"])]);
}

#[test]
fn an_interaction_without_person_or_time_changes_nothing() {
    let mut state = empty();
    assert_eq!(state.add_interaction(1, &interaction("1 click p=a")), Applied::Duplicate);
    let mut timeless = interaction("1 click u=ann p=a");
    timeless.timestamp = None;
    assert_eq!(state.add_interaction(2, &timeless), Applied::Duplicate);
    assert_eq!((state.people().interactions(), state.catalogue().rows(), state.position()), (0, 0, 2));
    assert_eq!(state.latest(), None);
}

#[test]
fn an_oversized_impression_is_held_in_part_and_found_again() {
    let products: Vec<String> = (0..1_000).map(|product| product.to_string()).collect();
    let line = format!("1 impression u=ann p={}", products.join(","));
    let mut state = world(&line);
    assert_eq!(history(&state, "u=ann").len(), IMPRESSION_PRODUCTS_MAX);
    assert_eq!(fold(&mut state, &line), [Applied::Duplicate]);
    let other = format!("1 impression u=ann p={}", products[..999].join(","));
    assert_eq!(fold(&mut state, &other), [Applied::New], "the products beyond the bound tell them apart");
}

#[test]
fn over_the_bound_the_oldest_impressions_go_first() {
    let mut state = empty();
    for second in 0..EVENTS_PER_VISITOR_MAX as i64 {
        let kind = if second % 2 == 0 { "click" } else { "impression" };
        add(&mut state, &interaction(&format!("{second} {kind} u=ann p=a")));
    }
    let user = ["ann".to_owned()];
    assert_eq!(history(&state, "u=ann").len(), EVENTS_PER_VISITOR_MAX);
    assert!(state.people().traces(&user).complete);
    add(&mut state, &interaction("9999 click u=ann p=b"));
    let events = history(&state, "u=ann");
    assert!(events.len() < EVENTS_PER_VISITOR_MAX);
    assert_eq!(events.len(), state.people().interactions());
    let clicks = events.iter().filter(|event| event.contains("click")).count();
    assert_eq!(clicks, EVENTS_PER_VISITOR_MAX / 2 + 1, "every click is still there");
    assert!(!state.people().traces(&user).complete);
    for second in 10_000..20_000 {
        add(&mut state, &interaction(&format!("{second} click u=ann p=a")));
        assert!(state.people().history(visitor(&state, "u=ann").unwrap()).len() <= EVENTS_PER_VISITOR_MAX);
    }
    assert!(history(&state, "u=ann")[0].contains("click"), "no impression is left, the oldest clicks went");
    assert_eq!(history(&state, "u=ann").last().unwrap(), "19999 click a");
}

#[test]
fn a_history_that_was_cut_stays_cut_through_a_link() {
    let mut state = empty();
    for second in 0..=EVENTS_PER_VISITOR_MAX {
        add(&mut state, &interaction(&format!("{second} click a=x p=a")));
    }
    add(&mut state, &interaction("9999 click u=ann a=x p=b"));
    let traces = state.people().traces(&["ann".into()]);
    assert_eq!((traces.complete, traces.anonymous_ids), (false, vec!["x".to_owned()]));
}

#[test]
fn traces_of_nobody_are_none() {
    let state = world("1 click u=ann p=a");
    let traces = state.people().traces(&["bob".into()]);
    assert_eq!((traces.positions.len(), traces.anonymous_ids.len(), traces.complete), (0, 0, true));
}

#[test]
fn one_attribute_keeps_one_type_over_all_profiles() {
    let user = |id: &str, attributes: &str| record::User {
        user_id: id.into(),
        custom_attributes: Some(serde_json::from_str(attributes).unwrap()),
        ..Default::default()
    };
    let told = |state: &State, batch: &[record::User]| {
        let conflicts = state.user_type_conflicts(batch);
        let told = conflicts.iter().map(|c| format!("{} {} {}", c.index, c.attribute, c.given.name()));
        told.collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    let mut state = empty();
    let mixed = [user("ann", r#"{"age":1}"#), user("bob", r#"{"age":"1","size":null,"tags":[]}"#)];
    assert_eq!(told(&state, &mixed), ["1 age string"], "within the batch");
    state.put_user(1, &user("ann", r#"{"age":1,"size":"L"}"#));
    state.put_user(2, &user("bob", r#"{"age":2}"#));
    assert_eq!(told(&state, &[user("eve", r#"{"size":5,"age":"x"}"#)]), ["0 size number", "0 age string"]);
    assert_eq!(told(&state, &[user("ann", r#"{"size":5,"age":7}"#)]), none, "the only one with a size is replaced");
    let both = [user("ann", r#"{"age":"1"}"#), user("bob", r#"{"age":"2"}"#)];
    assert_eq!(told(&state, &both), none, "all that had the attribute are replaced");
    for (position, user) in both.iter().enumerate() {
        state.put_user(3 + position as u64, user);
    }
    assert_eq!(told(&state, &[user("eve", r#"{"age":3}"#)]), ["0 age number"]);
    assert_eq!(state.people().attribute_types().len(), 1);
    assert!(state.delete_user(5, "ann") && state.delete_user(6, "bob"));
    assert!(!state.delete_user(7, "ann"), "it is gone already");
    assert_eq!(told(&state, &[user("eve", r#"{"age":3}"#)]), none);
    assert_eq!((state.people().attribute_types().len(), state.people().profiles()), (0, 0));
}

/// The rules once more, as plainly as possible: whole interactions with their owners.
#[derive(Default)]
struct Plain {
    held: Vec<(String, u64, Interaction)>,
    user_by_anonymous: BTreeMap<String, String>,
    former_by_anonymous: BTreeMap<String, BTreeSet<String>>,
}

impl Plain {
    fn add(&mut self, position: u64, interaction: &Interaction) -> Applied {
        let user = interaction.user_id.as_ref().map(|id| format!("u={id}"));
        let anonymous = interaction.anonymous_id.as_ref().map(|id| format!("a={id}"));
        let content = Interaction { user_id: None, anonymous_id: None, ..interaction.clone() };
        let holds = |plain: &Plain, owner: &String| plain.held.iter().any(|(o, _, c)| o == owner && *c == content);
        let owner = match (&user, &anonymous) {
            (Some(user), Some(anonymous)) => {
                let linked = self.user_by_anonymous.get(anonymous);
                let was_linked = self.former_by_anonymous.get(anonymous).is_some_and(|users| users.contains(user));
                if (linked == Some(user) || was_linked) && holds(self, user) {
                    return Applied::Duplicate;
                }
                match self.user_by_anonymous.insert(anonymous.clone(), user.clone()) {
                    Some(before) => {
                        self.former_by_anonymous.entry(anonymous.clone()).or_default().insert(before);
                    }
                    None => self.give(anonymous, user),
                }
                user.clone()
            }
            (Some(user), None) => user.clone(),
            (None, Some(anonymous)) => {
                let former = self.former_by_anonymous.get(anonymous).cloned().unwrap_or_default();
                if former.iter().any(|user| holds(self, user)) {
                    return Applied::Duplicate;
                }
                self.user_by_anonymous.get(anonymous).unwrap_or(anonymous).clone()
            }
            (None, None) => unreachable!("every interaction here has a person"),
        };
        if holds(self, &owner) {
            return if user.is_some() && anonymous.is_some() { Applied::New } else { Applied::Duplicate };
        }
        self.held.push((owner, position, content));
        Applied::New
    }

    fn give(&mut self, anonymous: &String, user: &String) {
        for (owner, ..) in &mut self.held {
            if owner == anonymous {
                user.clone_into(owner);
            }
        }
        let mut seen: Vec<(String, Interaction)> = Vec::new();
        self.held.retain(|(owner, _, content)| {
            let key = (owner.clone(), content.clone());
            let is_new = !seen.contains(&key);
            if is_new {
                seen.push(key);
            }
            is_new
        });
    }

    fn history(&self, owner: &str) -> Vec<(Time, u64)> {
        let mut history: Vec<_> = self.held.iter().filter(|(o, ..)| o == owner).collect();
        history.sort_by_key(|(_, position, content)| (content.timestamp, *position));
        let events = history.iter().flat_map(|(_, position, content)| {
            let count = content.product_ids.len().max(1);
            std::iter::repeat_n((content.timestamp.unwrap(), *position), count)
        });
        events.collect()
    }
}

/// Interactions in a world so small that everything collides.
fn interactions(count: usize) -> impl Strategy<Value = Vec<Interaction>> {
    let one = (0..12i64, 0..3usize, 0..4usize, 0..4usize, prop::collection::vec(0..5u32, 0..3));
    let line = one.prop_map(|(seconds, kind, user, anonymous, products)| {
        let kind = ["click", "impression", "checkout"][kind];
        let mut line = format!("{seconds} {kind}");
        match (["ann", "bob", "eve"].get(user), ["ann", "x", "y"].get(anonymous)) {
            (Some(user), Some(anonymous)) => line += &format!(" u={user} a={anonymous}"),
            (Some(user), None) => line += &format!(" u={user}"),
            (None, anonymous) => line += &format!(" a={}", anonymous.unwrap_or(&"x")),
        }
        if !products.is_empty() {
            let products: Vec<String> = products.iter().map(u32::to_string).collect();
            line += &format!(" p={}", products.join(","));
        }
        interaction(&line)
    });
    prop::collection::vec(line, 0..count)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn folding_agrees_with_the_plain_model(interactions in interactions(60)) {
        let (mut state, mut plain) = (empty(), Plain::default());
        for interaction in &interactions {
            let position = state.position() + 1;
            prop_assert_eq!(add(&mut state, interaction), plain.add(position, interaction), "{:?}", interaction);
        }
        for ids in ["u=ann", "u=bob", "u=eve", "a=ann", "a=x", "a=y"] {
            let owner = plain.user_by_anonymous.get(ids).map_or(ids, String::as_str);
            let history = visitor(&state, ids).map_or(Vec::new(), |visitor| {
                state.people().history(visitor).map(|event| (event.time, event.position)).collect()
            });
            prop_assert_eq!(history, plain.history(owner), "history of {}", ids);
        }
        prop_assert_eq!(state.people().interactions(), plain.held.len());
        let users = ["ann", "bob", "eve"].map(|user| state.people().traces(&[user.to_owned()]).positions);
        for (position, interaction) in (1..).zip(&interactions) {
            let owners = users.iter().filter(|positions| positions.contains(&position)).count();
            prop_assert!(owners <= 1, "{position} is a trace of {owners} users");
            if let Some(user) = &interaction.user_id {
                let theirs = state.people().traces(std::slice::from_ref(user)).positions;
                prop_assert!(theirs.contains(&position), "{position} is no trace of {user}");
            }
        }
        prop_assert_eq!(state.latest(), interactions.iter().filter_map(|i| i.timestamp).max());
    }

    #[test]
    fn any_order_of_arrival_gives_the_same_histories(
        interactions in interactions(40),
        order in any::<prop::sample::Index>().prop_perturb(|_, mut random| random.random::<u64>()),
    ) {
        // One anonymous visitor is of one user here: who gets what is otherwise a matter of order.
        let mut interactions = interactions;
        for (second, interaction) in interactions.iter_mut().enumerate() {
            interaction.timestamp = Some(Time(second as i64 % 17 * 1_000));
            if interaction.anonymous_id.is_some() && interaction.user_id.is_some() {
                interaction.user_id = interaction.anonymous_id.as_ref().map(|id| format!("of {id}"));
            }
        }
        let mut shuffled = interactions.clone();
        shuffled.sort_by_key(|i| {
            use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
            BuildHasherDefault::<DefaultHasher>::default().hash_one((order, format!("{i:?}")))
        });
        let told = |interactions: &[Interaction]| {
            let mut state = empty();
            for interaction in interactions {
                add(&mut state, interaction);
            }
            let mut histories = Vec::new();
            for ids in ["u=ann", "u=bob", "u=eve", "a=ann", "a=x", "a=y"] {
                let mut history = history(&state, ids);
                // Ties go by the order of the log, which differs here.
                history.sort_by_key(|event| (event.split(' ').next().unwrap().parse::<i64>().unwrap(), event.clone()));
                histories.push((ids, history));
            }
            (histories, state.people().interactions())
        };
        prop_assert_eq!(told(&interactions), told(&shuffled));
    }

    #[test]
    fn a_revision_changes_with_the_history(interactions in interactions(40)) {
        let mut state = empty();
        let all = ["u=ann", "u=bob", "u=eve", "a=ann", "a=x", "a=y"];
        for interaction in &interactions {
            let before: Vec<_> = all.map(|ids| visitor(&state, ids)).into_iter().flatten().map(|visitor| {
                (visitor, state.people().revision(visitor), format!("{:?}", state.people().history(visitor).collect::<Vec<_>>()))
            }).collect();
            add(&mut state, interaction);
            for (visitor, revision, history) in before {
                let now = format!("{:?}", state.people().history(visitor).collect::<Vec<_>>());
                prop_assert!(now == history || state.people().revision(visitor) != revision);
            }
        }
    }
}
