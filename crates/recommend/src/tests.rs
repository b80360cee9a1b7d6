//! Properties proved here:
//! 1. Similarities and scores equal those of a plain, slow computation.
//! 2. The outcome depends neither on the number of threads nor on the order in which they finish; ties go by row.
//! 3. The latest click leads, tastes remain, and dislikes take away.
//! 4. A model read back is the model written; any other bytes are refused without a panic.
//! 5. The blend learns whom to believe from the last part of the log, and says how it did.
//! 6. Bounds hold: neighbours per product, observations per visitor.
//! 7. What is aimed at is learned, and its worth counts; what is asked for is new to the visitor.
//!
//! What every expert must keep is in `experts/tests.rs`.

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
    assert_eq!(rows(&model.score(&[], 0)), [0, 1, 2, 3], "a stranger gets what is popular");
    assert_eq!(rows(&model.score(&history(&[7, 1_000_000]), 0)), [0, 1, 2, 3]);
}

#[test]
fn a_dislike_takes_from_what_is_like_it() {
    let model = train(&dataset(6, "0 1 2\n0 1 2\n0 1\n3 2\n3 2"));
    let liked = [observation("0"), observation("-3")];
    let of = |history: &[Observation], row: u32| {
        model.score(history, 0).iter().find(|&&(other, _)| other == row).map_or(0.0, |&(_, score)| score)
    };
    assert_eq!(best(model.score(&liked[..1], 0))[..2], [1, 2]);
    assert!(of(&liked, 2) < of(&liked[..1], 2));
    assert_eq!(best(model.score(&liked, 0))[0], 1);
}

#[test]
fn no_time_of_asking_does_harm() {
    let model = train(&dataset(3, "0 1\n0 1"));
    for now_ms in [i64::MIN, -1, 0, HOUR_MS, i64::MAX] {
        assert_eq!(best(model.score(&[observation("0")], now_ms)), [1]);
    }
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
    assert_eq!(best(model.score(&history, 0))[0], 3);
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
    for length in (0..bytes.len()).step_by(3) {
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
        let mut input = if whole { Vec::new() } else { b"TAMARI-M\x05\0\0\0".to_vec() };
        input.extend(bytes);
        prop_assert!(Model::load(&mut &input[..]).is_err());
    }
}

/// Sixty visitors of two tastes, in two groups of products; each starts somewhere in the group and goes on by one.
pub(crate) fn walks() -> Dataset {
    let mut all = Dataset { products: 24, ..Dataset::default() };
    for visitor in 0..120i64 {
        let group = (visitor % 2) as u32 * 10;
        let start = (visitor / 2 % 10) as u32;
        all.push((0..5u32).map(|step| Observation {
            product: group + (start + step) % 10,
            time_ms: visitor * HOUR_MS + i64::from(step) * 60_000,
            weight: 1.0,
            converted: false,
        }));
    }
    for product in 0..24 {
        all.features.push(&[product / 10, 100 + product / 2]);
    }
    all
}

#[test]
fn what_follows_is_learned_with_its_direction() {
    let model = train(&walks());
    assert!(model.metrics().cases > 0);
    let metrics = model.metrics();
    assert!(metrics.ndcg > 1.5 * metrics.ndcg_popularity, "{metrics:?}");
    assert!(metrics.ndcg_recent_popularity <= metrics.ndcg_popularity, "{metrics:?}");
    assert!(metrics.ndcg_item_to_item > metrics.ndcg_popularity && metrics.ndcg_linear > 0.0, "{metrics:?}");
    assert_eq!(model.score(&[observation("3@130"), observation("4@130")], 0)[0].0, 5);
    assert_eq!(model.score(&[observation("12@130"), observation("13@130")], 0)[0].0, 14);
}

