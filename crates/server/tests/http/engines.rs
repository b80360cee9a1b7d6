//! Properties: `default` is there from the start and stays; an engine that was created is read, changed and deleted; a wrong
//! definition is refused by field; what the data offers to a definition is told; an unknown engine is 404 and names the known
//! ones, in every question.

use serde_json::{Value, json};

use crate::served::Served;

#[test]
fn an_engine_lives_from_creation_to_deletion() {
    let served = Served::start();
    let secret = served.secret();
    let call = |method: &str, path: &str, body: &Value| served.call(method, path, &secret, body);
    let ids = || {
        let list = call("GET", "/v1/engines", &json!({})).expect(200).json();
        let engines = list["data"]["engines"].as_array().unwrap().clone();
        engines.iter().map(|engine| engine["engine_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(), ["default"]);

    let definition = json!({
        "engine_id": "cart", "kind": "recommendation", "optimize_for": ["add_to_cart", "checkout"],
        "weight_by": null, "weight_power": 0.5, "schedule": "0 3 * * *",
    });
    assert_eq!(call("POST", "/v1/engines", &definition).expect(200).json()["data"], definition);
    assert!(call("POST", "/v1/engines", &definition).expect(409).message().contains("cart"));
    assert_eq!(ids(), ["cart", "default"]);

    let changed = json!({"kind": "search", "optimize_for": ["click"]});
    call("PUT", "/v1/engines/cart", &changed).expect(200);
    let read = call("GET", "/v1/engines/cart", &json!({})).expect(200).json();
    assert_eq!(read["data"]["kind"], "search");
    assert_eq!(read["data"]["engine_id"], "cart");
    assert!(read["data"]["schedule"].is_null());

    call("POST", "/v1/recommendation/user_to_products", &json!({"engine_id": "cart"})).expect(200);
    call("DELETE", "/v1/engines/cart", &json!({})).expect(200);
    let gone = call("POST", "/v1/recommendation/user_to_products", &json!({"engine_id": "cart"})).expect(404);
    assert!(gone.message().contains("cart") && gone.message().contains("default"));
    for (method, path) in
        [("GET", "cart"), ("PUT", "cart"), ("DELETE", "cart"), ("POST", "cart/train"), ("GET", "cart/versions")]
    {
        assert!(call(method, &format!("/v1/engines/{path}"), &changed).expect(404).message().contains("default"));
    }
    assert!(call("DELETE", "/v1/engines/default", &json!({})).expect(422).message().contains("default"));
    assert_eq!(ids(), ["default"]);
}

#[test]
fn a_wrong_definition_is_refused_by_field() {
    let served = Served::start();
    let secret = served.secret();
    let products =
        json!({"data": [{"product_id": "p", "margin": 2.5, "title": "A thing", "custom_attributes": {"stars": 4}}]});
    served.call("POST", "/v1/products", &secret, &products).expect(200);
    let good = json!({
        "engine_id": "e", "kind": "search", "optimize_for": ["click"], "weight_by": "margin", "weight_power": 1,
        "schedule": "* * * * *",
    });
    for (field, value) in [
        ("engine_id", json!("_e")),
        ("engine_id", json!("a/b")),
        ("engine_id", json!("")),
        ("engine_id", json!("x".repeat(65))),
        ("engine_id", json!(null)),
        ("kind", json!("magic")),
        ("kind", json!(null)),
        ("optimize_for", json!([])),
        ("optimize_for", json!(["click", "click"])),
        ("optimize_for", json!(["dance"])),
        ("weight_by", json!("")),
        ("weight_by", json!(3)),
        ("weight_by", json!("title")),
        ("weight_by", json!("sale_price")),
        ("weight_power", json!(1.5)),
        ("weight_power", json!(-0.1)),
        ("weight_power", json!("half")),
        ("schedule", json!("every day")),
        ("schedule", json!("61 * * * *")),
        ("shape", json!(1)),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value.clone();
        let message = served.call("POST", "/v1/engines", &secret, &wrong).expect(422).message();
        assert!(message.starts_with(&format!("{field} is invalid. ")), "{field} {value}: {message}");
    }
    let mut unknown = good.clone();
    unknown["weight_by"] = json!("sale_price");
    let message = served.call("POST", "/v1/engines", &secret, &unknown).expect(422).message();
    assert!(message.contains("margin") && message.contains("custom_attributes.stars"), "{message}");
    served.call("POST", "/v1/engines", &secret, &good).expect(200);
    // What is read can be written back; a custom attribute is found by its short name.
    let mut read = served.call("GET", "/v1/engines/e", &secret, &json!({})).expect(200).json()["data"].clone();
    read["weight_by"] = json!("stars");
    let written = served.call("PUT", "/v1/engines/e", &secret, &read).expect(200).json();
    assert_eq!(written["data"]["weight_by"], "custom_attributes.stars");
    let other = json!({"engine_id": "f", "kind": "search", "optimize_for": ["click"]});
    served.call("PUT", "/v1/engines/e", &secret, &other).expect(422);
}

#[test]
fn what_the_data_offers_to_a_definition_is_told() {
    let served = Served::start();
    let secret = served.secret();
    let choices = || served.call("GET", "/v1/engines/_choices", &secret, &json!({})).expect(200).json()["data"].clone();
    assert_eq!(choices(), json!({"interactions": [], "attributes": []}));
    let products = json!({"data": [
        {"product_id": "a", "sale_price": 2.5, "custom_attributes": {"pages": 300, "colour": "red"}},
        {"product_id": "b", "sale_price": 3.5, "rating": 4.5},
    ]});
    served.call("POST", "/v1/products", &secret, &products).expect(200);
    let act = |kind: &str, products: Value| json!({"type": kind, "user_id": "u", "product_ids": products});
    let data =
        json!({"data": [act("checkout", json!(["a", "b"])), act("click", json!(["a"])), act("click", json!(["b"]))]});
    served.call("POST", "/v1/interactions", &secret, &data).expect(200);
    let expected = json!({
        "interactions": [{"type": "click", "count": 2}, {"type": "checkout", "count": 1}],
        "attributes": [
            {"name": "sale_price", "products": 2}, {"name": "custom_attributes.pages", "products": 1},
            {"name": "rating", "products": 1},
        ],
    });
    assert_eq!(choices(), expected);
}

#[test]
fn every_question_to_an_unknown_engine_is_404_and_names_the_known_ones() {
    let served = Served::start();
    let secret = served.secret();
    for path in [
        "recommendation/user_to_products",
        "recommendation/user_to_trending",
        "recommendation/user_to_history",
        "recommendation/user_to_categories",
        "recommendation/user_to_attributes",
        "recommendation/product_to_products",
        "search/search",
        "search/autocomplete",
    ] {
        let question: Value = match path {
            "recommendation/user_to_attributes" => json!({"engine_id": "nobody", "field": "brand"}),
            "recommendation/product_to_products" => json!({"engine_id": "nobody", "product_id": "p"}),
            path if path.starts_with("search") => json!({"engine_id": "nobody", "q": "lamp"}),
            _ => json!({"engine_id": "nobody", "user_id": "u"}),
        };
        let message = served.call("POST", &format!("/v1/{path}"), &secret, &question).expect(404).message();
        assert!(message.contains("nobody") && message.contains("default"), "{path}: {message}");
    }
}
