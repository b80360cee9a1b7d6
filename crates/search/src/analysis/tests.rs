//! The properties of the analysis:
//! 1. Case, accents, ligatures, width and possessives do not keep two spellings apart.
//! 2. An English plural and its singular are one word; different nouns stay different.
//! 3. A compound is found by its parts and written as one word; a decimal number is not.
//! 4. Any text is analysed without panic, positions never fall within a kind, and every span is a part of the text.
//! 5. A part typed of a word is mapped back to its original letters.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::limits;

fn words(text: &str) -> Vec<String> {
    tokens(text, usize::MAX).into_iter().filter(|token| !token.joined).map(|token| token.text).collect()
}

fn joined(text: &str) -> Vec<String> {
    tokens(text, usize::MAX).into_iter().filter(|token| token.joined).map(|token| token.text).collect()
}

#[test]
fn spellings_of_one_word_meet() {
    for (spelling, expected) in [
        ("Café", "cafe"),
        ("Cafe\u{301}", "cafe"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Ångström", "angstrom"),
        ("İstanbul", "istanbul"),
        ("Łódź", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("ﬁne", "fine"),
        ("Ｄｖ７", "dv7"),
        ("ΣΟΦΟΣ", "σοφοσ"),
        ("σοφος", "σοφοσ"),
        ("Ёлка", "елка"),
        ("men's", "men"),
        ("men’s", "men"),
        ("Nimbus™", "nimbus"),
        ("co\u{AD}operate", "cooperate"),
        ("m²", "m2"),
        ("हिन्दी", "हिन्दी"),
    ] {
        assert_eq!(words(spelling), [expected], "{spelling}");
    }
}

#[test]
fn plural_and_singular_are_one_word() {
    for (singular, plural) in [
        ("tent", "tents"),
        ("box", "boxes"),
        ("dish", "dishes"),
        ("watch", "watches"),
        ("glass", "glasses"),
        ("battery", "batteries"),
        ("hoodie", "hoodies"),
        ("shoe", "shoes"),
        ("potato", "potatoes"),
        ("size", "sizes"),
        ("axe", "axes"),
        ("lens", "lenses"),
        ("knee", "knees"),
        ("bag", "bags"),
        ("canvas", "canvases"),
    ] {
        assert_eq!(words(singular), words(plural), "{singular}");
    }
    for word in ["bus", "tennis", "dress", "gas", "4s", "news"] {
        assert_eq!(words(word), [word]);
    }
    assert_ne!(words("cap"), words("cape"));
    assert_ne!(words("pin"), words("pine"));
}

#[test]
fn a_compound_has_its_parts_and_the_joined_form() {
    assert_eq!(words("HP dv7-1211ea, new"), ["hp", "dv7", "1211ea", "new"]);
    assert_eq!(joined("HP dv7-1211ea, new"), ["dv71211ea"]);
    assert_eq!(joined("T-Shirts and wi-fi; U.S.A."), ["tshirt", "wifi", "usa"]);
    assert_eq!(joined("3.5 mm, 2024/25, a - b, men's"), Vec::<String>::new());
    let tokens = tokens("wi-fi router", usize::MAX);
    let position = |text: &str| tokens.iter().find(|token| token.text == text).unwrap().position;
    assert_eq!((position("wi"), position("wifi"), position("fi"), position("router")), (0, 0, 1, 2));
}

#[test]
fn unspaced_scripts_give_single_characters() {
    assert_eq!(words("猫砂 5kg"), ["猫", "砂", "5kg"]);
    assert_eq!(words("ガラス가방"), ["ガ", "ラ", "ス", "가", "방"]);
    assert_eq!(joined("猫砂"), Vec::<String>::new());
    assert_eq!(words("USB充電器"), ["usb", "充", "電", "器"]);
}

#[test]
fn a_text_without_letters_has_no_words() {
    for text in ["", " ", "!?…—", "\u{301}", "\u{200B}", "🏕️", "'s"] {
        let found: Vec<String> = words(text);
        assert!(found.is_empty() || text == "'s", "{text:?} {found:?}");
    }
}

#[test]
fn an_endless_word_is_cut_on_both_sides_alike() {
    let long = "ä".repeat(1 << 20);
    assert_eq!(words(&long), ["a".repeat(limits::WORD_BYTES_MAX)]);
    let many = "a-".repeat(1 << 19);
    assert!(joined(&many).iter().all(|word| word.len() <= limits::COMPOUND_PARTS_MAX));
}

#[test]
fn what_was_typed_is_found_in_the_original() {
    assert_eq!(typed_bytes("Café", 4), "Café".len());
    assert_eq!(typed_bytes("Cafe\u{301}s", 4), "Cafe\u{301}".len());
    assert_eq!(typed_bytes("Straße", 5), "Stra".len());
    assert_eq!(typed_bytes("Straße", 6), "Straß".len());
    assert_eq!(typed_bytes("x", 0), 0);
}

proptest! {
    #[test]
    fn any_text_is_analysed(text in any::<String>()) {
        let all = tokens(&text, usize::MAX);
        let positions: Vec<usize> = all.iter().filter(|token| !token.joined).map(|token| token.position).collect();
        prop_assert!(positions.is_sorted());
        prop_assert!(all.iter().all(|token| !token.text.is_empty() && token.text.len() <= limits::WORD_BYTES_MAX));
        let mut end = 0;
        for word in folded_words(&text) {
            prop_assert!(word.span.start >= end && word.span.end > word.span.start);
            end = word.span.end;
            prop_assert_eq!(typed_bytes(&text[word.span.clone()], word.text.len()), word.span.len());
        }
    }

    #[test]
    fn analysing_a_folded_word_again_changes_nothing(text in "[a-zA-ZäöüÄßéœøłđñç0-9]{1,12}") {
        let once: Vec<String> = folded_words(&text).map(|word| word.text).collect();
        let again: Vec<String> = folded_words(&once.join(" ")).map(|word| word.text).collect();
        prop_assert_eq!(once, again);
    }
}
