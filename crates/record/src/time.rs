use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{limits, wire};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z. Written and read as RFC 3339 text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    /// One second, in the unit of [`Time`].
    pub const SECOND_MS: i64 = 1_000;
    /// One day, in the unit of [`Time`].
    pub const DAY_MS: i64 = 86_400_000;

    /// Reads an RFC 3339 `date-time` (`2024-02-29T12:00:00Z`, with any offset and any number of digits after the second).
    ///
    /// Beyond the letter of RFC 3339, as clients send it: a missing offset means UTC (Python's `isoformat` of a naive
    /// datetime), the offset may be `+0200` or `+02`. A leap second counts as the second before; digits beyond the
    /// millisecond are cut off. `None` for anything else, a bare date included: [`Time::parse_date_or_time`] takes that too.
    pub fn parse(text: &str) -> Option<Time> {
        let bytes = text.as_bytes();
        if bytes.len() < 19 || bytes[13] != b':' || bytes[16] != b':' || !matches!(bytes[10], b'T' | b't' | b' ') {
            return None;
        }
        let date = date(&bytes[..10])?;
        let (hour, minute) = (two_digits(&bytes[11..13])?, two_digits(&bytes[14..16])?);
        // jiff knows no second 60; RFC 3339 allows it.
        let second = match two_digits(&bytes[17..19])? {
            60 => 59,
            second => second,
        };
        let (millisecond, rest) = milliseconds(&bytes[19..])?;
        let clock = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
        let moment = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(clock)).ok()?;
        Some(Time((moment.as_second() - offset_seconds(rest)?) * 1000 + millisecond))
    }

    /// Reads an RFC 3339 `date-time` or a `date` (midnight UTC).
    pub fn parse_date_or_time(text: &str) -> Option<Time> {
        if text.len() != 10 {
            return Time::parse(text);
        }
        let midnight = date(text.as_bytes())?.to_datetime(jiff::civil::Time::midnight());
        Some(Time(jiff::tz::Offset::UTC.to_timestamp(midnight).ok()?.as_millisecond()))
    }

    /// Whether an interaction may carry this timestamp: its year lies within [`limits::TIMESTAMP_YEAR_MIN`] and
    /// [`limits::TIMESTAMP_YEAR_MAX`], both included.
    pub fn fits_an_interaction(self) -> bool {
        const START: i64 = start_of_year(limits::TIMESTAMP_YEAR_MIN as i64);
        const END: i64 = start_of_year(limits::TIMESTAMP_YEAR_MAX as i64 + 1);
        (START..END).contains(&self.0)
    }
}

/// The first millisecond of a year of the Gregorian calendar.
const fn start_of_year(year: i64) -> i64 {
    let last = year - 1;
    let days_since_year_1 = 365 * last + last.div_euclid(4) - last.div_euclid(100) + last.div_euclid(400);
    (days_since_year_1 - 719_162) * Time::DAY_MS
}

/// `YYYY-MM-DD`, a day of the calendar.
fn date(bytes: &[u8]) -> Option<jiff::civil::Date> {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let year = i16::from(two_digits(&bytes[..2])?) * 100 + i16::from(two_digits(&bytes[2..4])?);
    jiff::civil::Date::new(year, two_digits(&bytes[5..7])?, two_digits(&bytes[8..10])?).ok()
}

fn two_digits(bytes: &[u8]) -> Option<i8> {
    match bytes {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(((tens - b'0') * 10 + (ones - b'0')) as i8),
        _ => None,
    }
}

/// The milliseconds of a fraction such as `.966123`, and what follows it; no fraction is 0.
fn milliseconds(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.' | b',', fraction @ ..] = bytes else { return Some((0, bytes)) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return None;
    }
    let millisecond = (0..3).fold(0, |sum, place| {
        let digit = if place < digits { fraction[place] - b'0' } else { 0 };
        sum * 10 + i64::from(digit)
    });
    Some((millisecond, &fraction[digits..]))
}

/// The offset at the end of a date-time, in seconds east of UTC.
fn offset_seconds(bytes: &[u8]) -> Option<i64> {
    let (sign, digits) = match bytes {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.len() {
        2 => (two_digits(digits)?, 0),
        4 => (two_digits(&digits[..2])?, two_digits(&digits[2..])?),
        5 if digits[2] == b':' => (two_digits(&digits[..2])?, two_digits(&digits[3..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| sign * (i64::from(hours) * 3600 + i64::from(minutes) * 60))
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
        wire::from_text(deserializer, "an RFC 3339 date-time", Time::parse)
    }
}
