//! Properties: what cron takes with five numeric fields is taken; anything else is refused, naming the field; it is due in the
//! minutes that it names, in UTC, and where both days are named, on either.

#![allow(clippy::unwrap_used, reason = "tests")]

use record::Time;

use super::Schedule;

#[test]
fn the_usual_schedules_are_taken() {
    for text in ["0 3 * * *", "*/15 * * * *", "0 0,12 1-7 * 1-5", "5 4 * * 7", "0-30/10 * * 12 0"] {
        Schedule::parse(text).unwrap();
    }
}

#[test]
fn what_is_no_schedule_is_refused_by_field() {
    for (text, named) in [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("* * * * * *", "five fields"),
        ("60 * * * *", "minute"),
        ("* 24 * * *", "hour"),
        ("* * 0 * *", "day of the month"),
        ("* * * 13 *", "month"),
        ("* * * * 8", "day of the week"),
        ("*/0 * * * *", "minute"),
        ("5-1 * * * *", "minute"),
        ("1,,2 * * * *", "minute"),
        ("-1 * * * *", "minute"),
        ("@daily x x x x", "minute"),
    ] {
        let refused = Schedule::parse(text).unwrap_err();
        assert!(refused.contains(named), "{text}: {refused}");
    }
}

#[test]
fn it_is_due_in_the_minutes_that_it_names() {
    let due = |schedule: &str, moment: &str| Schedule::parse(schedule).unwrap().is_due(Time::parse(moment).unwrap());
    // 2024-02-29 was a Thursday.
    for (schedule, moment, expected) in [
        ("* * * * *", "2024-02-29T12:34:56Z", true),
        ("34 12 * * *", "2024-02-29T12:34:00Z", true),
        ("34 12 * * *", "2024-02-29T12:35:00Z", false),
        ("*/15 * * * *", "2024-02-29T12:45:59Z", true),
        ("*/15 * * * *", "2024-02-29T12:46:00Z", false),
        ("5/20 * * * *", "2024-02-29T12:25:00Z", true),
        ("0 3 29 2 *", "2024-02-29T03:00:00Z", true),
        ("0 3 28 2 *", "2024-02-29T03:00:00Z", false),
        ("0 3 * * 4", "2024-02-29T03:00:00Z", true),
        ("0 3 * * 7", "2024-03-03T03:00:00Z", true),
        ("0 3 * * 0", "2024-03-03T03:00:00Z", true),
        ("0 3 1 * 4", "2024-02-29T03:00:00Z", true),
        ("0 3 1 * 5", "2024-02-29T03:00:00Z", false),
        ("0 12 * * *", "2024-02-29T13:00:00+01:00", true),
    ] {
        assert_eq!(due(schedule, moment), expected, "{schedule} at {moment}");
    }
}
