//! `tamari evaluate search` by the real program, on a catalogue made here:
//!
//! 1. A catalogue from a file is uploaded to a server of the command's own, and the figures are those of what was asked, beside plain BM25:
//!    what has all the words before what has some.
//! 2. Misspelt queries and completion are measured where they are asked for.
//! 3. Without a catalogue the environment that is served is asked; with one, a server that holds products already is refused.
//! 4. A file that is wrong is named with its line, and nothing is printed as a result.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use support::Server;

/// Thirty lamps of which three are red desk lamps, and desks.
fn products() -> Vec<Value> {
    let title = |number: usize| match number {
        0..3 => format!("Red Desk Lamp No{number}"),
        3..30 => format!("Blue Floor Lamp No{number}"),
        _ => format!("Oak Desk No{number}"),
    };
    (0..60).map(|number| json!({"product_id": format!("p{number}"), "title": title(number)})).collect()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn catalogue(folder: &Path) -> PathBuf {
    let lines: Vec<String> = products().iter().map(Value::to_string).collect();
    write(folder, "products.jsonl", &lines.join("\n"))
}

const JUDGED: &str =
    "query,product_id,grade\ndesk lamp,p0,3\ndesk lamp,p1,3\ndesk lamp,p2,3\ndesk lamp,p40,0\nunicorn,p1,1\n";

fn evaluate(folder: &Path, options: &[&str], files: &[(&str, &Path)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tamari"));
    command.args(["evaluate", "search"]).args(options).arg("--data").arg(folder.join("data"));
    for (option, file) in files {
        command.arg(option).arg(file);
    }
    command.env_remove("TAMARI_API_KEY").env_remove("TAMARI_SERVER").output().unwrap()
}

fn report(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn judged_queries_are_measured_beside_plain_bm25() {
    let folder = tempfile::tempdir().unwrap();
    let (products, judged) = (catalogue(folder.path()), write(folder.path(), "judged.csv", JUDGED));
    let misspelt = "kind,query,intended\nclean,desk lamp,desk lamp\nswap,desk lmap,desk lamp\n";
    let misspelt = write(folder.path(), "misspelt.csv", misspelt);
    let files = [("--products", &*products), ("--judged", &*judged), ("--misspelt", &*misspelt)];
    let report = report(&evaluate(folder.path(), &["--json", "--each", "--completion"], &files));
    assert_eq!((&report["products"], &report["queries"]), (&json!(60), &json!(2)), "{report}");
    let names: Vec<&Value> = report["contestants"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["tamari, all words", "tamari, words and meaning", "plain BM25, any word"]);
    let of = |contestant: usize, query: &str| {
        let by_query = report["contestants"][contestant]["by_query"].as_array().unwrap().clone();
        by_query.into_iter().find(|one| one["query"] == query).unwrap()
    };
    for contestant in [0, 1] {
        let desk_lamp = of(contestant, "desk lamp");
        assert_eq!((&desk_lamp["ndcg_10"], &desk_lamp["recall_100"]), (&json!(1.0), &json!(1.0)), "{desk_lamp}");
    }
    assert_eq!(of(0, "unicorn")["zero_results"], 1.0);
    assert_eq!(report["contestants"][2]["zero_results"], 0.5);
    assert_eq!(report["spelling"]["corrected_rightly"], 1.0, "{report}");
    assert_eq!(report["spelling"]["false_alarms"], 0.0);
    assert!(report["completion"]["titles"]["saved"].as_f64().unwrap() > 0.2, "{report}");
    // The folder named with --data is not touched.
    assert!(!folder.path().join("data").exists());

    let table = evaluate(folder.path(), &[], &files[..2]);
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(table.starts_with("search") && table.contains("plain BM25, any word"), "{table}");
}

#[test]
fn without_a_catalogue_what_is_served_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let judged = write(folder.path(), "judged.csv", JUDGED);
    let server = Server::start(&data);
    let key = server.secret();
    assert_eq!(server.post("/v1/products", &key, &json!({"data": products()})).0, 200);
    support::eventually("the products are found", || {
        server.post("/v1/search/search", &key, &json!({"q": "oak desk"})).1["data"]["total"] == 30
    });
    let report = report(&evaluate(folder.path(), &["--json"], &[("--judged", &judged)]));
    assert_eq!(report["contestants"].as_array().unwrap().len(), 2, "{report}");
    assert_eq!(report["contestants"][0]["ndcg_10"], 0.5);

    let address: Value = serde_json::from_slice(&std::fs::read(data.join("server.json")).unwrap()).unwrap();
    let products = catalogue(folder.path());
    let named = ["--server", address["address"].as_str().unwrap(), "--api-key", &key];
    let refused = evaluate(folder.path(), &named, &[("--judged", &judged), ("--products", &products)]);
    let says = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && says.contains("holds 60 products already"), "{says}");
    server.stop();
}

#[test]
fn a_wrong_file_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let products = catalogue(folder.path());
    let judged = write(folder.path(), "judged.csv", "query,product_id,grade\ndesk lamp,p0,good\n");
    let refused = evaluate(folder.path(), &["--json"], &[("--judged", &judged), ("--products", &products)]);
    let says = String::from_utf8_lossy(&refused.stderr);
    assert!(refused.stdout.is_empty() && says.contains("judged.csv, line 2") && says.contains("good"), "{says}");
    assert_eq!(refused.status.code(), Some(1));
    let nothing = evaluate(folder.path(), &["--json"], &[]);
    assert_eq!(nothing.status.code(), Some(2), "{}", String::from_utf8_lossy(&nothing.stderr));
}
