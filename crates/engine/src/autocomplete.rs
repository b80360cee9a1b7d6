use ::search::{CompletedText, complete_text};
use serde_json::{Map, Value, json};

use crate::common::{Common, at_most_many};
use crate::limits::{COMPLETION_FIELDS_MAX, QUERIES_COMPARED_MAX};
use crate::rank::personal_scores;
use crate::scope::{Stock, allowed};
use crate::{Answer, Refused, View, document, request, signals};

/// What the person's taste counts against popularity: a product the person is drawn to goes before one that is a
/// hundred times as popular.
const PERSONAL_SHARE: f32 = 100.0;

/// Completes what was typed (contract, "Autocomplete").
///
/// `historical_queries` completes to what at least `min_query_users` people searched for, the most people first; it must
/// begin with all that was typed.
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn autocomplete(view: View<'_>, request: &request::Autocomplete) -> Result<Answer, Refused> {
    let common = Common::of_autocomplete(request)?;
    let Some(typed) = &request.q else {
        return Err(Refused::invalid("q", "The attribute is required.".to_owned()));
    };
    let title = ["title".to_owned()];
    let fields = request.completion_fields.as_deref().unwrap_or(&title);
    at_most_many("completion_fields", fields.len(), COMPLETION_FIELDS_MAX)?;
    let known = signals::known(view, &common)?;
    let personal = personal_scores(view, &known);
    let most = personal.values().copied().fold(f32::MIN_POSITIVE, f32::max);
    let popularity = |row: state::ProductRow| {
        let personal = personal.get(&row.0).copied().unwrap_or(0.0) / most;
        (1.0 + view.state.trends().popularity(row, view.present())) * (1.0 + PERSONAL_SHARE * personal)
    };
    let allowed = allowed(view, &common, Stock::Any)?;
    let for_all = personal.is_empty() && allowed.len() == view.state.catalogue().live().len();
    let mut answer = Answer::default();
    let mut completions = Map::new();
    for field in fields {
        if field == "historical_queries" {
            completions.insert(field.clone(), queries(view, request, typed, common.rows));
            continue;
        }
        let of_products = field == "title";
        // Variants of one group often share a title; three times as many leave enough after the groups are one each.
        let count = if of_products && common.dedupe { common.rows * 3 } else { common.rows };
        let counts = (count, common.rows);
        let found = if for_all {
            view.completions.complete_for_all(field, typed, counts, &allowed, &popularity, view.now.0)
        } else {
            view.completions.complete_until(field, typed, counts, Some(&allowed), &popularity)
        };
        let mut groups = rustc_hash::FxHashSet::default();
        let mut list = Vec::with_capacity(common.rows.min(found.len()));
        for completion in found {
            if list.len() == common.rows {
                break;
            }
            let mut value = Map::new();
            if of_products {
                let group = view.state.catalogue().group(completion.row).filter(|_| common.dedupe);
                if group.is_some_and(|group| !groups.insert(group)) {
                    continue;
                }
                let mut product = document::shown(view, completion.row, common.fl);
                // Completions know no boosts; clients read the field of every product.
                product.insert("_boosted".to_owned(), Value::Bool(false));
                value.insert("product".to_owned(), Value::Object(product));
                answer.shown.push(completion.row);
            }
            value.insert("text".to_owned(), Value::from(completion.text));
            value.insert("text_with_markups".to_owned(), Value::from(completion.text_with_markups));
            value.insert("text_with_inverted_markups".to_owned(), Value::from(completion.text_with_inverted_markups));
            list.push(Value::Object(value));
        }
        completions.insert(field.clone(), Value::Array(list));
    }
    answer.data.insert("completions".to_owned(), Value::Object(completions));
    Ok(answer)
}

/// The contract's default of `min_query_users`.
const QUERY_USERS_MIN: usize = 5;

/// The queries of enough people that begin with what was typed; where there are none, those that do with slips.
fn queries(view: View<'_>, request: &request::Autocomplete, typed: &str, rows: usize) -> Value {
    let people_min = request.min_query_users.unwrap_or(QUERY_USERS_MIN).max(1);
    let begun = typed.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let beginning = |prefix: &str| -> Vec<(CompletedText, usize, String)> {
        let known = view.state.queries().beginning_with(prefix).filter(|(_, people)| *people >= people_min);
        known
            .take(QUERIES_COMPARED_MAX)
            .filter_map(|(query, people)| Some((complete_text(query, typed)?, people, query.to_owned())))
            .collect()
    };
    let mut found = if begun.is_empty() { Vec::new() } else { beginning(&begun) };
    if found.is_empty()
        && let Some(first) = begun.chars().next()
    {
        // Slips are looked for behind the first letter, which is seldom wrong.
        found = beginning(first.encode_utf8(&mut [0; 4]));
    }
    found.sort_by(|a, b| {
        let order = a.0.slips.cmp(&b.0.slips).then(b.1.cmp(&a.1));
        order.then_with(|| a.2.len().cmp(&b.2.len())).then_with(|| a.2.cmp(&b.2))
    });
    let completion = |(completed, _, query): (CompletedText, usize, String)| {
        json!({
            "text": query,
            "text_with_markups": completed.text_with_markups,
            "text_with_inverted_markups": completed.text_with_inverted_markups,
        })
    };
    found.into_iter().take(rows).map(completion).collect()
}
