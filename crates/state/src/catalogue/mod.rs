//! The products: ids and rows, records, groups, and columns for filters.
//!
//! A record is held once, as its JSON. Everything else here is derived from it, and is derived again from the old JSON
//! when a record is replaced, so that nothing has to note what a row holds.

mod columns;
mod count;
mod names;
mod number_column;
mod one_text;
mod posting;
mod save;
mod select;
mod text_column;
mod texts_by_row;
mod types;

use std::borrow::Cow;
use std::sync::Arc;

use query::{Attributes as _, Scalar};
use record::{Availability, Product};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

pub use types::{AttributeTypes, TypeConflict};

use columns::Columns;
use names::Names;
use posting::{Posting, bitmap_bytes};
use types::TypeCounts;

use crate::limits::CATEGORY_LEVELS_MAX;

/// The dense number of a product, given at its first mention and never reused within an epoch.
/// A product has a row as soon as an interaction names it, whether or not its record ever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductRow(pub u32);

/// The products: records, ids, groups, and columns for filters.
#[derive(Default)]
pub struct Catalogue {
    /// By row; rows of groups and forgotten rows have none.
    ids: Names,
    /// By row; rows known from interactions only may be missing at the end.
    bodies: Vec<Option<Arc<str>>>,
    live: RoaringBitmap,
    in_stock: RoaringBitmap,
    /// Whether any record was ever put in or deleted.
    had_record: bool,
    /// The rows of products that interactions named, until the first record comes.
    named: RoaringBitmap,
    /// By group number; a forgotten group has no name.
    groups: Names,
    /// The group of each row with a record that has one.
    group_by_row: FxHashMap<u32, u32>,
    /// The row that stands for a group, and back.
    row_by_group: FxHashMap<u32, u32>,
    group_by_group_row: FxHashMap<u32, u32>,
    /// The parents' ids: a parent may come later than its child.
    parent_id_by_row: FxHashMap<u32, Box<str>>,
    columns: Columns,
    types: TypeCounts,
}

impl Catalogue {
    /// The row of this product, whether it has a record or only interactions.
    pub fn row(&self, product_id: &str) -> Option<ProductRow> {
        self.ids.number(product_id).map(ProductRow)
    }

    /// The id behind a row; empty for a row that was erased or that stands for a group.
    pub fn id(&self, row: ProductRow) -> &str {
        self.ids.name(row.0).unwrap_or_default()
    }

    /// The record's JSON; `None` for a product known from interactions only, or deleted.
    pub fn body(&self, row: ProductRow) -> Option<&Arc<str>> {
        self.bodies.get(row.0 as usize)?.as_ref()
    }

    /// The record, read from its JSON: some microseconds, more for long texts.
    pub fn product(&self, row: ProductRow) -> Option<Product> {
        Some(parse(self.body(row)?))
    }

