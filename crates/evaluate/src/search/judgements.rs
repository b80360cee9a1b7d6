use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use serde::Deserialize;

use super::DEPTH;
use crate::history::HistoryFault;
use crate::history::read::{self, Table};

const CUT: usize = 10;

/// Queries with what people thought of products for them.
#[derive(Clone, Debug, Default)]
pub struct Judgements {
    grades_by_query: BTreeMap<String, BTreeMap<String, f64>>,
}

/// One judgement of a file of JSON Lines.
#[derive(Deserialize)]
struct Line {
    query: String,
    #[serde(alias = "docid", alias = "product")]
    product_id: String,
    #[serde(alias = "rating", alias = "relevance")]
    grade: f64,
}

/// The measures of one query, or their means; each from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// nDCG@10 with the gain 2^grade − 1. What is not judged counts as useless.
    pub ndcg: f64,
    /// The same of the answer without what is not judged.
    pub ndcg_judged: f64,
    /// One over the place of the first product that is any good, within the first ten.
    pub reciprocal_rank: f64,
    /// The share of good products among the first [`DEPTH`].
    pub recall: f64,
    /// Whether nothing was found.
    pub empty: f64,
}

/// The measures by query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measured {
    /// In the order of the queries' texts.
    pub by_query: Vec<(String, Measures)>,
}

impl Judgements {
    /// Reads a table (CSV, or TSV where the name says so) with the columns `query`, `product_id` (or `docid`) and `grade` (or `rating`), or
    /// JSON Lines with these names; gzipped where the name ends in `.gz`. A grade is a number from 0 (useless) up to 10; of two for the
    /// same query and product the later counts.
    ///
    /// # Errors
    /// [`HistoryFault`] with file and line.
    pub fn read(path: &Path) -> Result<Judgements, HistoryFault> {
        let name = path.to_string_lossy();
        let mut judgements = Judgements::default();
        let wrong = |line: u64, message: String| HistoryFault::Value { path: path.to_owned(), line, message };
        let checked = |grade: f64, line: u64| match grade {
            grade if (0.0..=10.0).contains(&grade) => Ok(grade),
            grade => Err(wrong(line, format!("the grade is {grade}; it must be from 0 (useless) to 10"))),
        };
        if name.contains(".json") {
            for (index, line) in read::open(path)?.lines().enumerate() {
                let number = index as u64 + 1;
                let line = line.map_err(|error| HistoryFault::Io { path: path.to_owned(), error })?;
                if line.trim().is_empty() {
                    continue;
                }
                let one: Line = serde_json::from_str(&line)
                    .map_err(|error| wrong(number, format!("this is no judgement: {error}")))?;
                judgements.put(&one.query, &one.product_id, checked(one.grade, number)?);
            }
        } else {
            let mut table = Table::open(path, if name.contains(".tsv") { b'\t' } else { b',' })?;
            let query = table.column(&["query", "q"])?;
            let product = table.column(&["product_id", "docid", "product", "id"])?;
            let grade = table.column(&["grade", "rating", "relevance", "label"])?;
            while table.next()? {
                let given = checked(table.number(grade)?, table.line())?;
                judgements.put(table.text(query), table.text(product), given);
            }
        }
        if judgements.with_relevant().next().is_none() {
            return Err(wrong(1, "no query has a product with a grade above 0".to_owned()));
        }
        Ok(judgements)
    }

    fn put(&mut self, query: &str, product_id: &str, grade: f64) {
        self.grades_by_query.entry(query.trim().to_owned()).or_default().insert(product_id.to_owned(), grade);
    }

    /// Queries for which something is any good, with the grades of their products: those that are measured.
    pub fn with_relevant(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, f64>)> {
        let all = self.grades_by_query.iter().map(|(query, grades)| (query.as_str(), grades));
        all.filter(|(_, grades)| grades.values().any(|grade| *grade > 0.0))
    }

    /// Every query with the products of the highest grade that there is, where it has any of that grade.
    pub fn wanted(&self) -> impl Iterator<Item = (&str, Vec<&str>)> {
        let most = self.grades_by_query.values().flat_map(BTreeMap::values).copied().fold(0.0, f64::max);
        self.with_relevant().filter_map(move |(query, grades)| {
            let best = grades.iter().filter(|(_, given)| **given >= most);
            let best: Vec<&str> = best.map(|(product, _)| product.as_str()).collect();
            (!best.is_empty()).then_some((query, best))
        })
    }

    /// Asks every query that has something relevant.
    ///
    /// # Errors
    /// The first of `search`.
    pub fn measure<E>(&self, mut search: impl FnMut(&str) -> Result<Vec<String>, E>) -> Result<Measured, E> {
        let one = |(query, grades): (&str, &BTreeMap<String, f64>)| {
            Ok((query.to_owned(), Measures::of(&search(query)?, grades)))
        };
        Ok(Measured { by_query: self.with_relevant().map(one).collect::<Result<_, E>>()? })
    }

    /// The measures of an answer to one query; `None` where nothing is relevant to it.
    pub fn of(&self, query: &str, answer: &[String]) -> Option<Measures> {
        let grades = self.grades_by_query.get(query)?;
        grades.values().any(|grade| *grade > 0.0).then(|| Measures::of(answer, grades))
    }
}

impl Measures {
    fn of(answer: &[String], grades: &BTreeMap<String, f64>) -> Measures {
        let graded: Vec<f64> = answer.iter().map(|id| grades.get(id).copied().unwrap_or(0.0)).collect();
        let judged: Vec<f64> = answer.iter().filter_map(|id| grades.get(id).copied()).collect();
        let mut ideal: Vec<f64> = grades.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.total_cmp(a));
        let best = discounted(&ideal);
        let good = grades.values().filter(|grade| **grade > 0.0).count();
        let first = graded.iter().take(CUT).position(|grade| *grade > 0.0);
        Measures {
            ndcg: discounted(&graded) / best,
            ndcg_judged: discounted(&judged) / best,
            reciprocal_rank: first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0)),
            recall: graded.iter().take(DEPTH).filter(|grade| **grade > 0.0).count() as f64 / good as f64,
            empty: f64::from(u8::from(answer.is_empty())),
        }
    }
}

/// Discounted cumulative gain at [`CUT`] (Järvelin and Kekäläinen 2002).
fn discounted(grades: &[f64]) -> f64 {
    let gain = |(place, grade): (usize, &f64)| (grade.exp2() - 1.0) / (place as f64 + 2.0).log2();
    grades.iter().take(CUT).enumerate().map(gain).sum()
}

impl Measured {
    /// The mean over all queries; all 0 for none.
    pub fn mean(&self) -> Measures {
        let count = self.by_query.len().max(1) as f64;
        let mean = |of: fn(&Measures) -> f64| self.by_query.iter().map(|(_, one)| of(one)).sum::<f64>() / count;
        Measures {
            ndcg: mean(|one| one.ndcg),
            ndcg_judged: mean(|one| one.ndcg_judged),
            reciprocal_rank: mean(|one| one.reciprocal_rank),
            recall: mean(|one| one.recall),
            empty: mean(|one| one.empty),
        }
    }
}
