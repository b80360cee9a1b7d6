//! What happened lately: interactions by time, visitors, funnel, products.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use record::{InteractionType, Time};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Value, json};
use state::{Event, ProductRow, State};

use super::answers;
use super::card::card;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};
use crate::environment::now;
use crate::{Environment, EnvironmentName};

/// Products in each of the lists.
const PRODUCTS_SHOWN: usize = 12;
const MINUTE_MS: i64 = 60_000;

/// How far back the page looks.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Period {
    Hour,
    #[default]
    Day,
    Week,
    Month,
}

impl Period {
    fn name(self) -> &'static str {
        match self {
            Period::Hour => "hour",
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
        }
    }

    /// Milliseconds of a bar, and how many bars there are.
    fn bars(self) -> (i64, usize) {
        match self {
            Period::Hour => (MINUTE_MS, 60),
            Period::Day => (30 * MINUTE_MS, 48),
            Period::Week => (3 * 60 * MINUTE_MS, 56),
            Period::Month => (24 * 60 * MINUTE_MS, 30),
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    period: Period,
}

/// `GET /dojo/api/{environment}/overview?period=hour|day|week|month`.
pub(crate) async fn overview(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path(name): Path<EnvironmentName>,
    Query(Asked { period }): Query<Asked>,
) -> Result<Json<Value>, Trouble> {
    let environment = dojo.environment(name).clone();
    let look = move || {
        let is_ready = environment.is_ready();
        environment.settle();
        let versions = environment.versions("default").unwrap_or_default();
        let engines: Vec<Value> = environment.engine_ids().iter().map(|id| engine(&environment, id)).collect();
        let mut figures = environment.look(|state| figures(state, now(), period));
        figures["is_ready"] = json!(is_ready);
        figures["engines"] = json!(engines);
        figures["model"] = json!(versions.into_iter().find(|version| version.in_use));
        figures
    };
    let figures = apart(move || dojo.looks.of(name, period.name(), look));
    Ok(Json(figures.await?))
}

/// How an engine stands: the version in use, and whether the newest was kept out.
fn engine(environment: &Environment, engine_id: &str) -> Value {
    let versions = environment.versions(engine_id).unwrap_or_default();
    let in_use = versions.iter().find(|version| version.in_use);
    let newest_is_in_use = versions.first().is_none_or(|version| version.in_use);
    json!({
        "engine_id": engine_id,
        "in_use": in_use,
        "versions": versions.len(),
        "newest_is_in_use": newest_is_in_use,
    })
}

/// What was counted within the period.
#[derive(Default)]
struct Counts {
    interactions: u64,
    visitors: u64,
    interactions_before: u64,
    visitors_before: u64,
    /// By `InteractionType as usize`.
    by_type: [u64; InteractionType::ALL.len()],
    visitors_by_type: [u64; InteractionType::ALL.len()],
    positive_by_product: FxHashMap<ProductRow, u32>,
    unknown: u64,
}

/// Reads the end of every history, back to the beginning of the period before this one.
///
/// Of a log that ended long ago, an imported past, the period is the one at its end. Answers are always of the present.
fn figures(state: &State, now: Time, period: Period) -> Value {
    let (bar_ms, bar_count) = period.bars();
    let present = engine::present(state, now);
    let length = bar_ms * bar_count as i64;
    // The bars stand on whole minutes, hours, days; the last one goes on.
    let end_at = |moment: Time| (moment.0.div_euclid(bar_ms) + 1) * bar_ms;
    let end = end_at(present);
    let begin = end - length;
    let mut bars = vec![0_u64; bar_count];
    let mut counts = Counts::default();
    for visitor in state.people().visitors() {
        let mut seen = 0_u32;
        let (mut is_here, mut was_here) = (false, false);
        let mut position = None;
        for event in state.people().history(visitor).rev() {
            if event.time.0 < begin - length {
                break;
            }
            // An interaction with several products is several events of one position.
            let is_first = position.replace(event.position) != Some(event.position);
            if event.time.0 < begin {
                was_here = true;
                counts.interactions_before += u64::from(is_first);
                continue;
            }
            if event.time.0 >= end {
                continue;
            }
            is_here = true;
            if is_first {
                counts.interactions += 1;
                counts.by_type[event.kind as usize] += 1;
                bars[((event.time.0 - begin) / bar_ms) as usize] += 1;
                seen |= 1 << event.kind as u32;
            }
            if let Some(row) = event.product {
                counts.unknown += u64::from(state.catalogue().body(row).is_none());
                if speaks_for_it(&event) {
                    *counts.positive_by_product.entry(row).or_default() += 1;
                }
            }
        }
        counts.visitors += u64::from(is_here);
        counts.visitors_before += u64::from(was_here);
        for (kind, visitors) in counts.visitors_by_type.iter_mut().enumerate() {
            *visitors += u64::from(seen >> kind & 1);
        }
    }
    let bars =
        bars.iter().enumerate().map(|(at, count)| json!({"time_ms": begin + at as i64 * bar_ms, "count": count}));
    let by_type = InteractionType::ALL.iter().filter(|kind| counts.by_type[**kind as usize] > 0).map(|kind| {
        let at = *kind as usize;
        json!({"type": kind.name(), "count": counts.by_type[at], "visitors": counts.visitors_by_type[at]})
    });
    json!({
        "now_ms": now.0,
        // Before now where the log has ended.
        "present_ms": present.0,
        "latest_ms": state.latest().map(|time| time.0),
        "products": state.catalogue().live().len(),
        "in_stock": state.catalogue().in_stock().len(),
        "profiles": state.people().profiles(),
        "interactions": state.people().interactions(),
        "bar_ms": bar_ms,
        "bars": bars.collect::<Vec<_>>(),
        "period": {
            "interactions": counts.interactions,
            "interactions_before": counts.interactions_before,
            "visitors": counts.visitors,
            "visitors_before": counts.visitors_before,
            "unknown_products": counts.unknown,
            "by_type": by_type.collect::<Vec<_>>(),
        },
        "top": top(state, counts.positive_by_product),
        "trending": trending(state, present),
        "answers": answers::outcomes(state, Time(end_at(now) - length), now),
    })
}

/// From this rating on, it speaks for a product (contract).
const RATING_POSITIVE_MIN: f32 = 3.5;

fn speaks_for_it(event: &Event) -> bool {
    use InteractionType::{
        AddToCart, AddToCollection, Bookmark, Checkout, Click, Complete, Like, Listen, ProductDetailPageView, Read,
        Watch,
    };
    if event.kind == InteractionType::Rate {
        return event.value >= RATING_POSITIVE_MIN;
    }
    matches!(
        event.kind,
        ProductDetailPageView
            | AddToCart
            | Checkout
            | Read
            | Watch
            | Listen
            | Like
            | Click
            | Bookmark
            | Complete
            | AddToCollection
    )
}

fn top(state: &State, count_by_product: FxHashMap<ProductRow, u32>) -> Vec<Value> {
    let mut counted: Vec<_> =
        count_by_product.into_iter().filter(|(row, _)| state.catalogue().body(*row).is_some()).collect();
    counted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counted.truncate(PRODUCTS_SHOWN);
    let with_count = |(row, count): (ProductRow, u32)| {
        let mut card = card(state, row);
        card["count"] = json!(count);
        card
    };
    counted.into_iter().map(with_count).collect()
}

fn trending(state: &State, present: Time) -> Vec<Value> {
    let rises = state.catalogue().offered().iter().map(|row| (state.trends().rise(ProductRow(row), present), row));
    let mut rises: Vec<(f32, u32)> = rises.filter(|(rise, _)| *rise > 0.0).collect();
    rises.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    rises.truncate(PRODUCTS_SHOWN);
    let with_rise = |(rise, row): (f32, u32)| {
        let mut card = card(state, ProductRow(row));
        card["rise"] = json!(rise);
        card
    };
    rises.into_iter().map(with_rise).collect()
}
