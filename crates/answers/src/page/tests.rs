//! Properties:
//! 1. Every block with text of its own is a passage, in the order of the page; headings and questions are none, but
//!    speak for what follows them.
//! 2. A selector counts as browsers do: with the elements that they put in, from an id that is there once.
//! 3. The block is what stands under the same heading.
//! 4. Scripts, styles, menus and what is hidden are no text.
//! 5. No input panics; long texts are cut at sentences; every excerpt is a part of the page.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::limits::PASSAGE_WORDS_MAX;

#[track_caller]
fn check(html: &str, expected: &[(&str, &str)]) {
    let page = Page::read(html);
    let found: Vec<(String, String)> = (0..page.passages().len())
        .map(|passage| page.excerpt(passage).unwrap())
        .map(|excerpt| (excerpt.text, excerpt.css_selector))
        .collect();
    let expected: Vec<(String, String)> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    assert_eq!(found, expected, "{html}");
}

#[test]
fn every_block_with_text_of_its_own_is_a_passage() {
    check("just text &amp; more", &[("just text & more", "body")]);
    check(
        "<div>Top <b>bold</b>word<p>First<br>line</p><p>Second</div>",
        &[
            ("Top boldword", "body > div:nth-of-type(1)"),
            ("First line", "body > div:nth-of-type(1) > p:nth-of-type(1)"),
            ("Second", "body > div:nth-of-type(1) > p:nth-of-type(2)"),
        ],
    );
    check("<a href='/'><div>In a link</div></a>", &[("In a link", "body > a:nth-of-type(1) > div:nth-of-type(1)")]);
}

#[test]
fn headings_and_questions_speak_for_what_follows() {
    let html = "<h1>Tent</h1><h2>Care</h2><p>Can I wash it?</p><p>Never.</p><h2>Size</h2><p>Two metres.</p>
        <dl><dt>Weight<dd>2 kg<dt>Colour<dd>Red</dl>";
    let page = Page::read(html);
    let found: Vec<(&str, &str)> =
        page.passages().iter().map(|passage| (passage.context.as_str(), passage.text.as_str())).collect();
    assert_eq!(
        found,
        [
            ("Tent Care Can I wash it?", "Never."),
            ("Tent Size", "Two metres."),
            ("Tent Size Weight", "2 kg"),
            ("Tent Size Colour", "Red"),
        ]
    );
}

#[test]
fn a_row_of_a_table_is_one_passage_and_its_place_is_the_browsers() {
    check(
        "<table><tr><th>Weight<td>2 kg<tr><th>Colour</th><td>Red</td></tr></table>",
        &[
            ("Weight 2 kg", "body > table:nth-of-type(1) > tbody:nth-of-type(1) > tr:nth-of-type(1)"),
            ("Colour Red", "body > table:nth-of-type(1) > tbody:nth-of-type(1) > tr:nth-of-type(2)"),
        ],
    );
    check(
        "<ul><li>One<ul><li>Inner</ul><li>Two</ul>",
        &[
            ("One", "body > ul:nth-of-type(1) > li:nth-of-type(1)"),
            ("Inner", "body > ul:nth-of-type(1) > li:nth-of-type(1) > ul:nth-of-type(1) > li:nth-of-type(1)"),
            ("Two", "body > ul:nth-of-type(1) > li:nth-of-type(2)"),
        ],
    );
}

#[test]
fn a_selector_begins_at_an_id_that_is_there_once() {
    check(
        "<DIV ID=info><p>A</p><img src=x><p>B</p></DIV><div id='twice'><p>C</p></div><p id=\"twice\">D</p><p id='1 odd'>E</p>",
        &[
            ("A", "#info > p:nth-of-type(1)"),
            ("B", "#info > p:nth-of-type(2)"),
            ("C", "body > div:nth-of-type(2) > p:nth-of-type(1)"),
            ("D", "body > p:nth-of-type(1)"),
            ("E", "body > p:nth-of-type(2)"),
        ],
    );
}

