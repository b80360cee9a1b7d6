//! What follows answers, and what follows from it:
//! 1. What people choose after a query rises for that query, and for no other; one person moves little.
//! 2. Pages under a `pagination_id` hold nothing twice, whatever happens between them, and stay as they were.
//! 3. Anchored products stand at their anchors while it is time; like ones stand together where that is asked for.
//! 4. A click far down weighs more than one at the top; what was shown and left loses a little.
//! 5. Additional interactions count as stored ones do.
//! 6. A stranger gets what the cohort wants, or what is wanted where the stranger comes from; a segment of one changes little.

use serde_json::{Value, json};
use state::Given;
use uuid::Uuid;

use super::{NOW, World, check, check_refused, ids, world};

const SHOES: &str = "
    product a title=Shoe_alpha brand=Nike price=1
    product b title=Shoe_beta brand=Puma price=2
    product c title=Shoe_gamma brand=Nike price=3
    product d title=Shoe_delta brand=Puma price=4
    product e title=Shoe_epsilon brand=Asics price=5
    product x title=Hat_alpha brand=Nike price=6
";

fn act(world: &mut World, interaction: Value) {
    world.position += 1;
    let mut interaction = interaction;
    interaction["timestamp"] = NOW.to_string().into();
    world.state.add_interaction(world.position, &serde_json::from_value(interaction).unwrap());
}

/// Gives an answer to the search, and lets people click in it.
fn clicked(world: &mut World, query: &str, listed: &[&str], product: &str, people: u32) {
    let miso_id = Uuid::from_u128(u128::from(world.position) + 1);
    let row = |id: &&str| world.state.catalogue().row(id).unwrap();
    let products = listed.iter().map(row).collect();
    let given = Given {
        miso_id,
        time: NOW,
        api: "search/search".to_owned(),
        query: query.to_owned(),
        products,
        ..Given::default()
    };
    world.state.remember(given);
    for person in 0..people {
        let user_id = format!("{query}{person}");
        act(world, json!({"type": "click", "user_id": user_id, "miso_id": miso_id, "product_ids": [product]}));
    }
}

fn searched(world: &World, query: &str) -> Vec<String> {
    ids(&world.ask("search", &json!({"q": query})).unwrap())
}

#[test]
fn what_people_choose_after_a_query_rises_for_it() {
    let mut world = world(SHOES);
    let before = searched(&world, "shoe");
    let last = before.last().unwrap().clone();
    let listed: Vec<&str> = before.iter().map(String::as_str).collect();
    clicked(&mut world, "shoe", &listed, &last, 12);
    assert_eq!(searched(&world, " SHOE ")[0], last);
    // Alone among the shoes it was clicked after another query too, where it is not a hit.
    assert_eq!(searched(&world, "hat"), ["x"]);
    let explained = world.ask("search", &json!({"q": "shoe", "explain": true})).unwrap();
    let first = &explained.data["products"][0]["_explanation"];
    let sources: Vec<&Value> = first["sources"].as_array().unwrap().iter().map(|source| &source["source"]).collect();
    assert!(sources.contains(&&json!("clicks")), "{first}");
}

#[test]
fn a_person_who_clicks_again_and_again_does_not_turn_a_query_round() {
    let mut world = world(
        "product a title=Red_shoe description=red_shoe\nproduct b title=Shelf description=for_a_red_box_or_a_blue_or_green_shoe",
    );
    assert_eq!(searched(&world, "red shoe"), ["a", "b"]);
    clicked(&mut world, "red shoe", &["a", "b"], "b", 1);
    for _ in 0..50 {
        act(&mut world, json!({"type": "click", "user_id": "red shoe0", "product_ids": ["b"]}));
    }
    assert_eq!(searched(&world, "red shoe"), ["a", "b"]);
}

