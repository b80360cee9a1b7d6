//! An import of files by the real program:
//!
//! 1. Killed half-way and run again, it ends with every row stored once.
//! 2. Rows that cannot be taken are in the file of rejects with their reasons, and the exit code says so; the others are stored.
//! 3. It goes to the server that serves the folder, where one runs.
//! 4. The first start after it shows the password of the dashboard.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::fmt::Write;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use store::{Change, Reader};
use support::Server;

const ROWS: usize = 150_000;

fn tamari(arguments: &[&str], data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tamari"));
    command.args(arguments).arg("--data").arg(data).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Interactions in the store, and how many of them are different.
fn stored(data: &Path) -> (usize, usize) {
    let reader = Reader::open(&data.join("development/store.sqlite")).unwrap();
    let mut bodies = Vec::new();
    reader
        .follow(0, &mut |entry| {
            if let Change::Interaction { body } = entry.change {
                bodies.push(body);
            }
            true
        })
        .unwrap();
    let all = bodies.len();
    bodies.sort_unstable();
    bodies.dedup();
    (all, bodies.len())
}

#[test]
fn an_import_that_was_killed_goes_on_and_stores_every_row_once() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("clicks.csv"), folder.path().join("data"));
    let mut text = String::from("type,user_id,product_ids,timestamp\n");
    for row in 0..ROWS {
        let (minute, second) = (row / 60 % 60, row % 60);
        let hour = row / 3_600 % 24;
        let day = 1 + row / 86_400;
        writeln!(
            text,
            "click,user-{},product-{},2024-05-{day:02}T{hour:02}:{minute:02}:{second:02}Z",
            row % 977,
            row % 313
        )
        .unwrap();
    }
    std::fs::write(&file, text).unwrap();
    let arguments = ["import", "interactions", file.to_str().unwrap()];

    let mut first = tamari(&arguments, &data).spawn().unwrap();
    let progress = folder.path().join("clicks.csv.tamari-progress.json");
    let begun = Instant::now();
    while !progress.exists() {
        assert!(first.try_wait().unwrap().is_none(), "it ended before it could be killed");
        assert!(begun.elapsed() < Duration::from_secs(60));
        sleep(Duration::from_millis(1));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    let (before, _) = stored(&data);
    assert!(before < ROWS, "it was killed too late to prove anything");

    assert!(tamari(&arguments, &data).status().unwrap().success());
    assert_eq!(stored(&data), (ROWS, ROWS));
    assert!(!progress.exists());
}

#[test]
fn rows_that_cannot_be_taken_are_written_down_and_the_others_reach_the_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("goods.csv"), folder.path().join("data"));
    std::fs::write(&file, "sku,name,price\na-1,Lamp,12.50\n_b,Desk,80\nc-1,Chair,cheap\nd-1,\"Bed, large\",300\n")
        .unwrap();
    let server = Server::start(&data);
    let fields = ["product_id=sku", "title=name", "sale_price=price"].map(|field| ["--field", field]).concat();
    let arguments = [&["import", "products", file.to_str().unwrap()][..], &fields].concat();
    let code = tamari(&arguments, &data).status().unwrap().code();
    assert_eq!(code, Some(3), "some rows were refused");
    let key = server.secret();
    let (_, listed) = server.get("/v1/products/_ids", &key);
    assert_eq!(listed["data"]["ids"], json!(["a-1", "d-1"]));
    assert_eq!(server.get("/v1/products/d-1", &key).1["data"]["title"], "Bed, large");

    let rejects = std::fs::read_to_string(folder.path().join("goods.csv.rejects.jsonl")).unwrap();
    let rejects: Vec<Value> = rejects.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rejects.iter().map(|reject| reject["row"].as_u64().unwrap()).collect::<Vec<_>>(), [2, 3]);
    for reject in &rejects {
        assert!(!reject["reasons"].as_array().unwrap().is_empty(), "{reject}");
    }
    server.stop();
}

#[test]
fn the_first_start_after_an_import_shows_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let (file, data) = (folder.path().join("goods.csv"), folder.path().join("data"));
    std::fs::write(&file, "product_id,title\na-1,Lamp\n").unwrap();
    let mut import = tamari(&["import", "products", file.to_str().unwrap()], &data);
    assert!(import.env_remove("TAMARI_ADMIN_PASSWORD").status().unwrap().success());
    let mut serve = tamari(&["serve", "--listen", "127.0.0.1:0"], &data);
    let mut serving =
        serve.env_remove("TAMARI_ADMIN_PASSWORD").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It says the password before it says that it serves.
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    serving.kill().unwrap();
    let said = serving.wait_with_output().unwrap().stderr;
    assert!(String::from_utf8_lossy(&said).contains("the password is "), "{line}");
}
