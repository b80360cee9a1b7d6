//! The visitors: a list to choose from, and one person's timeline.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;
use serde_json::{Value, json};
use state::{State, VisitorRow};

use super::interactions::{EVENTS_MAX, told};
use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};

const PAGE_MAX: usize = 200;

#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Part of an id.
    #[serde(default)]
    q: String,
    /// `user` or `anonymous`; both where it is left out.
    kind: Option<String>,
    /// `events`: those who did most first; else those seen last.
    sort: Option<String>,
    #[serde(default)]
    start: usize,
    rows: Option<usize>,
}

/// `GET /dojo/api/{environment}/people?q=&kind=&sort=&start=&rows=`: latest seen first, then those who have a profile only; or by
/// how much they did.
pub(crate) async fn people(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Trouble> {
    let environment = dojo.environment(environment).clone();
    let page = apart(move || environment.look(|state| page(state, &asked)));
    Ok(Json(page.await?))
}

fn page(state: &State, asked: &Asked) -> Value {
    let people = state.people();
    let wanted = asked.q.trim().to_lowercase();
    let by_events = asked.sort.as_deref() == Some("events");
    let mut found: Vec<(i64, u32)> = Vec::new();
    for visitor in people.everybody() {
        let (user, anonymous) = (people.user_id(visitor), people.anonymous_id(visitor));
        let is_kind = match asked.kind.as_deref() {
            Some("user") => user.is_some(),
            Some("anonymous") => anonymous.is_some(),
            _ => true,
        };
        let id = user.or(anonymous).unwrap_or_default();
        if is_kind && !id.is_empty() && (wanted.is_empty() || id.to_lowercase().contains(&wanted)) {
            let history = people.history(visitor);
            let key = if by_events { history.len() as i64 } else { last_ms(history) };
            found.push((key, visitor.0));
        }
    }
    let rows = asked.rows.unwrap_or(50).min(PAGE_MAX);
    let end = asked.start.saturating_add(rows).min(found.len());
    let most_first = |a: &(i64, u32), b: &(i64, u32)| b.cmp(a);
    // Only the pages up to the one asked for are put in order.
    if end < found.len() {
        found.select_nth_unstable_by(end, most_first);
    }
    found[..end].sort_unstable_by(most_first);
    let shown = found[..end].iter().skip(asked.start).map(|(_, row)| {
        let visitor = VisitorRow(*row);
        let last = last_ms(people.history(visitor));
        json!({
            "user_id": people.user_id(visitor),
            "anonymous_id": people.anonymous_id(visitor),
            "has_profile": people.has_profile(visitor),
            "interactions": people.history(visitor).len(),
            "latest_ms": Some(last).filter(|last| *last != i64::MIN),
        })
    });
    json!({"total": found.len(), "start": asked.start, "people": shown.collect::<Vec<_>>()})
}

/// When the last of these events happened; before all times where there is none.
fn last_ms(mut history: impl DoubleEndedIterator<Item = state::Event>) -> i64 {
    history.next_back().map_or(i64::MIN, |event| event.time.0)
}

#[derive(Deserialize)]
pub(crate) struct One {
    user_id: Option<String>,
    anonymous_id: Option<String>,
    #[serde(default)]
    start: usize,
    rows: Option<usize>,
}

/// `GET /dojo/api/{environment}/person?user_id=|anonymous_id=&start=&rows=`: the profile, and what the person did, latest first.
pub(crate) async fn person(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(environment): Path<EnvironmentName>,
    Query(one): Query<One>,
) -> Result<Json<Value>, Trouble> {
    let environment = dojo.environment(environment).clone();
    let found = apart(move || {
        let profile = match one.user_id.as_deref() {
            Some(id) => environment.user(id)?.and_then(|text| serde_json::from_str::<Value>(&text).ok()),
            None => None,
        };
        let rows = one.rows.unwrap_or(100).min(EVENTS_MAX);
        environment.look(|state| {
            let people = state.people();
            let visitor = people.visitor(one.user_id.as_deref(), one.anonymous_id.as_deref());
            if visitor.is_none() && profile.is_none() {
                return Err(Trouble::NotFound);
            }
            let history = visitor.map(|visitor| people.history(visitor));
            let total = history.as_ref().map_or(0, ExactSizeIterator::len);
            let events: Vec<Value> = visitor.zip(history).map_or_else(Vec::new, |(visitor, history)| {
                history.rev().skip(one.start).take(rows).map(|event| told(state, visitor, &event)).collect()
            });
            Ok(json!({
                "user_id": one.user_id, "anonymous_id": one.anonymous_id, "profile": profile,
                "interactions": total, "events": events,
            }))
        })
    });
    Ok(Json(found.await??))
}
