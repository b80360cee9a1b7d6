//! Likeness by what products are: the cosine over shared values, the rarer the value the more it counts.

use rayon::prelude::*;

use crate::Features;
use crate::cooccurrence::Neighbours;
use crate::lent::Rooms;
use crate::limits::{ALIKE_PAIRS_MAX, NEIGHBOUR_ENTRIES_MAX};
use crate::scores::{Scores, keep_best};

/// Like products kept per product.
const ALIKE_MAX: usize = 50;
/// A value that more products share than this says little, and would make the work quadratic: it counts for products
/// that share another value too, but finds none alone.
const SHARED_BY_MAX: usize = 2_000;
/// Products handled before their lists are put together.
const BATCH: usize = 8_192;

/// For every product those like it.
pub(crate) fn alike(features: &Features, products: u32) -> Neighbours {
    if features.products() == 0 {
        return Neighbours::empty(products);
    }
    let values = (0..products).flat_map(|product| features.of(product)).max().map_or(0, |&value| value as usize + 1);
    let mut offsets = vec![0usize; values + 1];
    for &value in (0..products).flat_map(|product| features.of(product)) {
        offsets[value as usize + 1] += 1;
    }
    for value in 0..values {
        offsets[value + 1] += offsets[value];
    }
    let mut next = offsets.clone();
    let mut sharing = vec![0u32; offsets[values]];
    for product in 0..products {
        for &value in features.of(product) {
            sharing[next[value as usize]] = product;
            next[value as usize] += 1;
        }
    }
    let sharing = |value: u32| &sharing[offsets[value as usize]..offsets[value as usize + 1]];
    let idf = |value: u32| (products as f32 / sharing(value).len() as f32).ln();
    let norm = |product: u32| features.of(product).iter().map(|&value| idf(value).powi(2)).sum::<f32>().sqrt();
    let norms: Vec<f32> = (0..products).into_par_iter().map(norm).collect();
    let shared_by_max = shared_by_max(&offsets);
    let length = (NEIGHBOUR_ENTRIES_MAX / products.max(1) as usize).min(ALIKE_MAX);
    let list = |scores: &mut Scores, product: u32| {
        for &value in features.of(product) {
            let sharing = sharing(value);
            if sharing.len() <= shared_by_max {
                let weight = idf(value).powi(2);
                for &other in sharing.iter().filter(|&&other| other != product) {
                    scores.add(other, weight);
                }
            }
        }
        let mut list = scores.take_positive();
        for (other, score) in &mut list {
            *score = (*score / (norms[product as usize] * norms[*other as usize]).max(f32::MIN_POSITIVE)).min(1.0);
        }
        keep_best(&mut list, length);
        list.shrink_to_fit();
        list
    };
    let rooms = Rooms::new(|| Scores::new(products));
    let mut neighbours = Neighbours::begun(products);
    for first in (0..products).step_by(BATCH) {
        let batch = first..products.min(first + BATCH as u32);
        let lists: Vec<Vec<(u32, f32)>> =
            batch.into_par_iter().map_init(|| rooms.lend(), |scores, product| list(scores, product)).collect();
        lists.iter().for_each(|list| neighbours.push(list));
    }
    neighbours.entries.shrink_to_fit();
    neighbours
}

/// [`SHARED_BY_MAX`], or less where the products make more than [`ALIKE_PAIRS_MAX`] pairs that share a value.
fn shared_by_max(offsets: &[usize]) -> usize {
    let mut most = SHARED_BY_MAX;
    let counts = || offsets.windows(2).map(|pair| pair[1] - pair[0]);
    let pairs = |most: usize| counts().filter(|&count| count <= most).map(|count| (count * count) as u64).sum::<u64>();
    while most > 1 && pairs(most) > ALIKE_PAIRS_MAX {
        most /= 2;
    }
    most
}
