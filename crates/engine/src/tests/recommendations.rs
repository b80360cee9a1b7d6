//! Properties proved here:
//! 1. The layers of fallback: history, popularity, newest; a missing model or an unknown person shortens the way.
//! 2. A click changes the next answer, for users, anonymous and linked people alike, before and after training.
//! 3. Left out: the seen, the excluded, what is out of stock, what has no record; nothing twice, one variant a group.
//! 4. Business rules: boosts, positions, diversification, dithering, distance.

use serde_json::json;

use super::{check, check_refused, ids, world};

/// Two tastes: shoes and hats, with more products than people; `z` is popular with nobody's taste.
const TASTES: &str = "
    product s1 category=Shoes brand=Nike
    product s2 category=Shoes brand=Nike
    product s3 category=Shoes brand=Puma
    product s4 category=Shoes brand=Puma
    product h1 category=Hats
    product h2 category=Hats
    product h3 category=Hats
    product h4 category=Hats
    product z category=Food
    a view s1 s2 s3
    b view s1 s2 s3
    c view s2 s3 s1
    d view h1 h2 h3
    e view h1 h2 h3
    e2 view h1 h2 h3
    f buy z
    g buy z
    train
";

#[test]
fn a_goal_weighted_by_price_brings_the_dear_ones_forward() {
    for (prices, attribute, expected) in [
        ((10, 90), "sale_price", "b a c"),
        ((90, 10), "sale_price", "a b c"),
        ((90, 10), "custom_attributes.margin", "a b c"),
        ((10, 90), "custom_attributes.margin", "a b c"),
    ] {
        let mut world =
            world(&format!("product a price={}\nproduct b price={}\nproduct c\nproduct p", prices.0, prices.1));
        world.goal.weight_by = Some(crate::WeightBy { attribute: attribute.to_owned(), power: 1.0 });
        world.tell("x view p b a\ny view p a b\nx2 view p b a\ny2 view p a b\nw view p\ntrain");
        check(&world, "user_to_products", json!({"user_id": "w"}), expected);
    }
}

#[test]
fn an_empty_world_answers_with_nothing() {
    let world = world("");
    for question in ["user_to_products", "user_to_trending"] {
        check(&world, question, json!({}), "");
        check(&world, question, json!({"user_id": "nobody", "rows": 1000}), "");
    }
    check(&world, "product_to_products", json!({"product_id": "nothing"}), "");
    check(&world, "search", json!({"q": "*"}), "");
    check(&world, "search", json!({"q": "shoe"}), "");
}

#[test]
fn without_any_interaction_the_newest_come_first() {
    let world = world("product a\nproduct b\nproduct c out\nproduct d");
    check(&world, "user_to_products", json!({}), "d b a");
    check(&world, "user_to_trending", json!({"user_id": "x"}), "d b a");
}

#[test]
fn an_unknown_person_gets_what_is_popular() {
    let world = world("product a\nproduct b\nproduct c\nx view b\ny view b\ny view a\nx buy b");
    check(&world, "user_to_products", json!({"user_id": "nobody"}), "b a c");
    check(&world, "user_to_products", json!({"anonymous_id": "nobody", "rows": 1}), "b");
}

#[test]
fn a_log_that_ended_long_ago_is_answered_as_at_its_end() {
    let world = world("product a\nproduct b\nproduct c\nx view b\ny view b\ny view a\nx buy b");
    let decades_later = crate::View { now: record::Time(super::NOW.0 + 30 * 365 * 86_400_000), ..world.view() };
    let answer = crate::user_to_products(decades_later, &crate::request::UserToProducts::default()).unwrap();
    assert_eq!(ids(&answer).join(" "), "b a c", "not the newest first");
    let trending = crate::user_to_trending(decades_later, &crate::request::UserToProducts::default()).unwrap();
    let then = world.ask("user_to_trending", &json!({})).unwrap();
    assert_eq!(ids(&trending), ids(&then));
}

