//! `qa/question_answering`: the paragraph of a product's page that answers.

mod pages;

use ::answers::{Block, Found, Page, Spelled};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use state::ProductRow;

use crate::common::{Common, at_most_many};
use crate::limits::{BOOST_RULES_MAX, ROWS_MAX};
use crate::rank::{Layer, Ranked, Ranking};
use crate::request::{BoostRule, Geo, Person, SpellCheck};
use crate::rules::{self, Placed};
use crate::scope::{self, Stock};
use crate::{Answer, Refused, View, document};

pub use pages::Pages;

/// `POST /v1/qa/question_answering`. Further fields are let pass: the contract does not close this shape.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the fields are those of the published contract")]
pub struct QuestionAnswering {
    pub version: Option<String>,
    pub q: Option<String>,
    pub min_probability: Option<f64>,
    pub rows: Option<usize>,
    pub fl: Option<Vec<String>>,
    pub spellcheck: Option<SpellCheck>,
    pub enable_answer_html: Option<bool>,
    pub enable_answer_block: Option<bool>,
    pub fq: Option<String>,
    pub boost_fq: Option<String>,
    pub boost_positions: Option<Vec<usize>>,
    pub boost_rule_name: Option<String>,
    pub boost_rules: Option<Vec<BoostRule>>,
    pub geo: Option<Geo>,
    pub boost_probability_threshold: Option<f64>,
}

/// Finds the products whose pages answer, the likeliest first, each with its best paragraph (contract, "Others").
///
/// `pages` is what is known of the catalogue's pages; what changed since it last looked is left out until it looks again.
/// One variant of a group answers. Boosts reorder what is likely enough, and only what reaches
/// `boost_probability_threshold`.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should, or the index cannot be read.
pub fn question_answering(view: View<'_>, pages: &Pages, request: &QuestionAnswering) -> Result<Answer, Refused> {
    let Some(q) = request.q.as_deref().filter(|q| !q.trim().is_empty()) else {
        return Err(Refused::invalid("q", "It must be a question, not empty.".to_owned()));
    };
    if request.version.as_deref().is_some_and(|version| !["v1.2", "v1.3"].contains(&version)) {
        return Err(Refused::invalid("version", "It must be v1.2 or v1.3.".to_owned()));
    }
    let Some(probability_min) = request.min_probability else {
        return Err(Refused::invalid("min_probability", "The attribute is required.".to_owned()));
    };
    let probability_min = probability("min_probability", probability_min)?;
    let boost_min = request.boost_probability_threshold.unwrap_or(0.0);
    let boost_min = probability("boost_probability_threshold", boost_min)?;
    let common = common(request)?;

    let allowed = scope::allowed(view, &common, Stock::Any)?;
    let correct = request.spellcheck.as_ref().and_then(|check| check.enable_auto_spelling_correction).unwrap_or(true);
    let may = |row: u32| allowed.contains(row) && pages.is_current(view.state, row);
    let meaning = view.meanings.of_text(q);
    let nearness = |text: &str| view.meanings.of_text(text).zip(meaning.as_ref()).map(|(text, of)| text.cosine(of));
    let (mut found, spelled) = pages.passages().ask(q, correct, probability_min, &may, &nearness);
    let mut groups: FxHashSet<u32> = FxHashSet::default();
    found.retain(|found| {
        view.state.catalogue().group(ProductRow(found.product)).is_none_or(|group| groups.insert(group))
    });

    let page = page(view, &common, &found, boost_min)?;
    let mut answer = Answer::default();
    let mut answers = Vec::with_capacity(page.len());
    for placed in &page {
        let Some(found) = found.iter().find(|found| found.product == placed.ranked.row) else { continue };
        answers.push(record(view, request, &common, found, placed.boosted));
        answer.shown.push(ProductRow(found.product));
    }
    answer.data.insert("total".to_owned(), found.len().into());
    answer.data.insert("spellcheck".to_owned(), spellcheck(q, spelled.as_ref(), correct));
    answer.data.insert("answers".to_owned(), answers.into());
    Ok(answer)
}

fn probability(parameter: &str, given: f64) -> Result<f32, Refused> {
    if (0.0..=1.0).contains(&given) {
        return Ok(given as f32);
    }
    Err(Refused::invalid(parameter, "It must be from 0 to 1.".to_owned()))
}

