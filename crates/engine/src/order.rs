//! `order_by`: sorting by fields of the products, scores and formulas of them, with soft ties.

use roaring::RoaringBitmap;
use state::ProductRow;

use crate::common::at_most_many;
use crate::formula::Formula;
use crate::limits::ORDER_KEYS_MAX;
use crate::rank::Ranked;
use crate::request::{BoostRule, Centre, Order, OrderBy};
use crate::{Refused, View, geo, scope};

/// A key as it is used.
struct Key {
    formula: Formula,
    /// What the names of the formula stand for; of a key that is one name, that name.
    sources: Vec<Source>,
    descending: bool,
    /// Values whose relative difference is at most this count as equal.
    threshold: f64,
    default: f64,
}

enum Source {
    SearchScore,
    PersonalizationScore,
    BoostingScore,
    Distance(Centre),
    Field(String),
}

/// The products by the keys, the first key first; within a tie the next key decides, and after the last the order given.
///
/// A formula that has no finite value for a product has the key's default there, as has a field that the product lacks.
///
/// # Errors
/// [`Refused`] for a key that cannot be used.
pub(crate) fn ordered(
    view: View<'_>,
    keys: &[OrderBy],
    boosts: &[BoostRule],
    ranked: Vec<Ranked>,
) -> Result<Vec<Ranked>, Refused> {
    at_most_many("order_by", keys.len(), ORDER_KEYS_MAX)?;
    let keys: Vec<Key> = keys.iter().enumerate().map(|(index, key)| checked(index, key)).collect::<Result<_, _>>()?;
    let by_boost = keys.iter().flat_map(|key| &key.sources).any(|source| matches!(source, Source::BoostingScore));
    let boosted = if by_boost { boosted(view, boosts)? } else { Vec::new() };
    let mut sortable: Vec<Sortable> = Vec::with_capacity(ranked.len());
    let mut names = Vec::new();
    for (place, ranked) in ranked.into_iter().enumerate() {
        let row = ProductRow(ranked.row);
        let mut values = Vec::with_capacity(keys.len());
        for key in &keys {
            names.clear();
            names.extend(key.sources.iter().map(|source| match source {
                Source::SearchScore => f64::from(ranked.relevance),
                Source::PersonalizationScore => f64::from(ranked.personalization_score()),
                Source::BoostingScore => boosted.iter().filter(|rows| rows.contains(ranked.row)).count() as f64,
                Source::Distance(centre) => geo::distance_to(view, row, "location", *centre).unwrap_or(f64::INFINITY),
                Source::Field(field) => view.state.catalogue().sort_value(row, field).unwrap_or(key.default),
            }));
            values.push(match key.formula {
                Formula::Name(only) => names[only],
                ref formula => Some(formula.value(&names)).filter(|value| value.is_finite()).unwrap_or(key.default),
            });
        }
        sortable.push(Sortable { values, place, ranked });
    }
    sort(&mut sortable, &keys);
    Ok(sortable.into_iter().map(|sortable| sortable.ranked).collect())
}

/// The products that each boost of the request raises: the score is how many of them do.
fn boosted(view: View<'_>, boosts: &[BoostRule]) -> Result<Vec<RoaringBitmap>, Refused> {
    let filters = boosts.iter().filter_map(|boost| boost.boost_fq.as_deref());
    filters.map(|text| scope::select(view, &scope::parse("boost_fq", text)?)).collect()
}

struct Sortable {
    values: Vec<f64>,
    place: usize,
    ranked: Ranked,
}

fn checked(index: usize, key: &OrderBy) -> Result<Key, Refused> {
    let parameter = |name: &str| format!("order_by.{index}.{name}");
    let threshold = key.tie_breaker.as_ref().and_then(|tie| tie.threshold).unwrap_or(0.0);
    if !(threshold >= 0.0 && threshold.is_finite()) {
        return Err(Refused::invalid(&parameter("tie_breaker.threshold"), "It must be at least 0.".to_owned()));
    }
    let field = key.field.trim();
    if field.is_empty() {
        return Err(Refused::invalid(&parameter("field"), "The attribute is required.".to_owned()));
    }
    // The name of an attribute may hold anything, so a text without operators is a name as it stands.
    let is_formula = field.contains(['+', '*', '/', '%', '^', '(']) || field.contains(" - ") || field.starts_with('-');
    let (formula, names) = if is_formula {
        Formula::parse(field).map_err(|error| Refused::invalid(&parameter("field"), error))?
    } else {
        (Formula::Name(0), vec![field.to_owned()])
    };
    let sources = names.iter().map(|name| source(name, key, &parameter)).collect::<Result<_, _>>()?;
    let descending = key.order.unwrap_or_default() == Order::Desc;
    Ok(Key { formula, sources, descending, threshold, default: key.default_value.unwrap_or(0.0) })
}

fn source(name: &str, key: &OrderBy, parameter: &dyn Fn(&str) -> String) -> Result<Source, Refused> {
    Ok(match name {
        "_search_score" => Source::SearchScore,
        "_personalization_score" => Source::PersonalizationScore,
        "_boosting_score" => Source::BoostingScore,
        "_geo_distance" => {
            let Some(centre) = key.geo else {
                let message = "`_geo_distance` needs the `lat` and `lon` to measure from.".to_owned();
                return Err(Refused::invalid(&parameter("geo"), message));
            };
            geo::checked(centre, &parameter("geo"))?;
            Source::Distance(centre)
        }
        name => Source::Field(
            name.strip_prefix("attributes.")
                .map_or_else(|| name.to_owned(), |rest| format!("custom_attributes.{rest}")),
        ),
    })
}

fn sort(sortable: &mut [Sortable], keys: &[Key]) {
    sort_from(sortable, keys, 0);
}

/// Sorts by the key at `depth`, then every run of soft ties by the next one.
fn sort_from(sortable: &mut [Sortable], keys: &[Key], depth: usize) {
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