#[test]
fn a_click_changes_the_next_answer() {
    let mut world = world(TASTES);
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 1}), "z");
    world.tell("new view s1");
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 2}), "s2 s3");
    world.tell("new view h1");
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 2}), "h2 h3");
}

#[test]
fn an_anonymous_visitor_is_served_like_a_user_and_keeps_the_history_when_signing_in() {
    let mut world = world(TASTES);
    world.tell("~anon view s1");
    check(&world, "user_to_products", json!({"anonymous_id": "anon", "rows": 2}), "s2 s3");
    world.tell("zoe~anon view s2");
    check(&world, "user_to_products", json!({"user_id": "zoe", "rows": 1}), "s3");
}

#[test]
fn before_the_first_training_like_products_follow_a_click() {
    let untrained = TASTES.replace("train", "new view s1");
    let answer = world(&untrained).ask("user_to_products", &json!({"user_id": "new", "rows": 3})).unwrap();
    let mut shoes = ids(&answer);
    assert_eq!(shoes[0], "s2", "the same category and the same brand, and popular");
    shoes.sort();
    assert_eq!(shoes, ["s2", "s3", "s4"]);
}

#[test]
fn an_additional_interaction_counts_and_is_stored_nowhere() {
    let world = world(TASTES);
    let click = json!([{"type": "product_detail_page_view", "product_ids": ["s1"]}]);
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 2, "additional_interactions": click}), "s2 s3");
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 1}), "z");
    let wrong = json!([{"type": "product_detail_page_view", "product_ids": "s1"}]);
    check_refused(
        &world,
        "user_to_products",
        json!({"additional_interactions": wrong}),
        "additional_interactions.0.product_ids is invalid",
    );
}

#[test]
fn what_was_met_long_ago_without_a_wish_for_it_comes_last() {
    let mut world = world(TASTES);
    let others: String = (0..50).map(|number| format!("product o{number}\nnew view o{number}\n")).collect();
    world.tell(&format!("new glance z\n{others}new view s1"));
    let answer = world.ask("user_to_products", &json!({"user_id": "new", "rows": 100})).unwrap();
    let ids = ids(&answer);
    assert_eq!(ids.first().map(String::as_str), Some("s2"));
    assert_eq!(ids.last().map(String::as_str), Some("z"), "popular, but no news: {ids:?}");
}

#[test]
fn products_seen_are_left_out_but_impressions_do_not_count_as_seen() {
    let mut world = world(TASTES);
    world.tell("new view s1\nnew glance s2\nnew shown s3\nnew dislike h1");
    let answer = world.ask("user_to_products", &json!({"user_id": "new", "rows": 100})).unwrap();
    let ids = ids(&answer);
    for seen in ["s1", "s2", "h1"] {
        assert!(!ids.contains(&seen.to_owned()), "{seen} was seen");
    }
    assert_eq!(ids.len(), 6);
    assert_eq!(ids[0], "s3");
}

#[test]
fn a_history_lists_what_the_person_did_something_with_the_latest_first() {
    let mut world = world(TASTES);
    world.tell("new view s1\nnew shown s3\nnew view h1 ghost\nnew view s1\n~anon view z");
    check(&world, "user_to_history", json!({"user_id": "new"}), "s1 h1");
    check(&world, "user_to_history", json!({"user_id": "new", "fq": "categories:Hats"}), "h1");
    check(&world, "user_to_history", json!({"user_id": "new", "rows": 1, "start": 1}), "h1");
    check(&world, "user_to_history", json!({"anonymous_id": "anon"}), "z");
    check(&world, "user_to_history", json!({"user_id": "nobody"}), "");
    check(&world, "user_to_history", json!({}), "");
}

