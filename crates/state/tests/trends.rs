//! 1. Popularity is the sum of decayed weights, whatever the order of arrival.
//! 2. A product whose rate is steady does not rise; one that is newly hot does; one that fades does not.
//! 3. Only what speaks for a product counts.
//! 4. One person moves a product as one click or one order does, however often it is clicked in a day.
//! 5. No time, however odd, gives a number that is none.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use proptest::prelude::*;
use record::Time;
use state::State;
use world::*;

const DAY: i64 = 86_400;

fn popularity(state: &State, product: &str, now_s: i64) -> f32 {
    state.trends().popularity(state.catalogue().row(product).unwrap(), Time(now_s * 1_000))
}

fn rise(state: &State, product: &str, now_s: i64) -> f32 {
    state.trends().rise(state.catalogue().row(product).unwrap(), Time(now_s * 1_000))
}

#[test]
fn popularity_halves_in_thirty_days() {
    let state = world("0 click u=ann p=a");
    assert_eq!(popularity(&state, "a", 0), 1.0);
    assert!((popularity(&state, "a", 30 * DAY) - 0.5).abs() < 1e-6);
    assert!((popularity(&state, "a", 60 * DAY) - 0.25).abs() < 1e-6);
}

#[test]
fn what_was_popular_thirty_years_ago_still_has_its_order() {
    let state = world("0 click u=ann p=a\n1 click u=ann p=b\n2 click u=bob p=b\n3 impression u=bob p=c");
    let now = 30 * 365 * DAY;
    assert_eq!(popularity(&state, "a", now), popularity(&state, "b", now), "both too small for a number");
    let order = |product: &str| state.trends().popularity_order(state.catalogue().row(product).unwrap());
    assert!(order("b") > order("a") && order("a") > order("c"));
    assert_eq!(order("c"), f64::NEG_INFINITY);
}

#[test]
fn a_product_that_nobody_named_is_not_popular() {
    let state = empty();
    assert_eq!(state.trends().popularity(state::ProductRow(3), Time(0)), 0.0);
    assert_eq!(state.trends().rise(state::ProductRow(3), Time(0)), 0.0);
}

#[test]
fn only_what_speaks_for_a_product_counts() {
    let state = world(
        "1 impression u=ann p=a
         2 dislike u=ann p=a
         3 refund u=ann p=a
         4 rate u=ann p=a stars=2
         5 watch u=ann p=a duration=4.9
         6 search u=ann p=a
         1 watch u=ann p=b duration=5
         1 rate u=ann p=c stars=3.5
         1 checkout u=ann p=d",
    );
    assert_eq!(popularity(&state, "a", 6), 0.0);
    let [b, c, d] = ["b", "c", "d"].map(|product| popularity(&state, product, 6));
    assert!(0.0 < b && b < c && c < d, "{b} {c} {d}");
}

#[test]
fn a_flood_from_one_person_moves_a_product_as_one_act_does() {
    let mut state = world("0 click u=ann p=once\n0 checkout u=ann p=bought");
    for second in 0..500 {
        fold(&mut state, &format!("{second} click u=bot p=flooded\n{second} click u=bot p=beside,beside,flooded"));
        fold(&mut state, &format!("{second} click a=bot p=bought"));
    }
    fold(&mut state, "501 checkout u=eve p=twice\n502 checkout u=eve p=twice\n400 click u=eve p=twice");
    let at = |product: &str| popularity(&state, product, 600);
    assert!((at("flooded") / at("once") - 1.0).abs() < 1e-3, "{}", at("flooded"));
    assert!((at("beside") / at("once") - 1.0).abs() < 1e-3);
    assert!((at("twice") / at("once") - 5.0).abs() < 1e-2, "{}", at("twice"));
    assert!((at("bought") / at("once") - 6.0).abs() < 1e-2, "two people: {}", at("bought"));
    assert!(rise(&state, "flooded", 600) < 0.5, "one person is no wave");
    fold(&mut state, &format!("{DAY} click u=bot p=flooded"));
    assert!(popularity(&state, "flooded", DAY) > 1.9, "another day counts again");
}

#[test]
fn what_is_newly_hot_rises_and_what_is_steady_or_fading_does_not() {
    let mut state = empty();
    let mut add_clicks = |product: &str, days: std::ops::Range<i64>, per_day: i64| {
        for day in days {
            for click in 0..per_day {
                let second = day * DAY + click * DAY / per_day;
                add(&mut state, &interaction(&format!("{second} click u=v{click} p={product}")));
            }
        }
    };
    add_clicks("steady", 0..100, 40);
    add_clicks("new", 99..100, 40);
    add_clicks("doubled", 0..98, 40);
    add_clicks("doubled", 98..100, 80);
    add_clicks("fading", 0..95, 40);
    add_clicks("once", 99..100, 1);
    let now = 100 * DAY;
    let [steady, new, doubled, fading, once] =
        ["steady", "new", "doubled", "fading", "once"].map(|product| rise(&state, product, now));
    assert!(steady < 0.5, "{steady}");
    assert!(once < 0.5, "one click is no wave: {once}");
    assert_eq!(fading, 0.0);
    assert!(doubled > 2.0 && new > doubled, "{new} {doubled}");
    assert!(rise(&state, "new", now + 30 * DAY) < 0.01, "a wave is over some time");
}

#[test]
fn a_now_before_the_latest_interaction_gives_what_held_then() {
    let state = world("1000 click u=ann p=a");
    assert_eq!(popularity(&state, "a", 0), 1.0);
    assert!(rise(&state, "a", 0).is_finite());
}

proptest! {
    #[test]
    fn popularity_is_the_sum_of_decayed_weights(
        seconds in prop::collection::vec(0..200 * DAY, 1..50),
        later in 0..100 * DAY,
    ) {
        let now = seconds.iter().max().unwrap() + later;
        let mut state = empty();
        for (index, second) in seconds.iter().enumerate() {
            add(&mut state, &interaction(&format!("{second} click u=u{index} p=a")));
        }
        let plain: f64 = seconds.iter().map(|second| (-((now - second) as f64) / (30 * DAY) as f64).exp2()).sum();
        prop_assert!((f64::from(popularity(&state, "a", now)) - plain).abs() < 1e-4 * plain);
        let (mut sorted, mut reversed) = (seconds.clone(), seconds);
        sorted.sort_unstable();
        reversed.sort_unstable_by_key(|second| -second);
        let rises = [sorted, reversed].map(|seconds| {
            let lines: Vec<_> = seconds.iter().enumerate().map(|(i, s)| format!("{s} click u=u{i} p=a")).collect();
            rise(&world(&lines.join("\n")), "a", now)
        });
        prop_assert!((rises[0] - rises[1]).abs() < 1e-4, "{:?}", rises);
    }

    #[test]
    fn no_time_gives_a_number_that_is_none(times in prop::collection::vec(any::<i64>(), 1..8), now in any::<i64>()) {
        let mut state = empty();
        for time in times {
            let mut odd = interaction("0 checkout u=ann p=a");
            odd.timestamp = Some(Time(time));
            add(&mut state, &odd);
        }
        let row = state.catalogue().row("a").unwrap();
        for now in [now, i64::MIN, i64::MAX] {
            let (popularity, rise) = (state.trends().popularity(row, Time(now)), state.trends().rise(row, Time(now)));
            prop_assert!(popularity.is_finite() && popularity >= 0.0);
            prop_assert!(rise.is_finite() && rise >= 0.0);
        }
    }
}
