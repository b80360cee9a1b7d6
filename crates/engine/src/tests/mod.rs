//! Small worlds from short text, and one [`check`] for all questions. What is proved stands at the head of each file.

#![allow(clippy::unwrap_used, reason = "tests")]

mod explaining;
mod following;
mod gathering;
mod listing;
mod meaning;
mod properties;
mod questions;
mod recommendations;
mod searching;
mod signals;

use std::sync::Arc;

use record::{Product, Time};
use serde_json::{Value, json};
use state::{ProductRow, State};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Answer, Refused, View};

/// A day of 2026, in milliseconds.
pub(crate) const NOW: Time = Time(1_780_000_000_000);

/// A shop with its people.
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) products: Vec<Product>,
    index: search::Index,
    completions: search::Completions,
    pub(crate) meanings: search::Meanings,
    model: Option<recommend::Model>,
    popular: Vec<ProductRow>,
    pub(crate) position: u64,
    /// The position of the log that is now; told lines are an hour apart.
    ends: u64,
    pub(crate) seed: u64,
    /// The list given so far under a `pagination_id`.
    pub(crate) kept: Vec<ProductRow>,
    /// What the next training is to bring about.
    pub(crate) goal: crate::Goal,
    _folder: TempDir,
}

/// A world from lines of text:
///
/// - `product red-shoe title=Red_shoe category=Shoes/Sport brand=Nike group=shoe price=20 out at=52.5,13.4 type=… parent=…`
/// - `ann view red-shoe blue-shoe`, `ann buy …`, `ann cart …`, `ann glance …` (two seconds), `ann shown …`,
///   `ann like …`, `ann dislike …`, `ann search red shoe`, `~x view …` (anonymous), `ann~x view …` (both ids), `ann group shoe`;
///   an hour after the line before, the last one hours before now
/// - `train`
pub(crate) fn world(text: &str) -> World {
    let folder = TempDir::new().unwrap();
    let epoch = Uuid::from_u128(7);
    let mut world = World {
        state: State::new(epoch),
        products: Vec::new(),
        index: search::Index::open(folder.path(), epoch).unwrap(),
        completions: search::Completions::default(),
        meanings: search::Meanings::default(),
        model: None,
        popular: Vec::new(),
        position: 0,
        ends: text.lines().count() as u64 + 10,
        seed: 1,
        kept: Vec::new(),
        goal: crate::Goal::default(),
        _folder: folder,
    };
    world.tell(text);
    world
}