#[test]
fn only_the_last_fifty_products_seen_are_left_out() {
    let mut text = String::new();
    for n in 0..60 {
        text += &format!("product p{n}\n");
    }
    for n in 0..60 {
        text += &format!("ann view p{n}\n");
    }
    let world = world(&text);
    let answer = world.ask("user_to_products", &json!({"user_id": "ann", "rows": 100})).unwrap();
    let mut left = ids(&answer);
    left.sort();
    assert_eq!(left, ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"]);
}

#[test]
fn a_product_without_a_record_is_never_shown() {
    let world = world("product a\nx view ghost\ny view ghost\nx view a\ny view a\ntrain\nz view a");
    check(&world, "user_to_products", json!({"user_id": "z"}), "");
    check(&world, "user_to_products", json!({}), "a");
    check(&world, "product_to_products", json!({"product_id": "a"}), "");
    check(&world, "product_to_products", json!({"product_id": "ghost"}), "a");
}

#[test]
fn a_site_that_never_sent_a_record_is_served_from_what_its_interactions_name() {
    let text = "x view a b\ny view a b\nv view a b\nw view c\nz view a";
    for trained in ["", "\ntrain"] {
        let mut world = world(&format!("{text}{trained}"));
        check(&world, "user_to_products", json!({"user_id": "z"}), "b c");
        check(&world, "user_to_products", json!({"rows": 1}), "a");
        check(&world, "product_to_products", json!({"product_id": "a"}), "b c");
        check(&world, "user_to_products", json!({"fq": "brand:\"Nike\""}), "");
        check(&world, "search", json!({"q": "*"}), "");
        world.tell("product c");
        check(&world, "user_to_products", json!({"user_id": "z"}), "c");
    }
}

#[test]
fn products_had_long_ago_come_after_everything_new() {
    let mut text = String::new();
    for n in 0..70 {
        text += &format!("product p{n}\n");
    }
    // What ann had first is the most popular, and goes with what she had last.
    for other in ["ben", "cid", "dan"] {
        text += &format!("{other} buy p0 p59\n");
    }
    for n in 0..60 {
        text += &format!("ann buy p{n}\n");
    }
    let world = world(&format!("{text}train"));
    let answer = world.ask("user_to_products", &json!({"user_id": "ann", "rows": 100})).unwrap();
    let ids = ids(&answer);
    assert_eq!(ids.len(), 20);
    let (new, own) = ids.split_at(10);
    assert!(new.iter().all(|id| ("p60".."p70").contains(&id.as_str())), "{ids:?}");
    assert_eq!(own[0], "p0", "{ids:?}");
}

#[test]
fn filters_fill_up_as_long_as_enough_products_match() {
    let mut world = world(TASTES);
    world.tell("new view s1");
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 4, "fq": "categories:\"Hats\""}), "h3 h2 h1 h4");
    check(&world, "user_to_products", json!({"user_id": "new", "fq": "brand:\"Puma\""}), "s3 s4");
    check(&world, "user_to_products", json!({"user_id": "new", "fq": "brand:\"None\""}), "");
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 0}), "");
    check(&world, "user_to_products", json!({"rows": 2, "exclude": ["z", "s2"]}), "s1 h3");
}

#[test]
fn one_variant_of_a_group_is_shown_unless_all_are_asked_for() {
    let world = world("product a group=g\nproduct b group=g\nproduct c\nx view b\nx view c\ny view b");
    check(&world, "user_to_products", json!({}), "b c");
    check(&world, "user_to_products", json!({"dedupe_product_group_id": false}), "b c a");
}

#[test]
fn an_interaction_with_a_group_speaks_for_its_variants() {
    let mut world = world(
        "
        product a1 group=a
        product a2 group=a
        product b
        product c
        x group a
        x view b
        y group a
        y view b
        train
    ",
    );
    world.tell("new view b");
    let answer = world.ask("user_to_products", &json!({"user_id": "new", "rows": 1, "explain": true})).unwrap();
    assert!(["a1", "a2"].contains(&ids(&answer)[0].as_str()));
    assert_eq!(answer.data["products"][0]["_explain"]["layer"], "history");
    world.tell("other group a");
    check(&world, "user_to_products", json!({"user_id": "other"}), "b c");
}

#[test]
fn what_was_done_with_a_child_trains_its_parent() {
    let mut world = world(
        "
        product album
        product song parent=album
        product other
        x view song
        x view other
        y view song
        y view other
        train
    ",
    );
    world.tell("new view other");
    check(&world, "user_to_products", json!({"user_id": "new", "rows": 2}), "album song");
}

