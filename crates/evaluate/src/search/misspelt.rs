use std::collections::BTreeMap;
use std::path::Path;

use super::{Answer, Judgements};
use crate::history::HistoryFault;
use crate::history::read::Table;

/// Queries with what was meant by them.
#[derive(Clone, Debug, Default)]
pub struct Misspelt {
    queries: Vec<Query>,
}

#[derive(Clone, Debug)]
struct Query {
    kind: String,
    typed: String,
    intended: String,
}

/// What became of misspelt queries, and of right ones.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpellingFigures {
    /// By kind, how many came out right, of how many.
    pub right_by_kind: BTreeMap<String, (usize, usize)>,
    /// The nDCG@10 of the answers to misspelt queries, over that of the answers to what was meant; `None` where none is judged.
    pub kept: Option<f64>,
    /// What did not come out right: kind, typed, corrected, intended.
    pub wrong: Vec<[String; 4]>,
}

/// Kinds that begin with this are right as they stand.
const RIGHT: &str = "clean";

impl Misspelt {
    /// Reads a table with the columns `query`, `intended` and, where there is one, `kind`: kinds that begin with `clean` are right as they
    /// stand, and so is without kind what is what was intended.
    ///
    /// # Errors
    /// [`HistoryFault`] with file and line.
    pub fn read(path: &Path) -> Result<Misspelt, HistoryFault> {
        let mut table = Table::open(path, if path.to_string_lossy().contains(".tsv") { b'\t' } else { b',' })?;
        let (query, intended) = (table.column(&["query", "q"])?, table.column(&["intended", "correct"])?);
        let kind = table.optional_column(&["kind"]);
        let mut queries = Vec::new();
        while table.next()? {
            let (typed, intended) = (table.text(query).to_owned(), table.text(intended).to_owned());
            let kind = match kind {
                Some(kind) => table.text(kind).to_owned(),
                None if typed == intended => RIGHT.to_owned(),
                None => "misspelt".to_owned(),
            };
            queries.push(Query { kind, typed, intended });
        }
        Ok(Misspelt { queries })
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.queries.len()
    }

    /// Asks all of them. What was meant is asked too, where it is judged.
    ///
    /// Right means the same letters and digits (`smart watch` and `smartwatch` are one), and that what was wrong is said to be.
    ///
    /// # Errors
    /// The first of `search`.
    pub fn measure<E>(
        &self,
        judgements: &Judgements,
        mut search: impl FnMut(&str) -> Result<Answer, E>,
    ) -> Result<SpellingFigures, E> {
        let mut figures = SpellingFigures::default();
        let (mut kept, mut clean) = (0.0, 0.0);
        for Query { kind, typed, intended } in &self.queries {
            let answer = search(typed)?;
            let is_right = same(&answer.corrected, intended) && (same(typed, intended) != answer.misspelt);
            let (right, all) = figures.right_by_kind.entry(kind.clone()).or_default();
            *right += usize::from(is_right);
            *all += 1;
            if !is_right {
                figures.wrong.push([kind.clone(), typed.clone(), answer.corrected, intended.clone()]);
            }
            if !kind.starts_with(RIGHT)
                && let Some(measures) = judgements.of(intended, &answer.product_ids)
            {
                kept += measures.ndcg;
                clean += judgements.of(intended, &search(intended)?.product_ids).map_or(0.0, |measures| measures.ndcg);
            }
        }
        figures.kept = (clean > 0.0).then(|| kept / clean);
        Ok(figures)
    }
}

impl SpellingFigures {
    /// The share of misspelt queries that came out as what was meant; 0 for none.
    pub fn corrected_rightly(&self) -> f64 {
        let (right, all) = self.sum(|kind| !kind.starts_with(RIGHT));
        right as f64 / all.max(1) as f64
    }

    /// The share of right queries that were changed; 0 for none.
    pub fn false_alarms(&self) -> f64 {
        let (right, all) = self.sum(|kind| kind.starts_with(RIGHT));
        (all - right) as f64 / all.max(1) as f64
    }

    fn sum(&self, of: impl Fn(&str) -> bool) -> (usize, usize) {
        let counted = self.right_by_kind.iter().filter(|(kind, _)| of(kind));
        counted.fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1))
    }
}

fn same(a: &str, b: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    letters(a) == letters(b)
}
