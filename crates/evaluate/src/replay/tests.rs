//! Properties proved here:
//! 1. No event that is asked for is in the past; what is learned from is exactly the rest.
//! 2. Only products new to the visitor are asked for; products that nobody had before, and visitors without a past, are
//!    kept apart.
//! 3. The figures of small rankings are those worked out by hand.
//! 4. An interval holds the mean, and a difference of nothing is nothing.
//! 5. What a client sends brings exactly the past to the server, whatever the order.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use record::InteractionType;
use serde_json::{Value, json};

use super::client::{self, Order, Prefix, Reading};
use super::*;
use crate::history::{Event, Gathering, History, VisitorId};

const DAY_MS: i64 = 86_400_000;

/// A log from lines `DAY PERSON PRODUCT…`: views, or ratings where a product is followed by `:stars`; `~x` is anonymous.
fn log(text: &str) -> History {
    let mut gathering = Gathering::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let (day, person) = (words.next().unwrap(), words.next().unwrap());
        let visitor = match person.strip_prefix('~') {
            Some(id) => VisitorId::Anonymous(id.to_owned()),
            None => VisitorId::User(person.to_owned()),
        };
        for (step, word) in words.enumerate() {
            let time_ms = (day.parse::<f64>().unwrap() * DAY_MS as f64) as i64 + step as i64;
            let (id, stars) = word.split_once(':').map_or((word, None), |(id, stars)| (id, Some(stars)));
            let product = gathering.product(id);
            let (kind, value) = match stars {
                Some(stars) => (InteractionType::Rate, stars.parse().unwrap()),
                None => (InteractionType::ProductDetailPageView, f32::NAN),
            };
            gathering.event(visitor.clone(), product, time_ms, kind, value);
        }
    }
    gathering.finish()
}

fn ids(history: &History, rows: &[u32]) -> String {
    let mut ids: Vec<&str> = rows.iter().map(|&row| history.records[row as usize].product_id.as_str()).collect();
    ids.sort_unstable();
    ids.join(" ")
}

/// `PERSON: wanted | new` of every case.
fn shown(history: &History, replay: &Replay) -> Vec<String> {
    let name = |case: &Case| match &history.visitor_ids[case.visitor as usize] {
        VisitorId::User(id) => id.clone(),
        VisitorId::Anonymous(id) => format!("~{id}"),
    };
    let line =
        |case: &Case| format!("{}: {} | {}", name(case), ids(history, &case.wanted), ids(history, &case.wanted_new));
    replay.cases.iter().map(line).collect()
}

