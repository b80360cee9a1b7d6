//! EASE^R (Steck 2019): the linear model that predicts each product from all others, in closed form.
//!
//! `B = I - P · diag(1 / diag P)` with `P = (XᵀX + λI)⁻¹`. Products beyond the bound, the least wanted, take no part:
//! the inverse costs n³.

use rustc_hash::FxHashSet;

use crate::Dataset;
use crate::cooccurrence::Neighbours;
use crate::limits::{LINEAR_NEIGHBOURS_MAX, LINEAR_PRODUCTS_MAX, OBSERVATIONS_PER_VISITOR_MAX};
use crate::scores::keep_best;
use crate::symmetric::Tiles;

/// Visitors who must have wanted a product before it takes part.
const VISITORS_MIN: u32 = 3;
/// λ as a share of the mean of the diagonal, and its least.
const REGULARISATION_SHARE: f32 = 2.0;
const REGULARISATION_MIN: f32 = 3.0;
/// A visitor counts `1 / (1 + n / this)^½`.
const ACTIVITY: f32 = 50.0;

/// The weights of the model by the product that speaks. `None` when `progress` answered false.
pub(crate) fn weights(dataset: &Dataset, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<Neighbours> {
    let mut visitors_by_product = vec![0u32; dataset.products as usize];
    let mut histories: Vec<Vec<u32>> = Vec::new();
    let mut seen = FxHashSet::default();
    for visitor in dataset.visitors() {
        seen.clear();
        let latest = &visitor[visitor.len().saturating_sub(OBSERVATIONS_PER_VISITOR_MAX)..];
        let wanted = latest.iter().filter(|observation| observation.weight > 0.0);
        let products = wanted.map(|observation| observation.product).filter(|&product| product < dataset.products);
        let history: Vec<u32> = products.filter(|&product| seen.insert(product)).collect();
        for &product in &history {
            visitors_by_product[product as usize] += 1;
        }
        histories.push(history);
    }
    let counted = visitors_by_product.iter().enumerate().filter(|&(_, &visitors)| visitors >= VISITORS_MIN);
    let mut taking_part: Vec<(u32, f32)> =
        counted.map(|(product, &visitors)| (product as u32, visitors as f32)).collect();
    keep_best(&mut taking_part, LINEAR_PRODUCTS_MAX);
    if taking_part.len() < 2 {
        return Some(Neighbours::empty(dataset.products));
    }
    let mut products: Vec<u32> = taking_part.iter().map(|&(product, _)| product).collect();
    products.sort_unstable();
    let mut place_by_product = vec![u32::MAX; dataset.products as usize];
    for (place, &product) in products.iter().enumerate() {
        place_by_product[product as usize] = place as u32;
    }
    let size = products.len();
    let mut gram = Tiles::new(size);
    for history in &mut histories {
        let share = (1.0 + history.len() as f32 / ACTIVITY).sqrt().recip();
        history.iter_mut().for_each(|product| *product = place_by_product[*product as usize]);
        history.retain(|&place| place != u32::MAX);
        history.sort_unstable();
        for (index, &column) in history.iter().enumerate() {
            for &row in &history[index..] {
                gram.add(row as usize, column as usize, share);
            }
        }
    }
    let mean = (0..size).map(|place| gram.get(place, place)).sum::<f32>() / size as f32;
    let lambda = (REGULARISATION_SHARE * mean).max(REGULARISATION_MIN);
    for place in 0..size {
        gram.add(place, place, lambda);
    }
    drop(histories);
    gram.invert(progress)?;
    let diagonal: Vec<f32> = (0..size).map(|place| gram.get(place, place)).collect();
    let mut neighbours = Neighbours::default();
    neighbours.offsets.push(0);
    for &place in &place_by_product {
        let place = place as usize;
        if place >= size {
            neighbours.push(&[]);
            continue;
        }
        let weight = |other: usize| -gram.get(place, other) / diagonal[other];
        // The strongest weights carry the model, against as well as for.
        let strengths = (0..size).filter(|&other| other != place);
        let mut list: Vec<(u32, f32)> = strengths.map(|other| (other as u32, weight(other).abs())).collect();
        keep_best(&mut list, LINEAR_NEIGHBOURS_MAX);
        for (other, strength) in &mut list {
            let place = *other as usize;
            *strength = weight(place);
            *other = products[place];
        }
        list.retain(|&(_, weight)| weight.is_finite() && weight != 0.0);
        neighbours.push(&list);
    }
    Some(neighbours)
}
