//! After an erasure nothing of the person is left:
//!
//! 1. Neither the id, nor a linked anonymous id, nor any text that only their records held is in any file of the data folder: not
//!    after live use, not after snapshots and trainings, not after a restart.
//! 2. What others hold stays.
//! 3. It is done within ten seconds.
//! 4. A backup from before, restored in place of the folder where the erasure was asked for, does not bring the person back.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Server, eventually};

/// Which of these texts are in any file of the folder, with the file.
fn found(folder: &Path, texts: &[String]) -> Vec<String> {
    let mut hits = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            // A file of the index may go while it is looked at.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            for text in texts {
                if bytes.windows(text.len()).any(|window| window == text.as_bytes()) {
                    hits.push(format!("{text} in {}", path.display()));
                }
            }
        }
    }
    hits
}

fn marks(person: &str) -> Vec<String> {
    ["user", "anon", "product", "group", "words", "filter", "page", "custom", "category", "name", "attribute"]
        .iter()
        .map(|part| format!("{person}-{part}-q7"))
        .collect()
}

fn interactions(person: &str) -> Value {
    let mark = |part: &str| format!("{person}-{part}-q7");
    let context = json!({
        "page": {"url": format!("https://shop.example/{}", mark("page")), "title": "x".repeat(5_000)},
        "custom_context": {"campaign": mark("custom")},
    });
    let mut records = vec![
        json!({"type": "search", "user_id": mark("user"), "timestamp": "2024-05-01T09:59:00Z",
               "search": {"keywords": mark("words"), "filters": {"brand": [mark("filter")]}}}),
        json!({"type": "category_page_view", "user_id": mark("user"), "timestamp": "2024-05-01T09:59:30Z",
               "category": ["Outdoor", mark("category")]}),
        json!({"type": "product_detail_page_view", "anonymous_id": mark("anon"), "timestamp": "2024-05-01T09:58:00Z",
               "product_ids": [mark("product"), "tent"], "product_group_ids": [mark("group")], "context": context}),
        json!({"type": "click", "user_id": mark("user"), "anonymous_id": mark("anon"), "timestamp": "2024-05-01T10:00:00Z",
               "product_ids": ["tent"]}),
    ];
    for number in 0..200 {
        records.push(json!({"type": "product_detail_page_view", "user_id": mark("user"), "product_ids": ["tent", "bag"],
                            "timestamp": format!("2024-05-02T10:{:02}:{:02}Z", number / 60, number % 60), "context": context}));
    }
    json!({ "data": records })
}

fn user(person: &str) -> Value {
    json!({"data": [{"user_id": format!("{person}-user-q7"), "name": format!("{person}-name-q7"),
                     "custom_attributes": {"note": format!("{person}-attribute-q7")}}]})
}

#[test]
fn an_erased_user_leaves_no_trace_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let key = server.secret();
    let products = json!({"data": [{"product_id": "tent", "title": "Tent"}, {"product_id": "bag", "title": "Sleeping bag"},
                                   {"product_id": "stove", "title": "Stove"}]});
    assert_eq!(server.post("/v1/products", &key, &products).0, 200);
    for person in ["leaver", "stayer", "second"] {
        assert_eq!(server.post("/v1/users", &key, &user(person)).0, 200);
        assert_eq!(server.post("/v1/interactions", &key, &interactions(person)).0, 200);
        let asked = json!({"user_id": format!("{person}-user-q7"), "rows": 3});
        assert_eq!(server.post("/v1/recommendation/user_to_products", &key, &asked).0, 200);
    }
    train(&server, &key);
    // A stop writes a snapshot, which names everybody.
    server.stop();
    assert!(!found(&data, &marks("leaver")).is_empty(), "the records are there to be erased");
    let server = Server::start(&data);
    train(&server, &key);

    let begun = Instant::now();
    erase(&server, &key, "leaver");
    assert!(begun.elapsed() < Duration::from_secs(10));
    assert_eq!(found(&data, &marks("leaver")), Vec::<String>::new());
    assert_eq!(server.get("/v1/users/leaver-user-q7", &key).0, 404);

    // Nor does the live view write them down again: with the next snapshot, the next training, the next start.
    eventually("the keeper writes a new snapshot", || data.join("development/state.snapshot").exists());
    assert_eq!(found(&data, &marks("leaver")), Vec::<String>::new());
    train(&server, &key);
    assert_eq!(server.post("/v1/interactions", &key, &interactions("third")).0, 200);
    server.stop();
    assert_eq!(found(&data, &marks("leaver")), Vec::<String>::new());

    // A crash right behind an erasure leaves nothing either.
    let server = Server::start(&data);
    erase(&server, &key, "second");
    server.kill();
    assert_eq!(found(&data, &marks("second")), Vec::<String>::new());
    let server = Server::start(&data);
    assert_eq!(found(&data, &[marks("leaver"), marks("second")].concat()), Vec::<String>::new());
    for mark in marks("stayer")
        .iter()
        .chain(marks("third").iter().filter(|mark| !mark.contains("name") && !mark.contains("attribute")))
    {
        assert!(!found(&data, std::slice::from_ref(mark)).is_empty(), "what others hold stays: {mark}");
    }
    assert_eq!(server.get("/v1/users/stayer-user-q7", &key).0, 200);
    server.stop();
}

#[test]
fn a_backup_restored_in_place_of_a_folder_brings_no_erased_person_back() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, fresh] = ["data", "copy", "fresh"].map(|name| folder.path().join(name));
    let server = Server::start(&data);
    let key = server.secret();
    for person in ["leaver", "stayer"] {
        assert_eq!(server.post("/v1/users", &key, &user(person)).0, 200);
        assert_eq!(server.post("/v1/interactions", &key, &interactions(person)).0, 200);
    }
    assert!(tamari(&["backup", copy.to_str().unwrap(), "--data", data.to_str().unwrap()]));
    erase(&server, &key, "leaver");
    let replacing =
        ["restore", copy.to_str().unwrap(), "--data", fresh.to_str().unwrap(), "--replacing", data.to_str().unwrap()];
    assert!(!tamari(&replacing), "the former folder is still served");
    server.stop();
    assert!(tamari(&replacing));

    let server = Server::start(&fresh);
    let (status, _) = server.get("/v1/users/leaver-user-q7", &key);
    assert_eq!(status, 404);
    assert_eq!(server.get("/v1/users/stayer-user-q7", &key).0, 200, "the key is that of the former folder");
    server.stop();
    assert_eq!(found(&fresh, &marks("leaver")), Vec::<String>::new());
}

/// Whether the command succeeded.
fn tamari(arguments: &[&str]) -> bool {
    Command::new(env!("CARGO_BIN_EXE_tamari")).args(arguments).output().unwrap().status.success()
}

fn erase(server: &Server, key: &str, person: &str) {
    let id = format!("{person}-user-q7");
    assert_eq!(server.delete("/v1/interactions", key, &json!({"user_ids": [id]})).0, 200);
    assert_eq!(server.delete(&format!("/v1/users/{id}"), key, &json!({})).0, 200);
}

fn train(server: &Server, key: &str) {
    let (status, answer) = server.post("/v1/engines/default/train", key, &json!({}));
    assert_eq!(status, 200, "{answer}");
    let task = answer["data"]["task_id"].as_str().unwrap().to_owned();
    eventually("the training is done", || {
        let (_, status) = server.get(&format!("/v1/engines/_status/{task}"), key);
        assert_ne!(status["data"]["state"], "failed", "{status}");
        status["data"]["state"] == "done"
    });
}
