//! Trainings whose server fails under them:
//!
//! 1. A kill while a model is trained leaves the version before it in use; after the next start the task has failed with a
//!    reason, and one that waited has its turn.
//! 2. A full disk fails a training with that reason, and leaves the version before it in use; with room again, it succeeds.
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use support::{Server, SmallDisk};

/// Visits of people who keep to one of twenty kinds of products.
fn upload(server: &Server, key: &str, people: usize) {
    let visit = |person: usize, step: usize| {
        let product = person % 20 * 100 + (person * 31 + step * step * 17) % 100;
        json!({
            "type": "product_detail_page_view", "user_id": format!("u{person}"), "product_ids": [format!("p{product}")],
            "timestamp": format!("2026-01-{:02}T{:02}:{:02}:00Z", person % 28 + 1, person / 28 % 24, step),
        })
    };
    let visits: Vec<Value> = (0..people).flat_map(|person| (0..12).map(move |step| visit(person, step))).collect();
    for part in visits.chunks(10_000) {
        assert_eq!(server.post("/v1/interactions", key, &json!({"data": part})).0, 200);
    }
}

fn train(server: &Server, key: &str, engine: &str) -> String {
    let (status, answer) = server.post(&format!("/v1/engines/{engine}/train"), key, &json!({"force": true}));
    assert_eq!(status, 200, "{answer}");
    answer["data"]["task_id"].as_str().unwrap().to_owned()
}

fn status(server: &Server, key: &str, task: &str) -> Value {
    server.get(&format!("/v1/engines/_status/{task}"), key).1["data"].clone()
}

/// Waits until the training is in one of these states.
fn wait(server: &Server, key: &str, task: &str, states: &[&str]) -> Value {
    let begun = Instant::now();
    loop {
        let status = status(server, key, task);
        if states.contains(&status["state"].as_str().unwrap_or_default()) {
            return status;
        }
        assert!(begun.elapsed() < Duration::from_secs(300), "{status}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

const OVER: [&str; 3] = ["done", "failed", "cancelled"];

fn in_use(server: &Server, key: &str) -> Value {
    let versions = server.get("/v1/engines/default/versions", key).1["data"]["versions"].clone();
    versions.as_array().unwrap().iter().find(|version| version["in_use"] == true).unwrap()["version"].clone()
}

#[test]
fn a_kill_during_a_training_leaves_the_version_before_it_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let key = server.secret();
    upload(&server, &key, 200);
    let first = wait(&server, &key, &train(&server, &key, "default"), &OVER);
    assert_eq!(first["state"], "done", "{first}");
    let second = json!({"engine_id": "second", "kind": "recommendation"});
    assert_eq!(server.post("/v1/engines", &key, &second).0, 200);
    upload(&server, &key, 6_000);
    let interrupted = train(&server, &key, "default");
    let waiting = train(&server, &key, "second");
    wait(&server, &key, &interrupted, &["running"]);
    server.kill();

    let server = Server::start(&data);
    let failed = status(&server, &key, &interrupted);
    assert_eq!(failed["state"], "failed", "{failed}");
    assert!(failed["error"].as_str().unwrap().contains("the server stopped"), "{failed}");
    assert_eq!(in_use(&server, &key), first["version"]);
    let answer = server.post("/v1/recommendation/user_to_products", &key, &json!({"user_id": "u3", "explain": true}));
    assert_eq!(answer.0, 200);
    let resumed = wait(&server, &key, &waiting, &OVER);
    assert_eq!(resumed["state"], "done", "{resumed}");
    // What the interrupted training may have written is gone: one model for each version.
    let models = std::fs::read_dir(data.join("development/models")).unwrap();
    assert_eq!(models.count(), 2);
    server.stop();
}

#[test]
fn a_full_disk_fails_a_training_and_leaves_the_version_before_it_in_use() {
    let disk = SmallDisk::start(32);
    let (server, key) = (&disk.server, disk.key.as_str());
    upload(server, key, 500);
    let first = wait(server, key, &train(server, key, "default"), &OVER);
    assert_eq!(first["state"], "done", "{first}");

    disk.fill();
    let failed = wait(server, key, &train(server, key, "default"), &OVER);
    assert_eq!(failed["state"], "failed", "{failed}");
    assert!(failed["error"].as_str().unwrap().contains("disk is full"), "{failed}");
    assert_eq!(in_use(server, key), first["version"]);
    assert_eq!(server.post("/v1/recommendation/user_to_products", key, &json!({"user_id": "u3"})).0, 200);

    disk.clear();
    let again = wait(server, key, &train(server, key, "default"), &OVER);
    assert_eq!(again["state"], "done", "{again}");
    assert_eq!(in_use(server, key), again["version"]);
}
