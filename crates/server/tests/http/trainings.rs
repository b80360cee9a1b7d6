//! Properties: a training is followed to its end and leaves a version that tells its data and quality; an engine is trained once
//! at a time; a training is cancelled, waiting or running; versions are rolled back and deleted, never the one in use; a version that
//! does worse than the one in use is kept out, says so, and is used when forced; all of it outlives a restart; a training that
//! cannot succeed says why.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::served::{Reply, Served};

/// Calls with the secret key of the development environment.
fn call(served: &Served, method: &str, path: &str, body: &Value) -> Reply {
    served.call(method, &format!("/v1/engines/{path}"), &served.secret(), body)
}

/// Numbers that look like chance, the same in every run (Knuth's MMIX generator).
fn chance(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

/// Uploads page views of `visitors` with `steps` each; `product` gives the product of a visitor's step.
fn visits(served: &Served, name: &str, many: (usize, usize), product: impl FnMut(usize, usize) -> usize) {
    visits_on(served, name, "2026-01-02", many, product);
}

fn visits_on(
    served: &Served,
    name: &str,
    day: &str,
    (visitors, steps): (usize, usize),
    mut product: impl FnMut(usize, usize) -> usize,
) {
    let mut data = Vec::new();
    for visitor in 0..visitors {
        for step in 0..steps {
            let second = (visitor * 37 + step * 20) % 86_400;
            data.push(json!({
                "type": "product_detail_page_view", "user_id": format!("{name}-{visitor}"),
                "product_ids": [format!("p{}", product(visitor, step))],
                "timestamp": format!("{day}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60),
            }));
        }
    }
    for part in data.chunks(10_000) {
        served.call("POST", "/v1/interactions", &served.secret(), &json!({"data": part})).expect(200);
    }
}

/// A hundred visitors who each keep to the ten products of their kind.
fn clear_tastes(served: &Served) {
    visits(served, "clear", (100, 9), |visitor, step| visitor % 10 * 10 + (visitor / 10 + step) % 10);
}

/// Those with clear tastes are erased, and in their place come people of the day before whose products have nothing in common;
/// some more with clear tastes come after all of them.
fn mislead(served: &Served) {
    let erased: Vec<String> = (0..100).map(|visitor| format!("clear-{visitor}")).collect();
    served.call("DELETE", "/v1/interactions", &served.secret(), &json!({"user_ids": erased})).expect(200);
    let mut below = chance(7);
    visits_on(served, "noise", "2026-01-01", (600, 9), |_, _| below(100));
    visits_on(served, "clear-too", "2026-01-03", (80, 9), |visitor, step| {
        visitor % 10 * 10 + (visitor / 10 + step) % 10
    });
}

/// So many interactions that a training takes a while.
fn many(served: &Served) {
    let mut below = chance(1);
    visits(served, "many", (3_000, 12), |visitor, _| visitor % 20 * 100 + below(100));
}

/// Asks for a training and gives its task.
fn begin(served: &Served, engine: &str, body: &Value) -> String {
    let begun = call(served, "POST", &format!("{engine}/train"), body).expect(200).json();
    begun["data"]["task_id"].as_str().unwrap().to_owned()
}

fn status(served: &Served, task: &str) -> Value {
    call(served, "GET", &format!("_status/{task}"), &json!({})).expect(200).json()["data"].clone()
}

/// Waits for the end of a training.
#[track_caller]
fn ended(served: &Served, task: &str) -> Value {
    let begun = Instant::now();
    loop {
        let status = status(served, task);
        if !matches!(status["state"].as_str(), Some("queued" | "running")) {
            return status;
        }
        assert!(begun.elapsed() < Duration::from_secs(300), "the training does not end: {status}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[track_caller]
fn trained(served: &Served, engine: &str, body: &Value) -> Value {
    let status = ended(served, &begin(served, engine, body));
    assert_eq!(status["state"], "done", "{status}");
    status
}

fn versions(served: &Served, engine: &str) -> Vec<Value> {
    let answer = call(served, "GET", &format!("{engine}/versions"), &json!({})).expect(200).json();
    answer["data"]["versions"].as_array().unwrap().clone()
}

fn create(served: &Served, engine: &str, optimize_for: &Value) {
    let definition = json!({"engine_id": engine, "kind": "recommendation", "optimize_for": optimize_for});
    served.call("POST", "/v1/engines", &served.secret(), &definition).expect(200);
}

#[test]
fn a_training_is_followed_to_its_end_and_leaves_a_version() {
    let served = Served::start();
    clear_tastes(&served);
    let status = trained(&served, "default", &json!({}));
    assert_eq!((&status["progress"], &status["error"], &status["kept_out"]), (&json!(1.0), &Value::Null, &Value::Null));
    let list = versions(&served, "default");
    assert_eq!(list.len(), 1, "{list:?}");
    let version = &list[0];
    assert_eq!((&version["state"], &version["in_use"]), (&json!("in_use"), &json!(true)));
    assert_eq!(version["version"], status["version"]);
    assert_eq!(version["data"]["interactions"], 900);
    assert_eq!(version["data"]["people"], 100);
    assert_eq!(version["data"]["products"], 100);
    assert_eq!(version["data"]["from"], "2026-01-02T00:00:00Z");
    assert!(version["model_bytes"].as_u64().unwrap() > 0);
    let metric = |name: &str| version["metrics"][name].as_f64().unwrap();
    assert!(metric("validation_cases") >= 50.0);
    assert!(metric("ndcg_10") > metric("ndcg_10_popularity"), "{version}");
    call(&served, "GET", "_status/none", &json!({})).expect(404);
}

#[test]
fn an_engine_is_trained_once_at_a_time_and_a_training_is_cancelled() {
    let served = Served::start();
    many(&served);
    create(&served, "second", &Value::Null);
    let first = begin(&served, "default", &json!({}));
    let waiting = begin(&served, "second", &json!({}));
    assert_eq!(begin(&served, "default", &json!({})), first);
    assert_eq!(begin(&served, "second", &json!({})), waiting);
    let cancelled = call(&served, "POST", &format!("_cancel/{waiting}"), &json!({})).expect(200).json();
    assert_eq!(cancelled["data"]["state"], "cancelled");
    let cancelled = call(&served, "POST", &format!("_cancel/{first}"), &json!({})).expect(200).json();
    assert_eq!(cancelled["data"]["state"], "cancelled");
    assert!(call(&served, "POST", &format!("_cancel/{first}"), &json!({})).expect(409).message().contains("cancelled"));
    call(&served, "POST", "_cancel/none", &json!({})).expect(404);
    assert_eq!(versions(&served, "default").len() + versions(&served, "second").len(), 0);
    // Another one is not held up by those.
    trained(&served, "second", &json!({}));
    assert_eq!(versions(&served, "second").len(), 1);
    assert_eq!(status(&served, &first)["state"], "cancelled");
}

#[test]
fn versions_are_rolled_back_and_deleted_and_outlive_a_restart() {
    let served = Served::start();
    clear_tastes(&served);
    let first = trained(&served, "default", &json!({}))["version"].clone();
    let second = trained(&served, "default", &json!({"force": true}))["version"].clone();
    let path = |version: &Value| format!("default/versions/{}", version.as_str().unwrap());
    let states = |served: &Served| -> Vec<(Value, Value)> {
        versions(served, "default").iter().map(|one| (one["version"].clone(), one["state"].clone())).collect()
    };
    assert_eq!(states(&served), [(second.clone(), json!("in_use")), (first.clone(), json!("replaced"))]);
    assert!(call(&served, "DELETE", &path(&second), &json!({})).expect(409).message().contains("in use"));

    let back = call(&served, "POST", &format!("{}/activate", path(&first)), &json!({})).expect(200).json();
    assert_eq!(back["data"]["state"], "in_use");
    let served = served.restart();
    assert_eq!(states(&served), [(second.clone(), json!("replaced")), (first.clone(), json!("in_use"))]);
    let task = call(&served, "GET", "default/versions", &json!({})).expect(200).json()["data"]["training"].clone();
    assert_eq!((&task["state"], &task["version"]), (&json!("done"), &second), "the last training is remembered");

    call(&served, "DELETE", &path(&second), &json!({})).expect(200);
    assert_eq!(states(&served), [(first, json!("in_use"))]);
    let models = std::fs::read_dir(served.folder.path().join("development/models")).unwrap();
    assert_eq!(models.count(), 1, "a deleted version leaves no file");
    let missing = call(&served, "POST", &format!("{}/activate", path(&second)), &json!({})).expect(404).message();
    assert!(missing.contains("its versions are"), "{missing}");
    call(&served, "DELETE", "nobody/versions/x", &json!({})).expect(404);
}

#[test]
fn a_version_that_does_worse_is_kept_out_and_used_when_forced() {
    let served = Served::start();
    // With records, the products stay what they are when the people are erased.
    let products: Vec<Value> = (0..100).map(|n| json!({"product_id": format!("p{n}")})).collect();
    served.call("POST", "/v1/products", &served.secret(), &json!({"data": products})).expect(200);
    clear_tastes(&served);
    let good = trained(&served, "default", &json!({}))["version"].clone();
    mislead(&served);
    let status = trained(&served, "default", &json!({}));
    let why =
        status["kept_out"].as_str().unwrap_or_else(|| panic!("it is kept out: {:?}", versions(&served, "default")));
    assert!(why.contains("on the same questions"), "{why}");
    let list = versions(&served, "default");
    assert_eq!((&list[0]["state"], &list[0]["reason"]), (&json!("kept_out"), &json!(why)));
    assert_eq!((&list[1]["version"], &list[1]["state"]), (&good, &json!("in_use")));
    assert_eq!((&list[0]["compared"]["with"], &list[0]["compared"]["same_questions"]), (&good, &json!(true)));
    assert!(list[0]["compared"]["ndcg_10"].as_f64() < list[0]["compared"]["ndcg_10_in_use"].as_f64());

    let path = format!("default/versions/{}/activate", list[0]["version"].as_str().unwrap());
    assert!(call(&served, "POST", &path, &json!({})).expect(409).message().contains("force"));
    call(&served, "POST", &path, &json!({"forced": true})).expect(422);
    call(&served, "POST", &path, &json!({"force": true})).expect(200);
    assert_eq!(versions(&served, "default")[0]["state"], "in_use");
    let path = format!("default/versions/{}/activate", good.as_str().unwrap());
    call(&served, "POST", &path, &json!({})).expect(200);

    let status = trained(&served, "default", &json!({"force": true}));
    assert_eq!(status["kept_out"], Value::Null);
    let list = versions(&served, "default");
    assert_eq!(list[0]["state"], "in_use");
    assert!(list[0]["reason"].as_str().is_some(), "it tells what was overridden");
}

#[test]
fn a_training_that_cannot_succeed_says_why() {
    let served = Served::start();
    let error = |engine: &str| {
        let status = ended(&served, &begin(&served, engine, &json!({})));
        assert_eq!(status["state"], "failed", "{status}");
        status["error"].as_str().unwrap().to_owned()
    };
    assert!(error("default").contains("upload interactions first"));
    clear_tastes(&served);
    create(&served, "sales", &json!(["checkout", "subscribe"]));
    let why = error("sales");
    assert!(why.contains("checkout, subscribe") && why.contains("product_detail_page_view (900)"), "{why}");
    assert!(versions(&served, "sales").is_empty());
    // An engine that is deleted takes its trainings along, and one of its name begins anew.
    call(&served, "DELETE", "sales", &json!({})).expect(200);
    create(&served, "sales", &json!(["product_detail_page_view"]));
    trained(&served, "sales", &json!({}));
    assert_eq!(versions(&served, "sales").len(), 1);
}
