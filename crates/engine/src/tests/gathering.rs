//! Properties proved here:
//! 1. Categories and values of a field come in the order of what the person likeliest wants, each with its best products.
//! 2. Levels: the top, right below a root, any below; filters and exclusions hold in every part; totals count what passes.
//! 3. An explanation's shares sum to 1, and it names products of the person's own history.

use serde_json::{Value, json};

use super::{World, check_refused, world};

const SHOP: &str = "
    product s1 category=Shoes/Running brand=Nike
    product s2 category=Shoes/Running brand=Nike
    product s3 category=Shoes/Hiking brand=Puma
    product h1 category=Hats brand=Puma
    product h2 category=Hats brand=Asos
    product h3 category=Hats out brand=Asos
    a view s1 s2 s3
    b view s1 s2 s3
    c view h1 h2
    d view h1 h2
    e view h1 h2
    train
    new view s1
";

/// The parts as `name(total): ids`.
fn parts(world: &World, question: &str, request: Value) -> Vec<String> {
    let answer = world.ask(question, &request).unwrap();
    let list = if question == "user_to_categories" { "categories" } else { "attributes" };
    let parts = answer.data[list].as_array().unwrap();
    let name = |part: &Value| match &part["value"] {
        Value::String(value) => value.clone(),
        _ => part["category"]
            .as_array()
            .unwrap()
            .iter()
            .map(|level| level.as_str().unwrap())
            .collect::<Vec<_>>()
            .join("/"),
    };
    let ids = |part: &Value| -> Vec<String> {
        let products = part["recommended_products"].as_array().unwrap();
        products.iter().map(|product| product["product_id"].as_str().unwrap().to_owned()).collect()
    };
    let shown: usize = parts.iter().map(|part| ids(part).len()).sum();
    assert_eq!(shown, answer.shown.len(), "what is remembered is what is shown");
    parts.iter().map(|part| format!("{}({}): {}", name(part), part["total"], ids(part).join(" "))).collect()
}

#[test]
fn categories_follow_the_person() {
    let world = world(SHOP);
    let ask = |request: Value| parts(&world, "user_to_categories", request);
    assert_eq!(ask(json!({"user_id": "new"})), ["Shoes(3): s2 s3", "Hats(2): h2 h1"]);
    assert_eq!(ask(json!({})), ["Shoes(3): s1 s3 s2", "Hats(2): h2 h1"]);
    assert_eq!(ask(json!({"user_id": "new", "rows": 1, "products_per_category": 1})), ["Shoes(3): s2"]);
    let below = json!({"user_id": "new", "root_category": ["Shoes"]});
    assert_eq!(ask(below), ["Shoes/Running(2): s2", "Shoes/Hiking(1): s3"]);
    let any = ask(json!({"user_id": "new", "root_category": ["*"], "rows": 9}));
    assert_eq!(any.len(), 3, "{any:?}");
    assert!(any.contains(&"Hats(2): h2 h1".to_owned()));
    assert_eq!(ask(json!({"user_id": "new", "fq": "brand:\"Puma\"", "exclude": ["h1"]})), ["Shoes(1): s3"]);
    assert!(ask(json!({"root_category": ["None"]})).is_empty());
    assert!(ask(json!({"rows": 0})).is_empty());
}

#[test]
fn values_follow_the_person() {
    let world = world(SHOP);
    let ask = |request: Value| parts(&world, "user_to_attributes", request);
    assert_eq!(ask(json!({"user_id": "new", "field": "brand"})), ["Nike(2): s2", "Puma(2): s3 h1", "Asos(1): h2"]);
    let boosted = json!({"user_id": "new", "field": "brand", "boost_attributes": ["Asos", "None"], "exclude_attributes": ["Puma"]});
    assert_eq!(ask(boosted), ["Asos(1): h2", "Nike(2): s2"]);
    assert!(ask(json!({"field": "nothing"})).is_empty());
    check_refused(&world, "user_to_attributes", json!({}), "field is invalid. Name the field");
    let many = json!({"field": "brand", "products_per_attribute": 1001});
    check_refused(&world, "user_to_attributes", many, "products_per_attribute is invalid");
}

#[test]
fn an_explanation_is_made_of_shares_and_names_the_own_history() {
    let world = world(SHOP);
    let answer = world.ask("user_to_products", &json!({"user_id": "new", "explain": true})).unwrap();
    let explanation = &answer.data["products"][0]["_explanation"];
    let shares = |list: &str| -> f64 {
        explanation[list].as_array().unwrap().iter().map(|part| part["share"].as_f64().unwrap()).sum()
    };
    assert!((shares("sources") - 1.0).abs() < 0.02, "{explanation}");
    assert!((shares("because") - 1.0).abs() < 0.02, "{explanation}");
    assert_eq!(explanation["because"][0]["product_id"], "s1");
    let silent = world.ask("user_to_products", &json!({"user_id": "new"})).unwrap();
    assert!(silent.data["products"][0].get("_explanation").is_none());
}
