//! The ranking of candidates, and the layers of fallback.
//!
//! A ranking is a sequence of layers, read only as far as an answer needs:
//!
//! 1. candidates with a score: products related to the person's history (or to the anchors, or found by words), blended
//!    with how popular each is and how it rises; where the model knows nothing of the latest products of the history,
//!    products of the same category and brand stand in;
//! 2. the other allowed products by popularity, as the server keeps the order; equally popular ones, and all where the
//!    log is empty, the newest first;
//! 3. the other allowed products, the newest first: those that came after that order was made.
//!
//! So an answer is full whenever enough products are allowed, and a missing model, an unknown person or an empty log only
//! mean that it begins at a later layer.

use std::cmp::Ordering;
use std::sync::OnceLock;

use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};
use state::ProductRow;

use crate::explanation::Makeup;
use crate::signals::Known;
use crate::{View, content, context};

/// The most popular allowed products that compete with the related ones by score.
const POPULAR_CANDIDATES_MAX: usize = 200;
/// Up to so many allowed products are ranked by looking at each; with more, walking down the popularity order finds
/// enough of them soon.
const FEW: u64 = 2_000;
/// Of many products those that are put in order at once; few people page further.
const SORTED_AT_FIRST: usize = 2_000;
/// What likeness of content counts against what the model says, which is at most 1.
const CONTENT_SHARE: f32 = 0.5;
/// What the popularity and the rise of a product add to its relation to the person, which is at most 1. On MovieLens
/// anything from 0.2 to 3 helped about the same (nDCG@10 on validation 0.150 to 0.152–0.161); little keeps answers personal.
const POPULARITY_SHARE: f32 = 0.3;
const RISE_SHARE: f32 = 0.1;
/// The products of a history, the latest first, for which content stands in where the model knows nothing.
const CONTENT_ANCHORS_MAX: usize = 3;

/// Why a product is where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// Related to what the person did.
    History,
    /// Related to the anchors.
    Anchors,
    /// Found by the words of a search.
    Text,
    /// Rising now.
    Rising,
    /// Popular.
    Popular,
    /// New.
    Newest,
}

impl Layer {
    fn name(self) -> &'static str {
        match self {
            Layer::History => "history",
            Layer::Anchors => "anchors",
            Layer::Text => "text",
            Layer::Rising => "rising",
            Layer::Popular => "popular",
            Layer::Newest => "newest",
        }
    }
}

/// A product in a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) row: u32,
    /// What the order goes by.
    pub(crate) score: f32,
    /// The chance that the person wants it next; 0 where nothing is known.
    pub(crate) personal: f32,
    /// The score of the text, for a search; of the relation to the anchors; else 0.
    pub(crate) relevance: f32,
    pub(crate) layer: Layer,
}

impl Ranked {
    /// The chance in [0, 1] that this is what the person wants next, as often as the model's saying so came true; 0 where
    /// nothing is known.
    pub(crate) fn personalization_score(&self) -> f32 {
        self.personal.clamp(0.0, 1.0)
    }

    /// What `_explain` says.
    pub(crate) fn explanation(&self, view: View<'_>) -> Value {
        let row = ProductRow(self.row);
        json!({
            "layer": self.layer.name(),
            "score": self.score,
            "personal": self.personal,
            "relevance": self.relevance,
            "popularity": view.state.trends().popularity(row, view.present()),
            "rise": view.state.trends().rise(row, view.present()),
        })
    }
}

/// Best first; ties by row, the newest first as in the popularity order, so that no answer depends on the order in which
/// candidates were found.
pub(crate) fn sort(ranked: &mut [Ranked]) {
    ranked.sort_unstable_by(order);
}

fn order(a: &Ranked, b: &Ranked) -> Ordering {
    b.score.total_cmp(&a.score).then(b.row.cmp(&a.row))
}

/// How popular a product is and how it rises, on the scale of 0 to 1.
#[derive(Clone, Copy)]
pub(crate) struct Standing<'a> {
    view: View<'a>,
    /// `ln(1 + popularity)` of the most popular product; not 0.
    top: f32,
}

