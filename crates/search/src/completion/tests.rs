//! The properties of completion:
//! 1. It gives of what a plain scan over all values gives, and all of it where there is room, whatever was replaced and deleted before.
//!    Every way to go on comes before the further values of another.
//! 2. The two mark-ups are opposites of each other and spell the text.
//! 3. What was typed is marked in the original letters, accents and case included.
//! 4. What needs no slip goes first; then what needs fewest, letters and spaces, in the original letters too.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use record::Product;
use roaring::RoaringBitmap;
use serde_json::json;
use state::ProductRow;

use super::{Completion, Completions, complete_text};

fn titled(title: &str) -> Product {
    Product { product_id: "p".into(), title: Some(title.into()), ..Product::default() }
}

fn over(titles: &[&str]) -> Completions {
    let mut completions = Completions::default();
    for (row, title) in titles.iter().enumerate() {
        completions.put(ProductRow(row as u32), &titled(title));
    }
    completions
}

fn texts(completions: &[Completion]) -> Vec<&str> {
    completions.iter().map(|completion| completion.text.as_str()).collect()
}

fn check_marks(title: &str, typed: &str, expected: &str) {
    let found = over(&[title]).complete("title", typed, 5, None, &|_| 0.0);
    assert_eq!(found.len(), 1, "{typed:?} completes to {title:?}");
    assert_eq!(found[0].text_with_markups, expected, "{typed:?}");
}

#[test]
fn what_was_not_typed_yet_is_marked() {
    check_marks("Red Shoes", "red sh", "Red Sh<mark>oes</mark>");
    check_marks("Red Big Shoes", "red sh", "Red<mark> Big </mark>Sh<mark>oes</mark>");
    check_marks("Red Shoes", "shoes red", "Red Shoes");
    check_marks("Café Crème", "cafe cr", "Café Cr<mark>ème</mark>");
    check_marks("Cafe\u{301} Noir", "cafe", "Cafe\u{301}<mark> Noir</mark>");
    check_marks("Straße", "stras", "Stra<mark>ße</mark>");
    check_marks("ÉTÉ", "ete", "ÉTÉ");
    check_marks("S Super Socks", "s su", "S Su<mark>per Socks</mark>");
    check_marks("Wi-Fi 6", "wi-f", "Wi-F<mark>i 6</mark>");
    check_marks("猫砂", "猫", "猫<mark>砂</mark>");
    check_marks("<b>Bold</b> \"title\"", "bo", "<mark><b></mark>Bo<mark>ld</b> \"title\"</mark>");
}

#[test]
fn the_inverted_markup_marks_what_was_typed() {
    let found = over(&["Red Big Shoes"]).complete("title", "red sh", 5, None, &|_| 0.0);
    assert_eq!(found[0].text_with_inverted_markups, "<mark>Red</mark> Big <mark>Sh</mark>oes");
}

#[test]
fn after_a_space_the_last_word_is_complete() {
    let completions = over(&["Red Shoes", "Reddish Shoes"]);
    assert_eq!(texts(&completions.complete("title", "red", 5, None, &|_| 0.0)), ["Red Shoes", "Reddish Shoes"]);
    assert_eq!(texts(&completions.complete("title", "red ", 5, None, &|_| 0.0)), ["Red Shoes"]);
    assert_eq!(texts(&completions.complete("title", "shoe ", 5, None, &|_| 0.0)), Vec::<&str>::new());
}

#[test]
fn popular_first_then_shorter_then_by_text() {
    let completions = over(&["Tent long", "Tent b", "Tent a", "Tent popular", "Tent b"]);
    let found = completions.complete("title", "t", 4, None, &|row| if row.0 == 3 { 1.0 } else { 0.0 });
    assert_eq!(texts(&found), ["Tent popular", "Tent a", "Tent b", "Tent long"]);
    let found = completions.complete("title", "t", 2, None, &|row| row.0 as f32);
    assert_eq!(
        found.iter().map(|one| one.row.0).collect::<Vec<_>>(),
        [4, 3],
        "a text stands for its most popular product"
    );
}

