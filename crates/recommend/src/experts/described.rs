//! What a product's content lets expect of it: the vector of a product without history, and how much it will be wanted.
//!
//! Ridge regression from the values of products (category levels, brand, tags, words of the title) to the factors of those
//! with history and to the logarithm of how much they are wanted (Gantner et al. 2010), for all targets at once by
//! conjugate gradients with the diagonal as preconditioner.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::Features;
use crate::experts::factors::{Factors, add_scaled};
use crate::limits::{DESCRIBED_PRODUCTS_MAX, DESCRIBED_VALUES_MAX, EXPECTED_PRODUCTS_MAX};
use crate::scores::keep_best;

/// The ridge: of a product of k values, 3 k products that have a value weigh as much as knowing nothing of it.
const PENALTY: f32 = 3.0;
const STEPS: usize = 20;
/// Products with history that must have a value before it says anything.
const SHARED_BY_MIN: u32 = 2;
/// And a pair of values.
const PAIR_SHARED_BY_MIN: u32 = 10;
/// So many of a product's most common values are paired.
const PAIRED_VALUES_MAX: usize = 8;
/// With fewer products with history nothing is learned from content.
const PRODUCTS_MIN: usize = 20;

/// For each product never met `ln (1 + count)` as its content lets expect it, 0 for the others and for those of
/// which nothing is known; empty where products are not described. Gives `factors` the expected vectors of the products
/// that will be wanted most.
pub(crate) fn expect(features: &Features, met: &[bool], counts: &[f32], factors: &mut Factors) -> Vec<f32> {
    let known: Vec<u32> = (0..counts.len() as u32).filter(|&row| met[row as usize]).collect();
    if features.values().is_empty() || known.len() < PRODUCTS_MIN {
        return Vec::new();
    }
    // Evenly over the catalogue, so that the mean is the mean of all.
    let step = known.len().div_ceil(DESCRIBED_PRODUCTS_MAX);
    let known: Vec<u32> = known.into_iter().step_by(step).collect();
    let values = Values::new(features, &known);
    let described = |row: u32| -> (Vec<u32>, f32) {
        let own = values.of(features, row);
        let scale = (own.len().max(1) as f32).sqrt().recip();
        (own, scale)
    };
    let width = factors.size + 1;
    let targets = |row: u32, out: &mut [f32]| {
        if let Some(vector) = factors.of(row) {
            out[..factors.size].copy_from_slice(vector);
        }
        out[factors.size] = counts[row as usize].ln_1p();
    };
    let mut wanted = vec![0.0f32; known.len() * width];
    wanted.par_chunks_mut(width).zip(&known).for_each(|(out, &row)| targets(row, out));
    let mut mean = vec![0.0f32; width];
    wanted.chunks(width).for_each(|own| add_scaled(&mut mean, own, (known.len() as f32).recip()));
    wanted.par_chunks_mut(width).for_each(|own| add_scaled(own, &mean, -1.0));
    let products: Vec<(Vec<u32>, f32)> = known.par_iter().map(|&row| described(row)).collect();
    let weights = Ridge::new(&products, values.count, width).solve(&wanted);

    let mut popularity = vec![0.0f32; counts.len()];
    let mut expected: Vec<(u32, f32)> = Vec::new();
    let predict = |row: u32| -> Option<Vec<f32>> {
        let (own, scale) = described(row);
        let mut out = mean.clone();
        own.iter().for_each(|&value| add_scaled(&mut out, &weights[value as usize * width..][..width], scale));
        (!own.is_empty()).then_some(out)
    };
    let unknown = (0..counts.len() as u32).filter(|&row| !met[row as usize] && !features.of(row).is_empty());
    for row in unknown {
        let (own, scale) = described(row);
        if !own.is_empty() {
            let last = |value: &u32| weights[*value as usize * width + width - 1];
            let said = mean[width - 1] + scale * own.iter().map(last).sum::<f32>();
            popularity[row as usize] = said.max(1e-3);
            expected.push((row, popularity[row as usize]));
        }
    }
    keep_best(&mut expected, EXPECTED_PRODUCTS_MAX);
    if factors.size > 0 {
        for (row, vector) in expected.iter().filter_map(|&(row, _)| Some((row, predict(row)?))) {
            factors.expect(row, &vector[..width - 1]);
        }
    }
    popularity
}

/// The values, and pairs of common values, that say something: a comedy of the nineties is not only a comedy and of the
/// nineties.
struct Values {
    /// `u32::MAX` for those that too few products have.
    number_by_value: Vec<u32>,
    /// How many products have each value.
    shared_by: Vec<u32>,
    number_by_pair: FxHashMap<(u32, u32), u32>,
    count: usize,
}

impl Values {
    fn new(features: &Features, known: &[u32]) -> Values {
        let mut shared_by = vec![0u32; features.values_end() as usize];
        for &value in known.iter().flat_map(|&row| features.of(row)) {
            shared_by[value as usize] += 1;
        }
        let shared = shared_by.iter().enumerate().filter(|&(_, &count)| count >= SHARED_BY_MIN);
        let mut most: Vec<(u32, f32)> = shared.map(|(value, &count)| (value as u32, count as f32)).collect();
        keep_best(&mut most, DESCRIBED_VALUES_MAX);
        let mut number_by_value = vec![u32::MAX; shared_by.len()];
        for (number, (value, _)) in most.iter().enumerate() {
            number_by_value[*value as usize] = number as u32;
        }
        let mut values = Values { number_by_value, shared_by, number_by_pair: FxHashMap::default(), count: most.len() };
        let mut count_by_pair: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for &row in known {
            values.pairs(features, row, &mut |pair| *count_by_pair.entry(pair).or_insert(0) += 1);
        }
        let mut pairs: Vec<((u32, u32), u32)> =
            count_by_pair.into_iter().filter(|&(_, count)| count >= PAIR_SHARED_BY_MIN).collect();
        pairs.sort_unstable_by_key(|&(pair, count)| (std::cmp::Reverse(count), pair));
        for (pair, _) in pairs.into_iter().take(DESCRIBED_VALUES_MAX.saturating_sub(values.count)) {
            values.number_by_pair.insert(pair, values.count as u32);
            values.count += 1;
        }
        values
    }

