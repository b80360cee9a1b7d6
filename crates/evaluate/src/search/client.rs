//! What a client of the HTTP API sends to be measured, and how it reads the answers.

use record::Product;
use serde_json::{Value, json};

use super::{Answer, Completion, DEPTH};

/// Products of one upload.
const PRODUCTS_PER_CALL: usize = 500;
/// How many completions a person looks at.
const COMPLETIONS: usize = 5;

/// The path of [`search`] behind `/v1/`.
pub const SEARCH: &str = "search/search";
/// The path of [`completions`] behind `/v1/`.
pub const AUTOCOMPLETE: &str = "search/autocomplete";

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Products with all the words.
    AllWords,
    /// Also products with some of the words (`enable_partial_match`), and those near in meaning (`enable_semantic_search`).
    WordsAndMeaning,
}

/// The bodies of the calls to `products` that bring a catalogue to a server, with how many products are in each.
pub fn uploads(products: &[Product]) -> impl Iterator<Item = (usize, String)> {
    products.chunks(PRODUCTS_PER_CALL).map(|batch| {
        let records: Vec<String> = batch.iter().map(Product::to_json).collect();
        (batch.len(), format!("{{\"data\":[{}]}}", records.join(",")))
    })
}

/// The body of a search, deep enough for every measure.
pub fn search(query: &str, matching: Matching) -> String {
    let wide = matching == Matching::WordsAndMeaning;
    let body = json!({
        "q": query, "rows": DEPTH, "fl": [], "dedupe_product_group_id": false,
        "enable_partial_match": wide, "enable_semantic_search": wide,
    });
    body.to_string()
}

/// Reads the answer to [`search`]; `None` where it is none.
pub fn answer(body: &Value) -> Option<Answer> {
    let products = body.pointer("/data/products")?.as_array()?;
    let spellcheck = body.pointer("/data/spellcheck").unwrap_or(&Value::Null);
    Some(Answer {
        product_ids: products.iter().filter_map(|product| Some(product["product_id"].as_str()?.to_owned())).collect(),
        corrected: spellcheck["corrected_query"].as_str().unwrap_or_default().to_owned(),
        misspelt: spellcheck["spelling_errors"].as_bool().unwrap_or_default(),
    })
}

/// The body that asks for what a person sees who has typed so far.
pub fn completions(typed: &str) -> String {
    json!({ "q": typed, "rows": COMPLETIONS, "fl": [], "completion_fields": ["title"] }).to_string()
}

/// Reads the answer to [`completions`]; `None` where it is none.
pub fn completed(body: &Value) -> Option<Vec<Completion>> {
    let list = body.pointer("/data/completions/title")?.as_array()?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one =
        |value: &Value| Completion { text: text(&value["text"]), product_id: text(&value["product"]["product_id"]) };
    Some(list.iter().map(one).collect())
}
