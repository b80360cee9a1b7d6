//! A second look at the best candidates: boosted oblivious trees on top of the blend.
//!
//! Each tree asks the same question of all nodes of a level (Kohavi 1994; Prokhorenkova et al. 2018), which keeps it from
//! fitting single lessons. The loss is that of the blend: minus the logarithm of the chance of what was wanted, by
//! softmax over the candidates of a question; `g = p - y`, `h = p (1 - p)`.

use rayon::prelude::*;

use crate::blend::softmax;
use crate::random::mixed;

const TREES: usize = 120;
const DEPTH: usize = 4;
const LEAVES: usize = 1 << DEPTH;
const BINS: usize = 32;
const RATE: f32 = 0.08;
/// Added to the curvature of a leaf, so that few candidates move little.
const PENALTY: f32 = 10.0;

/// One tree: for each level a feature and a threshold, and the values of the leaves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree {
    pub(crate) splits: [(u32, f32); DEPTH],
    pub(crate) leaves: [f32; LEAVES],
}

/// A sum of trees; without any, 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Forest {
    pub(crate) trees: Vec<Tree>,
}

/// The candidates of many questions, question after question.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) width: usize,
    /// `width` for each candidate.
    pub(crate) values: Vec<f32>,
    /// What the blend says.
    pub(crate) logits: Vec<f32>,
    /// The share of the wanted ones; they sum to 1 in each question.
    pub(crate) targets: Vec<f32>,
    pub(crate) ends: Vec<usize>,
}

impl Forest {
    /// Of candidates of `width` values each. Tree by tree and level by level over all of them, so that one comparison of a register's
    /// width does several.
    pub(crate) fn scores(&self, values: &[f32], width: usize) -> Vec<f32> {
        /// A register of the oldest machines holds so many numbers of one byte.
        const LANES: usize = 16;
        let count = values.len() / width;
        let stride = count.next_multiple_of(LANES);
        let mut columns = vec![0.0f32; width * stride];
        for (at, own) in values.chunks_exact(width).enumerate() {
            for (column, &value) in columns.chunks_exact_mut(stride).zip(own) {
                column[at] = value;
            }
        }
        let mut scores = vec![0.0f32; stride];
        for tree in &self.trees {
            let levels = tree.splits.map(|(feature, threshold)| {
                let column = &columns[feature as usize * stride..][..stride];
                (column.as_chunks::<LANES>().0, threshold)
            });
            for (block, scores) in scores.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let mut leaves = [0u8; LANES];
                for (level, (column, threshold)) in levels.iter().enumerate() {
                    for (leaf, &value) in leaves.iter_mut().zip(&column[block]) {
                        *leaf |= u8::from(value > *threshold) << level;
                    }
                }
                for (score, leaf) in scores.iter_mut().zip(leaves) {
                    *score += tree.leaves[usize::from(leaf) % LEAVES];
                }
            }
        }
        scores.truncate(count);
        scores
    }

    /// The mean of several: those learned on other questions err less together.
    pub(crate) fn mean(forests: impl IntoIterator<Item = Forest>) -> Forest {
        let forests: Vec<Forest> = forests.into_iter().collect();
        let share = 1.0 / forests.len().max(1) as f32;
        let scaled = |tree: Tree| Tree { leaves: tree.leaves.map(|leaf| leaf * share), ..tree };
        Forest { trees: forests.into_iter().flat_map(|forest| forest.trees).map(scaled).collect() }
    }

    pub(crate) fn fit(rows: &Rows) -> Forest {
        let count = rows.logits.len();
        let mut forest = Forest::default();
        if count == 0 {
            return forest;
        }
        let columns: Vec<Column> = (0..rows.width).into_par_iter().map(|feature| Column::new(rows, feature)).collect();
        let mut logits = rows.logits.clone();
        let mut leaf_by_row = vec![0u8; count];
        for tree in 0..TREES {
            let slopes = slopes(rows, &logits);
            leaf_by_row.fill(0);
            let mut splits = [(0u32, f32::INFINITY); DEPTH];
            // Each tree sees another half of the features: trees that differ err less together, at half the cost.
            let seen: Vec<usize> =
                (0..rows.width).filter(|&feature| mixed((tree * rows.width + feature) as u64) & 1 == 0).collect();
            for (level, split) in splits.iter_mut().enumerate() {
                let best = seen
                    .par_iter()
                    .map(|&feature| (feature, columns[feature].best_split(&slopes, &leaf_by_row, 1 << level)))
                    .max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(&a.0)));
                let Some((feature, (gain, bin))) = best.filter(|&(_, (gain, _))| gain > 0.0) else { continue };
                debug_assert!(gain.is_finite());
                *split = (feature as u32, columns[feature].edges[bin]);
                for (leaf, &own) in leaf_by_row.iter_mut().zip(&columns[feature].bins) {
                    *leaf |= u8::from(usize::from(own) > bin) << level;
                }
            }
            let mut sums = [(0.0f64, 0.0f64); LEAVES];
            for (&leaf, &(slope, curvature)) in leaf_by_row.iter().zip(&slopes) {
                sums[leaf as usize].0 += f64::from(slope);
                sums[leaf as usize].1 += f64::from(curvature);
            }
            let leaves = sums.map(|(slope, curvature)| -RATE * slope as f32 / (curvature as f32 + PENALTY));
            for (logit, &leaf) in logits.iter_mut().zip(&leaf_by_row) {
                *logit += leaves[leaf as usize];
            }
            forest.trees.push(Tree { splits, leaves });
        }
        forest
    }
}