impl World {
    /// Lets more happen.
    pub(crate) fn tell(&mut self, text: &str) {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut new_rows = Vec::new();
        for line in &lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["train"] => self.train(),
                ["product", id, ref fields @ ..] => new_rows.push(self.put(product(id, fields))),
                [person, kind, ref ids @ ..] => self.interact(person, kind, ids),
                _ => panic!("not a line of a world: {line}"),
            }
        }
        let puts: Vec<(ProductRow, &Product)> =
            new_rows.iter().map(|&(row, index)| (row, &self.products[index])).collect();
        self.index.update(&puts, &[], self.position).unwrap();
        self.popular = crate::popular_order(&self.state);
    }

    fn put(&mut self, product: Product) -> (ProductRow, usize) {
        self.position += 1;
        let body: Arc<str> = serde_json::to_string(&product).unwrap().into();
        let row = self.state.put_product(self.position, &product, body);
        self.completions.put(row, &product);
        self.meanings.put(&[(row, &product)]);
        self.products.push(product);
        (row, self.products.len() - 1)
    }

    fn train(&mut self) {
        let dataset = crate::training_dataset(&self.state, NOW, &self.goal);
        let options = recommend::Options { now_ms: NOW.0, seed: 1 };
        self.model = Some(recommend::Model::train(&dataset, &options, &|_| true).unwrap());
    }

    fn interact(&mut self, person: &str, kind: &str, ids: &[&str]) {
        self.position += 1;
        let hours_ago = self.ends.saturating_sub(self.position) as i64;
        let mut interaction = json!({ "timestamp": Time(NOW.0 - hours_ago * 3_600_000).to_string() });
        let (kind, field) = match kind {
            "view" => ("product_detail_page_view", "product_ids"),
            "glance" => {
                interaction["duration"] = 2.into();
                ("product_detail_page_view", "product_ids")
            }
            "buy" => ("checkout", "product_ids"),
            "cart" => ("add_to_cart", "product_ids"),
            "shown" => ("impression", "product_ids"),
            "group" => ("product_detail_page_view", "product_group_ids"),
            "search" => {
                interaction["search"] = json!({ "keywords": ids.join(" ") });
                ("search", "category")
            }
            other => (other, "product_ids"),
        };
        interaction["type"] = kind.into();
        interaction[field] = ids.into();
        let (user, anonymous) = person.split_once('~').unwrap_or((person, ""));
        for (field, id) in [("user_id", user), ("anonymous_id", anonymous)] {
            if !id.is_empty() {
                interaction[field] = id.into();
            }
        }
        let interaction = serde_json::from_value(interaction).unwrap();
        self.state.add_interaction(self.position, &interaction);
    }

    pub(crate) fn view(&self) -> View<'_> {
        View {
            state: &self.state,
            index: &self.index,
            completions: &self.completions,
            meanings: &self.meanings,
            model: self.model.as_ref(),
            popular: &self.popular,
            kept: &self.kept,
            now: NOW,
            seed: self.seed,
        }
    }

    /// Asks a question by the last part of its path.
    pub(crate) fn ask(&self, question: &str, request: &Value) -> Result<Answer, Refused> {
        fn read<T: serde::de::DeserializeOwned>(request: &Value) -> T {
            serde_json::from_str(&request.to_string()).unwrap()
        }
        let view = self.view();
        match question {
            "user_to_products" => crate::user_to_products(view, &read(request)),
            "user_to_history" => crate::user_to_history(view, &read(request)),
            "user_to_trending" => crate::user_to_trending(view, &read(request)),
            "user_to_categories" => crate::user_to_categories(view, &read(request)),
            "user_to_attributes" => crate::user_to_attributes(view, &read(request)),
            "product_to_products" => crate::product_to_products(view, &read(request)),
            "search" => crate::search(view, &read(request)),
            "autocomplete" => crate::autocomplete(view, &read(request)),
            "mget" => crate::mget(view, &read(request)),
            other => panic!("no such question: {other}"),
        }
    }
}

fn product(id: &str, fields: &[&str]) -> Product {
    let mut product = json!({ "product_id": id });
    for field in fields {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        let text = value.replace('_', " ");
        match name {
            "out" => product["availability"] = "OUT_OF_STOCK".into(),
            "title" | "brand" | "type" | "language" => product[name] = text.into(),
            "category" => product["categories"] = json!([text.split('/').collect::<Vec<_>>()]),
            "group" => product["product_group_id"] = value.into(),
            "parent" => product["parent_id"] = value.into(),
            "price" => product["sale_price"] = value.parse::<f64>().unwrap().into(),
            "at" => {
                let (lat, lon) = value.split_once(',').unwrap();
                product["location"] = json!({ "lat": lat.parse::<f64>().unwrap(), "lon": lon.parse::<f64>().unwrap() });
            }
            other => product["custom_attributes"][other] = text.into(),
        }
    }
    serde_json::from_value(product).unwrap()
}

/// The ids of an answer's products, in order.
pub(crate) fn ids(answer: &Answer) -> Vec<String> {
    let products = answer.data["products"].as_array().unwrap();
    products.iter().map(|product| product["product_id"].as_str().unwrap().to_owned()).collect()
}

/// Asks, and compares the ids of the products with `expected` (separated by spaces), in order.
#[track_caller]
pub(crate) fn check(world: &World, question: &str, request: Value, expected: &str) {
    let answer = world.ask(question, &request).unwrap();
    assert_eq!(ids(&answer).join(" "), expected, "{question} {request}");
    let shown: Vec<&str> = answer.shown.iter().map(|&row| world.state.catalogue().id(row)).collect();
    assert_eq!(shown.join(" "), expected, "what is remembered is what is shown");
}

/// Asks, and compares the refusal.
#[track_caller]
pub(crate) fn check_refused(world: &World, question: &str, request: Value, expected: &str) {
    let refused = world.ask(question, &request).unwrap_err().to_string();
    assert!(refused.contains(expected), "{question} {request}: {refused}");
}
