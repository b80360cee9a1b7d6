use std::fmt;

use super::Figures;

/// One ranking with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whose ranking.
    pub name: String,
    /// What it is worth.
    pub figures: Figures,
}

impl Row {
    /// A row.
    pub fn new(name: &str, figures: Figures) -> Row {
        Row { name: name.to_owned(), figures }
    }
}

/// Rankings side by side; shown as a table of plain text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The rankings.
    pub rows: Vec<Row>,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0).max(8);
        writeln!(
            f,
            "{:width$}  {:>7}  {:>9}  {:>6}  {:>6}  {:>11}  {:>10}",
            "ranking", "nDCG@10", "Recall@20", "MRR@20", "HR@10", "coverage@10", "novelty@10"
        )?;
        for Row { name, figures } in &self.rows {
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
        Ok(())
    }
}
