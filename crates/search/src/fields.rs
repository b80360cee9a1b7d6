use std::borrow::Cow;

use record::{Product, visible_text};
use serde_json::Value;
use state::ProductRow;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token as TantivyToken};

use crate::analysis::{Language, Token, base_code, detect, tokens};
use crate::limits;
use crate::naming;
use crate::searched::{Importance, SearchedFields};

/// Raised whenever the fields or the analysis change: an index of another version is built anew.
pub(crate) const SCHEMA_VERSION: u32 = 5;

/// Tantivy's name for taking a text as one word.
const WHOLE: &str = "raw";

/// The name under which the words of texts, as written, are taken.
pub(crate) const WORD_TOKENIZER: &str = "words";

/// The fields that hold texts, whose words [`Fields::words`] has.
const LONG_TEXTS: [&str; 7] =
    ["subtitle", "short_description", "headers", "description", "html", "paragraphs", "anchors"];

/// The name of the row's column.
pub(crate) const ROW: &str = "row";

/// A field of text and how much a word in it counts.
struct TextField {
    /// The contract's name where it is a field of the contract; such a field can be excluded from a search.
    name: &'static str,
    weight: f32,
    /// How far the length of the field divides what a word in it counts: 0 not at all, 1 fully.
    length_share: f32,
    /// What `_matched_fields` calls it.
    matched_as: MatchedField,
}

/// The contract's names for where the words of a query were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedField {
    /// The title.
    Title,
    /// Texts about the product.
    Description,
    /// Everything else: brand, categories, attributes.
    Metadata,
}

const fn field(name: &'static str, weight: f32, length_share: f32, matched_as: MatchedField) -> TextField {
    TextField { name, weight, length_share, matched_as }
}

use MatchedField::{Description, Metadata, Title};

/// In the order of their ids. Title counts most, then what names or places a product, then what tells about it.
///
/// The weights are the middle of a broad plateau: on the judged queries of an electronics catalogue, halving or doubling
/// any one of them moves nDCG@10 by less than 0.01 in the mean over settings of the others (docs/SEARCH.md).
const TEXT_FIELDS: [TextField; 16] = [
    field("title", 4.0, 0.6, Title),
    field("identifiers", 0.7, 0.3, Metadata),
    field("brand", 2.0, 0.3, Metadata),
    field("categories", 2.0, 0.3, Metadata),
    field("tags", 1.5, 0.4, Metadata),
    field("authors", 1.5, 0.3, Metadata),
    field("subtitle", 2.5, 0.6, Title),
    field("short_description", 2.0, 0.6, Description),
    field("headers", 1.2, 0.6, Description),
    field("description", 2.0, 0.6, Description),
    field("html", 1.0, 0.75, Description),
    field("paragraphs", 1.0, 0.75, Description),
    field("attributes", 0.6, 0.75, Metadata),
    field("anchors", 0.3, 0.75, Description),
    // Attributes that the environment's settings say are more or less important than others.
    field(HIGH_ATTRIBUTES, 1.5, 0.4, Metadata),
    field(LOW_ATTRIBUTES, 0.3, 0.75, Metadata),
];

/// Attributes of the importance that is the rule.
const ATTRIBUTES: &str = "attributes";
const HIGH_ATTRIBUTES: &str = "attributes_high";
const LOW_ATTRIBUTES: &str = "attributes_low";

/// The fields of the contract that have a field of the index of their own, with `identifiers` for ids, article numbers and the
/// like; see [`SearchedFields`].
pub(crate) const SEARCHABLE: [&str; 13] = [
    "title",
    "identifiers",
    "brand",
    "categories",
    "tags",
    "authors",
    "subtitle",
    "short_description",
    "headers",
    "description",
    "html",
    "paragraphs",
    "anchors",
];

/// The fields of the contract that are attributes among those of one's own.
pub(crate) const ATTRIBUTE_TEXTS: [&str; 4] = ["color", "size", "material", "type"];

