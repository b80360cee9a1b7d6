//! Properties:
//! 1. The likeliest product comes first, with its paragraph, the selector, and on demand the element and the block.
//! 2. Only products that say `enable_question_answering` answer; where none says it, all but those that say no.
//! 3. A changed or deleted page never answers any more, even before the pages are looked at again; a new one does after.
//! 4. `fq`, boosts and their threshold, `rows`, `fl` and `min_probability` do as in other answers.
//! 5. A wrong parameter is refused by name.

use serde_json::{Value, json};

use super::{NOW, World, world};
use crate::questions::{Pages, QuestionAnswering, question_answering};
use crate::{Answer, Refused};

const TENT: &str = "<div id=care><h2>Care</h2><p>Wash the tent by hand.</p></div><p>The tent weighs 2.4 kg.</p>";

fn shop(products: Value) -> World {
    let mut world = world("");
    for product in products.as_array().unwrap() {
        world.put(serde_json::from_value(product.clone()).unwrap());
    }
    world
}

fn tents() -> World {
    shop(json!([
        {"product_id": "tent", "title": "Tent", "brand": "Fjell", "html": TENT},
        {"product_id": "tarp", "title": "Tarp", "brand": "Skog", "html": "<p>A tent and a tarp weigh as much as a stone.</p>"},
        {"product_id": "plain", "title": "Tent without a page"},
    ]))
}

fn look(pages: &mut Pages, world: &World) {
    while !pages.look(&world.state, NOW) {}
}

fn ask_with(pages: &Pages, world: &World, request: Value) -> Result<Answer, Refused> {
    let request: QuestionAnswering = serde_json::from_value(request).unwrap();
    question_answering(world.view(), pages, &request)
}

fn ask(world: &World, request: Value) -> Result<Answer, Refused> {
    let mut pages = Pages::default();
    look(&mut pages, world);
    ask_with(&pages, world, request)
}

#[track_caller]
fn check(world: &World, request: Value, expected: &str) {
    let answer = ask(world, request).unwrap();
    assert_eq!(ids(&answer), expected);
}

