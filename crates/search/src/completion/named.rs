//! Values of products whose brand or category was typed beside words of the value: `nike run` for a title that does not say `Nike`.

use roaring::RoaringBitmap;

use super::{Completions, Typed};
use crate::limits;

impl Completions {
    /// The values of a field that have all typed words but one, whose product has that one in its brand or a category; of what was
    /// typed as one word, those of products with such a brand or category. Values with all words may be among them.
    pub(super) fn with_name(&self, field: u16, typed: &Typed) -> RoaringBitmap {
        let values = &self.values_by_field[usize::from(field)];
        let mut found = RoaringBitmap::new();
        for (at, word) in typed.words.iter().enumerate() {
            let is_last = at + 1 == typed.words.len();
            let rows = self.rows_named(word, typed.last_is_complete && is_last);
            if rows.is_empty() {
                continue;
            }
            if typed.words.len() == 1 {
                for row in rows.iter().take(limits::COMPLETION_VALUES_SCORED_MAX) {
                    let held = self.values_by_row.get(&row).into_iter().flatten();
                    found.extend(held.filter(|(other, _)| *other == field).map(|(_, value)| *value));
                }
                continue;
            }
            let mut others = typed.words.clone();
            others.remove(at);
            let matching = values.matching(&others, typed.last_is_complete && !is_last);
            let is_named = |value: &u32| values.value(*value).rows().iter().any(|row| rows.contains(*row));
            found.extend(matching.iter().take(limits::COMPLETION_VALUES_SCORED_MAX).filter(is_named));
        }
        found
    }

    /// The rows of the products with a brand or a category in which a word begins with this one, or is this one.
    fn rows_named(&self, word: &str, whole: bool) -> RoaringBitmap {
        let word = [word.to_owned()];
        let mut rows = RoaringBitmap::new();
        for (values, _) in self.values_by_field.iter().zip(&self.naming).filter(|(_, naming)| **naming) {
            for value in values.matching(&word, whole) {
                rows.extend(values.value(value).rows().iter().copied());
            }
        }
        rows
    }
}
