//! Dates with slashes: 3/4/2025 is a day in March or in April, and only the other values of the column tell.

use crate::mapping::reads;

/// Day first, month first; each alone and with a time. A tie goes to the first that reads as many.
const PATTERNS: [&str; 10] = [
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%d-%m-%Y",
    "%d-%m-%Y %H:%M",
];

/// Whether it is a date with the year at its end, in whatever order day and month are.
pub(super) fn is_with_slashes(text: &str) -> bool {
    PATTERNS.iter().any(|pattern| reads(pattern, text))
}

/// The pattern that reads most of the values. `None` where none reads any: then they need none, or are no such dates.
pub(super) fn pattern(values: &[&str]) -> Option<&'static str> {
    let read = |pattern: &str| values.iter().filter(|value| reads(pattern, value)).count();
    let counted = PATTERNS.iter().map(|pattern| (read(pattern), *pattern));
    // `max_by_key` would give the last of equals.
    let best = counted.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.filter(|(count, _)| *count > 0).map(|(_, pattern)| pattern)
}
