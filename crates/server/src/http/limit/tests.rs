//! Properties: a bucket lets its rate through and no more; it fills again with time; a bulk is paid for in full;
//! without a limit everything passes.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use super::Limiter;
use crate::http::errors::Failure;

#[test]
fn a_bucket_lets_its_rate_through_and_then_says_when_to_come_back() {
    let limiter = Limiter::new(3);
    let now = Instant::now();
    for _ in 0..3 {
        limiter.admit(0, now).unwrap();
    }
    let Err(Failure::TooMany { retry_after_s }) = limiter.admit(0, now) else { panic!("the fourth passes") };
    assert_eq!(retry_after_s, 1);
    // Another key has its own bucket.
    limiter.admit(1, now).unwrap();
    limiter.admit(0, now + Duration::from_millis(340)).unwrap();
}

#[test]
fn a_bulk_is_paid_for_by_those_who_come_after() {
    let limiter = Limiter::new(10);
    let now = Instant::now();
    limiter.admit(0, now).unwrap();
    limiter.charge(0, 29);
    let Err(Failure::TooMany { retry_after_s }) = limiter.admit(0, now) else { panic!("the debt is forgotten") };
    assert_eq!(retry_after_s, 3);
}

#[test]
fn no_limit_lets_everything_through() {
    let limiter = Limiter::new(0);
    let now = Instant::now();
    for _ in 0..10_000 {
        limiter.admit(0, now).unwrap();
    }
}
