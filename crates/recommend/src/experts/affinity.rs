//! How much a visitor leans to what a product is like: its category, its brand, its genre.
//!
//! The logarithm of how much oftener than everybody's a visitor's history has a value, `ln (P(v | visitor) / P(v))`, with
//! a prior of some products of everybody's kind. Unlike likeness of products it needs no product alike to any one of
//! the history, and it judges every candidate.

use rustc_hash::FxHashMap;

use crate::Features;
use crate::experts::popularity::Popularity;
use crate::taste::Taste;

/// So many products of everybody's kind stand beside those of the history.
const PRIOR: f32 = 5.0;

/// What products are like, and how much of what is wanted has each value.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Affinity {
    pub(crate) features: Features,
    share_by_value: Vec<f32>,
}

/// Bits that tell most values that a history does not have from those that it has.
const MARKS: u32 = 1 << 15;

/// One visitor's leanings.
pub(crate) struct Leaning {
    lift_by_value: FxHashMap<u32, f32>,
    /// A bit for each value of the history, at its remainder.
    marks: Vec<u64>,
    /// The lift of a value that the history does not have.
    absent: f32,
}

impl Affinity {
    pub(crate) fn new(features: Features, popularity: &Popularity) -> Affinity {
        let values = features.values_end();
        let mut share_by_value = vec![0.0f32; values as usize];
        let mut total = 0.0f32;
        for (product, &count) in popularity.counts[0].iter().enumerate() {
            total += count;
            for &value in features.of(product as u32) {
                share_by_value[value as usize] += count;
            }
        }
        for share in &mut share_by_value {
            *share = (*share + 0.1) / (total + 1.0);
        }
        Affinity { features, share_by_value }
    }

    pub(crate) fn leaning(&self, taste: &Taste) -> Leaning {
        let mut lift_by_value: FxHashMap<u32, f32> = FxHashMap::default();
        let mut total = 0.0;
        if self.features.products() > 0 {
            for held in taste.held.iter().filter(|held| held.weight > 0.0) {
                total += 1.0;
                for &value in self.features.of(held.product) {
                    *lift_by_value.entry(value).or_insert(0.0) += 1.0;
                }
            }
        }
        for (&value, lift) in &mut lift_by_value {
            let share = self.share_by_value[value as usize];
            *lift = ((*lift + PRIOR * share) / ((total + PRIOR) * share)).ln();
        }
        let mut marks = vec![0u64; MARKS as usize / 64];
        for value in lift_by_value.keys() {
            marks[(value % MARKS / 64) as usize] |= 1 << (value % 64);
        }
        Leaning { lift_by_value, marks, absent: (PRIOR / (total + PRIOR)).ln() }
    }
}

impl Leaning {
    /// The mean and the greatest lift of a product's values; 0 and 0 where it has none, or the history.
    pub(crate) fn to(&self, values: &[u32]) -> [f32; 2] {
        if values.is_empty() || self.lift_by_value.is_empty() {
            return [0.0, 0.0];
        }
        let (mut held, mut sum, mut most) = (0, 0.0, f32::MIN);
        for &value in values {
            if let Some(lift) = self.lift(value) {
                held += 1;
                sum += lift;
                most = lift.max(most);
            }
        }
        if held < values.len() {
            sum += self.absent * (values.len() - held) as f32;
            most = most.max(self.absent);
        }
        [sum / values.len() as f32, most]
    }

    /// Of a value of the history.
    fn lift(&self, value: u32) -> Option<f32> {
        let is_marked = self.marks[(value % MARKS / 64) as usize] >> (value % 64) & 1 == 1;
        if is_marked { self.lift_by_value.get(&value).copied() } else { None }
    }
}
