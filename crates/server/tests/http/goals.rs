//! Property: on the sample shop, engines with other conversions to bring about answer otherwise, and one that weighs by price
//! puts dearer products forward.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use record::Time;
use serde_json::{Value, json};

use crate::served::Served;

/// The sample shop in the development environment.
fn sample_shop(served: &Served) -> Vec<String> {
    let secret = served.secret();
    let shop = evaluate::sample_shop::generate(7, Time::parse("2026-03-01T12:00:00Z").unwrap());
    let upload = |path: &str, records: Vec<String>| {
        for part in records.chunks(5_000) {
            let body = format!("{{\"data\":[{}]}}", part.join(","));
            served.send("POST", path, &[("X-API-KEY", &secret)], body.as_bytes()).expect(200);
        }
    };
    upload("/v1/products", shop.products.iter().map(|product| product.to_json()).collect());
    upload("/v1/interactions", shop.interactions.iter().map(|interaction| interaction.to_json()).collect());
    let people: BTreeSet<String> =
        shop.interactions.iter().filter_map(|interaction| interaction.user_id.clone()).collect();
    people.into_iter().take(40).collect()
}

/// The ten products for each person, with their prices.
fn answers(served: &Served, engine: &str, people: &[String]) -> Vec<Vec<(String, f64)>> {
    let answer = |person: &String| {
        let question =
            json!({"engine_id": engine, "user_id": person, "rows": 10, "fl": ["sale_price", "original_price"]});
        let answer =
            served.call("POST", "/v1/recommendation/user_to_products", &served.secret(), &question).expect(200).json();
        let product = |product: &Value| {
            let price = product["sale_price"].as_f64().or_else(|| product["original_price"].as_f64()).unwrap_or(0.0);
            (product["product_id"].as_str().unwrap().to_owned(), price)
        };
        answer["data"]["products"].as_array().unwrap().iter().map(product).collect()
    };
    people.iter().map(answer).collect()
}

#[test]
fn engines_with_other_conversions_answer_otherwise() {
    let served = Served::start();
    let people = sample_shop(&served);
    let secret = served.secret();
    let engines = [
        json!({"engine_id": "views", "kind": "recommendation", "optimize_for": ["product_detail_page_view"]}),
        json!({"engine_id": "sales", "kind": "recommendation", "optimize_for": ["checkout"]}),
        json!({
            "engine_id": "revenue", "kind": "recommendation", "optimize_for": ["checkout"],
            "weight_by": "original_price", "weight_power": 1,
        }),
    ];
    for engine in &engines {
        served.call("POST", "/v1/engines", &secret, engine).expect(200);
        let path = format!("/v1/engines/{}", engine["engine_id"].as_str().unwrap());
        let begun = served.call("POST", &format!("{path}/train"), &secret, &json!({})).expect(200).json();
        let task = begun["data"]["task_id"].as_str().unwrap().to_owned();
        let status = || {
            served.call("GET", &format!("/v1/engines/_status/{task}"), &secret, &json!({})).expect(200).json()["data"]
                .clone()
        };
        let begun = Instant::now();
        while ["queued", "running"].contains(&status()["state"].as_str().unwrap()) {
            assert!(begun.elapsed() < Duration::from_secs(300), "the training does not end");
            std::thread::sleep(Duration::from_millis(100));
        }
        let status = status();
        assert_eq!(status["state"], "done", "{status}");
        assert!(status["kept_out"].is_null(), "{status}");
    }
    let [views, sales, revenue] = ["views", "sales", "revenue"].map(|engine| answers(&served, engine, &people));
    let ids = |answer: &Vec<(String, f64)>| answer.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    let differing = views.iter().zip(&sales).filter(|(a, b)| ids(a) != ids(b)).count();
    assert!(differing * 2 > people.len(), "only {differing} of {} people get other products", people.len());
    let mean_price = |answers: &[Vec<(String, f64)>]| {
        let prices: Vec<f64> = answers.iter().flatten().map(|&(_, price)| price).collect();
        prices.iter().sum::<f64>() / prices.len() as f64
    };
    let (plain, weighted) = (mean_price(&sales), mean_price(&revenue));
    assert!(weighted > plain, "weighted by price {weighted}, else {plain}");
}
