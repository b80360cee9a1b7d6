use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

use crate::common::{Common, at_most_many};
use crate::explanation::{Explainer, Makeup};
use crate::limits::ANCHORS_MAX;
use crate::rank::{Layer, Ranked, Ranking, Standing, personal_scores};
use crate::scope::{Stock, allowed};
use crate::{Answer, Refused, View, content, request, rules, signals};

/// What the person's taste and the popularity add to the relation to the anchors, which is at most 1.
const PERSONAL_SHARE: f32 = 0.15;
const POPULARITY_SHARE: f32 = 0.05;
/// What likeness of content counts against shared history.
const CONTENT_SHARE: f32 = 0.2;
/// Of fewer related products too little is known, and content helps. The same for every page, so that pages fit together.
const RELATED_ENOUGH: usize = 100;

/// Finds products related to the anchors and of interest to the person (contract, "Recommendations").
///
/// The anchors are left out, and with `dedupe_product_group_id` the other variants of their groups too. Anchors of which
/// the model knows too little are helped by products of the same category and brand. With `buy_together`, what is bought
/// with the anchors comes first, and what is only related to them after it.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should, or where there is no anchor at all.
pub fn product_to_products(view: View<'_>, request: &request::ProductToProducts) -> Result<Answer, Refused> {
    let common = Common::of_product(request)?;
    let anchors = anchors(view, request)?;
    let known = signals::known(view, &common)?;
    let allowed = allowed(view, &common, Stock::Available)? - left_out(view, &anchors, common.dedupe);
    let relations = relations(view, &anchors, request.buy_together.unwrap_or(false), &allowed);
    let personal = personal_scores(view, &known);
    let most = personal.values().copied().fold(f32::MIN_POSITIVE, f32::max);
    let standing = Standing::new(view);
    let scored = relations
        .into_iter()
        .map(|(row, relevance)| {
            let personal = personal.get(&row).copied().unwrap_or(0.0);
            let score = relevance + PERSONAL_SHARE * personal / most + POPULARITY_SHARE * standing.popularity(row);
            Ranked { row, score, personal, relevance, layer: Layer::Anchors }
        })
        .collect();
    let ranking = Ranking::filled(view, scored, vec![allowed]);
    let page = rules::page(view, &common, &ranking)?;
    let explainer = Explainer::new(view, &common, &known, view.state.catalogue().offered()).of_anchors(&anchors);
    let makeup = |ranked: &Ranked| match ranked.layer {
        Layer::Anchors => Makeup {
            relation: ranked.relevance,
            personal: PERSONAL_SHARE * ranked.personal / most,
            popularity: POPULARITY_SHARE * standing.popularity(ranked.row),
            ..Makeup::default()
        },
        _ => Makeup::default(),
    };
    Ok(rules::answer(view, &common, &page, |placed, product| {
        rules::with_personalization_score(placed, product);
        explainer.add(placed, makeup, product);
    }))
}

/// The rows of the anchors, in the order of the request; of a group all its products. Unknown ids are no error: the
/// product may come later, and the answer is popular products until then.
fn anchors(view: View<'_>, request: &request::ProductToProducts) -> Result<Vec<u32>, Refused> {
    let ids: Vec<&String> = request.product_id.iter().chain(request.product_ids.iter().flatten()).collect();
    let groups: Vec<&String> =
        request.product_group_id.iter().chain(request.product_group_ids.iter().flatten()).collect();
    if ids.is_empty() && groups.is_empty() {
        let message = "Name an anchor: one of `product_id`, `product_ids`, `product_group_id`, `product_group_ids`.";
        return Err(Refused::invalid("product_id", message.to_owned()));
    }
    at_most_many("product_ids", ids.len(), ANCHORS_MAX)?;
    at_most_many("product_group_ids", groups.len(), ANCHORS_MAX)?;
    let catalogue = view.state.catalogue();
    let mut rows: Vec<u32> = ids.into_iter().filter_map(|id| catalogue.row(id)).map(|row| row.0).collect();
    for group in groups.into_iter().filter_map(|group| catalogue.group_named(group)) {
        rows.extend(catalogue.group_members(group).iter().map(|row| row.0));
    }
    rows.truncate(ANCHORS_MAX);
    Ok(rows)
}

fn left_out(view: View<'_>, anchors: &[u32], dedupe: bool) -> RoaringBitmap {
    let mut rows: RoaringBitmap = anchors.iter().copied().collect();
    if dedupe {
        let catalogue = view.state.catalogue();
        for group in anchors.iter().filter_map(|&row| catalogue.group(state::ProductRow(row))) {
            rows.extend(catalogue.group_members(group).iter().map(|row| row.0));
        }
    }
    rows
}

/// The allowed products related to the anchors, with the relation in (0, 1]; with `buy_together` those bought together
/// are above 1.
fn relations(view: View<'_>, anchors: &[u32], buy_together: bool, allowed: &RoaringBitmap) -> FxHashMap<u32, f32> {
    let mut relations: FxHashMap<u32, f32> = FxHashMap::default();
    if let Some(model) = view.model {
        add(&mut relations, anchors.iter().map(|&anchor| model.related(anchor)), allowed, 0.0);
        if buy_together {
            let mut together: FxHashMap<u32, f32> = FxHashMap::default();
            add(&mut together, anchors.iter().map(|&anchor| model.bought_together(anchor)), allowed, 2.0);
            relations.extend(together);
        }
    }
    if relations.len() < RELATED_ENOUGH {
        for &anchor in anchors.iter().take(3) {
            for (row, likeness) in content::alike(view, anchor, allowed) {
                relations.entry(row).or_insert(CONTENT_SHARE * likeness);
            }
        }
    }
    relations
}

/// Adds the neighbours of all anchors up, scales the greatest sum to 1, and lifts all by `above`.
fn add<'a>(
    relations: &mut FxHashMap<u32, f32>,
    neighbours: impl Iterator<Item = &'a [(u32, f32)]>,
    allowed: &RoaringBitmap,
    above: f32,
) {
    for &(row, similarity) in neighbours.flatten() {
        if allowed.contains(row) {
            *relations.entry(row).or_insert(0.0) += similarity;
        }
    }
    let most = relations.values().copied().fold(f32::MIN_POSITIVE, f32::max);
    for relation in relations.values_mut() {
        *relation = above + *relation / most;
    }
}
