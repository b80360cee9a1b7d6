//! Properties:
//! 1. One error refuses the whole upload, in the published wording, and names every wrong record; nothing is stored.
//! 2. What was uploaded is read as it was sent; newest wins; deletions count what was there and what was not.
//! 3. `dry_run` stores nothing; `async` answers at once, and the task tells the rest; both refuse what is wrong.
//! 4. A partial update changes what it names.
//! 5. An interaction without time or person gets both.

use serde_json::{Value, json};

use crate::served::{Served, eventually};

const NONE_INSERTED: &str = "None of the records were inserted because at least one of them contained schema errors. Please see the `data` field for details.";

#[test]
fn one_wrong_record_refuses_all_in_the_published_wording() {
    let served = Served::start();
    let secret = served.secret();
    let body = json!({"data": [
        {"type": "click", "user_id": "u", "product_ids": "p", "timestamp": "yesterday"},
        {"type": "click", "user_id": "u", "product_ids": ["p"]},
    ]});
    let refused = served.call("POST", "/v1/interactions", &secret, &body).expect(422).json();
    assert_eq!(
        refused,
        json!({
            "errors": true,
            "message": NONE_INSERTED,
            "data": [
                "data.0.product_ids is invalid. The attribute was expected to be of type ''array', 'null'' but type 'string' was given.",
                "data.0.timestamp is invalid. The attribute should match the 'date-time' format.",
            ],
        })
    );

    let body = json!({"data": [{"product_id": "good"}, {"product_id": "_bad"}, {"title": "no id"}]});
    for query in ["", "?dry_run=1", "?async=true"] {
        let refused = served.call("POST", &format!("/v1/products{query}"), &secret, &body).expect(422).json();
        assert_eq!(refused["message"], NONE_INSERTED);
        let lines: Vec<&str> = refused["data"].as_array().unwrap().iter().map(|line| line.as_str().unwrap()).collect();
        assert!(lines.iter().any(|line| line.starts_with("data.1.")), "{lines:?}");
        assert!(lines.iter().any(|line| line.starts_with("data.2")), "{lines:?}");
        assert!(!lines.iter().any(|line| line.starts_with("data.0")), "{lines:?}");
    }
    served.call("GET", "/v1/products/good", &secret, &json!({})).expect(404);
    for body in ["", "[", "7", "{}", r#"{"data":{}}"#] {
        let refused = served.send("POST", "/v1/users", &[("X-API-KEY", &secret)], body.as_bytes()).expect(422).json();
        assert_eq!(refused["errors"], true, "{body}");
    }
}

#[test]
fn a_type_that_differs_from_the_data_set_is_refused_and_named() {
    let served = Served::start();
    let secret = served.secret();
    let product =
        |id: &str, value: Value| json!({"data": [{"product_id": id, "custom_attributes": {"colours": value}}]});
    served.call("POST", "/v1/products", &secret, &product("a", json!(["red"]))).expect(200);
    for query in ["", "?dry_run=1", "?async=1"] {
        let path = format!("/v1/products{query}");
        let refused = served.call("POST", &path, &secret, &product("b", json!(3))).expect(422).json();
        let line = refused["data"][0].as_str().unwrap();
        assert!(line.starts_with("data.0.custom_attributes.colours is invalid."), "{line}");
    }
}

