//! 1. An interaction held costs at most 100 bytes of memory, its share of ids, maps and trends included.
//! 2. What is forgotten is not counted on.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use record::Time;
use state::State;
use world::*;

/// A state of `visitors` with `each` interactions, visitor after visitor in turn, by user ids of 36 characters.
fn crowd(visitors: u32, each: u32) -> State {
    let mut state = empty();
    let mut interaction = interaction("0 click u=ann p=a");
    for number in 0..visitors * each {
        let visitor = u128::from(number % visitors).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        interaction.user_id = Some(uuid::Uuid::from_u128(visitor).to_string());
        interaction.product_ids[0] = format!("product-{}", number.wrapping_mul(2_654_435_761) % 10_000);
        interaction.timestamp = Some(Time(i64::from(number) * 1_000));
        state.add_interaction(u64::from(number) + 1, &interaction);
    }
    state
}

fn check(visitors: u32, each: u32) {
    let state = crowd(visitors, each);
    let memory = state.memory();
    assert_eq!(memory.interactions, (visitors * each) as usize);
    let bytes = memory.people_bytes + memory.trends_bytes;
    let per_interaction = bytes as f64 / memory.interactions as f64;
    eprintln!("{visitors} visitors of {each} interactions: {per_interaction:.1} bytes per interaction");
    assert!(per_interaction <= 100.0, "{per_interaction}");
}

#[test]
fn an_interaction_costs_at_most_100_bytes_with_10_a_visitor() {
    check(100_000, 10);
}

#[test]
fn an_interaction_costs_at_most_100_bytes_with_3_a_visitor() {
    check(100_000, 3);
}

#[test]
fn an_interaction_costs_at_most_100_bytes_with_20_a_visitor() {
    check(20_000, 20);
}

#[test]
fn erased_histories_are_given_back() {
    let mut state = crowd(1_000, 20);
    let before = state.memory();
    let ids: Vec<String> = (0..1_000u128)
        .map(|n| uuid::Uuid::from_u128(n.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_string())
        .collect();
    state.erase_interactions(&ids);
    let after = state.memory();
    assert_eq!(after.interactions, 0);
    assert!(before.people_bytes - after.people_bytes > 20_000 * 32, "{before:?} {after:?}");
}
