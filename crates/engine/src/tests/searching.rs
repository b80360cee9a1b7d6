//! Properties proved here:
//! 1. All words must be found; `*` and filters alone find everything that passes; totals count what pages hold.
//! 2. Broad queries follow the person's taste, specific ones keep the order of relevance.
//! 3. Out of stock is found, later. Facets reflect all filters but their own. Orders break soft ties by the next key.
//! 4. Completion and multiple get.

use serde_json::{Value, json};

use super::{World, check, check_refused, ids, world};

fn shop() -> World {
    world(
        "
        product r1 title=Red_running_shoe category=Shoes/Running brand=Nike price=30 color=red
        product r2 title=Red_walking_shoe category=Shoes/Walking brand=Puma price=20 color=red
        product b1 title=Blue_running_shoe category=Shoes/Running brand=Puma price=10 color=blue
        product b2 title=Blue_hat category=Hats brand=Nike price=5 color=blue
        product gone title=Red_running_shoe_old category=Shoes/Running brand=Nike price=1 out
        product v1 title=Green_sock group=sock price=2
        product v2 title=Green_sock_long group=sock price=3
        x view b2
    ",
    )
}

fn found(world: &World, request: Value) -> (Vec<String>, u64) {
    let answer = world.ask("search", &request).unwrap();
    (ids(&answer), answer.data["total"].as_u64().unwrap())
}

#[test]
fn every_word_must_be_found_and_out_of_stock_comes_last() {
    let shop = shop();
    check(&shop, "search", json!({"q": "red running"}), "r1 gone");
    check(&shop, "search", json!({"q": "running blue"}), "b1");
    check(&shop, "search", json!({"q": "running green"}), "");
    let (ids, total) = found(&shop, json!({"q": "shoe", "rows": 2}));
    assert_eq!((ids.len(), total), (2, 4));
}

#[test]
fn a_star_finds_everything_once_per_group_and_pages_fit_together() {
    let shop = shop();
    let (all, total) = found(&shop, json!({"q": "*", "rows": 100}));
    assert_eq!(total, 6);
    assert_eq!(all.len(), 6);
    assert_eq!(all[0], "b2", "the only popular product");
    assert_eq!(all[5], "gone", "out of stock");
    let mut pages = Vec::new();
    for start in [0, 2, 4, 6] {
        pages.extend(found(&shop, json!({"q": "*", "rows": 2, "start": start})).0);
    }
    assert_eq!(pages, all);
    assert_eq!(found(&shop, json!({"q": "*", "dedupe_product_group_id": false, "rows": 0})).1, 7);
}

#[test]
fn filters_of_all_kinds_narrow() {
    let shop = shop();
    let total = |request: Value| found(&shop, request).1;
    assert_eq!(total(json!({"fq": "brand:\"Nike\""})), 3);
    assert_eq!(total(json!({"q": "*", "category": ["Shoes", "Running"]})), 3);
    assert_eq!(total(json!({"q": "*", "include": ["r1", "b2", "none"]})), 2);
    assert_eq!(total(json!({"q": "*", "exclude": ["r1"]})), 5);
    assert_eq!(total(json!({"q": "*", "type": "article"})), 0);
    assert_eq!(total(json!({"q": "*", "fq": "sale_price:[10 TO 20]"})), 2);
    assert_eq!(total(json!({"advanced_q": "color:red OR full_text:hat", "fq": "*:*"})), 1);
    assert_eq!(total(json!({"advanced_q": "brand:Puma AND shoe"})), 2);
    assert_eq!(total(json!({"advanced_q": "NOT shoe"})), 2);
}

