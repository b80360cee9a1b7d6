//! What comes next: directed pairs within a visitor's history.
//!
//! Sequential rules (Kamehkhosh, Jannach & Ludewig 2017): a product counts for one that follows it by `1 / distance`,
//! here less where much time lies between; over what followed at all, it is the chance of the next step.

use rayon::prelude::*;

use crate::Dataset;
use crate::cooccurrence::{Neighbours, lengths};
use crate::lent::Rooms;
use crate::limits::OBSERVATIONS_PER_VISITOR_MAX;
use crate::scores::{Scores, keep_best};

/// How far ahead is looked.
const STEPS_MAX: usize = 10;
/// As many steps of chance stand against those seen: one visitor is no rule.
const DAMPING: f32 = 3.0;
/// Stands between two visitors' steps.
const END: u32 = u32::MAX;
/// Products handled before their lists are put together.
const BATCH: usize = 8_192;

/// For every product what comes after it. `None` when `progress` answered false.
///
/// Product by product over the places where it occurs, eight bytes an observation; no pair is held.
pub(crate) fn following(dataset: &Dataset, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<Neighbours> {
    let observations = &dataset.observations;
    let steps = steps(dataset);
    let known = || steps.iter().enumerate().filter(|&(_, &step)| step != END);
    let mut offsets = vec![0u32; dataset.products as usize + 1];
    for (_, &step) in known() {
        offsets[observations[step as usize].product as usize + 1] += 1;
    }
    let counts = offsets[1..].to_vec();
    for product in 0..dataset.products as usize {
        offsets[product + 1] += offsets[product];
    }
    let mut next = offsets.clone();
    let mut places = vec![0u32; offsets[dataset.products as usize] as usize];
    for (at, &step) in known() {
        let slot = &mut next[observations[step as usize].product as usize];
        places[*slot as usize] = at as u32;
        *slot += 1;
    }
    if !progress(0.3) {
        return None;
    }
    let lengths = lengths(&counts);
    let list = |scores: &mut Scores, product: usize| -> Vec<(u32, f32)> {
        let mut total = DAMPING;
        for &at in &places[offsets[product] as usize..offsets[product + 1] as usize] {
            let own = &observations[steps[at as usize] as usize];
            let ahead = steps[at as usize + 1..].iter().take_while(|&&step| step != END).take(STEPS_MAX);
            for (distance, &step) in ahead.enumerate() {
                let other = &observations[step as usize];
                if other.product != own.product {
                    let strength = strength(distance + 1, other.time_ms.saturating_sub(own.time_ms));
                    scores.add(other.product, strength);
                    total += strength;
                }
            }
        }
        let mut list = scores.take_positive();
        list.iter_mut().for_each(|(_, strength)| *strength /= total);
        keep_best(&mut list, usize::from(lengths[product]));
        list.shrink_to_fit();
        list
    };
    let rooms = Rooms::new(|| Scores::new(dataset.products));
    let mut neighbours = Neighbours::begun(dataset.products);
    for first in (0..dataset.products as usize).step_by(BATCH) {
        let batch = first..(dataset.products as usize).min(first + BATCH);
        let lists: Vec<Vec<(u32, f32)>> = batch
            .into_par_iter()
            .with_max_len(64)
            .map_init(|| rooms.lend(), |scores, product| list(scores, product))
            .collect();
        lists.iter().for_each(|list| neighbours.push(list));
        if !progress(0.3 + 0.7 * first as f32 / dataset.products as f32) {
            return None;
        }
    }
    neighbours.entries.shrink_to_fit();
    progress(1.0).then_some(neighbours)
}

fn strength(distance: usize, between_ms: i64) -> f32 {
    const DAY_MS: f32 = 86_400_000.0;
    1.0 / (distance as f32 * (1.0 + between_ms.max(0) as f32 / DAY_MS).sqrt())
}

/// The observations of each visitor's steps from one product to another, by their numbers, with [`END`] after each visitor.
fn steps(dataset: &Dataset) -> Vec<u32> {
    let mut steps: Vec<u32> = Vec::with_capacity(dataset.observations.len() + dataset.ends.len());
    for range in dataset.ranges() {
        let start = range.start.max(range.end.saturating_sub(OBSERVATIONS_PER_VISITOR_MAX));
        let mut before = None;
        for at in start..range.end {
            let observation = &dataset.observations[at];
            let counted = observation.weight > 0.0 && observation.product < dataset.products;
            if counted && before != Some(observation.product) {
                before = Some(observation.product);
                steps.push(at as u32);
            }
        }
        steps.push(END);
    }
    steps
}
