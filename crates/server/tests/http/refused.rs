//! Properties: a refused call is noted with its reasons, under its environment or as one without a known key; no id of a person is
//! in it; the same reason is one entry; an erasure forgets all; what the dashboard itself sends is not noted.

use serde_json::{Value, json};

use crate::dojo::{call, cookie, start};

#[test]
fn a_refused_call_is_noted_without_who_it_was_about() {
    let served = start();
    let cookie = cookie(&served);
    let listed = || call(&served, &cookie, "GET", "development/refused", &Value::Null).expect(200);
    let wrong = json!({"data": [
        {"type": "click", "user_id": "erika", "product_ids": "p1"},
        {"type": "tap", "user_id": 4711, "timestamp": "yesterday"},
    ]});
    for _ in 0..2 {
        served.call("POST", "/v1/interactions", &served.publishable(), &wrong).expect(422);
    }
    served.call("GET", "/v1/users/erika", &served.publishable(), &json!({})).expect(403);
    served.call("POST", "/v1/products", "not-a-key", &wrong).expect(401);
    served.send("POST", "/v1/products", &[], b"{}").expect(401);
    call(&served, &cookie, "POST", "development/v1/interactions", &wrong).expect(422);

    let reply = listed();
    let text = String::from_utf8(reply.body.clone()).unwrap();
    assert!(!text.contains("erika") && !text.contains("4711") && !text.contains(&served.publishable()), "{text}");
    let told = reply.json();
    assert_eq!(told["calls"].as_array().unwrap().len(), 2, "{told}");
    let [newest, oldest] = [&told["calls"][0], &told["calls"][1]];
    assert_eq!((&newest["route"], &newest["status"]), (&json!("/v1/users/{user_id}"), &json!(403)));
    assert_eq!((&oldest["times"], &oldest["status"], &oldest["key"]), (&json!(2), &json!(422), &json!("publishable")));
    assert!(oldest["lines"][0].as_str().unwrap().starts_with("data.0.product_ids is invalid."), "{oldest}");
    assert!(oldest["lines_in_all"].as_u64().unwrap() >= 3);
    assert!(oldest["excerpt"].as_str().unwrap().contains("\"product_ids\":\"p1\""), "{oldest}");
    let keys: Vec<&Value> = told["without_key"].as_array().unwrap().iter().map(|call| &call["key"]).collect();
    assert_eq!(keys, [&json!("none"), &json!("unknown")]);
    let elsewhere = call(&served, &cookie, "GET", "production/refused", &Value::Null).expect(200).json();
    assert_eq!(elsewhere["calls"], json!([]));

    served.call("DELETE", "/v1/interactions", &served.secret(), &json!({"user_ids": ["erika"]})).expect(200);
    assert_eq!(listed().json()["calls"], json!([]));
}

#[test]
fn a_body_is_read_whole_although_its_beginning_is_looked_at() {
    let served = start();
    let data: Vec<Value> = (0..2_000).map(|n| json!({"product_id": format!("p{n}"), "title": "A thing"})).collect();
    served.call("POST", "/v1/products", &served.secret(), &json!({"data": data})).expect(200);
    let ids = served.call("GET", "/v1/products/_ids", &served.secret(), &json!({})).expect(200).json();
    assert_eq!(ids["data"]["ids"].as_array().unwrap().len(), 2_000);
}
