//! A server that is killed while clients upload:
//!
//! 1. Everything acknowledged is there after the next start.
//! 2. A batch is there whole or not at all, whether or not it was acknowledged.
//! 3. The live view after the start is that of the store: what was uploaded is seen by the next answer, twins count once.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use store::{Change, Reader};
use support::{Server, eventually};

const UPLOADERS: usize = 4;
const BATCH: usize = 50;
const ROUNDS: usize = 3;

fn interactions(batch: &str) -> Value {
    let records: Vec<Value> = (0..BATCH)
        .map(|index| {
            json!({
                "type": "product_detail_page_view",
                "user_id": format!("{batch}-user-{}", index % 5),
                "product_ids": [format!("product-{index}")],
                "timestamp": format!("2024-05-01T10:00:{:02}Z", index % 60),
                "context": {"custom_context": {"batch": batch}},
            })
        })
        .collect();
    json!({ "data": records })
}

fn products(batch: &str) -> Value {
    let records: Vec<Value> =
        (0..BATCH).map(|index| json!({"product_id": format!("{batch}:{index}"), "title": "A thing"})).collect();
    json!({ "data": records })
}

/// Records found in the store by the batch that they came with.
fn stored(data: &Path) -> (HashMap<String, usize>, HashMap<String, usize>) {
    let reader = Reader::open(&data.join("development/store.sqlite")).unwrap();
    let (mut interactions, mut products) = (HashMap::new(), HashMap::new());
    reader
        .follow(0, &mut |entry| {
            match entry.change {
                Change::Interaction { body } => {
                    let body: Value = serde_json::from_str(&body).unwrap();
                    let batch = body["context"]["custom_context"]["batch"].as_str().unwrap().to_owned();
                    *interactions.entry(batch).or_insert(0) += 1;
                }
                Change::PutProduct { id, .. } => {
                    *products.entry(id.split(':').next().unwrap().to_owned()).or_insert(0) += 1;
                }
                _ => {}
            }
            true
        })
        .unwrap();
    (interactions, products)
}

#[test]
fn a_kill_during_uploads_loses_nothing_acknowledged_and_halves_no_batch() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let acknowledged: Mutex<HashSet<(&str, String)>> = Mutex::default();
    for round in 0..ROUNDS {
        let server = Server::start(&data);
        let key = server.secret();
        let killed = AtomicBool::new(false);
        thread::scope(|scope| {
            for uploader in 0..UPLOADERS {
                let (server, key, killed, acknowledged) = (&server, &key, &killed, &acknowledged);
                scope.spawn(move || {
                    for number in 0.. {
                        let batch = format!("r{round}-u{uploader}-b{number}");
                        let kind = if number % 4 == 3 { "products" } else { "interactions" };
                        let body = if kind == "products" { products(&batch) } else { interactions(&batch) };
                        match server.post(&format!("/v1/{kind}"), key, &body).0 {
                            200 => drop(acknowledged.lock().unwrap().insert((kind, batch))),
                            0 if killed.load(Ordering::Acquire) => return,
                            status => panic!("an upload was answered with {status}"),
                        }
                    }
                });
            }
            thread::sleep(Duration::from_millis(700 + 300 * round as u64));
            killed.store(true, Ordering::Release);
            std::process::Command::new("kill").args(["-KILL", &server.pid().to_string()]).status().unwrap();
        });
        server.kill();
    }

    let (interactions, products) = stored(&data);
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > ROUNDS * UPLOADERS, "too few uploads to prove anything: {}", acknowledged.len());
    for (kind, batch) in &acknowledged {
        let found = if *kind == "products" { &products } else { &interactions };
        assert_eq!(found.get(batch), Some(&BATCH), "an acknowledged batch of {kind} is not there: {batch}");
    }
    for (batch, count) in interactions.iter().chain(&products) {
        assert_eq!(*count, BATCH, "a batch is there in part: {batch}");
    }

    // The live view follows the store.
    let server = Server::start(&data);
    let key = server.secret();
    let stored_products = products.len() * BATCH;
    let (status, listed) = server.get("/v1/products/_ids", &key);
    assert_eq!((status, listed["data"]["ids"].as_array().unwrap().len()), (200, stored_products));
    eventually("every product is found by its text", || {
        let (_, found) = server.post("/v1/search/search", &key, &json!({"q": "thing", "rows": 0}));
        found["data"]["total"] == stored_products
    });
    let (_, batch) = acknowledged.iter().find(|(kind, _)| *kind == "interactions").unwrap();
    let before = store_length(&data);
    assert_eq!(server.post("/v1/interactions", &key, &self::interactions(batch)).0, 200);
    assert_eq!(store_length(&data), before, "a batch sent again is not stored again");
    server.stop();
}

fn store_length(data: &Path) -> u64 {
    Reader::open(&data.join("development/store.sqlite")).unwrap().last_position().unwrap()
}
