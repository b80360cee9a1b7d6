use std::sync::atomic::{AtomicUsize, Ordering};

use hashbrown::HashMap;
use query::{Moment, Scalar};
use record::Product;
use roaring::RoaringBitmap;

use super::number_column::NumberColumn;
use super::posting::{Posting, bitmap_bytes};
use super::text_column::{Hashers, TextColumn};
use crate::limits::{CATEGORY_LEVELS_MAX, FACET_COLUMNS_MAX};

/// The values of all products, by field: what filters ask.
///
/// What a row holds is not noted here: to take it out, its values are derived from its record again.
#[derive(Default)]
pub(super) struct Columns {
    fields: HashMap<Box<str>, Field>,
    /// The beginnings of category hierarchies, written by [`path`].
    paths: TextColumn,
    hashers: Hashers,
    /// Fields whose texts are held by row.
    by_row: AtomicUsize,
}

/// Of a field that fewer rows have, postings are counted: there are few.
const BY_ROW_PART: u64 = 16;

/// The values of one field, by kind.
#[derive(Default)]
pub(super) struct Field {
    /// The rows with any value.
    pub(super) exists: RoaringBitmap,
    pub(super) texts: TextColumn,
    pub(super) numbers: NumberColumn,
    /// The texts that are dates, as milliseconds since 1970: exact in a double for 280,000 years.
    pub(super) moments: NumberColumn,
    pub(super) yes: RoaringBitmap,
    pub(super) no: RoaringBitmap,
}

impl Columns {
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.paths.is_empty()
    }

    /// Whether the texts of a field are, or may now be, held by row: of [`FACET_COLUMNS_MAX`] fields at most, which a good part of
    /// all `rows` have.
    pub(super) fn may_hold_by_row(&self, field: &Field, rows: u32) -> bool {
        if field.texts.is_by_row() {
            return true;
        }
        let is_dense = field.exists.len() * BY_ROW_PART >= u64::from(rows);
        let one_more = |held: usize| (held < FACET_COLUMNS_MAX).then_some(held + 1);
        is_dense && self.by_row.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_more).is_ok()
    }

    pub(super) fn hashers(&self) -> &Hashers {
        &self.hashers
    }

    /// Puts the values of `product` in for `row`, which must hold none.
    pub(super) fn insert(&mut self, row: u32, product: &Product) {
        let Columns { fields, hashers, .. } = self;
        query::each_value(product, &mut |name, value| {
            if name == "product_id" {
                return; // The catalogue's own ids answer for it.
            }
            let field = fields.entry_ref(name).or_default();
            field.exists.insert(row);
            match value {
                Scalar::Text(text) => {
                    field.texts.insert(hashers, &hashers.key(text), row);
                    if let Some(moment) = Moment::of(text) {
                        field.moments.insert(row, moment.first.0 as f64);
                    }
                }
                Scalar::Number(number) => field.numbers.insert(row, number),
                Scalar::Boolean(true) => _ = field.yes.insert(row),
                Scalar::Boolean(false) => _ = field.no.insert(row),
            }
        });
        each_path(product, |path| self.paths.insert(&self.hashers, &self.hashers.key(path), row));
    }

    /// Takes the values of `product`, as they were put in, out for `row`. A field that nobody has any more is freed.
    pub(super) fn remove(&mut self, row: u32, product: &Product) {
        let Columns { fields, hashers, by_row, .. } = self;
        query::each_value(product, &mut |name, value| {
            let Some(field) = fields.get_mut(name) else { return };
            field.exists.remove(row);
            match value {
                Scalar::Text(text) => {
                    field.texts.remove(&hashers.key(text), row);
                    field.moments.clear(row);
                }
                Scalar::Number(_) => field.numbers.clear(row),
                Scalar::Boolean(true) => _ = field.yes.remove(row),
                Scalar::Boolean(false) => _ = field.no.remove(row),
            }
            // Nobody has the field once nobody has any value of it, so no value of this product can still be missing.
            if field.exists.is_empty() && field.is_empty() {
                if field.texts.is_by_row() {
                    *by_row.get_mut() -= 1;
                }
                fields.remove(name);
            }
        });
        each_path(product, |path| self.paths.remove(&self.hashers.key(path), row));
    }

    /// The rows whose category hierarchy begins with `levels`, of which the first [`CATEGORY_LEVELS_MAX`] count.
    pub(super) fn rows_under(&self, levels: &[String]) -> Option<&Posting> {
        let levels = &levels[..levels.len().min(CATEGORY_LEVELS_MAX)];
        let mut path = String::new();
        levels.iter().for_each(|level| extend(&mut path, level));
        self.paths.rows(&self.hashers.key(&path))
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(name, field)| name.len() + 16 + field.memory_bytes()).sum();
        fields + self.paths.memory_bytes() + self.fields.allocation_size()
    }
}

impl Field {
    fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.yes.is_empty() && self.no.is_empty()
    }

    fn memory_bytes(&self) -> usize {
        self.texts.memory_bytes()
            + self.numbers.memory_bytes()
            + self.moments.memory_bytes()
            + [&self.exists, &self.yes, &self.no].into_iter().map(bitmap_bytes).sum::<usize>()
    }
}

/// Visits every beginning of every hierarchy, down to [`CATEGORY_LEVELS_MAX`] levels.
fn each_path(product: &Product, mut visit: impl FnMut(&str)) {
    for hierarchy in product.categories.iter().flatten() {
        let mut path = String::new();
        for level in hierarchy.iter().take(CATEGORY_LEVELS_MAX) {
            extend(&mut path, level);
            visit(&path);
        }
    }
}

/// Appends a level with its length before it, so that no name of a category can be taken for two.
fn extend(path: &mut String, level: &str) {
    path.push_str(&level.len().to_string());
    path.push(':');
    path.push_str(level);
}