#[test]
fn pages_hold_nothing_twice_whatever_happens_between_them() {
    let mut world = world("");
    for number in 0..12 {
        world.tell(&format!("product p{number} category={}", ["Shoes", "Hats"][number % 2]));
    }
    world.tell("ann view p0\nbob view p1\nbob view p3");
    let page = |world: &mut World, start: usize| {
        let request = json!({"user_id": "ann", "rows": 4, "start": start, "pagination_id": "feed"});
        let answer = world.ask("user_to_products", &request).unwrap();
        world.kept = answer.listed.clone();
        ids(&answer)
    };
    let first = page(&mut world, 0);
    world.tell(&format!("ann view {}\nbob buy p9\nproduct new category=Hats", first[3]));
    let second = page(&mut world, 4);
    let third = page(&mut world, 8);
    assert_eq!(page(&mut world, 0), first);
    assert_eq!(page(&mut world, 4), second);
    let mut all: Vec<String> = [first, second, third].concat();
    assert_eq!(all.len(), 12);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 12);
    // Without the list, a click on the first page moves the rest of it.
    world.kept.clear();
    let fresh = page(&mut world, 0);
    assert!(!fresh.contains(&all[0]) || fresh.len() == 4);
}

#[test]
fn boosted_places_are_those_of_the_whole_list() {
    let mut world = world(SHOES);
    let ask = |world: &World, start: usize, rows: usize| {
        let request = json!({"rows": rows, "start": start, "pagination_id": "p", "boost_fq": "brand:Asics", "boost_positions": [3]});
        world.ask("user_to_products", &request).unwrap()
    };
    let whole = ids(&ask(&world, 0, 6));
    assert_eq!(whole[3], "e");
    let first = ask(&world, 0, 2);
    world.kept = first.listed.clone();
    assert_eq!(ids(&ask(&world, 2, 4)), whole[2..]);
}

#[test]
fn an_anchored_product_stands_at_its_anchor_while_it_is_time() {
    let world = world(SHOES);
    let order = json!([{"field": "sale_price", "order": "asc"}]);
    let anchored = |entries: Value| {
        ids(&world.ask("search", &json!({"q": "shoe", "order_by": order, "anchoring_settings": entries})).unwrap())
            .join(" ")
    };
    assert_eq!(anchored(json!([])), "a b c d e");
    assert_eq!(anchored(json!([{"product_id": "e", "anchor_ids": ["b"]}])), "a e b c d");
    assert_eq!(anchored(json!([{"product_id": "e", "anchor_ids": ["b"], "relative_position": 1}])), "a b e c d");
    assert_eq!(anchored(json!([{"product_id": "a", "anchor_ids": ["c", "d"], "relative_position": 2}])), "b c d a e");
    assert_eq!(anchored(json!([{"product_id": "a", "anchor_ids": ["b"], "relative_position": -9}])), "a b c d e");
    assert_eq!(anchored(json!([{"product_id": "a", "anchor_ids": ["b"], "relative_position": 99}])), "b c d e a");
    // What is no result is neither moved nor moved to.
    assert_eq!(
        anchored(
            json!([{"product_id": "x", "anchor_ids": ["b"]}, {"product_id": "e", "anchor_ids": ["x", "nothing"]}])
        ),
        "a b c d e"
    );
    let at = |days: i64| record::Time(NOW.0 + days * record::Time::DAY_MS).to_string();
    let timed = |from: i64, to: i64| {
        anchored(json!([{"product_id": "e", "anchor_ids": ["b"], "start_time": at(from), "end_time": at(to)}]))
    };
    assert_eq!(timed(-1, 1), "a e b c d");
    assert_eq!(timed(1, 2), "a b c d e");
    assert_eq!(timed(-2, 0), "a b c d e");
    // Pages put together are the whole list.
    let page = |start: usize| {
        let entries = json!([{"product_id": "a", "anchor_ids": ["d"]}]);
        let request = json!({"q": "shoe", "order_by": order, "anchoring_settings": entries, "rows": 2, "start": start});
        ids(&world.ask("search", &request).unwrap()).join(" ")
    };
    assert_eq!([page(0), page(2), page(4)], ["b c", "a d", "e"]);
}