impl<'a> Standing<'a> {
    pub(crate) fn new(view: View<'a>) -> Standing<'a> {
        let top = view.popular.first().map_or(0.0, |&row| view.state.trends().popularity(row, view.present()));
        Standing { view, top: top.ln_1p().max(f32::MIN_POSITIVE) }
    }

    /// Logarithmic: from 10 to 100 interactions is as far as from 100 to 1,000.
    pub(crate) fn popularity(self, row: u32) -> f32 {
        let popularity = self.view.state.trends().popularity(ProductRow(row), self.view.present());
        (popularity.max(0.0).ln_1p() / self.top).min(1.0)
    }

    pub(crate) fn rise(self, row: u32) -> f32 {
        let rise = self.view.state.trends().rise(ProductRow(row), self.view.present()).max(0.0);
        rise / (1.0 + rise)
    }

    fn prior(self, row: u32) -> f32 {
        POPULARITY_SHARE * self.popularity(row) + RISE_SHARE * self.rise(row)
    }

    /// What [`Ranking::for_visitor`] made the score of: all of it is taste where the model spoke, which weighs popularity, too.
    pub(crate) fn makeup_for_visitor(self, known: &Known, ranked: &Ranked) -> Makeup {
        let factor = context::factor(self.view, known, ranked.row);
        let before = Ranked { score: ranked.score / factor, ..*ranked };
        let makeup = self.makeup_without_context(known, &before);
        if factor > 1.0 {
            return Makeup { context: ranked.score - before.score, ..makeup };
        }
        let Makeup { personal, relation, text, popularity, rise, clicks, context } = makeup;
        let [personal, relation, text] = [personal, relation, text].map(|part| part * factor);
        let [popularity, rise, clicks] = [popularity, rise, clicks].map(|part| part * factor);
        Makeup { personal, relation, text, popularity, rise, clicks, context }
    }

    fn makeup_without_context(self, known: &Known, ranked: &Ranked) -> Makeup {
        let is_modelled = has_answer_for(self.view, known).is_some();
        if is_modelled && ranked.personal > 0.0 {
            return Makeup { personal: ranked.score, ..Makeup::default() };
        }
        self.makeup_for_person(ranked)
    }

    /// What [`Ranking::for_person`] made the score of.
    pub(crate) fn makeup_for_person(self, ranked: &Ranked) -> Makeup {
        if ranked.score <= 0.0 {
            return Makeup::default();
        }
        let popularity = POPULARITY_SHARE * self.popularity(ranked.row);
        let rise = RISE_SHARE * self.rise(ranked.row);
        let personal = if ranked.personal > 0.0 { ranked.score - popularity - rise } else { 0.0 };
        Makeup { personal, popularity, rise, ..Makeup::default() }
    }
}

/// The model, where it can rank for this visitor: of strangers an unmeasured one knows no more than the live popularity does.
fn has_answer_for<'a>(view: View<'a>, known: &Known) -> Option<&'a recommend::Model> {
    view.model.filter(|model| !known.observations.is_empty() || model.metrics().cases > 0)
}

/// The chance of products to be what the person wants next: what the model says of the live history, and where it knows
/// nothing of the latest products, their content.
pub(crate) fn personal_scores(view: View<'_>, known: &Known) -> FxHashMap<u32, f32> {
    personal_scores_among(view, known, view.state.catalogue().offered())
}

/// As [`personal_scores`], of the `allowed` products only.
fn personal_scores_among(view: View<'_>, known: &Known, allowed: &RoaringBitmap) -> FxHashMap<u32, f32> {
    let PersonalParts { model, content, .. } = personal_parts(view, known, allowed);
    let mut scores: FxHashMap<u32, f32> = model.into_iter().collect();
    for (row, score) in content {
        *scores.entry(row).or_insert(0.0) += score;
    }
    scores
}

/// What personal scores are the sum of.
#[derive(Default)]
pub(crate) struct PersonalParts {
    /// What the model says, best first.
    pub(crate) model: Vec<(u32, f32)>,
    /// What likeness to the latest products adds, of which the model knows nothing.
    pub(crate) content: FxHashMap<u32, f32>,
    /// Those latest products.
    pub(crate) anchors: Vec<u32>,
}

/// The two parts of [`personal_scores`], of the `allowed` products only.
pub(crate) fn personal_parts(view: View<'_>, known: &Known, allowed: &RoaringBitmap) -> PersonalParts {
    let mut parts = PersonalParts::default();
    let mut most = 1.0;
    if let Some(model) = view.model.filter(|_| !known.observations.is_empty()) {
        parts.model = chances(model, &known.observations, view, allowed);
        most = parts.model.first().map_or(1.0, |&(_, chance)| chance);
    }
    let unknown_to_model = |row: u32| view.model.is_none_or(|model| model.related(row).is_empty());
    let mut anchors: Vec<u32> = Vec::new();
    for observation in known.observations.iter().rev().take(CONTENT_ANCHORS_MAX) {
        if observation.weight > 0.0 && unknown_to_model(observation.product) && !anchors.contains(&observation.product)
        {
            anchors.push(observation.product);
        }
    }
    for (place, &anchor) in anchors.iter().enumerate() {
        // The latest product says most.
        let share = most * CONTENT_SHARE / (1.0 + place as f32);
        for (row, likeness) in content::alike(view, anchor, allowed) {
            *parts.content.entry(row).or_insert(0.0) += share * likeness;
        }
    }
    parts.anchors = anchors;
    parts
}

