//! Properties proved here:
//! 1. Without being asked for, no product is found that lacks a word of the query.
//! 2. Asked for, products near in meaning follow those that have the words, live: new ones at once, deleted ones never.
//! 3. The very title of a product brings that product first, whatever else is near in meaning.
//! 4. `like` beside words prefers what is like it; alone it finds what means the like, too.
//! 5. What is listed apart for the words that it lacks is not found by its meaning once more.

use serde_json::{Value, json};

use super::{World, check, check_refused, ids, world};

fn shop() -> World {
    world(
        "
        product violin title=Student_violin
        product cello title=Full_size_cello
        product bike title=Mountain_bicycle
        product lamp title=Violin_side_lamp_made_of_brass_with_paper_shade
        product drill title=Cordless_drill
    ",
    )
}

#[test]
fn products_near_in_meaning_are_found_where_that_is_asked_for_after_those_with_the_words() {
    let shop = shop();
    check(&shop, "search", json!({"q": "cello"}), "cello");
    check(&shop, "search", json!({"q": "cello", "enable_semantic_search": true}), "cello violin");
    check(
        &shop,
        "search",
        json!({"q": "cello", "enable_semantic_search": true, "semantic_search_threshold": 1}),
        "cello",
    );
    let all =
        json!({"q": "cello", "enable_semantic_search": true, "semantic_search_threshold": 0, "exclude": ["cello"]});
    assert_eq!(ids(&shop.ask("search", &all).unwrap())[0], "violin");
    let filtered = json!({"q": "cello", "enable_semantic_search": true, "fq": "title:\"Cordless drill\""});
    check(&shop, "search", filtered, "");
    let scores: Vec<Value> =
        shop.ask("search", &json!({"q": "cello", "enable_semantic_search": true})).unwrap().data["products"]
            .as_array()
            .unwrap()
            .iter()
            .map(|product| product["_search_score"].clone())
            .collect();
    assert!(scores.iter().all(|score| score.as_f64().unwrap() > 0.0), "{scores:?}");
}

#[test]
fn what_comes_and_goes_is_found_by_meaning_at_once_and_never_again() {
    let mut shop = shop();
    shop.tell("product viola title=Old_viola");
    let asked = json!({"q": "cello", "enable_semantic_search": true, "semantic_search_threshold": 0.3});
    assert!(ids(&shop.ask("search", &asked).unwrap()).contains(&"viola".to_owned()));
    // As of the acknowledgement, before its vector is taken out.
    shop.position += 1;
    shop.state.delete_product(shop.position, "viola");
    assert!(!ids(&shop.ask("search", &asked).unwrap()).contains(&"viola".to_owned()));
}

#[test]
fn the_words_of_a_title_bring_it_first() {
    let makers = ["Acme", "Norda", "Pell", "Tivoli", "Zeno"];
    let things = ["sofa", "couch", "settee", "lamp", "bicycle", "bike", "drill", "laptop", "notebook", "phone"];
    let colours = ["red", "crimson", "blue", "black", "grey", "white", "green", "pink", "brown", "beige"];
    let titles: Vec<String> = makers
        .iter()
        .flat_map(|maker| things.iter().map(move |thing| format!("{maker}_{thing}")))
        .flat_map(|title| colours.iter().map(move |colour| format!("{title}_{colour}")))
        .collect();
    let told: String = titles
        .iter()
        .enumerate()
        .map(|(at, title)| format!("product p{at} title={title}\nproduct q{at} title={title}_with_extra_case\n"))
        .collect();
    let shop = world(&told);
    for (at, title) in titles.iter().enumerate() {
        let answer = shop.ask("search", &json!({"q": title.replace('_', " "), "rows": 1})).unwrap();
        assert_eq!(ids(&answer), [format!("p{at}")], "{title}");
        let answer = shop
            .ask("search", &json!({"q": title.replace('_', " "), "rows": 1, "enable_semantic_search": true}))
            .unwrap();
        assert_eq!(ids(&answer), [format!("p{at}")], "{title}, by meaning too");
    }
}

#[test]
fn like_beside_words_prefers_what_is_like_it() {
    let shop = world(
        "
        product office title=Chair_for_the_office_desk
        product garden title=Chair_for_the_garden_terrace
    ",
    );
    check(&shop, "search", json!({"q": "chair", "like": "patio furniture, lawn"}), "garden office");
    check(&shop, "search", json!({"q": "chair", "like": "computer workplace, desk"}), "office garden");
}

#[test]
fn like_alone_finds_what_means_the_like() {
    let found = ids(&shop().ask("search", &json!({"like": "cello"})).unwrap());
    assert_eq!(found[..2], ["cello", "violin"], "{found:?}");
}

#[test]
fn what_is_listed_apart_is_not_found_by_its_meaning_too() {
    let asked = json!({
        "q": "full cello drill", "enable_partial_match": true, "partial_match_mode": "separated",
        "enable_semantic_search": true, "semantic_search_threshold": 0,
    });
    let answer = shop().ask("search", &asked).unwrap();
    let apart = answer.data["partially_matched_products"].as_array().unwrap();
    let apart: Vec<&str> = apart.iter().map(|product| product["product_id"].as_str().unwrap()).collect();
    assert!(apart.contains(&"cello") && apart.contains(&"drill"), "{apart:?}");
    assert!(ids(&answer).iter().all(|id| !apart.contains(&id.as_str())), "{:?}", ids(&answer));
    assert!(!ids(&answer).is_empty());
}

#[test]
fn a_threshold_that_is_none_is_refused() {
    check_refused(
        &shop(),
        "search",
        json!({"q": "cello", "semantic_search_threshold": 2}),
        "semantic_search_threshold",
    );
}
