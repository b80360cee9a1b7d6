use std::collections::HashMap;

use record::{AttributeKind, Product};
use rustc_hash::FxHashSet;

use super::Catalogue;

/// The type of each custom attribute in the data set, with the number of products that hold it.
pub type AttributeTypes = HashMap<String, (AttributeKind, u32)>;

/// A custom attribute whose type differs from the rest of the data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeConflict {
    /// Which record of the batch, from 0.
    pub index: usize,
    /// The attribute's name.
    pub attribute: String,
    /// The type in the data set (or earlier in the batch).
    pub expected: AttributeKind,
    /// The type given.
    pub given: AttributeKind,
}

const KINDS: [AttributeKind; 8] = [
    AttributeKind::Boolean,
    AttributeKind::Number,
    AttributeKind::String,
    AttributeKind::Booleans,
    AttributeKind::Numbers,
    AttributeKind::Strings,
    AttributeKind::Object,
    AttributeKind::Objects,
];

/// Counts the products by attribute and type.
///
/// While a batch that gives an attribute another type everywhere is applied, both types are there for a moment;
/// hence a count of each.
#[derive(Default)]
pub(super) struct TypeCounts {
    counts: HashMap<String, [u32; KINDS.len()]>,
    types: AttributeTypes,
}

impl TypeCounts {
    pub(super) fn types(&self) -> &AttributeTypes {
        &self.types
    }

    pub(super) fn insert(&mut self, product: &Product) {
        for (attribute, kind) in attributes(product) {
            match self.counts.get_mut(attribute) {
                Some(counts) => counts[kind as usize] += 1,
                None => {
                    let mut counts = [0; KINDS.len()];
                    counts[kind as usize] = 1;
                    self.counts.insert(attribute.to_owned(), counts);
                }
            }
            self.refresh(attribute);
        }
    }

    pub(super) fn remove(&mut self, product: &Product) {
        for (attribute, kind) in attributes(product) {
            if let Some(counts) = self.counts.get_mut(attribute) {
                counts[kind as usize] = counts[kind as usize].saturating_sub(1);
            }
            self.refresh(attribute);
        }
    }

    fn refresh(&mut self, attribute: &str) {
        let counts = self.counts.get(attribute).copied().unwrap_or_default();
        match prevailing(&counts) {
            Some(found) => match self.types.get_mut(attribute) {
                Some(known) => *known = found,
                None => _ = self.types.insert(attribute.to_owned(), found),
            },
            None => {
                self.counts.remove(attribute);
                self.types.remove(attribute);
            }
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.counts.keys().map(|attribute| 2 * attribute.len() + 140).sum()
    }
}

/// The type that most products have, the first of [`KINDS`] where two tie.
fn prevailing(counts: &[u32; KINDS.len()]) -> Option<(AttributeKind, u32)> {
    KINDS
        .into_iter()
        .rev()
        .map(|kind| (kind, counts[kind as usize]))
        .max_by_key(|&(_, count)| count)
        .filter(|&(_, count)| count > 0)
}

fn attributes(product: &Product) -> impl Iterator<Item = (&String, AttributeKind)> {
    product
        .custom_attributes
        .iter()
        .flatten()
        .filter_map(|(attribute, value)| Some((attribute, AttributeKind::of(value)?)))
}

impl Catalogue {
    /// The types of the custom attributes over all products with a record.
    pub fn attribute_types(&self) -> &AttributeTypes {
        self.types.types()
    }

    /// The conflicts that this batch would bring, with the data set or within itself, in the order of the batch.
    /// Records that the batch replaces do not count.
    ///
    /// A batch without one costs a look-up an attribute; only where a type differs are the records that it replaces read.
    pub fn type_conflicts(&self, batch: &[Product]) -> Vec<TypeConflict> {
        let mut expected: HashMap<&str, AttributeKind> = HashMap::new();
        let differs = batch.iter().flat_map(attributes).any(|(attribute, given)| {
            let known = self.types.types().get(attribute).map(|&(kind, _)| kind);
            known.is_some_and(|known| known != given) || *expected.entry(attribute).or_insert(given) != given
        });
        if !differs {
            return Vec::new();
        }
        let remaining = self.counts_without(batch);
        let mut expected: HashMap<&str, AttributeKind> = HashMap::new();
        let mut conflicts = Vec::new();
        for (index, product) in batch.iter().enumerate() {
            for (attribute, given) in attributes(product) {
                let in_data_set = || remaining.get(attribute).and_then(prevailing).map_or(given, |(kind, _)| kind);
                let expected = *expected.entry(attribute).or_insert_with(in_data_set);
                if expected != given {
                    conflicts.push(TypeConflict { index, attribute: attribute.clone(), expected, given });
                }
            }
        }
        conflicts
    }

    /// The counts of the attributes in `batch`, less the records that it replaces.
    fn counts_without(&self, batch: &[Product]) -> HashMap<String, [u32; KINDS.len()]> {
        let mut remaining = HashMap::new();
        for (attribute, _) in batch.iter().flat_map(attributes) {
            if let Some(counts) = self.types.counts.get(attribute) {
                remaining.entry(attribute.clone()).or_insert(*counts);
            }
        }
        let mut replaced = FxHashSet::default();
        for row in batch.iter().filter_map(|product| self.row(&product.product_id)) {
            let Some(old) = self.product(row).filter(|_| replaced.insert(row)) else { continue };
            for (attribute, kind) in attributes(&old) {
                if let Some(counts) = remaining.get_mut(attribute) {
                    counts[kind as usize] = counts[kind as usize].saturating_sub(1);
                }
            }
        }
        remaining
    }
}
