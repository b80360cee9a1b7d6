//! `tamari evaluate` by the real program, on a small log whose people keep to their tastes:
//!
//! 1. Through HTTP (a real server of its own, an upload, a training, real questions) the answers are worth what the model's are, and more
//!    than popularity; so they are where no catalogue is sent.
//! 2. Nothing that a person had takes a place in an answer, and each answer is full.
//! 3. The report for programs has the figures of every method; the one for people prints them.
//! 4. What cannot be measured is refused with what to do.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const GROUPS: usize = 8;
const GROUP_PRODUCTS: usize = 14;

/// 160 people of ten products each: nine in ten of their group, in an order of their own.
fn log(folder: &Path) -> std::path::PathBuf {
    let mut text = String::from("visitor,product,time,type\n");
    for person in 0..160usize {
        let group = person % GROUPS;
        for step in 0..10 {
            let strays = (person * 7 + step * 3) % 10 == 0;
            let group = if strays { (group + 1 + step) % GROUPS } else { group };
            let product =
                group * GROUP_PRODUCTS + (person / GROUPS * 5 + step * [3, 5][person / GROUPS % 2]) % GROUP_PRODUCTS;
            let kind = if step % 3 == 2 { "checkout" } else { "product_detail_page_view" };
            let time = 1_700_000_000 + (person * 977 % 160) * 3_600 * 5 + step * 7_200;
            writeln!(text, "p{person},x{product},{time},{kind}").unwrap();
        }
    }
    let path = folder.join("log.csv");
    std::fs::write(&path, text).unwrap();
    path
}

fn evaluate(log: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tamari"));
    command.args(["evaluate", "--split", "leave-last-out", "--events"]).arg(log).args(arguments);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn figure(report: &Value, method: &str, figure: &str) -> f64 {
    let methods = report["known"]["methods"].as_array().unwrap();
    let found = methods.iter().find(|one| one["method"] == method).unwrap_or_else(|| panic!("no {method}: {report}"));
    found["figures"][figure].as_f64().unwrap()
}

#[test]
fn answers_through_http_are_worth_what_the_model_is_with_and_without_a_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    for upload in ["products-first", "interactions-only"] {
        let output = evaluate(&log, &["--through", "http", "--upload", upload, "--json"]);
        let notes = text(&output.stderr);
        assert!(output.status.success(), "{notes}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let (http, alone) = ("tamari, by HTTP", "tamari, model alone");
        for name in ["ndcg_10", "recall_20", "mrr_20", "hit_10", "coverage_10", "novelty_10"] {
            let (by_http, model) = (figure(&report, http, name), figure(&report, alone, name));
            assert!((by_http - model).abs() <= 0.1 * model, "{upload}, {name}: {by_http} by HTTP, {model} alone");
        }
        assert!(figure(&report, http, "ndcg_10") > 1.5 * figure(&report, "popularity", "ndcg_10"), "{report}");
        let questions = figure(&report, http, "questions") as usize;
        assert!(questions > 100);
        let places = questions * 20;
        let grouped = format!("{},{:03}", places / 1_000, places % 1_000);
        let expected = format!("of {grouped} products recommended, 0 were in the person's own past");
        assert!(notes.contains(&expected), "{expected:?} is not in {notes}");
        assert!(report["reliability"].as_array().is_some_and(|bins| !bins.is_empty()), "{report}");
        assert!(report["own_metrics"]["ndcg_10_item_to_item"].is_number(), "{report}");
    }
}

#[test]
fn the_report_for_people_names_every_figure() {
    let folder = tempfile::tempdir().unwrap();
    let output = evaluate(&log(folder.path()), &["--questions", "40"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let report = text(&output.stdout);
    for word in ["nDCG@10", "Recall@20", "MRR", "HR@10", "coverage", "novelty", "EASE^R", "popularity", "95 % interval"]
    {
        assert!(report.to_lowercase().contains(&word.to_lowercase()), "{word} is not in {report}");
    }
}

#[test]
fn what_cannot_be_measured_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    std::fs::write(&path, "visitor,product,time\nann,shoe,1700000000\n").unwrap();
    let output = evaluate(&path, &[]);
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("error: "), "{}", text(&output.stderr));
    let output = evaluate(&path, &["--split", "sideways"]);
    assert!(!output.status.success());
}
