//! A disk without room:
//!
//! 1. An upload is answered with 503 and a message, and nothing of it is stored.
//! 2. Reading and answering go on.
//! 3. Uploads work again as soon as there is room, without a restart.
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use serde_json::{Value, json};
use support::SmallDisk;

fn products(batch: usize) -> Value {
    let records: Vec<Value> = (0..100)
        .map(|index| json!({"product_id": format!("b{batch}-{index}"), "title": "A thing", "description": "x".repeat(1_000)}))
        .collect();
    json!({ "data": records })
}

#[test]
fn a_full_disk_refuses_uploads_keeps_answering_and_recovers_by_itself() {
    let disk = SmallDisk::start(24);
    let (server, key) = (&disk.server, disk.key.as_str());
    assert_eq!(server.post("/v1/products", key, &products(0)).0, 200);

    disk.fill();
    let mut refused = None;
    for batch in 1..200 {
        let (status, answer) = server.post("/v1/products", key, &products(batch));
        match status {
            200 => {}
            503 => {
                refused = Some((batch, answer));
                break;
            }
            other => panic!("an upload to a full disk was answered with {other}: {answer}"),
        }
    }
    let (batch, answer) = refused.expect("the disk is full at some time");
    assert!(answer["message"].as_str().is_some_and(|message| !message.is_empty()), "{answer}");
    for index in [0, 50, 99] {
        assert_eq!(
            server.get(&format!("/v1/products/b{batch}-{index}"), key).0,
            404,
            "nothing of a refused batch is stored"
        );
    }
    let click = json!({"data": [{"type": "click", "user_id": "u", "product_ids": ["b0-1"]}]});
    assert!(matches!(server.post("/v1/interactions", key, &click).0, 200 | 503));
    assert_eq!(server.get("/v1/products/b0-1", key).0, 200);
    let (status, found) = server.post("/v1/search/search", key, &json!({"q": "*", "rows": 1}));
    assert_eq!((status, found["data"]["total"].as_u64().unwrap()), (200, batch as u64 * 100));
    assert_eq!(server.post("/v1/recommendation/user_to_products", key, &json!({"user_id": "u"})).0, 200);

    disk.clear();
    assert_eq!(server.post("/v1/products", key, &products(batch)).0, 200, "there is room again");
    assert_eq!(server.get(&format!("/v1/products/b{batch}-99"), key).0, 200);
    assert_eq!(server.post("/v1/interactions", key, &click).0, 200);
}
