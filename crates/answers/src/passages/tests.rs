//! Properties:
//! 1. The passage with the words and the thing asked for comes first, above one that has the words alone.
//! 2. A question that no page answers finds nothing above a middling probability.
//! 3. A removed or replaced page answers no more, before and after the holes are closed; as if it had never been there.
//! 4. What is not allowed is not found; ties go by product.
//! 5. A misspelt word is corrected only where that is wanted, and marked either way.
//! 6. Nearness in meaning decides where the words do not.
//! 7. No input panics; probabilities are from 0 to 1.
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

const TENT: &str =
    "<h1>Alpine tent</h1><p>The tent weighs 2.4 kg without its pegs.</p><p>Its weight is why hikers love it.</p>
    <h2>Care</h2><p>Can I wash it in a machine?</p><p>No: clean it by hand with cold water and a sponge.</p>
    <p>The fly is made of polyester with a coating of silicone.</p>";
const STOVE: &str = "<p>The stove boils a litre of water within four minutes.</p><table><tr><th>Fuel<td>Gas cartridge
    <tr><th>Weight<td>310 g</table><p>Warranty: two years from the date of purchase.</p>";

fn shop() -> Passages {
    let mut passages = Passages::default();
    passages.put(1, "Alpine tent", TENT);
    passages.put(2, "Gas stove", STOVE);
    passages
}

#[track_caller]
fn first(passages: &Passages, question: &str) -> (u32, String, f32) {
    let (found, _) = passages.ask(question, true, 0.0, &|_| true, &|_| None);
    let found = found[0];
    let page = Page::read(if found.product == 1 { TENT } else { STOVE });
    (found.product, page.excerpt(found.passage).unwrap().text, found.probability)
}

#[test]
fn the_passage_that_answers_comes_first() {
    let passages = shop();
    for (question, answer) in [
        ("How heavy is the alpine tent? what weight", "The tent weighs 2.4 kg without its pegs."),
        ("how much does the tent weigh", "The tent weighs 2.4 kg without its pegs."),
        ("Can the tent be washed in a washing machine?", "No: clean it by hand with cold water and a sponge."),
        ("What is the fly made of?", "The fly is made of polyester with a coating of silicone."),
        (
            "how long does the stove need to boil a litre of water",
            "The stove boils a litre of water within four minutes.",
        ),
        ("which fuel", "Fuel Gas cartridge"),
        ("How long is the warranty?", "Warranty: two years from the date of purchase."),
    ] {
        let (_, text, probability) = first(&passages, question);
        assert_eq!(text, answer, "{question}");
        assert!(probability > 0.5, "{question}: {probability}");
    }
}

#[test]
fn of_passages_with_the_same_words_the_nearer_in_meaning_answers() {
    let mut passages = Passages::default();
    passages.put(1, "Lantern", "<p>The lamp burns long in a storm.</p><p>The lamp hangs long in a hall.</p>");
    let first = |nearness: &dyn Fn(&str) -> Option<f32>| {
        passages.ask("does the lamp take long", true, 0.0, &|_| true, nearness).0[0]
    };
    let (storm, hall) = (
        first(&|text| Some(f32::from(u8::from(text.contains("storm"))))),
        first(&|text| Some(f32::from(u8::from(text.contains("hall"))))),
    );
    assert_eq!((storm.passage, hall.passage), (0, 1));
    assert!(storm.probability > first(&|_| Some(0.0)).probability);
}

#[test]
fn a_question_that_no_page_answers_finds_little() {
    let passages = shop();
    for question in ["Who is the president of France?", "does the tent come with a dog basket", "wyvern", "", "???"] {
        let (found, _) = passages.ask(question, true, 0.5, &|_| true, &|_| None);
        assert_eq!(found, [], "{question}");
    }
}

#[test]
fn a_removed_page_answers_no_more() {
    let mut passages = shop();
    let fresh = {
        let mut passages = Passages::default();
        passages.put(2, "Gas stove", STOVE);
        passages.ask("how heavy is the stove", true, 0.0, &|_| true, &|_| None)
    };
    for round in 0..3_000 {
        passages.put(3 + round % 50, "Filler", "<p>The stove weighs 1 kg.</p><p>Heavy fillers.</p>");
    }
    assert!(passages.slots.len() <= 2 * (passages.len() + 1_000), "the holes are closed");
    (3..53).for_each(|product| passages.remove(product));
    passages.remove(1);
    passages.close_holes();
    assert_eq!(passages.ask("how heavy is the stove", true, 0.0, &|_| true, &|_| None), fresh);
    passages.put(2, "Gas stove", "<p>Nothing.</p>");
    assert_eq!(passages.ask("how heavy is the stove", true, 0.5, &|_| true, &|_| None).0, []);
    passages.remove(2);
    assert!(passages.is_empty());
    assert_eq!(passages.text_bytes, 0);
}

#[test]
fn what_is_not_allowed_is_not_found_and_ties_go_by_product() {
    let mut passages = shop();
    passages.put(9, "", STOVE);
    passages.put(4, "", STOVE);
    let (found, _) = passages.ask("which fuel?", true, 0.0, &|product| product != 2, &|_| None);
    assert_eq!(found.iter().map(|found| found.product).collect::<Vec<_>>(), [4, 9]);
}

#[test]
fn a_misspelt_word_is_corrected_where_that_is_wanted() {
    let passages = shop();
    let question = "how long is the warrenty?";
    let (found, spelled) = passages.ask(question, true, 0.0, &|_| true, &|_| None);
    assert_eq!(found[0].product, 2);
    let spelled = spelled.unwrap();
    assert_eq!(spelled.corrected, "how long is the warranty?");
    assert_eq!(spelled.original_with_markups, "how long is the <mark>warrenty</mark>?");
    assert_eq!(spelled.corrected_with_markups, "how long is the <mark>warranty</mark>?");
    let (found, as_typed) = passages.ask(question, false, 0.5, &|_| true, &|_| None);
    assert_eq!((found, as_typed), (Vec::new(), Some(spelled)));
    assert_eq!(passages.ask("how long is the warranty?", true, 0.0, &|_| true, &|_| None).1, None);
}

#[test]
fn a_page_over_the_bounds_is_left_out_and_told() {
    let mut passages = shop();
    passages.text_bytes = TEXT_BYTES_MAX;
    passages.put(7, "", "<p>More than fits.</p>");
    assert!(passages.is_full());
    assert_eq!(passages.ask("more than fits", true, 0.0, &|_| true, &|_| None).0, []);
}

proptest! {
    #[test]
    fn no_question_panics(question in "\\PC{0,60}") {
        let (found, _) = shop().ask(&question, true, 0.0, &|_| true, &|_| None);
        prop_assert!(found.iter().all(|found| (0.0..=1.0).contains(&found.probability)));
    }
}
