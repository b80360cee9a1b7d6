//! The schedule of an engine: five fields as in cron.

use crate::limits::ENGINE_TEXT_CHARS_MAX;

/// The fields in their order: name, least and greatest value. Both 0 and 7 are Sunday.
const FIELDS: [(&str, u32, u32); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7)];

/// Checks `minute hour day month weekday`, each `*`, a number, a range `a-b`, one of these with a step `/n`, or a list of
/// them with commas. Names of months and days are not taken.
///
/// # Errors
/// A sentence that says which field does not hold what it should.
pub(super) fn check(text: &str) -> Result<(), String> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    if fields.len() != FIELDS.len() || text.len() > ENGINE_TEXT_CHARS_MAX {
        return Err("It must have five fields, as in cron: minute, hour, day, month, day of the week.".to_owned());
    }
    for (field, (name, min, max)) in fields.into_iter().zip(FIELDS) {
        if !field.split(',').all(|part| fits(part, min, max)) {
            return Err(format!("Its field {name} must hold `*`, numbers from {min} to {max}, ranges or steps."));
        }
    }
    Ok(())
}

fn fits(part: &str, min: u32, max: u32) -> bool {
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (part, None),
    };
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| (min..=max).contains(number));
    let step_fits = step.is_none_or(|step| step.parse().is_ok_and(|step: u32| (1..=max).contains(&step)));
    let range_fits = range == "*"
        || match range.split_once('-') {
            Some((from, to)) => matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to),
            None => number(range).is_some(),
        };
    step_fits && range_fits
}

#[cfg(test)]
mod tests;
