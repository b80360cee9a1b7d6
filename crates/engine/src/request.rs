//! What the engine calls ask, as on the wire. The shapes are those of the contract; unknown fields are refused, and
//! `null` means absent.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The person a question is about. None of the ids given means nobody known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Person<'a> {
    /// The signed-in user.
    pub user_id: Option<&'a str>,
    /// The anonymous visitor.
    pub anonymous_id: Option<&'a str>,
}

/// `POST /v1/recommendation/user_to_products`, `…/user_to_trending` and `…/user_to_history`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct UserToProducts {
    pub engine_id: Option<String>,
    pub user_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_hash: Option<String>,
    pub user_type: Option<String>,
    pub user_cohort: Option<Map<String, Value>>,
    pub rows: Option<usize>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub dedupe_product_group_id: Option<bool>,
    pub additional_interactions: Option<Vec<Value>>,
    pub fl: Option<Vec<String>>,
    pub exclude: Option<Vec<String>>,
    pub custom_context: Option<Map<String, Value>>,
    pub boosting_tags: Option<Vec<String>>,
    pub fq: Option<String>,
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
    pub boost_rules: Option<Vec<BoostRule>>,
    pub geo: Option<Geo>,
    pub diversification: Option<Map<String, Value>>,
    pub dithering: Option<f64>,
    pub pagination_id: Option<String>,
    pub start: Option<usize>,
    /// Ours: each product says why it is there, in `_explain`.
    pub explain: Option<bool>,
}

/// `POST /v1/recommendation/user_to_categories`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct UserToCategories {
    pub engine_id: Option<String>,
    pub user_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_hash: Option<String>,
    pub user_type: Option<String>,
    pub user_cohort: Option<Map<String, Value>>,
    pub rows: Option<usize>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub dedupe_product_group_id: Option<bool>,
    pub additional_interactions: Option<Vec<Value>>,
    pub fl: Option<Vec<String>>,
    pub exclude: Option<Vec<String>>,
    pub custom_context: Option<Map<String, Value>>,
    pub boosting_tags: Option<Vec<String>>,
    pub products_per_category: Option<usize>,
    pub root_category: Option<Vec<String>>,
    pub fq: Option<String>,
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
    pub boost_rules: Option<Vec<BoostRule>>,
    pub geo: Option<Geo>,
    /// Ours: each product says why it is there.
    pub explain: Option<bool>,
}

/// `POST /v1/recommendation/user_to_attributes`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct UserToAttributes {
    pub engine_id: Option<String>,
    pub user_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_hash: Option<String>,
    pub user_type: Option<String>,
    pub user_cohort: Option<Map<String, Value>>,
    pub rows: Option<usize>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub dedupe_product_group_id: Option<bool>,
    pub additional_interactions: Option<Vec<Value>>,
    pub fl: Option<Vec<String>>,
    pub exclude: Option<Vec<String>>,
    pub custom_context: Option<Map<String, Value>>,
    pub boosting_tags: Option<Vec<String>>,
    pub field: Option<String>,
    pub boost_attributes: Option<Vec<String>>,
    pub exclude_attributes: Option<Vec<String>>,
    pub products_per_attribute: Option<usize>,
    pub fq: Option<String>,
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
    pub boost_rules: Option<Vec<BoostRule>>,
    pub geo: Option<Geo>,
    /// Ours: each product says why it is there.
    pub explain: Option<bool>,
}

/// `POST /v1/recommendation/product_to_products`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct ProductToProducts {
    pub product_id: Option<String>,
    pub product_ids: Option<Vec<String>>,
    pub product_group_id: Option<String>,
    pub product_group_ids: Option<Vec<String>>,
    pub buy_together: Option<bool>,
    pub engine_id: Option<String>,
    pub user_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_hash: Option<String>,
    pub user_type: Option<String>,
    pub user_cohort: Option<Map<String, Value>>,
    pub rows: Option<usize>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub dedupe_product_group_id: Option<bool>,
    pub additional_interactions: Option<Vec<Value>>,
    pub fl: Option<Vec<String>>,
    pub exclude: Option<Vec<String>>,
    pub custom_context: Option<Map<String, Value>>,
    pub boosting_tags: Option<Vec<String>>,
    pub fq: Option<String>,
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
    pub boost_rules: Option<Vec<BoostRule>>,
    pub geo: Option<Geo>,
    pub diversification: Option<Map<String, Value>>,
    pub dithering: Option<f64>,
    pub pagination_id: Option<String>,
    pub start: Option<usize>,
    /// Ours: each product says why it is there, in `_explain`.
    pub explain: Option<bool>,
}

/// `POST /v1/search/search`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Search {
    pub engine_id: Option<String>,
    pub user_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_hash: Option<String>,
    pub user_type: Option<String>,
    pub user_cohort: Option<Map<String, Value>>,
    pub rows: Option<usize>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub dedupe_product_group_id: Option<bool>,
    pub additional_interactions: Option<Vec<Value>>,
    pub fl: Option<Vec<String>>,
    pub exclude: Option<Vec<String>>,
    pub custom_context: Option<Map<String, Value>>,
    pub q: Option<String>,
    pub advanced_q: Option<String>,
    pub boosting_tags: Option<Vec<String>>,
    pub enable_boosting_campaigns: Option<bool>,
    pub include: Option<Vec<String>>,
    pub language: Option<String>,
    pub like: Option<String>,
    pub category: Option<Vec<String>>,
    pub spellcheck: Option<SpellCheck>,
    pub start: Option<usize>,
    pub order_by: Option<Vec<OrderBy>>,
    pub facets: Option<Vec<Facet>>,
    pub facet_filters: Option<Map<String, Value>>,
    pub anchoring_settings: Option<Vec<Anchoring>>,
    pub exclude_fields_from_search: Option<Vec<String>>,
    pub enable_partial_match: Option<bool>,
    pub partial_match_mode: Option<PartialMatchMode>,
    pub enable_partial_match_threshold: Option<usize>,
    pub enable_semantic_search: Option<bool>,
    pub semantic_search_threshold: Option<f64>,
    pub enable_matched_fields: Option<bool>,
    pub query_product_existence: Option<ProductExistence>,
    pub personalization_weight: Option<f64>,
    pub fq: Option<String>,
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
    pub boost_rules: Option<Vec<BoostRule>>,
    pub geo: Option<Geo>,
    pub diversification: Option<Map<String, Value>>,
    /// Ours: each product says why it is there, in `_explain`.
    pub explain: Option<bool>,
}