#[test]
fn products_are_read_replaced_listed_and_deleted() {
    let served = Served::start();
    let secret = served.secret();
    let call = |method: &str, path: &str, body: Value| served.call(method, path, &secret, &body);
    let first = json!({"product_id": "a", "type": "shoe", "title": "Old", "tags": ["x"]});
    call("POST", "/v1/products", json!({"data": [first, {"product_id": "b", "type": "hat", "brand": null}]}))
        .expect(200);
    assert_eq!(
        call("GET", "/v1/products/a", json!({})).expect(200).json(),
        json!({"message": "success", "data": first})
    );
    call("POST", "/v1/products", json!({"data": [{"product_id": "a", "type": "shoe", "title": "New"}]})).expect(200);
    let read = call("GET", "/v1/products/a", json!({})).expect(200).json();
    assert_eq!(read["data"], json!({"product_id": "a", "type": "shoe", "title": "New"}));

    let ids = |query: &str| {
        call("GET", &format!("/v1/products/_ids{query}"), json!({})).expect(200).json()["data"]["ids"].clone()
    };
    assert_eq!(ids(""), json!(["a", "b"]));
    assert_eq!(ids("?type=hat"), json!(["b"]));
    assert_eq!(ids("?type=none"), json!([]));

    let deleted =
        call("POST", "/v1/products/_delete", json!({"data": {"product_ids": ["a", "x", "y"]}})).expect(200).json();
    assert_eq!(deleted["data"]["deleted"], json!({"count": 1}));
    assert_eq!(deleted["data"]["not_found"], json!({"count": 2}));
    assert!(deleted["data"]["task_id"].is_string());
    call("DELETE", "/v1/products/b", json!({})).expect(200);
    call("DELETE", "/v1/products/b", json!({})).expect(404);
    assert_eq!(ids(""), json!([]));
    let wrong = call("POST", "/v1/products/_delete", json!({"data": {"product_ids": "a"}})).expect(422);
    assert!(wrong.message().starts_with("data.product_ids is invalid. "));
}

#[test]
fn users_are_read_replaced_listed_and_deleted() {
    let served = Served::start();
    let secret = served.secret();
    let call = |method: &str, path: &str, body: Value| served.call(method, path, &secret, &body);
    call("POST", "/v1/users", json!({"data": [{"user_id": "u1", "name": "N"}, {"user_id": "u2"}, {"user_id": "u3"}]}))
        .expect(200);
    assert_eq!(
        call("GET", "/v1/users/u1", json!({})).expect(200).json()["data"],
        json!({"user_id": "u1", "name": "N"})
    );
    let deleted = call("POST", "/v1/users/_delete", json!({"data": {"user_ids": ["u1", "nobody"]}})).expect(200).json();
    assert_eq!((&deleted["data"]["deleted"]["count"], &deleted["data"]["not_found"]["count"]), (&json!(1), &json!(1)));
    call("DELETE", "/v1/users/u2", json!({})).expect(200);
    call("DELETE", "/v1/users/u2", json!({})).expect(404);
    let ids = call("GET", "/v1/users/_ids", json!({})).expect(200).json();
    assert_eq!(ids["data"]["ids"], json!(["u3"]));
}

#[test]
fn dry_run_stores_nothing() {
    let served = Served::start();
    let secret = served.secret();
    for (path, record) in [("/v1/products", json!({"product_id": "p"})), ("/v1/users", json!({"user_id": "p"}))] {
        for flag in ["dry_run=1", "dry_run=true", "dry_run=1&async=1"] {
            let reply = served.call("POST", &format!("{path}?{flag}"), &secret, &json!({"data": [record]})).expect(200);
            assert_eq!(reply.message(), "success");
        }
        served.call("GET", &format!("{path}/p"), &secret, &json!({})).expect(404);
    }
    let interaction = json!({"data": [{"type": "click", "user_id": "u", "product_ids": ["p"]}]});
    served.call("POST", "/v1/interactions?dry_run=1", &secret, &interaction).expect(200);
    let text = String::from_utf8(served.send("GET", "/metrics", &[], b"").body).unwrap();
    assert!(text.contains("tamari_interactions{environment=\"development\"} 0"), "{text}");
}

#[test]
fn a_task_tells_what_became_of_an_upload() {
    let served = Served::start();
    let secret = served.secret();
    for query in ["", "?async=1"] {
        let id = if query.is_empty() { "now" } else { "later" };
        let upload =
            served.call("POST", &format!("/v1/products{query}"), &secret, &json!({"data": [{"product_id": id}]}));
        let task = upload.expect(200).json()["data"]["task_id"].as_str().unwrap().to_owned();
        let path = format!("/v1/products/_status/{task}");
        eventually("written", || {
            let status = served.call("GET", &path, &secret, &json!({})).expect(200).json();
            assert_eq!(status["errors"], false);
            assert_eq!(status["data"], json!([]));
            assert!(status["took"].is_u64());
            status["code"] == 200
        });
        served.call("GET", &format!("/v1/products/{id}"), &secret, &json!({})).expect(200);
    }
    served.call("GET", "/v1/products/_status/none", &secret, &json!({})).expect(404);
}

