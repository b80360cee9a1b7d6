//! Property: where every question has one certain answer, the likelihood is flat far out; the weights stay numbers all the same,
//! and the model can be read back.
#![allow(clippy::unwrap_used, reason = "tests")]

use crate::{Dataset, Model, Observation, Options};

/// A hundred visitors who each keep to the ten products of their kind, all described alike.
fn certain() -> Dataset {
    let mut dataset = Dataset { products: 100, ..Dataset::default() };
    for _ in 0..dataset.products {
        dataset.features.push(&[0]);
    }
    for visitor in 0..100 {
        dataset.push((0..9).map(|step| Observation {
            product: visitor % 10 * 10 + (visitor / 10 + step) % 10,
            time_ms: i64::from(visitor * 37 + step * 20) * 1_000,
            weight: 1.0,
            converted: false,
        }));
    }
    dataset
}

#[test]
fn certain_answers_leave_weights_that_are_numbers() {
    let model = Model::train(&certain(), &Options { now_ms: 4_000_000, seed: 0 }, &|_| true).unwrap();
    assert!(model.ranker.blend.weights.iter().flatten().all(|weight| weight.is_finite()));
    // A tenth of what is wanted is hidden from the experts, and the descriptions do not tell it apart.
    assert!(model.metrics().ndcg > 0.8, "{:?}", model.metrics());
    let mut bytes = Vec::new();
    model.save(&mut bytes).unwrap();
    assert_eq!(Model::load(&mut bytes.as_slice()).unwrap(), model);
}
