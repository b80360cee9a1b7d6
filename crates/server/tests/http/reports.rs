//! Properties: what people do with an answer is in the report at once, by every dimension, as JSON and as CSV; a click sent at once
//! after its answer joins to it; the report outlives a restart, a crash, the loss of the snapshot and an erasure; what the erased person
//! searched for is in no file.

use serde_json::{Value, json};

use crate::served::Served;

struct Shop {
    served: Served,
    key: String,
}

fn shop() -> Shop {
    let served = Served::start();
    let key = served.secret();
    let shop = Shop { served, key };
    let product = |number: usize| json!({"product_id": format!("p{number}"), "title": format!("Red shoe {number}"), "sale_price": 10});
    shop.post("/v1/products", json!({"data": (0..8).map(product).collect::<Vec<_>>()}));
    shop.act(json!({"type": "home_page_view", "user_id": "ann"}));
    // Row numbers outlive a crash from the first snapshot on, which is written at the start.
    let snapshot = shop.served.folder.path().join("development/state.snapshot");
    while !snapshot.exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    shop
}

impl Shop {
    fn post(&self, path: &str, body: Value) -> Value {
        self.served.call("POST", path, &self.key, &body).expect(200).json()["data"].clone()
    }

    fn act(&self, interaction: Value) {
        self.post("/v1/interactions", json!({"data": [interaction]}));
    }

    fn get(&self, path: &str) -> Value {
        self.served.call("GET", path, &self.key, &Value::Null).expect(200).json()["data"].clone()
    }

    fn total(&self) -> Value {
        self.get("/v1/reports/answers?by=")["total"].clone()
    }

    /// A recommendation at a place of the site; its `miso_id` and products.
    fn recommended(&self, unit: &str) -> (String, Vec<String>) {
        let answer = self.post(
            "/v1/recommendation/user_to_products",
            json!({"user_id": "ann", "rows": 4, "custom_context": {"unit_id": unit}}),
        );
        let ids = answer["products"].as_array().unwrap().iter();
        let ids = ids.map(|product| product["product_id"].as_str().unwrap().to_owned()).collect();
        (answer["miso_id"].as_str().unwrap().to_owned(), ids)
    }
}

#[test]
fn clicks_and_purchases_join_to_the_answer_they_name() {
    let shop = shop();
    let (miso_id, products) = shop.recommended("home");
    shop.recommended("side");
    shop.act(json!({"type": "impression", "user_id": "ann", "miso_id": miso_id, "product_ids": products}));
    let second = &products[1];
    shop.act(json!({"type": "click", "user_id": "ann", "miso_id": miso_id, "product_ids": [second]}));
    shop.act(
        json!({"type": "product_detail_page_view", "user_id": "ann", "miso_id": miso_id, "product_ids": [second]}),
    );
    shop.act(json!({"type": "checkout", "user_id": "ann", "product_ids": [second], "quantities": [2]}));
    shop.act(json!({"type": "checkout", "user_id": "bob", "product_ids": [second]}));

    let report = shop.get("/v1/reports/answers?by=unit_id");
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let home = &rows[0];
    assert_eq!(home["unit_id"], "home");
    assert_eq!(
        [&home["answers"], &home["shown"], &home["impressions"], &home["clicks"], &home["conversions"]],
        [1, 4, 4, 1, 1]
    );
    assert_eq!(
        [&home["ctr"], &home["conversion_rate"], &home["revenue"], &home["assisted_share"]],
        [0.25, 1.0, 20.0, 0.5]
    );
    assert_eq!(home["viewable_ctr"], Value::Null);
    assert_eq!(rows[1]["clicks"], 0);
    assert_eq!([&report["total"]["all_conversions"], &report["total"]["shown"]], [2, 8]);

    let by_place = shop.get("/v1/reports/answers?by=position&unit_id=home");
    let clicked: Vec<&Value> = by_place["rows"].as_array().unwrap().iter().filter(|row| row["clicks"] == 1).collect();
    assert_eq!(clicked.len(), 1);
    assert_eq!(clicked[0]["position"], 2);
}

