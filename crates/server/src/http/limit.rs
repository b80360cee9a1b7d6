//! How often a key may call: a token bucket for each, off by default.

use std::time::Instant;

use parking_lot::Mutex;

use super::auth::Caller;
use super::errors::Failure;

/// A bucket for each of the six keys; the bucket belongs to the place of the key, so that a new key starts with no more.
pub(super) struct Limiter {
    /// Tokens that come in a second, and the most that are saved up; 0 for no limit.
    per_second: f64,
    buckets: Mutex<[Bucket; Caller::SLOTS]>,
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Limiter {
    /// Full buckets.
    pub(super) fn new(requests_per_second_max: u32) -> Limiter {
        let per_second = f64::from(requests_per_second_max);
        Limiter { per_second, buckets: Mutex::new([Bucket { tokens: per_second, at: Instant::now() }; Caller::SLOTS]) }
    }

    /// Takes one token of the slot's bucket.
    pub(super) fn admit(&self, slot: usize, now: Instant) -> Result<(), Failure> {
        if self.per_second == 0.0 {
            return Ok(());
        }
        let mut buckets = self.buckets.lock();
        let bucket = &mut buckets[slot];
        let gained = now.saturating_duration_since(bucket.at).as_secs_f64() * self.per_second;
        bucket.tokens = (bucket.tokens + gained).min(self.per_second);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait_s = (1.0 - bucket.tokens) / self.per_second;
        Err(Failure::TooMany { retry_after_s: (wait_s.ceil() as u64).max(1) })
    }

    /// Takes `count` more tokens for a request that was admitted as one and holds many; the bucket may go into debt,
    /// which later requests wait for.
    pub(super) fn charge(&self, slot: usize, count: usize) {
        if self.per_second > 0.0 {
            self.buckets.lock()[slot].tokens -= count as f64;
        }
    }
}

#[cfg(test)]
mod tests;