#[test]
fn a_product_of_no_history_is_found_by_what_it_is_like() {
    let mut all = walks();
    all.products = 25;
    all.features.push(&[0, 102]);
    let model = train(&all);
    let alike = Model::expert_names().iter().position(|&name| name == "alike").unwrap();
    assert!(model.score_by_expert(alike, &[observation("4@130")], 0).iter().any(|&(row, _)| row == 24));
}

#[test]
fn the_scores_are_chances_of_products_that_the_visitor_has_not_had() {
    let model = train(&walks());
    let scores = model.score(&[observation("3@130")], 0);
    assert!((scores.iter().map(|&(_, score)| score).sum::<f32>() - 1.0).abs() < 1e-4);
    assert!(scores.is_sorted_by(|a, b| a.1 > b.1 || (a.1 == b.1 && a.0 < b.0)));
    assert!(scores.iter().all(|&(row, score)| row != 3 && row < 24 && score >= 0.0));
    let even = model.score_allowed(&[observation("3@130")], 0, &|row| row % 2 == 0);
    assert!(even.iter().all(|&(row, _)| row % 2 == 0));
    assert!(model.score_allowed(&[], 0, &|_| false).is_empty());
}

#[test]
fn a_learned_model_is_the_same_each_time_and_when_read_back() {
    let all = walks();
    let model = train(&all);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| train(&all)), model);
    }
    let mut bytes = Vec::new();
    model.save(&mut bytes).unwrap();
    assert_eq!(Model::load(&mut &bytes[..]).unwrap(), model);
}

/// `A` and its inverse make the unit matrix.
#[test]
fn an_inverse_is_one_whatever_the_size() {
    for size in [1usize, 5, 191, 192, 193, 450] {
        let entry = |i: usize, j: usize| if i == j { 3.0 } else { 1.0 / (1.0 + i.abs_diff(j) as f32).powi(2) };
        let mut tiles = crate::symmetric::Tiles::new(size);
        for i in 0..size {
            for j in 0..=i {
                tiles.add(i, j, entry(i, j));
            }
        }
        tiles.invert(&|_| true).unwrap();
        for i in (0..size).step_by(7) {
            for j in (0..size).step_by(11) {
                let product: f32 = (0..size).map(|k| entry(i, k) * tiles.get(k, j)).sum();
                let expected = if i == j { 1.0 } else { 0.0 };
                assert!((product - expected).abs() < 1e-3, "{size}: {i}, {j}: {product}");
            }
        }
    }
}

#[test]
fn what_is_said_is_mended_to_what_came_true() {
    let mut pairs = Vec::new();
    for number in 0..3_000 {
        // Said 0.2 and 0.6, true in one of ten and in three of ten.
        pairs.push((0.2, number % 10 == 0));
        pairs.push((0.6, number % 10 < 3));
    }
    let calibration = crate::calibration::Calibration::fit(pairs);
    assert!((calibration.of(0.2) - 0.1).abs() < 0.02, "{calibration:?}");
    assert!((calibration.of(0.6) - 0.3).abs() < 0.02, "{calibration:?}");
    let steps: Vec<f32> = (0..=100).map(|step| calibration.of(step as f32 / 100.0)).collect();
    assert!(steps.is_sorted() && steps[0] >= 0.0 && steps[100] <= 1.0);
}

#[test]
fn an_explanation_names_those_of_the_history_that_speak() {
    let model = train(&walks());
    let history = [observation("12@100"), observation("3@130"), observation("4@130")];
    let explained = model.explain(&history, 0, 5, 2).unwrap();
    assert!((explained.sources.iter().map(|&(_, share)| share).sum::<f32>() - 1.0).abs() < 1e-3);
    assert!(explained.because.iter().all(|&(row, share)| [3, 4].contains(&row) && share > 0.0), "{explained:?}");
    assert_eq!(model.explain(&history, 0, 3, 2), None, "the history's own product is no candidate");
    assert_eq!(model.explain(&history, 0, 1_000_000, 2), None);
}

