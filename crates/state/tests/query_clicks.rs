//! 1. What people click after a query is lifted for that query, however it is written, and for no other.
//! 2. More people lift more; one person counts once, and one click moves little.
//! 3. A purchase says more than a click, a click far down more than one at the top, a glance nothing.
//! 4. The click may name the search's answer, or the search itself, or only follow it soon.
//! 5. Clicks fade; an erased person's go.
//! 6. An anonymous visitor who signs in is one person among those who typed a query.

#![allow(clippy::unwrap_used, reason = "tests")]

mod world;

use record::Time;
use state::State;
use world::*;

const DAY: i64 = 86_400;

fn shop() -> State {
    world("1 impression u=cat p=a,b,c,d,e,f")
}

/// What `product` deserves after `query`, at the second 100.
fn deserved(state: &State, query: &str, product: &str) -> f32 {
    let row = state.catalogue().row(product).unwrap();
    let deserved = state.query_clicks().deserved(query, Time(100_000));
    deserved.into_iter().find(|(other, _)| *other == row).map_or(0.0, |(_, share)| share)
}

#[test]
fn a_click_after_a_query_speaks_for_the_product_under_that_query_only() {
    let mut state = shop();
    give(&mut state, "10 search/search m=1 p=a,b words=Red__Shoe");
    fold(&mut state, "11 click u=ann m=1 p=b");
    assert!(deserved(&state, " red  SHOE", "b") > 0.0);
    assert_eq!(deserved(&state, "red shoe", "a"), 0.0);
    assert_eq!(deserved(&state, "red", "b"), 0.0);
    assert_eq!(state.query_clicks().len(), 1);
}

#[test]
fn many_people_move_much_and_one_person_little() {
    let clicked_by = |people: u32, each: u32| {
        let mut state = shop();
        give(&mut state, "10 search/search m=1 p=a,b words=shoe");
        for person in 0..people {
            for second in 0..each {
                fold(&mut state, &format!("{} click u=u{person} m=1 p=a", 11 + second));
            }
        }
        deserved(&state, "shoe", "a")
    };
    // But for what its later clicks are younger.
    assert!((clicked_by(1, 1) - clicked_by(1, 40)).abs() < 1e-4);
    assert!(clicked_by(1, 1) < 0.15);
    assert!(clicked_by(5, 1) > 2.0 * clicked_by(1, 1));
    assert!(clicked_by(40, 1) > 0.75);
    // Those beyond the ones named still count.
    assert!(clicked_by(200, 1) > clicked_by(64, 1));
    assert!(clicked_by(200, 1) < 1.0);
}

#[test]
fn the_strength_of_an_act_counts() {
    let mut state = shop();
    give(&mut state, "10 search/search m=1 p=a,b,c,d words=shoe");
    fold(
        &mut state,
        "11 click u=ann m=1 p=a
         11 click u=bob m=1 p=d
         12 click u=dan m=1 p=b
         13 checkout u=dan p=b
         14 product_detail_page_view u=eve m=1 p=c duration=2",
    );
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|product| deserved(&state, "shoe", product));
    assert!(c == 0.0 && 0.0 < a && a < d && d < b, "{a} {b} {c} {d}");
}

#[test]
fn a_click_may_name_the_search_or_follow_it() {
    let clicked = |search: &str, click: &str| {
        let mut state = shop();
        fold(&mut state, &format!("{search}\n{click}"));
        deserved(&state, "shoe", "a")
    };
    let named = clicked("10 search u=ann words=shoe m=5", "11 click u=ann m=5 p=a");
    let followed = clicked("10 search u=ann words=shoe", "11 product_detail_page_view u=ann p=a");
    assert!(0.0 < followed && followed < named, "{followed} {named}");
    assert_eq!(clicked("10 search u=ann words=shoe m=5", "11 click u=ann m=6 p=a"), 0.0);
    assert_eq!(clicked("10 search u=ann words=shoe", "11 click u=bob p=a"), 0.0);
    assert_eq!(clicked("10 search u=ann words=shoe", "700 click u=ann p=a"), 0.0);
    assert_eq!(clicked("10 search u=ann words=*", "11 click u=ann p=a"), 0.0);
}

#[test]
fn a_search_before_signing_in_leads_to_a_click_after() {
    let mut state = shop();
    fold(&mut state, "10 search a=x words=shoe\n11 click u=ann a=x p=a");
    assert!(deserved(&state, "shoe", "a") > 0.0);
}

#[test]
fn clicks_fade() {
    let mut state = shop();
    give(&mut state, "10 search/search m=1 p=a,b words=shoe");
    fold(&mut state, "10 click u=ann m=1 p=a");
    let at = |days: i64| state.query_clicks().deserved("shoe", Time((10 + days * DAY) * 1_000))[0].1;
    assert!(at(30) < 0.6 * at(0) && at(30) > 0.4 * at(0));
    assert!(at(400) < 0.001);
}

#[test]
fn an_erased_persons_clicks_go() {
    let mut state = shop();
    give(&mut state, "10 search/search m=1 p=a,b words=shoe");
    fold(
        &mut state,
        "11 click u=ann m=1 p=a\n12 click u=bob m=1 p=b\n13 search u=ann words=private\n14 click u=ann p=f",
    );
    state.erase_interactions(&["ann".into()]);
    assert_eq!(deserved(&state, "shoe", "a"), 0.0);
    assert!(deserved(&state, "shoe", "b") > 0.0);
    assert!(!saved(&state).windows(7).any(|bytes| bytes == b"private"));
}

#[test]
fn a_snapshot_holds_the_clicks() {
    let mut state = shop();
    give(&mut state, "10 search/search m=1 p=a,b words=shoe");
    for person in 0..70 {
        fold(&mut state, &format!("11 click u=u{person} m=1 p=a\n12 search u=u{person} words=boot"));
    }
    let mut again = loaded(&saved(&state));
    for state in [&mut state, &mut again] {
        fold(state, "13 click u=u3 p=c\n14 click u=u9 m=1 p=b");
    }
    assert_eq!(saved(&again), saved(&state));
    assert!(deserved(&again, "boot", "c") > 0.0);
}

#[test]
fn a_visitor_who_signs_in_typed_a_query_once() {
    let mut state = world("1 search a=x words=shoe\n2 search u=ann words=shoe\n3 search u=bob words=shoe");
    assert_eq!(state.queries().people("shoe"), 3);
    fold(&mut state, "4 home_page_view u=ann a=x");
    assert_eq!(state.queries().people("shoe"), 2);
    fold(&mut state, "5 search a=x words=boot\n6 search u=ann words=boot");
    assert_eq!(state.queries().people("boot"), 1);
}