/// `POST /v1/search/autocomplete`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Autocomplete {
    pub engine_id: Option<String>,
    pub user_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_hash: Option<String>,
    pub user_type: Option<String>,
    pub user_cohort: Option<Map<String, Value>>,
    pub rows: Option<usize>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub dedupe_product_group_id: Option<bool>,
    pub additional_interactions: Option<Vec<Value>>,
    pub fq: Option<String>,
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
    pub boost_rules: Option<Vec<BoostRule>>,
    pub geo: Option<Geo>,
    pub q: Option<String>,
    pub language: Option<String>,
    pub min_query_users: Option<usize>,
    pub completion_fields: Option<Vec<String>>,
    pub fl: Option<Vec<String>>,
    /// Ours, taken so that one client code fits all questions; completions have nothing to explain.
    pub explain: Option<bool>,
}

/// `POST /v1/search/mget`. Further fields are let pass: the contract does not close this shape.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct MultipleGet {
    pub engine_id: Option<String>,
    pub user_id: Option<String>,
    pub anonymous_id: Option<String>,
    pub user_hash: Option<String>,
    pub user_type: Option<String>,
    pub product_ids: Option<Vec<String>>,
    pub fl: Option<Vec<String>>,
}

/// One boost: products that pass `boost_fq` go to the top or to `boost_positions` (0-based).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct BoostRule {
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
}

/// One product that stands beside another in the results.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Anchoring {
    pub product_id: String,
    pub anchor_ids: Vec<String>,
    /// -1, right before the anchor, where absent.
    #[serde(default)]
    pub relative_position: Option<i64>,
    /// From when on; always where absent.
    #[serde(default)]
    pub start_time: Option<record::Time>,
    /// Until when, that moment excluded; for ever where absent.
    #[serde(default)]
    pub end_time: Option<record::Time>,
}

/// Filters and boosts by distance.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Geo {
    pub filter: Option<Vec<Nearby>>,
    pub boost: Option<Vec<Nearby>>,
}

/// A circle on the globe, its centre in degrees.
#[derive(Clone, Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Nearby {
    pub lat: f64,
    pub lon: f64,
    pub distance: f64,
    #[serde(default)]
    pub distance_unit: Option<DistanceUnit>,
    /// `location` where absent.
    #[serde(default)]
    pub field: Option<String>,
    /// Of a boost only.
    #[serde(default)]
    pub boost_positions: Option<Vec<usize>>,
}

/// What a distance is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the variants say it")]
pub enum DistanceUnit {
    Km,
    Mile,
}

/// One key of an order.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct OrderBy {
    pub field: String,
    pub order: Option<Order>,
    pub default_value: Option<f64>,
    pub tie_breaker: Option<TieBreaker>,
    pub geo: Option<Centre>,
}

/// A point on the globe, in degrees.
#[derive(Clone, Copy, Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Centre {
    pub lat: f64,
    pub lon: f64,
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the variants say it")]
pub enum Order {
    #[default]
    Desc,
    Asc,
}

/// When two values count as equal, so that the next key decides.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct TieBreaker {
    #[serde(rename = "type")]
    pub kind: Option<TieBreakerKind>,
    pub threshold: Option<f64>,
}

/// How the nearness of two values is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the variant says it")]
pub enum TieBreakerKind {
    RelativeDifference,
}

/// A facet: a field's name, or the whole definition.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the variants say it")]
pub enum Facet {
    Field(String),
    Defined(Box<FacetDefinition>),
}

/// What to count.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct FacetDefinition {
    pub field: String,
    pub alias: Option<String>,
    pub size: Option<usize>,
    pub include: Option<String>,
    pub exclude: Option<String>,
    pub ranges: Option<Vec<FacetRange>>,
    pub queries: Option<Vec<FacetQuery>>,
}

/// A range of a facet: `from` is in it, `to` is not.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct FacetRange {
    pub from: Option<Value>,
    pub to: Option<Value>,
    pub key: Option<String>,
}

/// A filter of a facet.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct FacetQuery {
    pub query: String,
    pub key: Option<String>,
}

/// What a facet lets pass: any of these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct FacetFilter {
    pub terms: Option<Vec<Value>>,
    pub ranges: Option<Vec<FacetRange>>,
    pub queries: Option<Vec<FacetQuery>>,
}

/// How to treat spelling.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct SpellCheck {
    pub enable_auto_spelling_correction: Option<bool>,
}

/// Where products with only some of the words go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the variants say it")]
pub enum PartialMatchMode {
    Blended,
    Separated,
}

/// Products of which the caller wants to know whether they are among the hits.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct ProductExistence {
    pub product_ids: Vec<String>,
}
