use roaring::RoaringBitmap;
use serde_json::{Map, Value, json};
use state::ProductRow;

use crate::common::{Common, at_most_many};
use crate::explanation::Explainer;
use crate::limits::IDS_MAX;
use crate::rank::{Ranking, Standing};
use crate::rules::Placed;
use crate::scope::{Stock, allowed, bitmap, equals, select};
use crate::{Answer, Refused, View, gathered, request, signals};

/// Products shown of each value where the request does not say (contract).
const SHOWN_DEFAULT: usize = 2;

/// Finds the values of a field, such as brands or authors, that this person is likeliest to convert on, with the best
/// products of each (contract, "Recommendations").
///
/// A value counts by the sum of its products' scores in the ranking of `user_to_products`. Those of `boost_attributes` that any
/// allowed product has come first, in the order of the request; those of `exclude_attributes` are left out.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should, or `field` is missing.
pub fn user_to_attributes(view: View<'_>, request: &request::UserToAttributes) -> Result<Answer, Refused> {
    let common = Common::of_attributes(request)?;
    let shown = gathered::shown("products_per_attribute", request.products_per_attribute, SHOWN_DEFAULT)?;
    let Some(field) = request.field.as_deref().filter(|field| !field.is_empty()) else {
        let message = "Name the field, such as `brand` or `custom_attributes.color`.".to_owned();
        return Err(Refused::invalid("field", message));
    };
    let boosted = request.boost_attributes.as_deref().unwrap_or_default();
    let excluded = request.exclude_attributes.as_deref().unwrap_or_default();
    at_most_many("boost_attributes", boosted.len(), IDS_MAX)?;
    at_most_many("exclude_attributes", excluded.len(), IDS_MAX)?;
    let known = signals::known(view, &common)?;
    let countable = allowed(view, &common, Stock::Available)?;
    let unseen = &countable - bitmap(&known.seen);
    let is_new = &unseen - &known.met;
    let explainer = Explainer::new(view, &common, &known, &is_new);
    let ranking = Ranking::for_visitor(view, &known, is_new.clone()).then(unseen - &is_new);
    let standing = Standing::new(view);
    let explain = |placed: &Placed, product: &mut Map<String, Value>| {
        explainer.add(placed, |ranked| standing.makeup_for_visitor(&known, ranked), product);
    };
    let values = gathered::keys(&ranking, |row| view.state.catalogue().values(ProductRow(row), field));
    let others = values.iter().filter(|value| !boosted.contains(value));
    let mut answer = Answer::default();
    let mut parts = Vec::new();
    let mut taken: Vec<&String> = Vec::new();
    for value in boosted.iter().chain(others) {
        if parts.len() == common.rows {
            break;
        }
        if excluded.contains(value) || taken.contains(&value) {
            continue;
        }
        let rows: RoaringBitmap = &countable & select(view, &equals(field, value))?;
        if rows.is_empty() {
            continue;
        }
        taken.push(value);
        let part = ("value", json!(value));
        gathered::add_part(view, &common, &ranking, part, (&rows, shown), &explain, (&mut parts, &mut answer))?;
    }
    answer.data.insert("attributes".to_owned(), Value::Array(parts));
    Ok(answer)
}
