//! 1. What people do with an answer is counted for its API, version, place of the site, place in the list and day.
//! 2. The same act of the same person counts once; another person's counts too.
//! 3. A purchase counts for the answer in which the product was clicked, for seven days, also of a visitor who signs in meanwhile.
//! 4. The sums hold nothing of a person, and outlive erasure; the answers and clicks of an erased person do not.
//! 5. A state from a snapshot goes on counting as if it had never stopped; the sums alone go on after the snapshot is lost.
//! 6. Places that are looked at less are found out.
//! 7. A journal's records read back what was written, and a broken end is noticed.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use record::Time;
use state::limits::{ATTRIBUTION_DAYS_MAX, PLACES_MAX};
use state::{Given, ProductRow, Purchases, State, Tally, VisitorRow};
use uuid::Uuid;
use world::*;

const DAY: i64 = 86_400;
const ALWAYS: std::ops::Range<Time> = Time(0)..Time(i64::MAX);
const HOME: &str = "recommendation/user_to_products";

/// Five products, and ann and bob.
fn shop() -> State {
    world("1 search u=ann\n1 search u=bob\n1 impression u=cat p=a,b,c,d,e")
}

fn sum(state: &State, keep: impl Fn(&state::Tallied<'_>) -> bool) -> Tally {
    let mut sum = Tally::default();
    state.feedback().tallies(ALWAYS.start, ALWAYS.end).filter(keep).for_each(|row| sum.add(row.tally));
    sum
}

fn total(state: &State) -> Tally {
    sum(state, |_| true)
}

fn bought(state: &State) -> Purchases {
    let mut sum = Purchases::default();
    state.feedback().purchases(ALWAYS.start, ALWAYS.end).for_each(|(_, bought)| sum.add(bought));
    sum
}

#[test]
fn acts_are_counted_where_and_when_they_happened() {
    let mut state = shop();
    give(&mut state, &format!("10 {HOME} m=1 u=ann p=a,b,c unit=home version=v1"));
    give(&mut state, &format!("{DAY} {HOME} m=2 u=ann p=d,e version=v2 start=2"));
    give(&mut state, &format!("{DAY} search/search m=3 u=bob words=red"));
    fold(
        &mut state,
        &format!(
            "11 impression u=ann m=1 p=a,b
             12 viewable_impression u=ann m=1 p=a
             13 click u=ann m=1 p=b
             {DAY} product_detail_page_view u=ann m=2 p=e
             {DAY} checkout u=ann m=2 p=e revenue=7.5
             {DAY} checkout u=bob p=a revenue=2"
        ),
    );
    let all = total(&state);
    assert_eq!((all.answers, all.empty, all.shown), (3, 1, 5));
    assert_eq!((all.impressions, all.viewable_impressions, all.clicks), (2, 1, 2));
    assert_eq!((all.conversions, all.revenue), (1, 7.5));
    let home = sum(&state, |row| &*row.source.unit_id == "home");
    assert_eq!((home.answers, home.shown, home.clicks, home.conversions), (1, 3, 1, 0));
    let second = sum(&state, |row| &*row.source.version == "v2");
    assert_eq!((second.answers, second.clicks, second.conversions), (1, 1, 1));
    // The second page began at the third place, so its second product stands at the fourth.
    assert_eq!(sum(&state, |row| row.place == Some(3)).clicks, 1);
    assert_eq!(sum(&state, |row| row.place == Some(1)).clicks, 1);
    assert_eq!(sum(&state, |row| row.since < Time(DAY * 1_000)).clicks, 1);
    let day = bought(&state);
    assert_eq!((day.conversions, day.revenue, day.assisted, day.assisted_revenue), (2, 9.5, 1, 7.5));
}

#[test]
fn the_same_click_of_the_same_person_counts_once() {
    let mut state = shop();
    give(&mut state, &format!("10 {HOME} m=1 p=a,b"));
    fold(&mut state, "11 click u=ann m=1 p=a\n12 click u=ann m=1 p=a\n13 product_detail_page_view u=ann m=1 p=a");
    assert_eq!(total(&state).clicks, 1);
    fold(&mut state, "14 click u=bob m=1 p=a\n15 click u=ann m=1 p=b");
    assert_eq!(total(&state).clicks, 3);
}

#[test]
fn what_the_answer_did_not_show_is_no_click_in_it() {
    let mut state = shop();
    give(&mut state, &format!("10 {HOME} m=1 p=a,b"));
    fold(&mut state, "11 click u=ann m=1 p=c\n12 click u=ann m=9 p=a\n13 click u=ann p=a\n14 dislike u=ann m=1 p=a");
    assert_eq!(total(&state).clicks, 0);
}

#[test]
fn the_place_of_the_site_may_come_with_the_act() {
    let mut state = shop();
    give(&mut state, &format!("10 {HOME} m=1 p=a,b"));
    fold(&mut state, r#"11 click u=ann m=1 p=a context={"custom_context":{"unit_id":"side"}}"#);
    assert_eq!(sum(&state, |row| &*row.source.unit_id == "side").clicks, 1);
}

#[test]
fn a_purchase_counts_for_the_answer_in_which_it_was_clicked_for_seven_days() {
    let bought_after = |days: i64, ids: &str| {
        let mut state = shop();
        give(&mut state, &format!("10 {HOME} m=1 p=a,b"));
        let time = 11 + days * DAY;
        fold(
            &mut state,
            &format!("11 click a=x m=1 p=a\n12 home_page_view u=ann a=x\n{time} checkout {ids} p=a revenue=3"),
        );
        (total(&state).conversions, total(&state).revenue, bought(&state).assisted)
    };
    assert_eq!(bought_after(0, "u=ann"), (1, 3.0, 1), "the visitor signed in between");
    assert_eq!(bought_after(ATTRIBUTION_DAYS_MAX, "a=x"), (1, 3.0, 1));
    assert_eq!(bought_after(ATTRIBUTION_DAYS_MAX + 1, "u=ann"), (0, 0.0, 0));
    assert_eq!(bought_after(1, "u=bob"), (0, 0.0, 0), "somebody else");
}

#[test]
fn an_erased_person_leaves_sums_and_no_answer() {
    let mut state = shop();
    give(&mut state, "10 search/search m=1 u=ann p=a,b words=secret");
    give(&mut state, "10 search/search m=2 u=bob p=a,b words=open");
    fold(&mut state, "11 click u=ann m=1 p=a\n11 click u=ann m=2 p=b\n12 click u=bob m=2 p=b");
    let before = total(&state);
    state.erase_interactions(&["ann".into()]);
    assert_eq!(total(&state), before);
    assert!(state.answers().get(Uuid::from_u128(1)).is_none());
    assert!(!saved(&state).windows(6).any(|bytes| bytes == b"secret"));
    // Nothing links a later purchase of that name to what the erased person clicked.
    fold(&mut state, "13 checkout u=ann p=a");
    assert_eq!(total(&state).conversions, 0);
    fold(&mut state, "14 checkout u=bob p=b");
    assert_eq!(total(&state).conversions, 1);
}

#[test]
fn a_snapshot_goes_on_counting() {
    let mut state = shop();
    give(&mut state, &format!("10 {HOME} m=1 u=ann p=a,b unit=home"));
    give(&mut state, "10 search/search m=2 p=c,d words=red");
    fold(&mut state, "11 click u=ann m=1 p=a\n12 search u=bob words=red m=2");
    let mut again = loaded(&saved(&state));
    for state in [&mut state, &mut again] {
        fold(state, "13 click u=ann m=1 p=a\n13 click u=bob m=2 p=d\n14 checkout u=ann p=a revenue=5");
        give(state, &format!("15 {HOME} m=3 p=e"));
    }
    assert_eq!(saved(&state), saved(&again));
    assert_eq!((total(&again).clicks, total(&again).conversions), (2, 1));
}

#[test]
fn the_sums_outlive_the_snapshot_and_nothing_is_counted_twice() {
    let mut state = shop();
    give(&mut state, &format!("10 {HOME} m=1 u=ann p=a,b"));
    fold(&mut state, "11 checkout u=ann m=1 p=a revenue=5");
    let mut file = Vec::new();
    state.save_tallies(&mut file).unwrap();

    let mut anew = empty();
    anew.load_tallies(&mut &*file, 5).unwrap();
    fold(
        &mut anew,
        "1 search u=ann\n1 search u=bob\n1 impression u=cat p=a,b,c,d,e\n11 checkout u=ann m=1 p=a revenue=5",
    );
    assert_eq!(total(&anew), total(&state));
    assert_eq!(bought(&anew), bought(&state));
    fold(&mut anew, "12 checkout u=ann p=b revenue=1");
    assert_eq!(bought(&anew).conversions, 2);
    for length in 0..file.len() {
        assert!(empty().load_tallies(&mut &file[..length], 5).is_err(), "{length}");
    }
}

#[test]
fn hours_become_days_after_three_days() {
    let mut state = shop();
    let hour = |hour: i64| hour * 3_600;
    for at in [1, 2, 30] {
        give(&mut state, &format!("{} {HOME} m={at} p=a", hour(at)));
        fold(&mut state, &format!("{} checkout u=ann p=a revenue={at}", hour(at)));
    }
    let told = |state: &State| -> (Vec<i64>, Vec<i64>) {
        let hours = |since: Time| since.0 / 3_600_000;
        let mut answers: Vec<i64> =
            state.feedback().tallies(ALWAYS.start, ALWAYS.end).map(|row| hours(row.since)).collect();
        answers.dedup();
        (answers, state.feedback().purchases(ALWAYS.start, ALWAYS.end).map(|(since, _)| hours(since)).collect())
    };
    assert_eq!(told(&state), (vec![1, 2, 30], vec![1, 2, 30]));
    give(&mut state, &format!("{} {HOME} m=100 p=a", hour(100)));
    assert_eq!(told(&state), (vec![0, 30, 100], vec![0, 30]));
    give(&mut state, &format!("{} {HOME} m=110 p=a", hour(110)));
    fold(&mut state, &format!("{} checkout u=bob p=a", hour(5)));
    assert_eq!(told(&state), (vec![0, 24, 100, 110], vec![0, 24]));
    assert_eq!((total(&state).answers, bought(&state).conversions), (5, 4));
}

#[test]
fn places_that_are_looked_at_less_are_found_out() {
    let looks = [1.0, 0.8, 0.3, 0.1];
    let attractions = [0.5, 0.4, 0.3, 0.2];
    let names = ["a", "b", "c", "d"];
    let mut state = shop();
    // A fixed sequence in the place of chance: a multiplicative congruential generator (Park & Miller 1988).
    let mut seed = 1_u64;
    let mut chance = move || {
        seed = seed * 48_271 % 2_147_483_647;
        seed as f64 / 2_147_483_647.0
    };
    for number in 0..4_000_u64 {
        let turn = (number % 4) as usize;
        let order: Vec<usize> = (0..4).map(|place| (place + turn) % 4).collect();
        let listed = order.iter().map(|&product| names[product]).collect::<Vec<_>>().join(",");
        let m = 100 + number;
        give(&mut state, &format!("{m} {HOME} m={m} p={listed}"));
        for (place, &product) in order.iter().enumerate() {
            if chance() < looks[place] * attractions[product] {
                fold(&mut state, &format!("{m} click u=u{number} m={m} p={}", names[product]));
            }
        }
    }
    for (place, look) in looks.iter().enumerate() {
        let found = state.feedback().examination(HOME, place);
        assert!((f64::from(found) - look).abs() < 0.1, "place {place}: {found} for {look}");
    }
    assert!(state.feedback().examination(HOME, PLACES_MAX + 5) > 0.0);
    // Searches have a curve of their own, of which nothing is known yet.
    assert_eq!(state.feedback().examination("search/search", 4), 0.5);
}

#[test]
fn a_click_remembers_how_likely_its_place_is_looked_at() {
    let mut state = shop();
    give(&mut state, &format!("10 {HOME} m=1 p=a,b,c,d,e"));
    fold(&mut state, "11 click u=ann m=1 p=e\n12 click u=ann p=a");
    assert_eq!(state.feedback().looked_at(state.position() - 1), Some(0.5));
    assert_eq!(state.feedback().looked_at(state.position()), None);
}

#[test]
fn a_journal_is_read_as_it_was_written_up_to_its_break() {
    let given = |number: u64| Given {
        miso_id: Uuid::from_u128(number.into()),
        time: Time(number as i64),
        api: HOME.to_owned(),
        unit_id: "ü".repeat(100),
        query: "red shoe".to_owned(),
        visitor: (number > 1).then_some(VisitorRow(4)),
        products: [ProductRow(7), ProductRow(number as u32)].into(),
        ..Given::default()
    };
    let mut bytes = Vec::new();
    given(1).write((5, 60), &mut bytes);
    let first = bytes.len();
    given(2).write((6, 61), &mut bytes);
    let (order, read, rest) = Given::read(&bytes).unwrap();
    assert_eq!(order, (5, 60));
    assert_eq!(read, Given { unit_id: "ü".repeat(64), ..given(1) });
    let (order, read, rest) = Given::read(rest).unwrap();
    assert_eq!((order, read.visitor, rest.len()), ((6, 61), Some(VisitorRow(4)), 0));
    assert!(Given::read(rest).is_none());
    for length in first..bytes.len() {
        assert!(Given::read(&bytes[first..length]).is_none(), "{length}");
    }
    for at in 0..first {
        let mut broken = bytes[..first].to_vec();
        broken[at] ^= 1;
        assert!(Given::read(&broken).is_none(), "{at}");
    }
}
