use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;
use serde::Serialize;

use super::{Part, Replay};

/// How deep a ranking is looked at.
pub const DEPTH: usize = 20;
/// Samples drawn for an interval.
const SAMPLES: usize = 1_000;

/// What a ranking is worth, each 0–1 but for the novelty; means over the questions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// How many questions were asked.
    #[serde(rename = "questions")]
    pub cases: usize,
    /// nDCG@10 with one gain for each product wanted.
    pub ndcg_10: f64,
    /// The share of the wanted products among the first 20.
    pub recall_20: f64,
    /// One over the place of the first wanted product, 0 beyond the 20th.
    pub mrr_20: f64,
    /// Whether any wanted product is among the first 10.
    pub hit_10: f64,
    /// The share of the catalogue that is among the first 10 of anybody.
    pub coverage_10: f64,
    /// The mean of -log₂ of the share of visitors who had the product, over the first 10, in bits; a product that nobody
    /// had counts as if one visitor more than there are had it.
    pub novelty_10: f64,
}

/// The figures of one part of the questions, and nDCG@10 question by question, in order.
///
/// `rankings` has the products of each question of the replay by row, best first; only the first [`DEPTH`] are looked at.
pub fn measure(replay: &Replay, rankings: &[Vec<u32>], part: Part) -> (Figures, Vec<f64>) {
    let mut figures = Figures::default();
    let mut by_case = Vec::new();
    let mut shown = vec![false; replay.past.products as usize];
    let mut first_ten = 0usize;
    let rarest = 1.0 / (replay.past.ends.len() as f64 + 1.0);
    for (case, ranking) in replay.cases.iter().zip(rankings) {
        let Some(wanted) = case.wanted_in(part) else { continue };
        let ranking = &ranking[..ranking.len().min(DEPTH)];
        let hits: Vec<usize> = (0..ranking.len()).filter(|&place| wanted.contains(&ranking[place])).collect();
        let gain = |place: usize| 1.0 / ((place + 2) as f64).log2();
        let ideal: f64 = (0..wanted.len().min(10)).map(gain).sum();
        let ndcg = hits.iter().filter(|&&place| place < 10).map(|&place| gain(place)).sum::<f64>() / ideal;
        figures.cases += 1;
        figures.ndcg_10 += ndcg;
        by_case.push(ndcg);
        figures.recall_20 += hits.len() as f64 / wanted.len() as f64;
        figures.mrr_20 += hits.first().map_or(0.0, |&place| 1.0 / (place + 1) as f64);
        figures.hit_10 += if hits.first().is_some_and(|&place| place < 10) { 1.0 } else { 0.0 };
        for &row in ranking.iter().take(10) {
            shown[row as usize] = true;
            first_ten += 1;
            figures.novelty_10 -= f64::from(replay.visitor_share[row as usize]).max(rarest).log2();
        }
    }
    let cases = figures.cases.max(1) as f64;
    for sum in [&mut figures.ndcg_10, &mut figures.recall_20, &mut figures.mrr_20, &mut figures.hit_10] {
        *sum /= cases;
    }
    figures.novelty_10 /= first_ten.max(1) as f64;
    figures.coverage_10 = shown.iter().filter(|&&shown| shown).count() as f64 / shown.len().max(1) as f64;
    (figures, by_case)
}

/// The mean of `ours - theirs` over the questions, with the interval that holds the middle 95 % of the means of samples
/// drawn with replacement (bootstrap over questions; Efron & Tibshirani 1993). Zeros without a question.
pub fn difference(ours: &[f64], theirs: &[f64], seed: u64) -> Difference {
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(ours, theirs)| ours - theirs).collect();
    if differences.is_empty() {
        return Difference::default();
    }
    let count = differences.len();
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut means: Vec<f64> = (0..SAMPLES)
        .map(|_| (0..count).map(|_| differences[random.random_range(0..count)]).sum::<f64>() / count as f64)
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    let mean = differences.iter().sum::<f64>() / count as f64;
    Difference { mean, low: means[SAMPLES / 40], high: means[SAMPLES - 1 - SAMPLES / 40] }
}

/// How much better one ranking is than another, in nDCG@10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    /// The mean.
    pub mean: f64,
    /// Where the interval of 95 % begins.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
}

/// Products with about the same chance by our saying, and how often they were wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// How many products.
    pub products: usize,
    /// The mean chance that was said.
    pub said: f64,
    /// The share that was wanted.
    pub came_true: f64,
}

/// Whether chances are true: up to ten bins of as many products each, by rising chance.
pub fn reliability(mut pairs: Vec<(f32, bool)>) -> Vec<Bin> {
    const BINS: usize = 10;
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let bin = |pairs: &[(f32, bool)]| {
        let products = pairs.len() as f64;
        Bin {
            products: pairs.len(),
            said: pairs.iter().map(|&(said, _)| f64::from(said)).sum::<f64>() / products,
            came_true: pairs.iter().filter(|&&(_, wanted)| wanted).count() as f64 / products,
        }
    };
    pairs.chunks(pairs.len().div_ceil(BINS).max(1)).map(bin).collect()
}

/// The expected calibration error: the mean distance between what was said and what came true, over the bins.
pub fn calibration_error(bins: &[Bin]) -> f64 {
    let products: usize = bins.iter().map(|bin| bin.products).sum();
    let off = bins.iter().map(|bin| bin.products as f64 * (bin.said - bin.came_true).abs());
    off.sum::<f64>() / products.max(1) as f64
}
