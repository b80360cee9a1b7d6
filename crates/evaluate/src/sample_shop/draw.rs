use std::f64::consts::TAU;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// A source of chance for one part of the shop. Each part has its own, so that a change to the log leaves the catalogue as it was.
pub(super) fn source(seed: u64, part: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(part))
}

/// One of `choices`, each equally likely.
pub(super) fn pick<'a, T>(rng: &mut Pcg64Mcg, choices: &'a [T]) -> &'a T {
    &choices[rng.random_range(0..choices.len())]
}

/// The place of one of `weights`, each as likely as its weight; the last one where all are 0.
pub(super) fn weighted(rng: &mut Pcg64Mcg, weights: impl Iterator<Item = f64> + Clone) -> usize {
    let mut left = rng.random::<f64>() * weights.clone().sum::<f64>();
    let mut last = 0;
    for (at, weight) in weights.enumerate() {
        left -= weight;
        last = at;
        if left < 0.0 {
            break;
        }
    }
    last
}

/// Normally distributed with mean 0 and deviation 1 (Box and Muller, 1958).
pub(super) fn normal(rng: &mut Pcg64Mcg) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (TAU * rng.random::<f64>()).cos()
}

/// Log-normally distributed around `median`.
pub(super) fn lognormal(rng: &mut Pcg64Mcg, median: f64, deviation: f64) -> f64 {
    median * (deviation * normal(rng)).exp()
}

/// True with this chance.
pub(super) fn chance(rng: &mut Pcg64Mcg, share: f64) -> bool {
    rng.random::<f64>() < share
}
