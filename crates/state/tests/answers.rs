//! 1. An answer is found by its `miso_id` until 30 days of newer ones, or too many of them, have passed.
//! 2. Answers given to an erased visitor are forgotten, and no others.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use record::Time;
use state::limits::{ANSWER_DAYS_MAX, ANSWERS_MAX};
use state::{Given, State, VisitorRow};
use uuid::Uuid;
use world::*;

fn given(number: usize, time: Time, visitor: Option<VisitorRow>) -> Given {
    Given { miso_id: Uuid::from_u128(number as u128), time, api: "search/search".into(), visitor, ..Given::default() }
}

fn remembered(state: &State, number: u128) -> Option<(Time, Option<VisitorRow>)> {
    state.answers().get(Uuid::from_u128(number)).map(|shown| (shown.time, shown.visitor))
}

#[test]
fn an_answer_is_found_by_its_id() {
    let mut state = empty();
    state.remember(given(1, Time(0), None));
    state.remember(given(2, Time(1), None));
    assert_eq!(remembered(&state, 2), Some((Time(1), None)));
    assert_eq!(remembered(&state, 3), None);
}

#[test]
fn an_answer_is_forgotten_after_thirty_days() {
    let mut state = empty();
    state.remember(given(1, Time(0), None));
    state.remember(given(2, Time(ANSWER_DAYS_MAX * Time::DAY_MS), None));
    assert!(state.answers().get(Uuid::from_u128(1)).is_some());
    state.remember(given(3, Time(ANSWER_DAYS_MAX * Time::DAY_MS + 1), None));
    assert!(state.answers().get(Uuid::from_u128(1)).is_none());
    assert_eq!(state.answers().iter().len(), 2);
}

#[test]
fn over_the_bound_the_oldest_answer_is_forgotten() {
    let mut state = empty();
    for number in 0..ANSWERS_MAX + 2 {
        state.remember(given(number, Time(0), None));
    }
    assert_eq!(state.answers().iter().len(), ANSWERS_MAX);
    assert!(state.answers().get(Uuid::from_u128(1)).is_none());
    assert_eq!(remembered(&state, 2), Some((Time(0), None)));
}

#[test]
fn an_answer_remembered_twice_is_the_newer_one() {
    let mut state = empty();
    state.remember(given(1, Time(0), None));
    state.remember(given(1, Time(ANSWER_DAYS_MAX * Time::DAY_MS), None));
    state.remember(given(2, Time(ANSWER_DAYS_MAX * Time::DAY_MS + 5), None));
    assert_eq!(state.answers().get(Uuid::from_u128(1)).unwrap().time, Time(ANSWER_DAYS_MAX * Time::DAY_MS));
}

#[test]
fn answers_to_an_erased_visitor_are_forgotten() {
    let mut state = world("1 click u=ann a=x p=a\n1 click u=bob p=a");
    let (ann, bob) = (visitor(&state, "u=ann"), visitor(&state, "u=bob"));
    for (number, visitor) in [ann, bob, None, ann].into_iter().enumerate() {
        state.remember(given(number, Time(number as i64), visitor));
    }
    state.erase_interactions(&["ann".into()]);
    let left: Vec<_> = state.answers().iter().map(|shown| shown.miso_id.as_u128()).collect();
    assert_eq!(left, [1, 2]);
    assert!(state.answers().get(Uuid::from_u128(0)).is_none());
    assert_eq!(state.answers().get(Uuid::from_u128(1)).unwrap().visitor, bob);
}
