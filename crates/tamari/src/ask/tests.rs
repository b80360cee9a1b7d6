//! 1. A question is the call that its words say, with the person and the filter where given.
//! 2. A product is shown by rank and title, or by its id alone.

use clap::Parser;
use serde_json::json;

use super::{line, request};
use crate::cli::{Cli, Command};

fn asked(words: &[&str]) -> (&'static str, serde_json::Value) {
    let cli = Cli::parse_from([&["tamari", "ask"], words].concat());
    let Command::Ask(options) = cli.command else { panic!("not a question") };
    request(&options)
}

#[test]
fn a_question_is_the_call_that_its_words_say() {
    assert_eq!(
        asked(&["user", "7", "--rows", "3"]),
        ("recommendation/user_to_products", json!({"rows": 3, "fl": ["title"], "user_id": "7"}))
    );
    assert_eq!(
        asked(&["related", "tent", "--as", "7"]),
        (
            "recommendation/product_to_products",
            json!({"rows": 10, "fl": ["title"], "user_id": "7", "product_id": "tent"})
        )
    );
    assert_eq!(
        asked(&["search", "warm", "bag", "--fq", "brand:X"]),
        ("search/search", json!({"rows": 10, "fl": ["title"], "fq": "brand:X", "q": "warm bag"}))
    );
    assert_eq!(asked(&["trending"]), ("recommendation/user_to_trending", json!({"rows": 10, "fl": ["title"]})));
}

#[test]
fn a_product_is_shown_by_rank_and_title_or_by_its_id_alone() {
    assert_eq!(line(1, &json!({"product_id": "t", "title": "Tent"})), "  1  Tent  (t)");
    assert_eq!(line(12, &json!({"product_id": "t"})), " 12  t");
}
