//! Which products a question may show.

use query::{Filter, Test};
use roaring::RoaringBitmap;
use search::{Best, TextQuery};
use state::ProductRow;

use crate::common::Common;
use crate::{Refused, View, geo};

/// Whether products that are out of stock are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stock {
    /// Only what can be had ([`state::Catalogue::offered`]): recommendations.
    Available,
    /// Every record: who searches for a product wants to find it, even to learn that it is sold out.
    Any,
}

/// The rows that pass `type`, `language`, `category`, `fq`, `geo.filter`, `include` and `exclude`.
///
/// # Errors
/// [`Refused`] for a filter that cannot be parsed.
pub(crate) fn allowed(view: View<'_>, common: &Common<'_>, stock: Stock) -> Result<RoaringBitmap, Refused> {
    let catalogue = view.state.catalogue();
    let mut rows = match stock {
        Stock::Available => catalogue.offered().clone(),
        Stock::Any => catalogue.live().clone(),
    };
    if let Some(kind) = common.kind {
        rows &= select(view, &equals("type", kind))?;
    }
    if let Some(language) = common.language {
        // Of a product that does not say its language, the texts tell; a translation is a language too.
        rows &= &*view.index.rows_in(language)?;
    }
    if !common.category.is_empty() {
        rows &= catalogue.in_category(common.category);
    }
    if let Some(fq) = common.fq {
        rows &= select(view, &parse("fq", fq)?)?;
    }
    for nearby in common.geo.iter().flat_map(|geo| geo.filter.iter().flatten()) {
        rows &= geo::within(view, nearby, &rows, "geo.filter")?;
    }
    if !common.include.is_empty() {
        rows &= rows_of(view, common.include);
    }
    rows -= rows_of(view, common.exclude);
    Ok(rows)
}

/// The rows of the products of these ids, as far as they are known.
pub(crate) fn rows_of(view: View<'_>, ids: &[String]) -> RoaringBitmap {
    ids.iter().filter_map(|id| view.state.catalogue().row(id)).map(|row| row.0).collect()
}

/// The rows of these products.
pub(crate) fn bitmap(rows: &[ProductRow]) -> RoaringBitmap {
    rows.iter().map(|row| row.0).collect()
}

/// Reads the query in `parameter`. A blank one passes everything: clients send what a form left empty.
///
/// # Errors
/// [`Refused`] with the position.
pub(crate) fn parse(parameter: &str, text: &str) -> Result<Filter, Refused> {
    if text.trim().is_empty() {
        return Ok(Filter::All);
    }
    query::parse(text).map_err(|error| Refused::invalid(parameter, format!("{error}.").replace("..", ".")))
}

/// The rows with a record that pass `filter`; text in it is asked of the index.
///
/// # Errors
/// [`Refused`] where the index fails.
pub(crate) fn select(view: View<'_>, filter: &Filter) -> Result<RoaringBitmap, Refused> {
    let failed = std::cell::RefCell::new(None);
    let full_text = |text: &str, phrase: bool| -> RoaringBitmap {
        let best = Some(Best { count: 1, also: &RoaringBitmap::new() });
        match view.index.find(&TextQuery { text, phrase, best, ..TextQuery::default() }, None) {
            Ok(found) => found.rows,
            Err(fault) => {
                *failed.borrow_mut() = Some(fault);
                RoaringBitmap::new()
            }
        }
    };
    let rows = view.state.catalogue().select(filter, &full_text);
    match failed.into_inner() {
        None => Ok(rows),
        Some(fault) => Err(fault.into()),
    }
}

/// The filter `name:"value"`.
pub(crate) fn equals(name: &str, value: &str) -> Filter {
    Filter::Field { name: name.to_owned(), test: Test::Equals(value.to_owned()) }
}
