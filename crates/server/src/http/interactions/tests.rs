//! Properties: a missing time is the server's; a missing person is the SHA-1 of key, address, agent and day, in the
//! form of the contract; a person who is named stays; nothing happened later than it arrived; the proxy's word counts only where it is to be believed.

#![allow(clippy::unwrap_used, reason = "tests")]

use axum::http::{HeaderMap, HeaderValue};
use record::{Interaction, Time};
use serde_json::json;

use super::{address, anonymous_id, complete};

/// 2024-02-29T12:00:00Z.
const NOON: Time = Time(1_709_208_000_000);

fn interaction(json: serde_json::Value) -> Interaction {
    serde_json::from_value(json).unwrap()
}

#[test]
fn what_is_missing_is_filled_in_and_what_is_there_stays() {
    let mut interactions = [
        interaction(json!({"type": "search"})),
        interaction(json!({"type": "search", "user_id": "u"})),
        interaction(json!({"type": "search", "anonymous_id": "a", "timestamp": "2024-01-01T00:00:00Z"})),
    ];
    complete(&mut interactions, NOON, || "stranger".to_owned());
    assert_eq!(interactions[0].anonymous_id.as_deref(), Some("stranger"));
    assert_eq!(interactions[0].timestamp, Some(NOON));
    assert_eq!(interactions[1].anonymous_id, None);
    assert_eq!(interactions[2].anonymous_id.as_deref(), Some("a"));
    assert_eq!(interactions[2].timestamp, Time::parse("2024-01-01T00:00:00Z"));
}

#[test]
fn what_is_dated_ahead_happened_when_it_arrived() {
    let at = |text: &str| interaction(json!({"type": "search", "user_id": "u", "timestamp": text}));
    let mut interactions = [at("2024-02-29T12:04:59Z"), at("2024-02-29T14:00:00Z"), at("2199-01-01T00:00:00Z")];
    complete(&mut interactions, NOON, || "stranger".to_owned());
    let times = interactions.map(|interaction| interaction.timestamp);
    assert_eq!(times, [Some(Time(NOON.0 + 299_000)), Some(NOON), Some(NOON)]);
}

#[test]
fn a_stranger_is_the_sha1_of_key_address_agent_and_day() {
    let mut headers = HeaderMap::new();
    headers.insert("user-agent", HeaderValue::from_static("Agent/1"));
    // printf 'K:192.0.2.1:Agent/1:2024-02-29' | sha1sum
    let expected = "3efd5464286bec154970445259cd7ad5100bfb5f";
    assert_eq!(anonymous_id("K", "192.0.2.1", &headers, NOON), expected);
    assert_eq!(anonymous_id("K", "192.0.2.1", &headers, Time(NOON.0 + 60_000)), expected);
    assert_ne!(anonymous_id("K", "192.0.2.1", &headers, Time(NOON.0 + Time::DAY_MS)), expected);
}

#[test]
fn a_forwarded_address_counts_only_where_it_is_believed() {
    let peer = "10.0.0.1:5000".parse().unwrap();
    let mut headers = HeaderMap::new();
    assert_eq!(address(peer, &headers, true), "10.0.0.1");
    headers.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.7, 10.0.0.9"));
    assert_eq!(address(peer, &headers, true), "192.0.2.7");
    assert_eq!(address(peer, &headers, false), "10.0.0.1");
}
