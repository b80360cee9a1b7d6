//! The combination of the experts: a conditional logit for each situation.
//!
//! The chance that a candidate is the next product wanted is `exp(wᵀx) / Σ exp(wᵀx')` over all candidates. The weights
//! maximise the likelihood of what visitors did next, by Newton's method, with a penalty on the squares of how far they are from
//! what is believed beforehand: of all situations together, that each expert is worth as much, and of each of those with a history,
//! the weights of all.

use rayon::prelude::*;

use crate::experts::factors::dot;
use crate::experts::set::{Candidates, FEATURES, POPULARITY_AT};
use crate::random::mixed;
use crate::ranker::Context;
use crate::taste::Taste;

/// Up to this pause a visitor is in a session.
const SESSION_PAUSE_HOURS_MAX: f32 = 1.0;
const PENALTY: f64 = 1.0;
const STEPS: usize = 12;

/// In what situation somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation {
    /// Nothing is known of the visitor.
    Stranger = 0,
    /// The visitor did something just now.
    Session = 1,
    /// The visitor comes back, or is written to.
    Returning = 2,
}

pub(crate) const SITUATIONS: [Situation; 3] = [Situation::Stranger, Situation::Session, Situation::Returning];

impl Situation {
    pub(crate) fn of(taste: &Taste) -> Situation {
        if taste.held.is_empty() {
            Situation::Stranger
        } else if taste.pause_hours <= SESSION_PAUSE_HOURS_MAX {
            Situation::Session
        } else {
            Situation::Returning
        }
    }
}

/// A question of the past with its answer.
pub(crate) struct Lesson {
    pub(crate) context: Context,
    pub(crate) candidates: Candidates,
    /// For each candidate whether it was wanted next.
    pub(crate) wanted: Vec<bool>,
    /// Of which half of the visitors it is, 0 or 1.
    pub(crate) half: u8,
    /// How many products were wanted, candidates or not.
    pub(crate) wanted_total: usize,
    /// The candidates that the blend learns from: those wanted and some drawn of the others. Alternatives drawn alike leave the
    /// likelihood's maximum where it is (McFadden 1978).
    pub(crate) drawn: Vec<u32>,
}

impl Lesson {
    /// The alternatives drawn of a question; so many are as good as all, at a third of the cost.
    const DRAWN: u64 = 250;

    pub(crate) fn new(context: Context, candidates: Candidates, wanted: Vec<bool>, wanted_total: usize) -> Lesson {
        let count = wanted.len() as u64;
        let seed =
            mixed(candidates.rows.iter().fold(count, |sum, &row| sum.wrapping_mul(31).wrapping_add(u64::from(row))));
        let luck = |index: usize| mixed(seed ^ index as u64) % count.max(1) < Lesson::DRAWN;
        let drawn = (0..wanted.len()).filter(|&index| wanted[index] || luck(index)).map(|index| index as u32).collect();
        Lesson { context, candidates, wanted, half: 0, wanted_total, drawn }
    }

    pub(crate) fn of_half(self, half: u8) -> Lesson {
        Lesson { half, ..self }
    }
}

/// The weights by situation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Blend {
    pub(crate) weights: [[f32; FEATURES]; 3],
}

impl Default for Blend {
    /// Where there is nothing to learn from: the neighbours and the popularity, all alike.
    fn default() -> Blend {
        let mut weights = [0.0; FEATURES];
        for weight in weights.iter_mut().take(POPULARITY_AT).step_by(2) {
            *weight = 1.0;
        }
        weights[POPULARITY_AT] = 0.3;
        Blend { weights: [weights; 3] }
    }
}

impl Blend {
    pub(crate) fn fit(lessons: &[&Lesson], arrivals: &[&Lesson]) -> Blend {
        let useful: Vec<&Lesson> = lessons.iter().copied().filter(|lesson| lesson.wanted.contains(&true)).collect();
        if useful.is_empty() {
            return Blend::default();
        }
        let arrivals: Vec<&Lesson> = arrivals.iter().copied().filter(|lesson| lesson.wanted.contains(&true)).collect();
        let with_arrivals = |lessons: &[&Lesson], believed: &[f32; FEATURES]| -> [f32; FEATURES] {
            newton(&[lessons, &arrivals].concat(), believed)
        };
        let known: Vec<&Lesson> =
            useful.iter().copied().filter(|lesson| lesson.context.situation != Situation::Stranger).collect();
        let [believed, ..] = Blend::default().weights;
        let shared = with_arrivals(if known.is_empty() { &useful } else { &known }, &believed);
        let weights = SITUATIONS.map(|situation| {
            let own: Vec<&Lesson> =
                useful.iter().copied().filter(|lesson| lesson.context.situation == situation).collect();
            // What holds beside a history holds of nobody without one.
            let believed = if situation == Situation::Stranger { believed } else { shared };
            if own.is_empty() { believed } else { with_arrivals(&own, &believed) }
        });
        Blend { weights }
    }

    /// The logit of each candidate.
    pub(crate) fn logits(&self, situation: Situation, candidates: &Candidates) -> Vec<f32> {
        let weights = &self.weights[situation as usize];
        (0..candidates.rows.len()).map(|index| dot(weights, &candidates.features_of(index))).collect()
    }
}

type Vector = [f64; FEATURES];
type Square = Vec<f64>;

