use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Value};

use crate::Translations;
use crate::wire::{self, FromObject};

/// One product (or piece of content) of the catalogue, as uploaded. Absent and `null` fields are `None` or empty.
///
/// Dates keep the text they came with, so that a read gives back what was written; read them with
/// [`crate::Time::parse_date_or_time`]. Serialising leaves absent fields out. Source: the schema `ProductRecord` of the published API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Product {
    pub product_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_group_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub related_ids: Option<Vec<String>>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub categories: Option<Vec<Vec<String>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover_image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_price: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale_price: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authors: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publishers: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collections: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability: Option<Availability>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paragraphs: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchors: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub children: Option<Vec<Child>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_question_answering: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_attributes: Option<Map<String, Value>>,
    /// Its texts in other languages: the record's `i18n_xx`. Refuses every other field that is not named above.
    #[serde(flatten)]
    pub i18n: Translations,
}

impl Product {
    /// The product as JSON, absent fields left out.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and maps keyed by text can always be written as JSON")
    }

    /// Reads what [`Product::to_json`] wrote. It trusts the bounds that the upload checked.
    ///
    /// # Errors
    /// Where `json` is not the text of a product: what was kept has been changed from outside.
    pub fn from_json(json: &str) -> serde_json::Result<Product> {
        serde_json::from_str(json)
    }
}

/// Whether a product can be had now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the values are those of the published contract")]
pub enum Availability {
    InStock,
    OutOfStock,
    PreOrder,
}

impl Availability {
    /// Every value, in the order of the contract.
    pub const ALL: [Availability; 3] = [Availability::InStock, Availability::OutOfStock, Availability::PreOrder];

    /// The name in the contract, such as `IN_STOCK`.
    pub const fn name(self) -> &'static str {
        match self {
            Availability::InStock => "IN_STOCK",
            Availability::OutOfStock => "OUT_OF_STOCK",
            Availability::PreOrder => "PRE_ORDER",
        }
    }

    /// The value of this name. `None` for any other text.
    pub fn from_name(name: &str) -> Option<Availability> {
        Self::ALL.into_iter().find(|value| value.name() == name)
    }
}

impl<'de> Deserialize<'de> for Availability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Availability, D::Error> {
        wire::from_text(deserializer, "the name of an availability", Availability::from_name)
    }
}

/// The state of the goods; a product that says nothing is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "the values are those of the published contract")]
pub enum Condition {
    New,
    Used,
    Refurbished,
}

impl Condition {
    /// Every value, in the order of the contract.
    pub const ALL: [Condition; 3] = [Condition::New, Condition::Used, Condition::Refurbished];

    /// The name in the contract, such as `NEW`.
    pub const fn name(self) -> &'static str {
        match self {
            Condition::New => "NEW",
            Condition::Used => "USED",
            Condition::Refurbished => "REFURBISHED",
        }
    }

    /// The value of this name. `None` for any other text.
    pub fn from_name(name: &str) -> Option<Condition> {
        Self::ALL.into_iter().find(|value| value.name() == name)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
        wire::from_text(deserializer, "the name of a condition", Condition::from_name)
    }
}

/// One place, or several. Degrees: latitude -90 to 90, longitude -180 to 180.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the variants say it")]
pub enum Location {
    One(Place),
    Many(Vec<Place>),
}

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Location, D::Error> {
        struct LocationVisitor;
        impl<'de> Visitor<'de> for LocationVisitor {
            type Value = Location;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with lat and lon, or an array of such objects")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Location, A::Error> {
                Place::deserialize(MapAccessDeserializer::new(map)).map(Location::One)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Location, A::Error> {
                let mut places = Vec::new();
                while let Some(FromObject(place)) = items.next_element()? {
                    places.push(place);
                }
                Ok(Location::Many(places))
            }
        }
        deserializer.deserialize_any(LocationVisitor)
    }
}

/// A point on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Place {
    pub lat: f64,
    pub lon: f64,
}

/// A part of a product's page that has its own address, such as a lesson or a chapter.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Child {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_attributes: Option<Map<String, Value>>,
    /// Further fields, which the contract allows here.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}
