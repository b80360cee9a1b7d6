use std::cmp::Ordering;

use record::Time;

/// One value of a product's field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Text; dates are text too, and compare as moments where both sides are dates.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
}

impl Scalar<'_> {
    /// Whether the value is the one written in the query: text by its whole bytes or, where both are dates, by the moment
    /// (see [`Moment`]); a number by its value; a boolean by its name in any case (Python writes `True`).
    pub fn equals(self, literal: &str) -> bool {
        match self {
            Scalar::Text(text) => text == literal || compare_moments(text, literal) == Some(Ordering::Equal),
            Scalar::Number(value) => number(literal) == Some(value),
            Scalar::Boolean(value) => boolean(literal) == Some(value),
        }
    }

    /// How the value stands to a range's end: numbers by value, dates by moment, other text by bytes.
    /// `None` where the two do not compare: a number with a word, or text that is no date with a date.
    pub fn compare(self, literal: &str) -> Option<Ordering> {
        match self {
            Scalar::Text(text) => match Moment::of(literal) {
                Some(_) => compare_moments(text, literal),
                None => Some(text.cmp(literal)),
            },
            Scalar::Number(value) => value.partial_cmp(&number(literal)?),
            Scalar::Boolean(value) => Some(value.cmp(&boolean(literal)?)),
        }
    }
}

/// The time that a date or date-time stands for: one millisecond, or for a date without a time of day the whole day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The first millisecond. A product's value is this one, so a bare date in a record is its midnight.
    pub first: Time,
    /// The last millisecond, itself included.
    pub last: Time,
}

impl Moment {
    /// Reads a date or date-time; `None` for other text.
    pub fn of(text: &str) -> Option<Moment> {
        // Nearly all text is no date; this spares the calendar's parser.
        if !matches!(text.as_bytes(), [b'0'..=b'9' | b'+' | b'-', _, _, _, _, _, _, _, _, _, ..]) {
            return None;
        }
        let first = Time::parse_date_or_time(text)?;
        let last = if text.len() == 10 { Time(first.0 + Time::DAY_MS - 1) } else { first };
        Some(Moment { first, last })
    }

    /// How the moment `value` stands to this time; equal when it lies within.
    pub fn compare(self, value: Time) -> Ordering {
        if value < self.first {
            Ordering::Less
        } else if value > self.last {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }
}

fn compare_moments(value: &str, literal: &str) -> Option<Ordering> {
    let literal = Moment::of(literal)?;
    Some(literal.compare(Moment::of(value)?.first))
}

/// The number that a literal stands for; `None` for a word, and for `inf` and `NaN`, which no record can hold.
pub fn number(literal: &str) -> Option<f64> {
    literal.parse::<f64>().ok().filter(|value| value.is_finite())
}

fn boolean(literal: &str) -> Option<bool> {
    if literal.eq_ignore_ascii_case("true") {
        Some(true)
    } else if literal.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
