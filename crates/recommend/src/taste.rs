//! A history as the experts read it.

use rustc_hash::FxHashMap;

use crate::Observation;
use crate::limits::HISTORY_MAX;

const HOUR_MS: f32 = 3_600_000.0;
/// Where nothing newer than this is known of anybody, the log has ended: a replay, or an import of the past. The
/// present of such a log is its end, not the time of the clock.
const QUIET_MS_MAX: i64 = 2 * 24 * 3_600_000;

/// One product of a history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) product: u32,
    /// What all was done with it says, saturated; negative speaks against it.
    pub(crate) weight: f32,
    /// How many other products came after it.
    pub(crate) later: u32,
}

/// One visitor's history at the moment of asking.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taste {
    /// Each product once, the latest first.
    pub(crate) held: Vec<Held>,
    /// Hours from the last observation to the present of the log.
    pub(crate) pause_hours: f32,
}

impl Taste {
    /// Of a history in time order, for a log that ends at `latest_ms`. Of rows up to `products` only.
    pub(crate) fn new(history: &[Observation], products: u32, latest_ms: i64, now_ms: i64) -> Taste {
        let latest = &history[history.len().saturating_sub(HISTORY_MAX)..];
        let end_ms = latest.last().map_or(latest_ms, |observation| observation.time_ms);
        let log_end_ms = latest_ms.max(end_ms);
        let present_ms = if now_ms.saturating_sub(log_end_ms) > QUIET_MS_MAX { log_end_ms } else { now_ms.max(end_ms) };
        let mut held: Vec<Held> = Vec::with_capacity(latest.len());
        let mut place_by_product: FxHashMap<u32, usize> = FxHashMap::default();
        for observation in latest.iter().rev() {
            if observation.product >= products || !observation.weight.is_finite() {
                continue;
            }
            let place = *place_by_product.entry(observation.product).or_insert_with(|| {
                held.push(Held { product: observation.product, weight: 0.0, later: held.len() as u32 });
                held.len() - 1
            });
            held[place].weight += observation.weight;
        }
        for held in &mut held {
            held.weight = held.weight.signum() * held.weight.abs().ln_1p();
        }
        held.retain(|held| held.weight != 0.0);
        let pause_hours = if held.is_empty() { 0.0 } else { present_ms.saturating_sub(end_ms).max(0) as f32 / HOUR_MS };
        Taste { held, pause_hours }
    }
}
