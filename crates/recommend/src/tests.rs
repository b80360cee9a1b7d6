//! Properties proved here:
//! 1. Similarities and scores equal those of a plain, slow computation.
//! 2. The outcome depends neither on the number of threads nor on the order in which they finish; ties go by row.
//! 3. The latest click leads, tastes remain, and dislikes take away.
//! 4. A model read back is the model written; any other bytes are refused without a panic.
//! 5. Bounds hold: neighbours per product, observations per visitor.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::limits::{HISTORY_MAX, NEIGHBOURS_MAX};
use crate::{Dataset, Model, Observation, Options, TrainingError, Tuning};

const HOUR_MS: i64 = 3_600_000;
const OPTIONS: Options = Options { now_ms: 0, seed: 1 };

/// A dataset from text: a line a visitor, `product@hour` each; `!` after it is a conversion, `-` before it a dislike.
fn dataset(products: u32, text: &str) -> Dataset {
    let mut dataset = Dataset { products, ..Dataset::default() };
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        dataset.push(line.split_whitespace().map(observation));
    }
    dataset
}

fn observation(word: &str) -> Observation {
    let weight = if word.starts_with('-') { -1.0 } else { 1.0 };
    let (product, hour) = word.trim_matches(['-', '!']).split_once('@').unwrap_or((word.trim_matches(['-', '!']), "0"));
    Observation {
        product: product.parse().unwrap(),
        time_ms: hour.parse::<i64>().unwrap() * HOUR_MS,
        weight,
        converted: word.ends_with('!'),
    }
}

fn train(dataset: &Dataset) -> Model {
    Model::train(dataset, &OPTIONS, &|_| true).unwrap()
}

fn rows(list: &[(u32, f32)]) -> Vec<u32> {
    list.iter().map(|&(row, _)| row).collect()
}

fn best(mut scores: Vec<(u32, f32)>) -> Vec<u32> {
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    rows(&scores)
}

