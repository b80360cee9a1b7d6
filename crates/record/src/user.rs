use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::wire;

/// One user's profile, as uploaded. Absent and `null` fields are `None`; serialising leaves them out.
///
/// Source: the schema `UserRecord` of the published API.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct User {
    pub user_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_image: Option<String>,
    #[serde(default, deserialize_with = "wire::whole_number", skip_serializing_if = "Option::is_none")]
    pub age: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_attributes: Option<Map<String, Value>>,
}

impl User {
    /// The profile as JSON, absent fields left out.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and maps keyed by text can always be written as JSON")
    }

    /// Reads what [`User::to_json`] wrote. It trusts the bounds that the upload checked.
    ///
    /// # Errors
    /// Where `json` is not the text of a user: what was kept has been changed from outside.
    pub fn from_json(json: &str) -> serde_json::Result<User> {
        serde_json::from_str(json)
    }
}