#[test]
fn a_partial_update_changes_what_it_names() {
    let served = Served::start();
    let secret = served.secret();
    let call = |method: &str, path: &str, body: Value| served.call(method, path, &secret, &body);
    call(
        "POST",
        "/v1/products",
        json!({"data": [{"product_id": "a", "title": "T", "brand": "B", "custom_attributes": {"x": 1, "y": 2}}]}),
    )
    .expect(200);
    let change = json!({"data": [{"product_id": "a", "brand": null, "sale_price": 5, "custom_attributes": {"y": 3}}]});
    call("PATCH", "/v1/products?dry_run=1", change.clone()).expect(200);
    assert_eq!(call("GET", "/v1/products/a", json!({})).json()["data"]["brand"], "B");
    call("PATCH", "/v1/products", change).expect(200);
    let read = call("GET", "/v1/products/a", json!({})).expect(200).json()["data"].clone();
    assert_eq!(read["title"], "T");
    assert_eq!(read["sale_price"].as_f64(), Some(5.0));
    assert!(read.get("brand").is_none());
    assert_eq!(read["custom_attributes"]["x"].as_f64(), Some(1.0));
    assert_eq!(read["custom_attributes"]["y"].as_f64(), Some(3.0));
    let missing = json!({"data": [{"product_id": "a", "title": "U"}, {"product_id": "none", "title": "U"}]});
    let refused = call("PATCH", "/v1/products", missing).expect(422).json();
    assert!(refused["data"][0].as_str().unwrap().starts_with("data.1"), "{refused}");
    assert_eq!(call("GET", "/v1/products/a", json!({})).json()["data"]["title"], "T");
}

#[test]
fn an_interaction_without_time_and_person_gets_both() {
    let served = Served::start_with(|settings| settings.trust_forwarded_for = true);
    let publishable = served.publishable();
    let body = br#"{"data":[{"type":"product_detail_page_view","product_ids":["p"]}]}"#;
    for address in ["192.0.2.1", "192.0.2.2"] {
        let headers = [("X-API-KEY", publishable.as_str()), ("User-Agent", "Browser"), ("X-Forwarded-For", address)];
        served.send("POST", "/v1/interactions", &headers, body).expect(200);
    }
    let reader = store::Reader::open(&served.folder.path().join("development/store.sqlite")).unwrap();
    let mut bodies: Vec<Value> = Vec::new();
    let mut take = |entry: store::Entry| {
        if let store::Change::Interaction { body } = entry.change {
            bodies.push(serde_json::from_str(&body).unwrap());
        }
        true
    };
    reader.follow(0, &mut take).unwrap();
    assert_eq!(bodies.len(), 2);
    for body in &bodies {
        assert_eq!(body["anonymous_id"].as_str().unwrap().len(), 40);
        assert!(body["timestamp"].is_string());
        assert!(!body.to_string().contains("192.0.2"));
    }
    assert_ne!(bodies[0]["anonymous_id"], bodies[1]["anonymous_id"]);
}

#[test]
fn erasing_a_users_interactions_leaves_none() {
    let served = Served::start();
    let secret = served.secret();
    let data = json!({"data": [
        {"type": "click", "user_id": "gone", "product_ids": ["p"], "timestamp": "2024-02-29T12:00:00Z"},
        {"type": "click", "user_id": "stays", "product_ids": ["p"], "timestamp": "2024-02-29T12:00:00Z"},
    ]});
    served.call("POST", "/v1/interactions", &secret, &data).expect(200);
    let reply = served.call("DELETE", "/v1/interactions", &secret, &json!({"user_ids": ["gone"]})).expect(200);
    assert_eq!(reply.json(), json!({"message": "success"}));
    let text = String::from_utf8(served.send("GET", "/metrics", &[], b"").body).unwrap();
    assert!(text.contains("tamari_interactions{environment=\"development\"} 1"), "{text}");
    for wrong in [json!({}), json!({"user_ids": "gone"}), json!([])] {
        served.call("DELETE", "/v1/interactions", &secret, &wrong).expect(422);
    }
}
