//! Logs of public data sets and of files: who did what with which product, as a shop would upload it.

mod complete_journey;
mod file;
mod gathering;
mod movielens;
mod online_retail;
pub(crate) mod read;
mod yoochoose;

use std::path::{Path, PathBuf};

use recommend::{Dataset, Features, NEVER_MS, Observation};
use record::{InteractionType, Product};

pub use gathering::Gathering;
pub use read::HistoryFault;

/// From this rating on a person is said to have liked the product (contract, "Meaning of signals").
const LIKED_MIN: f32 = 3.5;

/// One line of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The visitor's number.
    pub visitor: u32,
    /// What was done.
    pub kind: InteractionType,
    /// The type's own number: stars for `rate`, seconds for others; NaN where absent.
    pub value: f32,
    /// What it says, as the engine weighs it; a weight of 0 says that the visitor knows the product, and no more.
    pub observation: Observation,
    /// Whether finding the product beforehand would have been a success: a purchase, a view, a rating of 3.5 and more;
    /// not a return or a low rating.
    pub wanted: bool,
    /// Whether it belongs to a part that the data set itself sets apart for testing.
    pub test: bool,
}

impl Event {
    /// An event, weighed as the engine weighs it.
    pub fn new(visitor: u32, product: u32, time_ms: i64, kind: InteractionType, value: f32) -> Event {
        let weight = engine::weight(kind, value);
        let observation = Observation { product, time_ms, weight, converted: engine::converts(kind) };
        let wanted = if kind == InteractionType::Rate { value >= LIKED_MIN } else { weight > 0.0 };
        Event { visitor, kind, value, observation, wanted, test: false }
    }
}

/// The name of a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VisitorId {
    /// Somebody who signed in.
    User(String),
    /// Somebody known by a cookie, or an invoice without a customer.
    Anonymous(String),
}

/// A log with its catalogue.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The catalogue by product row; products without any event may be among them.
    pub records: Vec<Product>,
    /// The names of the visitors, by number.
    pub visitor_ids: Vec<VisitorId>,
    /// In time order; what happened at the same moment in the order of the file.
    pub events: Vec<Event>,
    /// What the products are like, as the engine reads their records.
    pub features: Features,
}

/// The logs that can be read by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// MovieLens: `ratings.csv`, `movies.csv`.
    MovieLens,
    /// UCI Online Retail II: two Parquet files of invoices.
    OnlineRetail,
    /// Complete Journey: `transactions.csv.gz`, `products.csv.gz`.
    CompleteJourney,
    /// YooChoose click sessions with the given test part.
    YooChoose,
}

impl Source {
    /// Every source with its name on the command line.
    pub const ALL: [(&'static str, Source); 4] = [
        ("ml-latest-small", Source::MovieLens),
        ("online-retail", Source::OnlineRetail),
        ("completejourney", Source::CompleteJourney),
        ("yoochoose", Source::YooChoose),
    ];

    /// The source of this name, as the command line has it.
    pub fn named(name: &str) -> Option<Source> {
        Source::ALL.into_iter().find(|&(own, _)| own == name).map(|(_, source)| source)
    }

    /// Reads the log in the folder at `path`.
    ///
    /// # Errors
    /// [`HistoryFault`] with the file and the line.
    pub fn read(self, path: &Path) -> Result<History, HistoryFault> {
        let history = match self {
            Source::MovieLens => movielens::read(path),
            Source::OnlineRetail => online_retail::read(path),
            Source::CompleteJourney => complete_journey::read(path),
            Source::YooChoose => yoochoose::read(path),
        }?;
        if history.events.is_empty() {
            return Err(HistoryFault::Empty { path: path.to_owned() });
        }
        Ok(history)
    }
}

impl History {
    /// Reads a table of events (CSV, or TSV where the name says so, each also gzipped) with the columns `visitor`,
    /// `product`, `time`, and optionally `type` (a name of the contract), `rating` (to 5) or `weight`; and the catalogue
    /// from `products`: a table with `product_id` and any of `title`, `brand`, `categories`, `tags`, or JSON Lines of
    /// records as they are uploaded.
    ///
    /// # Errors
    /// [`HistoryFault`] with the file and the line.
    pub fn read_files(events: &Path, products: Option<&Path>) -> Result<History, HistoryFault> {
        file::read(events, products)
    }

    /// How many products there are; every product row is less than this.
    pub fn products(&self) -> u32 {
        self.records.len() as u32
    }

    /// How many visitors there are; every visitor's number is less than this.
    pub fn visitors(&self) -> usize {
        self.visitor_ids.len()
    }

    /// The events `kept` as training sees them: those that say nothing are left out.
    pub fn dataset(&self, kept: impl Fn(usize, &Event) -> bool) -> Dataset {
        let mut by_visitor: Vec<Vec<Observation>> = vec![Vec::new(); self.visitors()];
        let mut met_ms = vec![NEVER_MS; self.records.len()];
        for (index, event) in self.events.iter().enumerate() {
            if kept(index, event) {
                let first_ms = &mut met_ms[event.observation.product as usize];
                *first_ms = event.observation.time_ms.min(*first_ms);
            }
            if event.observation.weight != 0.0 && kept(index, event) {
                by_visitor[event.visitor as usize].push(event.observation);
            }
        }
        let features = self.features.clone();
        let mut dataset = Dataset { products: self.products(), features, met_ms, ..Dataset::default() };
        for observations in by_visitor.into_iter().filter(|observations| !observations.is_empty()) {
            dataset.push(observations);
        }
        dataset
    }

    /// Drops what a test would ask for: the part set apart, or else the last tenth of the visitors by start (`sessions`)
    /// or of the time span. What is left can be split again, to choose constants without a look at the test.
    pub fn keep_past(&mut self, sessions: bool) {
        let (Some(first), Some(last)) = (self.events.first(), self.events.last()) else { return };
        let moment =
            first.observation.time_ms + ((last.observation.time_ms - first.observation.time_ms) as f64 * 0.9) as i64;
        if self.events.iter().any(|event| event.test) {
            self.events.retain(|event| !event.test);
        } else if sessions {
            let mut starts = vec![i64::MAX; self.visitors()];
            for event in &self.events {
                let start = &mut starts[event.visitor as usize];
                *start = (*start).min(event.observation.time_ms);
            }
            let mut sorted = starts.clone();
            sorted.sort_unstable();
            let border = sorted.get(sorted.len() - sorted.len() / 10).copied().unwrap_or(i64::MAX);
            self.events.retain(|event| starts[event.visitor as usize] < border);
        } else {
            self.events.retain(|event| event.observation.time_ms <= moment);
        }
    }
}

/// `name` in `folder`.
fn within(folder: &Path, name: &str) -> PathBuf {
    folder.join(name)
}