#[test]
fn a_broad_query_follows_taste_and_weight_0_does_not() {
    let mut text = String::new();
    for n in 0..20 {
        text += &format!("product p{n:02} title=shirt_{n:02}\n");
    }
    text += "product cap\n";
    for visitor in ["a", "b", "c"] {
        text += &format!("{visitor} view cap p13\n");
    }
    text += "train\nnew view cap\n";
    let world = world(&text);
    let first = |request: Value| found(&world, request).0[0].clone();
    assert_eq!(first(json!({"q": "shirt", "user_id": "new"})), "p13");
    let plain = world.ask("search", &json!({"q": "shirt 07", "user_id": "new"})).unwrap();
    assert_eq!(ids(&plain), ["p07"]);
    let with = |weight: f64| {
        let request = json!({"q": "shirt", "user_id": "new", "personalization_weight": weight});
        world.ask("search", &request).unwrap().data["products"][0]["_personalization_score"].as_f64().unwrap()
    };
    assert!(with(5.0) > 0.0);
    assert_eq!(with(0.0), 0.0);
    check_refused(
        &world,
        "search",
        json!({"q": "shirt", "personalization_weight": 6}),
        "personalization_weight is invalid",
    );
}

#[test]
fn every_product_found_has_its_scores() {
    let answer = shop().ask("search", &json!({"q": "shoe"})).unwrap();
    for product in answer.data["products"].as_array().unwrap() {
        assert!(product["_search_score"].as_f64().unwrap() > 0.0);
        assert!((0.0..=1.0).contains(&product["_personalization_score"].as_f64().unwrap()));
        assert_eq!(product["_boosted"], false);
    }
    assert_eq!(answer.data["spellcheck"]["original_query"], "shoe");
    assert_eq!(answer.data["spellcheck"]["spelling_errors"], false);
    assert_eq!(answer.data["start"], 0);
}

#[test]
fn an_order_sorts_by_fields_and_soft_ties_go_to_the_next_key() {
    let shop = shop();
    let by = |keys: Value| found(&shop, json!({"q": "shoe", "order_by": keys})).0.join(" ");
    assert_eq!(by(json!([{"field": "sale_price"}])), "r1 r2 b1 gone");
    assert_eq!(by(json!([{"field": "sale_price", "order": "asc"}])), "gone b1 r2 r1");
    let soft = json!([
        {"field": "sale_price", "tie_breaker": {"type": "relative_difference", "threshold": 0.5}},
        {"field": "sale_price", "order": "asc"},
    ]);
    assert_eq!(by(soft), "b1 r2 r1 gone", "30, 20 and 10 are each within half of the next");
    check_refused(
        &shop,
        "search",
        json!({"q": "shoe", "order_by": [{"field": "sale_price * "}]}),
        "order_by.0.field is invalid. The formula ends too soon",
    );
    check_refused(
        &shop,
        "search",
        json!({"q": "shoe", "order_by": [{"field": "_geo_distance"}]}),
        "order_by.0.geo is invalid",
    );
}

#[test]
fn an_order_may_be_a_formula_of_fields_and_scores() {
    let shop = shop();
    let by = |field: &str| found(&shop, json!({"q": "shoe", "order_by": [{"field": field}]})).0.join(" ");
    assert_eq!(by("-sale_price"), "gone b1 r2 r1");
    assert_eq!(by("abs(sale_price - 21) * -1"), "r2 r1 b1 gone");
    assert_eq!(by("1 / (sale_price - 30)"), "r1 gone b1 r2", "what is undefined has the default, 0");
    assert_eq!(by("_search_score * 0 + sale_price ** 2"), "r1 r2 b1 gone");
    let boosted = json!({"q": "shoe", "boost_fq": "custom_attributes.color:blue", "boost_positions": [3],
        "order_by": [{"field": "_boosting_score"}, {"field": "sale_price"}]});
    assert_eq!(found(&shop, boosted).0.join(" "), "r1 r2 gone b1", "the rule still has the last word");
    check_refused(&shop, "search", json!({"order_by": [{"field": "evil(1)"}]}), "no function `evil`");
}

#[test]
fn a_misspelt_query_is_corrected_unless_the_request_forbids_it() {
    let shop = shop();
    let ask = |request: Value| shop.ask("search", &request).unwrap();
    let answer = ask(json!({"q": "Blue runing shoe"}));
    assert_eq!(ids(&answer), ["b1"]);
    assert_eq!(
        answer.data["spellcheck"],
        json!({
            "spelling_errors": true,
            "auto_spelling_correction": true,
            "original_query": "Blue runing shoe",
            "original_query_with_markups": "Blue <mark>runing</mark> shoe",
            "corrected_query": "Blue running shoe",
            "corrected_query_with_markups": "Blue <mark>running</mark> shoe",
        })
    );
    let answer = ask(json!({"q": "runing", "spellcheck": {"enable_auto_spelling_correction": false}}));
    assert_eq!(ids(&answer), Vec::<String>::new());
    assert_eq!(answer.data["spellcheck"]["spelling_errors"], true);
    assert_eq!(answer.data["spellcheck"]["auto_spelling_correction"], false);
    assert_eq!(answer.data["spellcheck"]["corrected_query"], "running");
    let answer = ask(json!({"q": "running", "fq": "brand:none"}));
    assert_eq!(answer.data["spellcheck"]["spelling_errors"], false, "an empty filter is no misspelling");
}

