//! `/v1/reports/…`: what became of the answers.

use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use record::Time;
use serde_json::{Map, Value, json};
use state::limits::ATTRIBUTION_DAYS_MAX;

use super::auth::Caller;
use super::errors::Failure;
use super::threads::apart;
use super::wire;
use crate::report::{self, Asked, Dimension, Figures, Row};

/// Days reported where the request does not say, today included.
const DAYS_DEFAULT: i64 = 30;

/// `GET /v1/reports/answers?from=&to=&by=endpoint,version,unit_id,day&engine_id=&endpoint=&unit_id=&format=csv`.
pub(super) async fn answers(
    caller: Caller,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let value = |name: &str| {
        pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let now = crate::environment::now();
    let midnight = |time: Time| Time(time.0.div_euclid(Time::DAY_MS) * Time::DAY_MS);
    let day = |name: &str| match value(name) {
        None => Ok(None),
        Some(text) => Time::parse_date_or_time(text).map(midnight).map(Some).ok_or_else(|| {
            Failure::Invalid(format!("{name} is invalid. It must be a day such as {}.", report::day(now)))
        }),
    };
    // Both ends are days that belong to the report.
    let last = day("to")?.unwrap_or(midnight(now));
    let first = day("from")?.unwrap_or(Time(last.0 - (DAYS_DEFAULT - 1) * Time::DAY_MS));
    if first > last {
        return Err(Failure::Invalid("from is invalid. It must not be after `to`.".to_owned()));
    }
    let mut by = Vec::new();
    for name in value("by").unwrap_or("endpoint").split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let Some(dimension) = Dimension::of_name(if name == "engine" { "engine_id" } else { name }) else {
            let known: Vec<&str> = Dimension::ALL.into_iter().map(Dimension::name).collect();
            let message = format!("by is invalid. There is no `{name}`; choose among {}.", known.join(", "));
            return Err(Failure::Invalid(message));
        };
        if !by.contains(&dimension) {
            by.push(dimension);
        }
    }
    let own = |name: &str| value(name).map(str::to_owned);
    let asked = Asked {
        from: first,
        to: Time(last.0 + Time::DAY_MS),
        by,
        engine_id: own("engine_id"),
        endpoint: own("endpoint"),
        unit_id: own("unit_id"),
    };
    let csv = match value("format") {
        Some("csv") => true,
        Some("json") => false,
        Some(_) => return Err(Failure::Invalid("format is invalid. It must be `json` or `csv`.".to_owned())),
        None => headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/csv")),
    };
    let environment = caller.environment.clone();
    let wanted = asked.clone();
    let (rows, total, purchases) = apart(move || {
        environment.settle();
        environment.look(|state| report::answers(state, &wanted))
    })
    .await?;
    if csv {
        return Ok(as_csv(&asked.by, &rows));
    }
    let figures = |row: &Row| {
        let mut fields: Map<String, Value> = Map::new();
        for (dimension, label) in asked.by.iter().zip(&row.labels) {
            fields.insert(dimension.name().to_owned(), json!(label));
        }
        if let Value::Object(figures) = json!(row.figures) {
            fields.extend(figures);
        }
        Value::Object(fields)
    };
    let mut total = figures(&total);
    total["all_conversions"] = json!(purchases.conversions);
    total["all_revenue"] = json!((purchases.revenue * 100.0).round() / 100.0);
    Ok(wire::success(&json!({
        "from": report::day(first),
        "to": report::day(last),
        "by": asked.by.iter().map(|dimension| dimension.name()).collect::<Vec<_>>(),
        "attribution_days": ATTRIBUTION_DAYS_MAX,
        "rows": rows.iter().map(figures).collect::<Vec<_>>(),
        "total": total,
    })))
}

/// RFC 4180, with a head.
fn as_csv(by: &[Dimension], rows: &[Row]) -> Response {
    let head = by.iter().map(|dimension| dimension.name()).chain(Figures::NAMES);
    let mut text = head.collect::<Vec<_>>().join(",") + "\r\n";
    for row in rows {
        let labels = row.labels.iter().map(|label| match label {
            report::Label::Text(label) => quoted(label),
            report::Label::Number(label) => label.to_string(),
            report::Label::None => String::new(),
        });
        text += &labels.chain(row.figures.texts()).collect::<Vec<_>>().join(",");
        text += "\r\n";
    }
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"))], text).into_response()
}

/// A field as it may stand in a line. What a spreadsheet would take for a formula is made text: names of places come from outside.
fn quoted(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
    if safe.contains([',', '"', '\r', '\n']) { format!("\"{}\"", safe.replace('"', "\"\"")) } else { safe }
}
