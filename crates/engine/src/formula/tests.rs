//! The properties of formulas:
//! 1. Operators bind as in mathematics; every function of the contract computes what its name says.
//! 2. What cannot be read is refused with its position; no text is too deep or too long to be refused.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::Formula;

/// The value where `a` is 2, `b` is 3 and `custom_attributes.c` is 10.
fn value(text: &str) -> f64 {
    let (formula, names) = Formula::parse(text).unwrap();
    let values: Vec<f64> = names
        .iter()
        .map(|name| match name.as_str() {
            "a" => 2.0,
            "b" => 3.0,
            "custom_attributes.c" => 10.0,
            other => panic!("{other}"),
        })
        .collect();
    formula.value(&values)
}

#[test]
fn operators_bind_as_in_mathematics() {
    for (text, expected) in [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("2 ** 3", 8.0),
        ("-2 ^ 2", -4.0),
        ("2 ^ -1", 0.5),
        ("7 % 4 - 1", 2.0),
        ("8 / 4 / 2", 1.0),
        ("5 - 3 - 1", 1.0),
        ("a*b + custom_attributes.c", 16.0),
        ("--a", 2.0),
        ("1.5e1 + .5", 15.5),
        ("2e", f64::NAN),
    ] {
        if expected.is_nan() {
            assert!(Formula::parse(text).is_err(), "{text}");
        } else {
            assert_eq!(value(text), expected, "{text}");
        }
    }
}

#[test]
fn every_function_computes_what_its_name_says() {
    for (text, expected) in [
        ("pow(a, b)", 8.0),
        ("sqrt(16)", 4.0),
        ("exp(0)", 1.0),
        ("log(exp(2))", 2.0),
        ("log2(8)", 3.0),
        ("log10(1000)", 3.0),
        ("maximum(a, b, 1)", 3.0),
        ("minimum(a, b, 1)", 1.0),
        ("abs(-4)", 4.0),
        ("round(2.5) + floor(2.5) + ceil(2.5)", 8.0),
        ("sin(0) + cos(0) + tan(0)", 1.0),
        ("asin(0) + acos(1) + atan(0)", 0.0),
    ] {
        assert!((value(text) - expected).abs() < 1e-12, "{text}");
    }
    assert!(!value("1 / 0").is_finite());
    assert!(value("sqrt(-1)").is_nan());
}

#[test]
fn what_cannot_be_read_is_refused_with_its_position() {
    for (text, expected) in [
        ("1 +", "ends too soon"),
        ("1 + * 2", "position 4"),
        ("(1", "ends too soon"),
        ("hack(1)", "no function `hack`"),
        ("pow(1)", "number of arguments"),
        ("1 2", "position 2"),
        ("", "ends too soon"),
        ("a $ b", "position 2"),
    ] {
        let error = Formula::parse(text).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert!(Formula::parse(&"(".repeat(900)).is_err());
    assert!(Formula::parse(&"2^".repeat(400)).is_err());
    assert!(Formula::parse(&"1+".repeat(5_000)).is_err());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[-+*/%^(). a1e,_é]{0,40}") {
        if let Ok((formula, names)) = Formula::parse(&text) {
            formula.value(&vec![1.0; names.len()]);
        }
    }
}
