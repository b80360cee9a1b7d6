//! Properties: what cron takes with five numeric fields is taken; anything else is refused, naming the field.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::check;

#[test]
fn the_usual_schedules_are_taken() {
    for text in ["0 3 * * *", "*/15 * * * *", "0 0,12 1-7 * 1-5", "5 4 * * 7", "0-30/10 * * 12 0"] {
        check(text).unwrap();
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
        let refused = check(text).unwrap_err();
        assert!(refused.contains(named), "{text}: {refused}");
    }
}
