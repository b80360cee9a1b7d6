//! The properties of spelling:
//! 1. Words of the catalogue, numbers and short words stand; so does what is near to nothing.
//! 2. A slip of the finger or the ear is put right, in the context of its neighbours; words are parted and joined.
//! 3. Both mark-ups spell their query, and all else stays as it was typed.
//! 4. What is near is what a plain comparison of all words finds; a word taken out is known no more.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use record::Product;
use state::ProductRow;

use super::edit;
use super::vocabulary::Vocabulary;
use crate::{Completions, Correction, Doubt};

fn titled(title: &str) -> Product {
    Product { product_id: "p".into(), title: Some(title.into()), ..Product::default() }
}

/// A shop whose titles stand so often.
fn shop(titles: &[(&str, usize)]) -> Completions {
    let mut completions = Completions::default();
    let mut row = 0;
    for (title, times) in titles {
        for time in 0..*times {
            completions.put(ProductRow(row), &titled(&format!("{title} {}", 1000 + time)));
            row += 1;
        }
    }
    completions
}

fn outdoor() -> Completions {
    shop(&[
        ("wireless mouse", 30),
        ("wireless keyboard", 20),
        ("leather sandal", 20),
        ("camping lantern", 25),
        ("phone cord", 10),
        ("coord system map", 5),
        ("nimbor stove", 3),
        ("lime juice", 20),
        ("line marker", 20),
    ])
}

fn correct(completions: &Completions, query: &str, finds_nothing: bool) -> Option<Correction> {
    completions.correct(query, Doubt { index: None, finds_nothing })
}

#[track_caller]
fn check(query: &str, expected: &str) {
    let found = correct(&outdoor(), query, true).map_or(query.to_owned(), |correction| correction.corrected);
    assert_eq!(found, expected, "{query}");
}

#[test]
fn slips_are_put_right() {
    check("wireles mouse", "wireless mouse");
    check("wirelses mouse", "wireless mouse");
    check("leathar sandal", "leather sandal");
    check("campingg lantern", "camping lantern");
    check("keuboard", "keyboard");
    check("Cempimg LANTRN", "camping lantern");
}

#[test]
fn plurals_of_the_catalogue_s_words_are_meant_too() {
    check("lantersn", "lanterns");
    check("keyboadrs", "keyboards");
}

#[test]
fn neighbours_decide() {
    check("lixe juice", "lime juice");
    check("lixe marker", "line marker");
    check("marker lixe", "marker line");
}

#[test]
fn words_are_parted_and_joined() {
    check("wirelessmouse", "wireless mouse");
    check("key board", "keyboard");
    check("campinglantern", "camping lantern");
}

#[test]
fn known_words_numbers_and_strangers_stand() {
    for query in ["nimbor", "x200", "4711", "tv", "stove", "quarkxyz", "nimbor 1001", "猫砂", "", "***"] {
        check(query, query);
    }
}

#[test]
fn a_known_word_gives_way_only_where_the_query_finds_nothing() {
    let shop = outdoor();
    assert_eq!(correct(&shop, "phone coord", true).unwrap().corrected, "phone cord");
    assert_eq!(correct(&shop, "phone coord", false), None);
    assert_eq!(correct(&shop, "coord map", true), None);
}

#[test]
fn words_of_texts_are_known_too_and_a_rare_one_gives_way_to_a_common_name() {
    let shop = outdoor();
    let folder = tempfile::TempDir::new().unwrap();
    let index = crate::Index::open(folder.path(), uuid::Uuid::from_u128(7)).unwrap();
    let described =
        |text: &str| Product { product_id: "p".into(), description: Some(text.into()), ..Product::default() };
    let texts = ["a lanten", "marzipan", "marzipan", "marzipan"].map(described);
    let puts: Vec<(ProductRow, &Product)> =
        texts.iter().enumerate().map(|(at, p)| (ProductRow(at as u32), p)).collect();
    index.update(&puts, &[], 1).unwrap();
    let correct = |query: &str| {
        let doubt = Doubt { index: Some(&index), finds_nothing: false };
        shop.correct(query, doubt).map(|correction| correction.corrected)
    };
    assert_eq!(correct("marzipan"), None);
    assert_eq!(correct("marzipna").as_deref(), Some("marzipan"));
    assert_eq!(correct("lanten").as_deref(), Some("lantern"), "one product misspells it");
    let more: Vec<(ProductRow, &Product)> = (10..14).map(|row| (ProductRow(row), &texts[0])).collect();
    index.update(&more, &[], 2).unwrap();
    assert_eq!(correct("lanten"), None, "many do not misspell");
}

#[test]
fn a_word_that_nobody_writes_is_none_though_its_stem_is() {
    let folder = tempfile::tempdir().unwrap();
    let index = crate::Index::open(folder.path(), uuid::Uuid::from_u128(7)).unwrap();
    let mut shop = Completions::default();
    let oven = Product { description: Some("a microwave for the kitchen".into()), ..titled("oven of steel") };
    shop.put(ProductRow(0), &oven);
    index.update(&[(ProductRow(0), &oven)], &[], 1).unwrap();
    let correct = |query| {
        let doubt = Doubt { index: Some(&index), finds_nothing: false };
        shop.correct(query, doubt).map(|correction| correction.corrected)
    };
    assert_eq!(correct("microwav").as_deref(), Some("microwave"));
    assert_eq!(correct("microwave"), None);
}

