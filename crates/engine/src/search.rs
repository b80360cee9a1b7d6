use ::search::{Best, Found, Hit, MatchedField, TextQuery, best_first, limits};
use query::Filter;
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};
use state::ProductRow;

use crate::common::Common;
use crate::explanation::{Explainer, Makeup};
use crate::query_lift::QueryLift;
use crate::rank::{Layer, Ranked, Ranking, Standing, personal_scores};
use crate::scope::{Stock, allowed, select};
use crate::spelling::{self, Spelling};
use crate::{Answer, Refused, View, document, facets, meaning, order, request, rules, signals};

const PERSONALIZATION_WEIGHT_MAX: f64 = 5.0;
/// What taste and popularity may add to the relevance of a hit, which is at most 1, on the broadest query at full weight.
const TASTE_SHARE: f32 = 0.35;
const POPULARITY_SHARE: f32 = 0.15;
/// With so many hits a query is as broad as can be; with one hit it is as specific as can be.
const BROAD_HITS: f32 = 300.0;
/// What is left of the score of a product that is out of stock: still found, after those that can be had.
const OUT_OF_STOCK_SHARE: f32 = 0.5;
/// The most popular products whose score is looked at however little the words say of them.
const POPULAR_RAISED_MAX: usize = 1_000;

/// Finds products by words and filters (contract, "Search").
///
/// Products that are out of stock are found, ranked lower. A broad query leaves room for taste and popularity, a
/// specific one (few hits, or the very title of a product) keeps the order of relevance.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should, or the index cannot be read.
pub fn search(view: View<'_>, request: &request::Search) -> Result<Answer, Refused> {
    let common = Common::of_search(request)?;
    let weight = personalization_weight(request)?;
    let filters = facets::filters(view, request.facet_filters.as_ref())?;
    let known = signals::known(view, &common)?;
    let personal = if weight > 0.0 { personal_scores(view, &known) } else { FxHashMap::default() };
    let lift = QueryLift::of(view, request.q.as_deref().unwrap_or_default());
    let also = raised(view, &personal, &lift);
    let best = wants_few(request, &common).then_some(Best { count: limits::HITS_SCORED_MAX, also: &also });
    let matched = matched(view, request, &common, best)?;
    let shown_rows = facets::narrowed(&matched.rows, &filters, None);

    let mix = Mix::new(view, request, matched.found.as_ref(), &personal, (weight, &lift));
    let ranking = match &matched.found {
        Some(found) => {
            let ranking = by_relevance(view, found, &shown_rows, &personal, mix);
            // Behind the best come the others, as far as anybody pages.
            if best.is_some() { ranking.then(shown_rows.clone()) } else { ranking }
        }
        None => {
            let in_stock = &shown_rows & view.state.catalogue().in_stock();
            Ranking::for_person(view, &personal, in_stock).then(shown_rows.clone())
        }
    };
    let ranking = match request.order_by.as_deref() {
        None | Some([]) => ranking,
        Some(keys) => {
            let ranked = ranking.iter(None).collect();
            Ranking::in_order(view, order::ordered(view, keys, &common.boosts, ranked)?)
        }
    };
    let page = rules::page(view, &common, &ranking)?;
    let partial = request.enable_partial_match.unwrap_or(false);
    let with_fields = request.enable_matched_fields.unwrap_or(false);
    let hits_by_row: FxHashMap<u32, &Hit> = match &matched.found {
        Some(found) if partial || with_fields => found.hits.iter().map(|hit| (hit.row.0, hit)).collect(),
        _ => FxHashMap::default(),
    };
    let explainer = Explainer::new(view, &common, &known, view.state.catalogue().in_stock());
    let mut answer = rules::answer(view, &common, &page, |placed, product| {
        // What no words were asked of is as relevant as anything.
        let score = if matched.found.is_some() { placed.ranked.relevance } else { 1.0 };
        product.insert("_search_score".to_owned(), rules::number(score));
        rules::with_personalization_score(placed, product);
        explainer.add(placed, |ranked| mix.makeup_of(ranked), product);
        let (Some(found), Some(hit)) = (&matched.found, hits_by_row.get(&placed.ranked.row)) else { return };
        if partial {
            product.insert("_missing_keywords".to_owned(), found.missing(hit).collect::<Vec<_>>().into());
        }
        if with_fields {
            let fields: Vec<&str> = hit.matched_fields().into_iter().map(field_name).collect();
            product.insert("_matched_fields".to_owned(), fields.into());
        }
    });
    answer.data.insert("total".to_owned(), Value::from(total(view, &shown_rows, common.dedupe)));
    answer.data.insert("start".to_owned(), Value::from(common.start));
    answer.data.insert("spellcheck".to_owned(), matched.spelling.answer());
    if request.partial_match_mode == Some(request::PartialMatchMode::Separated) {
        let partial = partially_matched(view, &common, &matched, &filters);
        answer.data.insert("partially_matched_products".to_owned(), partial.into());
    }
    let counts = facets::counts(view, request.facets.as_deref().unwrap_or_default(), &matched.rows, &filters)?;
    answer.data.insert("facet_counts".to_owned(), json!({ "facet_fields": counts }));
    if let Some(asked) = &request.query_product_existence {
        answer.data.insert("product_existence".to_owned(), existence(view, &asked.product_ids, &shown_rows));
    }
    Ok(answer)
}

