//! Which texts of a product a search looks in, and how much each counts.

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use crate::fields::{ATTRIBUTE_TEXTS, SEARCHABLE};
use crate::limits;

/// How the name of an attribute of one's own begins.
const CUSTOM: &str = "custom_attributes.";

/// How much a word in a text counts, against what it counts as a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Importance {
    /// The text is not searched.
    Ignored,
    /// Half.
    Low,
    /// As a rule.
    #[default]
    Normal,
    /// Twice; an attribute of one's own counts as a tag then.
    High,
}

impl Importance {
    /// All, from the least on.
    pub const ALL: [Importance; 4] = [Importance::Ignored, Importance::Low, Importance::Normal, Importance::High];

    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Importance::Ignored => "ignored",
            Importance::Low => "low",
            Importance::Normal => "normal",
            Importance::High => "high",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Importance> {
        Importance::ALL.into_iter().find(|importance| importance.name() == name)
    }

    /// What the weight of a field is multiplied by.
    pub(crate) fn factor(self) -> f32 {
        match self {
            Importance::Ignored => 0.0,
            Importance::Low => 0.5,
            Importance::Normal => 1.0,
            Importance::High => 2.0,
        }
    }
}

/// The fields whose importance is another than [`Importance::Normal`], by name.
///
/// A field of the contract takes effect with the next query. An attribute (`color`, `size`, `material`, `type`, and those of
/// one's own, as `custom_attributes.name`) shares a field of the index with others of its importance, so that it takes effect
/// when the index has been built anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchedFields {
    by_name: BTreeMap<String, Importance>,
}

impl SearchedFields {
    /// These, and all others as a rule.
    ///
    /// # Errors
    /// The field that is wrong, and what is wrong with it.
    pub fn new(by_name: BTreeMap<String, Importance>) -> Result<SearchedFields, (String, String)> {
        for (at, (name, importance)) in by_name.iter().enumerate() {
            let own = name.strip_prefix(CUSTOM);
            let is_known = own.is_some_and(|own| !own.is_empty()) || SearchedFields::names().any(|known| known == name);
            if !is_known {
                let known: Vec<&str> = SearchedFields::names().collect();
                let message = format!("The fields are: {}, and custom_attributes.name.", known.join(", "));
                return Err((name.clone(), message));
            }
            if name == "title" && *importance == Importance::Ignored {
                return Err((name.clone(), "The title is always searched; it can be low, normal or high.".to_owned()));
            }
            if at >= limits::SEARCHED_FIELDS_MAX || name.len() > limits::FIELD_NAME_BYTES_MAX {
                let (count, bytes) = (limits::SEARCHED_FIELDS_MAX, limits::FIELD_NAME_BYTES_MAX);
                return Err((name.clone(), format!("There may be {count} fields at most, of names of {bytes} bytes.")));
            }
        }
        let by_name = by_name.into_iter().filter(|(_, importance)| *importance != Importance::default()).collect();
        Ok(SearchedFields { by_name })
    }

    /// The fields that every catalogue may have, by the contract's names; attributes of one's own come on top.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SEARCHABLE.into_iter().chain(ATTRIBUTE_TEXTS)
    }

    /// How important the field of this name is.
    pub fn importance(&self, name: &str) -> Importance {
        self.by_name.get(name).copied().unwrap_or_default()
    }

    /// Those that are another than normal, by name.
    pub fn changed(&self) -> impl Iterator<Item = (&str, Importance)> {
        self.by_name.iter().map(|(name, importance)| (name.as_str(), *importance))
    }

    /// How important an attribute of one's own is.
    pub(crate) fn of_custom(&self, attribute: &str) -> Importance {
        if self.by_name.is_empty() {
            return Importance::default();
        }
        self.importance(&format!("{CUSTOM}{attribute}"))
    }

    /// Whether any attribute has this importance.
    pub(crate) fn has_attributes_of(&self, importance: Importance) -> bool {
        self.attributes().any(|(_, of)| of == importance)
    }

    /// Differs where products are indexed differently. Another hash function of a later version would cost a rebuild, no more.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.attributes().for_each(|attribute| attribute.hash(&mut hasher));
        hasher.finish()
    }

    fn attributes(&self) -> impl Iterator<Item = (&str, Importance)> {
        self.changed().filter(|(name, _)| name.starts_with(CUSTOM) || ATTRIBUTE_TEXTS.contains(name))
    }
}

#[cfg(test)]
mod tests;