#[test]
fn like_ones_stand_together_where_that_is_asked_for() {
    let world = world(SHOES);
    let order = json!([{"field": "sale_price", "order": "asc"}]);
    let listed = |diversification: Value| {
        let request = json!({"q": "shoe", "order_by": order, "diversification": diversification});
        ids(&world.ask("search", &request).unwrap()).join(" ")
    };
    assert_eq!(listed(json!({"brand": {"always_together": true}})), "a c b d e");
    assert_eq!(listed(json!({"brand": {"always_together": false, "minimum_distance": 0}})), "a b c d e");
    assert_eq!(listed(json!({"brand": {"always_together": null, "minimum_distance": null}})), "a b c d e");
    check(
        &world,
        "user_to_products",
        json!({"rows": 6, "diversification": {"brand": {"always_together": true}}}),
        "x c a e d b",
    );
    let wrong = json!({"q": "shoe", "diversification": {"brand": {"always_together": 1}}});
    check_refused(&world, "search", wrong, "diversification.brand is invalid.");
}

#[test]
fn a_click_far_down_weighs_more() {
    let mut world = world(SHOES);
    act(&mut world, json!({"type": "home_page_view", "user_id": "ann"}));
    clicked(&mut world, "shoe", &["a", "b", "c", "d", "e"], "a", 1);
    clicked(&mut world, "boot", &["a", "b", "c", "d", "e"], "e", 1);
    act(&mut world, json!({"type": "impression", "user_id": "ann", "product_ids": ["a", "b", "c"]}));
    act(&mut world, json!({"type": "product_detail_page_view", "user_id": "ann", "product_ids": ["b"]}));
    let dataset = crate::training_dataset(&world.state, NOW, &world.goal);
    let row = |id: &str| world.state.catalogue().row(id).unwrap().0;
    let visitors: Vec<Vec<(u32, f32)>> = dataset
        .visitors()
        .map(|own| own.iter().map(|observation| (observation.product, observation.weight)).collect())
        .collect();
    let [ann, top, down] = &visitors[..] else { panic!("{visitors:?}") };
    assert_eq!(**top, [(row("a"), 1.0)]);
    assert_eq!(**down, [(row("e"), 2.0)]);
    assert_eq!(**ann, [(row("b"), 1.0)]);
}

#[test]
fn what_was_shown_and_left_loses_a_little() {
    let mut world = world("product a\nproduct b\nproduct c\nfan view a\nfan2 view a\nfan2 view b\nfan view c");
    let listed = |world: &World| ids(&world.ask("user_to_products", &json!({"user_id": "ann"})).unwrap()).join(" ");
    assert_eq!(listed(&world), "a c b");
    for _ in 0..2 {
        world.tell("ann shown c\nfan cart z");
    }
    assert_eq!(listed(&world), "a b c");
    // It is the person's own matter.
    check(&world, "user_to_products", json!({"user_id": "new"}), "a c b");
}

#[test]
fn additional_interactions_count_as_stored_ones_do() {
    let text = "
        product s1 category=Shoes group=shoe
        product s2 category=Shoes group=shoe
        product s3 category=Shoes
        product h1 category=Hats
        product h2 category=Hats
        other group shoe
        other view s3 h2
        train";
    let additional = [
        json!({"type": "product_detail_page_view", "product_ids": ["s3"]}),
        json!({"type": "add_to_cart", "product_ids": ["s3", "h1"], "quantities": [1, 4]}),
        json!({"type": "product_detail_page_view", "product_group_ids": ["shoe"], "duration": 40}),
        json!({"type": "rate", "product_ids": ["h1"], "rating": 5, "timestamp": "2199-01-01T00:00:00Z"}),
        json!({"type": "dislike", "product_ids": ["h1"]}),
    ];
    for interaction in additional {
        let mut stored = world(text);
        let mut sent = interaction.clone();
        sent["user_id"] = "ann".into();
        act(&mut stored, sent);
        let asked = world(text);
        for question in ["user_to_products", "user_to_trending", "user_to_history"] {
            let request = json!({"user_id": "ann", "rows": 5, "dedupe_product_group_id": false});
            let mut with = request.clone();
            with["additional_interactions"] = json!([interaction]);
            let personal = |world: &World, request: &Value| -> Vec<Value> {
                let answer = world.ask(question, request).unwrap();
                let products = answer.data["products"].as_array().unwrap().iter();
                products.map(|product| json!([product["product_id"], product["_personalization_score"]])).collect()
            };
            if question != "user_to_trending" {
                assert_eq!(personal(&stored, &request), personal(&asked, &with), "{question} {interaction}");
            }
        }
    }
}

