//! What every expert must keep, each run over all of them:
//! 1. A known right answer: the products of a visitor's group come before those of the other.
//! 2. Many questions asked in turn get the answers that each gets alone, and the candidates carry them.
//! 3. The outcome depends neither on threads nor on anything but the log and the seed.
//! 4. An empty and a tiny log do no harm: scores are finite, rows in range, each once; who did nothing is told nothing.
//! 5. Bounds hold whatever one visitor does.
//!
//! And of the linear model: beyond the closed form it comes close to it.
//! And of products never met: what is expected of them follows from what they are like.

#![allow(clippy::unwrap_used, reason = "tests")]

use rustc_hash::FxHashSet;

use super::factors::{Factors, dot};
use super::set::{EXPERTS, Experts};
use super::{described, linear};
use crate::cooccurrence::{Neighbours, Places, lengths};
use crate::limits::{FACTORS_MAX, LINEAR_NEIGHBOURS_MAX, NEIGHBOUR_ENTRIES_MAX, NEIGHBOURS_MAX, NEIGHBOURS_MIN};
use crate::neighbours::{histories, similar};
use crate::scores::{Scores, best_first};
use crate::taste::Taste;
use crate::tests::walks;
use crate::{Dataset, Features, Observation, Tuning};

const MINUTE_MS: i64 = 60_000;

fn trained(dataset: &Dataset, seed: u64) -> Experts {
    Experts::train(dataset, &Tuning::default(), seed, None, &|_| true).unwrap()
}

fn observation(product: u32, minute: i64) -> Observation {
    Observation { product, time_ms: minute * MINUTE_MS, weight: 1.0, converted: false }
}

/// The taste of whoever did this in turn, at the end of the log.
fn taste(experts: &Experts, products: &[u32]) -> Taste {
    let end = experts.popularity.latest_ms / MINUTE_MS;
    let history: Vec<Observation> = products.iter().map(|&product| observation(product, end)).collect();
    Taste::new(&history, experts.products, experts.popularity.latest_ms, experts.popularity.latest_ms)
}

fn answers(experts: &Experts, expert: usize, taste: &Taste) -> Vec<(u32, f32)> {
    let mut list = experts.scores_of(expert, taste, &mut Scores::new(experts.products));
    list.sort_unstable_by(best_first);
    list
}

#[test]
fn a_known_right_answer_comes_first() {
    let experts = trained(&walks(), 1);
    for (expert, name) in EXPERTS.into_iter().enumerate() {
        for (history, group) in [([3, 4], 0..10), ([12, 13], 10..20)] {
            let list = answers(&experts, expert, &taste(&experts, &history));
            let new: Vec<u32> = list.iter().map(|&(row, _)| row).filter(|row| !history.contains(row)).collect();
            assert!(new.len() >= 3 && new[..3].iter().all(|row| group.contains(row)), "{name}: {new:?}");
        }
    }
}

#[test]
fn many_questions_get_the_answers_that_each_gets_alone() {
    let experts = trained(&walks(), 1);
    let tastes: Vec<Taste> = (0..10u32).map(|first| taste(&experts, &[first, (first + 3) % 10, 15])).collect();
    let mut shared = Scores::new(experts.products);
    for (expert, name) in EXPERTS.into_iter().enumerate() {
        for taste in &tastes {
            let mut list = experts.scores_of(expert, taste, &mut shared);
            list.sort_unstable_by(best_first);
            assert_eq!(list, answers(&experts, expert, taste), "{name}");
            let candidates = experts.candidates(taste, &|_| true);
            for (index, row) in candidates.rows.iter().enumerate() {
                let alone = list.iter().find(|(other, _)| other == row).map_or(0.0, |&(_, score)| score);
                assert_eq!(candidates.known[index].said[expert], alone, "{name} of {row}");
            }
        }
    }
}

#[test]
fn the_outcome_depends_on_the_log_and_the_seed_alone() {
    let all = walks();
    let first = trained(&all, 7);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| trained(&all, 7)), first);
    }
}

#[test]
fn empty_and_tiny_logs_do_no_harm() {
    let world = |products: u32, visitors: &[&[u32]]| {
        let mut all = Dataset { products, ..Dataset::default() };
        for visitor in visitors {
            all.push(visitor.iter().enumerate().map(|(step, &product)| observation(product, step as i64)));
        }
        for product in 0..products {
            all.features.push(&[product % 2]);
        }
        all
    };
    let mut disliked = world(3, &[&[0, 1]]);
    disliked.observations.iter_mut().for_each(|observation| observation.weight = -1.0);
    let worlds = [
        world(0, &[]),
        world(3, &[]),
        world(1, &[&[0]]),
        world(3, &[&[0, 1], &[1, 1, 1]]),
        world(9, &[&[0, 1, 2], &[2, 8], &[7], &[]]),
        disliked,
    ];
    for (number, all) in worlds.iter().enumerate() {
        let experts = trained(all, 1);
        for (expert, name) in EXPERTS.into_iter().enumerate() {
            for history in [&[][..], &[0], &[1, 2, 0]] {
                let list = answers(&experts, expert, &taste(&experts, history));
                let rows: FxHashSet<u32> = list.iter().map(|&(row, _)| row).collect();
                assert_eq!(rows.len(), list.len(), "{name} in world {number}");
                assert!(
                    list.iter().all(|&(row, score)| row < all.products && score.is_finite() && score > 0.0),
                    "{name}"
                );
                assert!(!history.is_empty() || list.is_empty(), "{name}: {list:?}");
            }
        }
    }
}

