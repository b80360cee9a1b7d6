//! Property: each route answers as it is written down in `tests/golden`: one file a request, in the order of the names,
//! against one server. `TAMARI_GOLDEN=write` writes down what is answered now.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::served::Served;

/// What differs from run to run, or with the date: told by type only.
const VOLATILE: &[&str] =
    &["took", "miso_id", "task_id", "version", "_personalization_score", "_search_score", "probability", "id"];

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Number(_) if VOLATILE.contains(&name.as_str()) => *value = json!("<number>"),
                    Value::String(_) if VOLATILE.contains(&name.as_str()) => *value = json!("<text>"),
                    value => mask(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        _ => (),
    }
}

fn files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_route_answers_as_it_is_written_down() {
    let write = std::env::var("TAMARI_GOLDEN").is_ok_and(|value| value == "write");
    let served = Served::start();
    let mut differing = Vec::new();
    for file in files() {
        let mut golden: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let request = golden["request"].clone();
        let text = |name: &str| request[name].as_str().unwrap().to_owned();
        let key = match request["key"].as_str().unwrap() {
            "secret" => served.secret(),
            "publishable" => served.publishable(),
            other => other.to_owned(),
        };
        let ask = || {
            let reply = served.call(&text("method"), &text("path"), &key, &request["body"]);
            let mut answer = reply.json();
            mask(&mut answer);
            (json!(reply.status), answer)
        };
        let expected = (golden["status"].clone(), golden["answer"].clone());
        let mut given = ask();
        // Texts are searchable a moment after they are stored.
        let began = Instant::now();
        while given != expected && text("path").starts_with("/v1/search") && began.elapsed() < Duration::from_secs(3) {
            std::thread::sleep(Duration::from_millis(50));
            given = ask();
        }
        if write {
            (golden["status"], golden["answer"]) = given;
            std::fs::write(&file, serde_json::to_string_pretty(&golden).unwrap() + "\n").unwrap();
        } else if given != expected {
            differing.push(format!(
                "{}\nexpected {} {}\ngiven    {} {}",
                file.display(),
                expected.0,
                expected.1,
                given.0,
                given.1
            ));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}