#[test]
fn a_whole_document_is_counted_from_its_body() {
    check(
        "<!DOCTYPE html><html><head><title>No</title><style>p{}</style></head><body class=x><p>Yes</p></body></html>",
        &[("Yes", "body > p:nth-of-type(1)")],
    );
}

#[test]
fn scripts_menus_and_hidden_parts_are_no_text() {
    check(
        "<script>if (a<b) '<p>no</p>'</script><nav><p>no</p></nav><p hidden>no</p><!-- <p>no</p> --><svg><text>no</text></svg>
         <p>yes<button>no</button><style>no</style></p>",
        &[("yes", "body > p:nth-of-type(2)")],
    );
}

#[test]
fn the_block_is_what_stands_under_the_same_heading() {
    let html = "<div id=a><h2>Care</h2><p>Wash cold.</p><ul><li>No bleach.</ul><h3>More</h3><p>x</p><h2>Size</h2><p>Large.</p></div>";
    let page = Page::read(html);
    let passage = page.passages().iter().position(|passage| passage.text == "No bleach.").unwrap();
    let block = page.block(passage).unwrap();
    assert_eq!(block.title, "Care");
    assert_eq!(block.css_selector, "#a");
    assert_eq!(block.relevant_children, 0..5);
    assert_eq!(block.html, html);
    assert_eq!(block.answer_css_selector, "#a > ul:nth-of-type(1) > li:nth-of-type(1)");
    let alone = Page::read("<section><p>a</p><p>b</p></section>").block(1).unwrap();
    assert_eq!((alone.relevant_children, alone.title.as_str()), (1..2, ""));
    let text = Page::read("just text").block(0).unwrap();
    assert_eq!((text.css_selector.as_str(), text.relevant_children), ("body", 0..0));
}

#[test]
fn of_a_block_that_is_too_large_only_what_matters_is_shown() {
    let filler = "<p>filler</p>".repeat(10_000);
    let html = format!("<h2>Care</h2><p>Wash cold.</p><h2>Rest</h2>{filler}");
    let block = Page::read(&html).block(0).unwrap();
    assert_eq!((block.html.as_str(), block.relevant_children), ("<h2>Care</h2><p>Wash cold.</p>", 0..2));
}

#[test]
fn a_long_text_is_cut_at_its_sentences() {
    let text = "One two three four five six seven eight nine ten. ".repeat(25);
    let page = Page::read(&text);
    assert_eq!(page.passages().len(), 3);
    for passage in page.passages() {
        assert!(passage.text.ends_with("ten.") && passage.text.starts_with("One"), "{}", passage.text);
        assert!(passage.text.split(' ').count() <= PASSAGE_WORDS_MAX);
    }
}

#[test]
fn what_is_left_open_ends_with_the_page() {
    for html in ["<p>a<", "<p>a<b", "<p>a<b c='", "<p>a<!-- ", "<p>a</", "<p>a</b", "<p>a<script>x", "<p>a&am"] {
        assert!(Page::read(html).passages()[0].text.starts_with('a'), "{html}");
    }
    check("2 < 3 and <3", &[("2 < 3 and <3", "body")]);
}

#[test]
fn a_page_deeper_than_the_limit_is_read() {
    let page = "<div>".repeat(100_000) + "deep";
    assert_eq!(Page::read(&page).passages().len(), 1);
}

proptest! {
    #[test]
    fn no_input_panics(html in "(<(/?)(p|div|li|table|tr|td|b|dt|h2|script|!--)( id=['\"]?x['\"]?)?>?|[a-zß<&;>\"'= ?.]{0,6}){0,30}") {
        let page = Page::read(&html);
        for passage in 0..page.passages().len() {
            let excerpt = page.excerpt(passage).unwrap();
            prop_assert!(html.contains(&excerpt.html));
            let block = page.block(passage).unwrap();
            prop_assert!(html.contains(&block.html));
        }
    }
}
