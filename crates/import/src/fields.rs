//! The fields that a record can have, and the shape that a value takes in each.

use serde::{Deserialize, Serialize};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The catalogue.
    Products,
    /// Profiles.
    Users,
    /// What people did.
    Interactions,
}

/// The shape of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// A string.
    Text,
    /// A list of strings.
    List,
    /// A number.
    Number,
    /// A list of numbers.
    Numbers,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A moment, written as RFC 3339.
    Date,
    /// A list of category paths, each a list of names from the top level down.
    Paths,
    /// `IN_STOCK`, `OUT_OF_STOCK` or `PRE_ORDER`.
    Availability,
    /// `NEW`, `USED` or `REFURBISHED`.
    Condition,
    /// A latitude and a longitude.
    Place,
    /// Whatever the source has.
    Any,
}

const PRODUCT: &[(&str, Shape)] = &[
    ("product_id", Shape::Text),
    ("product_group_id", Shape::Text),
    ("parent_id", Shape::Text),
    ("related_ids", Shape::List),
    ("type", Shape::Text),
    ("title", Shape::Text),
    ("subtitle", Shape::Text),
    ("description", Shape::Text),
    ("short_description", Shape::Text),
    ("language", Shape::Text),
    ("created_at", Shape::Date),
    ("published_at", Shape::Date),
    ("updated_at", Shape::Date),
    ("categories", Shape::Paths),
    ("tags", Shape::List),
    ("url", Shape::Text),
    ("cover_image", Shape::Text),
    ("original_price", Shape::Number),
    ("sale_price", Shape::Number),
    ("margin", Shape::Number),
    ("size", Shape::Text),
    ("color", Shape::Text),
    ("material", Shape::Text),
    ("condition", Shape::Condition),
    ("brand", Shape::Text),
    ("authors", Shape::List),
    ("publishers", Shape::List),
    ("collections", Shape::List),
    ("availability", Shape::Availability),
    ("location", Shape::Place),
    ("location.lat", Shape::Number),
    ("location.lon", Shape::Number),
    ("rating", Shape::Number),
    ("html", Shape::Text),
    ("headers", Shape::List),
    ("paragraphs", Shape::List),
    ("anchors", Shape::List),
    ("children", Shape::Any),
    ("enable_question_answering", Shape::Boolean),
    ("custom_attributes", Shape::Any),
];

const USER: &[(&str, Shape)] = &[
    ("user_id", Shape::Text),
    ("created_at", Shape::Date),
    ("updated_at", Shape::Date),
    ("name", Shape::Text),
    ("profile_image", Shape::Text),
    ("age", Shape::Integer),
    ("gender", Shape::Text),
    ("city", Shape::Text),
    ("state", Shape::Text),
    ("country", Shape::Text),
    ("group_id", Shape::Text),
    ("description", Shape::Text),
    ("custom_attributes", Shape::Any),
];

const INTERACTION: &[(&str, Shape)] = &[
    ("type", Shape::Text),
    ("user_id", Shape::Text),
    ("anonymous_id", Shape::Text),
    ("product_ids", Shape::List),
    ("product_group_ids", Shape::List),
    ("timestamp", Shape::Date),
    ("miso_id", Shape::Text),
    ("duration", Shape::Number),
    ("quantities", Shape::Numbers),
    ("revenue", Shape::Number),
    ("rating", Shape::Number),
    ("search", Shape::Any),
    ("search.keywords", Shape::Text),
    ("search.filters", Shape::Any),
    ("category", Shape::List),
    ("custom_action_name", Shape::Text),
    ("question_id", Shape::Text),
    ("result_type", Shape::Text),
    ("value", Shape::Text),
    ("context", Shape::Any),
];

impl Kind {
    /// All three.
    pub const ALL: [Kind; 3] = [Kind::Products, Kind::Users, Kind::Interactions];

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Records in one call: what the contract advises for interactions; products and users are larger.
    pub(crate) fn batch_records_max(self) -> usize {
        match self {
            Kind::Products | Kind::Users => 1_000,
            Kind::Interactions => 10_000,
        }
    }

    /// The name in paths of the API and in mappings.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Products => "products",
            Kind::Users => "users",
            Kind::Interactions => "interactions",
        }
    }

    /// Every field, in the order of the contract.
    pub fn fields(self) -> &'static [(&'static str, Shape)] {
        match self {
            Kind::Products => PRODUCT,
            Kind::Users => USER,
            Kind::Interactions => INTERACTION,
        }
    }

    /// The field without which there is no record.
    pub fn required(self) -> &'static str {
        match self {
            Kind::Products => "product_id",
            Kind::Users => "user_id",
            Kind::Interactions => "type",
        }
    }

    /// The shape of a field; `None` for a name that no record of this kind has. Custom attributes and the context of an
    /// interaction take any name below theirs.
    pub fn shape(self, field: &str) -> Option<Shape> {
        if let Some((_, shape)) = self.fields().iter().find(|(name, _)| *name == field) {
            return Some(*shape);
        }
        let free: &[&str] = match self {
            Kind::Products | Kind::Users => &["custom_attributes."],
            Kind::Interactions => &["context.", "search.filters."],
        };
        free.iter().any(|prefix| field.strip_prefix(prefix).is_some_and(|name| !name.is_empty())).then_some(Shape::Any)
    }
}

/// The parts of a field's name, from the record inwards. The name of a custom attribute may hold dots itself.
pub(crate) fn path(field: &str) -> Vec<&str> {
    match field.split_once('.') {
        None => vec![field],
        Some(("custom_attributes", name)) => vec!["custom_attributes", name],
        Some(_) => field.split('.').collect(),
    }
}
