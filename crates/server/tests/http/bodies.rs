//! Properties:
//! 1. JSON is read whatever the Content-Type, and gzip and zstd are undone; the limit holds after that.
//! 2. A body over the limit is 413 and the message says the limit; one at the limit passes.
//! 3. A body on GET and DELETE is ignored, whatever it is.
//! 4. What is no JSON, no such path, or no such method is answered in JSON, never with 5xx.
//! 5. Ids come percent-encoded: slashes, Unicode, and names that look like ours.
//! 6. Answers are compressed where the client asks for it.
//! 7. Every answer has a request id: the caller's own, or a new one.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::json;

use crate::served::Served;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn json_is_read_whatever_the_content_type() {
    let served = Served::start();
    let body = br#"{"data":[{"type":"home_page_view","user_id":"u"}]}"#;
    let path = format!("/v1/interactions?api_key={}", served.publishable());
    for kind in ["text/plain;charset=UTF-8", "application/json", "application/x-www-form-urlencoded", "nonsense"] {
        let reply = served.send("POST", &path, &[("Content-Type", kind)], body).expect(200);
        assert_eq!(reply.json(), json!({"message": "success"}));
    }
    served.send("POST", &path, &[], body).expect(200);
}

#[test]
fn a_compressed_body_is_undone_and_the_limit_holds_after_that() {
    let served = Served::start_with(|settings| settings.body_bytes_max = 100_000);
    let secret = served.secret();
    let send = |encoding: &str, body: &[u8]| {
        served.send("POST", "/v1/products", &[("X-API-KEY", &secret), ("Content-Encoding", encoding)], body)
    };
    let body = br#"{"data":[{"product_id":"zipped"}]}"#;
    send("gzip", &gzip(body)).expect(200);
    send("identity", body).expect(200);
    served.call("GET", "/v1/products/zipped", &secret, &json!({})).expect(200);

    let bomb = gzip(&vec![b' '; 10_000_000]);
    assert!(bomb.len() < 100_000);
    assert!(send("gzip", &bomb).expect(413).message().contains("100000"));
    send("gzip", b"no gzip at all").expect(400);
    assert!(send("br", body).expect(415).message().contains("br"));
}