/// Whether the best hits are enough: nothing asks for others by their place, by another order or by a filter of their own.
fn wants_few(request: &request::Search, common: &Common<'_>) -> bool {
    request.order_by.as_ref().is_none_or(Vec::is_empty)
        && common.boosts.is_empty()
        && common.geo.is_none()
        && common.anchoring.is_empty()
        && common.window() <= limits::HITS_SCORED_MAX / 5
}

/// The products that may be raised above ones of more relevance: by the person's taste, by what was clicked after the query, by popularity.
fn raised(view: View<'_>, personal: &FxHashMap<u32, f32>, lift: &QueryLift) -> RoaringBitmap {
    let popular = view.popular.iter().take(POPULAR_RAISED_MAX).map(|row| row.0);
    let mut rows: Vec<u32> = personal.keys().copied().chain(lift.rows()).chain(popular).collect();
    rows.sort_unstable();
    rows.into_iter().collect()
}

fn personalization_weight(request: &request::Search) -> Result<f32, Refused> {
    let weight = request.personalization_weight.unwrap_or(PERSONALIZATION_WEIGHT_MAX);
    if !(0.0..=PERSONALIZATION_WEIGHT_MAX).contains(&weight) {
        let message = format!("It must be from 0 to {PERSONALIZATION_WEIGHT_MAX}.");
        return Err(Refused::invalid("personalization_weight", message));
    }
    Ok((weight / PERSONALIZATION_WEIGHT_MAX) as f32)
}

/// The products that match words and filters but for those of facets.
pub(crate) struct Matched<'a> {
    pub(crate) rows: RoaringBitmap,
    /// The hits where words were asked for, best first.
    pub(crate) found: Option<Found>,
    /// Those with only some of the words, where they are listed apart.
    partial: Vec<Hit>,
    spelling: Spelling<'a>,
}

pub(crate) fn matched<'a>(
    view: View<'_>,
    request: &'a request::Search,
    common: &Common<'_>,
    best: Option<Best<'_>>,
) -> Result<Matched<'a>, Refused> {
    let mut rows = allowed(view, common, Stock::Any)?;
    let advanced = match &request.advanced_q {
        Some(text) => {
            let filter = advanced_filter(text)?;
            rows &= select(view, &filter)?;
            Some(filter)
        }
        None => None,
    };
    let everything = |rows, found| {
        let spelling = Spelling::as_typed(request.q.as_deref().or(request.advanced_q.as_deref()).unwrap_or("*"));
        Ok(Matched { rows, found, partial: Vec::new(), spelling })
    };
    let like = request.like.as_deref().map(str::trim).filter(|like| !like.is_empty());
    let q = match (request.q.as_deref().map(str::trim), advanced) {
        (Some(""), _) => return Err(Refused::invalid("q", "It must not be empty; `*` finds everything.".to_owned())),
        (None | Some("*"), Some(filter)) => {
            let found = hits_of_filter(view, &filter, &rows)?;
            return everything(rows, found);
        }
        (None | Some("*"), None) => match like {
            Some(like) => return like_text(view, like, request.language.as_deref(), &rows),
            None => return everything(rows, None),
        },
        (Some(q), _) => q,
    };
    let (mut found, spelling) = spelling::search(view, request, q, &rows, best)?;
    let mut partial = Vec::new();
    if request.enable_partial_match.unwrap_or(false) {
        let too_many = request.enable_partial_match_threshold.is_some_and(|threshold| found.full > threshold);
        let separated = request.partial_match_mode == Some(request::PartialMatchMode::Separated);
        if too_many || separated {
            let hits = std::mem::take(&mut found.hits);
            (found.hits, partial) = hits.into_iter().partition(|hit| found.is_full(hit));
            partial.iter().for_each(|hit| _ = found.rows.remove(hit.row.0));
        }
        if too_many {
            partial.clear();
        }
    }
    // What is listed apart is not found by its meaning once more.
    partial.iter().for_each(|hit| _ = rows.remove(hit.row.0));
    meaning::weigh(view, request, spelling.searched(), &rows, &mut found)?;
    Ok(Matched { rows: found.rows.clone(), found: Some(found), partial, spelling })
}

