//! The business rules: one variant per group, boosts, diversification, dithering, the page.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};
use state::ProductRow;

use crate::common::Common;
use crate::rank::{Ranked, Ranking};
use crate::{Answer, Refused, View, document, geo, scope};

/// How many products further down may come forward to keep like ones apart.
const DIVERSIFICATION_DEPTH: usize = 50;
/// How many products take part in dithering; the same for every page, so that pages with one seed fit together.
const DITHERING_DEPTH: usize = 500;

/// A product at its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub(crate) ranked: Ranked,
    /// Whether a boost put it there.
    pub(crate) boosted: bool,
}

/// The products `start..start + rows` of the ranking after all rules.
///
/// # Errors
/// [`Refused`] for a rule whose filter cannot be parsed.
pub(crate) fn page(view: View<'_>, common: &Common<'_>, ranking: &Ranking<'_>) -> Result<Vec<Placed>, Refused> {
    let window = common.window();
    let mut taken = Taken { dedupe: common.dedupe, ..Taken::default() };
    let boosts = boosted(view, common, ranking, &mut taken)?;
    let diversified = minimum_distances(common)?;
    let depth = match (common.dithering > 1.0, diversified.is_empty()) {
        (true, _) => window.max(DITHERING_DEPTH) + DIVERSIFICATION_DEPTH,
        (false, false) => window + DIVERSIFICATION_DEPTH,
        (false, true) => window,
    };
    let mut organic: Vec<Ranked> = Vec::with_capacity(depth.min(2_000));
    if window > 0 {
        organic.extend(ranking.iter(None).filter(|ranked| taken.take(view, ranked.row)).take(depth));
    }
    if common.dithering > 1.0 {
        dither(&mut organic, common.dithering, seed(view, common));
    }
    if !diversified.is_empty() {
        organic = diversify(view, organic, &diversified, window);
    }
    let mut placed = boosts.merge(organic, window);
    placed.drain(..common.start.min(placed.len()));
    Ok(placed)
}

/// The page as an answer's `products`, with the underscored fields, and what is to be remembered of it.
pub(crate) fn answer(
    view: View<'_>,
    common: &Common<'_>,
    page: &[Placed],
    fields: impl Fn(&Placed, &mut Map<String, Value>),
) -> Answer {
    let mut answer = Answer::default();
    let mut products = Vec::with_capacity(page.len());
    for placed in page {
        let row = ProductRow(placed.ranked.row);
        let mut product = document::shown(view, row, common.fl);
        product.insert("_boosted".to_owned(), Value::from(placed.boosted));
        fields(placed, &mut product);
        if common.explain {
            product.insert("_explain".to_owned(), placed.ranked.explanation(view));
        }
        products.push(Value::Object(product));
        answer.shown.push(row);
    }
    answer.data.insert("products".to_owned(), Value::Array(products));
    answer
}

/// What is in the answer already.
#[derive(Default)]
struct Taken {
    dedupe: bool,
    rows: FxHashSet<u32>,
    groups: FxHashSet<u32>,
}

impl Taken {
    /// Whether the product may come in, which it then does: not twice, and one variant of a group only.
    fn take(&mut self, view: View<'_>, row: u32) -> bool {
        if self.rows.contains(&row) {
            return false;
        }
        let group = if self.dedupe { view.state.catalogue().group(ProductRow(row)) } else { None };
        if group.is_some_and(|group| !self.groups.insert(group)) {
            return false;
        }
        self.rows.insert(row)
    }
}

/// What the boosts put where.
#[derive(Default)]
struct Boosted {
    /// At the top, in this order.
    top: Vec<Ranked>,
    /// At these places (0-based), in rising order.
    placed: Vec<(usize, Ranked)>,
}

impl Boosted {
    /// The first `window` places: those taken by a boost, and between them the top, then the rest.
    ///
    /// Where the products run out before a boosted place is reached, those boosted move up.
    fn merge(self, organic: Vec<Ranked>, window: usize) -> Vec<Placed> {
        let mut merged: Vec<Placed> = Vec::with_capacity(window.min(2_000));
        let mut at_place = self.placed.into_iter().peekable();
        let top = self.top.into_iter().map(|ranked| Placed { ranked, boosted: true });
        let mut others = top.chain(organic.into_iter().map(|ranked| Placed { ranked, boosted: false }));
        while merged.len() < window {
            let due = at_place.peek().is_some_and(|&(place, _)| place <= merged.len());
            let next = if due { None } else { others.next() };
            match next.or_else(|| at_place.next().map(|(_, ranked)| Placed { ranked, boosted: true })) {
                Some(placed) => merged.push(placed),
                None => break,
            }
        }
        merged
    }
}

/// Applies the boosts in their order: the request's own, its rules, and those by distance. A product is boosted once,
/// a place is given once.
fn boosted(view: View<'_>, common: &Common<'_>, ranking: &Ranking<'_>, taken: &mut Taken) -> Result<Boosted, Refused> {
    let window = common.window();
    let mut boosted = Boosted::default();
    for (rows, positions) in boost_sets(view, common)? {
        let matches = ranking.iter(Some(&rows)).filter(|ranked| taken.take(view, ranked.row));
        match positions {
            None => {
                let left = window.saturating_sub(boosted.top.len());
                boosted.top.extend(matches.take(left));
            }
            Some(mut positions) => {
                positions.sort_unstable();
                positions.dedup();
                positions.retain(|&place| place < window && boosted.placed.iter().all(|&(taken, _)| taken != place));
                let many = positions.len();
                boosted.placed.extend(positions.into_iter().zip(matches.take(many)));
            }
        }
    }
    boosted.placed.sort_by_key(|&(place, _)| place);
    Ok(boosted)
}