#[test]
fn every_way_to_go_on_comes_before_the_fourth_of_the_commonest() {
    let mut titles: Vec<String> = (0..6).map(|n| format!("Wireless Mouse {n}")).collect();
    titles.extend((0..2).map(|n| format!("Wired Keyboard {n}")));
    titles.push("Wire rack".to_owned());
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let completions = over(&titles);
    let found = |typed: &str| texts(&completions.complete("title", typed, 5, None, &|_| 0.0)).join(", ");
    assert_eq!(found("wir"), "Wireless Mouse 0, Wired Keyboard 0, Wireless Mouse 1, Wire rack, Wireless Mouse 2");
    let completions = over(&["Tent red", "Tent red big", "Tent red long", "Tent blue", "Tent 4", "Tent 5"]);
    let found = |typed: &str| texts(&completions.complete("title", typed, 4, None, &|_| 0.0)).join(", ");
    let expected = "Tent red, Tent 4, Tent blue, Tent red big";
    assert_eq!(found("tent"), expected, "a word typed whole goes on with the next one");
    assert_eq!(found("tent "), expected);
}

#[test]
fn brands_and_categories_come_before_other_words() {
    let mut completions = Completions::default();
    for (row, (brand, title)) in
        [("Sunhall", "Sunhall lamp 1"), ("Fenn", "Sunny lamp 2"), ("Fenn", "Sunny lamp 3")].iter().enumerate()
    {
        let product = Product { brand: Some((*brand).into()), ..titled(title) };
        completions.put(ProductRow(row as u32), &product);
    }
    let found = completions.complete("title", "sun", 2, None, &|_| 0.0);
    assert_eq!(texts(&found), ["Sunhall lamp 1", "Sunny lamp 2"]);
}

#[test]
fn brands_and_categories_stand_in_for_a_word_of_the_title() {
    let mut completions = Completions::default();
    let products = [("Fenn", "Running shoe"), ("Sunhall", "Running shoe for women"), ("Sunhall", "Desk lamp")];
    for (row, (brand, title)) in products.iter().enumerate() {
        let categories = Some(vec![vec!["Outdoor".to_owned()]]);
        completions.put(ProductRow(row as u32), &Product { brand: Some((*brand).into()), categories, ..titled(title) });
    }
    let found = |typed: &str| {
        let found = completions.complete("title", typed, 5, None, &|_| 0.0);
        found.into_iter().map(|one| one.text_with_markups).collect::<Vec<_>>()
    };
    assert_eq!(found("sunhall run"), ["Run<mark>ning shoe for women</mark>"]);
    assert_eq!(found("running sun"), ["Running<mark> shoe for women</mark>"]);
    assert_eq!(found("sunha"), ["<mark>Desk lamp</mark>", "<mark>Running shoe for women</mark>"]);
    assert_eq!(found("outdoor la"), ["<mark>Desk </mark>la<mark>mp</mark>"]);
    assert_eq!(found("sunhall "), ["<mark>Desk lamp</mark>", "<mark>Running shoe for women</mark>"]);
    assert_eq!(found("sunhal "), Vec::<String>::new());
}

#[test]
fn attributes_complete_to_their_values() {
    let mut completions = Completions::default();
    let product: Product = serde_json::from_value(json!({
        "product_id": "p", "title": "x", "brand": "Nimbor", "categories": [["Outdoor", "Tents"], ["Outdoor", "Sale"]],
        "tags": ["new in", "nordic"], "custom_attributes": {"style": "Nautic", "fits": ["narrow", "wide"], "n": 3}
    }))
    .unwrap();
    completions.put(ProductRow(3), &product);
    let found = |field: &str, typed: &str| {
        let found = completions.complete(field, typed, 9, None, &|_| 0.0);
        assert!(found.iter().all(|one| one.row == ProductRow(3)));
        found.into_iter().map(|one| one.text).collect::<Vec<_>>()
    };
    assert_eq!(found("brand", "n"), ["Nimbor"]);
    assert_eq!(found("categories", "outdoor"), ["Outdoor"]);
    assert_eq!(found("tags", "n"), ["new in", "nordic"]);
    assert_eq!(found("custom_attributes.style", "na"), ["Nautic"]);
    assert_eq!(found("custom_attributes.fits", "wi"), ["wide"]);
    assert_eq!(found("custom_attributes.n", "3"), Vec::<String>::new());
    assert_eq!(found("unknown", "n"), Vec::<String>::new());
    assert_eq!(found("brand", ""), Vec::<String>::new());
}