/// The products that have most of the text's words, the rarer ones before all, and those that mean the like.
fn like_text<'a>(
    view: View<'_>,
    like: &'a str,
    language: Option<&str>,
    rows: &RoaringBitmap,
) -> Result<Matched<'a>, Refused> {
    let query = TextQuery { text: like, partial: true, language, ..TextQuery::default() };
    let mut found = view.index.find(&query, Some(rows))?;
    meaning::weigh_like(view, like, rows, &mut found);
    Ok(Matched { rows: found.rows.clone(), found: Some(found), partial: Vec::new(), spelling: Spelling::as_typed("*") })
}

fn advanced_filter(text: &str) -> Result<Filter, Refused> {
    query::parse_advanced(text).map_err(|error| Refused::invalid("advanced_q", format!("{error}.")))
}

/// The `rows` with the sum of the text scores of the words wanted in `filter`; `None` where no words are wanted.
fn hits_of_filter(view: View<'_>, filter: &Filter, rows: &RoaringBitmap) -> Result<Option<Found>, Refused> {
    let mut wanted = Vec::new();
    wanted_text(filter, &mut wanted);
    if wanted.is_empty() {
        return Ok(None);
    }
    // A product that passes by its fields alone is a hit too, the least relevant one.
    let mut score_by_row: FxHashMap<u32, f32> = rows.iter().map(|row| (row, f32::MIN_POSITIVE)).collect();
    for (text, phrase) in wanted {
        for hit in view.index.search(&TextQuery { text, phrase, ..TextQuery::default() }, Some(rows))? {
            *score_by_row.entry(hit.row.0).or_insert(0.0) += hit.score;
        }
    }
    let hit = |(row, score): (u32, f32)| Hit { row: ProductRow(row), score, fields: 0, words: u64::MAX };
    let mut hits: Vec<Hit> = score_by_row.into_iter().map(hit).collect();
    best_first(&mut hits);
    let full = hits.len();
    Ok(Some(Found { hits, rows: rows.clone(), words: Vec::new(), full }))
}

/// The texts that speak for a product: all but those under a NOT.
fn wanted_text<'a>(filter: &'a Filter, wanted: &mut Vec<(&'a str, bool)>) {
    match filter {
        Filter::And(filters) | Filter::Or(filters) => filters.iter().for_each(|filter| wanted_text(filter, wanted)),
        Filter::FullText { text, phrase } => wanted.push((text, *phrase)),
        Filter::All | Filter::Not(_) | Filter::Field { .. } => {}
    }
}

/// The hits by relevance, to which taste and popularity add the more, the broader the query is.
///
/// A product that lacks words of the query gets nothing added: it stays behind those that have them all.
fn by_relevance<'a>(
    view: View<'a>,
    found: &Found,
    rows: &RoaringBitmap,
    personal: &FxHashMap<u32, f32>,
    mix: Mix<'a>,
) -> Ranking<'a> {
    let mut scored = Vec::with_capacity(found.hits.len());
    for hit in found.hits.iter().filter(|hit| rows.contains(hit.row.0)) {
        let row = hit.row.0;
        let personal = personal.get(&row).copied().unwrap_or(0.0);
        let score = mix.makeup(row, hit.score, personal, found.is_full(hit)).sum();
        scored.push(Ranked { row, score, personal, relevance: hit.score, layer: Layer::Text });
    }
    Ranking::of_many(view, scored)
}

/// How the score of a hit is mixed from relevance, taste and popularity.
#[derive(Clone, Copy)]
struct Mix<'a> {
    view: View<'a>,
    standing: Standing<'a>,
    most_relevant: f32,
    most_personal: f32,
    breadth: f32,
    weight: f32,
    lift: &'a QueryLift,
}

