//! The experts: each scores products for a taste in its own way; the blend decides whom to believe when.

pub(crate) mod affinity;
pub(crate) mod content;
pub(crate) mod described;
pub(crate) mod factors;
pub(crate) mod linear;
pub(crate) mod popularity;
pub(crate) mod sequence;
pub(crate) mod sessions;
pub(crate) mod set;
mod sparse_linear;
#[cfg(test)]
mod tests;

use crate::cooccurrence::Neighbours;
use crate::scores::Scores;
use crate::taste::{Held, Taste};

/// How much each product of a history counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attention {
    /// All of it, the older somewhat less.
    Lasting,
    /// What was done of late, halved by every two products since.
    Session,
    /// The last products only, as what comes next depends on them.
    Latest,
}

impl Attention {
    pub(crate) fn of(self, held: &Held) -> f32 {
        let later = held.later as f32;
        match self {
            Attention::Lasting => held.weight / (1.0 + later / 50.0).sqrt(),
            Attention::Session => held.weight * (-(later / 2.0)).exp2(),
            Attention::Latest => {
                if held.weight > 0.0 && held.later < 5 {
                    (-1.5 * later).exp2()
                } else {
                    0.0
                }
            }
        }
    }
}

/// What counts less is not looked at.
pub(crate) const LEAST_ATTENTION: f32 = 1e-4;

/// The sum over the history of attention × likeness.
pub(crate) fn sum_of_neighbours(neighbours: &Neighbours, attention: Attention, taste: &Taste, scores: &mut Scores) {
    for held in &taste.held {
        let weight = attention.of(held);
        if weight.abs() < LEAST_ATTENTION {
            continue;
        }
        for &(other, likeness) in neighbours.of(held.product) {
            scores.add(other, weight * likeness);
        }
    }
}
