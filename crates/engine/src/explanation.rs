//! Why a product is recommended, in words that a shop's people understand.

use serde_json::{Value, json};
use state::ProductRow;

use crate::View;
use crate::signals::Known;

/// Products of the person's history that are named.
const BECAUSE_MAX: usize = 3;

/// `_explanation`: the sources with their shares, and the products of the person's history that speak for this one.
pub(crate) fn of(view: View<'_>, known: &Known, row: u32) -> Value {
    let explained = view.model.and_then(|model| model.explain(&known.observations, view.now.0, row, BECAUSE_MAX));
    let Some(explained) = explained else {
        return json!({ "sources": [{ "source": "fallback", "share": 1.0, "text": words("fallback") }], "because": [] });
    };
    let rounded = |share: f32| (f64::from(share) * 1e3).round() / 1e3;
    let sources: Vec<Value> = explained
        .sources
        .iter()
        .map(|&(source, share)| json!({ "source": source, "share": rounded(share), "text": words(source) }))
        .collect();
    let catalogue = view.state.catalogue();
    let because: Vec<Value> = explained
        .because
        .iter()
        .map(|&(held, share)| {
            let held = ProductRow(held);
            json!({ "product_id": catalogue.id(held), "title": catalogue.title(held), "share": rounded(share) })
        })
        .collect();
    json!({ "sources": sources, "because": because })
}

fn words(source: &str) -> &'static str {
    match source {
        "related" => "People with a history like this one had this product too.",
        "related_session" => "It goes with what this person did last.",
        "related_broad" => "Many who had these products had this one.",
        "following" => "Others went on to it from here.",
        "linear" => "This history taken together points to it.",
        "linear_session" => "The last steps taken together point to it.",
        "sessions" => "Recent visits like this one led to it.",
        "alike" => "It is like products of this person's history.",
        "alike_session" => "It is like what this person looked at last.",
        "popularity" => "It is popular.",
        "newness" => "How long it has been on offer.",
        "leaning" => "This person leans to its category, brand or the like.",
        "second_look" => "All signs together make it likelier than each alone.",
        _ => "It is among the most popular or newest products that pass the filters.",
    }
}
