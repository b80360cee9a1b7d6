//! Properties:
//! 1. An experiment is created, read by id and slug, changed and deleted; a slug is taken once.
//! 2. The same person gets the same variant, by either key, after a change and after a restart; nothing is stored of them.
//! 3. What is wrong is refused by field; an unknown experiment is 404.

use serde_json::{Value, json};

use crate::served::Served;

fn definition() -> Value {
    json!({"name": "Big buttons", "status": "Active", "variants": [
        {"name": "Small"}, {"name": "Big", "configuration": {"size": 2}}, {"name": "Huge"},
    ]})
}

#[test]
fn an_experiment_lives_from_creation_to_deletion() {
    let served = Served::start();
    let secret = served.secret();
    let call =
        |method: &str, path: &str, body: &Value| served.call(method, &format!("/v1/experiments{path}"), &secret, body);
    let made = call("POST", "", &definition()).expect(200).json()["data"].clone();
    let id = made["id"].as_str().unwrap();
    assert_eq!((&made["slug"], &made["share"]), (&json!("big-buttons"), &json!(1.0)));
    assert!(call("POST", "", &definition()).expect(409).message().contains("big-buttons"));
    for called in [id, "big-buttons"] {
        assert_eq!(call("GET", &format!("/{called}"), &json!({})).expect(200).json()["data"], made);
    }
    let changed = json!({"id": id, "name": "Buttons", "variants": [{"name": "Big"}]});
    let changed = call("PUT", "/big-buttons", &changed).expect(200).json()["data"].clone();
    assert_eq!(changed["variants"][0]["id"], made["variants"][1]["id"]);
    assert_eq!(changed["status"], "Draft");
    call("GET", "/big-buttons", &json!({})).expect(404);
    assert_eq!(call("GET", "", &json!({})).expect(200).json()["data"]["experiments"], json!([changed]));
    let other = json!({"id": "other", "name": "Buttons", "variants": [{"name": "Big"}]});
    assert!(call("PUT", "/buttons", &other).expect(422).message().starts_with("id is invalid. "));
    call("DELETE", "/buttons", &json!({})).expect(200);
    call("DELETE", "/buttons", &json!({})).expect(404);
}

#[test]
fn the_same_person_gets_the_same_variant() {
    let served = Served::start();
    let (secret, publishable) = (served.secret(), served.publishable());
    let made = served.call("POST", "/v1/experiments", &secret, &definition()).expect(200).json()["data"].clone();
    let event = |served: &Served, key: &str, body: Value| {
        let answer = served.call("POST", "/v1/experiments/big-buttons/events", key, &body).expect(200).json();
        assert!(answer["took"].is_u64() && answer["in_experiment"] == true, "{answer}");
        answer["variant"].clone()
    };
    let of = |served: &Served, key: &str| -> Vec<Value> {
        (0..40).map(|n| event(served, key, json!({"user_id": format!("person-{n}")}))).collect()
    };
    let first = of(&served, &secret);
    assert_eq!(of(&served, &publishable), first);
    for variant in made["variants"].as_array().unwrap() {
        assert!(first.iter().any(|given| given["id"] == variant["id"]), "{variant} is given to nobody");
    }
    assert!(first.iter().all(|given| given.get("weight").is_none() && given["status"] == "Active"));
    let chosen = event(&served, &publishable, json!({"anonymous_id": "a", "variant_name": "Huge"}));
    assert_eq!(chosen["slug"], "huge");

    served.call("PUT", "/v1/experiments/big-buttons", &secret, &definition()).expect(200);
    assert_eq!(of(&served, &secret), first);
    let served = served.restart();
    assert_eq!(of(&served, &secret), first);
    let folder = served.folder.path().join("development");
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(7).any(|window| window == b"person-"), "{}", file.display());
    }
}

#[test]
fn what_is_wrong_is_refused_by_field() {
    let served = Served::start();
    let secret = served.secret();
    for (field, value) in [
        ("name", json!("")),
        ("name", json!(null)),
        ("status", json!("Paused")),
        ("share", json!(2)),
        ("variants", json!([])),
        ("id", json!("mine")),
        ("colour", json!("red")),
    ] {
        let mut wrong = definition();
        wrong[field] = value;
        let message = served.call("POST", "/v1/experiments", &secret, &wrong).expect(422).message();
        assert!(message.starts_with(&format!("{field} is invalid. ")), "{message}");
    }
    served.call("POST", "/v1/experiments", &secret, &definition()).expect(200);
    for (field, body) in [
        ("user_id", json!({})),
        ("user_id", json!({"user_id": "", "anonymous_id": null})),
        ("timestamp", json!({"user_id": "u", "timestamp": "yesterday"})),
        ("variant_name", json!({"user_id": "u", "variant_name": "Tiny"})),
    ] {
        let refused = served.call("POST", "/v1/experiments/big-buttons/events", &secret, &body).expect(422);
        assert!(refused.message().starts_with(&format!("{field} is invalid. ")), "{}", refused.message());
    }
    served.call("POST", "/v1/experiments/none/events", &secret, &json!({"user_id": "u"})).expect(404);
}
