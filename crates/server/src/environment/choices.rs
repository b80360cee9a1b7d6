//! What an engine can be set up with: the interactions and the numeric attributes that the data holds.

use record::{AttributeKind, InteractionType};
use serde::Serialize;
use state::{ProductRow, State};

use super::Environment;

/// The numeric fields of a product's record.
const NUMERIC_FIELDS: [&str; 4] = ["original_price", "sale_price", "margin", "rating"];
const CUSTOM: &str = "custom_attributes.";

/// An interaction type and how often the data holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct TypeCount {
    #[serde(rename = "type")]
    pub(crate) kind: InteractionType,
    pub(crate) count: u64,
}

/// A numeric attribute and how many products have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct NumericAttribute {
    pub(crate) name: String,
    pub(crate) products: u64,
}

/// What the data offers to an engine's definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Choices {
    /// The types that there are, the most frequent first.
    pub(crate) interactions: Vec<TypeCount>,
    /// The most common first.
    pub(crate) attributes: Vec<NumericAttribute>,
}

impl Environment {
    /// What an engine can be set up with. Looks at every interaction and product: some 100 ms at 20 million, on a thread
    /// that may wait; questions go on meanwhile.
    pub(crate) fn choices(&self) -> Choices {
        let state = self.shared.state.read_long();
        Choices { interactions: interactions(&state), attributes: attributes(&state) }
    }

    /// The numeric attribute that is meant by `name`, as the columns know it: a custom attribute is found without its
    /// `custom_attributes.`, too. `None` where no product has such a number.
    pub(crate) fn numeric_attribute(&self, name: &str) -> Option<String> {
        let state = self.shared.state.read_long();
        let custom = format!("{CUSTOM}{name}");
        [name, custom.as_str()].into_iter().find(|name| count(&state, name) > 0).map(str::to_owned)
    }
}

/// The types of interactions with their counts, the most frequent first. An interaction with several products counts once.
pub(super) fn interactions(state: &State) -> Vec<TypeCount> {
    let mut counts = [0_u64; InteractionType::ALL.len()];
    for visitor in state.people().visitors() {
        let mut position = None;
        for event in state.people().history(visitor) {
            if position.replace(event.position) != Some(event.position) {
                counts[event.kind as usize] += 1;
            }
        }
    }
    let mut list: Vec<TypeCount> = InteractionType::ALL
        .into_iter()
        .map(|kind| TypeCount { kind, count: counts[kind as usize] })
        .filter(|of_type| of_type.count > 0)
        .collect();
    list.sort_by_key(|of_type| std::cmp::Reverse(of_type.count));
    list
}

fn attributes(state: &State) -> Vec<NumericAttribute> {
    let custom = state.catalogue().attribute_types().iter();
    let custom = custom.filter(|&(_, &(kind, _))| matches!(kind, AttributeKind::Number | AttributeKind::Numbers));
    let names = NUMERIC_FIELDS.map(str::to_owned).into_iter().chain(custom.map(|(name, _)| format!("{CUSTOM}{name}")));
    let mut list: Vec<NumericAttribute> =
        names.map(|name| NumericAttribute { products: count(state, &name), name }).collect();
    list.retain(|attribute| attribute.products > 0);
    list.sort_by(|a, b| b.products.cmp(&a.products).then_with(|| a.name.cmp(&b.name)));
    list
}

fn count(state: &State, attribute: &str) -> u64 {
    let catalogue = state.catalogue();
    let has = |&row: &u32| catalogue.number(ProductRow(row), attribute).is_some();
    catalogue.live().iter().filter(has).count() as u64
}
