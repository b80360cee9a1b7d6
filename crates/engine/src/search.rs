use ::search::TextQuery;
use query::Filter;
use roaring::RoaringBitmap;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};
use state::ProductRow;

use crate::common::Common;
use crate::rank::{Layer, Ranked, Ranking, Standing, personal_scores};
use crate::scope::{Stock, allowed, select};
use crate::{Answer, Refused, View, document, facets, order, request, rules, signals};

const PERSONALIZATION_WEIGHT_MAX: f64 = 5.0;
/// What taste and popularity may add to the relevance of a hit, which is at most 1, on the broadest query at full weight.
const TASTE_SHARE: f32 = 0.35;
const POPULARITY_SHARE: f32 = 0.15;
/// With so many hits a query is as broad as can be; with one hit it is as specific as can be.
const BROAD_HITS: f32 = 300.0;
/// What is left of the score of a product that is out of stock: still found, after those that can be had.
const OUT_OF_STOCK_SHARE: f32 = 0.5;

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
    let (matched, hits) = matched(view, request, &common)?;
    let shown_rows = facets::narrowed(&matched, &filters, None);
    let known = signals::known(view, common.person, common.additional_interactions)?;
    let personal = if weight > 0.0 { personal_scores(view, &known) } else { FxHashMap::default() };

    let ranking = match &hits {
        Some(hits) => by_relevance(view, request, hits, &shown_rows, &personal, weight),
        None => {
            let in_stock = &shown_rows & view.state.catalogue().in_stock();
            Ranking::for_person(view, &personal, in_stock).then(shown_rows.clone())
        }
    };
    let ranking = match request.order_by.as_deref() {
        None | Some([]) => ranking,
        Some(keys) => Ranking::in_order(view, order::ordered(view, keys, ranking.iter(None).collect())?),
    };
    let page = rules::page(view, &common, &ranking)?;
    let mut answer = rules::answer(view, &common, &page, |placed, product| {
        // What no words were asked of is as relevant as anything.
        let score = if hits.is_some() { placed.ranked.relevance } else { 1.0 };
        product.insert("_search_score".to_owned(), rules::number(score));
        rules::with_personalization_score(placed, product);
    });
    answer.data.insert("total".to_owned(), Value::from(total(view, &shown_rows, common.dedupe)));
    answer.data.insert("start".to_owned(), Value::from(common.start));
    answer.data.insert("spellcheck".to_owned(), spellcheck(request));
    let counts = facets::counts(view, request.facets.as_deref().unwrap_or_default(), &matched, &filters)?;
    answer.data.insert("facet_counts".to_owned(), json!({ "facet_fields": counts }));
    if let Some(asked) = &request.query_product_existence {
        answer.data.insert("product_existence".to_owned(), existence(view, &asked.product_ids, &shown_rows));
    }
    Ok(answer)
}

fn personalization_weight(request: &request::Search) -> Result<f32, Refused> {
    let weight = request.personalization_weight.unwrap_or(PERSONALIZATION_WEIGHT_MAX);
    if !(0.0..=PERSONALIZATION_WEIGHT_MAX).contains(&weight) {
        let message = format!("It must be from 0 to {PERSONALIZATION_WEIGHT_MAX}.");
        return Err(Refused::invalid("personalization_weight", message));
    }
    Ok((weight / PERSONALIZATION_WEIGHT_MAX) as f32)
}

/// The products that match words and filters but for those of facets; with the hits where words were asked for.
fn matched(
    view: View<'_>,
    request: &request::Search,
    common: &Common<'_>,
) -> Result<(RoaringBitmap, Option<Vec<::search::Hit>>), Refused> {
    let mut rows = allowed(view, common, Stock::Any)?;
    let advanced = match &request.advanced_q {
        Some(text) => {
            let filter = advanced_filter(text)?;
            rows &= select(view, &filter)?;
            Some(filter)
        }
        None => None,
    };
    let q = match (request.q.as_deref().map(str::trim), advanced) {
        (Some(""), _) => return Err(Refused::invalid("q", "It must not be empty; `*` finds everything.".to_owned())),
        (None | Some("*"), None) => return Ok((rows, None)),
        (None | Some("*"), Some(filter)) => {
            let hits = hits_of_filter(view, &filter, &rows)?;
            return Ok((rows, hits));
        }
        (Some(q), _) => q,
    };
    let exclude_fields = request.exclude_fields_from_search.as_deref().unwrap_or_default();
    let query = TextQuery { text: q, exclude_fields, ..TextQuery::default() };
    let hits = view.index.search(&query, Some(&rows))?;
    let matched = hits.iter().map(|hit| hit.row.0).collect();
    Ok((matched, Some(hits)))
}

