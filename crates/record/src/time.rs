use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z. Written and read as RFC 3339 text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// One second, in the unit of [`Time`].
    pub const SECOND_MS: i64 = 1_000;
    /// One day, in the unit of [`Time`].
    pub const DAY_MS: i64 = 86_400_000;

    /// Reads an RFC 3339 `date-time` (`2024-02-29T12:00:00Z`, with any offset; a missing offset means UTC).
    ///
    /// `None` for anything else, a bare date included: [`Time::parse_date_or_time`] takes that too.
    pub fn parse(text: &str) -> Option<Time> {
        // A bare date has no time separator; jiff would accept it as a civil date.
        if !text.is_ascii() || !matches!(text.as_bytes().get(10), Some(b'T' | b't' | b' ')) {
            return None;
        }
        if let Ok(moment) = text.parse::<jiff::Timestamp>() {
            return Some(Time(moment.as_millisecond()));
        }
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        Some(Time(jiff::tz::TimeZone::UTC.to_timestamp(civil).ok()?.as_millisecond()))
    }

    /// Reads an RFC 3339 `date-time` or a `date` (midnight UTC).
    pub fn parse_date_or_time(text: &str) -> Option<Time> {
        Time::parse(text).or_else(|| {
            if text.len() != 10 {
                return None;
            }
            let date = text.parse::<jiff::civil::Date>().ok()?;
            let midnight = date.to_datetime(jiff::civil::Time::midnight());
            Some(Time(jiff::tz::TimeZone::UTC.to_timestamp(midnight).ok()?.as_millisecond()))
        })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Time, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Time;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 date-time")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                Time::parse(text).ok_or_else(|| E::custom("not an RFC 3339 date-time"))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
