use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use super::text_column::Held;
use super::{Catalogue, ProductRow};

/// A record read for its values costs about as much as so many postings counted.
const POSTINGS_PER_RECORD: u64 = 50;

impl Catalogue {
    /// How many rows of `within` hold each value of `field`, for values that any holds, in no order; of categories each
    /// level is a value. Values are written as [`Catalogue::values`] writes them.
    ///
    /// Of texts only those that at least as many rows hold as hold the last of the `best`; `None` for all.
    ///
    /// Texts are counted row by row, some 3 ns each, or where most rows with the field are among them, text by text. Numbers cost some
    /// 20 ns a row.
    pub fn value_counts(&self, field: &str, within: &RoaringBitmap, best: Option<usize>) -> Vec<(String, u64)> {
        let Some(column) = self.columns.field(field) else {
            return if field == "product_id" { self.counts_of_records(field, within) } else { Vec::new() };
        };
        let texts = column.texts.len() as u64;
        let mut of_texts: Vec<(u32, u64)>;
        if self.live.is_subset(within) {
            // Postings hold rows with a record only.
            of_texts = column.texts.iter().map(|(number, _, rows)| (number, rows.len())).collect();
        } else if within.len() < column.exists.len() && self.columns.may_hold_by_row(column, self.rows()) {
            of_texts = column.texts.counts_by_row(within);
        } else if within.len() * POSTINGS_PER_RECORD < texts {
            return self.counts_of_records(field, within);
        } else {
            of_texts = column.texts.iter().map(|(number, _, rows)| (number, rows.count(within))).collect();
            of_texts.retain(|(_, count)| *count > 0);
        }
        if let Some(best) = best.filter(|best| *best > 0 && *best < of_texts.len()) {
            let least = of_texts.select_nth_unstable_by_key(best - 1, |(_, count)| std::cmp::Reverse(*count)).1.1;
            of_texts.retain(|(_, count)| *count >= least);
        }
        let mut counts: Vec<(String, u64)> = Vec::with_capacity(of_texts.len());
        for (number, count) in of_texts {
            let (held, rows) = column.texts.text(number);
            let text = match held {
                Held::Whole(text) => Some(text.to_owned()),
                Held::Head(_) => rows.first().and_then(|row| {
                    let is_it = |text: &String| column.texts.is(number, &self.columns.hashers().key(text));
                    self.values(ProductRow(row), field).into_iter().find(is_it)
                }),
            };
            counts.extend(text.map(|text| (text, count)));
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
