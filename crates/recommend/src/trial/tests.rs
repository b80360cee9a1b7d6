//! Properties: what came after the moment is asked and not told; a model that learned the truth gains more than one that learned
//! the contrary; the questions are bounded.
#![allow(clippy::unwrap_used, reason = "tests")]

use crate::limits::TRIAL_QUESTIONS_MAX;
use crate::{Dataset, Model, Observation, Options, Trial};

/// Visitors who keep to ten products each: those of one decade, or those of one last digit.
fn visits(dataset: &mut Dataset, count: u32, from_ms: i64, by_decade: bool) {
    for visitor in 0..count {
        dataset.push((0..8).map(|step| {
            let (kind, own) = (visitor % 10, (visitor / 10 + step) % 10);
            let product = if by_decade { kind * 10 + own } else { own * 10 + kind };
            let time_ms = from_ms + i64::from(visitor * 30 + step) * 1_000;
            Observation { product, time_ms, weight: 1.0, converted: false }
        }));
    }
}

fn train(dataset: &Dataset) -> Model {
    Model::train(dataset, &Options { now_ms: 50_000_000, seed: 0 }, &|_| true).unwrap()
}

#[test]
fn who_learned_the_truth_gains_more() {
    let (mut truth, mut contrary) =
        (Dataset { products: 100, ..Dataset::default() }, Dataset { products: 100, ..Dataset::default() });
    visits(&mut truth, 100, 0, true);
    visits(&mut contrary, 400, 0, false);
    let mut all = contrary.clone();
    visits(&mut all, 100, 20_000_000, true);
    let trial = Trial::after(&all, 20_000_000);
    assert_eq!((trial.questions(), trial.before().observations.len()), (100, 3_200));
    let mean = |model: &Model| trial.gains(model).iter().sum::<f32>() / 100.0;
    let (good, bad) = (mean(&train(&truth)), mean(&train(trial.before())));
    assert!(good > 0.8 && bad < 0.4, "{good} {bad}");
}

#[test]
fn the_questions_are_bounded_and_an_aim_is_followed() {
    let mut dataset = Dataset { products: 100, ..Dataset::default() };
    visits(&mut dataset, 3 * TRIAL_QUESTIONS_MAX as u32, 0, true);
    assert!(Trial::after(&dataset, 0).questions() <= TRIAL_QUESTIONS_MAX);
    let mut dataset = Dataset { products: 100, ..Dataset::default() };
    visits(&mut dataset, 100, 0, true);
    dataset.aim.wanted = (0..800).map(|at| at < 400).collect();
    assert_eq!(Trial::after(&dataset, 0).questions(), 50);
    assert_eq!(Trial::after(&dataset, i64::MAX).questions(), 0);
}
