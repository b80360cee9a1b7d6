use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::posting::Posting;
use super::text_column::Held;
use super::{Catalogue, ProductRow};

/// A record read for its values costs about as much as so many postings counted.
const POSTINGS_PER_RECORD: u64 = 50;
/// A posting counted costs about as much as so many rows looked at.
const ROWS_PER_POSTING: u64 = 16;

impl Catalogue {
    /// How many rows of `within` hold each value of `field`, for values that any holds, in no order; of categories each
    /// level is a value. Values are written as [`Catalogue::values`] writes them.
    ///
    /// Where the rows are few against the distinct texts of the field, they are looked at one by one, some 5 ns each; else
    /// postings are counted, one a distinct text, some 10 ns each and more for common ones. Numbers cost some 20 ns a row.
    pub fn value_counts(&self, field: &str, within: &RoaringBitmap) -> Vec<(String, u64)> {
        let Some(column) = self.columns.field(field) else {
            return if field == "product_id" { self.counts_of_records(field, within) } else { Vec::new() };
        };
        let texts = column.texts.len() as u64;
        let mut counts: Vec<(String, u64)> = Vec::new();
        let mut push = |number: u32, held: Held<'_>, rows: &Posting, count: u64| {
            let text = match held {
                Held::Whole(text) => Some(text.to_owned()),
                Held::Head(_) => rows.first().and_then(|row| {
                    let is_it = |text: &String| column.texts.is(number, &self.columns.hashers().key(text));
                    self.values(ProductRow(row), field).into_iter().find(is_it)
                }),
            };
            counts.extend(text.map(|text| (text, count)));
        };
        if within.len() < texts * ROWS_PER_POSTING && self.columns.may_hold_by_row(column, self.rows()) {
            for (number, held, rows, count) in column.texts.counts_by_row(within) {
                push(number, held, rows, count);
            }
        } else if within.len() * POSTINGS_PER_RECORD < texts {
            return self.counts_of_records(field, within);
        } else {
            for (number, held, rows) in column.texts.iter() {
                let count = rows.count(within);
                if count > 0 {
                    push(number, held, rows, count);
                }
            }
        }
        let mut numbers: FxHashMap<u64, u64> = FxHashMap::default();
        if !column.numbers.is_empty() {
            for row in within & &column.exists {
                let mut of_row: Vec<u64> = column.numbers.all(row).iter().map(|number| number.to_bits()).collect();
                of_row.sort_unstable();
                of_row.dedup();
                of_row.into_iter().for_each(|bits| *numbers.entry(bits).or_insert(0) += 1);
            }
        }
        counts.extend(numbers.into_iter().map(|(bits, count)| (f64::from_bits(bits).to_string(), count)));
        for (value, rows) in [(true, &column.yes), (false, &column.no)] {
            let count = rows.intersection_len(within);
            if count > 0 {
                counts.push((value.to_string(), count));
            }
        }
        counts
    }

    fn counts_of_records(&self, field: &str, within: &RoaringBitmap) -> Vec<(String, u64)> {
        let mut counts: FxHashMap<String, u64> = FxHashMap::default();
        for row in within {
            let mut values = self.values(ProductRow(row), field);
            values.sort_unstable();
            values.dedup();
            values.into_iter().for_each(|value| *counts.entry(value).or_insert(0) += 1);
        }
        counts.into_iter().collect()
    }

    /// What the product is sorted by in this field: its number, the first of an array; else true as 1 and false as 0; else
    /// the moment of its date in milliseconds. O(1). `None` where it has none of these.
    pub fn sort_value(&self, row: ProductRow, field: &str) -> Option<f64> {
        let column = self.columns.field(field)?;
        column.numbers.get(row.0).or_else(|| {
            if column.yes.contains(row.0) {
                Some(1.0)
            } else if column.no.contains(row.0) {
                Some(0.0)
            } else {
                column.moments.get(row.0)
            }
        })
    }
}
