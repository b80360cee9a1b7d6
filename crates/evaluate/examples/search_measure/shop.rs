use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

use engine::{View, request};
use record::{Product, Time};
use serde_json::json;
use state::{ProductRow, State};

use crate::judged::DEPTH;

/// A catalogue that can be searched.
pub(crate) struct Shop {
    state: State,
    index: search::Index,
    completions: search::Completions,
    meanings: search::Meanings,
    products: Vec<Product>,
    _folder: tempfile::TempDir,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) ids: Vec<String>,
    pub(crate) corrected: String,
    pub(crate) changed: bool,
}

const PIECE: usize = 2_000;

impl Shop {
    /// Reads the products of a file of JSON lines, gzipped or not.
    pub(crate) fn open(path: &str) -> Result<Shop, Box<dyn Error>> {
        let file = File::open(path)?;
        let reader: Box<dyn Read> =
            if path.ends_with(".gz") { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
        let folder = tempfile::TempDir::new()?;
        let epoch = uuid::Uuid::from_u128(1);
        let mut shop = Shop {
            state: State::new(epoch),
            index: search::Index::open(folder.path(), epoch)?,
            completions: search::Completions::default(),
            meanings: search::Meanings::default(),
            products: Vec::new(),
            _folder: folder,
        };
        let mut rows = Vec::new();
        for line in BufReader::new(reader).lines() {
            let line = line?;
            let product: Product = serde_json::from_str(&line)?;
            let position = shop.products.len() as u64 + 1;
            let row = shop.state.put_product(position, &product, Arc::from(line));
            shop.completions.put(row, &product);
            rows.push(row);
            shop.products.push(product);
        }
        for (rows, products) in rows.chunks(PIECE).zip(shop.products.chunks(PIECE)) {
            let puts: Vec<(ProductRow, &Product)> = rows.iter().copied().zip(products).collect();
            shop.meanings.put(&puts);
            shop.index.update(&puts, &[], shop.products.len() as u64)?;
        }
        Ok(shop)
    }

    /// Its languages with how many products are in each.
    pub(crate) fn languages(&self) -> Vec<(search::Language, u64)> {
        self.index.languages()
    }

    pub(crate) fn count(&self) -> usize {
        self.products.len()
    }

    /// All that is written of each product, in the order of the file.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        self.products.iter().map(|product| {
            let mut text = String::new();
            let one = [&product.title, &product.brand, &product.description];
            one.into_iter().flatten().for_each(|part| text.extend([part.as_str(), " "]));
            text.extend(product.categories.iter().flatten().flatten().flat_map(|level| [level.as_str(), " "]));
            for value in product.custom_attributes.iter().flat_map(|attributes| attributes.values()) {
                text.extend([value.to_string().as_str(), " "]);
            }
            text
        })
    }

    /// The ids of these places in the file.
    pub(crate) fn ids(&self, places: &[usize]) -> Vec<String> {
        places.iter().map(|place| self.products[*place].product_id.clone()).collect()
    }

    /// The ids and titles, in the order of the file.
    pub(crate) fn titles(&self) -> impl Iterator<Item = (&str, &str)> {
        self.products.iter().filter_map(|product| Some((product.product_id.as_str(), product.title.as_deref()?)))
    }

    /// The first five completions of what was typed, as ids and texts.
    pub(crate) fn complete(&self, typed: &str) -> Vec<(String, String)> {
        let asked = json!({"q": typed, "rows": 5, "fl": [], "completion_fields": ["title"]});
        let request: request::Autocomplete = serde_json::from_value(asked).expect("the shape is the request's");
        let answer = engine::autocomplete(self.view(), &request).expect("the question is a valid one");
        let list = answer.data["completions"]["title"].as_array().cloned().unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        list.iter().map(|one| (text(&one["product"]["product_id"]), text(&one["text"]))).collect()
    }

    fn view(&self) -> View<'_> {
        View {
            state: &self.state,
            index: &self.index,
            completions: &self.completions,
            meanings: &self.meanings,
            model: None,
            popular: &[],
            kept: &[],
            now: Time(0),
            seed: 1,
        }
    }

    /// Asks as a client does, deep enough for every measure.
    pub(crate) fn search(&self, query: &str) -> Answer {
        let asked = json!({"q": query, "rows": DEPTH, "fl": [], "dedupe_product_group_id": false});
        let request: request::Search = serde_json::from_value(asked).expect("the shape is the request's");
        let answer = engine::search(self.view(), &request).expect("the question is a valid one");
        let spellcheck = &answer.data["spellcheck"];
        Answer {
            ids: answer.shown.iter().map(|row| self.state.catalogue().id(*row).to_owned()).collect(),
            corrected: spellcheck["corrected_query"].as_str().unwrap_or_default().to_owned(),
            changed: spellcheck["spelling_errors"].as_bool().unwrap_or_default(),
        }
    }
}
