//! What an engine is told: which interactions it is to bring about, what weighs them, and when it learns.

use engine::{Goal, WeightBy};
use record::InteractionType;
use serde::{Deserialize, Serialize};

use crate::limits::ENGINE_TEXT_CHARS_MAX;
use crate::schedule::Schedule;

/// An engine's definition, as the API reads and shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EngineDefinition {
    /// Named by the path where it may be left out.
    #[serde(default)]
    pub(crate) engine_id: Option<String>,
    pub(crate) kind: EngineKind,
    /// The interactions whose chance is learnt; `None`: whatever speaks for a product.
    #[serde(default)]
    pub(crate) optimize_for: Option<Vec<InteractionType>>,
    /// A numeric attribute that weighs them, such as `sale_price`.
    #[serde(default)]
    pub(crate) weight_by: Option<String>,
    /// How much the attribute weighs, 0 (not at all) to 1 (a product of twice the number counts twice).
    #[serde(default = "in_full")]
    pub(crate) weight_power: f64,
    /// When it is trained by itself: five fields as in cron, UTC.
    #[serde(default)]
    pub(crate) schedule: Option<String>,
}

/// What an engine is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EngineKind {
    Recommendation,
    Search,
}

fn in_full() -> f64 {
    1.0
}

impl EngineDefinition {
    /// The one that is there from the start: it learns from all that speaks for a product, whatever kind of site it is.
    pub(crate) fn default_of(engine_id: &str) -> EngineDefinition {
        EngineDefinition {
            engine_id: Some(engine_id.to_owned()),
            kind: EngineKind::Recommendation,
            optimize_for: None,
            weight_by: None,
            weight_power: in_full(),
            schedule: None,
        }
    }

    /// Checks what can be checked without the data.
    ///
    /// # Errors
    /// The field, and a sentence about it.
    pub(crate) fn check(&self) -> Result<(), (&'static str, String)> {
        if let Some(types) = &self.optimize_for {
            if types.is_empty() {
                let message = "It must name at least one interaction type, or be null: all that speaks for a product.";
                return Err(("optimize_for", message.to_owned()));
            }
            let mut sorted = types.clone();
            sorted.sort_unstable();
            if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(("optimize_for", "It names an interaction type twice.".to_owned()));
            }
        }
        if let Some(attribute) = &self.weight_by
            && !(1..=ENGINE_TEXT_CHARS_MAX).contains(&attribute.chars().count())
        {
            return Err(("weight_by", "It must be null or the name of a numeric attribute.".to_owned()));
        }
        if !(0.0..=1.0).contains(&self.weight_power) {
            return Err(("weight_power", format!("It must be from 0 to 1, not {}.", self.weight_power)));
        }
        if let Some(text) = &self.schedule {
            Schedule::parse(text).map_err(|why| ("schedule", why))?;
        }
        Ok(())
    }

    /// What training is to bring about.
    pub(crate) fn goal(&self) -> Goal {
        let weight_by = self.weight_by.clone().map(|attribute| WeightBy { attribute, power: self.weight_power });
        Goal { optimize_for: self.optimize_for.clone().unwrap_or_default(), weight_by }
    }

    /// Whether both aim at the same: only then do their measures mean the same.
    pub(crate) fn aims_as(&self, other: &EngineDefinition) -> bool {
        let types = |definition: &EngineDefinition| {
            let mut types = definition.optimize_for.clone();
            types.iter_mut().for_each(|types| types.sort_unstable());
            types
        };
        let weight =
            |definition: &EngineDefinition| definition.weight_by.clone().map(|name| (name, definition.weight_power));
        types(self) == types(other) && weight(self) == weight(other)
    }
}