fn ids(answer: &Answer) -> String {
    let answers = answer.data["answers"].as_array().unwrap();
    answers.iter().map(|answer| answer["product_id"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

const WEIGHT: &str = "How much does the tent weigh?";

#[test]
fn the_likeliest_paragraph_comes_with_its_place() {
    let answer = ask(&tents(), json!({"q": WEIGHT, "min_probability": 0.1})).unwrap();
    let first = &answer.data["answers"][0];
    assert_eq!(first["product_id"], "tent");
    assert_eq!(first["answer"]["text"], "The tent weighs 2.4 kg.");
    assert_eq!(first["answer"]["css_selector"], "body > p:nth-of-type(1)");
    assert!(
        first["answer"].get("html").is_none() && first.get("answer_block").is_none() && first.get("title").is_none()
    );
    assert!(first["answer"]["probability"].as_f64().unwrap() > 0.8);
    assert_eq!((answer.data["answers"].as_array().unwrap().len(), &answer.data["total"]), (1, &json!(2)));

    let care = json!({"q": "How do I wash a tent?", "min_probability": 0.1, "enable_answer_html": true,
        "enable_answer_block": true, "fl": ["title"]});
    let answer = ask(&tents(), care).unwrap();
    let first = &answer.data["answers"][0];
    assert_eq!(first["title"], "Tent");
    assert_eq!(first["answer"]["html"], "<p>Wash the tent by hand.</p>");
    assert_eq!(
        first["answer_block"],
        json!({
            "html": "<div id=care><h2>Care</h2><p>Wash the tent by hand.</p></div>", "css_selector": "#care",
            "relevant_children_slice": [0, 2], "answer_css_selector": "#care > p:nth-of-type(1)", "title": "Care",
        })
    );
}

#[test]
fn only_those_answer_that_say_so_where_any_does() {
    let page = |id: &str, says: Value| json!({"product_id": id, "html": TENT, "enable_question_answering": says});
    let request = json!({"q": WEIGHT, "min_probability": 0.1, "rows": 9});
    check(
        &shop(json!([page("a", json!(null)), page("b", json!(true)), page("c", json!(false))])),
        request.clone(),
        "b",
    );
    check(
        &shop(json!([page("a", json!(null)), page("b", json!(null)), page("c", json!(false))])),
        request.clone(),
        "a b",
    );
    check(&shop(json!([])), request, "");
}

#[test]
fn a_changed_page_answers_no_more_and_a_new_one_does_once_looked_at() {
    let mut world = tents();
    let mut pages = Pages::default();
    look(&mut pages, &world);
    let request = json!({"q": WEIGHT, "min_probability": 0.5, "rows": 9});
    assert_eq!(ids(&ask_with(&pages, &world, request.clone()).unwrap()), "tent tarp");
    assert!(pages.is_fresh(&world.state, NOW));

    world.put(serde_json::from_value(json!({"product_id": "tent", "html": "<p>Gone.</p>"})).unwrap());
    assert_eq!(ids(&ask_with(&pages, &world, request.clone()).unwrap()), "tarp");
    world.put(serde_json::from_value(json!({"product_id": "plain", "html": TENT})).unwrap());
    world.position += 1;
    world.state.delete_product(world.position, "tarp");
    assert!(!pages.is_fresh(&world.state, NOW));
    look(&mut pages, &world);
    assert_eq!(ids(&ask_with(&pages, &world, request.clone()).unwrap()), "plain");

    // One product says that it answers: then the others do not.
    let chosen = json!({"product_id": "chosen", "html": TENT, "enable_question_answering": true});
    world.put(serde_json::from_value(chosen).unwrap());
    look(&mut pages, &world);
    assert_eq!(ids(&ask_with(&pages, &world, request).unwrap()), "chosen");
}

#[test]
fn a_large_catalogue_is_looked_at_piece_by_piece() {
    let page = format!("<p>{}</p>", "The tent weighs 2.4 kg. ".repeat(4_000));
    let products: Vec<Value> = (0..9).map(|n| json!({"product_id": format!("p{n}"), "html": page})).collect();
    let world = shop(json!(products));
    let mut pages = Pages::default();
    let pieces = (1..100).find(|_| pages.look(&world.state, NOW)).unwrap();
    assert_eq!(pieces, 3);
    let answer = ask_with(&pages, &world, json!({"q": WEIGHT, "min_probability": 0, "rows": 0})).unwrap();
    assert_eq!(answer.data["total"], 9);
}

#[test]
fn filters_and_boosts_do_as_elsewhere() {
    let world = tents();
    let request = |more: Value| {
        let mut request = json!({"q": WEIGHT, "min_probability": 0.1, "rows": 9});
        request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        request
    };
    check(&world, request(json!({})), "tent tarp");
    check(&world, request(json!({"fq": "brand:Skog"})), "tarp");
    check(&world, request(json!({"min_probability": 0.98})), "");
    check(&world, request(json!({"boost_fq": "brand:Skog"})), "tarp tent");
    check(&world, request(json!({"boost_fq": "brand:Skog", "boost_probability_threshold": 0.93})), "tent tarp");
    check(&world, request(json!({"boost_fq": "brand:Skog", "boost_positions": [1]})), "tent tarp");
    let boosted = ask(&world, request(json!({"boost_fq": "brand:Skog"}))).unwrap();
    assert_eq!([&boosted.data["answers"][0]["_boosted"], &boosted.data["answers"][1]["_boosted"]], [true, false]);
    assert_eq!(boosted.shown.len(), 2);
}

#[test]
fn one_variant_of_a_group_answers() {
    let variant = |id: &str| json!({"product_id": id, "product_group_id": "g", "html": TENT});
    let answer = ask(&shop(json!([variant("a"), variant("b")])), json!({"q": WEIGHT, "min_probability": 0, "rows": 9}));
    let answer = answer.unwrap();
    assert_eq!((ids(&answer).as_str(), &answer.data["total"]), ("a", &json!(1)));
}

#[test]
fn a_misspelt_question_is_corrected_unless_that_is_turned_off() {
    let request = json!({"q": "How do I wahs the tent", "min_probability": 0.5});
    let answer = ask(&tents(), request.clone()).unwrap();
    assert_eq!(ids(&answer), "tent");
    assert_eq!(answer.data["spellcheck"]["corrected_query"], "How do I wash the tent");
    assert_eq!(answer.data["spellcheck"]["auto_spelling_correction"], true);
    let mut as_typed = request;
    as_typed["spellcheck"] = json!({"enable_auto_spelling_correction": false});
    let answer = ask(&tents(), as_typed).unwrap();
    assert_eq!((ids(&answer).as_str(), &answer.data["spellcheck"]["spelling_errors"]), ("", &json!(true)));
    assert_eq!(answer.data["spellcheck"]["auto_spelling_correction"], false);
}

#[test]
fn a_wrong_parameter_is_refused_by_name() {
    for (field, value) in [
        ("q", json!(" ")),
        ("q", json!(null)),
        ("min_probability", json!(null)),
        ("min_probability", json!(1.1)),
        ("boost_probability_threshold", json!(-1)),
        ("rows", json!(1_001)),
        ("version", json!("v9")),
        ("fq", json!("brand:(")),
    ] {
        let mut request = json!({"q": "what", "min_probability": 0.5});
        request[field] = value;
        let refused = ask(&tents(), request).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("{field} is invalid. ")), "{refused}");
    }
}