#[test]
fn bounds_hold_whatever_one_visitor_does() {
    let mut all = walks();
    all.products = 600;
    all.push((0..3_000u32).map(|step| observation((step * 7) % 600, i64::from(step))));
    let experts = trained(&all, 1);
    for product in 0..600 {
        for neighbours in [&experts.related, &experts.broad, &experts.fresh, &experts.following, &experts.alike] {
            assert!(neighbours.of(product).len() <= NEIGHBOURS_MAX);
        }
        assert!(experts.linear.of(product).len() <= LINEAR_NEIGHBOURS_MAX);
    }
    assert!(experts.factors.size <= FACTORS_MAX);
    let everything: Vec<u32> = (0..600).collect();
    let candidates = experts.candidates(&taste(&experts, &everything), &|_| true);
    let finite = |index: usize| candidates.features_of(index).iter().all(|value| value.is_finite());
    assert!(candidates.rows.len() < 2_000 && (0..candidates.rows.len()).all(finite));
}

/// A ring of products: from each of them eight visitors walk on, some in longer steps, and each takes one far off.
fn ring(products: u32) -> Dataset {
    let mut all = Dataset { products, ..Dataset::default() };
    for visitor in 0..8 * products {
        let (first, kind) = (visitor % products, visitor / products);
        let near = (0..3 + kind % 4).map(|step| (first + step * (1 + kind % 2)) % products);
        let far = (first + 17 + 3 * kind) % products;
        all.push(near.chain([far]).enumerate().map(|(step, product)| observation(product, step as i64)));
    }
    all
}

#[test]
fn beyond_the_closed_form_the_linear_model_comes_close_to_it() {
    // Of 20 products all others speak for each beyond the two; of 150 those that were met with it do.
    for (products, error_max) in [(20, 0.02), (150, 0.35)] {
        let histories = histories(&ring(products));
        let places = Places::new(&histories, products);
        let counts = places.counts();
        let lengths = vec![60; products as usize];
        let gram = similar((&histories, &places), products, &Tuning::default(), &lengths, &|_| true).unwrap().gram;
        let within =
            |closed: u32| linear::weights_within(closed as usize, &histories, &counts, &gram, &|_| true).unwrap();
        let (closed, sparse) = (within(products), within(2));
        let weight = |model: &Neighbours, product: u32, other: u32| {
            model.of(product).iter().find(|&&(row, _)| row == other).map_or(0.0, |&(_, weight)| weight)
        };
        let (mut squares, mut wrong) = (0.0f32, 0.0f32);
        for product in 0..products {
            // The two were predicted from each other alone.
            for other in 2..products {
                squares += weight(&closed, product, other).powi(2);
                wrong += (weight(&closed, product, other) - weight(&sparse, product, other)).powi(2);
            }
        }
        let error = (wrong / squares).sqrt();
        assert!(error < error_max, "{products}: {error}");
        for product in 0..products {
            let strongest = |model: &Neighbours| model.of(product).iter().find(|&&(row, _)| row > 1).unwrap().0;
            let of_closed = |row: u32| weight(&closed, product, row).abs();
            assert!(of_closed(strongest(&sparse)) > 0.8 * of_closed(strongest(&closed)), "{product} of {products}");
        }
    }
}

#[test]
fn neighbours_of_all_products_have_a_bound_that_takes_from_those_of_few_visitors() {
    let few = lengths(&[0, 1, 500]);
    assert_eq!(few, [0, NEIGHBOURS_MAX as u8, NEIGHBOURS_MAX as u8]);
    let counts: Vec<u32> = (0..1_000_000).map(|row| 1_000_000 / (row + 1)).collect();
    let many = lengths(&counts);
    let sum: usize = many.iter().map(|&length| usize::from(length)).sum();
    assert!(sum <= NEIGHBOUR_ENTRIES_MAX && sum > NEIGHBOUR_ENTRIES_MAX * 9 / 10, "{sum}");
    assert_eq!(many[0], NEIGHBOURS_MAX as u8);
    assert!(many.is_sorted_by(|more, less| more >= less) && many[999_999] >= NEIGHBOURS_MIN as u8);
}

#[test]
fn a_person_lies_near_what_the_person_wants() {
    let factors = Factors::train(&histories(&walks()), walks().products, 1, &|_| true).unwrap();
    let experts = trained(&walks(), 1);
    let person = factors.fold_in(&taste(&experts, &[3, 4])).unwrap();
    let of = |row: u32| dot(&person, factors.of(row).unwrap());
    assert!(of(3) > 0.5 && of(5) > 4.0 * of(15).abs(), "{} {} {}", of(3), of(5), of(15));
}

#[test]
fn a_product_never_met_is_expected_to_be_as_those_like_it() {
    // Values 0 and 1 are two kinds; the even kind is wanted. The last two products were never met.
    let mut features = Features::default();
    for product in 0..60u32 {
        features.push(&[product % 2, 10 + product % 5]);
    }
    let met: Vec<bool> = (0..60).map(|product| product < 58).collect();
    let counts: Vec<f32> = (0..60).map(|product| if product < 58 && product % 2 == 0 { 20.0 } else { 0.0 }).collect();
    let vectors: Vec<f32> =
        (0..58).flat_map(|product| if product % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] }).collect();
    let mut factors = Factors::new(2, (0..58).collect(), 58, vectors, 60);
    let expected = described::expect(&features, &met, &counts, &mut factors);
    assert!(expected[58] > 2.0 * expected[59] && expected[59] > 0.0, "{expected:?}");
    assert!(expected[..58].iter().all(|&expected| expected == 0.0), "what was met is known");
    let (even, odd) = (factors.of(58).unwrap(), factors.of(59).unwrap());
    assert!(even[0] > 2.0 * even[1] && odd[1] > 2.0 * odd[0], "{even:?} {odd:?}");
}