fn common(request: &QuestionAnswering) -> Result<Common<'_>, Refused> {
    let rows = request.rows.unwrap_or(1);
    if rows > ROWS_MAX {
        return Err(Refused::invalid("rows", format!("It must be from 0 to {ROWS_MAX}, not {rows}.")));
    }
    let own = BoostRule {
        boost_fq: request.boost_fq.clone(),
        boost_positions: request.boost_positions.clone(),
        boost_rule_name: request.boost_rule_name.clone(),
    };
    let all = std::iter::once(own).chain(request.boost_rules.iter().flatten().cloned());
    let boosts: Vec<BoostRule> = all.filter(|rule| rule.boost_fq.is_some()).collect();
    at_most_many("boost_rules", boosts.len(), BOOST_RULES_MAX)?;
    Ok(Common {
        anchoring: &[],
        user_cohort: None,
        custom_context: None,
        person: Person::default(),
        additional_interactions: &[],
        start: 0,
        rows,
        kind: None,
        language: None,
        category: &[],
        dedupe: false,
        fl: request.fl.as_deref().unwrap_or_default(),
        include: &[],
        exclude: &[],
        fq: request.fq.as_deref(),
        boosts,
        geo: request.geo.as_ref(),
        diversification: None,
        dithering: 1.0,
        pagination_id: None,
        explain: false,
    })
}

/// The products to show: those that may be boosted after the boosts, then the others, which are less likely.
fn page(view: View<'_>, common: &Common<'_>, found: &[Found], boost_min: f32) -> Result<Vec<Placed>, Refused> {
    let ranked = |found: &Found| Ranked {
        row: found.product,
        score: found.probability,
        personal: 0.0,
        relevance: found.probability,
        layer: Layer::Text,
    };
    let (may, others): (Vec<Ranked>, Vec<Ranked>) =
        found.iter().map(ranked).partition(|ranked| ranked.score >= boost_min);
    let mut page = rules::page(view, common, &Ranking::in_order(view, may))?.placed;
    page.extend(others.into_iter().map(|ranked| Placed { ranked, boosted: false }));
    page.truncate(common.rows);
    Ok(page)
}

/// A product with its answer, as the contract has it.
fn record(view: View<'_>, request: &QuestionAnswering, common: &Common<'_>, found: &Found, boosted: bool) -> Value {
    let row = ProductRow(found.product);
    let mut product = document::shown(view, row, common.fl);
    product.insert("_boosted".to_owned(), boosted.into());
    let html = view.state.catalogue().text(row, "html").unwrap_or_default();
    let page = Page::read(&html);
    let Some(excerpt) = page.excerpt(found.passage) else { return Value::Object(product) };
    let mut answer = Map::new();
    answer.insert("probability".to_owned(), rules::number(found.probability));
    if request.enable_answer_html.unwrap_or(false) {
        answer.insert("html".to_owned(), excerpt.html.into());
    }
    answer.insert("text".to_owned(), excerpt.text.into());
    answer.insert("css_selector".to_owned(), excerpt.css_selector.into());
    product.insert("answer".to_owned(), answer.into());
    if request.enable_answer_block.unwrap_or(false)
        && let Some(block) = page.block(found.passage)
    {
        product.insert("answer_block".to_owned(), answer_block(view, row, block));
    }
    Value::Object(product)
}

fn answer_block(view: View<'_>, row: ProductRow, block: Block) -> Value {
    let title = match block.title {
        title if title.is_empty() => view.state.catalogue().title(row).unwrap_or_default().into_owned(),
        title => title,
    };
    json!({
        "html": block.html,
        "css_selector": block.css_selector,
        "relevant_children_slice": [block.relevant_children.start, block.relevant_children.end],
        "answer_css_selector": block.answer_css_selector,
        "title": title,
    })
}

fn spellcheck(q: &str, spelled: Option<&Spelled>, correct: bool) -> Value {
    let or_typed = |text: fn(&Spelled) -> &String| spelled.map_or(q, |spelled| text(spelled).as_str());
    json!({
        "spelling_errors": spelled.is_some(),
        "auto_spelling_correction": spelled.is_some() && correct,
        "original_query": q,
        "original_query_with_markups": or_typed(|spelled| &spelled.original_with_markups),
        "corrected_query": or_typed(|spelled| &spelled.corrected),
        "corrected_query_with_markups": or_typed(|spelled| &spelled.corrected_with_markups),
    })
}
