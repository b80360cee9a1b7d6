//! Properties of what the dashboard's pages read:
//!
//! 1. The catalogue is listed in the order asked for, what has no value last, and its pages give every product once, in order.
//! 2. An export holds all that words find, however much that is.
//! 3. Interactions are paged without one lost or shown twice, also where many are of one moment; so are a person's.
//! 4. Of a log that ended long ago, the overview shows its end and what rose then; with the first new interaction, the present.

use serde_json::{Value, json};

use crate::dojo::{call, cookie, start};
use crate::served::{Served, eventually};

fn put(served: &Served, products: &[Value]) {
    served.call("POST", "/v1/products", &served.secret(), &json!({ "data": products })).expect(200);
}

fn interact(served: &Served, interactions: &[Value]) {
    served.call("POST", "/v1/interactions", &served.secret(), &json!({ "data": interactions })).expect(200);
}

fn listed(served: &Served, cookie: &str, body: &Value) -> (u64, Vec<String>) {
    let answer = call(served, cookie, "POST", "development/search", body).expect(200).json();
    let products = answer["data"]["products"].as_array().unwrap();
    let ids = products.iter().map(|product| product["product_id"].as_str().unwrap().to_owned()).collect();
    (answer["data"]["total"].as_u64().unwrap(), ids)
}

#[test]
fn the_catalogue_is_listed_in_the_order_asked_for() {
    let served = start();
    let cookie = cookie(&served);
    put(
        &served,
        &[
            json!({"product_id": "a", "title": "pear", "sale_price": 3, "rating": 4, "brand": "X"}),
            json!({"product_id": "b", "title": "Apple", "original_price": 1, "brand": "X"}),
            json!({"product_id": "c", "title": "Zebra", "sale_price": 2, "rating": 5, "brand": "Y"}),
            json!({"product_id": "d", "brand": "Y"}),
        ],
    );
    for (sort, descending, expected) in [
        ("title", false, ["b", "d", "a", "c"]),
        ("title", true, ["c", "a", "d", "b"]),
        ("price", false, ["b", "c", "a", "d"]),
        ("price", true, ["a", "c", "b", "d"]),
        ("rating", true, ["c", "a", "b", "d"]),
    ] {
        let body = json!({"sort": sort, "descending": descending});
        assert_eq!(listed(&served, &cookie, &body), (4, expected.map(str::to_owned).to_vec()), "{body}");
        // Page by page it is the same.
        for (at, id) in expected.iter().enumerate() {
            let body = json!({"sort": sort, "descending": descending, "start": at, "rows": 1});
            assert_eq!(listed(&served, &cookie, &body), (4, vec![(*id).to_owned()]), "{body}");
        }
    }
    let body = json!({"fq": "brand:\"X\"", "sort": "title", "facets": ["brand"], "fl": ["title"]});
    let answer = call(&served, &cookie, "POST", "development/search", &body).expect(200).json();
    assert_eq!(
        answer["data"]["products"],
        json!([{"product_id": "b", "title": "Apple"}, {"product_id": "a", "title": "pear"}])
    );
    assert_eq!(answer["data"]["facet_counts"]["facet_fields"], json!({"brand": [["X", 2]]}));
    assert_eq!(listed(&served, &cookie, &json!({"start": 4})), (4, Vec::new()));
    eventually("words are found", || listed(&served, &cookie, &json!({"q": "zebra"})).1 == ["c"]);
    let refused = call(&served, &cookie, "POST", "development/search", &json!({"fq": "brand:("})).expect(422).message();
    assert!(refused.starts_with("fq is invalid."), "{refused}");
}

