//! How complete the data is: which attributes products have, and how interactions fit the catalogue.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State as Shared};
use record::InteractionType;
use serde_json::{Map, Value, json};
use state::{ProductRow, State};

use crate::EnvironmentName;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};

/// Products looked into; of more, every n-th.
const PRODUCTS_READ_MAX: u64 = 20_000;
/// Unknown ids given as examples.
const EXAMPLES: usize = 5;
/// Bars of the chart of interactions over time.
const BARS_MAX: i64 = 60;
const DAY_MS: i64 = 24 * 3_600_000;
const VALUE_CHARS_MAX: usize = 60;

/// `GET /dojo/api/{environment}/quality`.
pub(crate) async fn quality(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
) -> Result<Json<Value>, Trouble> {
    let environment = dojo.environment(name).clone();
    let look = move || {
        let mut answer = environment.look(|state| json!({"products": products(state), "interactions": events(state)}));
        answer["interactions"]["duplicates"] = json!(environment.duplicates());
        answer
    };
    let answer = apart(move || dojo.looks.of(name, "quality", look));
    Ok(Json(answer.await?))
}

#[derive(Default)]
struct Attribute {
    count: u64,
    kinds: Vec<&'static str>,
    example: String,
}

fn products(state: &State) -> Value {
    let catalogue = state.catalogue();
    let total = catalogue.live().len();
    let step = usize::try_from(total / PRODUCTS_READ_MAX).unwrap_or(0) + 1;
    let mut attributes = BTreeMap::<String, Attribute>::new();
    let mut read = 0_u64;
    for row in catalogue.live().iter().step_by(step) {
        let Some(body) = catalogue.body(ProductRow(row)) else { continue };
        let Ok(Value::Object(fields)) = serde_json::from_str(body) else { continue };
        read += 1;
        note(&mut attributes, "", &fields);
    }
    let attributes = attributes.into_iter().map(|(name, attribute)| {
        json!({
            "name": name, "share": attribute.count as f64 / read.max(1) as f64,
            "kinds": attribute.kinds, "example": attribute.example,
        })
    });
    json!({"total": total, "read": read, "attributes": attributes.collect::<Vec<_>>()})
}

fn note(attributes: &mut BTreeMap<String, Attribute>, prefix: &str, fields: &Map<String, Value>) {
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::Object(inner) if prefix.is_empty() && name == "custom_attributes" => {
                note(attributes, "custom_attributes.", inner);
            }
            value => {
                let attribute = attributes.entry(format!("{prefix}{name}")).or_default();
                attribute.count += 1;
                let kind = kind(value);
                if !attribute.kinds.contains(&kind) {
                    attribute.kinds.push(kind);
                }
                if attribute.example.is_empty() {
                    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    attribute.example = text.chars().take(VALUE_CHARS_MAX).collect();
                }
            }
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "text",
        Value::Number(_) => "number",
        Value::Bool(_) => "yes or no",
        Value::Array(_) => "list",
        _ => "object",
    }
}

fn events(state: &State) -> Value {
    let (people, catalogue) = (state.people(), state.catalogue());
    let mut by_type = [0_u64; InteractionType::ALL.len()];
    let (mut named, mut unknown, mut visitors) = (0_u64, 0_u64, 0_u64);
    let (mut first, mut last) = (None::<i64>, None::<i64>);
    let mut by_day = BTreeMap::<i64, u64>::new();
    for visitor in people.visitors() {
        visitors += 1;
        let mut position = None;
        for event in people.history(visitor) {
            if position.replace(event.position) != Some(event.position) {
                by_type[event.kind as usize] += 1;
            }
            let time = event.time.0;
            *by_day.entry(time.div_euclid(DAY_MS)).or_default() += 1;
            first = Some(first.map_or(time, |first| first.min(time)));
            last = Some(last.map_or(time, |last| last.max(time)));
            if let Some(row) = event.product {
                named += 1;
                unknown += u64::from(catalogue.body(row).is_none() && catalogue.group_of_group_row(row).is_none());
            }
        }
    }
    let is_unknown = |row: &u32| {
        let row = ProductRow(*row);
        catalogue.body(row).is_none() && !catalogue.id(row).is_empty()
    };
    let examples: Vec<&str> =
        (0..catalogue.rows()).filter(is_unknown).take(EXAMPLES).map(|row| catalogue.id(ProductRow(row))).collect();
    let counts = InteractionType::ALL.iter().map(|kind| (kind.name(), by_type[*kind as usize]));
    let counts: Vec<Value> =
        counts.filter(|(_, count)| *count > 0).map(|(name, count)| json!({"type": name, "count": count})).collect();
    let (bars, gap) = over_time(&by_day);
    json!({
        "bars": bars, "longest_gap": gap,
        "total": people.interactions(), "visitors": visitors, "first_ms": first, "last_ms": last, "by_type": counts,
        "products_named": named, "products_unknown": unknown, "unknown_examples": examples,
    })
}

/// Events by equal numbers of days, and the longest time without any: `{"from_ms","days"}` where it is more than a day.
fn over_time(by_day: &BTreeMap<i64, u64>) -> (Vec<Value>, Option<Value>) {
    let (Some((&first, _)), Some((&last, _))) = (by_day.first_key_value(), by_day.last_key_value()) else {
        return (Vec::new(), None);
    };
    let days = (last - first) / BARS_MAX + 1;
    let mut bars = vec![0_u64; usize::try_from((last - first) / days + 1).unwrap_or(1)];
    for (day, count) in by_day {
        bars[usize::try_from((day - first) / days).unwrap_or(0)] += count;
    }
    let bars = bars
        .iter()
        .enumerate()
        .map(|(at, count)| json!({"time_ms": (first + at as i64 * days) * DAY_MS, "days": days, "count": count}));
    let gaps = by_day.keys().zip(by_day.keys().skip(1)).map(|(before, after)| (after - before - 1, before + 1));
    let longest = gaps.max_by_key(|(days, from)| (*days, -from)).filter(|(days, _)| *days > 0);
    (bars.collect(), longest.map(|(days, from)| json!({"from_ms": from * DAY_MS, "days": days})))
}

#[cfg(test)]
mod tests {
    //! Properties: every event is in a bar, whatever the time they span; the longest gap is found, the earlier of equals.

    use super::*;

    #[test]
    fn bars_hold_every_event_and_the_longest_gap_is_found() {
        for days in [vec![3], vec![3, 4, 9, 14], vec![0, 1, 700, 701, 1400], vec![-10, 0, 10]] {
            let by_day: BTreeMap<i64, u64> = days.iter().map(|day| (*day, 2)).collect();
            let (bars, _) = over_time(&by_day);
            let total: u64 = bars.iter().filter_map(|bar| bar["count"].as_u64()).sum();
            assert_eq!(total, 2 * days.len() as u64);
            assert!(bars.len() as i64 <= BARS_MAX + 1);
        }
        let gap = |days: &[i64]| over_time(&days.iter().map(|day| (*day, 1)).collect()).1;
        assert_eq!(gap(&[3, 4, 5]), None);
        assert_eq!(gap(&[3, 6, 9]), Some(json!({"from_ms": 4 * DAY_MS, "days": 2})));
    }
}
