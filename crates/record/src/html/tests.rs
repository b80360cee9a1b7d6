//! The properties of the stripper: what a reader sees stays, tags, scripts and styles go, broken pages end but never panic.

use proptest::prelude::*;

use super::{push_resolved, visible_text};

fn check(html: &str, expected: &str) {
    let words: Vec<String> = visible_text(html).split_whitespace().map(str::to_owned).collect();
    assert_eq!(words.join(" "), expected, "{html}");
}

#[test]
fn tags_go_and_text_stays() {
    check("<p class=\"a > b\">One</p><p>two</p>", "One two");
    check("be<b>auti</b>ful<br/>day", "beautiful day");
    check("<!-- no --> yes <!DOCTYPE html><?xml ?>", "yes");
    check("a<img alt='x'>b", "a b");
    check("<p don't>can't", "can't");
}

#[test]
fn scripts_and_styles_are_not_text() {
    check("x<SCRIPT>if (a<b) { '</p>' }</script >y<style>p{}</style>z", "x y z");
    check("x<script>never closed", "x");
    check("x<script src=a></script>y<template><p>t</p></template>", "x y");
}

#[test]
fn entities_become_their_characters() {
    check("Tom &amp; Jerry&#39;s caf&eacute; &Ouml;l &#x1F3D5; &szlig;", "Tom & Jerry's café Öl 🏕 ß");
    check("a&nbsp;b &unknown; &amp &#xZZ; &#0; AT&T", "a b &unknown; &amp &#xZZ; &#0; AT&T");
}

#[test]
fn a_text_between_tags_keeps_its_signs() {
    let mut resolved = "x ".to_owned();
    push_resolved("1 &lt; 2 <b> &Scaron;koda &zcaron; &bcaron; &", &mut resolved);
    assert_eq!(resolved, "x 1 < 2 <b> Škoda ž &bcaron; &");
}

#[test]
fn every_accented_letter_has_its_letter() {
    for (accent, letters, accented) in super::entities::ACCENTS {
        assert_eq!(letters.chars().count(), accented.chars().count(), "{accent}");
    }
    check("&Ygrave; &Tcedil; &zacute; &Aring;", "&Ygrave; Ţ ź Å");
}

#[test]
fn a_sign_that_begins_no_tag_is_text() {
    check("1 < 2 and 3 <4 <", "1 < 2 and 3 <4 <");
    check("i <3 you", "i <3 you");
}

#[test]
fn an_open_end_takes_nothing_with_it_that_was_before() {
    check("kept <p unclosed", "kept");
    check("kept <a href=\"open>rest", "kept rest");
    check("kept <!-- open", "kept");
}

proptest! {
    #[test]
    fn any_text_is_read(html in "[<>/!&;#a-c \"'=é-]{0,60}") {
        visible_text(&html);
    }

    #[test]
    fn text_without_markup_is_handed_through(text in "[^<&]{0,60}") {
        prop_assert_eq!(visible_text(&text), text.as_str());
    }
}
