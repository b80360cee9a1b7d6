//! Properties: every question that ranks products explains each of them when asked, and only then; the shares are those of the
//! score; the person's own products, or those asked about, are named as speaking for it; a boost is told as one.

use serde_json::{Value, json};

use super::{World, world};

const SHOP: &str = "
    product s1 category=Shoes brand=Nike title=Red_running_shoe
    product s2 category=Shoes brand=Nike title=Blue_running_shoe
    product s3 category=Shoes brand=Puma title=Green_running_shoe
    product h1 category=Hats brand=Puma title=Red_hat
    product h2 category=Hats brand=Asos title=Blue_hat
    product h3 category=Hats brand=Asos title=Straw_hat
    a view s1 s2 s3
    b view s1 s2
    c view s1 s3
    d view h1 h2 h3
    e view h1 h2
    f view h2 h3
    f buy h2 h3
    train
    product s4 category=Shoes brand=Nike title=New_running_shoe
    new view s1
";

/// The products of an answer, those of all its parts.
fn products(answer: &Value) -> Vec<Value> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let parts = ["categories", "attributes"].into_iter().flat_map(|name| list(&answer[name]));
    list(&answer["products"]).into_iter().chain(parts.flat_map(|part| list(&part["recommended_products"]))).collect()
}

fn ask(world: &World, question: &str, request: Value) -> Vec<Value> {
    let products = products(&Value::Object(world.ask(question, &request).unwrap().data));
    assert!(!products.is_empty(), "{question} {request}");
    products
}

fn sum(explanation: &Value, list: &str) -> f64 {
    explanation[list].as_array().unwrap().iter().map(|part| part["share"].as_f64().unwrap()).sum()
}

/// The part of the score that this source gave.
fn amount(explanation: &Value, source: &str) -> f64 {
    let of_source = explanation["sources"].as_array().unwrap().iter().filter(|part| part["source"] == source);
    let share: f64 = of_source.map(|part| part["share"].as_f64().unwrap()).sum();
    share * explanation["score"].as_f64().unwrap()
}

fn questions() -> Vec<(&'static str, Value)> {
    vec![
        ("user_to_products", json!({"user_id": "new", "rows": 10})),
        ("user_to_products", json!({"user_id": "stranger", "rows": 10})),
        ("user_to_trending", json!({"user_id": "new", "rows": 10})),
        ("product_to_products", json!({"product_id": "h1", "user_id": "new", "rows": 10})),
        ("product_to_products", json!({"product_id": "h2", "buy_together": true, "rows": 10})),
        ("user_to_categories", json!({"user_id": "new"})),
        ("user_to_attributes", json!({"user_id": "new", "field": "brand"})),
        ("search", json!({"user_id": "new", "q": "running shoe", "rows": 10})),
        ("search", json!({"user_id": "new", "q": "*", "rows": 10})),
    ]
}

#[test]
fn every_product_is_explained_by_shares_of_its_score_when_asked() {
    let world = world(SHOP);
    for (question, mut request) in questions() {
        for product in ask(&world, question, request.clone()) {
            assert!(product.get("_explanation").is_none() && product.get("_explain").is_none(), "{question}");
        }
        request["explain"] = json!(true);
        for product in ask(&world, question, request.clone()) {
            let explanation = &product["_explanation"];
            assert!((sum(explanation, "sources") - 1.0).abs() < 0.005, "{question} {request}: {product}");
            let because = explanation["because"].as_array().unwrap();
            assert!(because.is_empty() || (sum(explanation, "because") - 1.0).abs() < 0.005, "{question}: {product}");
            assert_eq!(explanation["score"], product["_explain"]["score"]);
            for source in explanation["sources"].as_array().unwrap() {
                assert!(source["text"].as_str().unwrap().ends_with('.'), "{source}");
            }
        }
    }
}

#[test]
fn the_shares_are_those_of_the_score() {
    let world = world(SHOP);
    let near =
        |a: f64, b: f64, what: &Value| assert!((a - b).abs() < 0.003 * (1.0 + b.abs()), "{a} is not {b}: {what}");
    let request = json!({"user_id": "new", "rows": 10, "explain": true});
    let mut rising = 0;
    for product in ask(&world, "user_to_trending", request) {
        let rise = product["_explain"]["rise"].as_f64().unwrap().max(0.0);
        if product["_explain"]["layer"] == "rising" {
            near(amount(&product["_explanation"], "rise"), rise / (1.0 + rise), &product);
            rising += 1;
        }
    }
    assert!(rising > 0);
    let request = json!({"product_id": "h1", "user_id": "new", "rows": 10, "explain": true});
    let of_anchor = ask(&world, "product_to_products", request);
    let relation = |product: &Value| {
        let sources = ["related_to_asked", "bought_together", "alike_asked"];
        sources.iter().map(|source| amount(&product["_explanation"], source)).sum::<f64>()
    };
    for product in of_anchor.iter().filter(|product| product["_explain"]["layer"] == "anchors") {
        near(relation(product), product["_explain"]["relevance"].as_f64().unwrap(), product);
    }
    assert_eq!(of_anchor[0]["_explanation"]["because"][0]["product_id"], "h1");
    // Without taste, what is left of the score of a hit is its words and its popularity.
    let request =
        json!({"user_id": "new", "q": "running shoe", "personalization_weight": 0, "rows": 10, "explain": true});
    for product in ask(&world, "search", request) {
        let explanation = &product["_explanation"];
        let told = amount(explanation, "text") + amount(explanation, "popularity");
        near(told, explanation["score"].as_f64().unwrap(), &product);
    }
}

#[test]
fn what_the_model_knows_nothing_of_is_explained_by_likeness() {
    let mut world = world(SHOP);
    world.tell("late view s4");
    let request = json!({"user_id": "late", "rows": 3, "explain": true});
    let products = ask(&world, "user_to_products", request);
    let first = &products[0];
    assert!(amount(&first["_explanation"], "alike_latest") > 0.0, "{first}");
    assert_eq!(first["_explanation"]["because"][0]["product_id"], "s4");
}

#[test]
fn a_boost_is_told_as_one() {
    let world = world(SHOP);
    let request = json!({"user_id": "new", "rows": 5, "boost_fq": "product_id:\"h3\"", "explain": true});
    let products = ask(&world, "user_to_products", request);
    assert_eq!(products[0]["product_id"], "h3");
    assert!(products[0]["_explanation"]["note"].as_str().unwrap().contains("boost"));
    assert!(products[1]["_explanation"].get("note").is_none());
}
