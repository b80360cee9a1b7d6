use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::Time;

/// One thing a visitor did, as uploaded. Absent and `null` fields are `None` or empty; serialising leaves them out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Interaction {
    #[serde(rename = "type")]
    pub kind: InteractionType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_id: Option<String>,
    #[serde(default, deserialize_with = "null_is_empty", skip_serializing_if = "Vec::is_empty")]
    pub product_ids: Vec<String>,
    #[serde(default, deserialize_with = "null_is_empty", skip_serializing_if = "Vec::is_empty")]
    pub product_group_ids: Vec<String>,
    /// When it happened. `None` only before the server has stamped it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Time>,
    /// The answer that led to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub miso_id: Option<Uuid>,
    /// Seconds spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// One per product, or one for all; a bare number is a list of one.
    #[serde(default, deserialize_with = "number_or_numbers", skip_serializing_if = "Vec::is_empty")]
    pub quantities: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchInformation>,
    #[serde(default, deserialize_with = "null_is_empty", skip_serializing_if = "Vec::is_empty")]
    pub category: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_action_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Where it happened: campaign, locale, region, page, user agent, custom context. Keys beyond the contract's are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Map<String, Value>>,
}

/// What was searched for, and the filters set at the time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct SearchInformation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keywords: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filters: Option<BTreeMap<String, Vec<String>>>,
}

/// The 29 interaction types of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[allow(missing_docs, reason = "the names are those of the published contract")]
pub enum InteractionType {
    ProductDetailPageView,
    Search,
    AddToCart,
    RemoveFromCart,
    Checkout,
    Refund,
    Subscribe,
    Unsubscribe,
    AddToCollection,
    RemoveFromCollection,
    Read,
    Watch,
    Listen,
    Like,
    Dislike,
    Share,
    Rate,
    Bookmark,
    Complete,
    Feedback,
    Impression,
    ViewableImpression,
    Click,
    Submit,
    HomePageView,
    CategoryPageView,
    PromoPageView,
    ProductImageView,
    Custom,
}

impl InteractionType {
    /// Every type, in the order of its number.
    pub const ALL: [InteractionType; 29] = {
        use InteractionType::*;
        [
            ProductDetailPageView,
            Search,
            AddToCart,
            RemoveFromCart,
            Checkout,
            Refund,
            Subscribe,
            Unsubscribe,
            AddToCollection,
            RemoveFromCollection,
            Read,
            Watch,
            Listen,
            Like,
            Dislike,
            Share,
            Rate,
            Bookmark,
            Complete,
            Feedback,
            Impression,
            ViewableImpression,
            Click,
            Submit,
            HomePageView,
            CategoryPageView,
            PromoPageView,
            ProductImageView,
            Custom,
        ]
    };

    /// The type with this number, as given by `kind as u8`. `None` from 29 on.
    pub fn from_number(number: u8) -> Option<InteractionType> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The name in the contract, such as `add_to_cart`.
    pub fn name(self) -> &'static str {
        use InteractionType::*;
        match self {
            ProductDetailPageView => "product_detail_page_view",
            Search => "search",
            AddToCart => "add_to_cart",
            RemoveFromCart => "remove_from_cart",
            Checkout => "checkout",
            Refund => "refund",
            Subscribe => "subscribe",
            Unsubscribe => "unsubscribe",
            AddToCollection => "add_to_collection",
            RemoveFromCollection => "remove_from_collection",
            Read => "read",
            Watch => "watch",
            Listen => "listen",
            Like => "like",
            Dislike => "dislike",
            Share => "share",
            Rate => "rate",
            Bookmark => "bookmark",
            Complete => "complete",
            Feedback => "feedback",
            Impression => "impression",
            ViewableImpression => "viewable_impression",
            Click => "click",
            Submit => "submit",
            HomePageView => "home_page_view",
            CategoryPageView => "category_page_view",
            PromoPageView => "promo_page_view",
            ProductImageView => "product_image_view",
            Custom => "custom",
        }
    }

    /// The type of this name. `None` for any other text.
    pub fn from_name(name: &str) -> Option<InteractionType> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

fn null_is_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default())
}

fn number_or_numbers<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Numbers {
        One(f64),
        Many(Vec<f64>),
    }
    Ok(match Option::<Numbers>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Numbers::One(number)) => vec![number],
        Some(Numbers::Many(numbers)) => numbers,
    })
}
