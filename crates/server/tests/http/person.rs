//! Properties: with a publishable key a question about a person needs the HMAC of the id, made with the secret key, in
//! either case; of `user_type:user_id` where a type is given; with a secret key, or about nobody, none is needed.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::served::Served;

const PATHS: [&str; 9] = [
    "/v1/search/search",
    "/v1/search/autocomplete",
    "/v1/search/mget",
    "/v1/recommendation/user_to_products",
    "/v1/recommendation/user_to_trending",
    "/v1/recommendation/user_to_history",
    "/v1/recommendation/user_to_categories",
    "/v1/recommendation/user_to_attributes",
    "/v1/recommendation/product_to_products",
];

fn hash(secret: &str, message: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(message.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn question(path: &str, person: &Value) -> Value {
    let mut body = match path {
        "/v1/search/mget" => json!({"product_ids": ["p"]}),
        "/v1/recommendation/product_to_products" => json!({"product_id": "p"}),
        "/v1/recommendation/user_to_attributes" => json!({"field": "brand"}),
        "/v1/search/search" | "/v1/search/autocomplete" => json!({"q": "shoe"}),
        _ => json!({}),
    };
    for (name, value) in person.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[test]
fn a_person_named_with_a_publishable_key_needs_the_right_hash() {
    let served = Served::start();
    let (secret, publishable) = (served.secret(), served.publishable());
    let right = hash(&secret, "Zoë");
    let good = [
        json!({}),
        json!({"user_id": "Zoë", "user_hash": right}),
        json!({"user_id": "Zoë", "user_hash": right.to_uppercase()}),
        json!({"user_id": "Zoë", "anonymous_id": "a", "user_hash": right}),
        json!({"user_id": "Zoë", "user_type": "staff", "user_hash": hash(&secret, "staff:Zoë")}),
        json!({"anonymous_id": "a", "user_hash": hash(&secret, "a")}),
    ];
    let bad = [
        json!({"user_id": "Zoë"}),
        json!({"user_id": "Zoë", "user_hash": null}),
        json!({"user_id": "Zoë", "user_hash": ""}),
        json!({"user_id": "Zoë", "user_hash": "not hex"}),
        json!({"user_id": "Zoë", "user_hash": right[..62]}),
        json!({"user_id": "Zoe", "user_hash": right}),
        json!({"user_id": "Zoë", "user_hash": hash(&publishable, "Zoë")}),
        json!({"user_id": "Zoë", "user_type": "staff", "user_hash": right}),
        json!({"anonymous_id": "a"}),
        json!({"user_id": "Zoë", "anonymous_id": "a", "user_hash": hash(&secret, "a")}),
    ];
    for path in PATHS {
        for person in &good {
            served.call("POST", path, &publishable, &question(path, person)).expect(200);
        }
        for person in &bad {
            let refused = served.call("POST", path, &publishable, &question(path, person));
            assert_eq!(refused.status, 403, "{path} {person}");
            assert!(refused.message().contains("user_hash"));
            served.call("POST", path, &secret, &question(path, person)).expect(200);
        }
    }
}

#[test]
fn an_anonymous_id_needs_no_hash_where_the_setting_says_so() {
    let served = Served::start_with(|settings| settings.anonymous_hash_required = false);
    let publishable = served.publishable();
    for path in PATHS {
        served.call("POST", path, &publishable, &question(path, &json!({"anonymous_id": "a"}))).expect(200);
        for person in [json!({"user_id": "u"}), json!({"user_id": "u", "anonymous_id": "a"})] {
            assert_eq!(
                served.call("POST", path, &publishable, &question(path, &person)).status,
                403,
                "{path} {person}"
            );
        }
    }
}

#[test]
fn a_bulk_is_no_way_around_the_hash() {
    let served = Served::start();
    let body = json!({"requests": [
        {"api_name": "search/search", "body": {"q": "shoe", "user_id": "u"}},
        {"api_name": "search/search", "body": {"q": "shoe"}},
    ]});
    let answer = served.call("POST", "/v1/bulk", &served.publishable(), &body).expect(200).json();
    assert_eq!(answer["errors"], true);
    assert_eq!(answer["data"][0]["status_code"], 403);
    assert_eq!(answer["data"][1]["status_code"], 200);
}

#[test]
fn interactions_need_no_hash() {
    let served = Served::start();
    let body = json!({"data": [{"type": "home_page_view", "user_id": "u"}]});
    served.call("POST", "/v1/interactions", &served.publishable(), &body).expect(200);
}