/// Everybody wants `all`; Italians want `it` on top of it, readers of the newsletter `mail`.
fn with_segments() -> World {
    let mut world = world("product all\nproduct it\nproduct mail\nproduct other");
    let mut put = |id: String, country: &str| {
        world.position += 1;
        let user = serde_json::from_value(json!({"user_id": id, "country": country})).unwrap();
        world.state.put_user(world.position, &user);
    };
    (0..20).for_each(|number| put(format!("it{number}"), "IT"));
    put("lone".to_owned(), "LONE");
    put("known".to_owned(), "IT");
    for number in 0..60 {
        act(&mut world, json!({"type": "click", "user_id": format!("u{number}"), "product_ids": ["all"]}));
    }
    for number in 0..20 {
        act(&mut world, json!({"type": "click", "user_id": format!("it{number}"), "product_ids": ["it"]}));
        let context = json!({"campaign": {"name": "letter"}, "locale": "fr-FR"});
        let read =
            json!({"type": "click", "anonymous_id": format!("m{number}"), "product_ids": ["mail"], "context": context});
        act(&mut world, read);
    }
    act(&mut world, json!({"type": "click", "user_id": "lone", "product_ids": ["other"]}));
    world.popular = crate::popular_order(&world.state);
    world
}

#[test]
fn a_stranger_gets_what_the_cohort_or_the_place_wants() {
    let mut world = with_segments();
    let first = |world: &World, request: Value| ids(&world.ask("user_to_products", &request).unwrap())[0].clone();
    assert_eq!(first(&world, json!({})), "all");
    assert_eq!(first(&world, json!({"user_cohort": {"country": "it"}})), "it");
    assert_eq!(first(&world, json!({"user_id": "known"})), "it", "the profile says it");
    assert_eq!(first(&world, json!({"custom_context": {"locale": "fr-FR"}})), "mail");
    assert_eq!(first(&world, json!({"custom_context": {"campaign": {"name": "letter"}}})), "mail");
    act(
        &mut world,
        json!({"type": "home_page_view", "anonymous_id": "new", "context": {"campaign": {"name": "letter"}}}),
    );
    assert_eq!(first(&world, json!({"anonymous_id": "new"})), "mail");
    // One person is no cohort, and what nobody has changes nothing.
    assert_eq!(first(&world, json!({"user_cohort": {"country": "LONE"}})), "all");
    let plain = world.ask("user_to_products", &json!({})).unwrap();
    assert_eq!(world.ask("user_to_products", &json!({"user_cohort": {"country": "XX"}})).unwrap(), plain);
    let explained = world.ask("user_to_products", &json!({"user_cohort": {"country": "IT"}, "explain": true})).unwrap();
    assert!(explained.data["products"][0]["_explanation"].to_string().contains("context"));
}

#[test]
fn the_first_click_of_a_stranger_changes_the_page() {
    let mut world = with_segments();
    world.tell("product it2 category=Food\nproduct it3 category=Food\nproduct z category=Food");
    let before = ids(&world.ask("user_to_products", &json!({"anonymous_id": "new", "rows": 3})).unwrap());
    act(&mut world, json!({"type": "click", "anonymous_id": "new", "product_ids": ["z"]}));
    let after = ids(&world.ask("user_to_products", &json!({"anonymous_id": "new", "rows": 3})).unwrap());
    assert_ne!(before, after);
    assert!(after.contains(&"it2".to_owned()) && !after.contains(&"z".to_owned()), "{after:?}");
}
