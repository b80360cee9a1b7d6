//! Facets: how many of the products found hold each value, and filters by facet.

use query::{End, Filter, Test};
use regex::Regex;
use roaring::RoaringBitmap;
use serde_json::{Map, Value};

use crate::common::at_most_many;
use crate::limits::{FACET_VALUES_MAX, FACETS_MAX};
use crate::request::{Facet, FacetDefinition, FacetFilter, FacetRange};
use crate::{Refused, View, scope};

/// The values listed of a facet that names no size (contract).
const SIZE_DEFAULT: usize = 10;

/// The products that each facet filter lets pass, by field.
pub(crate) type FacetFilters = Vec<(String, RoaringBitmap)>;

/// Reads `facet_filters`: within a field any of the terms, ranges and queries lets a product pass.
///
/// # Errors
/// [`Refused`] for a filter of another shape, or a query that cannot be parsed.
pub(crate) fn filters(view: View<'_>, filters: Option<&Map<String, Value>>) -> Result<FacetFilters, Refused> {
    let Some(filters) = filters else { return Ok(Vec::new()) };
    at_most_many("facet_filters", filters.len(), FACETS_MAX)?;
    let mut sets = Vec::with_capacity(filters.len());
    for (field, filter) in filters.iter().filter(|(_, filter)| !filter.is_null()) {
        let parameter = format!("facet_filters.{field}");
        let filter: FacetFilter = serde_json::from_value(filter.clone())
            .map_err(|error| Refused::invalid(&parameter, format!("It is not a facet filter: {error}.")))?;
        let mut any = Vec::new();
        any.extend(filter.terms.iter().flatten().map(|term| scope::equals(&present_name(field), &text(term))));
        any.extend(filter.ranges.iter().flatten().map(|range| range_filter(field, range)));
        for query in filter.queries.iter().flatten() {
            any.push(scope::parse(&format!("{parameter}.queries"), &query.query)?);
        }
        // A filter that names nothing filters nothing: a form with no box ticked.
        if !any.is_empty() {
            sets.push((field.clone(), scope::select(view, &Filter::Or(any))?));
        }
    }
    Ok(sets)
}

/// `rows` after all facet filters but the one of the field `but`.
pub(crate) fn narrowed(rows: &RoaringBitmap, filters: &FacetFilters, but: Option<&str>) -> RoaringBitmap {
    let mut rows = rows.clone();
    for (_, set) in filters.iter().filter(|(field, _)| Some(field.as_str()) != but) {
        rows &= set;
    }
    rows
}

/// The counts of each facet over `matched` after all facet filters but its own: `{name: [[value, count], …]}`, by
/// falling count, ties by value.
///
/// Counted on the catalogue's columns: the cost is in the distinct values of each facet.
///
/// # Errors
/// [`Refused`] for a facet that cannot be counted.
pub(crate) fn counts(
    view: View<'_>,
    facets: &[Facet],
    matched: &RoaringBitmap,
    filters: &FacetFilters,
) -> Result<Map<String, Value>, Refused> {
    at_most_many("facets", facets.len(), FACETS_MAX)?;
    let mut counts = Map::new();
    for (index, facet) in facets.iter().enumerate() {
        let named;
        let facet = match facet {
            Facet::Defined(facet) => facet,
            Facet::Field(field) => {
                named = Box::new(FacetDefinition { field: field.clone(), ..FacetDefinition::default() });
                &named
            }
        };
        if facet.field.is_empty() {
            return Err(Refused::invalid(&format!("facets.{index}.field"), "The attribute is required.".to_owned()));
        }
        let rows = narrowed(matched, filters, Some(&facet.field));
        let values = counted(view, facet, index, &rows)?;
        counts.insert(facet.alias.clone().unwrap_or_else(|| facet.field.clone()), values);
    }
    Ok(counts)
}

fn counted(view: View<'_>, facet: &FacetDefinition, index: usize, rows: &RoaringBitmap) -> Result<Value, Refused> {
    let mut values: Vec<(String, u64)> = Vec::new();
    let ranges = facet.ranges.as_deref().unwrap_or_default();
    let queries = facet.queries.as_deref().unwrap_or_default();
    for range in ranges {
        let selected = scope::select(view, &range_filter(&facet.field, range))?;
        values.push((range.key.clone().unwrap_or_default(), selected.intersection_len(rows)));
    }
    for query in queries {
        let filter = scope::parse(&format!("facets.{index}.queries"), &query.query)?;
        let key = query.key.clone().unwrap_or_else(|| query.query.clone());
        values.push((key, scope::select(view, &filter)?.intersection_len(rows)));
    }
    if ranges.is_empty() && queries.is_empty() {
        let any_value = facet.include.is_none() && facet.exclude.is_none();
        let best = any_value.then(|| size(facet));
        values = view.state.catalogue().value_counts(&present_name(&facet.field), rows, best);
        let include = pattern(facet.include.as_deref(), &format!("facets.{index}.include"))?;
        let exclude = pattern(facet.exclude.as_deref(), &format!("facets.{index}.exclude"))?;
        values.retain(|(value, _)| include.as_ref().is_none_or(|include| include.is_match(value)));
        values.retain(|(value, _)| exclude.as_ref().is_none_or(|exclude| !exclude.is_match(value)));
    }
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values.truncate(size(facet));
    Ok(values.into_iter().map(|(value, count)| serde_json::json!([value, count])).collect())
}

/// How many values are listed.
fn size(facet: &FacetDefinition) -> usize {
    facet.size.unwrap_or(SIZE_DEFAULT).min(FACET_VALUES_MAX)
}

/// A pattern for the whole value.
fn pattern(pattern: Option<&str>, parameter: &str) -> Result<Option<Regex>, Refused> {
    let Some(pattern) = pattern else { return Ok(None) };
    let whole = format!("^(?:{pattern})$");
    let regex = regex::RegexBuilder::new(&whole).size_limit(1 << 20).build();
    regex.map(Some).map_err(|error| Refused::invalid(parameter, format!("It is not a regular expression: {error}.")))
}

fn range_filter(field: &str, range: &FacetRange) -> Filter {
    let low = range.from.as_ref().filter(|end| !end.is_null()).map_or(End::Open, |end| End::Included(text(end)));
    let high = range.to.as_ref().filter(|end| !end.is_null()).map_or(End::Open, |end| End::Excluded(text(end)));
    Filter::Field { name: present_name(field), test: Test::Range { low, high } }
}

/// `attributes.x` is an old spelling.
fn present_name(field: &str) -> String {
    field.strip_prefix("attributes.").map_or_else(|| field.to_owned(), |rest| format!("custom_attributes.{rest}"))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
