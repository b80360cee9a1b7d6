//! The interactions that are held, latest first: of all, of one type, of one product.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use record::{InteractionType, Time};
use serde::Deserialize;
use serde_json::{Value, json};
use state::{Event, ProductRow, State, VisitorRow};

use super::card::card;
use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};

/// Events in one answer.
pub(super) const EVENTS_MAX: usize = 500;
/// Events of one moment that can be paged through: an import may give one day to all.
const SKIPPED_MAX: usize = 100_000;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(rename = "type")]
    kind: Option<String>,
    product_id: Option<String>,
    /// Only what happened at this moment or before, without the first `skip` of it: the way to the next page.
    until_ms: Option<i64>,
    #[serde(default)]
    skip: usize,
    rows: Option<usize>,
}

/// `GET /dojo/api/{environment}/interactions?type=&product_id=&until_ms=&skip=&rows=`.
pub(crate) async fn interactions(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Trouble> {
    let kind = match asked.kind.as_deref().filter(|kind| !kind.is_empty()) {
        None => None,
        Some(name) => Some(
            InteractionType::from_name(name)
                .ok_or_else(|| Trouble::Invalid(format!("there is no interaction type `{name}`")))?,
        ),
    };
    let rows = asked.rows.unwrap_or(50).min(EVENTS_MAX);
    let environment = dojo.environment(environment).clone();
    let answer = apart(move || {
        environment.look(|state| {
            let product = match &asked.product_id {
                None => None,
                Some(id) => match state.catalogue().row(id) {
                    Some(row) => Some(row),
                    None => return json!({"events": [], "by_type": []}),
                },
            };
            let until = Time(asked.until_ms.unwrap_or(i64::MAX));
            let skip = asked.skip.min(SKIPPED_MAX);
            let wanted = |event: &Event| {
                event.time <= until
                    && kind.is_none_or(|kind| event.kind == kind)
                    && product.is_none_or(|row| event.product == Some(row))
            };
            let latest = latest(state, skip + rows, wanted);
            let by_type = product.map(|row| count_by_type(state, row)).unwrap_or_default();
            json!({
                "events": latest.iter().skip(skip).map(|(visitor, event)| told(state, *visitor, event)).collect::<Vec<_>>(),
                "by_type": by_type,
            })
        })
    });
    Ok(Json(answer.await?))
}

/// The latest `count` events that are wanted, latest first.
///
/// Goes through the histories from their ends, each no further than it can still matter; where few events are wanted,
/// through all of them: some 10 ns each.
fn latest(state: &State, count: usize, wanted: impl Fn(&Event) -> bool) -> Vec<(VisitorRow, Event)> {
    let mut best: BinaryHeap<Reverse<(i64, u64, u32)>> = BinaryHeap::with_capacity(count + 1);
    for visitor in state.people().visitors() {
        for event in state.people().history(visitor).rev() {
            let key = (event.time.0, event.position, visitor.0);
            let is_full = best.len() >= count;
            if is_full && best.peek().is_none_or(|Reverse(least)| key.0 < least.0) {
                break;
            }
            if wanted(&event) {
                best.push(Reverse(key));
                if best.len() > count {
                    best.pop();
                }
            }
        }
    }
    let chosen = best.into_sorted_vec();
    let mut events: Vec<(VisitorRow, Event)> = Vec::with_capacity(chosen.len());
    for Reverse((time, position, visitor)) in chosen {
        let visitor = VisitorRow(visitor);
        // Its products are events of the same position, one after the other; the first that is wanted and not taken yet.
        let taken = events.iter().rev().take_while(|(_, event)| event.position == position).count();
        let mut of_it = state.people().history(visitor).rev().skip_while(|event| event.time.0 > time);
        let found = of_it
            .by_ref()
            .take_while(|event| event.time.0 == time)
            .filter(|event| event.position == position && wanted(event))
            .nth(taken);
        events.extend(found.map(|event| (visitor, event)));
    }
    events
}

fn count_by_type(state: &State, product: ProductRow) -> Vec<Value> {
    let mut counts = [0_u64; InteractionType::ALL.len()];
    for visitor in state.people().visitors() {
        for event in state.people().history(visitor).filter(|event| event.product == Some(product)) {
            counts[event.kind as usize] += 1;
        }
    }
    let counted =
        InteractionType::ALL.iter().map(|kind| (kind, counts[*kind as usize])).filter(|(_, count)| *count > 0);
    counted.map(|(kind, count)| json!({"type": kind.name(), "count": count})).collect()
}

/// An event as a page shows it.
pub(super) fn told(state: &State, visitor: VisitorRow, event: &Event) -> Value {
    let people = state.people();
    json!({
        "time_ms": event.time.0,
        "type": event.kind.name(),
        "user_id": people.user_id(visitor),
        "anonymous_id": people.anonymous_id(visitor),
        "product": event.product.map(|row| card(state, row)),
        "value": if event.value.is_nan() { None } else { Some(event.value) },
    })
}
