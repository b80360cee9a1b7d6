//! Properties: what is quickly made is always as of now; what is not is made once for all who ask meanwhile; views are told
//! apart by name and environment.

use std::thread::{scope, sleep};

use serde_json::json;

use super::*;

#[test]
fn what_is_quickly_made_is_as_of_now() {
    let looks = Looks::default();
    for turn in 0..3 {
        assert_eq!(looks.of(EnvironmentName::Development, "day", || json!(turn)), json!(turn));
    }
}

#[test]
fn what_takes_long_is_made_once_for_all_who_ask_meanwhile() {
    let looks = Looks::default();
    let made = Mutex::new(0);
    let long = || {
        sleep(KEPT_FROM);
        *made.lock() += 1;
        json!("seen")
    };
    scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| assert_eq!(looks.of(EnvironmentName::Production, "day", long), json!("seen")));
        }
    });
    assert_eq!(*made.lock(), 1);
    assert_eq!(looks.of(EnvironmentName::Production, "week", || json!("another")), json!("another"));
    assert_eq!(looks.of(EnvironmentName::Development, "day", || json!("another")), json!("another"));
}
