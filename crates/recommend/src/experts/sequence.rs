//! What comes next: directed pairs within a visitor's history.
//!
//! Sequential rules (Kamehkhosh, Jannach & Ludewig 2017): a product counts for one that follows it by `1 / distance`,
//! here less where much time lies between; over what followed at all, it is the chance of the next step.

use rustc_hash::FxHashMap;

use crate::Dataset;
use crate::cooccurrence::Neighbours;
use crate::limits::{NEIGHBOURS_MAX, OBSERVATIONS_PER_VISITOR_MAX};
use crate::scores::keep_best;

/// How far ahead is looked.
const STEPS_MAX: usize = 10;
/// As many steps of chance stand against those seen: one visitor is no rule.
const DAMPING: f32 = 3.0;

/// For every product what comes after it. `None` when `progress` answered false.
pub(crate) fn following(dataset: &Dataset, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<Neighbours> {
    const DAY_MS: f32 = 86_400_000.0;
    // Pairs are summed by sorting them, in chunks of products: no map of all pairs is held.
    let mut pairs: Vec<(u32, u32, f32)> = Vec::new();
    let mut steps: Vec<(u32, i64)> = Vec::new();
    for visitor in dataset.visitors() {
        let latest = &visitor[visitor.len().saturating_sub(OBSERVATIONS_PER_VISITOR_MAX)..];
        steps.clear();
        for observation in latest {
            let counted = observation.weight > 0.0 && observation.product < dataset.products;
            if counted && steps.last().is_none_or(|&(product, _)| product != observation.product) {
                steps.push((observation.product, observation.time_ms));
            }
        }
        for (at, &(product, time_ms)) in steps.iter().enumerate() {
            for (distance, &(next, next_ms)) in steps[at + 1..].iter().take(STEPS_MAX).enumerate() {
                if next != product {
                    let days = next_ms.saturating_sub(time_ms).max(0) as f32 / DAY_MS;
                    let strength = 1.0 / ((distance + 1) as f32 * (1.0 + days).sqrt());
                    pairs.push((product, next, strength));
                }
            }
        }
    }
    if !progress(0.3) {
        return None;
    }
    let mut by_product: FxHashMap<u32, f32> = FxHashMap::default();
    let mut starts = vec![0usize; dataset.products as usize + 1];
    for &(product, _, _) in &pairs {
        starts[product as usize + 1] += 1;
    }
    for product in 0..dataset.products as usize {
        starts[product + 1] += starts[product];
    }
    let mut next = starts.clone();
    let mut ordered = vec![(0u32, 0.0f32); pairs.len()];
    for (product, other, strength) in pairs {
        ordered[next[product as usize]] = (other, strength);
        next[product as usize] += 1;
    }
    if !progress(0.6) {
        return None;
    }
    let mut neighbours = Neighbours::default();
    neighbours.offsets.push(0);
    for product in 0..dataset.products as usize {
        by_product.clear();
        let mut total = DAMPING;
        for &(other, strength) in &ordered[starts[product]..starts[product + 1]] {
            *by_product.entry(other).or_insert(0.0) += strength;
            total += strength;
        }
        let mut list: Vec<(u32, f32)> =
            by_product.iter().map(|(&other, &strength)| (other, strength / total)).collect();
        keep_best(&mut list, NEIGHBOURS_MAX);
        neighbours.push(&list);
    }
    progress(1.0).then_some(neighbours)
}
