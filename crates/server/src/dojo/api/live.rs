//! Interactions as they arrive: the integrator's debugger.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::card::card;
use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};

/// Products of one interaction that come with a card.
const CARDS_MAX: usize = 6;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// The number of the last one seen.
    #[serde(default)]
    after: u64,
}

/// `GET /dojo/api/{environment}/live?after=`: what has arrived since the start of the process and after that number,
/// latest last, bounded by [`crate::limits::ARRIVALS_REMEMBERED_MAX`].
pub(crate) async fn live(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Query(Asked { after }): Query<Asked>,
) -> Result<Json<Value>, Trouble> {
    let environment = dojo.environment(environment).clone();
    let answer = apart(move || {
        let arrivals = environment.arrivals(after);
        let last = arrivals.last().map_or(after, |arrival| arrival.number);
        let told: Vec<(u64, i64, Value)> = arrivals
            .iter()
            .filter_map(|arrival| Some((arrival.number, arrival.at.0, serde_json::from_str(&arrival.body).ok()?)))
            .collect();
        environment.look(|state| {
            let mut products = Map::new();
            for (_, _, body) in &told {
                for id in body["product_ids"].as_array().into_iter().flatten().take(CARDS_MAX) {
                    if let Some(id) = id.as_str()
                        && let Some(row) = state.catalogue().row(id)
                        && !products.contains_key(id)
                    {
                        products.insert(id.to_owned(), card(state, row));
                    }
                }
            }
            let arrivals =
                told.iter().map(|(number, at, body)| json!({"number": number, "at_ms": at, "interaction": body}));
            json!({"last": last, "arrivals": arrivals.collect::<Vec<_>>(), "products": products})
        })
    });
    Ok(Json(answer.await?))
}
