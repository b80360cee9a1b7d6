use std::fmt;

use serde_json::{Map, Value, json};

use super::{CompletionFigures, Measured, Measures, SpellingFigures};

/// One who answered the judged queries.
#[derive(Clone, Debug, PartialEq)]
pub struct Contestant {
    /// Whose answers.
    pub name: String,
    /// What they are worth.
    pub measured: Measured,
}

/// What came out, ours first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Products that were searched; 0 where it is not known.
    pub products: usize,
    /// All on the same queries.
    pub contestants: Vec<Contestant>,
    /// Where misspelt queries were given.
    pub spelling: Option<SpellingFigures>,
    /// What was typed, with what completion saved of it, where that was asked for.
    pub completion: Vec<(String, CompletionFigures)>,
    /// Whether every query is listed.
    pub each: bool,
}

impl Report {
    /// The report for programs. Shares are from 0 to 1.
    pub fn to_json(&self) -> Value {
        let contestants = self.contestants.iter().map(|contestant| {
            let mut one = of_measures(contestant.measured.mean());
            one.insert("name".to_owned(), contestant.name.as_str().into());
            if self.each {
                let by_query = contestant.measured.by_query.iter().map(|(query, measures)| {
                    let mut measures = of_measures(*measures);
                    measures.insert("query".to_owned(), query.as_str().into());
                    Value::Object(measures)
                });
                one.insert("by_query".to_owned(), by_query.collect());
            }
            Value::Object(one)
        });
        let mut report = json!({
            "products": self.products,
            "queries": self.contestants.first().map_or(0, |contestant| contestant.measured.by_query.len()),
            "contestants": contestants.collect::<Vec<_>>(),
        });
        if let Some(spelling) = &self.spelling {
            let kinds = spelling
                .right_by_kind
                .iter()
                .map(|(kind, (right, all))| (kind.clone(), json!({ "right": right, "queries": all })));
            report["spelling"] = json!({
                "corrected_rightly": spelling.corrected_rightly(),
                "false_alarms": spelling.false_alarms(),
                "ndcg_10_kept": spelling.kept,
                "kinds": kinds.collect::<Map<_, _>>(),
            });
            if self.each {
                let wrong = spelling.wrong.iter().map(|[kind, typed, corrected, intended]| {
                    json!({ "kind": kind, "query": typed, "corrected": corrected, "intended": intended })
                });
                report["spelling"]["wrong"] = wrong.collect();
            }
        }
        if !self.completion.is_empty() {
            let saved = self.completion.iter().map(|(name, figures)| {
                let CompletionFigures { texts, clean, slipped } = figures;
                (name.clone(), json!({ "texts": texts, "saved": clean, "saved_with_a_slip": slipped }))
            });
            report["completion"] = Value::Object(saved.collect());
        }
        report
    }
}

fn of_measures(measures: Measures) -> Map<String, Value> {
    let Measures { ndcg, ndcg_judged, reciprocal_rank, recall, empty } = measures;
    let named = [
        ("ndcg_10", ndcg),
        ("ndcg_10_judged_only", ndcg_judged),
        ("mrr_10", reciprocal_rank),
        ("recall_100", recall),
        ("zero_results", empty),
    ];
    named.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.contestants.iter().map(|contestant| contestant.name.chars().count());
        let width = names.max().unwrap_or(0).max(8);
        writeln!(
            f,
            "{:width$}  {:>7}  {:>11}  {:>6}  {:>10}  {:>12}",
            "search", "nDCG@10", "judged only", "MRR@10", "Recall@100", "zero results"
        )?;
        for Contestant { name, measured } in &self.contestants {
            writeln!(f, "{name:width$}  {}", measured.mean())?;
        }
        if let (true, Some(ours)) = (self.each, self.contestants.first()) {
            let mut worst_first: Vec<_> = ours.measured.by_query.iter().collect();
            worst_first.sort_by(|a, b| a.1.ndcg.total_cmp(&b.1.ndcg));
            writeln!(f, "\n{}, query by query:", ours.name)?;
            for (query, measures) in worst_first {
                writeln!(f, "{query:width$}  {measures}")?;
            }
        }
        if let Some(spelling) = &self.spelling {
            writeln!(f, "\nmisspelt queries")?;
            for (kind, (right, all)) in &spelling.right_by_kind {
                writeln!(f, "  {kind:<16} {right:>5} of {all:>5} right")?;
            }
            let (right, alarms) = (spelling.corrected_rightly(), spelling.false_alarms());
            writeln!(f, "  corrected rightly {right:.3}, false alarms {alarms:.3}")?;
            if let Some(kept) = spelling.kept {
                writeln!(f, "  nDCG@10 kept {kept:.3} of that of what was meant")?;
            }
            for [kind, typed, corrected, intended] in spelling.wrong.iter().filter(|_| self.each) {
                writeln!(f, "  {kind:<16} {typed:<32} -> {corrected:<32} meant {intended}")?;
            }
        }
        for (name, figures) in &self.completion {
            let CompletionFigures { texts, clean, slipped } = figures;
            writeln!(
                f,
                "\ncompletion of {texts} {name}: {clean:.3} of the characters saved, with one slip {slipped:.3}"
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Measures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measures { ndcg, ndcg_judged, reciprocal_rank, recall, empty } = self;
        write!(f, "{ndcg:>7.4}  {ndcg_judged:>11.4}  {reciprocal_rank:>6.4}  {recall:>10.4}  {empty:>12.4}")
    }
}
