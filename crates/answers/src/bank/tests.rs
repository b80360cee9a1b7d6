//! Properties:
//! 1. A question is found from its first letter, from any of its words, and with wrong letters.
//! 2. Every word counts; a word that no question has finds nothing.
//! 3. What begins with the text comes first, then fewer wrong letters, then weight, then the order of the bank.
//! 4. No input panics, and no more than `rows` come.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn bank(questions: &[(&str, f64)]) -> Bank {
    let questions = questions.iter().map(|&(text, weight)| BankedQuestion { text: text.to_owned(), weight });
    Bank::new(questions.collect())
}

fn python() -> Bank {
    bank(&[
        ("What is Python?", 1.0),
        ("What is list comprehension?", 1.0),
        ("How to sort a list in Python?", 3.0),
        ("Python: what is it for?", 2.0),
    ])
}

#[track_caller]
fn check(bank: &Bank, typed: &str, expected: &[&str]) {
    let found: Vec<&str> = bank.complete(typed, 10).into_iter().map(|question| question.text.as_str()).collect();
    assert_eq!(found, expected, "{typed}");
}

#[test]
fn a_question_is_found_from_its_first_letter_and_from_any_word() {
    check(&python(), "h", &["How to sort a list in Python?"]);
    check(&python(), "comp", &["What is list comprehension?"]);
    check(&python(), "list python", &["How to sort a list in Python?"]);
    check(&python(), "comprehnsion", &["What is list comprehension?"]);
    check(&python(), "HOW to srot a lsit", &["How to sort a list in Python?"]);
}

#[test]
fn a_word_that_no_question_has_finds_nothing() {
    check(&python(), "what is wyvern", &[]);
    check(&python(), "", &[]);
    check(&python(), "??", &[]);
    check(&Bank::default(), "a", &[]);
}

#[test]
fn a_trailing_space_ends_the_last_word() {
    check(&python(), "compre", &["What is list comprehension?"]);
    check(&python(), "compre ", &[]);
}

#[test]
fn the_beginning_comes_first_and_then_the_weight() {
    check(&python(), "what is", &["What is Python?", "What is list comprehension?", "Python: what is it for?"]);
    check(&python(), "python", &["Python: what is it for?", "How to sort a list in Python?", "What is Python?"]);
    check(&bank(&[("a cat", 1.0), ("a car", 1.0), ("a cab", 2.0)]), "a ca", &["a cab", "a cat", "a car"]);
}

#[test]
fn a_question_that_comes_twice_counts_with_its_last_weight() {
    let bank = bank(&[("a cat", 1.0), ("a car", 2.0), ("a cat", 3.0)]);
    assert_eq!(bank.questions().len(), 2);
    check(&bank, "a", &["a cat", "a car"]);
}

proptest! {
    #[test]
    fn no_input_panics(typed in "\\PC{0,40}", rows in 0usize..4) {
        prop_assert!(python().complete(&typed, rows).len() <= rows);
    }
}
