//! What a file holds: products, users or interactions.

use super::{guess, is_identity};
use crate::fields::Kind;
use crate::sample::Sample;
use crate::shipped;
use crate::synonyms::plain;

/// What a file may hold.
#[derive(Clone, Debug, PartialEq)]
pub struct KindGuess {
    /// What.
    pub kind: Kind,
    /// How sure that is, 0–1.
    pub confidence: f64,
    /// Why, in a sentence.
    pub why: String,
}

/// Words in the name of a file that tell what is in it.
const NAME_WORDS: [(Kind, &[&str]); 3] = [
    (Kind::Products, &["product", "item", "catalog", "movie", "book", "fashion", "article", "sku", "inventory"]),
    (Kind::Users, &["user", "customer", "member", "people", "visitors", "demographic", "account"]),
    (
        Kind::Interactions,
        &["interaction", "event", "rating", "order", "purchase", "click", "log", "session", "transaction", "view"],
    ),
];

/// All three kinds, the likeliest first; equals in the order of [`Kind::ALL`]. `file_name` is the name alone.
pub fn guess_kind(file_name: &str, sample: &Sample) -> Vec<KindGuess> {
    let mut guesses: Vec<KindGuess> = Kind::ALL.into_iter().map(|kind| one(kind, file_name, sample)).collect();
    guesses.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    guesses
}

fn one(kind: Kind, file_name: &str, sample: &Sample) -> KindGuess {
    if let Some((_, mapping)) = sample.header.as_ref().and_then(|header| shipped::recognised(kind, header)) {
        // A table of orders holds the products too, but what people did is what it is about.
        let confidence = if kind == Kind::Interactions { 0.99 } else { 0.97 };
        return KindGuess { kind, confidence, why: format!("the columns are those of {}", mapping.description) };
    }
    if is_identity(kind, &sample.rows) {
        // Every user's record that has nothing but an id would do for an interaction without its type, never the reverse.
        return KindGuess { kind, confidence: 0.96, why: format!("the records have the fields of {}", kind.name()) };
    }
    let guess = guess(kind, &sample.rows, &[]);
    let has = |field: &str| guess.mapping.fields.contains_key(field);
    let person = has("user_id") || has("anonymous_id");
    let known = |field: &str| !field.starts_with("custom_attributes.") && has(field);
    let some_of = |fields: &[&str]| fields.iter().filter(|field| known(field)).count();
    let (score, why) = match kind {
        Kind::Interactions => {
            let told = some_of(&["timestamp", "type", "rating", "quantities", "revenue", "duration"]);
            match (person, has("product_ids")) {
                (true, true) => (0.75 + 0.08 * told.min(2) as f64, "each row names a person and a product"),
                (true, false) if has("timestamp") && told > 1 => (0.6, "each row names a person and a time"),
                _ => (0.05, "no row names a person and a product"),
            }
        }
        Kind::Products => {
            let told = some_of(&[
                "title",
                "description",
                "categories",
                "brand",
                "original_price",
                "sale_price",
                "cover_image",
            ]);
            match (has("product_id"), told) {
                (true, 0) => (0.2, "there is an id, and nothing that describes a product"),
                (true, told) => (0.55 + 0.08 * told.min(4) as f64, "each row has an id and describes a product"),
                (false, 0) => (0.05, "nothing describes a product"),
                (false, _) => (0.35, "each row describes a product, but no column is its id"),
            }
        }
        Kind::Users => {
            let told = some_of(&["name", "age", "gender", "city", "state", "country", "created_at"]);
            match (has("user_id"), told) {
                (true, 0) => (0.15, "there is an id, and nothing that describes a person"),
                (true, told) => (0.5 + 0.08 * told.min(4) as f64, "each row has an id and describes a person"),
                (false, _) => (0.05, "no column is the id of a person"),
            }
        }
    };
    let name = plain(file_name);
    let named = NAME_WORDS
        .iter()
        .find(|(own, _)| *own == kind)
        .and_then(|(_, words)| words.iter().find(|word| name.contains(**word)));
    match named {
        Some(word) => KindGuess {
            kind,
            confidence: (score + 0.12).min(0.95),
            why: format!("{why}; the file's name says “{word}”"),
        },
        None => KindGuess { kind, confidence: score, why: why.to_owned() },
    }
}
