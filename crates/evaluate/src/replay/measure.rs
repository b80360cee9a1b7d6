use rayon::prelude::*;

use super::{Case, Replay};

/// How deep a ranking is looked at.
const DEPTH: usize = 20;

/// What a ranking is worth, each 0–1 but for the novelty; means over the cases.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// How many questions were asked.
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
    /// The mean of -log₂ of the share of visitors who had the product, over the first 10.
    pub novelty_10: f64,
}

/// Ranks for every case; `scores` may leave products out, they come last.
pub fn measure(replay: &Replay, scores: &(dyn Fn(&Case) -> Vec<(u32, f32)> + Sync)) -> Figures {
    let rankings: Vec<Vec<u32>> = replay.cases.par_iter().map(|case| best(case, scores(case))).collect();
    let mut figures = Figures { cases: replay.cases.len(), ..Figures::default() };
    let mut shown = vec![false; replay.past.products as usize];
    let mut first_ten = 0usize;
    for (case, ranking) in replay.cases.iter().zip(&rankings) {
        let hits: Vec<usize> = (0..ranking.len()).filter(|&place| case.wanted.contains(&ranking[place])).collect();
        let gain = |place: usize| 1.0 / ((place + 2) as f64).log2();
        let ideal: f64 = (0..case.wanted.len().min(10)).map(gain).sum();
        figures.ndcg_10 += hits.iter().filter(|&&place| place < 10).map(|&place| gain(place)).sum::<f64>() / ideal;
        figures.recall_20 += hits.len() as f64 / case.wanted.len() as f64;
        figures.mrr_20 += hits.first().map_or(0.0, |&place| 1.0 / (place + 1) as f64);
        figures.hit_10 += if hits.first().is_some_and(|&place| place < 10) { 1.0 } else { 0.0 };
        for &row in ranking.iter().take(10) {
            shown[row as usize] = true;
            first_ten += 1;
            figures.novelty_10 -= f64::from(replay.visitor_share[row as usize].max(1e-9)).log2();
        }
    }
    let cases = figures.cases.max(1) as f64;
    for sum in [&mut figures.ndcg_10, &mut figures.recall_20, &mut figures.mrr_20, &mut figures.hit_10] {
        *sum /= cases;
    }
    figures.novelty_10 /= first_ten.max(1) as f64;
    figures.coverage_10 = shown.iter().filter(|&&shown| shown).count() as f64 / shown.len().max(1) as f64;
    figures
}

/// The best products that the visitor has not had, ties by row.
fn best(case: &Case, mut scores: Vec<(u32, f32)>) -> Vec<u32> {
    scores.retain(|&(row, score)| score > 0.0 && case.known.binary_search(&row).is_err());
    let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if scores.len() > DEPTH {
        scores.select_nth_unstable_by(DEPTH - 1, better);
        scores.truncate(DEPTH);
    }
    scores.sort_unstable_by(better);
    scores.into_iter().map(|(row, _)| row).collect()
}
