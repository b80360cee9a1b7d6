//! EASE^R (Steck 2019): the linear model that predicts each product from all others, in closed form.
//!
//! `B = I - P · diag(1 / diag P)` with `P = (XᵀX + λI)⁻¹`. The inverse costs n³, so it is taken of the most wanted products; those
//! beyond the bound take part by a sparse approximation, see `sparse_linear.rs`.

use rayon::prelude::*;

use super::sparse_linear::{self, Known, SUPPORT};
use crate::cooccurrence::{Neighbours, Units, lengths};
use crate::limits::{
    LINEAR_NEIGHBOURS_MAX, LINEAR_PRODUCTS_MAX, LINEAR_SPARSE_PRODUCTS_MAX, OBSERVATIONS_PER_VISITOR_MAX, PAIRS_MAX,
};
use crate::neighbours::ACTIVITY;
use crate::scores::keep_best;
use crate::symmetric::Tiles;

/// Visitors who must have wanted a product before it takes part.
const VISITORS_MIN: u32 = 3;
/// λ as a share of the mean of the diagonal, and its least.
const REGULARISATION_SHARE: f32 = 2.0;
const REGULARISATION_MIN: f32 = 3.0;

/// The weights of the model by the product that speaks. `counts` says how many histories hold each product, `gram` holds the greatest
/// cosines of each, as many as [`gram_lengths`] says. `None` when `progress` answered false.
pub(crate) fn weights(
    histories: &Units,
    counts: &[u32],
    gram: &Neighbours,
    progress: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Neighbours> {
    weights_within(LINEAR_PRODUCTS_MAX, histories, counts, gram, progress)
}

/// How many of each product's cosines are needed: none where the closed form takes all products.
pub(crate) fn gram_lengths(counts: &[u32]) -> Vec<u8> {
    let taking_part = counts.iter().filter(|&&count| count >= VISITORS_MIN).count();
    let most = if taking_part > LINEAR_PRODUCTS_MAX { SUPPORT as u8 } else { 0 };
    lengths(counts).into_iter().map(|length| length.min(most)).collect()
}

/// With the closed form for so many products.
pub(super) fn weights_within(
    closed_max: usize,
    histories: &Units,
    counts: &[u32],
    gram: &Neighbours,
    progress: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Neighbours> {
    let products = counts.len() as u32;
    let counted = counts.iter().enumerate().filter(|&(_, &count)| count >= VISITORS_MIN);
    let mut taking_part: Vec<(u32, f32)> = counted.map(|(product, &count)| (product as u32, count as f32)).collect();
    keep_best(&mut taking_part, LINEAR_SPARSE_PRODUCTS_MAX);
    if taking_part.len() < 2 {
        return Some(Neighbours::empty(products));
    }
    let mut closed: Vec<u32> = taking_part.iter().take(closed_max).map(|&(product, _)| product).collect();
    closed.sort_unstable();
    let shares: Vec<f32> = histories.iter().map(share).collect();
    let masses = histories.sums(products, |unit, _| shares[unit]);
    let mean = closed.iter().map(|&product| masses[product as usize]).sum::<f32>() / closed.len() as f32;
    let lambda = (REGULARISATION_SHARE * mean).max(REGULARISATION_MIN);
    let mut inverse = vec![0.0f32; products as usize];
    let weights = closed_form(histories, &closed, (&masses, lambda), &mut inverse, progress)?;
    let mut beyond: Vec<u32> = taking_part.iter().skip(closed_max).map(|&(product, _)| product).collect();
    if beyond.is_empty() {
        return Some(weights);
    }
    beyond.sort_unstable();
    let diagonal = masses.iter().map(|mass| mass + lambda).collect();
    let scales = masses.iter().map(|mass| (mass / (mass + lambda)).sqrt()).collect();
    let mut known = Known { diagonal, scales, inverse };
    Some(sparse_linear::extend(&weights, &beyond, gram, &mut known))
}

fn share(members: &[crate::cooccurrence::Member]) -> f32 {
    (1.0 + members.len() as f32 / ACTIVITY).sqrt().recip()
}

/// Of the products `closed`, in rising order; tells the `inverse` of each, `P_ii A_ii`.
fn closed_form(
    histories: &Units,
    closed: &[u32],
    (masses, lambda): (&[f32], f32),
    inverse: &mut [f32],
    progress: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Neighbours> {
    let size = closed.len();
    let mut place_by_product = vec![u32::MAX; masses.len()];
    for (place, &product) in closed.iter().enumerate() {
        place_by_product[product as usize] = place as u32;
    }
    let mut gram = Tiles::new(size);
    let length_max = length_within(histories);
    let mut history: Vec<u32> = Vec::new();
    for members in histories.iter() {
        let latest = &members[members.len().saturating_sub(length_max)..];
        history.clear();
        history.extend(latest.iter().map(|member| place_by_product[member.product as usize]));
        history.retain(|&place| place != u32::MAX);
        history.sort_unstable();
        let share = share(members);
        for (index, &column) in history.iter().enumerate() {
            for &row in &history[index + 1..] {
                gram.add(row as usize, column as usize, share);
            }
        }
    }
    for (place, &product) in closed.iter().enumerate() {
        gram.add(place, place, masses[product as usize] + lambda);
    }
    gram.invert(progress)?;
    let diagonal: Vec<f32> = (0..size).map(|place| gram.get(place, place)).collect();
    for (&product, own) in closed.iter().zip(&diagonal) {
        inverse[product as usize] = own * (masses[product as usize] + lambda);
    }
    let list = |place: usize| -> Vec<(u32, f32)> {
        let weight = |other: usize| -gram.get(place, other) / diagonal[other];
        // The strongest weights carry the model, against as well as for.
        let strengths = (0..size).filter(|&other| other != place);
        let mut list: Vec<(u32, f32)> = strengths.map(|other| (other as u32, weight(other).abs())).collect();
        keep_best(&mut list, LINEAR_NEIGHBOURS_MAX);
        for (other, strength) in &mut list {
            let place = *other as usize;
            *strength = weight(place);
            *other = closed[place];
        }
        list.retain(|&(_, weight)| weight.is_finite() && weight != 0.0);
        list.shrink_to_fit();
        list
    };
    let lists: Vec<Vec<(u32, f32)>> = (0..size).into_par_iter().map(list).collect();
    let mut neighbours = Neighbours::begun(masses.len() as u32);
    for &place in &place_by_product {
        neighbours.push(lists.get(place as usize).map_or(&[], Vec::as_slice));
    }
    Some(neighbours)
}

/// How many of a history's latest members may be paired so that there are no more than [`PAIRS_MAX`] pairs.
fn length_within(histories: &Units) -> usize {
    let mut most = OBSERVATIONS_PER_VISITOR_MAX;
    let pairs = |most: usize| histories.iter().map(|members| (members.len().min(most) as u64).pow(2) / 2).sum::<u64>();
    while most > 1 && pairs(most) > PAIRS_MAX {
        most /= 2;
    }
    most
}
