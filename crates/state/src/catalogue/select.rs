use std::collections::BTreeMap;

use query::{Attributes as _, End, Filter, Moment, Scalar, Test};
use roaring::RoaringBitmap;

use super::columns::Field;
use super::posting::Posting;
use super::text_column::Held;
use super::{Catalogue, ProductRow};

impl Catalogue {
    /// The rows with a record that pass `filter`: the set evaluator. Equal to testing each with `query::Filter::matches`.
    ///
    /// `full_text` answers [`query::Filter::FullText`].
    ///
    /// An equality is a look-up for texts and a scan of the column for numbers and dates (1 ms a million rows), as is a
    /// range; a prefix or wildcard tests every distinct text of the field. Records are read only where the answer lies
    /// beyond the part of a long text that the column holds.
    pub fn select(&self, filter: &Filter, full_text: &dyn Fn(&str, bool) -> RoaringBitmap) -> RoaringBitmap {
        Selection { catalogue: self, full_text }.rows(filter, &self.live)
    }
}

struct Selection<'a> {
    catalogue: &'a Catalogue,
    full_text: &'a dyn Fn(&str, bool) -> RoaringBitmap,
}

impl Selection<'_> {
    /// The rows of `within` that pass. `within` holds rows with a record only, so the outcome does too, below any NOT.
    fn rows(&self, filter: &Filter, within: &RoaringBitmap) -> RoaringBitmap {
        match filter {
            _ if within.is_empty() => RoaringBitmap::new(),
            Filter::All => within.clone(),
            Filter::And(filters) => {
                // The cheap ones first: the others then have fewer rows to look at.
                let mut filters: Vec<&Filter> = filters.iter().collect();
                filters.sort_by_key(|filter| cost(filter));
                filters.into_iter().fold(within.clone(), |within, filter| self.rows(filter, &within))
            }
            Filter::Or(filters) => self.any_of(filters, within),
            Filter::Not(filter) => within - self.rows(filter, within),
            Filter::Field { name, test } => {
                let mut found = RoaringBitmap::new();
                self.field(name, test, within, &mut found);
                found
            }
            Filter::FullText { text, phrase } => (self.full_text)(text, *phrase) & within,
        }
    }

    fn any_of(&self, filters: &[Filter], within: &RoaringBitmap) -> RoaringBitmap {
        let mut found = RoaringBitmap::new();
        // Equalities of one field go together, so that a long list of numbers is one scan.
        let mut literals_by_field: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for filter in filters {
            match filter {
                Filter::Field { name, test: Test::Equals(literal) } => {
                    literals_by_field.entry(name).or_default().push(literal);
                }
                _ => found |= self.rows(filter, within),
            }
        }
        for (name, literals) in literals_by_field {
            self.equal_to_any(name, &literals, within, &mut found);
        }
        found
    }

    fn field(&self, name: &str, test: &Test, within: &RoaringBitmap, found: &mut RoaringBitmap) {
        if let Test::Equals(literal) = test {
            return self.equal_to_any(name, &[literal], within, found);
        }
        if name == "product_id" {
            return self.ids(test, within, found);
        }
        let Some(field) = self.catalogue.columns.field(name) else { return };
        match test {
            Test::Exists | Test::Range { low: End::Open, high: End::Open } => *found |= &field.exists & within,
            Test::Range { low, high } => self.range(name, field, test, (low, high), within, found),
            Test::Equals(_) | Test::Prefix(_) | Test::Wildcard(_) => self.texts(name, field, test, within, found),
        }
    }

    fn equal_to_any(&self, name: &str, literals: &[&str], within: &RoaringBitmap, found: &mut RoaringBitmap) {
        let moments: Vec<Moment> = literals.iter().filter_map(|literal| Moment::of(literal)).collect();
        if name == "product_id" {
            for literal in literals {
                if let Some(ProductRow(row)) = self.catalogue.row(literal).filter(|row| within.contains(row.0)) {
                    found.insert(row);
                }
                // An id that is a date equals other spellings of the moment, as any text does.
                if Moment::of(literal).is_some() {
                    self.ids(&Test::Equals((*literal).to_owned()), within, found);
                }
            }
            return;
        }
        let Some(field) = self.catalogue.columns.field(name) else { return };
        let mut numbers = Vec::new();
        for literal in literals {
            if let Some(rows) = field.texts.rows(&self.catalogue.columns.hashers().key(literal)) {
                rows.add_to(found, within);
            }
            for (value, rows) in [(true, &field.yes), (false, &field.no)] {
                if Scalar::Boolean(value).equals(literal) {
                    *found |= rows & within;
                }
            }
            numbers.extend(query::number(literal));
        }
        match numbers[..] {
            [] => {}
            [only] => field.numbers.select(within, found, |value| value == only),
            _ => {
                numbers.sort_by(f64::total_cmp);
                // Zero has two signs that are equal, but that this order tells apart.
                let is_one = |value: f64| numbers.binary_search_by(|number| number.total_cmp(&value)).is_ok();
                field.numbers.select(within, found, |value| is_one(value) || value == 0.0 && is_one(-value));
            }
        }
        for moment in moments {
            field.moments.select(within, found, |value| is_within(moment, value));
        }
    }

    fn range(
        &self,
        name: &str,
        field: &Field,
        test: &Test,
        (low, high): (&End, &End),
        within: &RoaringBitmap,
        found: &mut RoaringBitmap,
    ) {
        if let (Some(low), Some(high)) = (least(low), greatest(high)) {
            // Both comparisons each time: without a branch the compiler looks at several numbers at once.
            field.numbers.select(within, found, |value| (low <= value) & (value <= high));
        }
        for (value, rows) in [(true, &field.yes), (false, &field.no)] {
            if test.holds(Scalar::Boolean(value)) {
                *found |= rows & within;
            }
        }
        // Dates compare with dates alone, and their column holds each of them.
        if let (Some(low), Some(high)) = (date_bound(low), date_bound(high)) {
            field.moments.select(within, found, |value| low.is_below(value) && high.is_above(value));
        } else {
            self.texts(name, field, test, within, found);
        }
    }

    /// Tests every distinct text of the field once.
    fn texts(&self, name: &str, field: &Field, test: &Test, within: &RoaringBitmap, found: &mut RoaringBitmap) {
        for (number, held, rows) in field.texts.iter() {
            let passes = match held {
                Held::Whole(text) => test.holds(Scalar::Text(text)),
                Held::Head(head) => match decided_by_head(test, head) {
                    Some(passes) => passes,
                    None => rows.count(within) > 0 && self.long_text_passes(name, field, number, rows, test),
                },
            };
            if passes {
                rows.add_to(found, within);
            }
        }
    }

    /// Reads a text that the column holds only the beginning of from a record that has it, and tests it.
    fn long_text_passes(&self, name: &str, field: &Field, number: u32, rows: &Posting, test: &Test) -> bool {
        let is_it = |text: &str| field.texts.is(number, &self.catalogue.columns.hashers().key(text));
        let Some(row) = rows.first().map(ProductRow) else { return false };
        // Titles, descriptions, addresses are single texts, for which the rest of the record need not be read.
        if let Some(text) = self.catalogue.text(row, name) {
            return is_it(&text) && test.holds(Scalar::Text(&text));
        }
        let Some(product) = self.catalogue.product(row) else { return false };
        product.any(name, &mut |value| match value {
            Scalar::Text(text) => is_it(text) && test.holds(value),
            _ => false,
        })
    }

    /// Tests the ids themselves, which have no column.
    fn ids(&self, test: &Test, within: &RoaringBitmap, found: &mut RoaringBitmap) {
        found.extend(within.iter().filter(|&row| test.holds(Scalar::Text(self.catalogue.id(ProductRow(row))))));
    }
}

