//! Experiments: variants with weights, and which of them a person gets.
//!
//! Who gets what is computed from ids and weights each time, and stored nowhere: the same person gets the same variant, and
//! there is nothing to erase.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::limits::{EXPERIMENT_CONFIGURATION_BYTES_MAX, EXPERIMENT_NAME_CHARS_MAX, VARIANTS_MAX};

/// An experiment, as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Experiment {
    /// Ours.
    pub(crate) id: String,
    /// As people call it.
    pub(crate) name: String,
    /// As paths call it.
    pub(crate) slug: String,
    /// Persons are in it only while it is [`Status::Active`].
    pub(crate) status: Status,
    /// The share of persons who are in it, 0 to 1.
    pub(crate) share: f64,
    /// At least one; the first is what everybody gets who is not in the experiment.
    pub(crate) variants: Vec<Variant>,
}

/// One of the things that are compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Variant {
    /// Ours; what a person's variant hangs on, so that renaming moves nobody.
    pub(crate) id: String,
    /// As people call it.
    pub(crate) name: String,
    /// As code calls it.
    pub(crate) slug: String,
    /// How many persons get it, against the others' weights.
    pub(crate) weight: f64,
    /// What the site needs to show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) configuration: Option<Value>,
    /// Only active variants are given.
    pub(crate) status: Status,
}

/// The states of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Draft,
    Scheduled,
    Active,
    Completed,
    Archived,
}

/// A definition as a client sends it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    /// Of a change, where it must be that of the path.
    #[serde(default)]
    pub(crate) id: Option<String>,
    name: String,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    share: Option<f64>,
    variants: Vec<VariantDefinition>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantDefinition {
    #[serde(default)]
    id: Option<String>,
    name: String,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    weight: Option<f64>,
    #[serde(default)]
    configuration: Option<Value>,
    #[serde(default)]
    status: Option<Status>,
}

impl Definition {
    /// The experiment that is defined: new, or in the place of `former`, of which it keeps the id, and each variant that of
    /// the variant of the same name.
    ///
    /// # Errors
    /// The field and what is wrong with it.
    pub(crate) fn experiment(self, former: Option<&Experiment>) -> Result<Experiment, (String, String)> {
        let name = checked_name("name", &self.name)?;
        let slug = checked_slug("slug", self.slug, &name)?;
        let share = self.share.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&share) {
            return Err(("share".to_owned(), "It must be from 0 to 1.".to_owned()));
        }
        if !(1..=VARIANTS_MAX).contains(&self.variants.len()) {
            return Err(("variants".to_owned(), format!("There must be 1 to {VARIANTS_MAX}.")));
        }
        let mut variants: Vec<Variant> = Vec::with_capacity(self.variants.len());
        for (index, given) in self.variants.into_iter().enumerate() {
            let variant = given.variant(index, former)?;
            let same =
                |other: &Variant| other.id == variant.id || other.name == variant.name || other.slug == variant.slug;
            if variants.iter().any(same) {
                let message = "Another variant has the same id, name or slug.".to_owned();
                return Err((format!("variants.{index}"), message));
            }
            variants.push(variant);
        }
        let id = former.map_or_else(new_id, |former| former.id.clone());
        Ok(Experiment { id, name, slug, status: self.status.unwrap_or(Status::Draft), share, variants })
    }
}

impl VariantDefinition {
    fn variant(self, index: usize, former: Option<&Experiment>) -> Result<Variant, (String, String)> {
        let path = |field: &str| format!("variants.{index}.{field}");
        let name = checked_name(&path("name"), &self.name)?;
        let slug = checked_slug(&path("slug"), self.slug, &name)?;
        let weight = self.weight.unwrap_or(1.0);
        if !(0.0..=1e6).contains(&weight) {
            return Err((path("weight"), "It must be from 0 to 1000000.".to_owned()));
        }
        if let Some(configuration) = &self.configuration {
            if !(configuration.is_object() || configuration.is_array() || configuration.is_string()) {
                return Err((path("configuration"), "It must be an object, an array or a text.".to_owned()));
            }
            if configuration.to_string().len() > EXPERIMENT_CONFIGURATION_BYTES_MAX {
                let message = format!("It may have at most {EXPERIMENT_CONFIGURATION_BYTES_MAX} bytes.");
                return Err((path("configuration"), message));
            }
        }
        let known = former.into_iter().flat_map(|former| &former.variants);
        let id = match self.id {
            Some(id) if known.clone().any(|variant| variant.id == id) => id,
            Some(_) => return Err((path("id"), "There is no such variant; leave it out for a new one.".to_owned())),
            None => {
                known.clone().find(|variant| variant.name == name).map_or_else(new_id, |variant| variant.id.clone())
            }
        };
        let status = self.status.unwrap_or(Status::Active);
        Ok(Variant { id, name, slug, weight, configuration: self.configuration, status })
    }
}

fn new_id() -> String {
    Uuid::now_v7().to_string()
}

fn checked_name(path: &str, name: &str) -> Result<String, (String, String)> {
    let name = name.trim();
    if (1..=EXPERIMENT_NAME_CHARS_MAX).contains(&name.chars().count()) {
        return Ok(name.to_owned());
    }
    Err((path.to_owned(), format!("It must have 1 to {EXPERIMENT_NAME_CHARS_MAX} characters.")))
}

/// The slug given, or one made of the name.
fn checked_slug(path: &str, given: Option<String>, name: &str) -> Result<String, (String, String)> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let slug = given.unwrap_or_else(|| {
        let dashed: String = name.to_lowercase().chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
        dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    });
    if slug.chars().all(is_plain) && (1..=EXPERIMENT_NAME_CHARS_MAX).contains(&slug.len()) {
        return Ok(slug);
    }
    Err((path.to_owned(), format!("It must be 1 to {EXPERIMENT_NAME_CHARS_MAX} letters, digits, `-` or `_`.")))
}

impl Experiment {
    /// Whether a path means this experiment.
    pub(crate) fn is_called(&self, id_or_slug: &str) -> bool {
        self.id == id_or_slug || self.slug == id_or_slug
    }

    /// The variant of this name or slug.
    pub(crate) fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name || variant.slug == name)
    }

    /// Whether the person is in the experiment, and the variant; who is not in it gets the first.
    ///
    /// The variant with the least `-ln(u) / weight` wins, `u` a number in (0, 1) drawn by a hash of experiment, variant and
    /// person (weighted rendezvous hashing): each variant wins by its share of the weights, and when a weight changes or a
    /// variant comes or goes, only those persons move who must.
    pub(crate) fn assign(&self, person: &str) -> (bool, &Variant) {
        let first = &self.variants[0];
        if self.status != Status::Active || drawn(&self.id, "", person) >= self.share {
            return (false, first);
        }
        let given = self.variants.iter().filter(|variant| variant.status == Status::Active && variant.weight > 0.0);
        let cost = |variant: &Variant| -drawn(&self.id, &variant.id, person).ln() / variant.weight;
        match given.min_by(|a, b| cost(a).total_cmp(&cost(b))) {
            Some(variant) => (true, variant),
            None => (false, first),
        }
    }
}

/// A number in (0, 1) that hangs on the three ids alone.
fn drawn(experiment: &str, variant: &str, person: &str) -> f64 {
    let mut hash = Sha256::new();
    for part in [experiment, variant, person] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let bytes: [u8; 8] = hash.finalize()[..8].try_into().expect("a hash has 32 bytes");
    ((u64::from_le_bytes(bytes) >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}