/// What is aimed at is asked for: visitors look at things in turn, and buy the accessory of the first thing at the end.
#[test]
fn what_is_aimed_at_comes_first_and_looks_remain_evidence() {
    let mut all = Dataset { products: 40, ..Dataset::default() };
    for visitor in 0..1_300u32 {
        let first = visitor % 20;
        let looks = [first, (first + 1) % 20, (first + 2) % 20, 20 + first];
        all.push(looks.iter().enumerate().map(|(step, &product)| Observation {
            product,
            time_ms: i64::from(visitor) * HOUR_MS + step as i64 * 60_000,
            weight: 1.0,
            converted: false,
        }));
        all.aim.wanted.extend([false, false, false, true]);
    }
    let aimed = train(&all);
    assert!(aimed.metrics().cases >= 100, "{:?}", aimed.metrics());
    assert_eq!(aimed.score(&[observation("4@1300")], 0)[0].0, 24);
    all.aim.wanted = Vec::new();
    assert_eq!(train(&all).score(&[observation("4@1300")], 0)[0].0, 5, "without an aim the next look is wanted");
}

#[test]
fn the_order_goes_by_chance_times_worth() {
    let mut all = walks();
    let chances = train(&all).score(&[observation("3@130"), observation("4@130")], 0);
    all.aim.worth = vec![1.0; 24];
    all.aim.worth[8] = 1e6;
    let model = train(&all);
    let weighted = model.score(&[observation("3@130"), observation("4@130")], 0);
    assert_ne!(chances[0].0, 8);
    assert_eq!(weighted[0].0, 8);
    let rest = |list: &[(u32, f32)]| -> Vec<u32> { rows(list).into_iter().filter(|&row| row != 8).take(5).collect() };
    assert_eq!(rest(&weighted), rest(&chances));
    let explained = model.explain(&[observation("3@130"), observation("4@130")], 0, 8, 2).unwrap();
    assert_eq!(explained.sources[0].0, "worth");
}

/// Visitors who take new products in turn and what everybody has again and again.
fn shoppers() -> Dataset {
    let mut all = Dataset { products: 90, ..Dataset::default() };
    for visitor in 0..160i64 {
        let first = (visitor % 30) as u32;
        let steps = (0..60u32).flat_map(|step| [30 + (first + step) % 60, first % 3]);
        all.push(steps.enumerate().map(|(step, product)| Observation {
            product,
            time_ms: (visitor * 100 + step as i64) * HOUR_MS,
            weight: 1.0,
            converted: false,
        }));
    }
    all
}

#[test]
fn the_questions_ask_for_what_is_new_to_the_visitor() {
    let split = crate::lessons::split(&shoppers(), 1).unwrap();
    assert!(split.cases.len() > 100);
    for case in &split.cases {
        assert!(case.known.is_sorted());
        assert!(case.wanted.iter().all(|product| case.known.binary_search(product).is_err()));
        assert!(case.history.iter().all(|observation| case.known.binary_search(&observation.product).is_ok()));
    }
}

/// Visitors of ten products each; `start_hour` tells when each begins, and each step takes `step_hours`.
fn ten_each(visitors: u32, start_hour: impl Fn(u32) -> i64, step_hours: i64) -> Dataset {
    let mut all = Dataset { products: 40, ..Dataset::default() };
    for visitor in 0..visitors {
        all.push((0..10).map(|step| Observation {
            product: (visitor * 7 + step * 3) % 40,
            time_ms: (start_hour(visitor) + i64::from(step) * step_hours) * HOUR_MS,
            weight: 1.0,
            converted: false,
        }));
    }
    all
}

#[test]
fn where_all_times_are_the_same_the_end_of_each_history_is_asked_of_the_rest() {
    let split = crate::lessons::split(&ten_each(400, |_| 5, 0), 1).unwrap();
    assert!(!split.by_time);
    assert_eq!(split.before.observations.len(), 400 * 9);
    assert!(split.cases.iter().all(|case| case.history.len() >= 9));
    assert!(train(&ten_each(400, |_| 5, 0)).metrics().cases >= 400);
}

