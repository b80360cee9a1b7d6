use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::source::text_of;

/// Where the names of time zones are looked up.
const ZONE_FOLDERS: [&str; 3] = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"];

/// Dates that can be read one way only; with dots the day comes first.
const CIVIL: [&str; 6] =
    ["%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y"];

/// How the dates of a field are written.
#[derive(Clone, Debug)]
pub(super) struct DateFormat {
    style: Style,
    zone: TimeZone,
}

#[derive(Clone, Debug)]
enum Style {
    /// Whatever can be told: RFC 3339, `2024-02-29 12:00`, a bare date, or a number of (milli-, micro-)seconds since 1970.
    Automatic,
    /// A number since 1970; how many make a second.
    Epoch(f64),
    /// The directives of strftime.
    Pattern(String),
}

impl DateFormat {
    /// # Errors
    /// A format or a time zone that is not known.
    pub(super) fn new(format: Option<&str>, zone: Option<&str>) -> Result<DateFormat, String> {
        let style = match format {
            None | Some("auto" | "rfc3339") => Style::Automatic,
            Some("seconds") => Style::Epoch(1.0),
            Some("milliseconds") => Style::Epoch(1e3),
            Some("microseconds") => Style::Epoch(1e6),
            Some(pattern) if pattern.contains('%') => Style::Pattern(pattern.to_owned()),
            Some(other) => {
                return Err(format!(
                    "the date format {other:?} is not known; use auto, seconds, milliseconds, microseconds, or a pattern \
                     such as \"%d/%m/%Y %H:%M\""
                ));
            }
        };
        Ok(DateFormat { style, zone: zone.map_or(Ok(TimeZone::UTC), time_zone)? })
    }

    /// The moment, as RFC 3339 text. `None` where the value is no date of this format.
    pub(super) fn read(&self, value: &Value) -> Option<String> {
        let text = text_of(value);
        let text = text.trim();
        let moment = match &self.style {
            Style::Epoch(per_second) => epoch(text.parse().ok()?, *per_second)?,
            Style::Pattern(pattern) => self.by_pattern(pattern, text)?,
            Style::Automatic => self.automatic(text)?,
        };
        // The contract keeps milliseconds.
        Some(Timestamp::from_millisecond(moment.as_millisecond()).ok()?.to_string())
    }

    fn by_pattern(&self, pattern: &str, text: &str) -> Option<Timestamp> {
        let parsed = BrokenDownTime::parse(pattern, text).ok()?;
        if let Ok(moment) = parsed.to_timestamp() {
            return Some(moment);
        }
        let civil = parsed.to_datetime().or_else(|_| parsed.to_date().map(|date| date.at(0, 0, 0, 0))).ok()?;
        self.zone.to_timestamp(civil).ok()
    }

    fn automatic(&self, text: &str) -> Option<Timestamp> {
        if let Ok(number) = text.parse::<f64>() {
            // In 5138 seconds reach 10^11; milliseconds passed it in 1973.
            let per_second = match number.abs() {
                size if size < 1e11 => 1.0,
                size if size < 1e14 => 1e3,
                size if size < 1e17 => 1e6,
                _ => return None,
            };
            return epoch(number, per_second);
        }
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Some(moment);
        }
        // `2024-02-29 12:00:00 UTC`, as many databases write it.
        let text = text.strip_suffix("UTC").or_else(|| text.strip_suffix("GMT")).map_or(text, str::trim_end);
        let civil = text.parse::<DateTime>().ok().or_else(|| {
            CIVIL.iter().find_map(|pattern| {
                let parsed = BrokenDownTime::parse(pattern, text).ok()?;
                parsed.to_datetime().or_else(|_| parsed.to_date().map(|date| date.at(0, 0, 0, 0))).ok()
            })
        })?;
        self.zone.to_timestamp(civil).ok()
    }
}

/// Whether this pattern reads the text.
pub(crate) fn reads(pattern: &str, text: &str) -> bool {
    DateFormat { style: Style::Pattern(pattern.to_owned()), zone: TimeZone::UTC }
        .read(&Value::String(text.to_owned()))
        .is_some()
}

/// Whether a text is a date that needs no format, other than a bare number.
pub(crate) fn looks_like_a_date(text: &str) -> bool {
    let automatic = DateFormat { style: Style::Automatic, zone: TimeZone::UTC };
    text.parse::<f64>().is_err() && automatic.read(&Value::String(text.to_owned())).is_some()
}

fn epoch(number: f64, per_second: f64) -> Option<Timestamp> {
    let milliseconds = (number / per_second * 1e3).round();
    milliseconds.is_finite().then(|| Timestamp::from_millisecond(milliseconds as i64).ok())?
}

/// `UTC`, an offset such as `+02:00`, or a name such as `Europe/London` that this machine's time zone database knows.
fn time_zone(name: &str) -> Result<TimeZone, String> {
    if matches!(name, "UTC" | "Z" | "utc") {
        return Ok(TimeZone::UTC);
    }
    if let Some(offset) = offset(name) {
        return Ok(TimeZone::fixed(offset));
    }
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "/_+-".contains(c));
    if plain && !name.starts_with('/') {
        for folder in ZONE_FOLDERS {
            if let Ok(bytes) = std::fs::read(format!("{folder}/{name}")) {
                return TimeZone::tzif(name, &bytes).map_err(|error| format!("the time zone {name:?}: {error}"));
            }
        }
    }
    Err(format!("the time zone {name:?} is not known on this machine; use UTC or an offset such as +02:00"))
}

fn offset(text: &str) -> Option<jiff::tz::Offset> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text[1..].split_once(':').unwrap_or((&text[1..], "0"));
    let seconds = hours.parse::<i32>().ok()? * 3_600 + minutes.parse::<i32>().ok()? * 60;
    jiff::tz::Offset::from_seconds(sign * seconds).ok()
}