#[test]
fn a_word_of_english_is_hardly_a_slip() {
    let folder = tempfile::tempdir().unwrap();
    let index = crate::Index::open(folder.path(), uuid::Uuid::from_u128(7)).unwrap();
    let mut shop = shop(&[("leather sandal", 3000)]);
    let stove = titled("the garpen stove for the camp");
    shop.put(ProductRow(9000), &stove);
    index.update(&[(ProductRow(9000), &stove)], &[], 1).unwrap();
    let correct = |query| {
        let doubt = Doubt { index: Some(&index), finds_nothing: true };
        shop.correct(query, doubt).map(|correction| correction.corrected)
    };
    assert_eq!(correct("garben").as_deref(), Some("garpen"));
    assert_eq!(correct("garden"), None);
}

#[test]
fn a_known_word_gives_way_to_one_that_meets_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let index = crate::Index::open(folder.path(), uuid::Uuid::from_u128(7)).unwrap();
    let shop = shop(&[("gore tex jacket", 9), ("goes by tex", 1), ("goe", 1), ("pant for drops", 9), ("pat", 1)]);
    let text = titled("the jackets for the winter");
    index.update(&[(ProductRow(9000), &text)], &[], 1).unwrap();
    let correct = |query, finds_nothing| {
        let doubt = Doubt { index: Some(&index), finds_nothing };
        shop.correct(query, doubt).map(|correction| correction.corrected)
    };
    assert_eq!(correct("goe tex", false).as_deref(), Some("gore tex"));
    assert_eq!(correct("pat drops", false), None, "a word of English that finds something");
}

#[test]
fn both_markups_spell_their_query() {
    let found = correct(&outdoor(), " Wireles  mouse, (lantrn)! ", false).unwrap();
    assert_eq!(found.corrected, " wireless  mouse, (lantern)! ");
    assert_eq!(found.original_with_markups, " <mark>Wireles</mark>  mouse, (<mark>lantrn</mark>)! ");
    assert_eq!(found.corrected_with_markups, " <mark>wireless</mark>  mouse, (<mark>lantern</mark>)! ");
}

#[test]
fn a_word_taken_out_is_known_no_more() {
    let mut shop = Completions::default();
    shop.put(ProductRow(1), &titled("lantern"));
    shop.put(ProductRow(2), &titled("big lantern"));
    assert!(correct(&shop, "lantren", true).is_some());
    shop.delete(ProductRow(1));
    shop.put(ProductRow(2), &titled("big stove"));
    assert_eq!(correct(&shop, "lantren", true), None);
}

#[test]
fn likelier_slips_cost_less() {
    let cost = |typed: &str, meant: &str| {
        let letters = |word: &str| word.chars().collect::<Vec<char>>();
        edit::cost(&letters(typed), &letters(meant), 3.0).unwrap()
    };
    assert_eq!(cost("mouse", "mouse"), 0.0);
    assert!(cost("mosue", "mouse") < cost("mopse", "mouse"));
    assert!(cost("mouze", "mouse") < cost("mouqe", "mouse"));
    assert!(cost("moouse", "mouse") < cost("mokuse", "mouse"));
    assert!(cost("xouse", "mouse") > cost("mouxe", "mouse"));
    assert!(cost("foto", "photo") < 1.0);
    assert!(cost("tecnik", "technic") < 2.0);
    assert!(cost("watk", "watch") < cost("watp", "watch"));
    assert!(cost("дверт", "дверь") < cost("дверк", "дверь"), "keys beside one another, on their own keyboard");
}

proptest! {
    #[test]
    fn near_words_are_those_that_a_plain_comparison_finds(words in prop::collection::vec("[a-f]{1,7}", 0..40), gone in 0..20usize, typed in "[a-f]{2,7}") {
        let mut vocabulary = Vocabulary::default();
        words.iter().for_each(|word| _ = vocabulary.add(word, 1));
        words.iter().take(gone).for_each(|word| vocabulary.remove(word));
        let left: std::collections::BTreeSet<&String> = words.iter().skip(gone).collect();
        let letters = |word: &str| word.chars().collect::<Vec<char>>();
        let expected: Vec<String> = left
            .into_iter()
            .filter(|word| word.len() > 1 && word.len().abs_diff(typed.len()) <= 1)
            .filter(|word| edit::cost(&letters(&typed), &letters(word), 1.0).is_some_and(|cost| cost > 0.0))
            .cloned()
            .collect();
        let mut found: Vec<String> = vocabulary.near(&typed, 1.0).into_iter().map(|(word, _)| word).collect();
        found.sort_unstable();
        prop_assert_eq!(found, expected);
    }
}
