//! What the engine calls ask, as on the wire. The shapes are those of the contract; unknown fields are refused.

use serde::Deserialize;
use serde_json::{Map, Value};

/// The person a question is about. None of the ids given means nobody known.
#[derive(Clone, Debug, Default)]
pub struct Person<'a> {
    /// The signed-in user.
    pub user_id: Option<&'a str>,
    /// The anonymous visitor.
    pub anonymous_id: Option<&'a str>,
}

/// `POST /v1/recommendation/user_to_products` and `…/user_to_trending`.
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
    pub geo: Option<Value>,
    pub diversification: Option<Map<String, Value>>,
    pub dithering: Option<f64>,
    pub pagination_id: Option<String>,
    pub start: Option<usize>,
}

/// One boost: products that pass `boost_fq` go to the top or to `boost_positions` (0-based).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct BoostRule {
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
}

/// `POST /v1/recommendation/product_to_products`. To be completed field by field from the contract.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct ProductToProducts {}

/// `POST /v1/search/search`. To be completed field by field from the contract.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Search {}

/// `POST /v1/search/autocomplete`. To be completed field by field from the contract.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct Autocomplete {}

/// `POST /v1/search/mget`. To be completed field by field from the contract.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct MultipleGet {}
