//! `order_by`: sorting by fields of the products, with soft ties.

use record::Time;
use serde_json::Value;
use state::ProductRow;

use crate::common::at_most_many;
use crate::limits::ORDER_KEYS_MAX;
use crate::rank::Ranked;
use crate::request::{Order, OrderBy};
use crate::{Refused, View, document, geo};

/// A key as it is used.
struct Key<'a> {
    source: Source<'a>,
    descending: bool,
    /// Values whose relative difference is at most this count as equal.
    threshold: f64,
    default: f64,
}

enum Source<'a> {
    SearchScore,
    PersonalizationScore,
    BoostingScore,
    Distance(crate::request::Centre),
    Field(&'a str),
}

/// The products by the keys, the first key first; within a tie the next key decides, and after the last the order given.
///
/// Reads the record of every product when a key is a field: some microseconds each.
///
/// # Errors
/// [`Refused`] for a key that cannot be used. Formulas are refused for now.
pub(crate) fn ordered(view: View<'_>, keys: &[OrderBy], ranked: Vec<Ranked>) -> Result<Vec<Ranked>, Refused> {
    at_most_many("order_by", keys.len(), ORDER_KEYS_MAX)?;
    let keys: Vec<Key<'_>> =
        keys.iter().enumerate().map(|(index, key)| checked(index, key)).collect::<Result<_, _>>()?;
    let reads_records = keys.iter().any(|key| matches!(key.source, Source::Field(_)));
    let mut sortable: Vec<Sortable> = Vec::with_capacity(ranked.len());
    for (place, ranked) in ranked.into_iter().enumerate() {
        let row = ProductRow(ranked.row);
        let body = if reads_records { document::read(view, row).unwrap_or_default() } else { Default::default() };
        let value = |key: &Key<'_>| match &key.source {
            Source::SearchScore => f64::from(ranked.relevance),
            Source::PersonalizationScore => f64::from(ranked.personalization_score()),
            Source::BoostingScore => 0.0,
            Source::Distance(centre) => geo::distance_to(view, row, "location", *centre).unwrap_or(f64::INFINITY),
            Source::Field(path) => field_value(&body, path).unwrap_or(key.default),
        };
        sortable.push(Sortable { values: keys.iter().map(value).collect(), place, ranked });
    }
    sort(&mut sortable, &keys);
    Ok(sortable.into_iter().map(|sortable| sortable.ranked).collect())
}

struct Sortable {
    values: Vec<f64>,
    place: usize,
    ranked: Ranked,
}

fn checked(index: usize, key: &OrderBy) -> Result<Key<'_>, Refused> {
    let parameter = |name: &str| format!("order_by.{index}.{name}");
    let threshold = key.tie_breaker.as_ref().and_then(|tie| tie.threshold).unwrap_or(0.0);
    if !(threshold >= 0.0 && threshold.is_finite()) {
        return Err(Refused::invalid(&parameter("tie_breaker.threshold"), "It must be at least 0.".to_owned()));
    }
    let source = match key.field.as_str() {
        "" => return Err(Refused::invalid(&parameter("field"), "The attribute is required.".to_owned())),
        "_search_score" => Source::SearchScore,
        "_personalization_score" => Source::PersonalizationScore,
        "_boosting_score" => Source::BoostingScore,
        "_geo_distance" => match key.geo {
            Some(centre) => {
                geo::checked(centre, &parameter("geo"))?;
                Source::Distance(centre)
            }
            None => {
                let message = "`_geo_distance` needs the `lat` and `lon` to measure from.".to_owned();
                return Err(Refused::invalid(&parameter("geo"), message));
            }
        },
        field if field.contains(['+', '*', '/', '%', '^', '(']) || field.contains(" - ") => {
            let message = "Formulas are not supported yet; name one field or score per key.".to_owned();
            return Err(Refused::invalid(&parameter("field"), message));
        }
        field => Source::Field(field),
    };
    let descending = key.order.unwrap_or_default() == Order::Desc;
    Ok(Key { source, descending, threshold, default: key.default_value.unwrap_or(0.0) })
}

/// The first value that can be ordered: a number, a boolean (true above false), a date (its moment).
fn field_value(body: &serde_json::Map<String, Value>, path: &str) -> Option<f64> {
    document::values(body, path).into_iter().find_map(|value| match value {
        Value::Number(number) => number.as_f64(),
        Value::Bool(boolean) => Some(f64::from(u8::from(*boolean))),
        Value::String(text) => Time::parse_date_or_time(text).map(|time| time.0 as f64),
        _ => None,
    })
}

fn sort(sortable: &mut [Sortable], keys: &[Key<'_>]) {
    sort_from(sortable, keys, 0);
}

/// Sorts by the key at `depth`, then every run of soft ties by the next one.
fn sort_from(sortable: &mut [Sortable], keys: &[Key<'_>], depth: usize) {
    let Some(key) = keys.get(depth) else {
        return sortable.sort_unstable_by_key(|sortable| sortable.place);
    };
    sortable.sort_by(|a, b| {
        let order = a.values[depth].total_cmp(&b.values[depth]);
        if key.descending { order.reverse() } else { order }
    });
    let tied = |a: f64, b: f64| a == b || (a - b).abs() <= key.threshold * a.abs().max(b.abs());
    for run in sortable.chunk_by_mut(|a, b| tied(a.values[depth], b.values[depth])) {
        if run.len() > 1 {
            sort_from(run, keys, depth + 1);
        }
    }
}
