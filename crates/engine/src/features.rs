//! What products are like, as numbers: the model compares these, it knows no text.

use recommend::Features;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};
use state::{Catalogue, ProductRow};

/// Values of one product; a product that lists more is described well enough by these.
const VALUES_MAX: usize = 64;
/// Words of a title.
const TITLE_WORDS_MAX: usize = 12;
/// Longer texts are no names of anything that two products share.
const TEXT_BYTES_MAX: usize = 64;

/// The categories at every level, brand, authors, tags, words of the title and short custom attributes of all products.
///
/// Some microseconds per product, whose record is read.
pub(crate) fn of_products(catalogue: &Catalogue) -> Features {
    of_bodies((0..catalogue.rows()).map(|row| catalogue.body(ProductRow(row)).map(|body| &**body)))
}

/// As the engine reads the records of products, row after row: their JSON, `None` for a row without a record.
pub fn of_bodies<'a>(bodies: impl Iterator<Item = Option<&'a str>>) -> Features {
    let mut features = Features::default();
    let mut numbering = Numbering::default();
    let mut values = Vec::new();
    for body in bodies {
        values.clear();
        if let Some(body) = body.and_then(|body| serde_json::from_str::<Map<String, Value>>(body).ok()) {
            describe(&body, &mut |kind, value| {
                if values.len() < VALUES_MAX && !value.is_empty() && value.len() <= TEXT_BYTES_MAX {
                    values.push(numbering.number(kind, value));
                }
            });
        }
        features.push(&values);
    }
    features
}

fn describe(body: &Map<String, Value>, take: &mut dyn FnMut(&str, &str)) {
    let arrays = |name: &str| body.get(name).and_then(Value::as_array).into_iter().flatten();
    for hierarchy in arrays("categories").filter_map(Value::as_array) {
        let mut path = String::new();
        for level in hierarchy.iter().filter_map(Value::as_str) {
            path.push('\u{1f}');
            path.push_str(level);
            take("category", &path);
        }
    }
    for name in ["brand", "type", "color", "material", "size"] {
        take(name, body.get(name).and_then(Value::as_str).unwrap_or_default());
    }
    for name in ["authors", "publishers", "tags", "collections"] {
        for value in arrays(name).filter_map(Value::as_str) {
            take(name, value);
        }
    }
    let title = body.get("title").and_then(Value::as_str).unwrap_or_default();
    let words = title.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    for word in words.take(TITLE_WORDS_MAX) {
        take("title", &word.to_lowercase());
    }
    for (name, value) in body.get("custom_attributes").and_then(Value::as_object).into_iter().flatten() {
        match value {
            Value::String(text) => take(name, text),
            Value::Array(values) => values.iter().filter_map(Value::as_str).for_each(|text| take(name, text)),
            _ => {}
        }
    }
}

/// Gives values their numbers in the order in which they come.
#[derive(Default)]
struct Numbering {
    number_by_value: FxHashMap<String, u32>,
}

impl Numbering {
    fn number(&mut self, kind: &str, value: &str) -> u32 {
        let next = self.number_by_value.len() as u32;
        *self.number_by_value.entry(format!("{kind}\u{1f}{value}")).or_insert(next)
    }
}
