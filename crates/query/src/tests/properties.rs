use proptest::prelude::*;

use crate::evaluate::{fits_pieces, fits_stepwise};
use crate::{End, Filter, Test, parse, parse_advanced};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        "[ -~]{0,8}",
        "\\PC{0,5}",
        "[\\s*?\\\\:\"“”()+!&|~^/-]{1,5}",
        Just("AND".to_owned()),
        Just("OR".to_owned()),
        Just("NOT".to_owned()),
        Just("TO".to_owned()),
        Just("2024-01-31".to_owned()),
    ]
}

fn name() -> impl Strategy<Value = String> {
    text().prop_filter("a name has characters, and the reserved and the old spellings mean something else", |name| {
        !name.is_empty() && name != "full_text" && !name.starts_with("attributes.")
    })
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![Just(End::Open), text().prop_map(End::Included), text().prop_map(End::Excluded)]
}

/// A pattern that is neither `*` nor a prefix, which print as other tests.
fn pattern() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            Just("*".to_owned()),
            Just("?".to_owned()),
            Just("\\*".to_owned()),
            Just("\\?".to_owned()),
            Just("\\\\".to_owned()),
            any::<char>().prop_filter("not special", |c| !"*?\\".contains(*c)).prop_map(String::from),
        ],
        1..6,
    )
    .prop_map(|parts| format!("?{}", parts.concat()))
}

fn test() -> impl Strategy<Value = Test> {
    prop_oneof![
        Just(Test::Exists),
        text().prop_map(Test::Equals),
        text().prop_filter("an empty prefix is existence", |text| !text.is_empty()).prop_map(Test::Prefix),
        pattern().prop_map(Test::Wildcard),
        (end(), end()).prop_map(|(low, high)| Test::Range { low, high }),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        Just(Filter::All),
        (name(), test()).prop_map(|(name, test)| Filter::Field { name, test }),
        text().prop_map(|text| Filter::FullText { text, phrase: true }),
        text().prop_filter("words", |text| !text.is_empty()).prop_map(|text| Filter::FullText { text, phrase: false }),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            proptest::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|inner| Filter::Not(Box::new(inner))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn a_printed_filter_parses_back_to_the_same_tree(filter in filter()) {
        let printed = filter.to_string();
        prop_assert_eq!(parse(&printed), Ok(filter.clone()), "{}", printed);
        prop_assert_eq!(parse_advanced(&printed), Ok(filter), "{}", printed);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof![
        "\\PC{0,40}",
        "[a-c:*?\"\\\\()\\[\\]{}+!&|~^ -]{0,40}",
        "(a:|b:|\\(|\\)|AND |OR |NOT |\\[1 TO |x\\]|\"|\\*| |full_text:|\\^2){0,20}",
    ]) {
        let length = text.chars().count();
        for outcome in [parse(&text), parse_advanced(&text)] {
            match outcome {
                Ok(filter) => prop_assert!(parse(&filter.to_string()).is_ok(), "{} as {}", text, filter),
                Err(error) => prop_assert!(error.position <= length, "{}: {}", text, error),
            }
        }
    }

    #[test]
    fn a_pattern_of_stars_fits_alike_by_pieces_and_by_steps(pattern in "[ab*é]{0,8}", text in "[abé]{0,12}") {
        prop_assert_eq!(fits_pieces(&pattern, &text), fits_stepwise(&pattern, &text));
    }
}