/// The similarity of `i` to `j`, term by term from its definition.
fn plain_similarity(dataset: &Dataset, tuning: &Tuning, i: u32, j: u32) -> f32 {
    let (mut strength, mut count, mut mass_i, mut mass_j) = (0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for visitor in dataset.visitors() {
        let mut held: BTreeMap<u32, (f32, i64)> = BTreeMap::new();
        for observation in visitor {
            let entry = held.entry(observation.product).or_insert((0.0, 0));
            entry.0 += observation.weight;
            entry.1 = observation.time_ms;
        }
        held.retain(|_, (weight, _)| *weight > 0.0);
        let share = 1.0 / (1.0 + held.len() as f32 / tuning.activity).sqrt();
        let of = |product: u32| held.get(&product).map(|&(weight, time)| (weight.ln_1p(), time));
        if let Some((weight, _)) = of(i) {
            mass_i += share * weight * weight;
        }
        if let Some((weight, _)) = of(j) {
            mass_j += share * weight * weight;
        }
        if let (Some((a, a_ms)), Some((b, b_ms))) = (of(i), of(j)) {
            let hours = (a_ms - b_ms).abs() as f32 / HOUR_MS as f32;
            let close = 0.5 / (1.0 + hours) + 0.5 / (1.0 + hours / 24.0);
            strength += share * a * b * (tuning.distant_share + (1.0 - tuning.distant_share) * close);
            count += 1.0;
        }
    }
    let norm = mass_i.powf(tuning.asymmetry) * mass_j.powf(1.0 - tuning.asymmetry);
    if count == 0.0 { 0.0 } else { (strength / norm * count / (count + tuning.damping)).min(1.0) }
}

#[test]
fn products_of_shared_history_are_related_and_others_are_not() {
    let model = train(&dataset(7, "0 1 2\n0 1\n4 5\n4 5\n6"));
    assert_eq!(rows(model.related(0)), [1, 2]);
    assert_eq!(rows(model.related(5)), [4]);
    assert!(model.related(6).is_empty());
    assert!(model.related(3).is_empty());
    assert!(model.related(1_000_000).is_empty());
}

#[test]
fn what_was_done_close_in_time_is_more_related() {
    let model = train(&dataset(3, "0@0 1@0 2@2000\n2@0 0@3000 1@3000"));
    assert_eq!(rows(model.related(0)), [1, 2]);
    assert!(model.related(0)[0].1 > 1.3 * model.related(0)[1].1);
}

#[test]
fn equally_related_products_come_in_the_order_of_rows() {
    let model = train(&dataset(9, "8 7 3 5\n8 7 3 5"));
    assert_eq!(rows(model.related(7)), [3, 5, 8]);
}

#[test]
fn a_purchase_taken_back_relates_nothing() {
    let model = train(&dataset(4, "0 1\n0 1 -1\n2 3 -3"));
    assert_eq!(model.related(0).len(), 1);
    assert!(model.related(2).is_empty());
}

#[test]
fn one_basket_is_what_was_bought_without_a_long_pause() {
    let model = train(&dataset(6, "0@0! 1@0! 2@1000!\n0@0! 1@1!\n2@0! 3@0!\n4@0! 5@0\n3@5!"));
    assert_eq!(rows(model.bought_together(0)), [1]);
    assert_eq!(rows(model.bought_together(2)), [3]);
    assert!(model.bought_together(4).is_empty(), "5 was looked at, not bought");
}

#[test]
fn what_everybody_buys_goes_with_nothing() {
    // 0 is in every basket: it meets 1 no oftener than by chance. 1 and 2 meet oftener.
    let model = train(&dataset(4, "0! 1! 2!\n0! 1! 2!\n0! 3!\n0! 3!"));
    assert_eq!(rows(model.bought_together(1)), [2]);
}

#[test]
fn the_latest_click_leads_and_tastes_remain() {
    let model = train(&dataset(8, "0 1\n0 1\n0 1\n2 3\n2 3\n2 3"));
    let history = |products: &[u32]| -> Vec<Observation> {
        products.iter().map(|&product| Observation { product, time_ms: 0, weight: 1.0, converted: false }).collect()
    };
    assert_eq!(best(model.score(&history(&[0, 2]), 0)), [3, 1]);
    assert_eq!(best(model.score(&history(&[2, 0]), 0)), [1, 3]);
    assert!(model.score(&[], 0).is_empty());
    assert!(model.score(&history(&[7, 1_000_000]), 0).is_empty());
}

#[test]
fn a_dislike_takes_from_what_is_like_it() {
    let model = train(&dataset(6, "0 1 2\n0 1 2\n0 1\n3 2\n3 2"));
    let liked = [observation("0"), observation("-3")];
    assert_eq!(best(model.score(&liked[..1], 0)), [1, 2]);
    assert_eq!(best(model.score(&liked, 0)), [1]);
}

#[test]
fn an_old_history_still_speaks_and_a_time_ahead_does_no_harm() {
    let model = train(&dataset(3, "0 1\n0 1"));
    let history = [observation("0")];
    let score = |now_ms: i64| model.score(&history, now_ms)[0].1;
    assert!(score(i64::MAX) > 0.0);
    assert!(score(HOUR_MS) > score(HOUR_MS * 24 * 365));
    assert_eq!(score(i64::MIN), score(0));
}

#[test]
fn an_empty_dataset_is_refused_and_a_cancelled_training_says_so() {
    assert_eq!(Model::train(&Dataset::default(), &OPTIONS, &|_| true), Err(TrainingError::NoData));
    let dataset = dataset(3, "0 1\n0 2");
    assert_eq!(Model::train(&dataset, &OPTIONS, &|_| false), Err(TrainingError::Cancelled));
    assert_eq!(Model::train(&dataset, &OPTIONS, &|share| share < 0.5), Err(TrainingError::Cancelled));
}

#[test]
fn a_product_row_out_of_range_is_left_out() {
    let model = train(&dataset(2, "0 1 7\n0! 7! 1!"));
    assert_eq!(rows(model.related(0)), [1]);
}

#[test]
fn a_product_that_everybody_knows_keeps_the_best_neighbours_only() {
    let mut all = Dataset { products: 400, ..Dataset::default() };
    for other in 1..400u32 {
        // The higher the row, the oftener together with 0.
        for _ in 0..=(other / 50) {
            all.push([0, other].map(|product| observation(&product.to_string())));
        }
    }
    let model = train(&all);
    let related = model.related(0);
    assert_eq!(related.len(), NEIGHBOURS_MAX);
    assert!(related.is_sorted_by(|a, b| a.1 > b.1 || (a.1 == b.1 && a.0 < b.0)));
    assert!(related.iter().all(|&(row, _)| row >= 300));
}

#[test]
fn scoring_reads_the_latest_of_a_long_history() {
    let model = train(&dataset(4, "0 1\n0 1\n2 3\n2 3"));
    let mut history = vec![observation("0")];
    history.extend(std::iter::repeat_n(observation("2"), HISTORY_MAX));
    assert_eq!(best(model.score(&history, 0)), [3]);
}

#[test]
fn a_model_read_back_is_the_same() {
    let model = train(&dataset(6, "0! 1! 2\n0! 1!\n4 5"));
    let mut bytes = Vec::new();
    model.save(&mut bytes).unwrap();
    assert_eq!(Model::load(&mut &bytes[..]).unwrap(), model);
}

#[test]
fn every_cut_and_every_flipped_byte_is_refused() {
    let mut bytes = Vec::new();
    train(&dataset(6, "0! 1! 2\n0! 1!\n4 5")).save(&mut bytes).unwrap();
    for length in 0..bytes.len() {
        assert!(Model::load(&mut &bytes[..length]).is_err(), "cut at {length}");
    }
    for index in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[index] ^= 0x40;
        assert!(Model::load(&mut &damaged[..]).is_err(), "flipped at {index}");
    }
}