fn advanced_filter(text: &str) -> Result<Filter, Refused> {
    query::parse_advanced(text).map_err(|error| Refused::invalid("advanced_q", format!("{error}.")))
}

/// The `rows` with the sum of the text scores of the words wanted in `filter`; `None` where no words are wanted.
fn hits_of_filter(
    view: View<'_>,
    filter: &Filter,
    rows: &RoaringBitmap,
) -> Result<Option<Vec<::search::Hit>>, Refused> {
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
    let hit = |(row, score): (u32, f32)| ::search::Hit { row: ProductRow(row), score, fields: 0, words: u64::MAX };
    let mut hits: Vec<::search::Hit> = score_by_row.into_iter().map(hit).collect();
    hits.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.row.cmp(&b.row)));
    Ok(Some(hits))
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
fn by_relevance<'a>(
    view: View<'a>,
    request: &request::Search,
    hits: &[::search::Hit],
    rows: &RoaringBitmap,
    personal: &FxHashMap<u32, f32>,
    weight: f32,
) -> Ranking<'a> {
    let most_relevant = hits.iter().map(|hit| hit.score).fold(f32::MIN_POSITIVE, f32::max);
    let most_personal = personal.values().copied().fold(f32::MIN_POSITIVE, f32::max);
    let breadth = breadth(view, request, hits);
    let standing = Standing::new(view);
    let in_stock = view.state.catalogue().in_stock();
    let mut scored = Vec::with_capacity(hits.len());
    for hit in hits.iter().filter(|hit| rows.contains(hit.row.0)) {
        let row = hit.row.0;
        let personal = personal.get(&row).copied().unwrap_or(0.0);
        let taste = weight * TASTE_SHARE * personal / most_personal;
        let popularity = POPULARITY_SHARE * standing.popularity(row);
        let mut score = hit.score / most_relevant + breadth * (taste + popularity);
        if !in_stock.contains(row) {
            score *= OUT_OF_STOCK_SHARE;
        }
        scored.push(Ranked { row, score, personal, relevance: hit.score, layer: Layer::Text });
    }
    Ranking::filled(view, scored, Vec::new())
}

/// How broad the query is, 0 to 1: by the number of hits, and 0 where the best hit's title is the query itself.
fn breadth(view: View<'_>, request: &request::Search, hits: &[::search::Hit]) -> f32 {
    let Some(best) = hits.first() else { return 0.0 };
    let title = document::read(view, best.row).and_then(|body| body.get("title")?.as_str().map(str::to_lowercase));
    if title.is_some() && title == request.q.as_deref().map(|q| q.trim().to_lowercase()) {
        return 0.0;
    }
    ((hits.len() as f32).ln() / BROAD_HITS.ln()).min(1.0)
}

/// How many products the pages hold: with `dedupe` one per group.
fn total(view: View<'_>, rows: &RoaringBitmap, dedupe: bool) -> usize {
    if !dedupe {
        return rows.len() as usize;
    }
    let mut groups: FxHashSet<u32> = FxHashSet::default();
    let first_of_group =
        |row: u32| view.state.catalogue().group(ProductRow(row)).is_none_or(|group| groups.insert(group));
    rows.iter().map(first_of_group).filter(|&first| first).count()
}

/// Spelling is not looked at yet: the query stands as it is.
fn spellcheck(request: &request::Search) -> Value {
    let query = request.q.as_deref().or(request.advanced_q.as_deref()).unwrap_or("*");
    json!({
        "spelling_errors": false,
        "auto_spelling_correction": false,
        "original_query": query,
        "original_query_with_markups": query,
        "corrected_query": query,
        "corrected_query_with_markups": query,
    })
}

fn existence(view: View<'_>, ids: &[String], rows: &RoaringBitmap) -> Value {
    let exists = |id: &String| view.state.catalogue().row(id).is_some_and(|row| rows.contains(row.0));
    Value::Object(ids.iter().map(|id| (id.clone(), Value::from(exists(id)))).collect::<Map<String, Value>>())
}
