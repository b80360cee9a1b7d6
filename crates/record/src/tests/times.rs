use proptest::prelude::*;

use crate::Time;

fn check(text: &str, expected: &str) {
    assert_eq!(Time::parse(text).map(|time| time.to_string()).as_deref(), Some(expected), "{text}");
}

#[test]
fn the_spellings_that_clients_send_are_read() {
    check("2022-08-15T21:24:59.966Z", "2022-08-15T21:24:59.966Z");
    check("2022-08-15T21:24:59Z", "2022-08-15T21:24:59Z");
    check("2022-08-15t21:24:59z", "2022-08-15T21:24:59Z");
    check("2022-08-15 21:24:59Z", "2022-08-15T21:24:59Z");
    check("2022-08-15T21:24:59", "2022-08-15T21:24:59Z");
    check("2022-08-15T21:24:59.966123", "2022-08-15T21:24:59.966Z");
    check("2022-08-15T21:24:59.966123+00:00", "2022-08-15T21:24:59.966Z");
    check("2022-08-15T21:24:59.5-07:30", "2022-08-16T04:54:59.5Z");
    check("2022-08-15T21:24:59+0200", "2022-08-15T19:24:59Z");
    check("2022-08-15T21:24:59+02", "2022-08-15T19:24:59Z");
    check("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z");
    check("1868-01-01T00:00:00.25Z", "1868-01-01T00:00:00.25Z");
}

#[test]
fn other_texts_are_no_moments() {
    for text in [
        "",
        "2022-08-15",
        "2022-08-15T21:24",
        "20220815T212459Z",
        "2022-08-15T24:00:00Z",
        "2022-08-15T21:60:00Z",
        "2022-08-15T21:24:61Z",
        "2022-02-29T00:00:00Z",
        "2022-13-01T00:00:00Z",
        "2022-08-15T21:24:59.Z",
        "2022-08-15T21:24:59+24:00",
        "2022-08-15T21:24:59+02:60",
        "2022-08-15T21:24:59Z[UTC]",
        "2022-08-15T21:24:59 Z",
        "2022-08-15T21:24:59+2:00",
        "1660598699",
        "2022-08-15T21:24:5９Z",
        "+002022-08-15T21:24:59Z",
        "2022-08-15_21:24:59Z",
        "Mon, 15 Aug 2022 21:24:59 GMT",
    ] {
        assert_eq!(Time::parse(text), None, "{text}");
    }
}

#[test]
fn a_date_is_its_midnight() {
    assert_eq!(Time::parse_date_or_time("2024-02-29"), Time::parse("2024-02-29T00:00:00Z"));
    assert_eq!(Time::parse_date_or_time("2024-02-29T01:00:00Z"), Time::parse("2024-02-29T01:00:00Z"));
    for text in ["2023-02-29", "2024-2-29", "20240229", "2024-02-30", "today", "2024/02/29", "２０"] {
        assert_eq!(Time::parse_date_or_time(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn any_moment_is_read_back_from_its_text(millisecond in -62_135_596_800_000_i64..253_000_000_000_000) {
        let time = Time(millisecond);
        prop_assert_eq!(Time::parse(&time.to_string()), Some(time));
    }

    #[test]
    fn what_is_read_is_what_jiff_reads(
        text in r"[12][0-9]{3}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-][01][0-9]:[0-5][0-9])"
    ) {
        // jiff cuts towards zero, which before 1970 is towards later; this reader always towards earlier.
        let plain = text.parse::<jiff::Timestamp>().ok().map(|moment| moment.as_nanosecond().div_euclid(1_000_000) as i64);
        prop_assert_eq!(Time::parse(&text).map(|time| time.0), plain);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".*", tail in "[0-9TZ:.+-]{0,30}") {
        let _ = Time::parse(&text);
        let _ = Time::parse_date_or_time(&text);
        let _ = Time::parse(&format!("2022-08-15T21:24:59{tail}"));
        let _ = Time::parse(&tail);
    }
}
