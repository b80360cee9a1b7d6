//! Logs of public data sets and of files, as evidence on dense rows.

mod complete_journey;
mod file;
mod movielens;
mod online_retail;
mod read;
mod yoochoose;

use std::path::{Path, PathBuf};

use recommend::{Dataset, Features, NEVER_MS, Observation};
use rustc_hash::FxHashMap;

pub use read::HistoryFault;

/// One line of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// The visitor's number.
    pub visitor: u32,
    /// What it says; a weight of 0 says that the visitor knows the product, and no more.
    pub observation: Observation,
    /// Whether finding the product beforehand would have been a success: everything but a low rating or a return.
    pub wanted: bool,
    /// Whether it belongs to a part that the data set itself sets apart for testing.
    pub test: bool,
}

/// A log with its catalogue.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Every product row is less than this; products without any event may be among them.
    pub products: u32,
    /// Every visitor's number is less than this.
    pub visitors: u32,
    /// In time order; what happened at the same moment in the order of the file.
    pub events: Vec<Event>,
    /// What the products are like.
    pub features: Features,
    /// The ids of the products, by row.
    pub product_ids: Vec<String>,
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
    /// One CSV file with the columns visitor, product, time, and optionally weight and rating.
    File,
}

impl Source {
    /// The source of this name, as the command line has it.
    pub fn named(name: &str) -> Option<Source> {
        Some(match name {
            "ml-latest-small" => Source::MovieLens,
            "online-retail" => Source::OnlineRetail,
            "completejourney" => Source::CompleteJourney,
            "yoochoose" => Source::YooChoose,
            "file" => Source::File,
            _ => return None,
        })
    }

    /// Reads the log in the folder (or the file, for [`Source::File`]) at `path`.
    ///
    /// # Errors
    /// [`HistoryFault`] with the file and the line.
    pub fn read(self, path: &Path) -> Result<History, HistoryFault> {
        match self {
            Source::MovieLens => movielens::read(path),
            Source::OnlineRetail => online_retail::read(path),
            Source::CompleteJourney => complete_journey::read(path),
            Source::YooChoose => yoochoose::read(path),
            Source::File => file::read(path),
        }
    }
}

impl History {
    /// The events `kept` as training sees them: those that say nothing are left out.
    pub fn dataset(&self, kept: impl Fn(usize, &Event) -> bool) -> Dataset {
        let mut by_visitor: Vec<Vec<Observation>> = vec![Vec::new(); self.visitors as usize];
        let mut met_ms = vec![NEVER_MS; self.products as usize];
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
        let mut dataset = Dataset { products: self.products, features, met_ms, ..Dataset::default() };
        for observations in by_visitor.into_iter().filter(|observations| !observations.is_empty()) {
            dataset.push(observations);
        }
        dataset
    }
}

impl History {
    /// Drops what a test would ask for: the part set apart, or else the last tenth of the visitors by start (`sessions`)
    /// or of the time span. What is left can be split again, to choose constants without a look at the test.
    pub fn keep_past(&mut self, sessions: bool) {
        let (Some(first), Some(last)) = (self.events.first(), self.events.last()) else { return };
        let moment =
            first.observation.time_ms + ((last.observation.time_ms - first.observation.time_ms) as f64 * 0.9) as i64;
        if self.events.iter().any(|event| event.test) {
            self.events.retain(|event| !event.test);
        } else if sessions {
            let mut starts = vec![i64::MAX; self.visitors as usize];
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

/// Gives ids their numbers in the order in which they come.
#[derive(Default)]
struct Numbering {
    number_by_id: FxHashMap<String, u32>,
    ids: Vec<String>,
}

impl Numbering {
    fn number(&mut self, id: &str) -> u32 {
        if let Some(&number) = self.number_by_id.get(id) {
            return number;
        }
        let number = self.ids.len() as u32;
        self.number_by_id.insert(id.to_owned(), number);
        self.ids.push(id.to_owned());
        number
    }
}

/// Gathers a history line by line.
#[derive(Default)]
struct Gathering {
    products: Numbering,
    visitors: Numbering,
    words: Numbering,
    words_by_product: Vec<Vec<u32>>,
    events: Vec<Event>,
}

impl Gathering {
    fn product(&mut self, id: &str) -> u32 {
        self.products.number(id)
    }

    /// Notes that the product has the value `word` of the kind `kind`.
    fn describe(&mut self, product: u32, kind: &str, word: &str) {
        if word.is_empty() {
            return;
        }
        let word = self.words.number(&format!("{kind}\u{1f}{word}"));
        if self.words_by_product.len() <= product as usize {
            self.words_by_product.resize(product as usize + 1, Vec::new());
        }
        self.words_by_product[product as usize].push(word);
    }

    fn event(&mut self, visitor: &str, observation: Observation, wanted: bool) {
        let visitor = self.visitors.number(visitor);
        self.events.push(Event { visitor, observation, wanted, test: false });
    }

    fn finish(mut self) -> History {
        self.events.sort_by_key(|event| event.observation.time_ms);
        let products = self.products.ids.len() as u32;
        self.words_by_product.resize(products as usize, Vec::new());
        let mut features = Features::default();
        for words in &self.words_by_product {
            features.push(words);
        }
        History {
            products,
            visitors: self.visitors.ids.len() as u32,
            events: self.events,
            features,
            product_ids: self.products.ids,
        }
    }
}

/// `name` in `folder`.
fn within(folder: &Path, name: &str) -> PathBuf {
    folder.join(name)
}