/// What a long text's beginning says of a test; `None` where the rest decides.
///
/// A long text is longer than its head, which is why a head that equals a bound lies above it.
fn decided_by_head(test: &Test, head: &str) -> Option<bool> {
    match test {
        Test::Prefix(prefix) if prefix.len() <= head.len() => Some(head.starts_with(prefix.as_str())),
        Test::Prefix(prefix) => (!prefix.starts_with(head)).then_some(false),
        Test::Wildcard(pattern) => {
            let fixed = pattern.split(['*', '?', '\\']).next().unwrap_or_default();
            let compared = fixed.len().min(head.len());
            (fixed.as_bytes()[..compared] != head.as_bytes()[..compared]).then_some(false)
        }
        Test::Range { low, high } => {
            let above = |end: &End| match end {
                End::Open => None,
                End::Included(literal) | End::Excluded(literal) if Moment::of(literal).is_some() => None,
                End::Included(literal) | End::Excluded(literal) if literal.starts_with(head) && literal != head => None,
                End::Included(literal) | End::Excluded(literal) => Some(head >= literal.as_str()),
            };
            let low = if *low == End::Open { Some(true) } else { above(low) };
            let high = if *high == End::Open { Some(true) } else { above(high).map(|is_above| !is_above) };
            match (low, high) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        Test::Exists => Some(true),
        Test::Equals(_) => None,
    }
}

/// The least number above the lower end of a range; `None` where the end is no number, so that no number is in the range.
fn least(end: &End) -> Option<f64> {
    match end {
        End::Open => Some(f64::NEG_INFINITY),
        End::Included(literal) => query::number(literal),
        End::Excluded(literal) => query::number(literal).map(f64::next_up),
    }
}

/// The greatest number below the upper end of a range, likewise.
fn greatest(end: &End) -> Option<f64> {
    match end {
        End::Open => Some(f64::INFINITY),
        End::Included(literal) => query::number(literal),
        End::Excluded(literal) => query::number(literal).map(f64::next_down),
    }
}

/// The end as a day or a moment, for the lower end of a range and for the upper one.
#[derive(Clone, Copy)]
struct DateBound {
    moment: Option<Moment>,
    is_included: bool,
}

impl DateBound {
    fn is_below(self, value: f64) -> bool {
        self.moment.is_none_or(|moment| {
            let edge = if self.is_included { moment.first.0 - 1 } else { moment.last.0 };
            value > edge as f64
        })
    }

    fn is_above(self, value: f64) -> bool {
        self.moment.is_none_or(|moment| {
            let edge = if self.is_included { moment.last.0 + 1 } else { moment.first.0 };
            value < edge as f64
        })
    }
}

/// The end as a date; `None` where it is other text.
fn date_bound(end: &End) -> Option<DateBound> {
    match end {
        End::Open => Some(DateBound { moment: None, is_included: true }),
        End::Included(literal) => Some(DateBound { moment: Some(Moment::of(literal)?), is_included: true }),
        End::Excluded(literal) => Some(DateBound { moment: Some(Moment::of(literal)?), is_included: false }),
    }
}

fn is_within(moment: Moment, value: f64) -> bool {
    moment.first.0 as f64 <= value && value <= moment.last.0 as f64
}

/// How much a filter reads, roughly.
fn cost(filter: &Filter) -> u8 {
    match filter {
        Filter::All | Filter::Field { test: Test::Equals(_) | Test::Exists, .. } => 0,
        Filter::Field { test: Test::Range { .. }, .. } => 1,
        Filter::FullText { .. } => 2,
        Filter::Field { test: Test::Prefix(_), .. } => 3,
        Filter::Field { test: Test::Wildcard(_), .. } => 4,
        Filter::Not(filter) => cost(filter),
        Filter::And(filters) | Filter::Or(filters) => filters.iter().map(cost).max().unwrap_or(0),
    }
}