#[test]
fn where_few_come_back_the_end_of_some_histories_is_asked_too() {
    // Each comes once: the last 15 % of 3,000 are new after the moment of the split.
    let split = crate::lessons::split(&ten_each(3_000, i64::from, 0), 1).unwrap();
    assert!(split.by_time);
    let strangers = split.cases.iter().filter(|case| case.history.is_empty()).count();
    assert!((400..=450).contains(&strangers), "{strangers}");
    let moment_ms = 2_550 * HOUR_MS;
    let ends = split.cases.iter().filter(|case| case.history.len() == 9 && case.now_ms == moment_ms).count();
    assert!((500..=800).contains(&ends), "{ends}");
}

#[test]
fn where_few_are_there_after_the_moment_the_end_of_each_history_is_asked() {
    // 20 visitors make the last 15 % of the log, in one session each.
    let mut all = ten_each(200, |_| 0, 1);
    for visitor in 0..20 {
        all.push((0..40).map(|step| Observation {
            product: step,
            time_ms: (1_000 + visitor) * HOUR_MS,
            weight: 1.0,
            converted: false,
        }));
    }
    let split = crate::lessons::split(&all, 1).unwrap();
    assert!(!split.by_time);
    assert!(split.cases.iter().filter(|case| case.history.len() >= 9).count() >= 200);
}

/// 300 products of ten kinds, of which those from `met` on nobody ever met, and visitors who come back all the time for their kind.
fn of_kinds(met: u32) -> Dataset {
    let mut all = Dataset { products: 300, ..Dataset::default() };
    (0..all.products).for_each(|row| all.features.push(&[row % 10]));
    for visitor in 0..300u32 {
        all.push((0..met / 10 - 3).map(|step| Observation {
            product: (visitor / 10 + step * 7) % (met / 10) * 10 + visitor % 10,
            time_ms: i64::from(step * 300 + visitor) * HOUR_MS,
            weight: 1.0,
            converted: false,
        }));
    }
    all
}

#[test]
fn what_has_only_arrived_comes_first_and_dead_stock_does_not() {
    let history: Vec<Observation> = ["3@8000", "13@8001", "23@8002"].map(observation).to_vec();
    let first = |met: u32| train(&of_kinds(met)).score(&history, 8_300 * HOUR_MS)[0].0;
    let arrived = first(270);
    assert!(arrived >= 270, "everything else was met often: {arrived}");
    let stock = first(200);
    assert!(stock < 200, "a third of the catalogue is no arrival: {stock}");
}

#[test]
fn of_popularity_among_the_new_each_visitor_is_counted_once() {
    use crate::experts::popularity::{ADOPTION_AT, Popularity};
    let popularity = Popularity::train(&dataset(3, "0@0 0@30 0@60 1@61\n0@0\n1@60 -2@61"));
    assert_eq!(popularity.counts[0], [4.0, 2.0, 0.0], "visitors and days");
    assert_eq!(popularity.counts[ADOPTION_AT], [2.0, 2.0, 0.0], "visitors");
    assert!(popularity.counts[ADOPTION_AT + 1][0] < popularity.counts[ADOPTION_AT + 1][1], "1 is taken up of late");
}

#[test]
fn the_reliability_curve_is_of_the_questions_held_out() {
    let model = train(&walks());
    let bins = model.reliability();
    assert!(bins.iter().map(|bin| bin.count).sum::<u32>() >= model.metrics().cases);
    assert!(bins.iter().all(|bin| (0.0..=1.0).contains(&bin.predicted) && (0.0..=1.0).contains(&bin.observed)));
    assert!(bins.is_sorted_by(|a, b| a.predicted <= b.predicted));
    assert!(train(&dataset(3, "0 1\n0 1")).reliability().is_empty());
}