/// The model's chances of the `allowed` products to be what whoever did this wants next, best first.
fn chances(
    model: &recommend::Model,
    observations: &[recommend::Observation],
    view: View<'_>,
    allowed: &RoaringBitmap,
) -> Vec<(u32, f32)> {
    let mut list = model.score_allowed(observations, view.now.0, &|row| allowed.contains(row));
    list.iter_mut().for_each(|(_, score)| *score = model.likelihood(*score));
    list
}

/// A ranking: what has a score, and then, unless it is closed, the other allowed products by popularity.
pub(crate) struct Ranking<'a> {
    view: View<'a>,
    scored: Vec<Ranked>,
    /// Those after them, in no order.
    rest: Vec<Ranked>,
    /// The same in their order, from when somebody comes so far.
    rest_in_order: OnceLock<Vec<Ranked>>,
    /// What the later layers are taken from, one set after the other; empty where nothing but the scored ones may be
    /// shown.
    fills: Vec<RoaringBitmap>,
}

impl<'a> Ranking<'a> {
    /// `scored` in the order given, and nothing else.
    pub(crate) fn in_order(view: View<'a>, scored: Vec<Ranked>) -> Ranking<'a> {
        Ranking { view, scored, rest: Vec::new(), rest_in_order: OnceLock::new(), fills: Vec::new() }
    }

    /// `scored` by score, then all others of the `fills`, set after set.
    pub(crate) fn filled(view: View<'a>, mut scored: Vec<Ranked>, fills: Vec<RoaringBitmap>) -> Ranking<'a> {
        sort(&mut scored);
        Ranking { view, scored, rest: Vec::new(), rest_in_order: OnceLock::new(), fills }
    }

    /// `scored` by score, and nothing else. They may be many: only those at the top are put in order at once.
    pub(crate) fn of_many(view: View<'a>, mut scored: Vec<Ranked>) -> Ranking<'a> {
        let mut rest = Vec::new();
        if scored.len() > SORTED_AT_FIRST {
            scored.select_nth_unstable_by(SORTED_AT_FIRST, order);
            rest = scored.split_off(SORTED_AT_FIRST);
        }
        sort(&mut scored);
        Ranking { view, scored, rest, rest_in_order: OnceLock::new(), fills: Vec::new() }
    }

    /// For a visitor: the `allowed` products in the order of the model, which weighs popularity too; what became popular
    /// after it was trained, among them by its popularity; then the rest. For a stranger without a model that was
    /// measured, the most popular ones.
    ///
    /// All that multiplied by what the context and the cohort say of each.
    pub(crate) fn for_visitor(view: View<'a>, known: &Known, allowed: RoaringBitmap) -> Ranking<'a> {
        let mut ranking = Ranking::without_context(view, known, allowed.clone());
        let standing = Standing::new(view);
        context::apply(view, known, &allowed, |row| standing.prior(row), &mut ranking.scored);
        sort(&mut ranking.scored);
        ranking
    }

    fn without_context(view: View<'a>, known: &Known, allowed: RoaringBitmap) -> Ranking<'a> {
        let stranger = known.observations.is_empty();
        let Some(model) = has_answer_for(view, known) else {
            let personal = personal_scores_among(view, known, &allowed);
            return Ranking::for_person(view, &personal, allowed);
        };
        let PersonalParts { model: mut personal, content, .. } = if stranger {
            PersonalParts { model: chances(model, &[], view, &allowed), ..PersonalParts::default() }
        } else {
            personal_parts(view, known, &allowed)
        };
        if !content.is_empty() {
            let mut content = content;
            for (row, chance) in &mut personal {
                *chance += content.remove(row).unwrap_or(0.0);
            }
            personal.extend(content);
        }
        let layer = if stranger { Layer::Popular } else { Layer::History };
        let most = personal.iter().fold(f32::MIN_POSITIVE, |most, &(_, personal)| personal.max(most));
        let ranked =
            |&(row, personal): &(u32, f32)| Ranked { row, score: personal / most, personal, relevance: 0.0, layer };
        let mut scored: Vec<Ranked> = personal.iter().map(ranked).collect();
        let popular = popular_among(view, &allowed).take(POPULAR_CANDIDATES_MAX);
        let unknown: Vec<u32> = popular.filter(|&row| !model.knows(row)).collect();
        if !unknown.is_empty() {
            let standing = Standing::new(view);
            let named: FxHashSet<u32> = personal.iter().map(|&(row, _)| row).collect();
            for row in unknown.into_iter().filter(|row| !named.contains(row)) {
                let score = standing.prior(row);
                scored.push(Ranked { row, score, personal: 0.0, relevance: 0.0, layer: Layer::Popular });
            }
        }
        Ranking::filled(view, scored, vec![allowed])
    }

    /// For a person: those related and the most popular ones of `allowed` by a blended score, then the rest of it.
    pub(crate) fn for_person(view: View<'a>, personal: &FxHashMap<u32, f32>, allowed: RoaringBitmap) -> Ranking<'a> {
        let standing = Standing::new(view);
        let most = personal.values().copied().fold(f32::MIN_POSITIVE, f32::max);
        let mut scored = Vec::with_capacity(personal.len() + POPULAR_CANDIDATES_MAX);
        for (&row, &score) in personal {
            if allowed.contains(row) {
                let blended = score / most + standing.prior(row);
                scored.push(Ranked { row, score: blended, personal: score, relevance: 0.0, layer: Layer::History });
            }
        }
        for row in popular_among(view, &allowed).take(POPULAR_CANDIDATES_MAX) {
            if !personal.contains_key(&row) {
                let score = standing.prior(row);
                scored.push(Ranked { row, score, personal: 0.0, relevance: 0.0, layer: Layer::Popular });
            }
        }
        Ranking::filled(view, scored, vec![allowed])
    }

    /// With `rows` after everything else.
    pub(crate) fn then(mut self, rows: RoaringBitmap) -> Ranking<'a> {
        self.fills.push(rows);
        self
    }

    /// The products in their order, each once; only those `within` where given.
    pub(crate) fn iter<'b>(&'b self, within: Option<&'b RoaringBitmap>) -> impl Iterator<Item = Ranked> + 'b {
        let mut taken: FxHashSet<u32> = FxHashSet::default();
        let allowed = move |rows: &RoaringBitmap| within.map_or_else(|| rows.clone(), |within| rows & within);
        let fills = self.fills.iter().flat_map(move |rows| Filler::new(self.view, allowed(rows)));
        let rest = std::iter::once_with(|| {
            self.rest_in_order.get_or_init(|| {
                let mut rest = self.rest.clone();
                sort(&mut rest);
                rest
            })
        });
        let scored = self.scored.iter().chain(rest.flatten());
        let scored = scored.copied().filter(move |ranked| within.is_none_or(|rows| rows.contains(ranked.row)));
        scored.chain(fills).filter(move |ranked| taken.insert(ranked.row))
    }
}

/// The allowed products by popularity, then those that the popularity order lacks, the newest first.
struct Filler<'a> {
    allowed: RoaringBitmap,
    /// When they are few: all of them, by popularity.
    few: Option<std::vec::IntoIter<u32>>,
    /// When they are many: the kept order, read so far.
    popular: std::slice::Iter<'a, ProductRow>,
    newest: Option<std::vec::IntoIter<u32>>,
}

impl<'a> Filler<'a> {
    fn new(view: View<'a>, allowed: RoaringBitmap) -> Filler<'a> {
        let few = (allowed.len() <= FEW).then(|| popular_among_few(view, &allowed).into_iter());
        Filler { allowed, few, popular: view.popular.iter(), newest: None }
    }
}

impl Iterator for Filler<'_> {
    type Item = Ranked;

    fn next(&mut self) -> Option<Ranked> {
        let ranked = |row, layer| Ranked { row, score: 0.0, personal: 0.0, relevance: 0.0, layer };
        if let Some(few) = &mut self.few {
            return few.next().map(|row| ranked(row, Layer::Popular));
        }
        let allowed = &self.allowed;
        if let Some(row) = self.popular.find(|row| allowed.contains(row.0)) {
            return Some(ranked(row.0, Layer::Popular));
        }
        let newest = self.newest.get_or_insert_with(|| {
            let mut rows: Vec<u32> = allowed.iter().collect();
            rows.reverse();
            rows.into_iter()
        });
        newest.next().map(|row| ranked(row, Layer::Newest))
    }
}

/// The products `among`, the most popular first; when they are many, only those in the kept popularity order.
pub(crate) fn popular_among<'a>(view: View<'a>, among: &'a RoaringBitmap) -> impl Iterator<Item = u32> + 'a {
    let few = (among.len() <= FEW).then(|| popular_among_few(view, among));
    let many = few.is_none().then(|| view.popular.iter().map(|row| row.0).filter(|&row| among.contains(row)));
    few.into_iter().flatten().chain(many.into_iter().flatten())
}

fn popular_among_few(view: View<'_>, among: &RoaringBitmap) -> Vec<u32> {
    let mut rows: Vec<(f64, u32)> =
        among.iter().map(|row| (view.state.trends().popularity_order(ProductRow(row)), row)).collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    rows.into_iter().map(|(_, row)| row).collect()
}