impl<'a> Mix<'a> {
    /// `found` is `None` where no words were asked for.
    fn new(
        view: View<'a>,
        request: &request::Search,
        found: Option<&Found>,
        personal: &FxHashMap<u32, f32>,
        (weight, lift): (f32, &'a QueryLift),
    ) -> Mix<'a> {
        let relevance = found.iter().flat_map(|found| &found.hits).map(|hit| hit.score);
        Mix {
            view,
            standing: Standing::new(view),
            most_relevant: relevance.fold(f32::MIN_POSITIVE, f32::max),
            most_personal: personal.values().copied().fold(f32::MIN_POSITIVE, f32::max),
            breadth: found.map_or(0.0, |found| breadth(view, request, found)),
            weight,
            lift,
        }
    }

    fn makeup(&self, row: u32, relevance: f32, personal: f32, is_full: bool) -> Makeup {
        let stock = if self.view.state.catalogue().in_stock().contains(row) { 1.0 } else { OUT_OF_STOCK_SHARE };
        let room = if is_full { stock * self.breadth } else { 0.0 };
        let mut makeup = Makeup {
            text: stock * relevance / self.most_relevant,
            personal: room * self.weight * TASTE_SHARE * personal / self.most_personal,
            popularity: room * POPULARITY_SHARE * self.standing.popularity(row),
            ..Makeup::default()
        };
        makeup.clicks = self.lift.added(row, makeup.sum());
        makeup
    }

    /// What a product's score was mixed from.
    fn makeup_of(&self, ranked: &Ranked) -> Makeup {
        if ranked.layer != Layer::Text {
            return self.standing.makeup_for_person(ranked);
        }
        let lean = self.makeup(ranked.row, ranked.relevance, ranked.personal, false);
        // Only of a product that has all the words is there more to its score.
        if ranked.score > lean.sum() { self.makeup(ranked.row, ranked.relevance, ranked.personal, true) } else { lean }
    }
}

/// How broad the query is, 0 to 1: by the number of hits, and 0 where the best hit's title is the query itself.
fn breadth(view: View<'_>, request: &request::Search, found: &Found) -> f32 {
    let Some(best) = found.hits.first() else { return 0.0 };
    let title = view.state.catalogue().title(best.row).map(|title| title.to_lowercase());
    if title.is_some() && title == request.q.as_deref().map(|q| q.trim().to_lowercase()) {
        return 0.0;
    }
    ((found.full.max(1) as f32).ln() / BROAD_HITS.ln()).min(1.0)
}

/// How many products the pages hold: with `dedupe` one per group.
fn total(view: View<'_>, rows: &RoaringBitmap, dedupe: bool) -> usize {
    if !dedupe || !view.state.catalogue().has_groups() {
        return rows.len() as usize;
    }
    let mut groups: FxHashSet<u32> = FxHashSet::default();
    let first_of_group =
        |row: u32| view.state.catalogue().group(ProductRow(row)).is_none_or(|group| groups.insert(group));
    rows.iter().map(first_of_group).filter(|&first| first).count()
}

/// The products with only some of the words, best first, as the answer lists them apart.
fn partially_matched(
    view: View<'_>,
    common: &Common<'_>,
    matched: &Matched<'_>,
    filters: &facets::FacetFilters,
) -> Vec<Value> {
    let (Some(found), false) = (&matched.found, matched.partial.is_empty()) else { return Vec::new() };
    let rows = facets::narrowed(&matched.partial.iter().map(|hit| hit.row.0).collect(), filters, None);
    let listed = matched.partial.iter().filter(|hit| rows.contains(hit.row.0)).take(common.rows);
    let product = |hit: &Hit| {
        let mut product = document::shown(view, hit.row, common.fl);
        product.insert("_search_score".to_owned(), rules::number(hit.score));
        product.insert("_missing_keywords".to_owned(), found.missing(hit).collect::<Vec<_>>().into());
        Value::Object(product)
    };
    listed.map(product).collect()
}

fn field_name(field: MatchedField) -> &'static str {
    match field {
        MatchedField::Title => "title",
        MatchedField::Description => "description",
        MatchedField::Metadata => "metadata",
    }
}

fn existence(view: View<'_>, ids: &[String], rows: &RoaringBitmap) -> Value {
    let exists = |id: &String| view.state.catalogue().row(id).is_some_and(|row| rows.contains(row.0));
    Value::Object(ids.iter().map(|id| (id.clone(), Value::from(exists(id)))).collect::<Map<String, Value>>())
}
