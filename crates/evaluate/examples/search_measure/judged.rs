use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

/// How deep answers are looked at.
pub(crate) const DEPTH: usize = 100;
const CUT: usize = 10;

/// Queries with what people thought of products for them.
pub(crate) struct Judgements {
    grades_by_query: BTreeMap<String, BTreeMap<String, u32>>,
}

/// The measures of one query, or their means.
#[derive(Clone, Copy, Default)]
pub(crate) struct Measures {
    /// What is not judged counts as useless.
    pub(crate) ndcg: f64,
    /// What is not judged is left out of the answer.
    pub(crate) ndcg_judged: f64,
    /// One over the place of the first product that is any good, within the first ten.
    pub(crate) reciprocal_rank: f64,
    /// The share of good products among the first hundred.
    pub(crate) recall: f64,
    /// Whether nothing was found.
    pub(crate) empty: f64,
}

/// The measures by query.
pub(crate) struct Measured {
    by_query: Vec<(String, Measures)>,
}

impl Judgements {
    /// Reads `query,docid,rating`.
    pub(crate) fn read(path: &str) -> Result<Judgements, Box<dyn Error>> {
        let mut grades_by_query: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        for record in csv::Reader::from_path(path)?.deserialize() {
            let (query, product, grade): (String, String, u32) = record?;
            grades_by_query.entry(query).or_default().insert(product, grade);
        }
        Ok(Judgements { grades_by_query })
    }

    /// Every query with the products that people thought best for it, where there are any of that grade.
    pub(crate) fn wanted(&self, grade: u32) -> impl Iterator<Item = (&str, Vec<&str>)> {
        self.grades_by_query.iter().filter_map(move |(query, grades)| {
            let best: Vec<&str> =
                grades.iter().filter(|(_, given)| **given >= grade).map(|(product, _)| product.as_str()).collect();
            (!best.is_empty()).then_some((query.as_str(), best))
        })
    }

    /// Asks every query that has something relevant.
    pub(crate) fn measure(&self, search: impl Fn(&str) -> Vec<String>) -> Measured {
        let with_relevant = self.grades_by_query.iter().filter(|(_, grades)| grades.values().any(|grade| *grade > 0));
        let by_query = with_relevant.map(|(query, grades)| (query.clone(), measures(&search(query), grades)));
        Measured { by_query: by_query.collect() }
    }

    /// The measures of an answer to one query; `None` where nothing is relevant to it.
    pub(crate) fn of(&self, query: &str, answer: &[String]) -> Option<Measures> {
        let grades = self.grades_by_query.get(query)?;
        grades.values().any(|grade| *grade > 0).then(|| measures(answer, grades))
    }
}

fn measures(answer: &[String], grades: &BTreeMap<String, u32>) -> Measures {
    let graded: Vec<u32> = answer.iter().map(|id| grades.get(id).copied().unwrap_or(0)).collect();
    let judged: Vec<u32> = answer.iter().filter_map(|id| grades.get(id).copied()).collect();
    let mut ideal: Vec<u32> = grades.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let best = discounted(&ideal);
    let good = grades.values().filter(|grade| **grade > 0).count();
    let first = graded.iter().take(CUT).position(|grade| *grade > 0);
    Measures {
        ndcg: discounted(&graded) / best,
        ndcg_judged: discounted(&judged) / best,
        reciprocal_rank: first.map_or(0.0, |place| 1.0 / (place as f64 + 1.0)),
        recall: graded.iter().take(DEPTH).filter(|grade| **grade > 0).count() as f64 / good as f64,
        empty: f64::from(u8::from(answer.is_empty())),
    }
}

/// Discounted cumulative gain (Järvelin and Kekäläinen, 2002, with exponential gain).
fn discounted(grades: &[u32]) -> f64 {
    let gain = |(place, grade): (usize, &u32)| (f64::from(*grade).exp2() - 1.0) / (place as f64 + 2.0).log2();
    grades.iter().take(CUT).enumerate().map(gain).sum()
}

impl Measured {
    pub(crate) fn queries(&self) -> usize {
        self.by_query.len()
    }

    pub(crate) fn mean(&self) -> Measures {
        let mut sum = Measures::default();
        for (_, one) in &self.by_query {
            sum.ndcg += one.ndcg;
            sum.ndcg_judged += one.ndcg_judged;
            sum.reciprocal_rank += one.reciprocal_rank;
            sum.recall += one.recall;
            sum.empty += one.empty;
        }
        let count = self.by_query.len().max(1) as f64;
        Measures {
            ndcg: sum.ndcg / count,
            ndcg_judged: sum.ndcg_judged / count,
            reciprocal_rank: sum.reciprocal_rank / count,
            recall: sum.recall / count,
            empty: sum.empty / count,
        }
    }

    /// Prints every query, the worst first.
    pub(crate) fn print_each(&self) {
        let mut worst_first: Vec<_> = self.by_query.iter().collect();
        worst_first.sort_by(|a, b| a.1.ndcg.total_cmp(&b.1.ndcg));
        for (query, measures) in worst_first {
            println!("  {query:<22} {measures}");
        }
    }
}

impl fmt::Display for Measures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measures { ndcg, ndcg_judged, reciprocal_rank, recall, empty } = self;
        write!(f, "{ndcg:>8.4} {ndcg_judged:>12.4} {reciprocal_rank:>8.4} {recall:>11.4} {empty:>6.3}")
    }
}