fn any_dataset() -> impl Strategy<Value = Dataset> {
    let observation =
        (0u32..24, 0i64..2_000, prop_oneof![Just(1.0f32), Just(5.0), Just(-2.0), Just(0.5)], any::<bool>());
    let visitor = prop::collection::vec(observation, 0..12);
    prop::collection::vec(visitor, 1..10).prop_map(|visitors| {
        let mut dataset = Dataset { products: 24, ..Dataset::default() };
        for mut visitor in visitors {
            visitor.sort_by_key(|&(_, hour, _, _)| hour);
            dataset.push(visitor.into_iter().map(|(product, hour, weight, converted)| Observation {
                product,
                time_ms: hour * HOUR_MS,
                weight,
                converted,
            }));
        }
        dataset
    })
}

proptest! {
    #[test]
    fn similarities_equal_the_plain_ones(dataset in any_dataset()) {
        prop_assume!(!dataset.observations.is_empty());
        let tuning = Tuning::default();
        let model = train(&dataset);
        for i in 0..dataset.products {
            for j in (0..dataset.products).filter(|&j| j != i) {
                let expected = plain_similarity(&dataset, &tuning, i, j);
                let found = model.related(i).iter().find(|&&(row, _)| row == j).map_or(0.0, |&(_, similarity)| similarity);
                prop_assert!((expected - found).abs() < 1e-4, "{i} to {j}: {found}, plainly {expected}");
            }
        }
    }

    #[test]
    fn threads_change_nothing(dataset in any_dataset()) {
        prop_assume!(!dataset.observations.is_empty());
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| train(&dataset))
        };
        prop_assert_eq!(with(1), with(4));
    }

    #[test]
    fn similarities_are_in_range_and_sorted(dataset in any_dataset()) {
        prop_assume!(!dataset.observations.is_empty());
        let model = train(&dataset);
        for product in 0..dataset.products {
            for list in [model.related(product), model.bought_together(product)] {
                prop_assert!(list.iter().all(|&(row, similarity)| row != product && similarity > 0.0 && similarity <= 1.0));
                prop_assert!(list.is_sorted_by(|a, b| a.1 > b.1 || (a.1 == b.1 && a.0 < b.0)));
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), whole in any::<bool>()) {
        let mut input = if whole { Vec::new() } else { b"TAMARI-M\x01\0\0\0".to_vec() };
        input.extend(bytes);
        prop_assert!(Model::load(&mut &input[..]).is_err());
    }
}
