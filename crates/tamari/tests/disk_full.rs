//! A disk without room:
//!
//! 1. An upload is answered with 503 and a message, and nothing of it is stored.
//! 2. Reading and answering go on.
//! 3. Uploads work again as soon as there is room, without a restart.
//!
//! The disk is a small tmpfs in a mount namespace of the server's own, so that the test needs no rights beyond those of
//! making one (root, or unprivileged user namespaces).
#![allow(clippy::unwrap_used, reason = "tests")]
#![cfg(target_os = "linux")]

mod support;

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use support::Server;

fn products(batch: usize) -> Value {
    let records: Vec<Value> = (0..100)
        .map(|index| json!({"product_id": format!("b{batch}-{index}"), "title": "A thing", "description": "x".repeat(1_000)}))
        .collect();
    json!({ "data": records })
}

#[test]
fn a_full_disk_refuses_uploads_keeps_answering_and_recovers_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg(concat!(
            "mount -t tmpfs -o size=24m tmpfs \"$1\" && ",
            "\"$0\" keys --environment development --json --data \"$1\" > \"$2\" && ",
            "exec \"$0\" serve --listen 127.0.0.1:0 --data \"$1\"",
        ))
        .arg(env!("CARGO_BIN_EXE_tamari"))
        .args([&data, &folder.path().join("keys.json")]);
    let server = Server::from_command(command, &data, &data);
    // Its files are seen by way of the process, in whose namespace the tmpfs is mounted.
    let inside = Path::new("/proc").join(server.pid().to_string()).join("root").join(data.strip_prefix("/").unwrap());
    let keys: Value = serde_json::from_slice(&std::fs::read(folder.path().join("keys.json")).unwrap()).unwrap();
    let key = keys["secret"].as_str().unwrap().to_owned();
    assert_eq!(server.post("/v1/products", &key, &products(0)).0, 200);

    let filler = inside.join("filler");
    fill(&filler);
    let mut refused = None;
    for batch in 1..200 {
        let (status, answer) = server.post("/v1/products", &key, &products(batch));
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
            server.get(&format!("/v1/products/b{batch}-{index}"), &key).0,
            404,
            "nothing of a refused batch is stored"
        );
    }
    let click = json!({"data": [{"type": "click", "user_id": "u", "product_ids": ["b0-1"]}]});
    assert!(matches!(server.post("/v1/interactions", &key, &click).0, 200 | 503));
    assert_eq!(server.get("/v1/products/b0-1", &key).0, 200);
    let (status, found) = server.post("/v1/search/search", &key, &json!({"q": "*", "rows": 1}));
    assert_eq!((status, found["data"]["total"].as_u64().unwrap()), (200, batch as u64 * 100));
    assert_eq!(server.post("/v1/recommendation/user_to_products", &key, &json!({"user_id": "u"})).0, 200);

    std::fs::remove_file(&filler).unwrap();
    assert_eq!(server.post("/v1/products", &key, &products(batch)).0, 200, "there is room again");
    assert_eq!(server.get(&format!("/v1/products/b{batch}-99"), &key).0, 200);
    assert_eq!(server.post("/v1/interactions", &key, &click).0, 200);
    server.stop();
}

/// Takes up what room there is.
fn fill(path: &PathBuf) {
    let mut file = File::create(path).unwrap();
    let block = vec![0; 64 * 1024];
    while file.write_all(&block).is_ok() {}
}
