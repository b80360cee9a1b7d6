//! The schedule of an engine: five fields as in cron.

use record::Time;

use crate::limits::ENGINE_TEXT_CHARS_MAX;

/// The fields in their order: name, least and greatest value. Both 0 and 7 are Sunday.
const FIELDS: [(&str, u32, u32); 5] =
    [("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("day of the week", 0, 7)];

/// Moments at which something is due, to the minute, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// The values that each field allows, one bit a value, in the order of [`FIELDS`].
    allowed: [u64; 5],
    /// Whether the day of the month, and that of the week, is `*`: where neither is, one of the two is enough, as in cron.
    any_day: bool,
    any_weekday: bool,
}

impl Schedule {
    /// Reads `minute hour day month weekday`, each `*`, a number, a range `a-b`, one of these with a step `/n`, or a list
    /// of them with commas. Names of months and days are not taken.
    ///
    /// # Errors
    /// A sentence that says which field does not hold what it should.
    pub(crate) fn parse(text: &str) -> Result<Schedule, String> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        if fields.len() != FIELDS.len() || text.len() > ENGINE_TEXT_CHARS_MAX {
            return Err("It must have five fields, as in cron: minute, hour, day, month, day of the week.".to_owned());
        }
        let mut allowed = [0; 5];
        for ((field, (name, min, max)), allowed) in fields.iter().zip(FIELDS).zip(&mut allowed) {
            for part in field.split(',') {
                *allowed |= values(part, min, max).ok_or_else(|| {
                    format!("Its field {name} must hold `*`, numbers from {min} to {max}, ranges or steps.")
                })?;
            }
        }
        allowed[4] |= allowed[4] >> 7 & 1;
        Ok(Schedule { allowed, any_day: fields[2] == "*", any_weekday: fields[4] == "*" })
    }

    /// Whether something is due in the minute of this moment.
    pub(crate) fn is_due(&self, moment: Time) -> bool {
        let Ok(moment) = jiff::Timestamp::from_millisecond(moment.0) else { return false };
        let moment = jiff::tz::TimeZone::UTC.to_datetime(moment);
        let weekday = moment.weekday().to_sunday_zero_offset();
        let at = [moment.minute(), moment.hour(), moment.day(), moment.month(), weekday];
        let fits = |field: usize| self.allowed[field] >> at[field] & 1 == 1;
        let on_the_day = match (self.any_day, self.any_weekday) {
            (false, false) => fits(2) || fits(4),
            _ => fits(2) && fits(4),
        };
        fits(0) && fits(1) && fits(3) && on_the_day
    }
}

/// The values of one part of a field, one bit each.
fn values(part: &str, min: u32, max: u32) -> Option<u64> {
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| (min..=max).contains(number));
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(step.parse().ok().filter(|step| (1..=max).contains(step))?)),
        None => (part, None),
    };
    let (from, to) = match range.split_once('-') {
        _ if range == "*" => (min, max),
        Some((from, to)) => (number(from)?, number(to)?),
        // With a step, a single number is where the steps begin.
        None => (number(range)?, if step.is_some() { max } else { number(range)? }),
    };
    (from <= to).then(|| (from..=to).step_by(step.unwrap_or(1) as usize).fold(0, |bits, value| bits | 1 << value))
}

#[cfg(test)]
mod tests;