/// The field of the index for attributes of an importance; `None` where they are not searched.
fn attributes_of(importance: Importance, normal: &'static str) -> Option<&'static str> {
    match importance {
        Importance::Ignored => None,
        Importance::Low => Some(LOW_ATTRIBUTES),
        Importance::Normal => Some(normal),
        Importance::High => Some(HIGH_ATTRIBUTES),
    }
}

/// The number of the field of the title.
pub(crate) const TITLE: usize = 0;

/// How many fields of text there are.
pub(crate) const TEXT_FIELD_COUNT: usize = TEXT_FIELDS.len();

/// A field as one search uses it.
pub(crate) struct SearchedField {
    /// Its place among all fields of text.
    pub(crate) number: usize,
    pub(crate) weight: f32,
    pub(crate) length_share: f32,
}

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
    /// The words of long texts as they are written; not searched.
    pub(crate) words: Field,
    /// The words of titles as they are written.
    pub(crate) title_words: Field,
    /// The stems of words that may be made of several, letters from the last to the first.
    pub(crate) compounds: Field,
    /// The stems of what the categories name: the word that says it, and all of them with single spaces.
    pub(crate) kinds: Field,
    /// The stems that the title only mentions; see [`crate::naming`].
    pub(crate) mentioned: Field,
    /// The codes of the languages of the document, and [`TRANSLATION`] for one that is a translation.
    pub(crate) language: Field,
}

/// Stands among the languages of a document that is a product in another language than its own.
pub(crate) const TRANSLATION: &str = "translation";

/// Letters of a stem from which on it may be made of two words.
const COMPOUND_CHARS_MIN: usize = 7;

impl Fields {
    pub(crate) fn new() -> Fields {
        let mut builder = Schema::builder();
        let row = builder.add_u64_field(ROW, INDEXED | FAST);
        // The analysis depends on the product's language, so these texts come as words already.
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(WHOLE)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let text = TEXT_FIELDS.map(|field| builder.add_text_field(field.name, options.clone()));
        let set_of = |tokenizer| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::Basic)
                .set_fieldnorms(false);
            TextOptions::default().set_indexing_options(indexing)
        };
        let words = builder.add_text_field("words", set_of(WORD_TOKENIZER));
        let title_words = builder.add_text_field("title_words", set_of(WHOLE));
        let compounds = builder.add_text_field("compounds", set_of(WHOLE));
        let kinds = builder.add_text_field("kinds", set_of(WHOLE));
        let mentioned = builder.add_text_field("mentioned", set_of(WHOLE));
        let language = builder.add_text_field("language", set_of(WHOLE));
        Fields { schema: builder.build(), row, text, words, title_words, compounds, kinds, mentioned, language }
    }

    /// The fields of text without those named in `excluded`, each as important as the settings say.
    pub(crate) fn searched(&self, excluded: &[String], settings: &SearchedFields) -> Vec<SearchedField> {
        let all = TEXT_FIELDS.iter().enumerate();
        all.filter_map(|(number, field)| {
            // A field of no product is left out rather than looked into.
            let (name, factor) = match field.name {
                HIGH_ATTRIBUTES if !settings.has_attributes_of(Importance::High) => return None,
                LOW_ATTRIBUTES if !settings.has_attributes_of(Importance::Low) => return None,
                HIGH_ATTRIBUTES | LOW_ATTRIBUTES => (ATTRIBUTES, 1.0),
                name => (name, settings.importance(name).factor()),
            };
            let is_searched = factor > 0.0 && !excluded.iter().any(|excluded| excluded == name);
            is_searched.then_some(SearchedField {
                number,
                weight: field.weight * factor,
                length_share: field.length_share,
            })
        })
        .collect()
    }

    /// The fields of text in the order of their numbers.
    pub(crate) fn text(&self) -> &[Field] {
        &self.text
    }

    /// What the index holds of a product: one document in its own language, and one for each translation.
    pub(crate) fn documents(
        &self,
        row: ProductRow,
        product: &Product,
        primary: Language,
        settings: &SearchedFields,
    ) -> Vec<TantivyDocument> {
        let own = match &product.language {
            Some(code) => base_code(code),
            None => language_of(product).unwrap_or(primary).code().to_owned(),
        };
        let mut documents = vec![self.document(row, product, &[&own], settings)];
        for (code, translated) in product.translations().take(limits::TRANSLATIONS_MAX) {
            let code = base_code(&code);
            if code != own {
                documents.push(self.document(row, &translated, &[&code, TRANSLATION], settings));
            }
        }
        documents
    }

    fn document(
        &self,
        row: ProductRow,
        product: &Product,
        codes: &[&str],
        settings: &SearchedFields,
    ) -> TantivyDocument {
        let language = Language::of(codes[0]);
        let mut document = TantivyDocument::new();
        document.add_u64(self.row, u64::from(row.0));
        codes.iter().for_each(|code| document.add_text(self.language, code));
        let mut compounds = Vec::new();
        let leaves = product.categories.iter().flatten().filter_map(|path| path.last());
        let kinds: Vec<String> =
            leaves.take(limits::KINDS_MAX).flat_map(|leaf| naming::kinds(&visible_text(leaf), language)).collect();
        kinds.iter().for_each(|kind| document.add_text(self.kinds, kind));
        let brand = tokens(product.brand.as_deref().unwrap_or_default(), &[language], limits::KIND_WORDS_MAX);
        for_each_text(product, settings, &mut |name, text| {
            let Some(at) = TEXT_FIELDS.iter().position(|field| field.name == name) else { return };
            let text = &text[..text.floor_char_boundary(limits::FIELD_BYTES_MAX)];
            let words = tokens(text, &[language], usize::MAX);
            if name == "title" {
                let written = words.iter().filter(|word| !word.joined && !word.tight);
                let written = written.map(|word| (word.position, word.unstemmed().to_owned()));
                document.add_pre_tokenized_text(self.title_words, pre_tokenized(written));
                let mentioned = naming::mentioned(&words, &kinds, language);
                // Who made a thing is not what it is for.
                let others = mentioned.into_iter().filter(|word| brand.iter().all(|token| token.text != *word));
                others.for_each(|word| document.add_text(self.mentioned, word));
            }
            if language.joins_words() {
                compounds.extend(words.iter().filter(|word| may_be_compound(word)).map(|word| reversed(&word.text)));
            }
            document.add_pre_tokenized_text(
                self.text[at],
                pre_tokenized(words.into_iter().map(|word| (word.position, word.text))),
            );
            if LONG_TEXTS.contains(&name) {
                document.add_text(self.words, text);
            }
        });
        compounds.sort_unstable();
        compounds.dedup();
        if !compounds.is_empty() {
            document.add_pre_tokenized_text(self.compounds, pre_tokenized(compounds.into_iter().map(|word| (0, word))));
        }
        document
    }
}

