use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{Time, wire};

/// One thing a visitor did, as uploaded. Absent and `null` fields are `None` or empty; serialising leaves them out.
///
/// An empty `user_id` or `anonymous_id` names nobody and is `None` too, so that unnamed visitors never become one person.
/// Source: the schemas `AddToCart` to `Watch` of the published API, one a type; [`InteractionType::has`] says which fields each has.
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
    #[serde(default, deserialize_with = "wire::texts", skip_serializing_if = "Vec::is_empty")]
    pub product_ids: Vec<String>,
    #[serde(default, deserialize_with = "wire::texts", skip_serializing_if = "Vec::is_empty")]
    pub product_group_ids: Vec<String>,
    /// When it happened. `None` only before the server has stamped it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Time>,
    /// The answer that led to it.
    #[serde(default, deserialize_with = "wire::uuid", skip_serializing_if = "Option::is_none")]
    pub miso_id: Option<Uuid>,
    /// Seconds spent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// One per product, or one for all; a bare number is a list of one.
    #[serde(default, deserialize_with = "wire::number_or_numbers", skip_serializing_if = "Vec::is_empty")]
    pub quantities: Vec<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revenue: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<f64>,
    #[serde(default, deserialize_with = "wire::object", skip_serializing_if = "Option::is_none")]
    pub search: Option<SearchInformation>,
    #[serde(default, deserialize_with = "wire::texts", skip_serializing_if = "Vec::is_empty")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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
    pub const fn name(self) -> &'static str {
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

    /// Whether interactions of this type have the field `field`. The fields that are not in [`OwnField`] belong to every type.
    pub const fn has(self, field: OwnField) -> bool {
        use InteractionType::*;
        match field {
            OwnField::ProductIds | OwnField::ProductGroupIds => {
                !matches!(self, Search | Feedback | HomePageView | CategoryPageView)
            }
            OwnField::Duration => matches!(
                self,
                ProductDetailPageView | Read | Watch | Listen | HomePageView | CategoryPageView | PromoPageView
            ),
            OwnField::Quantities => matches!(self, AddToCart | Checkout),
            OwnField::Revenue => matches!(self, Checkout),
            OwnField::Rating => matches!(self, Rate),
            OwnField::Search => matches!(self, Search),
            OwnField::Category => matches!(self, CategoryPageView),
            OwnField::CustomActionName => matches!(self, Custom),
            OwnField::QuestionId | OwnField::ResultType | OwnField::Value => matches!(self, Feedback),
        }
    }

    /// The type of this name. `None` for any other text.
    pub fn from_name(name: &str) -> Option<InteractionType> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// The fields of an [`Interaction`] that only some types have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub enum OwnField {
    ProductIds,
    ProductGroupIds,
    Duration,
    Quantities,
    Revenue,
    Rating,
    Search,
    Category,
    CustomActionName,
    QuestionId,
    ResultType,
    Value,
}

impl<'de> Deserialize<'de> for InteractionType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<InteractionType, D::Error> {
        wire::from_text(deserializer, "the name of an interaction type", InteractionType::from_name)
    }
}

impl Interaction {
    /// The interaction as JSON, absent fields left out.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and maps keyed by text can always be written as JSON")
    }

    /// Reads what [`Interaction::to_json`] wrote. It trusts the bounds that the upload checked.
    ///
    /// # Errors
    /// Where `json` is not the text of an interaction: what was kept has been changed from outside.
    pub fn from_json(json: &str) -> serde_json::Result<Interaction> {
        serde_json::from_str(json)
    }
}
