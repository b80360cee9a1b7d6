//! The business rules: one variant per group, boosts, diversification, dithering, the page.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use serde_json::{Map, Value};
use state::ProductRow;

use crate::common::Common;
use crate::rank::{Ranked, Ranking};
use crate::{Answer, Refused, View, anchoring, continuation, document, geo, scope};

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
pub(crate) fn page(view: View<'_>, common: &Common<'_>, ranking: &Ranking<'_>) -> Result<Page, Refused> {
    let kept = continuation::kept(view, common);
    let mut taken = Taken { dedupe: common.dedupe, ..Taken::default() };
    for row in kept {
        taken.take(view, row.0);
    }
    // What follows the pages before is ranked anew, and its places are counted from their end.
    let follows = kept.len();
    let depth_of_anchors = if common.anchoring.is_empty() { 0 } else { anchoring::DEPTH };
    let window = common.window().saturating_sub(follows) + depth_of_anchors;
    let boosts = boosted(view, common, ranking, (follows, window), &mut taken)?;
    let diversified = diversity(common)?;
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
    anchoring::apply(view, common, ranking, &mut placed);
    placed.truncate(window - depth_of_anchors);
    let listed = match common.pagination_id {
        Some(_) => kept.iter().copied().chain(placed.iter().map(|placed| ProductRow(placed.ranked.row))).collect(),
        None => Vec::new(),
    };
    placed.drain(..common.start.saturating_sub(follows).min(placed.len()));
    let mut page = continuation::again(view, common, ranking);
    page.append(&mut placed);
    Ok(Page { placed: page, listed })
}

/// A page of an answer.
pub(crate) struct Page {
    /// Its products.
    pub(crate) placed: Vec<Placed>,
    /// As in [`Answer::listed`].
    listed: Vec<ProductRow>,
}

/// The page as an answer's `products`, with the underscored fields, and what is to be remembered of it.
pub(crate) fn answer(
    view: View<'_>,
    common: &Common<'_>,
    page: &Page,
    fields: impl Fn(&Placed, &mut Map<String, Value>),
) -> Answer {
    let mut answer = Answer { listed: page.listed.clone(), ..Answer::default() };
    let mut products = Vec::with_capacity(page.placed.len());
    for placed in &page.placed {
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
fn boosted(
    view: View<'_>,
    common: &Common<'_>,
    ranking: &Ranking<'_>,
    (follows, window): (usize, usize),
    taken: &mut Taken,
) -> Result<Boosted, Refused> {
    let mut boosted = Boosted::default();
    for (rows, positions) in boost_sets(view, common)? {
        let matches = ranking.iter(Some(&rows)).filter(|ranked| taken.take(view, ranked.row));
        match positions {
            None => {
                let left = window.saturating_sub(boosted.top.len());
                boosted.top.extend(matches.take(left));
            }
            Some(mut positions) => {
                positions = positions.iter().filter_map(|place| place.checked_sub(follows)).collect();
                positions.sort_unstable();
                positions.dedup();
                positions.retain(|&place| boosted.placed.iter().all(|&(taken, _)| taken != place));
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

/// How products that share a value of a field are to stand.
struct Diversity {
    field: String,
    /// So many others between two of them.
    distance: usize,
    /// Side by side instead.
    together: bool,
}

fn diversity(common: &Common<'_>) -> Result<Vec<Diversity>, Refused> {
    let mut rules = Vec::new();
    for (field, rule) in common.diversification.into_iter().flatten() {
        let member = |name: &str| rule.get(name).filter(|value| !value.is_null());
        let distance = member("minimum_distance").map_or(Some(1), Value::as_u64);
        let together = member("always_together").map_or(Some(false), Value::as_bool);
        let (true, Some(distance), Some(together)) = (rule.is_object(), distance, together) else {
            let parameter = format!("diversification.{field}");
            let message =
                "It must be an object with a `minimum_distance` of 0 or more, or with `always_together` true or false.";
            return Err(Refused::invalid(&parameter, message.to_owned()));
        };
        let distance = usize::try_from(distance).unwrap_or(usize::MAX).min(DIVERSIFICATION_DEPTH);
        rules.push(Diversity { field: field.clone(), distance, together });
    }
    Ok(rules)
}

/// Takes at each place the first product that shares no value with those just before it, or the first of all where none of the
/// next ones fits. After a product whose like are to stand together, these come first, in their order.
fn diversify(view: View<'_>, organic: Vec<Ranked>, rules: &[Diversity], window: usize) -> Vec<Ranked> {
    type Valued = (Ranked, Vec<Vec<Value>>);
    let with_values = |ranked: Ranked| {
        let body = document::read(view, ProductRow(ranked.row)).unwrap_or_default();
        let values = |field: &str| -> Vec<Value> { document::values(&body, field).into_iter().cloned().collect() };
        (ranked, rules.iter().map(|rule| values(&rule.field)).collect::<Vec<_>>())
    };
    let share = |a: &[Value], b: &[Value]| a.iter().any(|value| b.contains(value));
    let mut waiting: Vec<Valued> = organic.into_iter().map(with_values).collect();
    let mut placed: Vec<Valued> = Vec::with_capacity(window.min(waiting.len()));
    while placed.len() < window && !waiting.is_empty() {
        let clashes = |(_, values): &Valued| {
            rules.iter().enumerate().filter(|(_, rule)| !rule.together).any(|(index, rule)| {
                placed.iter().rev().take(rule.distance).any(|(_, others)| share(&others[index], &values[index]))
            })
        };
        let belongs = |(_, values): &Valued| {
            let Some((_, last)) = placed.last() else { return false };
            let mut together = rules.iter().enumerate().filter(|(_, rule)| rule.together);
            together.any(|(index, _)| share(&last[index], &values[index]))
        };
        let near = || waiting.iter().take(DIVERSIFICATION_DEPTH);
        let next = near()
            .position(|candidate| belongs(candidate) && !clashes(candidate))
            .or_else(|| near().position(belongs))
            .or_else(|| near().position(|candidate| !clashes(candidate)))
            .unwrap_or(0);
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