    /// The pairs of the product's most common values.
    fn pairs(&self, features: &Features, row: u32, take: &mut dyn FnMut((u32, u32))) {
        let shared_by = |value: u32| self.shared_by.get(value as usize).copied().unwrap_or(0);
        let mut common: Vec<u32> =
            features.of(row).iter().copied().filter(|&value| shared_by(value) >= PAIR_SHARED_BY_MIN).collect();
        common.sort_unstable_by_key(|&value| (std::cmp::Reverse(shared_by(value)), value));
        common.truncate(PAIRED_VALUES_MAX);
        common.sort_unstable();
        for (at, &value) in common.iter().enumerate() {
            common[at + 1..].iter().for_each(|&other| take((value, other)));
        }
    }

    /// The numbers of what the product has.
    fn of(&self, features: &Features, row: u32) -> Vec<u32> {
        let numbers = features.of(row).iter().map(|&value| self.number_by_value[value as usize]);
        let mut own: Vec<u32> = numbers.filter(|&number| number != u32::MAX).collect();
        self.pairs(features, row, &mut |pair| own.extend(self.number_by_pair.get(&pair)));
        own
    }
}

/// `(XᵀX + λ) W = XᵀY` with X the products' values, each `scale`.
struct Ridge<'a> {
    products: &'a [(Vec<u32>, f32)],
    /// By value, the products that have it.
    by_value: Vec<Vec<u32>>,
    diagonal: Vec<f32>,
    width: usize,
}

impl Ridge<'_> {
    fn new(products: &[(Vec<u32>, f32)], values: usize, width: usize) -> Ridge<'_> {
        let mut by_value: Vec<Vec<u32>> = vec![Vec::new(); values];
        let mut diagonal = vec![PENALTY; values];
        for (product, (own, scale)) in products.iter().enumerate() {
            for &value in own {
                by_value[value as usize].push(product as u32);
                diagonal[value as usize] += scale * scale;
            }
        }
        Ridge { products, by_value, diagonal, width }
    }

    /// `Xᵀ rows`.
    fn gathered(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = vec![0.0; self.by_value.len() * self.width];
        out.par_chunks_mut(self.width).zip(&self.by_value).for_each(|(out, products)| {
            for &product in products {
                let scale = self.products[product as usize].1;
                add_scaled(out, &rows[product as usize * self.width..][..self.width], scale);
            }
        });
        out
    }

    /// `(XᵀX + λ) weights`.
    fn applied(&self, weights: &[f32]) -> Vec<f32> {
        let mut rows = vec![0.0; self.products.len() * self.width];
        rows.par_chunks_mut(self.width).zip(self.products).for_each(|(out, (own, scale))| {
            for &value in own {
                add_scaled(out, &weights[value as usize * self.width..][..self.width], *scale);
            }
        });
        let mut out = self.gathered(&rows);
        add_scaled(&mut out, weights, PENALTY);
        out
    }

    fn preconditioned(&self, rows: &[f32]) -> Vec<f32> {
        let scaled = rows.chunks(self.width).zip(&self.diagonal);
        scaled.flat_map(|(row, diagonal)| row.iter().map(move |value| value / diagonal)).collect()
    }

    /// By column, the sum of the products of the entries.
    fn products_by_column(&self, a: &[f32], b: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0f32; self.width];
        for (a, b) in a.chunks(self.width).zip(b.chunks(self.width)) {
            sums.iter_mut().zip(a.iter().zip(b)).for_each(|(sum, (a, b))| *sum += a * b);
        }
        sums
    }

    fn solve(&self, wanted: &[f32]) -> Vec<f32> {
        let mut residual = self.gathered(wanted);
        let mut weights = vec![0.0; residual.len()];
        let mut scaled = self.preconditioned(&residual);
        let mut direction = scaled.clone();
        let mut squares = self.products_by_column(&residual, &scaled);
        let ratio = |a: &[f32], b: &[f32]| -> Vec<f32> {
            a.iter().zip(b).map(|(a, b)| if *b > 1e-12 { a / b } else { 0.0 }).collect()
        };
        for _ in 0..STEPS {
            let image = self.applied(&direction);
            let steps = ratio(&squares, &self.products_by_column(&direction, &image));
            let rows = weights.chunks_mut(self.width).zip(direction.chunks(self.width));
            for ((weights, direction), (residual, image)) in
                rows.zip(residual.chunks_mut(self.width).zip(image.chunks(self.width)))
            {
                for column in 0..self.width {
                    weights[column] += steps[column] * direction[column];
                    residual[column] -= steps[column] * image[column];
                }
            }
            scaled = self.preconditioned(&residual);
            let next = self.products_by_column(&residual, &scaled);
            let turns = ratio(&next, &squares);
            for (direction, scaled) in direction.chunks_mut(self.width).zip(scaled.chunks(self.width)) {
                for column in 0..self.width {
                    direction[column] = scaled[column] + turns[column] * direction[column];
                }
            }
            squares = next;
        }
        weights
    }
}
