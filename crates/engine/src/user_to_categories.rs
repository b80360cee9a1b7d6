use roaring::RoaringBitmap;
use serde_json::{Map, Value, json};
use state::ProductRow;

use crate::common::Common;
use crate::explanation::Explainer;
use crate::rank::{Ranking, Standing};
use crate::rules::Placed;
use crate::scope::{Stock, allowed, bitmap};
use crate::{Answer, Refused, View, document, gathered, request, signals};

/// Products shown of each category where the request does not say (contract).
const SHOWN_DEFAULT: usize = 5;
/// In a root category: any level below.
const ANY: &str = "*";

/// Finds the categories that this person is likeliest to convert in, with the best products of each (contract,
/// "Recommendations").
///
/// A category counts by the sum of its products' scores in the ranking of `user_to_products`. `root_category` empty gives the top
/// level, `["A"]` what is right below A, and a `*` at the end anything below what stands before it; `["*"]` gives no top
/// level unless a product has no other. `total` counts the products that can be had and pass the filters.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn user_to_categories(view: View<'_>, request: &request::UserToCategories) -> Result<Answer, Refused> {
    let common = Common::of_categories(request)?;
    let shown = gathered::shown("products_per_category", request.products_per_category, SHOWN_DEFAULT)?;
    let root = request.root_category.as_deref().unwrap_or_default();
    let (root, any) = match root.split_last() {
        Some((last, before)) if last == ANY => (before, true),
        _ => (root, false),
    };
    let known = signals::known(view, &common)?;
    let mut countable = allowed(view, &common, Stock::Available)?;
    if !root.is_empty() {
        countable &= view.state.catalogue().in_category(root);
    }
    let unseen = &countable - bitmap(&known.seen);
    let is_new = &unseen - &known.met;
    let explainer = Explainer::new(view, &common, &known, &is_new);
    let ranking = Ranking::for_visitor(view, &known, is_new.clone()).then(unseen - &is_new);
    let standing = Standing::new(view);
    let explain = |placed: &Placed, product: &mut Map<String, Value>| {
        explainer.add(placed, |ranked| standing.makeup_for_visitor(&known, ranked), product);
    };
    let categories = gathered::keys(&ranking, |row| below(view, row, root, any));
    let mut answer = Answer::default();
    let mut parts = Vec::new();
    for category in categories.into_iter().take(common.rows) {
        let rows: RoaringBitmap = &countable & view.state.catalogue().in_category(&category);
        let part = ("category", json!(category));
        gathered::add_part(view, &common, &ranking, part, (&rows, shown), &explain, (&mut parts, &mut answer))?;
    }
    answer.data.insert("categories".to_owned(), Value::Array(parts));
    Ok(answer)
}

/// The product's categories right below `root`, or at any level below it.
fn below(view: View<'_>, row: u32, root: &[String], any: bool) -> Vec<Vec<String>> {
    let body = document::read(view, ProductRow(row)).unwrap_or_default();
    let mut categories = Vec::new();
    for hierarchy in body.get("categories").and_then(Value::as_array).into_iter().flatten() {
        let levels: Vec<String> =
            hierarchy.as_array().into_iter().flatten().filter_map(|level| level.as_str().map(str::to_owned)).collect();
        if !levels.starts_with(root) || levels.len() == root.len() {
            continue;
        }
        let first = if any && root.is_empty() && levels.len() > 1 { 2 } else { root.len() + 1 };
        let last = if any { levels.len() } else { first };
        categories.extend((first..=last).map(|depth| levels[..depth].to_vec()));
    }
    categories
}
