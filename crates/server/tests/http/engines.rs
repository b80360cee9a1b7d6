//! Properties: `default` is there from the start and stays; an engine that was created is read, changed, trained and
//! deleted; a wrong definition is refused by field; an unknown engine is 404 and names the known ones.

use serde_json::{Value, json};

use crate::served::{Served, eventually};

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
        "weight_by": null, "schedule": "0 3 * * *",
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
    let good = json!({"engine_id": "e", "kind": "search", "optimize_for": ["click"], "weight_by": "margin", "schedule": "* * * * *"});
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
        ("schedule", json!("every day")),
        ("schedule", json!("61 * * * *")),
        ("shape", json!(1)),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value.clone();
        let message = served.call("POST", "/v1/engines", &secret, &wrong).expect(422).message();
        assert!(message.starts_with(&format!("{field} is invalid. ")), "{field} {value}: {message}");
    }
    served.call("POST", "/v1/engines", &secret, &good).expect(200);
    let other = json!({"engine_id": "f", "kind": "search", "optimize_for": ["click"]});
    served.call("PUT", "/v1/engines/e", &secret, &other).expect(422);
}

#[test]
fn a_training_is_followed_to_its_end_and_leaves_a_version() {
    let served = Served::start();
    let secret = served.secret();
    let data: Vec<Value> = (0..40)
        .map(|n| json!({"type": "checkout", "user_id": format!("u{}", n % 8), "product_ids": [format!("p{}", n % 5)], "timestamp": format!("2024-02-29T12:00:{n:02}Z")}))
        .collect();
    served.call("POST", "/v1/interactions", &secret, &json!({"data": data})).expect(200);
    let begun = served.call("POST", "/v1/engines/default/train", &secret, &json!({})).expect(200).json();
    let path = format!("/v1/engines/_status/{}", begun["data"]["task_id"].as_str().unwrap());
    eventually("trained", || {
        let status = served.call("GET", &path, &secret, &json!({})).expect(200).json()["data"].clone();
        assert_ne!(status["state"], "failed", "{status}");
        status["state"] == "done"
    });
    let versions = served.call("GET", "/v1/engines/default/versions", &secret, &json!({})).expect(200).json();
    assert_eq!(versions["data"]["versions"].as_array().unwrap().len(), 1, "{versions}");
    served.call("GET", "/v1/engines/_status/none", &secret, &json!({})).expect(404);
}
