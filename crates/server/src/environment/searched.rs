//! Which fields of its products an environment searches, and which it offers as facets.

use std::collections::BTreeMap;
use std::sync::Arc;

use record::AttributeKind;
use search::{Importance, SearchedFields};
use serde_json::{Value, json};
use store::{Fault, Reader};
use tracing::warn;

use super::{Command, Environment, WriteError};

/// The settings that hold them.
const SEARCHED: &str = "searched_fields";
const FACETS: &str = "facets";

/// What is offered where nothing was set; a facet without values is not shown.
const FACETS_AT_FIRST: [&str; 5] = ["categories", "brand", "color", "size", "tags"];

/// An attribute of one's own among the products.
pub(crate) struct OwnAttribute {
    /// With its `custom_attributes.`.
    pub(crate) name: String,
    /// The products that have it.
    pub(crate) products: u32,
    /// Whether its values are words, and can be searched.
    pub(crate) is_text: bool,
    /// Whether its values can be counted one by one.
    pub(crate) has_values: bool,
}

/// The fields as they are stored. What cannot be read is left out with a warning.
pub(super) fn stored(reader: &Reader) -> Result<SearchedFields, Fault> {
    let stored = reader.setting(SEARCHED)?.unwrap_or_default();
    let named = stored.as_object().into_iter().flatten();
    let by_name: BTreeMap<String, Importance> =
        named.filter_map(|(name, of)| Some((name.clone(), Importance::from_name(of.as_str()?)?))).collect();
    Ok(SearchedFields::new(by_name).unwrap_or_else(|(field, trouble)| {
        warn!(field, trouble, "the stored searched fields cannot be read and are left out");
        SearchedFields::default()
    }))
}

impl Environment {
    /// These importances, and the rule for all other fields. Where attributes change, the index is built anew beside the one
    /// that serves.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_searched_fields(&self, fields: SearchedFields) -> Result<(), WriteError> {
        let value = fields.changed().map(|(name, importance)| (name.to_owned(), json!(importance.name()))).collect();
        self.set_text(SEARCHED, Value::Object(value), move |settings| settings.searched = Arc::new(fields)).await
    }

    /// The fields offered as facets, in their order, and whether they were set rather than taken as a rule.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub(crate) fn facets(&self) -> Result<(Vec<String>, bool), Fault> {
        let stored = self.shared.read(|reader| reader.setting(FACETS))?;
        Ok(match stored.as_ref().and_then(Value::as_array) {
            Some(names) => (names.iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect(), true),
            None => (FACETS_AT_FIRST.map(str::to_owned).to_vec(), false),
        })
    }

    /// Offers these facets; `None`: as a rule.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_facets(&self, facets: Option<Vec<String>>) -> Result<(), WriteError> {
        let then = Box::new(|_: &super::Shared| ());
        self.command(|reply| Command::Set { name: FACETS, value: json!(facets), then, reply }).await?
    }

    /// The attributes of one's own that the products have, those of the most products first.
    pub(crate) fn own_attributes(&self) -> Vec<OwnAttribute> {
        let state = self.shared.state.read();
        let types = state.catalogue().attribute_types().iter();
        let mut own: Vec<OwnAttribute> = types
            .map(|(name, &(kind, products))| OwnAttribute {
                name: format!("custom_attributes.{name}"),
                products,
                is_text: !matches!(kind, AttributeKind::Boolean | AttributeKind::Booleans),
                has_values: !matches!(kind, AttributeKind::Object | AttributeKind::Objects),
            })
            .collect();
        own.sort_by(|a, b| b.products.cmp(&a.products).then_with(|| a.name.cmp(&b.name)));
        own
    }
}
