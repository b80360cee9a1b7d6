//! Likeness by what products are: the cosine over shared values, the rarer the value the more it counts.

use rayon::prelude::*;

use crate::Features;
use crate::cooccurrence::Neighbours;
use crate::scores::{Scores, keep_best};

/// Like products kept per product.
const ALIKE_MAX: usize = 50;
/// A value that more products share than this says little, and would make the work quadratic: it counts for products
/// that share another value too, but finds none alone.
const SHARED_BY_MAX: usize = 2_000;

/// For every product those like it.
pub(crate) fn alike(features: &Features, products: u32) -> Neighbours {
    if features.products() == 0 {
        return Neighbours::empty(products);
    }
    let values = (0..products).flat_map(|product| features.of(product)).max().map_or(0, |&value| value as usize + 1);
    let mut products_by_value: Vec<Vec<u32>> = vec![Vec::new(); values];
    for product in 0..products {
        for &value in features.of(product) {
            products_by_value[value as usize].push(product);
        }
    }
    let idf = |value: u32| (products as f32 / products_by_value[value as usize].len() as f32).ln();
    let norm = |product: u32| features.of(product).iter().map(|&value| idf(value).powi(2)).sum::<f32>().sqrt();
    let norms: Vec<f32> = (0..products).map(norm).collect();
    let lists: Vec<Vec<(u32, f32)>> = (0..products)
        .into_par_iter()
        .map_init(
            || Scores::new(products),
            |scores, product| {
                for &value in features.of(product) {
                    let sharing = &products_by_value[value as usize];
                    if sharing.len() <= SHARED_BY_MAX {
                        let weight = idf(value).powi(2);
                        for &other in sharing.iter().filter(|&&other| other != product) {
                            scores.add(other, weight);
                        }
                    }
                }
                let mut list = scores.take_positive();
                for (other, score) in &mut list {
                    *score =
                        (*score / (norms[product as usize] * norms[*other as usize]).max(f32::MIN_POSITIVE)).min(1.0);
                }
                keep_best(&mut list, ALIKE_MAX);
                list
            },
        )
        .collect();
    Neighbours::of_lists(&lists)
}
