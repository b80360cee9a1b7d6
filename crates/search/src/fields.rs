use std::borrow::Cow;

use record::Product;
use serde_json::Value;
use state::ProductRow;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};

use crate::limits;
use crate::markup::visible_text;

/// Raised whenever the fields or the analysis change: an index of another version is built anew.
pub(crate) const SCHEMA_VERSION: u32 = 1;

/// The name under which the analysis is registered.
pub(crate) const TOKENIZER: &str = "folding";

/// The name of the row's column.
pub(crate) const ROW: &str = "row";

/// A field of text and how much a word in it counts.
struct TextField {
    /// The contract's name where it is a field of the contract; such a field can be excluded from a search.
    name: &'static str,
    weight: f32,
}

const fn field(name: &'static str, weight: f32) -> TextField {
    TextField { name, weight }
}

/// In the order of their ids. Title counts most, then what names or places a product, then what tells about it.
const TEXT_FIELDS: [TextField; 14] = [
    field("title", 8.0),
    field("identifiers", 6.0),
    field("brand", 4.0),
    field("categories", 3.5),
    field("tags", 3.0),
    field("authors", 3.0),
    field("subtitle", 2.0),
    field("short_description", 1.5),
    field("headers", 1.2),
    field("description", 1.0),
    field("html", 0.8),
    field("paragraphs", 0.8),
    field("attributes", 0.7),
    field("anchors", 0.4),
];

/// Words of an attribute's name that say it identifies the product.
const IDENTIFYING: &[&str] = &[
    "sku",
    "mpn",
    "ean",
    "ean13",
    "upc",
    "gtin",
    "gtin13",
    "gtin14",
    "isbn",
    "isbn10",
    "isbn13",
    "asin",
    "barcode",
    "model",
    "modelnumber",
    "partnumber",
    "articlenumber",
    "itemnumber",
    "productcode",
    "stylecode",
];

/// The index's fields.
#[derive(Clone)]
pub(crate) struct Fields {
    pub(crate) schema: Schema,
    pub(crate) row: Field,
    text: [Field; TEXT_FIELDS.len()],
}

impl Fields {
    pub(crate) fn new() -> Fields {
        let mut builder = Schema::builder();
        let row = builder.add_u64_field(ROW, INDEXED | FAST);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let text = TEXT_FIELDS.map(|field| builder.add_text_field(field.name, options.clone()));
        Fields { schema: builder.build(), row, text }
    }

    /// The fields of text with their weights, without those named in `excluded`.
    pub(crate) fn searched(&self, excluded: &[String]) -> Vec<(Field, f32)> {
        let all = self.text.iter().zip(&TEXT_FIELDS);
        all.filter(|(_, field)| !excluded.iter().any(|name| name == field.name))
            .map(|(id, field)| (*id, field.weight))
            .collect()
    }

    /// What the index holds of a product.
    pub(crate) fn document(&self, row: ProductRow, product: &Product) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_u64(self.row, u64::from(row.0));
        for_each_text(product, &mut |name, text| {
            let Some(at) = TEXT_FIELDS.iter().position(|field| field.name == name) else { return };
            let text = &text[..text.floor_char_boundary(limits::FIELD_BYTES_MAX)];
            document.add_text(self.text[at], text);
        });
        document
    }
}

/// Every text of a product with the name of the index's field it belongs to, as the reader of the page sees it.
pub(crate) fn for_each_text(product: &Product, sink: &mut dyn FnMut(&'static str, &str)) {
    let p = product;
    let mut add = |name, text: &str| {
        if !text.is_empty() {
            let visible: Cow<'_, str> = visible_text(text);
            sink(name, &visible);
        }
    };
    let ones = [
        ("title", &p.title),
        ("identifiers", &p.product_group_id),
        ("brand", &p.brand),
        ("subtitle", &p.subtitle),
        ("short_description", &p.short_description),
        ("description", &p.description),
        ("html", &p.html),
        ("attributes", &p.color),
        ("attributes", &p.size),
        ("attributes", &p.material),
        ("attributes", &p.kind),
    ];
    add("identifiers", &p.product_id);
    for (name, text) in ones {
        add(name, text.as_deref().unwrap_or_default());
    }
    let lists = [
        ("tags", &p.tags),
        ("authors", &p.authors),
        ("authors", &p.publishers),
        ("tags", &p.collections),
        ("headers", &p.headers),
        ("paragraphs", &p.paragraphs),
        ("anchors", &p.anchors),
    ];
    for (name, texts) in lists {
        texts.iter().flatten().for_each(|text| add(name, text));
    }
    p.categories.iter().flatten().flatten().for_each(|text| add("categories", text));
    for child in p.children.iter().flatten() {
        let told = [&child.title, &child.description, &child.html];
        told.into_iter().flatten().for_each(|text| add("paragraphs", text));
        child.headers.iter().flatten().for_each(|text| add("headers", text));
    }
    for (name, value) in p.custom_attributes.iter().flatten() {
        let field = if is_identifying(name) { "identifiers" } else { "attributes" };
        for_each_string(value, field == "identifiers", &mut |text| add(field, text));
    }
}

fn is_identifying(attribute: &str) -> bool {
    let name = attribute.to_ascii_lowercase();
    let joined: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    IDENTIFYING.contains(&joined.as_str())
        || name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| IDENTIFYING.contains(&word))
}

/// The strings within a value; numbers too where they identify the product, as bar codes do.
fn for_each_string(value: &Value, numbers: bool, sink: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => sink(text),
        Value::Number(number) if numbers => sink(&number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| for_each_string(value, numbers, sink)),
        Value::Object(values) => values.values().for_each(|value| for_each_string(value, numbers, sink)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
