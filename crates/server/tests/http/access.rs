//! Properties:
//! 1. Every route that is not open answers 401 without a key and with an unknown one.
//! 2. A publishable key opens exactly the routes of the contract; everything else is 403.
//! 3. Every write to the playground is 400 and says playground; reads there are served.
//! 4. A key reads nothing of another environment.
//! 5. A key counts in the query and in the header.
//! 6. A key that goes over its rate is told when to come back, and others are not hindered.

use serde_json::json;
use store::KeyKind;

use crate::served::{DEVELOPMENT, PLAYGROUND, PRODUCTION, Served};

/// Every route with something in the place of its parameters.
fn routes() -> Vec<(&'static str, String, &'static str, bool)> {
    let filled = |path: &str| {
        path.replace("{task_id}", "t")
            .replace("{product_id}", "p")
            .replace("{user_id}", "u")
            .replace("{engine_id}", "e")
            .replace("{experiment_id_or_slug}", "e")
    };
    server::served().into_iter().map(|(method, path, key, writes)| (method, filled(path), key, writes)).collect()
}

#[test]
fn every_route_asks_for_its_key() {
    let served = Served::start();
    for (method, path, key, _) in routes() {
        for headers in [&[][..], &[("X-API-KEY", "")], &[("X-API-KEY", "unknown")], &[("X-API-KEY", "Ünknöwn")]] {
            let reply = served.send(method, &path, headers, b"{}");
            if key == "open" {
                reply.expect(200);
            } else {
                assert!(!reply.expect(401).message().is_empty());
            }
        }
    }
}

#[test]
fn a_publishable_key_uploads_interactions_and_asks_questions_and_nothing_else() {
    let served = Served::start();
    let allowed = [
        "POST /v1/interactions",
        "POST /v1/search/search",
        "POST /v1/search/autocomplete",
        "POST /v1/search/mget",
        "POST /v1/recommendation/user_to_products",
        "POST /v1/recommendation/user_to_trending",
        "POST /v1/recommendation/user_to_history",
        "POST /v1/recommendation/user_to_categories",
        "POST /v1/recommendation/user_to_attributes",
        "POST /v1/recommendation/product_to_products",
        "POST /v1/qa/question_autocomplete",
        "POST /v1/qa/question_answering",
        "POST /v1/experiments/e/events",
        "POST /v1/bulk",
    ];
    for environment in [PLAYGROUND, DEVELOPMENT, PRODUCTION] {
        let publishable = served.key(environment, KeyKind::Publishable);
        let secret = served.key(environment, KeyKind::Secret);
        for (method, path, key, writes) in routes() {
            let status = served.call(method, &path, &publishable, &json!({})).status;
            let open = key == "open" || allowed.contains(&format!("{method} {path}").as_str());
            assert_eq!(status == 403, !open, "{environment}: {method} {path} gave {status} with the publishable key");
            let reply = served.call(method, &path, &secret, &json!({}));
            let refused = environment == PLAYGROUND && writes;
            assert_eq!(
                reply.status == 400,
                refused,
                "{environment}: {method} {path} gave {} with the secret key",
                reply.status
            );
            assert!(!refused || reply.message().contains("playground"));
            assert!(
                reply.status < 500 && ![401, 403, 405].contains(&reply.status),
                "{method} {path} gave {}",
                reply.status
            );
        }
    }
}

#[test]
fn environments_do_not_see_each_other() {
    let served = Served::start();
    let development = served.key(DEVELOPMENT, KeyKind::Secret);
    let production = served.key(PRODUCTION, KeyKind::Secret);
    let upload = served.call("POST", "/v1/products", &development, &json!({"data": [{"product_id": "p"}]})).expect(200);
    let task = upload.json()["data"]["task_id"].as_str().unwrap().to_owned();
    for path in ["/v1/products/p".to_owned(), format!("/v1/products/_status/{task}")] {
        served.call("GET", &path, &development, &json!({})).expect(200);
        served.call("GET", &path, &production, &json!({})).expect(404);
    }
    // A task of products is none of users.
    served.call("GET", &format!("/v1/users/_status/{task}"), &development, &json!({})).expect(404);
}

#[test]
fn a_key_counts_in_the_query_and_in_the_header() {
    let served = Served::start();
    let secret = served.secret();
    served.send("GET", &format!("/v1/engines?x=1&api_key={secret}"), &[], b"").expect(200);
    served.send("GET", "/v1/engines?api_key=", &[("x-api-key", &secret)], b"").expect(200);
    served.send("GET", "/v1/engines?api_key=wrong", &[("x-api-key", &secret)], b"").expect(401);
}

#[test]
fn a_key_over_its_rate_is_told_when_to_come_back() {
    let served = Served::start_with(|settings| settings.requests_per_second_max = 2);
    let (secret, publishable) = (served.secret(), served.publishable());
    let statuses: Vec<u16> = (0..6).map(|_| served.call("GET", "/v1/engines", &secret, &json!({})).status).collect();
    assert_eq!(statuses[..2], [200, 200]);
    let refused = served.call("GET", "/v1/engines", &secret, &json!({}));
    assert_eq!(refused.status, 429, "{statuses:?}");
    assert_eq!(refused.headers["retry-after"], "1");
    served.call("POST", "/v1/search/mget", &publishable, &json!({"product_ids": []})).expect(200);
    served.send("GET", "/healthz", &[], b"").expect(200);
}
