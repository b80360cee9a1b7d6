//! What is wanted by people like this one and in a place like this: cohorts, campaign, referrer, locale, region, custom context.
//!
//! Within a segment of weight `N` a product of weight `n` is wanted `(n + m·p + a) / ((N + m)·p + a)` times as much as everywhere, where `p`
//! is its share everywhere, `m` the weight that the segment is doubted with, and `a` that of a product: a segment of few people changes
//! little, and so does a single act on a product that nobody else wants. Several segments multiply, as if they were independent, within
//! bounds.

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use serde_json::Value;
use state::{ProductRow, Wanted};

use crate::View;
use crate::common::Common;
use crate::rank::{Layer, Ranked};
use crate::signals::Known;

/// The weight with which a segment's shares are doubted: some ten views.
const DOUBT: f32 = 10.0;
/// The weight with which a product's own weight there is doubted.
const PRODUCT_DOUBT: f32 = 3.0;
/// The bounds of the logarithm of what all segments together change.
const LEAST: f32 = -1.5;
const MOST: f32 = 2.5;
/// With so many observations in the person's own history, which says more than any group, half of it counts.
const HALF_AT_OBSERVATIONS: f32 = 3.0;
/// Segments of one question.
const SEGMENTS_MAX: usize = 12;
/// Products of segments that become candidates beside those of the model, those most out of the ordinary.
const CANDIDATES_MAX: usize = 100;

/// The factors of one question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    /// The logarithm of what a product gains by its weight in the segments.
    log_by_row: FxHashMap<u32, f32>,
    /// The weights of the segments.
    totals: Vec<f32>,
    /// The weight of everything.
    everything: f32,
    share: f32,
}

impl Context {
    /// For the person and the parameters of a question.
    pub(crate) fn of(view: View<'_>, common: &Common<'_>, observations: usize) -> Context {
        let segments = view.state.segments();
        let mut wanted: Vec<Wanted> = Vec::new();
        for (name, value) in common.user_cohort.into_iter().flatten() {
            wanted.extend(segments.cohort(name, value, view.now));
        }
        for (name, value) in common.custom_context.into_iter().flatten() {
            match value {
                Value::Object(parts) => {
                    let parts = parts.iter();
                    wanted.extend(
                        parts.filter_map(|(part, value)| segments.context(&format!("{name}.{part}"), value, view.now)),
                    );
                }
                value => wanted.extend(segments.context(name, value, view.now)),
            }
        }
        if let Some(visitor) = view.state.people().visitor(common.person.user_id, common.person.anonymous_id) {
            wanted.extend(segments.of_visitor(visitor, view.now));
        }
        wanted.truncate(SEGMENTS_MAX);
        let share = 1.0 / (1.0 + observations as f32 / HALF_AT_OBSERVATIONS);
        let everything = segments.total(view.now).max(f32::MIN_POSITIVE);
        let totals = wanted.iter().map(|wanted| wanted.total).collect();
        let mut context = Context { log_by_row: FxHashMap::default(), totals, everything, share };
        for (ProductRow(row), weight) in wanted.into_iter().flat_map(|wanted| wanted.by_product) {
            let expected = DOUBT * context.share_of(view, row) + PRODUCT_DOUBT;
            *context.log_by_row.entry(row).or_insert(0.0) += (1.0 + weight / expected).ln();
        }
        context
    }

    /// The share that the product has of everything.
    fn share_of(&self, view: View<'_>, row: u32) -> f32 {
        view.state.trends().popularity(ProductRow(row), view.now) / self.everything
    }

    /// By how much to multiply the score of this product.
    fn factor(&self, view: View<'_>, row: u32) -> f32 {
        if self.log_by_row.is_empty() {
            return 1.0;
        }
        let share = self.share_of(view, row);
        let expected = DOUBT * share + PRODUCT_DOUBT;
        let absent = self.totals.iter().map(|total| (expected / (expected + total * share)).ln());
        let log = absent.sum::<f32>() + self.log_by_row.get(&row).copied().unwrap_or(0.0);
        (self.share * log.clamp(LEAST, MOST)).exp()
    }

    /// The products most out of the ordinary here.
    fn candidates(&self, allowed: &RoaringBitmap) -> Vec<u32> {
        let mut rows: Vec<(f32, u32)> =
            self.log_by_row.iter().filter(|(row, _)| allowed.contains(**row)).map(|(row, log)| (*log, *row)).collect();
        rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        rows.into_iter().take(CANDIDATES_MAX).map(|(_, row)| row).collect()
    }
}

/// By how much the score of a product is multiplied for what is known beside the history: the context, and what was shown and left.
pub(crate) fn factor(view: View<'_>, known: &Known, row: u32) -> f32 {
    known.context.factor(view, row) * (1.0 - known.passed_over.get(&row).copied().unwrap_or(0.0))
}

/// Multiplies scores, and adds what is wanted here and not among them; `prior` is the score of a product of which only its popularity is
/// known.
pub(crate) fn apply(
    view: View<'_>,
    known: &Known,
    allowed: &RoaringBitmap,
    prior: impl Fn(u32) -> f32,
    scored: &mut Vec<Ranked>,
) {
    if known.context.log_by_row.is_empty() && known.passed_over.is_empty() {
        return;
    }
    let held: RoaringBitmap = scored.iter().map(|ranked| ranked.row).collect();
    for row in known.context.candidates(allowed).into_iter().filter(|row| !held.contains(*row)) {
        let score = prior(row);
        scored.push(Ranked { row, score, personal: 0.0, relevance: 0.0, layer: Layer::Popular });
    }
    for ranked in scored.iter_mut() {
        ranked.score *= factor(view, known, ranked.row);
    }
}
