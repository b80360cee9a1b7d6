//! Properties: parts are answered in order, each as the single call would be; `errors` tells whether any failed; a part
//! that makes no sense fails alone; 1 to 100 parts are taken.

use serde_json::{Value, json};

use crate::served::Served;

/// Without what differs between two answers to the same question.
fn steady(mut body: Value) -> Value {
    if let Some(data) = body["data"].as_object_mut() {
        data.remove("took");
        data.remove("miso_id");
    }
    body
}

#[test]
fn each_part_is_answered_as_the_single_call_would_be() {
    let served = Served::start();
    let secret = served.secret();
    served.call("POST", "/v1/products", &secret, &json!({"data": [{"product_id": "p", "title": "Shoe"}]})).expect(200);
    let parts = [
        ("search/mget", json!({"product_ids": ["p", "q"]})),
        ("recommendation/user_to_products", json!({"user_id": "u", "rows": 3})),
        ("search/search", json!({"q": "shoe", "rows": "five"})),
        ("recommendation/product_to_products", json!({"product_id": "p"})),
        ("recommendation/user_to_trending", json!({"engine_id": "missing"})),
    ];
    let requests: Vec<Value> =
        parts.iter().map(|(api_name, body)| json!({"api_name": api_name, "body": body})).collect();
    let answer = served.call("POST", "/v1/bulk", &secret, &json!({"requests": requests})).expect(200).json();
    assert_eq!(answer["errors"], true);
    for (part, (api_name, body)) in answer["data"].as_array().unwrap().iter().zip(&parts) {
        let single = served.call("POST", &format!("/v1/{api_name}"), &secret, body);
        assert_eq!(part["status_code"], single.status, "{api_name}");
        assert_eq!(part["error"], single.status >= 400, "{api_name}");
        assert_eq!(steady(part["body"].clone()), steady(single.json()), "{api_name}");
    }
}

#[test]
fn a_part_that_makes_no_sense_fails_alone() {
    let served = Served::start();
    let requests = json!([
        {"api_name": "v1/search/mget", "body": {"product_ids": []}},
        {"api_name": "products", "body": {"data": []}},
        {"api_name": "search/mget"},
        7,
    ]);
    let answer = served.call("POST", "/v1/bulk", &served.secret(), &json!({"requests": requests})).expect(200).json();
    let statuses: Vec<&Value> = answer["data"].as_array().unwrap().iter().map(|part| &part["status_code"]).collect();
    assert_eq!(statuses, [200, 422, 422, 422]);
    assert!(answer["data"][1]["body"]["message"].as_str().unwrap().contains("search/search"));
}

#[test]
fn one_to_a_hundred_parts_are_taken() {
    let served = Served::start();
    let secret = served.secret();
    let part = json!({"api_name": "search/mget", "body": {"product_ids": []}});
    let send = |count: usize| served.call("POST", "/v1/bulk", &secret, &json!({"requests": vec![part.clone(); count]}));
    let answer = send(100).expect(200).json();
    assert_eq!(answer["errors"], false);
    assert_eq!(answer["data"].as_array().unwrap().len(), 100);
    assert!(send(0).expect(422).message().starts_with("requests is invalid. "));
    assert!(send(101).expect(422).message().contains("101"));
    served.call("POST", "/v1/bulk", &secret, &json!({})).expect(422);
}