#[test]
fn an_export_holds_all_that_words_find() {
    let served = start();
    let cookie = cookie(&served);
    let products: Vec<Value> =
        (0..2_300).map(|n| json!({"product_id": format!("p{n}"), "title": format!("Lamp {n}")})).collect();
    put(&served, &products);
    put(&served, &[json!({"product_id": "other", "title": "Chair"})]);
    let exported = || {
        let path = "development/export/products?format=jsonl&q=lamp";
        let text = String::from_utf8(call(&served, &cookie, "GET", path, &Value::Null).expect(200).body).unwrap();
        let mut ids: Vec<String> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["product_id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    eventually("all are found", || exported().len() == 2_300);
    assert!(!exported().contains(&"other".to_owned()));
}

#[test]
fn interactions_of_one_moment_are_paged_without_loss() {
    let served = start();
    let cookie = cookie(&served);
    let moment = "2020-05-01T00:00:00Z";
    let view = |user: u32, product: u32, timestamp: &str| json!({"type": "product_detail_page_view", "user_id": format!("u{user}"), "product_ids": [format!("p{product}")], "timestamp": timestamp});
    let mut all: Vec<Value> = (0..130).map(|n| view(n % 7, n, moment)).collect();
    // One with several products is several events.
    all.push(
        json!({"type": "checkout", "user_id": "u1", "product_ids": ["p900", "p901", "p902"], "timestamp": moment}),
    );
    all.push(view(1, 500, "2020-05-02T00:00:00Z"));
    all.push(view(2, 501, "2020-04-01T00:00:00Z"));
    interact(&served, &all);
    let page = |query: &str| -> Vec<(i64, String)> {
        let path = format!("development/interactions?rows=20{query}");
        let answer = call(&served, &cookie, "GET", &path, &Value::Null).expect(200).json();
        let events = answer["events"].as_array().unwrap();
        let event = |event: &Value| {
            (event["time_ms"].as_i64().unwrap(), event["product"]["product_id"].as_str().unwrap().to_owned())
        };
        events.iter().map(event).collect()
    };
    let mut seen = page("");
    loop {
        let last = seen.last().unwrap().0;
        let skip = seen.iter().filter(|(time, _)| *time == last).count();
        let next = page(&format!("&until_ms={last}&skip={skip}"));
        if next.is_empty() {
            break;
        }
        seen.extend(next);
    }
    assert_eq!((seen.len(), &seen[0].1, &seen[134].1), (135, &"p500".to_owned(), &"p501".to_owned()));
    let mut products: Vec<&String> = seen.iter().map(|(_, product)| product).collect();
    products.sort_unstable();
    products.dedup();
    assert_eq!(products.len(), 135, "none twice");

    let of_person = |start: usize| {
        let path = format!("development/person?user_id=u1&rows=10&start={start}");
        call(&served, &cookie, "GET", &path, &Value::Null).expect(200).json()
    };
    let total = of_person(0)["interactions"].as_u64().unwrap();
    let pages: Vec<Value> =
        (0..4).flat_map(|page| of_person(page * 10)["events"].as_array().unwrap().clone()).collect();
    assert_eq!((total, pages.len()), (23, 23));
    let by_events =
        call(&served, &cookie, "GET", "development/people?sort=events&rows=1", &Value::Null).expect(200).json();
    assert_eq!(by_events["people"][0]["user_id"], "u1");
}

#[test]
fn of_a_log_that_ended_long_ago_the_overview_shows_its_end() {
    let served = start();
    let cookie = cookie(&served);
    put(
        &served,
        &[json!({"product_id": "steady", "title": "Steady"}), json!({"product_id": "rising", "title": "Rising"})],
    );
    let view = |product: &str, user: String, timestamp: String| json!({"type": "product_detail_page_view", "user_id": user, "product_ids": [product], "timestamp": timestamp});
    let mut log: Vec<Value> = (0..60)
        .map(|n| view("steady", format!("s{n}"), format!("2019-0{}-{:02}T10:00:00Z", 1 + n / 28, 1 + n % 28)))
        .collect();
    log.push(view("steady", "last".to_owned(), "2019-03-05T11:00:00Z".to_owned()));
    log.extend((0..20).map(|n| view("rising", format!("r{n}"), format!("2019-03-05T12:{n:02}:00Z"))));
    interact(&served, &log);
    let overview = || call(&served, &cookie, "GET", "development/overview?period=day", &Value::Null).expect(200).json();
    let past = overview();
    assert!(past["present_ms"].as_i64().unwrap() < past["now_ms"].as_i64().unwrap());
    assert_eq!((&past["period"]["interactions"], &past["period"]["visitors"]), (&json!(21), &json!(21)));
    assert_eq!(
        (&past["trending"][0]["product_id"], &past["top"][0]["product_id"]),
        (&json!("rising"), &json!("rising"))
    );
    interact(&served, &[json!({"type": "product_detail_page_view", "user_id": "now", "product_ids": ["steady"]})]);
    let now = overview();
    assert_eq!((&now["period"]["interactions"], &now["present_ms"]), (&json!(1), &now["now_ms"]));
}