type BoostSet = (RoaringBitmap, Option<Vec<usize>>);

fn boost_sets(view: View<'_>, common: &Common<'_>) -> Result<Vec<BoostSet>, Refused> {
    let mut sets = Vec::new();
    for rule in &common.boosts {
        let Some(fq) = &rule.boost_fq else { continue };
        let rows = scope::select(view, &scope::parse("boost_fq", fq)?)?;
        sets.push((rows, positions(&rule.boost_positions)));
    }
    for nearby in common.geo.iter().flat_map(|geo| geo.boost.iter().flatten()) {
        let rows = geo::within(view, nearby, view.state.catalogue().live(), "geo.boost")?;
        sets.push((rows, positions(&nearby.boost_positions)));
    }
    Ok(sets)
}

/// An empty list of positions means the top, as none does.
fn positions(positions: &Option<Vec<usize>>) -> Option<Vec<usize>> {
    positions.clone().filter(|positions| !positions.is_empty())
}

/// The fields to diversify by, with how many other products must stand between two with one value.
fn minimum_distances(common: &Common<'_>) -> Result<Vec<(String, usize)>, Refused> {
    let mut distances = Vec::new();
    for (field, rule) in common.diversification.into_iter().flatten() {
        let distance = match rule {
            Value::Object(rule) => match rule.get("minimum_distance") {
                None | Some(Value::Null) => Some(1),
                Some(distance) => distance.as_u64(),
            },
            _ => None,
        };
        match distance {
            Some(distance) => distances.push((field.clone(), (distance as usize).min(DIVERSIFICATION_DEPTH))),
            None => {
                let parameter = format!("diversification.{field}");
                let message = "It must be an object with a `minimum_distance` of 0 or more.".to_owned();
                return Err(Refused::invalid(&parameter, message));
            }
        }
    }
    Ok(distances)
}

/// Takes at each place the first product that shares no value with those just before it, or the first of all where
/// none of the next ones fits.
fn diversify(view: View<'_>, organic: Vec<Ranked>, distances: &[(String, usize)], window: usize) -> Vec<Ranked> {
    let with_values = |ranked: Ranked| {
        let body = document::read(view, ProductRow(ranked.row)).unwrap_or_default();
        let values = |field: &str| -> Vec<Value> { document::values(&body, field).into_iter().cloned().collect() };
        (ranked, distances.iter().map(|(field, _)| values(field)).collect::<Vec<_>>())
    };
    let mut waiting: Vec<(Ranked, Vec<Vec<Value>>)> = organic.into_iter().map(with_values).collect();
    let mut placed: Vec<(Ranked, Vec<Vec<Value>>)> = Vec::with_capacity(window.min(waiting.len()));
    while placed.len() < window && !waiting.is_empty() {
        let clashes = |(_, values): &(Ranked, Vec<Vec<Value>>)| {
            distances.iter().enumerate().any(|(index, &(_, distance))| {
                let before = placed.iter().rev().take(distance);
                before.into_iter().any(|(_, others)| others[index].iter().any(|value| values[index].contains(value)))
            })
        };
        let next = waiting.iter().take(DIVERSIFICATION_DEPTH).position(|candidate| !clashes(candidate)).unwrap_or(0);
        placed.push(waiting.remove(next));
    }
    placed.into_iter().map(|(ranked, _)| ranked).collect()
}

/// The same noise for every page of one `pagination_id`.
fn seed(view: View<'_>, common: &Common<'_>) -> u64 {
    match common.pagination_id {
        // FNV-1a: short, and the same on every machine.
        Some(id) => id
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)),
        None => view.seed,
    }
}

/// Sorts by `ln(rank) + N(0, ln dithering)`: good places change little, far ones much.
fn dither(ranked: &mut Vec<Ranked>, dithering: f64, seed: u64) {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    // 53 random bits in (0, 1]: the logarithm below needs more than 0.
    let mut uniform = move || ((random.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64;
    let deviation = dithering.ln();
    let mut noised: Vec<(f64, Ranked)> = ranked
        .drain(..)
        .enumerate()
        .map(|(index, ranked)| {
            // Box–Muller.
            let normal = (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
            (((index + 1) as f64).ln() + deviation * normal, ranked)
        })
        .collect();
    noised.sort_by(|a, b| a.0.total_cmp(&b.0));
    ranked.extend(noised.into_iter().map(|(_, ranked)| ranked));
}

/// Adds `_personalization_score`.
pub(crate) fn with_personalization_score(placed: &Placed, product: &mut Map<String, Value>) {
    product.insert("_personalization_score".to_owned(), number(placed.ranked.personalization_score()));
}

/// A score as JSON, rounded to six significant places behind the point: more would be noise.
pub(crate) fn number(score: f32) -> Value {
    Value::from((f64::from(score) * 1e6).round() / 1e6)
}