#[test]
fn related_products_follow_the_anchors_which_are_left_out() {
    let world = world(TASTES);
    check(&world, "product_to_products", json!({"product_id": "s1", "rows": 2}), "s3 s2");
    check(&world, "product_to_products", json!({"product_ids": ["s1", "s2"], "rows": 1}), "s3");
    check(&world, "product_to_products", json!({"product_ids": ["s4"], "rows": 3}), "s3 s2 s1");
    check_refused(&world, "product_to_products", json!({}), "product_id is invalid. Name an anchor");
}

#[test]
fn the_variants_of_an_anchor_are_left_out_with_it() {
    let world = world("product a group=g\nproduct b group=g\nproduct c\nx view a b c\ny view a b c\ntrain");
    check(&world, "product_to_products", json!({"product_id": "a"}), "c");
    check(&world, "product_to_products", json!({"product_group_id": "g"}), "c");
    check(&world, "product_to_products", json!({"product_id": "a", "dedupe_product_group_id": false}), "c b");
}

#[test]
fn bought_together_comes_before_merely_related() {
    let world = world(
        "
        product camera
        product lens
        product other_camera
        product unrelated
        a view camera other_camera
        b view camera other_camera
        c view camera other_camera
        c buy camera lens
        d buy camera lens
        e buy unrelated
        f buy unrelated
        train
    ",
    );
    check(
        &world,
        "product_to_products",
        json!({"product_id": "camera", "buy_together": true, "rows": 2}),
        "lens other_camera",
    );
}

#[test]
fn rising_products_lead_the_trends() {
    let mut text = "product old\nproduct new\nproduct quiet\n".to_owned();
    for visitor in 0..12 {
        text += &format!("u{visitor} view old\n");
    }
    for visitor in 0..12 {
        text += &format!("v{visitor} view new\n");
    }
    let world = world(&text);
    check(&world, "user_to_trending", json!({}), "new old quiet");
}

#[test]
fn a_boost_goes_to_the_top_or_to_its_places() {
    let mut world = world(TASTES);
    world.tell("new view s1");
    let ask = |request: serde_json::Value| {
        let mut request = request;
        request["user_id"] = "new".into();
        request["rows"] = 4.into();
        let answer = world.ask("user_to_products", &request).unwrap();
        let products = answer.data["products"].as_array().unwrap();
        let boosted: Vec<bool> = products.iter().map(|product| product["_boosted"].as_bool().unwrap()).collect();
        (ids(&answer).join(" "), boosted)
    };
    assert_eq!(ask(json!({})), ("s2 s3 s4 h3".to_owned(), vec![false; 4]));
    assert_eq!(
        ask(json!({"boost_fq": "product_id:\"h1\""})),
        ("h1 s2 s3 s4".to_owned(), vec![true, false, false, false])
    );
    let at = ask(json!({"boost_fq": "categories:\"Hats\"", "boost_positions": [3, 1]}));
    assert_eq!(at, ("s2 h3 s3 h2".to_owned(), vec![false, true, false, true]));
    let rules = json!({"boost_rules": [
        {"boost_fq": "product_id:\"z\"", "boost_positions": [0]},
        {"boost_fq": "product_id:\"h4\""},
    ]});
    assert_eq!(ask(rules), ("z h4 s2 s3".to_owned(), vec![true, true, false, false]));
    assert_eq!(ask(json!({"boost_fq": "brand:\"None\""})).0, "s2 s3 s4 h3");
}

#[test]
fn a_boosted_place_beyond_the_products_moves_up() {
    let world = world("product a\nproduct b");
    check(&world, "user_to_products", json!({"boost_fq": "product_id:\"b\"", "boost_positions": [4]}), "a b");
}