/// Newton's method. A step that makes the penalised likelihood worse is taken back and a quarter of it tried: where every
/// answer is certain, the likelihood is flat far out, and whole steps would jump to and fro.
fn newton(lessons: &[&Lesson], believed: &[f32; FEATURES]) -> [f32; FEATURES] {
    let believed = believed.map(f64::from);
    let mut best = believed;
    let mut best_likelihood = f64::NEG_INFINITY;
    let mut weights = best;
    let mut step = [0.0f64; FEATURES];
    for _ in 0..STEPS {
        let (likelihood, mut gradient, mut curvature) = sums(lessons, &weights);
        let distances = weights.iter().zip(&believed).map(|(weight, believed)| weight - believed);
        let likelihood = likelihood - PENALTY / 2.0 * distances.map(|distance| distance * distance).sum::<f64>();
        if likelihood.is_nan() || likelihood < best_likelihood {
            step.iter_mut().for_each(|part| *part *= 0.25);
        } else {
            (best, best_likelihood) = (weights, likelihood);
            for index in 0..FEATURES {
                gradient[index] -= PENALTY * (weights[index] - believed[index]);
                curvature[index * FEATURES + index] += PENALTY;
            }
            step = solve(curvature, gradient);
            let length = step.iter().map(|part| part * part).sum::<f64>().sqrt();
            if !length.is_finite() || length < 1e-3 {
                break;
            }
            // Far steps overshoot.
            let scale = if length > 5.0 { 5.0 / length } else { 1.0 };
            step.iter_mut().for_each(|part| *part *= scale);
        }
        weights = std::array::from_fn(|index| best[index] + step[index]);
    }
    best.map(|weight| weight as f32)
}

/// The likelihood, its gradient, and its negative second derivative, lesson by lesson in order.
fn sums(lessons: &[&Lesson], weights: &Vector) -> (f64, Vector, Square) {
    let single = weights.map(|weight| weight as f32);
    let parts: Vec<(f64, Vector, Square)> = lessons
        .par_chunks(64)
        .map(|lessons| {
            let mut likelihood = 0.0;
            let mut gradient = [0.0; FEATURES];
            let mut curvature = vec![0.0; FEATURES * FEATURES];
            for lesson in lessons {
                likelihood += add_lesson(lesson, &single, &mut gradient, &mut curvature);
            }
            (likelihood, gradient, curvature)
        })
        .collect();
    let mut likelihood = 0.0;
    let mut gradient = [0.0; FEATURES];
    let mut curvature = vec![0.0; FEATURES * FEATURES];
    for (own_likelihood, own_gradient, own_curvature) in parts {
        likelihood += own_likelihood;
        gradient.iter_mut().zip(own_gradient).for_each(|(sum, own)| *sum += own);
        curvature.iter_mut().zip(own_curvature).for_each(|(sum, own)| *sum += own);
    }
    (likelihood, gradient, curvature)
}

/// Adds what one lesson says of the gradient and the curvature; gives its likelihood.
fn add_lesson(lesson: &Lesson, weights: &[f32; FEATURES], gradient: &mut Vector, curvature: &mut Square) -> f64 {
    let mut likelihood = 0.0;
    let drawn = || lesson.drawn.iter().map(|&index| index as usize);
    let logits: Vec<f32> = drawn().map(|index| dot(weights, &lesson.candidates.features_of(index))).collect();
    let chances = softmax(&logits);
    let wanted = lesson.wanted.iter().filter(|&&wanted| wanted).count() as f32;
    let mut mean = [0.0f32; FEATURES];
    let mut square = [[0.0f32; FEATURES]; FEATURES];
    for (index, &chance) in drawn().zip(&chances) {
        let features = lesson.candidates.features_of(index);
        let target = if lesson.wanted[index] { 1.0 / wanted } else { 0.0 };
        likelihood += f64::from(target) * f64::from(chance.max(f32::MIN_POSITIVE)).ln();
        for (at, &feature) in features.iter().enumerate() {
            gradient[at] += f64::from((target - chance) * feature);
            mean[at] += chance * feature;
        }
        if chance > 1e-5 {
            // The upper half; the lower one is the same.
            for (at, row) in square.iter_mut().enumerate() {
                let scaled = chance * features[at];
                if scaled != 0.0 {
                    row[at..].iter_mut().zip(&features[at..]).for_each(|(sum, feature)| *sum += scaled * feature);
                }
            }
        }
    }
    for at in 0..FEATURES {
        for other in at..FEATURES {
            let part = f64::from(square[at][other] - mean[at] * mean[other]);
            curvature[at * FEATURES + other] += part;
            if other > at {
                curvature[other * FEATURES + at] += part;
            }
        }
    }
    likelihood
}

pub(crate) fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut chances: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f32 = chances.iter().sum();
    chances.iter_mut().for_each(|chance| *chance /= sum);
    chances
}

/// Solves a symmetric system by elimination, of a matrix that is positive semidefinite but for rounding, plus the penalty on its
/// diagonal: none of its pivots is less than the penalty, and one that rounding made so would blow the step up.
fn solve(mut matrix: Square, mut right: Vector) -> Vector {
    for pivot in 0..FEATURES {
        let own = matrix[pivot * FEATURES + pivot].max(PENALTY);
        for row in pivot + 1..FEATURES {
            let factor = matrix[row * FEATURES + pivot] / own;
            if factor != 0.0 {
                for column in pivot..FEATURES {
                    matrix[row * FEATURES + column] -= factor * matrix[pivot * FEATURES + column];
                }
                right[row] -= factor * right[pivot];
            }
        }
    }
    for row in (0..FEATURES).rev() {
        for column in row + 1..FEATURES {
            right[row] -= matrix[row * FEATURES + column] * right[column];
        }
        right[row] /= matrix[row * FEATURES + row].max(PENALTY);
    }
    right
}

#[cfg(test)]
mod tests;