/// The language that a product's own texts tell.
fn language_of(product: &Product) -> Option<Language> {
    let texts = [&product.title, &product.subtitle, &product.short_description, &product.description, &product.html];
    let mut all = String::new();
    for text in texts.into_iter().flatten() {
        all.push_str(&visible_text(text));
        all.push(' ');
        if all.len() > limits::LANGUAGE_BYTES_MAX {
            break;
        }
    }
    detect(&all)
}

fn may_be_compound(word: &Token) -> bool {
    !word.joined && word.text.chars().count() >= COMPOUND_CHARS_MIN && word.text.chars().all(char::is_alphabetic)
}

/// The letters of a word from the last to the first: its endings are beginnings there.
pub(crate) fn reversed(word: &str) -> String {
    word.chars().rev().collect()
}

fn pre_tokenized(words: impl Iterator<Item = (usize, String)>) -> PreTokenizedString {
    let token = |(position, text)| TantivyToken { position, text, position_length: 1, offset_from: 0, offset_to: 0 };
    PreTokenizedString { text: String::new(), tokens: words.map(token).collect() }
}

/// The contract's names of a hit's fields, each once, in the order title, description, metadata.
pub(crate) fn matched_fields(fields: u16) -> Vec<MatchedField> {
    let any = |matched_as| {
        TEXT_FIELDS
            .iter()
            .enumerate()
            .any(|(number, field)| field.matched_as == matched_as && fields >> number & 1 == 1)
    };
    [Title, Description, Metadata].into_iter().filter(|name| any(*name)).collect()
}

/// Every text of a product with the name of the index's field it belongs to, as the reader of the page sees it; without the
/// attributes that are not searched.
pub(crate) fn for_each_text(product: &Product, settings: &SearchedFields, sink: &mut dyn FnMut(&'static str, &str)) {
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
    ];
    add("identifiers", &p.product_id);
    for (name, text) in ones {
        add(name, text.as_deref().unwrap_or_default());
    }
    for (name, text) in ATTRIBUTE_TEXTS.into_iter().zip([&p.color, &p.size, &p.material, &p.kind]) {
        if let Some(field) = attributes_of(settings.importance(name), ATTRIBUTES) {
            add(field, text.as_deref().unwrap_or_default());
        }
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
        let identifies = is_identifying(name);
        let normal = if identifies { "identifiers" } else { ATTRIBUTES };
        if let Some(field) = attributes_of(settings.of_custom(name), normal) {
            for_each_string(value, identifies, &mut |text| add(field, text));
        }
    }
}

pub(crate) fn is_identifying(attribute: &str) -> bool {
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
