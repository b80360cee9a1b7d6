//! Everything that a search finds, for those who page through a catalogue and for exports: no ranking for a person, no window.

use roaring::RoaringBitmap;
use serde_json::{Map, Value};
use state::ProductRow;

use crate::common::Common;
use crate::search::matched;
use crate::{Refused, View, document, facets, request};

/// What a search finds.
pub struct Listing {
    /// All products found.
    pub rows: RoaringBitmap,
    /// The same, the most relevant first; `None` where no words were asked for.
    pub by_relevance: Option<Vec<ProductRow>>,
    /// `{field: [[value, count], …]}`, as a search gives it.
    pub facet_counts: Map<String, Value>,
}

/// The products that match words and filters. Paging, order and all that is personal in `request` are left aside.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should, or the index cannot be read.
pub fn list(view: View<'_>, request: &request::Search) -> Result<Listing, Refused> {
    let common = Common::of_search(request)?;
    let filters = facets::filters(view, request.facet_filters.as_ref())?;
    let matched = matched(view, request, &common, None)?;
    let facet_counts = facets::counts(view, request.facets.as_deref().unwrap_or_default(), &matched.rows, &filters)?;
    let rows = facets::narrowed(&matched.rows, &filters, None);
    let by_relevance = matched.found.map(|found| {
        let mut hits = found.hits;
        // A search orders the best only.
        hits.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
        hits.into_iter().map(|hit| hit.row).filter(|row| rows.contains(row.0)).collect()
    });
    Ok(Listing { rows, by_relevance, facet_counts })
}

/// The fields of `fl` of a product's record, as every answer shows them; its id comes first.
pub fn listed(view: View<'_>, row: ProductRow, fl: &[String]) -> Map<String, Value> {
    document::shown(view, row, fl)
}