#[test]
fn slips_are_forgiven_on_long_input() {
    let titles =
        ["Wireless Mouse", "Wired Keyboard", "Wire rack", "Camping Lantern", "Nintendo Switch", "Rechargeable Battery"];
    let completions = over(&titles);
    let found = |typed: &str| {
        let found = completions.complete("title", typed, 3, None, &|_| 0.0);
        found.first().map(|one| one.text_with_markups.clone()).unwrap_or_default()
    };
    assert_eq!(found("wirless mo"), "Wireless Mo<mark>use</mark>");
    assert_eq!(found("wirelses"), "Wireless<mark> Mouse</mark>");
    assert_eq!(found("iwreless"), "Wireless<mark> Mouse</mark>");
    assert_eq!(found("campnig lanturn"), "Camping Lantern");
    assert_eq!(found("nintemdo swotch"), "Nintendo Switch");
    assert_eq!(found("rechergable batery"), "Rechargeable Battery");
    assert_eq!(found("wirelessmo"), "Wireless Mo<mark>use</mark>");
    assert_eq!(found("key board"), "<mark>Wired </mark>Keyboard");
    assert_eq!(found("zzz"), "");
    assert_eq!(found("mou"), "<mark>Wireless </mark>Mou<mark>se</mark>");
    assert_eq!(found("moi"), "", "three letters are near to everything");
}

#[test]
fn a_whole_text_is_completed_with_a_slip_for_every_few_characters() {
    let check = |text: &str, typed: &str, expected: Option<(usize, &str)>| {
        let found = complete_text(text, typed);
        let found = found.as_ref().map(|found| (found.slips, found.text_with_markups.as_str()));
        assert_eq!(found, expected, "{typed:?}");
    };
    check("red shoe", "Red S", Some((0, "red s<mark>hoe</mark>")));
    check("red shoe", "shoe", None);
    check("wireless mouse", "wirless m", Some((1, "wireless m<mark>ouse</mark>")));
    check("red shoe", "rde", None);
    check("red shoe", "re ", None);
    check("red", "red ", Some((0, "red")));
    check("red", "", None);
}

#[test]
fn what_needs_no_slip_goes_first() {
    let completions = over(&["Tint maker", "Tent", "Tenth hour"]);
    let found = completions.complete("title", "tent", 5, None, &|row| -(row.0 as f32));
    assert_eq!(texts(&found), ["Tent", "Tenth hour", "Tint maker"]);
    let found = completions.complete("title", "tent", 2, None, &|_| 0.0);
    assert_eq!(texts(&found), ["Tent", "Tenth hour"]);
}

#[test]
fn what_begins_with_the_first_word_goes_before_what_holds_it() {
    let completions = over(&["Big red", "Red big shoes", "Öl red", "Rédwood table"]);
    let found = completions.complete("title", "red", 5, None, &|_| 0.0);
    assert_eq!(texts(&found), ["Red big shoes", "Rédwood table", "Öl red", "Big red"]);
}

#[test]
fn only_allowed_products_are_completed_to() {
    let completions = over(&["Tent a", "Tent b", "Tent b"]);
    let allowed = RoaringBitmap::from_iter([2]);
    let found = completions.complete("title", "tent", 5, Some(&allowed), &|_| 0.0);
    assert_eq!((texts(&found), found[0].row), (vec!["Tent b"], ProductRow(2)));
    assert!(completions.complete("title", "tent", 5, Some(&RoaringBitmap::new()), &|_| 0.0).is_empty());
}

#[test]
fn a_paragraph_is_no_completion() {
    let completions = over(&[&"word ".repeat(1000), "word"]);
    assert_eq!(texts(&completions.complete("title", "w", 5, None, &|_| 0.0)), ["word"]);
}