#[test]
fn a_body_over_the_limit_says_the_limit() {
    let served = Served::start_with(|settings| settings.body_bytes_max = 10_000);
    let secret = served.secret();
    let body = |length: usize| format!("{:<length$}", r#"{"data":[{"product_id":"p"}]}"#).into_bytes();
    let send = |body: &[u8]| served.send("POST", "/v1/products", &[("X-API-KEY", &secret)], body);
    send(&body(10_000)).expect(200);
    for length in [10_001, 19_000] {
        let refused = send(&body(length)).expect(413);
        assert!(refused.message().contains("10000"), "{}", refused.message());
    }
}

#[test]
fn a_body_on_get_and_delete_is_ignored() {
    let served = Served::start();
    let secret = served.secret();
    served.call("POST", "/v1/products", &secret, &json!({"data": [{"product_id": "p"}]})).expect(200);
    for body in [&b"{}"[..], b"no json", b""] {
        served.send("GET", "/v1/products/p", &[("X-API-KEY", &secret)], body).expect(200);
    }
    served.send("DELETE", "/v1/products/p", &[("X-API-KEY", &secret)], b"{}").expect(200);
}

#[test]
fn what_does_not_exist_is_said_in_json() {
    let served = Served::start();
    let secret = served.secret();
    for path in ["/", "/v1", "/v1/nothing", "/v1/products/a/b", "/v1/products/missing", "/v1/products/%ff", "/healthz/"]
    {
        let reply = served.call("GET", path, &secret, &json!({}));
        if path == "/" {
            reply.expect(200);
        } else {
            assert_eq!(reply.expect(404).json(), json!({"message": "not found"}), "{path}");
        }
    }
    let reply = served.call("PUT", "/v1/products", &secret, &json!({})).expect(405);
    assert!(!reply.message().is_empty());
    assert!(reply.headers["allow"].contains("POST"));
}

#[test]
fn a_wrong_parameter_is_named() {
    let served = Served::start();
    let secret = served.secret();
    let ask = |body: &str| {
        let reply = served.send("POST", "/v1/search/search", &[("X-API-KEY", &secret)], body.as_bytes());
        reply.expect(422).message()
    };
    assert!(ask(r#"{"q":"x","rows":"five"}"#).starts_with("rows is invalid. "));
    assert!(ask(r#"{"q":"x","colour":1}"#).starts_with("colour is invalid. There is no such parameter"));
    assert!(ask("[1]").contains("JSON object"));
    assert!(ask("{").contains("not JSON"));
    assert!(ask("\u{0}").contains("not JSON"));
}

#[test]
fn ids_come_percent_encoded() {
    let served = Served::start();
    let secret = served.secret();
    for (id, path) in [
        ("a/b", "a%2Fb"),
        ("ü 漢", "%C3%BC%20%E6%BC%A2"),
        ("100%", "100%25"),
        ("a+b&c?d#e", "a+b%26c%3Fd%23e"),
        ("..", "%2E%2E"),
    ] {
        served.call("POST", "/v1/users", &secret, &json!({"data": [{"user_id": id}]})).expect(200);
        let path = format!("/v1/users/{path}");
        let read = served.call("GET", &path, &secret, &json!({})).expect(200);
        assert_eq!(read.json()["data"]["user_id"], id);
        served.call("DELETE", &path, &secret, &json!({})).expect(200);
        served.call("GET", &path, &secret, &json!({})).expect(404);
    }
}

#[test]
fn an_answer_is_compressed_where_the_client_asks() {
    let served = Served::start();
    let plain = served.send("GET", "/openapi.json", &[], b"").expect(200);
    let zipped = served.send("GET", "/openapi.json", &[("Accept-Encoding", "gzip")], b"").expect(200);
    assert_eq!(zipped.headers["content-encoding"], "gzip");
    let mut unzipped = Vec::new();
    GzDecoder::new(&zipped.body[..]).read_to_end(&mut unzipped).unwrap();
    assert_eq!(unzipped, plain.body);
    assert!(zipped.body.len() * 4 < plain.body.len());
}

#[test]
fn every_answer_has_a_request_id() {
    let served = Served::start();
    let own = served.send("GET", "/healthz", &[("X-Request-Id", "mine-7")], b"");
    assert_eq!(own.headers["x-request-id"], "mine-7");
    for replaced in ["with space", &"x".repeat(200)] {
        let reply = served.send("GET", "/v1/nothing", &[("X-Request-Id", replaced)], b"");
        assert_eq!(reply.headers["x-request-id"].len(), 36);
    }
}

#[test]
fn no_bytes_make_the_server_fail() {
    let served = Served::start();
    let secret = served.secret();
    let paths: Vec<(&str, &str)> = server::served()
        .into_iter()
        .filter(|(method, path, ..)| ["POST", "PUT", "PATCH", "DELETE"].contains(method) && !path.contains('{'))
        .map(|(method, path, ..)| (method, path))
        .collect();
    // Whole garbage, and JSON that is nearly what is asked for.
    let json = "\\{(\"(data|q|rows|fl|product_ids|user_ids|requests|kind|fq)\":(1|-1|1e400|null|\"x\"|\\[\\]|\\[\\{\\}\\]|\\{\\}|\\[null\\]),?){0,3}\\}?";
    let bodies = prop_oneof![proptest::collection::vec(any::<u8>(), 0..64), json.prop_map(String::into_bytes)];
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(body in bodies, which in 0..paths.len())| {
        let (method, path) = paths[which];
        let reply = served.send(method, path, &[("X-API-KEY", &secret)], &body);
        prop_assert!(reply.status < 500, "{method} {path} gave {}", reply.status);
        prop_assert!(reply.json().is_object());
    });
}
