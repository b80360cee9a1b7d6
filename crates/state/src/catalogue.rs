use std::collections::HashMap;
use std::sync::Arc;

use record::{AttributeKind, Product};
use roaring::RoaringBitmap;

/// The dense number of a product, given at its first mention and never reused within an epoch.
/// A product has a row as soon as an interaction names it, whether or not its record ever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductRow(pub u32);

/// The products: records, ids, groups, and columns for filters.
#[derive(Default)]
pub struct Catalogue {}

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

impl Catalogue {
    /// The row of this product, whether it has a record or only interactions.
    pub fn row(&self, product_id: &str) -> Option<ProductRow> {
        todo!("{product_id}")
    }

    /// The id behind a row; empty for a row that was erased or that stands for a group.
    pub fn id(&self, row: ProductRow) -> &str {
        todo!("{row:?}")
    }

    /// The record's JSON; `None` for a product known from interactions only, or deleted.
    pub fn body(&self, row: ProductRow) -> Option<&Arc<str>> {
        todo!("{row:?}")
    }

    /// Rows given so far; every row is less than this.
    pub fn rows(&self) -> u32 {
        todo!()
    }

    /// The rows that have a record.
    pub fn live(&self) -> &RoaringBitmap {
        todo!()
    }

    /// The rows with a record whose `availability` is not `OUT_OF_STOCK`.
    pub fn in_stock(&self) -> &RoaringBitmap {
        todo!()
    }

    /// The number of the product's group (`product_group_id`), dense from 0. `None` for a product of no group.
    pub fn group(&self, row: ProductRow) -> Option<u32> {
        todo!("{row:?}")
    }

    /// The group of this name.
    pub fn group_named(&self, product_group_id: &str) -> Option<u32> {
        todo!("{product_group_id}")
    }

    /// The rows with a record in this group, in the order of rows.
    pub fn group_members(&self, group: u32) -> Vec<ProductRow> {
        todo!("{group}")
    }

    /// The row that stands for a whole group in histories (an interaction with `product_group_ids`): a variant
    /// of the group is related to it by [`Catalogue::group_of_group_row`].
    pub fn group_of_group_row(&self, row: ProductRow) -> Option<u32> {
        todo!("{row:?}")
    }

    /// The rows with a record that pass `filter`: the set evaluator. Equal to testing each with `query::Filter::matches`.
    ///
    /// `full_text` answers [`query::Filter::FullText`].
    pub fn select(&self, filter: &query::Filter, full_text: &dyn Fn(&str, bool) -> RoaringBitmap) -> RoaringBitmap {
        let _ = (filter, full_text);
        todo!()
    }

    /// The rows with a record whose category hierarchy begins with `prefix` (all for an empty one).
    pub fn in_category(&self, prefix: &[String]) -> RoaringBitmap {
        todo!("{prefix:?}")
    }

    /// The types of the custom attributes over all products with a record.
    pub fn attribute_types(&self) -> &AttributeTypes {
        todo!()
    }

    /// The conflicts that this batch would bring, with the data set or within itself, in the order of the batch.
    /// Records that the batch replaces do not count.
    pub fn type_conflicts(&self, batch: &[Product]) -> Vec<TypeConflict> {
        todo!("{}", batch.len())
    }

    pub(crate) fn put(&mut self, product: &Product, body: Arc<str>) -> ProductRow {
        todo!("{product:?} {body}")
    }

    pub(crate) fn delete(&mut self, product_id: &str) -> Option<ProductRow> {
        todo!("{product_id}")
    }

    /// The row of a product that an interaction names, given at its first mention.
    pub(crate) fn intern(&mut self, product_id: &str) -> ProductRow {
        todo!("{product_id}")
    }

    /// The row that stands for a group that an interaction names.
    pub(crate) fn intern_group(&mut self, product_group_id: &str) -> ProductRow {
        todo!("{product_group_id}")
    }

    /// Forgets the names of these rows where they have no record (an erased person was the only one to name them).
    pub(crate) fn forget(&mut self, rows: &[ProductRow]) {
        todo!("{rows:?}")
    }

    /// Bytes held; an estimate from capacities.
    pub fn memory_bytes(&self) -> usize {
        todo!()
    }
}
