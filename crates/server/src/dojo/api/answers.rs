//! What became of the answers lately: by API, by place of the site, and against everything bought.

use record::Time;
use serde_json::{Value, json};
use state::State;
use state::limits::{ATTRIBUTION_DAYS_MAX, TALLY_HOURS_APART};

use crate::report::{self, Asked, Dimension, Label, Row};

const HOUR_MS: i64 = Time::DAY_MS / 24;
/// Places of the site that are listed, those with the most answers.
const UNITS_SHOWN: usize = 8;

/// The figures since `since`, on whole hours; on whole days for what is longer ago than hours are told apart.
pub(super) fn outcomes(state: &State, since: Time, now: Time) -> Value {
    let unit_ms = if now.0 - since.0 > i64::from(TALLY_HOURS_APART) * HOUR_MS { Time::DAY_MS } else { HOUR_MS };
    let from = Time(since.0.div_euclid(unit_ms) * unit_ms);
    let report = |by: Dimension| {
        let asked = Asked { from, to: Time(now.0 + 1), by: vec![by], ..Asked::default() };
        report::answers(state, &asked)
    };
    let line = |name: &str, row: &Row| {
        let mut line = json!(row.figures);
        if let Some(label) = row.labels.first() {
            line[name] = json!(label);
        }
        line
    };
    let (apis, total, purchases) = report(Dimension::Endpoint);
    let (mut units, ..) = report(Dimension::Unit);
    units.retain(|row| row.labels != [Label::None]);
    units.sort_by_key(|row| std::cmp::Reverse(row.figures.answers()));
    units.truncate(UNITS_SHOWN);
    json!({
        "since_ms": from.0,
        "attribution_days": ATTRIBUTION_DAYS_MAX,
        "total": line("", &total),
        "by_api": apis.iter().map(|row| line("api", row)).collect::<Vec<_>>(),
        "by_unit": units.iter().map(|row| line("unit_id", row)).collect::<Vec<_>>(),
        "purchases": purchases.conversions,
        "revenue": purchases.revenue,
        "assisted": purchases.assisted,
        "assisted_revenue": purchases.assisted_revenue,
    })
}