#[test]
fn the_temporal_split_asks_for_what_came_after_nine_tenths_of_the_time() {
    let history = log("
        0 ann a b
        1 bob a c
        9.5 ann a c new
        9.6 cat b
        10 bob b:1 a");
    let replay = Split::Temporal.of(&history, 1).unwrap();
    // Ann had `a` before; nobody had `new`; Bob did not like `b`; Cat was not there before.
    assert_eq!(shown(&history, &replay), ["ann: c | new", "cat: b | "]);
    assert_eq!([Part::Known, Part::NewVisitors, Part::NewProducts].map(|part| replay.count(part)), [1, 1, 1]);
    assert_eq!(replay.past.observations.len(), 4);
    assert_eq!(replay.cases[0].now_ms, DAY_MS + 1, "it is asked at the end of the past");
}

#[test]
fn the_splits_by_visitor_ask_for_the_last_events_of_each() {
    let history = log("0 ann a b c d e f g h i j k l m n o p q r s t\n1 bob t s\n2 cat a");
    let asked = |split: Split| shown(&history, &split.of(&history, 1).unwrap());
    // `s` is the last of Bob and among the last of Ann, so nobody had it before; Cat has no past.
    assert_eq!(asked(Split::UserTemporal), ["ann: t | s", "bob:  | s", "cat: a | "]);
    assert_eq!(asked(Split::LeaveLastOut), ["ann: t | ", "bob: s | ", "cat: a | "]);
}

#[test]
fn the_cold_split_hides_a_tenth_of_the_products_whatever_their_order() {
    let lines = |ids: Vec<String>| log(&format!("0 ann {}\n1 bob {}", ids.join(" "), ids.join(" ")));
    let all: Vec<String> = (0..40).map(|number| format!("p{number}")).collect();
    let history = lines(all.clone());
    let replay = Split::Cold.of(&history, 1).unwrap();
    assert_eq!(replay.cases.len(), 2);
    assert_eq!(replay.cases[0].wanted.len(), 4);
    assert!(replay.past.observations.iter().all(|seen| !replay.cases[0].wanted.contains(&seen.product)));
    let reversed = lines(all.into_iter().rev().collect());
    let other = Split::Cold.of(&reversed, 1).unwrap();
    assert_eq!(ids(&history, &replay.cases[0].wanted), ids(&reversed, &other.cases[0].wanted));
}

#[test]
fn the_sessions_split_asks_for_each_new_next_step_of_the_last_sessions() {
    let mut text: String = (0..9).map(|day| format!("{day} ~s{day} a b c\n")).collect();
    text.push_str("9 ~last a b a new c");
    let history = log(&text);
    let replay = Split::Sessions.of(&history, 1).unwrap();
    assert_eq!(shown(&history, &replay), ["~last: a | ", "~last: b | ", "~last:  | new", "~last: c | "]);
    assert_eq!(replay.cases[3].live.len(), 4);
    assert_eq!(replay.past.observations.len(), 27);
}

#[test]
fn a_log_without_anybody_who_comes_back_cannot_be_split() {
    assert_eq!(Split::Temporal.of(&History::default(), 1).unwrap_err(), SplitFault::NoCases);
    assert_eq!(Split::Temporal.of(&log("0 ann a\n10 bob a"), 1).unwrap_err(), SplitFault::NoCases);
}

/// A replay of one person who had `known` of 40 products and wants `wanted`.
fn one(known: &str, wanted: &[u32]) -> Replay {
    let text: Vec<String> = (0..40).map(|row| format!("p{row}")).collect();
    let history = log(&format!("0 ann {known}\n0 others {}\n", text.join(" ")));
    let case = Case { known: vec![0], wanted: wanted.to_vec(), ..Case::default() };
    Replay { cases: vec![case], ..Replay::new(&history, vec![true; history.events.len()], Vec::new()) }
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let replay = one("p0", &[3, 5, 7]);
    // The second and the fourth place of the first ten, and one at the twelfth.
    let ranking = vec![1, 3, 2, 5, 4, 6, 8, 9, 10, 11, 12, 7];
    let (figures, by_case) = measure(&replay, &[ranking], Part::Known);
    let gain = |place: f64| 1.0 / (place + 1.0).log2();
    let expected = (gain(2.0) + gain(4.0)) / (gain(1.0) + gain(2.0) + gain(3.0));
    assert!((figures.ndcg_10 - expected).abs() < 1e-12 && by_case == [figures.ndcg_10]);
    assert_eq!((figures.recall_20, figures.mrr_20, figures.hit_10), (1.0, 0.5, 1.0));
    assert_eq!(figures.coverage_10, 10.0 / 40.0);
    assert!((figures.novelty_10 - 1.0).abs() < 1e-9, "one of two visitors had each of the ten: one bit");
}

#[test]
fn an_empty_ranking_is_worth_nothing_and_more_than_twenty_are_not_looked_at() {
    let replay = one("p0", &[30]);
    let (nothing, _) = measure(&replay, &[Vec::new()], Part::Known);
    assert_eq!((nothing.cases, nothing.ndcg_10, nothing.recall_20, nothing.novelty_10), (1, 0.0, 0.0, 0.0));
    let (late, _) = measure(&replay, &[(1..40).collect()], Part::Known);
    assert_eq!((late.recall_20, late.mrr_20), (0.0, 0.0));
    assert_eq!(measure(&replay, &[Vec::new()], Part::NewVisitors).0.cases, 0);
}

#[test]
fn an_interval_holds_the_mean_and_equal_rankings_differ_by_nothing() {
    let ours: Vec<f64> = (0..200).map(|case| f64::from(case % 3) / 2.0).collect();
    let theirs = vec![0.25; 200];
    let found = difference(&ours, &theirs, 1);
    assert!(found.low < found.mean && found.mean < found.high && found.low > 0.1 && found.high < 0.4, "{found:?}");
    assert_eq!(difference(&ours, &ours, 1), Difference::default());
    assert_eq!(difference(&[], &[], 1), Difference::default());
}

#[test]
fn true_chances_have_no_calibration_error_and_false_ones_have_theirs() {
    let pairs = |said: f32| (0..1_000).map(|index| (said, index % 10 == 0)).collect::<Vec<_>>();
    let bins = reliability(pairs(0.1));
    assert_eq!((bins.len(), bins[0].products), (10, 100));
    assert!(calibration_error(&bins) < 1e-6);
    assert!((calibration_error(&reliability(pairs(0.4))) - 0.3).abs() < 1e-6);
    assert!(reliability(Vec::new()).is_empty());
}

fn sent(calls: &[client::Call], path: &str) -> Vec<Value> {
    let calls = calls.iter().filter(|call| call.path == path);
    let bodies = calls.map(|call| serde_json::from_str::<Value>(&call.body).unwrap());
    bodies.flat_map(|body| body["data"].as_array().unwrap().clone()).collect()
}

#[test]
fn uploads_bring_the_past_and_nothing_of_the_test_in_any_order() {
    let history = log("0 ann a:4 b:1\n1 ~bob a c\n9.5 ann c\n10 ~bob b");
    let replay = Split::Temporal.of(&history, 1).unwrap();
    let mut all: Vec<Vec<String>> = Vec::new();
    for order in [Order::ProductsFirst, Order::InteractionsFirst, Order::Shuffled] {
        let calls = client::uploads(&history, &replay, order, 1);
        let first = if order == Order::InteractionsFirst { "interactions" } else { "products" };
        assert_eq!(calls[0].path, first);
        assert_eq!(sent(&calls, "products").len(), 3);
        let mut lines: Vec<String> = sent(&calls, "interactions").iter().map(Value::to_string).collect();
        for line in &lines {
            record::parse_interactions(format!("{{\"data\":[{line}]}}").as_bytes()).unwrap();
        }
        lines.sort();
        all.push(lines);
    }
    assert!(all.iter().all(|lines| *lines == all[0]) && all[0].len() == 4);
    let rated = sent(&client::uploads(&history, &replay, Order::ProductsFirst, 1), "interactions");
    assert_eq!(
        rated[0],
        json!({"type": "rate", "user_id": "ann", "product_ids": ["a"], "rating": 4.0, "timestamp": rated[0]["timestamp"]})
    );
    assert_eq!(rated[2]["anonymous_id"], "bob");
}

#[test]
fn a_question_names_the_person_or_brings_the_clicks_of_the_session() {
    let history = log("0 ann a b\n1 bob b a\n9.5 ann c\n9.5 bob c\n0 cat c");
    let replay = Split::Temporal.of(&history, 1).unwrap();
    let (upload, question) = client::question(&history, &replay.cases[0], 0, Prefix::Additional);
    let body: Value = serde_json::from_str(&question.body).unwrap();
    assert_eq!((upload, &body["user_id"], &body["rows"]), (None, &json!("ann"), &json!(20)));

    let mut text: String = (0..9).map(|day| format!("{day} ~s{day} a b c\n")).collect();
    text.push_str("9 ~last a b c");
    let history = log(&text);
    let replay = Split::Sessions.of(&history, 1).unwrap();
    let case = &replay.cases[2];
    let (upload, question) = client::question(&history, case, 7, Prefix::Additional);
    let body: Value = serde_json::from_str(&question.body).unwrap();
    assert_eq!(upload, None);
    let clicked: Vec<&Value> =
        body["additional_interactions"].as_array().unwrap().iter().map(|click| &click["product_ids"][0]).collect();
    assert_eq!(clicked, ["a", "b"]);
    let (upload, question) = client::question(&history, case, 7, Prefix::Uploaded);
    let body: Value = serde_json::from_str(&question.body).unwrap();
    let clicks = sent(&[upload.unwrap()], "interactions");
    assert!(body.get("additional_interactions").is_none());
    assert_eq!(clicks.len(), 2);
    assert!(clicks.iter().all(|click| click["anonymous_id"] == body["anonymous_id"]));
}

#[test]
fn an_answer_is_read_into_rows_and_what_is_no_answer_is_not() {
    let history = log("0 ann a b");
    let reading = Reading::of(&history);
    let answer = json!({"data": {"products": [
        {"product_id": "b", "_personalization_score": 0.25}, {"product_id": "stranger"}, {"product_id": "a"}
    ]}});
    let expected = [Ranked { row: 1, chance: Some(0.25) }, Ranked { row: 0, chance: None }];
    assert_eq!(reading.ranking(&answer).unwrap(), expected);
    assert_eq!(reading.ranking(&json!({"message": "no"})), None);
}

fn logs() -> impl Strategy<Value = History> {
    let event = (0u32..12, 0u32..30, 0i64..1_000, 0u8..6);
    prop::collection::vec(event, 1..200).prop_map(|events| {
        let mut gathering = Gathering::default();
        for (visitor, product, time, stars) in events {
            let product = gathering.product(&format!("p{product}"));
            let visitor = VisitorId::User(format!("u{visitor}"));
            let kind = if stars == 0 { InteractionType::Click } else { InteractionType::Rate };
            let value = if stars == 0 { f32::NAN } else { f32::from(stars) };
            gathering.event(visitor, product, time, kind, value);
        }
        gathering.finish()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_asked_for_is_learned_from(history in logs(), seed in any::<u64>()) {
        for (name, split) in Split::ALL {
            let Ok(replay) = split.of(&history, seed) else { continue };
            let says = |event: &Event| event.observation.weight != 0.0;
            let past: Vec<&Event> =
                history.events.iter().zip(&replay.in_past).filter(|&(_, &past)| past).map(|(event, _)| event).collect();
            prop_assert_eq!(replay.past.observations.len(), past.iter().filter(|event| says(event)).count());
            for case in &replay.cases {
                let live: Vec<&Event> = case.live.iter().map(|&index| &history.events[index]).collect();
                prop_assert!(case.live.iter().all(|&index| !replay.in_past[index]));
                let own = || past.iter().copied().chain(live.iter().copied()).filter(|event| event.visitor == case.visitor);
                for &wanted in case.wanted.iter().chain(&case.wanted_new) {
                    prop_assert!(!own().any(|event| event.observation.product == wanted), "{name}: it was known");
                    prop_assert!(case.known.binary_search(&wanted).is_err());
                }
                let occurs = |row: u32| past.iter().any(|event| event.observation.product == row);
                prop_assert!(case.wanted.iter().all(|&row| occurs(row) != (split == Split::Cold)));
                prop_assert!(case.wanted_new.iter().all(|&row| !occurs(row)));
                let mut known: Vec<u32> = own().map(|event| event.observation.product).collect();
                known.sort_unstable();
                known.dedup();
                prop_assert_eq!(&known, &case.known);
                if split == Split::Temporal {
                    let latest = past.iter().map(|event| event.observation.time_ms).max().unwrap_or(0);
                    prop_assert_eq!(case.now_ms, latest);
                }
            }
        }
    }
}