#[test]
fn diversification_keeps_like_products_apart_where_it_can() {
    let world = world(
        "
        product a brand=X
        product b brand=Y
        product c brand=X
        product d brand=X
        product e brand=X
    ",
    );
    check(&world, "user_to_products", json!({}), "e d c b a");
    check(&world, "user_to_products", json!({"diversification": {"brand": {"minimum_distance": 1}}}), "e b d c a");
    check(&world, "user_to_products", json!({"diversification": {"brand": {}}, "rows": 2}), "e b");
    check_refused(
        &world,
        "user_to_products",
        json!({"diversification": {"brand": 3}}),
        "diversification.brand is invalid",
    );
}

#[test]
fn dithering_changes_the_order_by_the_seed_only() {
    let text: String = (0..40).map(|n| format!("product p{n}\n")).collect();
    let mut world = world(&text);
    let ask =
        |world: &super::World| ids(&world.ask("user_to_products", &json!({"rows": 40, "dithering": 2.0})).unwrap());
    let plain = ids(&world.ask("user_to_products", &json!({"rows": 40})).unwrap());
    let first = ask(&world);
    assert_eq!(first, ask(&world));
    assert_ne!(first, plain);
    world.seed = 2;
    assert_ne!(first, ask(&world));
    let mut sorted = (first, plain);
    sorted.0.sort();
    sorted.1.sort();
    assert_eq!(sorted.0, sorted.1);
}

#[test]
fn pages_of_one_pagination_id_hold_nothing_twice() {
    let text: String = (0..40).map(|n| format!("product p{n}\n")).collect();
    let mut world = world(&text);
    let mut all = Vec::new();
    for page in 0..8 {
        world.seed = page;
        let request = json!({"rows": 5, "start": page * 5, "dithering": 3.0, "pagination_id": "visit"});
        all.extend(ids(&world.ask("user_to_products", &request).unwrap()));
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 40);
}

#[test]
fn a_circle_lets_through_what_lies_in_it() {
    let world = world(
        "
        product berlin at=52.52,13.405
        product potsdam at=52.39,13.06
        product fiji at=-17.7,179.9
        product samoa at=-17.7,-179.9
        product nowhere
    ",
    );
    let within = |lat: f64, lon: f64, km: f64| json!({"geo": {"filter": [{"lat": lat, "lon": lon, "distance": km, "distance_unit": "km"}]}});
    check(&world, "user_to_products", within(52.52, 13.4, 10.0), "berlin");
    check(&world, "user_to_products", within(52.52, 13.4, 40.0), "potsdam berlin");
    check(&world, "user_to_products", within(-17.7, -179.95, 30.0), "samoa fiji");
    check(
        &world,
        "user_to_products",
        json!({"geo": {"filter": [{"lat": 52.52, "lon": 13.4, "distance": 20}]}}),
        "potsdam berlin",
    );
    check(
        &world,
        "user_to_products",
        json!({"rows": 2, "geo": {"boost": [{"lat": 52.5, "lon": 13.4, "distance": 5}]}}),
        "berlin nowhere",
    );
    check_refused(&world, "user_to_products", within(95.0, 0.0, 1.0), "geo.filter.lat is invalid");
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    let world = world("product a");
    for (request, expected) in [
        (json!({"rows": 1001}), "rows is invalid. It must be from 0 to 1000, not 1001."),
        (json!({"dithering": 0.5}), "dithering is invalid."),
        (json!({"fq": "brand:"}), "fq is invalid. cannot parse the query at position"),
        (json!({"boost_fq": "(a"}), "boost_fq is invalid."),
        (json!({"start": 200_000}), "start is invalid."),
        (json!({"pagination_id": "x".repeat(513)}), "pagination_id is invalid."),
    ] {
        check_refused(&world, "user_to_products", request, expected);
    }
}

#[test]
fn null_means_absent_and_an_unknown_field_is_refused() {
    let world = world("product a");
    let nulls = json!({"user_id": null, "rows": null, "fq": null, "boost_rules": null, "geo": null, "exclude": null});
    check(&world, "user_to_products", nulls, "a");
    let unknown = serde_json::from_value::<crate::request::UserToProducts>(json!({"row": 1}));
    assert!(unknown.unwrap_err().to_string().contains("unknown field `row`"));
}
