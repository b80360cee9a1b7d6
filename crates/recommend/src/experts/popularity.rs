//! How much products are wanted, counted over longer and shorter times.

use crate::Dataset;
use crate::scores::keep_best;

/// The half-lives as shares of the time that the log spans; the first counts all alike. From [`ADOPTION_AT`] on only the first
/// time counts that a visitor wanted a product: what everybody buys each week is no news to anybody, and what is taken up by those
/// who did not have it is.
const HALF_LIFE_SHARES: [f32; PERIODS] =
    [f32::INFINITY, 0.25, 0.0625, 0.0156, 0.0039, f32::INFINITY, 0.25, 0.0625, 0.0156];
pub(crate) const PERIODS: usize = 9;
pub(crate) const ADOPTION_AT: usize = 5;
/// The periods of all wants that forget.
pub(crate) const FORGETTING: std::ops::Range<usize> = 1..ADOPTION_AT;
/// Products per period that compete with those that the other experts find.
const LEADERS: usize = 200;
/// A half-life shorter than this would follow the hour of the day.
const HALF_LIFE_MS_MIN: f32 = 3_600_000.0;

/// Decayed numbers of visitors and days by product, and of visitors who wanted it for the first time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Popularity {
    /// By period, then by product.
    pub(crate) counts: [Vec<f32>; PERIODS],
    /// When each product was first wanted; `i64::MAX` for never.
    pub(crate) first_ms: Vec<i64>,
    pub(crate) latest_ms: i64,
    /// By period, the most wanted, best first.
    leaders: [Vec<(u32, f32)>; PERIODS],
}

impl Popularity {
    /// Counts each visitor at most once per product and day, so that nobody makes a product popular alone.
    pub(crate) fn train(dataset: &Dataset) -> Popularity {
        const DAY_MS: i64 = 86_400_000;
        let products = dataset.products as usize;
        let times = || dataset.observations.iter().map(|observation| observation.time_ms);
        let latest_ms = times().max().unwrap_or(0);
        let span_ms = latest_ms.saturating_sub(times().min().unwrap_or(0)) as f32;
        let rates = HALF_LIFE_SHARES.map(|share| 1.0 / (share * span_ms).max(HALF_LIFE_MS_MIN));
        let mut counts: [Vec<f32>; PERIODS] = std::array::from_fn(|_| vec![0.0; products]);
        let mut first_ms = vec![i64::MAX; products];
        let mut days_by_product = rustc_hash::FxHashMap::default();
        for visitor in dataset.visitors() {
            days_by_product.clear();
            for observation in visitor {
                let product = observation.product as usize;
                if product >= products || observation.weight.is_nan() || observation.weight <= 0.0 {
                    continue;
                }
                first_ms[product] = first_ms[product].min(observation.time_ms);
                let day = observation.time_ms.div_euclid(DAY_MS);
                let last_day = days_by_product.insert(observation.product, day);
                if last_day == Some(day) {
                    continue;
                }
                let age_ms = latest_ms.saturating_sub(observation.time_ms) as f32;
                let counted = if last_day.is_none() { PERIODS } else { ADOPTION_AT };
                for (counts, rate) in counts.iter_mut().zip(rates).take(counted) {
                    counts[product] += (-age_ms * rate).exp2();
                }
            }
        }
        Popularity::new(counts, first_ms, latest_ms)
    }

    pub(crate) fn new(counts: [Vec<f32>; PERIODS], first_ms: Vec<i64>, latest_ms: i64) -> Popularity {
        let leaders = std::array::from_fn(|period| {
            let counted = counts[period].iter().enumerate().filter(|&(_, &count)| count > 0.0);
            let mut list = counted.map(|(product, &count)| (product as u32, count)).collect();
            keep_best(&mut list, LEADERS);
            list
        });
        Popularity { counts, first_ms, latest_ms, leaders }
    }

    /// `ln (1 + count)` of each period, and `ln (1 + days)` since the product was first wanted.
    pub(crate) fn of(&self, row: usize) -> ([f32; PERIODS], f32) {
        let counts_ln = std::array::from_fn(|period| self.counts[period].get(row).copied().unwrap_or(0.0).ln_1p());
        let first_ms = self.first_ms.get(row).copied().unwrap_or(i64::MAX);
        let age_ms = self.latest_ms.saturating_sub(first_ms).max(0);
        (counts_ln, (1.0 + age_ms as f32 / 86_400_000.0).ln())
    }

    /// The most wanted products of a period, best first.
    pub(crate) fn leaders(&self, period: usize) -> &[(u32, f32)] {
        &self.leaders[period]
    }
}
