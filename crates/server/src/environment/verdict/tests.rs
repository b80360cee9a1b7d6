//! Properties: a clear lag keeps a version out, one that chance explains does not; few questions decide nothing; what aims at
//! something else is not compared.
#![allow(clippy::unwrap_used, reason = "tests")]

use record::InteractionType;
use serde_json::json;

use super::*;

fn gains(count: usize, share: usize, offset: usize) -> Vec<f32> {
    (0..count).map(|n| if (n * 7 + offset) % 100 < share { 1.0 } else { 0.0 }).collect()
}

fn version(aim: Option<Vec<InteractionType>>, questions: usize, ndcg: f64) -> Version {
    let mut definition = EngineDefinition::default_of("e");
    definition.optimize_for = aim;
    serde_json::from_value(json!({
        "version": "v", "created_at": "2026-01-01T00:00:00Z", "state": "in_use", "in_use": true, "trained_for": definition,
        "metrics": {"validation_cases": questions, "ndcg_10": ndcg},
    }))
    .unwrap()
}

#[test]
fn a_clear_lag_keeps_out_and_chance_does_not() {
    let far = Lag::on_the_same(&gains(1_000, 10, 0), &gains(1_000, 20, 3));
    assert!(far.is_worse(), "{far:?}");
    let near = Lag::on_the_same(&gains(300, 19, 0), &gains(300, 20, 3));
    assert!(!near.is_worse(), "{near:?}");
    let better = Lag::on_the_same(&gains(1_000, 20, 0), &gains(1_000, 10, 3));
    assert!(!better.is_worse());
    let few = Lag::on_the_same(&gains(30, 0, 0), &gains(30, 100, 0));
    assert!(!few.is_worse(), "{QUESTIONS_MIN} questions are the least");
}

#[test]
fn popularity_is_looked_at_before_the_version_in_use() {
    let level = Lag::on_their_own((1_000, 0.2), (1_000, 0.2));
    let behind = Lag::on_their_own((1_000, 0.1), (1_000, 0.2));
    assert_eq!(reason_to_keep_out(&level, None), None);
    assert!(reason_to_keep_out(&behind, None).unwrap().contains("0.100 against 0.200"));
    let compared = (behind, behind.compared("v", true));
    assert!(reason_to_keep_out(&level, Some(&compared)).unwrap().contains("same questions"));
}

#[test]
fn a_version_that_aims_at_something_else_is_not_compared_by_its_own_measure() {
    let aim = EngineDefinition::default_of("e");
    let own = (1_000, 0.1);
    assert!(beside(&version(None, 1_000, 0.3), &aim, own, None).unwrap().0.is_worse());
    assert!(beside(&version(Some(vec![InteractionType::Checkout]), 1_000, 0.3), &aim, own, None).is_none());
    let same = Lag::on_the_same(&gains(1_000, 30, 0), &gains(1_000, 20, 0));
    let (_, compared) =
        beside(&version(Some(vec![InteractionType::Checkout]), 1_000, 0.3), &aim, own, Some(same)).unwrap();
    assert!(compared.same_questions);
}
