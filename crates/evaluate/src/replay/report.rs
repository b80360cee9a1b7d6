use std::fmt;

use serde_json::{Value, json};

use super::measure::{Bin, Difference, Figures, calibration_error, difference, measure, reliability};
use super::{Part, Ranked, Replay};

/// Rankings of all questions by one who recommends.
#[derive(Clone, Debug, PartialEq)]
pub struct Contestant {
    /// Whose rankings.
    pub name: String,
    /// Whether it is a baseline, not ours.
    pub baseline: bool,
    /// By question, best first, each with the chance where one is said.
    pub rankings: Vec<Vec<Ranked>>,
}

/// One ranking with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whose ranking.
    pub name: String,
    /// Whether it is a baseline, not ours.
    pub baseline: bool,
    /// What it is worth.
    pub figures: Figures,
}

/// Rankings side by side, ours first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The rankings.
    pub rows: Vec<Row>,
    /// The best baseline by nDCG@10, and how much the first row is better than it.
    pub best_baseline: Option<(String, Difference)>,
}

/// What came out of a replay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// People with a history, products with one.
    pub known: Table,
    /// People of whom nothing is known.
    pub new_visitors: Table,
    /// Products that nobody had before.
    pub new_products: Table,
    /// Whether the chances that come with our answers are true, over the products shown to people with a history.
    pub reliability: Vec<Bin>,
}

impl Report {
    /// Measures the contestants, of whom the first is ours.
    pub fn of(replay: &Replay, contestants: &[Contestant], seed: u64) -> Report {
        let bins = contestants.first().map_or_else(Vec::new, |ours| reliability(pairs(replay, ours)));
        Report {
            known: table(replay, contestants, Part::Known, seed),
            new_visitors: table(replay, contestants, Part::NewVisitors, seed),
            new_products: table(replay, contestants, Part::NewProducts, seed),
            reliability: bins,
        }
    }
}

impl Report {
    /// The report for programs: `known`, `new_visitors` and `new_products` (each `null` without questions), each with `methods`
    /// (ours first, by name, with whether it is a `baseline` and its figures) and `best_baseline`; then `reliability` and
    /// `calibration_error`.
    pub fn to_json(&self) -> Value {
        json!({
            "known": self.known.to_json(),
            "new_visitors": self.new_visitors.to_json(),
            "new_products": self.new_products.to_json(),
            "reliability": self.reliability,
            "calibration_error": calibration_error(&self.reliability),
        })
    }
}

impl Table {
    fn to_json(&self) -> Value {
        if self.rows.is_empty() {
            return Value::Null;
        }
        let method = |row: &Row| json!({"method": row.name, "baseline": row.baseline, "figures": row.figures});
        let best = self.best_baseline.as_ref();
        json!({
            "methods": self.rows.iter().map(method).collect::<Vec<_>>(),
            "best_baseline": best.map(|(name, difference)| json!({"method": name, "ours_over_it": difference})),
        })
    }
}

fn table(replay: &Replay, contestants: &[Contestant], part: Part, seed: u64) -> Table {
    if replay.count(part) == 0 {
        return Table::default();
    }
    let mut measured: Vec<(Row, Vec<f64>)> = contestants
        .iter()
        .map(|contestant| {
            let rows = |ranking: &Vec<Ranked>| ranking.iter().map(|ranked| ranked.row).collect();
            let rankings: Vec<Vec<u32>> = contestant.rankings.iter().map(rows).collect();
            let (figures, by_case) = measure(replay, &rankings, part);
            (Row { name: contestant.name.clone(), baseline: contestant.baseline, figures }, by_case)
        })
        .collect();
    let baselines = measured.iter().filter(|(row, _)| row.baseline);
    let best = baselines.max_by(|a, b| a.0.figures.ndcg_10.total_cmp(&b.0.figures.ndcg_10));
    let best_baseline = best.map(|(row, theirs)| (row.name.clone(), difference(&measured[0].1, theirs, seed)));
    Table { rows: measured.drain(..).map(|(row, _)| row).collect(), best_baseline }
}

/// The chances said with whether they came true.
fn pairs(replay: &Replay, ours: &Contestant) -> Vec<(f32, bool)> {
    let mut pairs = Vec::new();
    for (case, ranking) in replay.cases.iter().zip(&ours.rankings) {
        let Some(wanted) = case.wanted_in(Part::Known) else { continue };
        let said = ranking.iter().filter_map(|ranked| Some((ranked.chance?, wanted.contains(&ranked.row))));
        pairs.extend(said);
    }
    pairs
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(8);
        writeln!(
            f,
            "{:width$}  {:>7}  {:>9}  {:>6}  {:>6}  {:>11}  {:>10}",
            "ranking", "nDCG@10", "Recall@20", "MRR@20", "HR@10", "coverage@10", "novelty@10"
        )?;
        for Row { name, figures, .. } in &self.rows {
            writeln!(
                f,
                "{name:width$}  {:>7.4}  {:>9.4}  {:>6.4}  {:>6.4}  {:>11.4}  {:>10.2}",
                figures.ndcg_10,
                figures.recall_20,
                figures.mrr_20,
                figures.hit_10,
                figures.coverage_10,
                figures.novelty_10
            )?;
        }
        if let (Some((name, difference)), Some(ours)) = (&self.best_baseline, self.rows.first()) {
            writeln!(
                f,
                "{} against the best baseline, {name}: nDCG@10 {:+.4} (95 % interval {:+.4} to {:+.4})",
                ours.name, difference.mean, difference.low, difference.high
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut part = |title: &str, table: &Table| match table.rows.first() {
            Some(row) => writeln!(f, "{title}: {} questions\n{table}", row.figures.cases),
            None => Ok(()),
        };
        part("People and products with a history", &self.known)?;
        part("People of whom nothing is known", &self.new_visitors)?;
        part("Products that nobody had before", &self.new_products)?;
        if !self.reliability.is_empty() {
            writeln!(f, "The chance said and what came true, over the products shown:")?;
            for bin in &self.reliability {
                writeln!(f, "  {:>8.4}  {:>8.4}  {:>8} products", bin.said, bin.came_true, bin.products)?;
            }
            writeln!(f, "  mean distance {:.4}", calibration_error(&self.reliability))?;
        }
        Ok(())
    }
}