fn slopes(rows: &Rows, logits: &[f32]) -> Vec<(f32, f32)> {
    let mut slopes = Vec::with_capacity(logits.len());
    let mut start = 0;
    for &end in &rows.ends {
        let chances = softmax(&logits[start..end]);
        slopes.extend(chances.iter().zip(&rows.targets[start..end]).map(|(&p, &y)| (p - y, p * (1.0 - p))));
        start = end;
    }
    slopes
}

/// One feature of all rows, in bins of about as many rows each.
struct Column {
    bins: Vec<u8>,
    /// The upper edge of each bin but the last.
    edges: Vec<f32>,
}

impl Column {
    fn new(rows: &Rows, feature: usize) -> Column {
        let values = || rows.values.iter().skip(feature).step_by(rows.width).copied();
        let step = rows.logits.len() / 20_000 + 1;
        let mut sample: Vec<f32> = values().step_by(step).collect();
        sample.sort_unstable_by(f32::total_cmp);
        let mut edges: Vec<f32> = (1..BINS).map(|bin| sample[bin * (sample.len() - 1) / BINS]).collect();
        edges.dedup();
        let bins = values().map(|value| edges.partition_point(|&edge| value > edge) as u8).collect();
        Column { bins, edges }
    }

    /// The gain of the best split of all `leaves` by one threshold, and its bin.
    fn best_split(&self, slopes: &[(f32, f32)], leaf_by_row: &[u8], leaves: usize) -> (f64, usize) {
        let mut sums = vec![(0.0f32, 0.0f32); leaves * BINS];
        for ((&bin, &leaf), &(slope, curvature)) in self.bins.iter().zip(leaf_by_row).zip(slopes) {
            let sum = &mut sums[leaf as usize * BINS + bin as usize];
            sum.0 += slope;
            sum.1 += curvature;
        }
        let worth = |(slope, curvature): (f32, f32)| f64::from(slope * slope / (curvature + PENALTY));
        let mut gains = vec![0.0f64; self.edges.len()];
        for sums in sums.chunks(BINS) {
            let whole = sums.iter().fold((0.0, 0.0), |sum, own| (sum.0 + own.0, sum.1 + own.1));
            let mut below = (0.0, 0.0);
            for (gain, own) in gains.iter_mut().zip(sums) {
                below = (below.0 + own.0, below.1 + own.1);
                let above = (whole.0 - below.0, whole.1 - below.1);
                *gain += worth(below) + worth(above) - worth(whole);
            }
        }
        let best = gains.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        best.map_or((0.0, 0), |(bin, gain)| (gain, bin))
    }
}