    /// The title, as [`Catalogue::text`].
    pub fn title(&self, row: ProductRow) -> Option<Cow<'_, str>> {
        self.text(row, "title")
    }

    /// A field of the record that is a single text, such as `title` or `description`, read from the JSON without the
    /// rest of the record: about a microsecond. `None` where it is absent, and for fields of another shape.
    pub fn text(&self, row: ProductRow, field: &str) -> Option<Cow<'_, str>> {
        one_text::read(self.body(row)?, field)
    }

    /// What a person pays: the sale price, else the original one. O(1).
    pub fn price(&self, row: ProductRow) -> Option<f64> {
        self.number(row, "sale_price").or_else(|| self.number(row, "original_price"))
    }

    /// The number that the product has in this field, the first of an array. O(1).
    /// `None` where the field is absent or no number.
    pub fn number(&self, row: ProductRow, field: &str) -> Option<f64> {
        self.columns.field(field)?.numbers.get(row.0)
    }

    /// The values of one field as text, as in `query::Attributes`, in the order of the record; numbers and booleans as
    /// JSON writes them. Empty where the field is absent. Reads the record.
    pub fn values(&self, row: ProductRow, field: &str) -> Vec<String> {
        let mut values = Vec::new();
        if let Some(product) = self.product(row) {
            product.any(field, &mut |value| {
                values.push(match value {
                    Scalar::Text(text) => text.to_owned(),
                    Scalar::Number(number) => number.to_string(),
                    Scalar::Boolean(value) => value.to_string(),
                });
                false
            });
        }
        values
    }

    /// Rows given so far; every row is less than this.
    pub fn rows(&self) -> u32 {
        self.ids.count()
    }

    /// The rows that have a record.
    pub fn live(&self) -> &RoaringBitmap {
        &self.live
    }

    /// The rows with a record whose `availability` is not `OUT_OF_STOCK`.
    pub fn in_stock(&self) -> &RoaringBitmap {
        &self.in_stock
    }

    /// The rows that may be recommended: those in stock. A site that never sent a record has no other catalogue than what
    /// its interactions name, so there it is all of these.
    pub fn offered(&self) -> &RoaringBitmap {
        if self.had_record { &self.in_stock } else { &self.named }
    }

    /// The number of the product's group (`product_group_id`), dense from 0. `None` for a product of no group.
    pub fn group(&self, row: ProductRow) -> Option<u32> {
        self.group_by_row.get(&row.0).copied()
    }

    /// Whether any product belongs to a group.
    pub fn has_groups(&self) -> bool {
        !self.group_by_row.is_empty()
    }

    /// The group of this name.
    pub fn group_named(&self, product_group_id: &str) -> Option<u32> {
        self.groups.number(product_group_id)
    }

    /// The rows with a record in this group, in the order of rows.
    pub fn group_members(&self, group: u32) -> Vec<ProductRow> {
        self.members(group).map_or_else(Vec::new, |rows| rows.to_vec().into_iter().map(ProductRow).collect())
    }

    /// The row that stands for a whole group in histories (an interaction with `product_group_ids`): a variant
    /// of the group is related to it by [`Catalogue::group_of_group_row`].
    pub fn group_of_group_row(&self, row: ProductRow) -> Option<u32> {
        self.group_by_group_row.get(&row.0).copied()
    }

    /// The row that stands for the whole group of this name; `None` where no interaction has named it.
    pub fn group_row(&self, product_group_id: &str) -> Option<ProductRow> {
        let group = self.groups.number(product_group_id)?;
        self.row_by_group.get(&group).copied().map(ProductRow)
    }

    /// The row of the product's parent (`parent_id`); `None` for a product without one, or whose parent nobody has
    /// named otherwise.
    pub fn parent(&self, row: ProductRow) -> Option<ProductRow> {
        self.row(self.parent_id_by_row.get(&row.0)?)
    }

    /// The rows with a record whose category hierarchy begins with `prefix` (all for an empty one).
    pub fn in_category(&self, prefix: &[String]) -> RoaringBitmap {
        if prefix.is_empty() {
            return self.live.clone();
        }
        let mut found = RoaringBitmap::new();
        if let Some(rows) = self.columns.rows_under(prefix) {
            rows.add_to(&mut found, &self.live);
        }
        if prefix.len() > CATEGORY_LEVELS_MAX {
            let is_under = |row: u32| {
                let categories = self.product(ProductRow(row)).and_then(|product| product.categories);
                categories.iter().flatten().any(|hierarchy| hierarchy.starts_with(prefix))
            };
            return found.iter().filter(|&row| is_under(row)).collect();
        }
        found
    }

    /// Puts a record in, or in the place of the one with its id. `body` is its JSON.
    pub(crate) fn put(&mut self, product: &Product, body: Arc<str>) -> ProductRow {
        let row = self.intern(&product.product_id);
        self.take_out(row);
        self.put_at(row, product, body);
        row
    }

    fn put_at(&mut self, row: ProductRow, product: &Product, body: Arc<str>) {
        let ProductRow(number) = row;
        self.note_record();
        if self.bodies.len() <= number as usize {
            self.bodies.resize(number as usize + 1, None);
        }
        self.bodies[number as usize] = Some(body);
        self.live.insert(number);
        if product.availability != Some(Availability::OutOfStock) {
            self.in_stock.insert(number);
        }
        if let Some(group) = &product.product_group_id {
            let group = self.groups.intern(group);
            self.group_by_row.insert(number, group);
        }
        if let Some(parent) = &product.parent_id {
            self.parent_id_by_row.insert(number, parent.as_str().into());
        }
        self.columns.insert(number, product);
        self.types.insert(product);
    }

    /// Takes the row's record and all that was derived from it out. False when there was none.
    fn take_out(&mut self, row: ProductRow) -> bool {
        let Some(product) = self.product(row) else { return false };
        let ProductRow(number) = row;
        self.bodies[number as usize] = None;
        self.live.remove(number);
        self.in_stock.remove(number);
        self.group_by_row.remove(&number);
        self.parent_id_by_row.remove(&number);
        self.columns.remove(number, &product);
        self.types.remove(&product);
        true
    }

    /// From now on only products with a record are offered.
    fn note_record(&mut self) {
        if !self.had_record {
            self.had_record = true;
            self.named = RoaringBitmap::new();
        }
    }

    pub(crate) fn delete(&mut self, product_id: &str) -> Option<ProductRow> {
        self.note_record();
        let row = self.row(product_id)?;
        self.take_out(row).then_some(row)
    }

    /// The row of a product that an interaction names, given at its first mention.
    pub(crate) fn intern(&mut self, product_id: &str) -> ProductRow {
        let row = self.ids.intern(product_id);
        if !self.had_record {
            self.named.insert(row);
        }
        ProductRow(row)
    }

    /// The row that stands for a group that an interaction names.
    pub(crate) fn intern_group(&mut self, product_group_id: &str) -> ProductRow {
        let group = self.groups.intern(product_group_id);
        if let Some(&row) = self.row_by_group.get(&group) {
            return ProductRow(row);
        }
        let row = self.ids.push(None);
        self.row_by_group.insert(group, row);
        self.group_by_group_row.insert(row, group);
        ProductRow(row)
    }

    /// Forgets the names of these rows where they have no record (an erased person was the only one to name them).
    /// A group keeps its name while a record is in it.
    pub(crate) fn forget(&mut self, rows: &[ProductRow]) {
        for &ProductRow(row) in rows {
            if self.live.contains(row) {
                continue;
            }
            self.ids.forget(row);
            self.named.remove(row);
            let Some(&group) = self.group_by_group_row.get(&row) else { continue };
            if self.members(group).is_none() {
                self.groups.forget(group);
                self.group_by_group_row.remove(&row);
                self.row_by_group.remove(&group);
            }
        }
    }

    /// Bytes held; an estimate from capacities.
    pub fn memory_bytes(&self) -> usize {
        let bodies: usize = self.bodies.iter().flatten().map(|body| body.len() + 16).sum();
        let parents: usize = self.parent_id_by_row.values().map(|parent| parent.len() + 16).sum();
        let maps = self.group_by_row.capacity() + self.row_by_group.capacity() + self.group_by_group_row.capacity();
        bodies
            + self.bodies.capacity() * 16
            + self.ids.memory_bytes()
            + self.groups.memory_bytes()
            + bitmap_bytes(&self.live)
            + bitmap_bytes(&self.in_stock)
            + bitmap_bytes(&self.named)
            + maps * 9 * 8 / 7
            + parents
            + self.parent_id_by_row.capacity() * 25 * 8 / 7
            + self.columns.memory_bytes()
            + self.types.memory_bytes()
    }

    /// The rows with a record in this group; `None` for none.
    fn members(&self, group: u32) -> Option<&Posting> {
        let key = self.columns.hashers().key(self.groups.name(group)?);
        self.columns.field("product_group_id")?.texts.rows(&key)
    }
}

/// Reads a record that was valid when it came in.
fn parse(body: &str) -> Product {
    serde_json::from_str(body).expect("a body is the JSON of a valid product")
}

#[cfg(test)]
mod tests;