#[test]
fn a_partial_match_lists_what_is_missing_after_the_full_matches() {
    let shop = shop();
    let missing = |product: &Value| product["_missing_keywords"].clone();
    let answer = shop.ask("search", &json!({"q": "blue running", "enable_partial_match": true, "rows": 10})).unwrap();
    let products = answer.data["products"].as_array().unwrap();
    assert_eq!(ids(&answer)[0], "b1");
    assert_eq!(missing(&products[0]), json!([]));
    assert_eq!(products.len(), 4);
    let hat = products.iter().find(|product| product["product_id"] == "b2").unwrap();
    assert_eq!(missing(hat), json!(["running"]));

    let apart =
        json!({"q": "blue running", "enable_partial_match": true, "partial_match_mode": "separated", "rows": 10});
    let answer = shop.ask("search", &apart).unwrap();
    assert_eq!(ids(&answer), ["b1"]);
    assert_eq!(answer.data["total"], 1);
    assert_eq!(answer.data["partially_matched_products"].as_array().unwrap().len(), 3);
    let mut few = apart.clone();
    few["enable_partial_match_threshold"] = json!(0);
    let answer = shop.ask("search", &few).unwrap();
    assert_eq!(answer.data["partially_matched_products"], json!([]), "there are full matches enough");
    let plain = shop.ask("search", &json!({"q": "blue running"})).unwrap();
    assert!(plain.data["products"][0].get("_missing_keywords").is_none());
}

#[test]
fn the_fields_that_matched_are_told_where_asked() {
    let shop = shop();
    let answer = shop.ask("search", &json!({"q": "nike running red", "enable_matched_fields": true})).unwrap();
    assert_eq!(answer.data["products"][0]["_matched_fields"], json!(["title", "metadata"]));
    let plain = shop.ask("search", &json!({"q": "nike"})).unwrap();
    assert!(plain.data["products"][0].get("_matched_fields").is_none());
}

#[test]
fn like_finds_what_shares_most_words() {
    let shop = shop();
    let answer = shop.ask("search", &json!({"like": "a blue hat to wear while running"})).unwrap();
    assert_eq!(ids(&answer)[0], "b2");
}

#[test]
fn facets_count_with_all_filters_but_their_own() {
    let shop = shop();
    let request = json!({
        "q": "shoe", "rows": 1,
        "facets": ["brand", {"field": "custom_attributes.color", "alias": "color"}, "categories",
            {"field": "sale_price", "alias": "price", "ranges": [{"from": 1, "to": 10, "key": "low"}, {"from": 10, "key": "high"}]},
            {"field": "brand", "alias": "p", "include": "P.*"}],
        "facet_filters": {"brand": {"terms": ["Nike"]}},
    });
    let answer = shop.ask("search", &request).unwrap();
    assert_eq!(answer.data["total"], 2);
    let counts = &answer.data["facet_counts"]["facet_fields"];
    assert_eq!(counts["brand"], json!([["Nike", 2], ["Puma", 2]]));
    assert_eq!(counts["color"], json!([["red", 1]]));
    assert_eq!(counts["categories"], json!([["Running", 2], ["Shoes", 2]]));
    assert_eq!(counts["price"], json!([["high", 1], ["low", 1]]));
    assert_eq!(counts["p"], json!([["Puma", 2]]));
    check_refused(
        &shop,
        "search",
        json!({"facets": [{"field": "brand", "include": "("}]}),
        "facets.0.include is invalid",
    );
    check_refused(
        &shop,
        "search",
        json!({"facet_filters": {"brand": {"queries": [{"query": "brand:"}]}}}),
        "facet_filters.brand.queries is invalid",
    );
}

