//! Properties: the OpenAPI document describes exactly what is served; every reference in it leads somewhere; the pages
//! load nothing from elsewhere; the metrics name what was done.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::served::Served;

#[test]
fn the_openapi_document_describes_exactly_what_is_served() {
    let served = Served::start();
    let document = served.send("GET", "/openapi.json", &[], b"").expect(200).json();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let routes: BTreeSet<(String, String)> =
        server::served().into_iter().map(|(method, path, ..)| (method.to_owned(), path.to_owned())).collect();
    assert_eq!(described, routes);
    for (method, path, key, _) in server::served() {
        let security = document["paths"][path][method.to_lowercase()]["security"].to_string();
        let expected = match key {
            "open" => (false, false),
            "secret" => (true, false),
            _ => (true, true),
        };
        assert_eq!(
            (security.contains("secret_key"), security.contains("publishable_key")),
            expected,
            "{method} {path}"
        );
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn check(document: &Value, part: &Value) {
        match part {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| match value.as_str() {
                Some(to) if name == "$ref" => {
                    assert!(document.pointer(to.trim_start_matches('#')).is_some(), "{to}");
                }
                _ => check(document, value),
            }),
            Value::Array(values) => values.iter().for_each(|value| check(document, value)),
            _ => (),
        }
    }
    let served = Served::start();
    let document = served.send("GET", "/openapi.json", &[], b"").expect(200).json();
    check(&document, &document);
}

#[test]
fn the_pages_load_nothing_from_elsewhere() {
    let served = Served::start();
    let page = served.send("GET", "/docs/", &[], b"").expect(200);
    assert!(page.headers["content-security-policy"].contains("default-src 'self'"));
    let text = String::from_utf8(page.body).unwrap();
    let loaded: Vec<&str> = ["src=\"", "href=\""]
        .iter()
        .flat_map(|mark| text.split(mark).skip(1))
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(loaded.len() >= 3, "{text}");
    for path in loaded {
        assert!(!path.contains("//"), "{path}");
        let path = path.trim_start_matches("./");
        served.send("GET", &format!("/docs/{path}"), &[], b"").expect(200);
    }
    let start = served.send("GET", "/docs/swagger-initializer.js", &[], b"").expect(200);
    let start = String::from_utf8(start.body).unwrap();
    assert!(start.contains("/openapi.json") && start.contains("\"validatorUrl\": \"none\""), "{start}");
    served.send("GET", "/", &[], b"").expect(200);
    let slash = served.send("GET", "/docs", &[], b"").expect(303);
    assert_eq!(slash.headers["location"], "/docs/");
}

#[test]
fn the_metrics_name_what_was_done() {
    let served = Served::start();
    let secret = served.secret();
    let interactions = json!({"data": [
        {"type": "click", "user_id": "u", "product_ids": ["p"], "timestamp": "2024-02-29T12:00:00Z"},
    ]});
    for _ in 0..2 {
        served.call("POST", "/v1/interactions", &secret, &interactions).expect(200);
    }
    served.call("GET", "/v1/products/abc?api_key=x", &secret, &json!({})).expect(401);
    let reply = served.send("GET", "/metrics", &[], b"").expect(200);
    assert!(reply.headers["content-type"].starts_with("text/plain"));
    let text = String::from_utf8(reply.body).unwrap();
    for line in [
        "# HELP tamari_http_requests_total ",
        "# TYPE tamari_http_request_duration_seconds histogram",
        "tamari_http_requests_total{route=\"/v1/products/{product_id}\",method=\"GET\",status=\"401\"}",
        "tamari_interactions_accepted_total{environment=\"development\"}",
        "tamari_interactions_duplicate_total{environment=\"development\"}",
        "tamari_memory_bytes{environment=\"production\",part=\"people\"}",
        "tamari_products{environment=\"playground\"} 0",
        "tamari_writer_queue_batches{environment=\"development\"}",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("abc") && !text.contains(&secret));
}

#[test]
fn it_is_healthy_and_ready() {
    let served = Served::start();
    assert_eq!(served.send("GET", "/healthz", &[], b"").expect(200).json()["status"], "ok");
    crate::served::eventually("ready", || served.send("GET", "/readyz", &[], b"").status == 200);
}
