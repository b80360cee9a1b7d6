//! Properties: pages under one `pagination_id` hold no product twice for a person, although the person acts in between; another person
//! has a list of its own; a click after a search lifts the product in the next search; a cohort shapes what a stranger sees.

use serde_json::{Value, json};

use crate::served::Served;

fn post(served: &Served, key: &str, path: &str, body: Value) -> Value {
    served.call("POST", path, key, &body).expect(200).json()["data"].clone()
}

fn ids(answer: &Value) -> Vec<String> {
    let products = answer["products"].as_array().unwrap().iter();
    products.map(|product| product["product_id"].as_str().unwrap().to_owned()).collect()
}

fn shop() -> (Served, String) {
    let served = Served::start();
    let key = served.secret();
    let product = |number: usize| {
        let category = ["Shoes", "Boots"][number % 2];
        json!({"product_id": format!("p{number:02}"), "title": format!("Red shoe {number}"), "categories": [[category]]})
    };
    post(&served, &key, "/v1/products", json!({"data": (0..30).map(product).collect::<Vec<_>>()}));
    crate::served::eventually("all products are found by their words", || {
        post(&served, &key, "/v1/search/search", json!({"q": "red shoe"}))["total"] == 30
    });
    (served, key)
}

#[test]
fn pages_of_one_list_hold_no_product_twice() {
    let (served, key) = shop();
    for path in ["user_to_products", "product_to_products"] {
        let page = |person: &str, start: usize| {
            let mut body = json!({"user_id": person, "rows": 7, "start": start, "pagination_id": "home"});
            if path == "product_to_products" {
                body["product_id"] = "p00".into();
            }
            ids(&post(&served, &key, &format!("/v1/recommendation/{path}"), body))
        };
        let first = page("ann", 0);
        let click = json!({"type": "product_detail_page_view", "user_id": "ann", "product_ids": [first[6]]});
        post(&served, &key, "/v1/interactions", json!({"data": [click]}));
        let [second, third] = [page("ann", 7), page("ann", 14)];
        assert_eq!(page("ann", 0), first, "{path}");
        assert_eq!(page("bob", 0).len(), 7);
        let mut all = [first, second, third].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 21, "{path}");
    }
}

#[test]
fn a_click_after_a_search_lifts_the_product_in_the_next_one() {
    let (served, key) = shop();
    let search = |person: &str| {
        post(&served, &key, "/v1/search/search", json!({"user_id": person, "q": "red shoe", "rows": 30}))
    };
    let before = search("new");
    let last = ids(&before)[25].clone();
    for person in 0..6 {
        let user_id = format!("u{person}");
        let answer = search(&user_id);
        let click = json!({"type": "click", "user_id": user_id, "product_ids": [last], "miso_id": answer["miso_id"]});
        post(&served, &key, "/v1/interactions", json!({"data": [click]}));
    }
    assert_eq!(ids(&search("another"))[0], last);
}

#[test]
fn a_cohort_shapes_what_a_stranger_sees() {
    let (served, key) = shop();
    let user = |number: usize| json!({"user_id": format!("u{number}"), "custom_attributes": {"vip": number.is_multiple_of(2)}});
    post(&served, &key, "/v1/users", json!({"data": (0..30).map(user).collect::<Vec<_>>()}));
    let buy = |number: usize| {
        let product = ["p03", "p08"][number % 2];
        json!({"type": "checkout", "user_id": format!("u{number}"), "product_ids": [product]})
    };
    post(&served, &key, "/v1/interactions", json!({"data": (0..30).map(buy).collect::<Vec<_>>()}));
    for (vip, first) in [(true, "p03"), (false, "p08")] {
        let asked = json!({"anonymous_id": "new", "user_cohort": {"vip": vip}, "rows": 3});
        assert_eq!(ids(&post(&served, &key, "/v1/recommendation/user_to_products", asked))[0], first);
    }
}