const TITLES: [&str; 8] = ["Red Tent", "red tents", "Tent", "Tênt Réd", "Rope 8mm", "rain coat", "Coat", "テント red"];
const TYPED: [&str; 12] = ["r", "t", "re", "te", "ten", "tent ", "red t", "t red", "ro", "テ", "coat r", "tents"];

/// The words of these few texts, folded by hand so that the scan shares nothing with what it checks.
fn plain_words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['ê', 'é'], "e");
    let spread: String =
        text.chars().flat_map(|c| if ('ァ'..='ヿ').contains(&c) { vec![' ', c, ' '] } else { vec![c] }).collect();
    spread.split_whitespace().map(str::to_owned).collect()
}

/// The titles that match, with their best rows.
fn plain_complete(titles: &BTreeMap<u32, &str>, typed: &str, allowed: &RoaringBitmap) -> BTreeMap<String, u32> {
    let words = plain_words(typed);
    let matches = |title: &str| {
        let of_title = plain_words(title);
        words.iter().enumerate().all(|(at, word)| {
            let whole = typed.ends_with(' ') && at + 1 == words.len();
            of_title.iter().any(|one| if whole { one == word } else { one.starts_with(word) })
        })
    };
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for (row, title) in titles.iter().filter(|(row, title)| allowed.contains(**row) && matches(title)) {
        let best = found.entry((*title).to_owned()).or_insert(*row);
        if popularity(*row) > popularity(*best) {
            *best = *row;
        }
    }
    found
}

fn popularity(row: u32) -> f32 {
    (row * 7 % 5) as f32
}

proptest! {
    #[test]
    fn completion_gives_what_a_plain_scan_gives(
        changes in prop::collection::vec((0..14u32, prop::option::of(0..TITLES.len())), 0..40),
        count in 1..6usize,
        allowed in any::<u16>(),
    ) {
        let mut completions = Completions::default();
        let mut plain = BTreeMap::new();
        for (row, title) in changes {
            match title {
                Some(at) => {
                    completions.put(ProductRow(row), &titled(TITLES[at]));
                    plain.insert(row, TITLES[at]);
                }
                None => {
                    completions.delete(ProductRow(row));
                    plain.remove(&row);
                }
            }
        }
        let allowed: RoaringBitmap = (0..16).filter(|row| allowed >> row & 1 == 1).collect();
        for typed in TYPED {
            let found = completions.complete("title", typed, count, Some(&allowed), &|row| popularity(row.0));
            for one in &found {
                let plain_text = |marked: &str| marked.replace("<mark>", "").replace("</mark>", "");
                prop_assert_eq!(&plain_text(&one.text_with_markups), &one.text);
                prop_assert_eq!(&plain_text(&one.text_with_inverted_markups), &one.text);
            }
            let mut found: Vec<(String, u32)> = found.into_iter().map(|one| (one.text, one.row.0)).collect();
            let texts: BTreeSet<String> = found.iter().map(|one| one.0.clone()).collect();
            prop_assert_eq!(texts.len(), found.len(), "each text once");
            let expected = plain_complete(&plain, typed, &allowed);
            // What follows is meant with slips.
            found.truncate(expected.len());
            prop_assert_eq!(found.len(), count.min(expected.len()), "typed {:?}", typed);
            for (text, row) in &found {
                prop_assert_eq!(expected.get(text), Some(row), "typed {:?}", typed);
            }
        }
        let distinct: BTreeSet<&&str> = plain.values().collect();
        prop_assert_eq!(completions.fields().map(|(_, values)| values).sum::<usize>(), distinct.len());
    }

    #[test]
    fn any_text_is_completed_and_marked(title in "\\PC{1,30}", typed in "\\PC{0,10}") {
        for one in over(&[&title]).complete("title", &typed, 3, None, &|_| f32::NAN) {
            prop_assert_eq!(one.text_with_markups.replace("<mark>", "").replace("</mark>", "").len(), one.text.len());
        }
    }
}
