//! Properties of an environment's own words:
//! 1. Primary language, synonyms and stop words are read and set with the secret key, outlive a restart, and are refused by place.
//! 2. Synonyms and stop words take effect at once, another primary language when the index is built anew beside the serving one,
//!    while products come and go and are found.
//! 3. What was acknowledged is found within a second, what was deleted never, what changed in price at once.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::served::Served;

fn set(served: &Served, name: &str, body: &Value) -> Value {
    served.call("PUT", &format!("/v1/settings/{name}"), &served.secret(), body).expect(200).json()["data"].clone()
}

fn put(served: &Served, products: &Value) {
    served.call("POST", "/v1/products", &served.secret(), &json!({ "data": products })).expect(200);
}

fn search(served: &Served, q: &str, more: Value) -> Vec<String> {
    let mut body =
        json!({"q": q, "rows": 20, "fl": ["product_id"], "spellcheck": {"enable_auto_spelling_correction": false}});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = served.call("POST", "/v1/search/search", &served.secret(), &body).expect(200).json();
    let products = answer["data"]["products"].as_array().unwrap().clone();
    let mut ids: Vec<String> =
        products.iter().map(|product| product["product_id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    ids
}

/// Waits until the search finds these, for a second and what a busy machine needs on top.
#[track_caller]
fn soon(served: &Served, q: &str, expected: &[&str]) {
    let began = Instant::now();
    while search(served, q, json!({})) != expected {
        assert!(began.elapsed() < Duration::from_secs(20), "{q}: {:?}", search(served, q, json!({})));
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn synonyms_and_stop_words_take_effect_at_once_and_outlive_a_restart() {
    let served = Served::start();
    put(
        &served,
        &json!([
            {"product_id": "a", "title": "Notebook 15"}, {"product_id": "b", "title": "Laptop bag"},
            {"product_id": "c", "title": "Shoes men"}, {"product_id": "d", "title": "Television"},
        ]),
    );
    soon(&served, "television", &["d"]);
    assert_eq!(search(&served, "laptop", json!({})), ["b"]);
    let rules =
        json!({"synonyms": [["laptop", "notebook"], {"from": "tv", "to": ["television"]}, {"words": ["x", "y"]}]});
    let answer = set(&served, "synonyms", &rules);
    assert_eq!(answer["synonyms"][0], json!({"words": ["laptop", "notebook"]}));
    assert_eq!(answer["solr"], "laptop, notebook\ntv => television\nx, y\n");
    assert_eq!(search(&served, "laptop", json!({})), ["a", "b"]);
    assert_eq!(search(&served, "tv", json!({})), ["d"]);
    assert_eq!(search(&served, "shoes for men", json!({})), ["c"]);
    let answer = set(&served, "stop_words", &json!({"stop_words": {"en": ["men"], "de": null}}));
    assert_eq!((&answer["stop_words"]["en"], &answer["own"]), (&json!(["men"]), &json!(["en"])));
    assert!(search(&served, "shoes for men", json!({})).is_empty());
    let served = served.restart();
    soon(&served, "laptop", &["a", "b"]);
    let answer = served.call("GET", "/v1/settings/stop_words", &served.secret(), &json!({})).expect(200).json();
    assert_eq!(answer["data"]["own"], json!(["en"]));
    // Solr's text form as it is, and in JSON.
    let url = format!("/v1/settings/synonyms?api_key={}", served.secret());
    served.send("PUT", &url, &[], b"# own\nlaptop => notebook\n").expect(200);
    assert_eq!(search(&served, "notebook", json!({})), ["a"]);
    assert_eq!(set(&served, "synonyms", &json!({"solr": ""}))["synonyms"], json!([]));
    assert_eq!(search(&served, "laptop", json!({})), ["b"]);
}

#[test]
fn the_thesaurus_counts_unless_the_shop_says_no() {
    let served = Served::start();
    put(&served, &json!([{"product_id": "s", "title": "Grey sofa"}, {"product_id": "c", "title": "Leather couch"}]));
    soon(&served, "leather couch", &["c"]);
    assert_eq!(search(&served, "couch", json!({})), ["c", "s"]);
    assert_eq!(set(&served, "search", &json!({"thesaurus": false}))["thesaurus"], false);
    assert_eq!(search(&served, "couch", json!({})), ["c"]);
    let served = served.restart();
    soon(&served, "couch", &["c"]);
    let answer = set(&served, "search", &json!({"thesaurus": true}));
    assert_eq!((&answer["thesaurus"], &answer["primary_language"]), (&json!(true), &json!("en")));
    assert_eq!(search(&served, "couch", json!({})), ["c", "s"]);
}

#[test]
fn what_is_wrong_is_refused_with_its_place() {
    let served = Served::start();
    let refused = |name: &str, body: Value| {
        served.call("PUT", &format!("/v1/settings/{name}"), &served.secret(), &body).expect(422).message()
    };
    assert!(refused("synonyms", json!({"solr": "a, b\nalone"})).starts_with("solr line 2 is invalid. "));
    assert!(refused("synonyms", json!({"synonyms": [["a", "b"], ["a"]]})).starts_with("synonyms.1 is invalid. "));
    assert!(refused("synonyms", json!({})).starts_with("the body is invalid. "));
    assert!(refused("search", json!({"primary_language": "xx"})).contains("en, fr, de"));
    assert!(
        refused("stop_words", json!({"stop_words": {"en": ["two words"]}})).starts_with("stop_words.en is invalid. ")
    );
    for name in ["search", "synonyms", "stop_words"] {
        served.call("GET", &format!("/v1/settings/{name}"), &served.publishable(), &json!({})).expect(403);
    }
}

#[test]
fn another_primary_language_builds_the_index_anew_beside_the_serving_one() {
    let served = Served::start();
    put(
        &served,
        &json!(
            (0..600).map(|n| json!({"product_id": format!("p{n}"), "title": format!("Lampe {n}")})).collect::<Vec<_>>()
        ),
    );
    put(&served, &json!([{"product_id": "a", "title": "Schuhe"}, {"product_id": "b", "title": "Tasche"}]));
    soon(&served, "Tasche", &["b"]);
    assert!(search(&served, "Schuh", json!({})).is_empty());
    set(&served, "search", &json!({"primary_language": "de"}));
    put(&served, &json!([{"product_id": "c", "title": "Hosen"}]));
    served.call("POST", "/v1/products/_delete", &served.secret(), &json!({"data": {"product_ids": ["b"]}})).expect(200);
    assert!(search(&served, "Tasche", json!({})).is_empty(), "deleted products are never found");
    soon(&served, "Hosen", &["c"]);
    soon(&served, "Schuh", &["a"]);
    soon(&served, "Hose", &["c"]);
    assert!(search(&served, "Tasche", json!({})).is_empty());
    let settings =
        served.call("GET", "/v1/settings/search", &served.secret(), &json!({})).expect(200).json()["data"].clone();
    assert_eq!((&settings["primary_language"], &settings["rebuilding"]), (&json!("de"), &json!(false)));
    let served = served.restart();
    soon(&served, "Schuh", &["a"]);
}

#[test]
fn a_translation_is_kept_and_searched_in_its_language() {
    let served = Served::start();
    let product =
        json!({"product_id": "a", "title": "Red shoes", "language": "en", "i18n_fr": {"title": "Chaussures rouges"}});
    put(&served, &json!([product, {"product_id": "b", "title": "Chaussures", "language": "fr"}]));
    soon(&served, "chaussure", &["a", "b"]);
    assert_eq!(search(&served, "chaussure rouge", json!({"language": "fr"})), ["a"]);
    assert!(search(&served, "shoes", json!({"language": "fr"})).is_empty());
    assert_eq!(search(&served, "*", json!({"language": "fr"})), ["a", "b"]);
    let read = served.call("GET", "/v1/products/a", &served.secret(), &json!({})).expect(200).json();
    assert_eq!(read["data"]["i18n_fr"], json!({"title": "Chaussures rouges"}));
    let wrong = json!({"data": [{"product_id": "c", "i18n_fr": {"title": 3}, "i18n": {}}]});
    let lines = served.call("POST", "/v1/products", &served.secret(), &wrong).expect(422).json()["data"].to_string();
    assert!(lines.contains("data.0.i18n_fr.title") && lines.contains("data.0.i18n is"), "{lines}");
}

#[test]
fn stock_and_price_count_at_once() {
    let served = Served::start();
    put(
        &served,
        &json!([
            {"product_id": "a", "title": "Lamp", "sale_price": 10}, {"product_id": "b", "title": "Lamp", "sale_price": 20},
        ]),
    );
    soon(&served, "lamp", &["a", "b"]);
    for round in 0..5 {
        let price = if round % 2 == 0 { 30 } else { 10 };
        let change = json!({"data": [{"product_id": "a", "sale_price": price}]});
        served.call("PATCH", "/v1/products", &served.secret(), &change).expect(200);
        let cheap = search(&served, "lamp", json!({"fq": "sale_price:[0 TO 25]"}));
        assert_eq!(cheap, if price == 30 { vec!["b"] } else { vec!["a", "b"] });
    }
}

#[test]
fn which_fields_are_searched_and_offered_is_set_at_once_for_fields_and_with_a_rebuild_for_attributes() {
    let served = Served::start();
    put(
        &served,
        &json!([
            {"product_id": "a", "title": "Chair", "brand": "Nord", "custom_attributes": {"wood": "oak", "led": true}},
            {"product_id": "b", "title": "Table", "description": "of oak"},
        ]),
    );
    soon(&served, "oak", &["a", "b"]);
    let at_first = served.call("GET", "/v1/settings/search", &served.secret(), &json!({})).expect(200).json();
    assert_eq!(at_first["data"]["facets_are_own"], false);
    let answer = set(
        &served,
        "search",
        &json!({
            "searched_fields": {"brand": "ignored", "custom_attributes.wood": "ignored", "title": "normal"},
            "facets": ["custom_attributes.wood", "brand"],
        }),
    );
    assert_eq!(answer["searched_fields"], json!({"brand": "ignored", "custom_attributes.wood": "ignored"}));
    assert_eq!(
        (&answer["facets"], &answer["facets_are_own"]),
        (&json!(["custom_attributes.wood", "brand"]), &json!(true))
    );
    assert_eq!(answer["primary_language"], "en", "what is left out stays");
    let field = |name: &str| {
        let fields = answer["fields"].as_array().unwrap();
        fields.iter().find(|field| field["name"] == name).cloned().unwrap_or_else(|| panic!("{name}"))
    };
    assert_eq!((&field("brand")["importance"], &field("brand")["facet"]), (&json!("ignored"), &json!(true)));
    assert_eq!(field("custom_attributes.wood")["products"], 1);
    assert_eq!(field("custom_attributes.led")["importance"], Value::Null);
    assert!(search(&served, "nord", json!({})).is_empty());
    soon(&served, "oak", &["b"]);
    let served = served.restart();
    soon(&served, "oak", &["b"]);
    assert!(search(&served, "nord", json!({})).is_empty());
    // Back to the rule.
    let answer = set(&served, "search", &json!({"searched_fields": null, "facets": null}));
    assert_eq!((&answer["searched_fields"], &answer["facets_are_own"]), (&json!({}), &json!(false)));
    assert_eq!(answer["facets"], at_first["data"]["facets"]);
    soon(&served, "oak", &["a", "b"]);
    assert_eq!(search(&served, "nord", json!({})), ["a"]);
    for (body, place) in [
        (json!({"searched_fields": {"title": "ignored"}}), "searched_fields.title is invalid. "),
        (json!({"searched_fields": {"brand": "much"}}), "searched_fields.brand is invalid. "),
        (json!({"searched_fields": {"colour": "low"}, "facets": []}), "searched_fields.colour is invalid. "),
        (json!({"facets": ["brand", "brand"]}), "facets.1 is invalid. "),
        (json!({"facets": ["title"]}), "facets.0 is invalid. "),
        (json!({}), "the body is invalid. "),
    ] {
        let message = served.call("PUT", "/v1/settings/search", &served.secret(), &body).expect(422).message();
        assert!(message.starts_with(place), "{message}");
    }
}