#[test]
fn existence_tells_of_the_hits_beyond_the_page() {
    let request = json!({"q": "shoe", "rows": 1, "query_product_existence": {"product_ids": ["r2", "b2", "none"]}});
    let answer = shop().ask("search", &request).unwrap();
    assert_eq!(answer.data["product_existence"], json!({"r2": true, "b2": false, "none": false}));
}

#[test]
fn queries_that_cannot_be_read_are_refused() {
    let shop = shop();
    check_refused(&shop, "search", json!({"q": ""}), "q is invalid");
    check_refused(
        &shop,
        "search",
        json!({"advanced_q": "(shoe"}),
        "advanced_q is invalid. cannot parse the query at position",
    );
    check(&shop, "search", json!({"q": "!!!"}), "");
}

#[test]
fn titles_complete_with_their_products_and_attributes_without() {
    let shop = shop();
    let request = json!({"q": "re", "completion_fields": ["title", "brand", "historical_queries"], "fl": ["brand"]});
    let answer = shop.ask("autocomplete", &request).unwrap();
    let completions = &answer.data["completions"];
    let titles = completions["title"].as_array().unwrap();
    assert_eq!(titles.len(), 3);
    assert_eq!(titles[0]["text_with_markups"].as_str().unwrap().matches("<mark>").count(), 1);
    let product = titles[0]["product"].as_object().unwrap();
    assert_eq!(product.keys().collect::<Vec<_>>(), ["product_id", "brand", "_boosted"]);
    assert_eq!(completions["brand"], json!([]));
    assert_eq!(completions["historical_queries"], json!([]));
    let brands = shop.ask("autocomplete", &json!({"q": "n", "completion_fields": ["brand"]})).unwrap();
    assert_eq!(brands.data["completions"]["brand"][0]["text"], "Nike");
    assert!(brands.data["completions"]["brand"][0].get("product").is_none());
    let socks = shop.ask("autocomplete", &json!({"q": "green"})).unwrap();
    assert_eq!(socks.data["completions"]["title"].as_array().unwrap().len(), 1, "one variant of the group");
    check_refused(&shop, "autocomplete", json!({}), "q is invalid");
}

#[test]
fn past_queries_of_enough_people_complete() {
    let mut text = String::new();
    for person in ["a", "b", "c", "d", "e"] {
        text += &format!("{person} search red shoe\n{person} search red hat\n");
    }
    text += "f search red shoe\na search red rum\n";
    let world = world(&text);
    let complete = |request: Value| -> Vec<String> {
        let mut request = request;
        request["completion_fields"] = json!(["historical_queries"]);
        let answer = world.ask("autocomplete", &request).unwrap();
        let list = answer.data["completions"]["historical_queries"].as_array().unwrap().clone();
        list.iter().map(|one| one["text_with_markups"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(complete(json!({"q": "Red"})), ["red<mark> shoe</mark>", "red<mark> hat</mark>"]);
    assert_eq!(complete(json!({"q": "red", "min_query_users": 6})), ["red<mark> shoe</mark>"]);
    assert_eq!(complete(json!({"q": "red r", "min_query_users": 1})), ["red r<mark>um</mark>"]);
    assert_eq!(complete(json!({"q": "red sohe"})), ["red shoe"]);
    assert_eq!(complete(json!({"q": "hat"})), Vec::<String>::new());
    assert_eq!(complete(json!({"q": " "})), Vec::<String>::new());
}

#[test]
fn multiple_get_keeps_the_order_asked_and_says_what_is_missing() {
    let shop = shop();
    let answer = shop.ask("mget", &json!({"product_ids": ["b2", "none", "r1", "b2"]})).unwrap();
    let products = answer.data["products"].as_array().unwrap();
    assert_eq!(ids(&answer), ["b2", "none", "r1", "b2"]);
    let flags: Vec<bool> = products.iter().map(|product| product["_found"].as_bool().unwrap()).collect();
    assert_eq!(flags, [true, false, true, true]);
    assert_eq!(products[0]["title"], "Blue hat", "everything by default");
    check_refused(&shop, "mget", json!({}), "product_ids is invalid");
}