#[test]
fn the_report_is_a_table_too() {
    let shop = shop();
    shop.recommended("=1+1, \"x\"");
    let reply =
        shop.served.call("GET", "/v1/reports/answers?by=endpoint,unit_id,version&format=csv", &shop.key, &Value::Null);
    let reply = reply.expect(200);
    assert_eq!(reply.headers["content-type"], "text/csv; charset=utf-8");
    let text = String::from_utf8(reply.body).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("endpoint,unit_id,version,answers,"));
    assert!(lines[1].starts_with("recommendation/user_to_products,\"'=1+1, \"\"x\"\"\",,1,0,4,"), "{}", lines[1]);
    assert_eq!(lines[0].split(',').count(), 3 + 13);
}

#[test]
fn a_report_that_cannot_be_made_says_why() {
    let shop = shop();
    let today = shop.get("/v1/reports/answers")["to"].as_str().unwrap().to_owned();
    for (query, part) in [
        ("by=colour", "by"),
        ("from=yesterday", "from"),
        ("to=2026-13-01", "to"),
        ("from=2026-02-02&to=2026-02-01", "from"),
        ("format=xml", "format"),
    ] {
        let refused = shop.served.call("GET", &format!("/v1/reports/answers?{query}"), &shop.key, &Value::Null);
        assert_eq!(refused.status, 422, "{query}");
        assert!(refused.message().starts_with(part), "{}", refused.message());
    }
    let publishable = shop.served.publishable();
    assert_eq!(shop.served.call("GET", "/v1/reports/answers", &publishable, &Value::Null).status, 403);
    shop.recommended("home");
    shop.act(json!({"type": "home_page_view", "user_id": "ann"}));
    assert_eq!(shop.get(&format!("/v1/reports/answers?from={today}"))["total"]["answers"], 1);
    assert_eq!(shop.get("/v1/reports/answers?from=2020-01-01&to=2020-02-01")["total"]["answers"], 0);
}

#[test]
fn the_report_outlives_a_restart_and_a_crash() {
    let shop = shop();
    let (miso_id, products) = shop.recommended("home");
    let click =
        |product: &str| json!({"type": "click", "user_id": "ann", "miso_id": miso_id, "product_ids": [product]});
    shop.act(click(&products[0]));
    let before = shop.total();
    assert_eq!(before["clicks"], 1);

    // Nothing but the log and the journal holds it yet.
    let crashed = Shop { served: shop.served.after_a_crash(), key: shop.key.clone() };
    assert_eq!(crashed.total(), before);
    crashed.act(click(&products[0]));
    assert_eq!(crashed.total(), before);
    crashed.act(click(&products[1]));
    assert_eq!(crashed.total()["clicks"], 2);

    let Shop { served, key } = shop;
    let restarted = Shop { served: served.restart(), key };
    assert_eq!(restarted.total(), before);
    restarted.act(click(&products[2]));
    assert_eq!(restarted.total()["clicks"], 2);

    // The sums are known without the snapshot, too.
    let crashed = restarted.served.restart();
    let folder = crashed.folder.path().join("development");
    let without = Shop { key: restarted.key.clone(), served: crashed };
    std::fs::remove_file(folder.join("state.snapshot")).unwrap();
    let anew = Shop { served: without.served.after_a_crash(), key: restarted.key };
    assert_eq!(anew.total(), without.total());
}

#[test]
fn an_erasure_leaves_sums_and_no_words() {
    let shop = shop();
    let search = json!({"user_id": "ann", "q": "red confidential"});
    shop.post("/v1/search/search", search);
    // What follows moves the answer into the live view and the journal.
    shop.act(json!({"type": "home_page_view", "user_id": "bob"}));
    let folder = shop.served.folder.path().to_owned();
    let named = || {
        let files = std::fs::read_dir(folder.join("development")).unwrap().map(|entry| entry.unwrap().path());
        let with_words = |path: &std::path::PathBuf| {
            path.is_file() && std::fs::read(path).unwrap().windows(12).any(|bytes| bytes == b"confidential")
        };
        files.filter(with_words).collect::<Vec<_>>()
    };
    assert_eq!(named(), [folder.join("development/answers.journal")]);
    shop.served.call("DELETE", "/v1/interactions", &shop.key, &json!({"user_ids": ["ann"]})).expect(200);
    assert_eq!(named(), Vec::<std::path::PathBuf>::new());
    assert_eq!(shop.total()["answers"], 1);
}
