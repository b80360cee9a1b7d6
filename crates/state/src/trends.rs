use record::{Interaction, InteractionType, Time};

use crate::sections::{SectionReader, SectionWriter};
use crate::{ProductRow, SnapshotFault};

/// Half-life of the rate that is new.
const SHORT_DAYS: f64 = 1.0;
/// Half-life of the rate that is usual.
const LONG_DAYS: f64 = 14.0;
/// Half-life of popularity.
const POPULARITY_DAYS: f64 = 30.0;
/// Added to the expected weight under the root: some clicks on a product that had none are no wave yet.
const RISE_DAMPING: f64 = 4.0;
/// Below this, a look at a product says nothing for it (contract: `duration`).
const DURATION_SECONDS_MIN: f64 = 5.0;
/// From this on, a rating speaks for a product (contract: `rating`).
const RATING_POSITIVE_MIN: f64 = 3.5;

/// What is popular and what is rising: per product, positive interactions decayed by time.
///
/// Each counter is a sum of `weight · 2^-(now - time)/half-life`, so it does not depend on the order of arrival (up to
/// rounding). A person counts for a product once a day, with the weightiest of what was done: one who clicks a thousand times, or a
/// bot, moves it as one click does. The counters hold no person's name; erasing a person leaves the sums as they are, to fade with their
/// half-lives, except those of products that nobody else named.
#[derive(Default)]
pub struct Trends {
    counters: Vec<Counter>,
}

/// The sums of one product at the moment of its latest interaction.
#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    latest: i64,
    short: f64,
    long: f64,
    popularity: f64,
}

fn fading(from: i64, to: i64, half_life_days: f64) -> f64 {
    // In f64 from the start: the difference of two arbitrary times does not fit an i64.
    let days = (to as f64 - from as f64) / Time::DAY_MS as f64;
    if days <= 0.0 { 1.0 } else { (-days / half_life_days).exp2() }
}

impl Counter {
    fn add(&mut self, time: i64, weight: f64) {
        if time > self.latest {
            self.short *= fading(self.latest, time, SHORT_DAYS);
            self.long *= fading(self.latest, time, LONG_DAYS);
            self.popularity *= fading(self.latest, time, POPULARITY_DAYS);
            self.latest = time;
        }
        self.short += weight * fading(time, self.latest, SHORT_DAYS);
        self.long += weight * fading(time, self.latest, LONG_DAYS);
        self.popularity += weight * fading(time, self.latest, POPULARITY_DAYS);
    }
}

impl Trends {
    /// The decayed weight of positive interactions with a half-life of 30 days, where a view weighs 1 and an order 5;
    /// 0 for a product without any. At a `now` before the product's latest interaction: its value at that one.
    pub fn popularity(&self, row: ProductRow, now: Time) -> f32 {
        let Some(counter) = self.counter(row).filter(|counter| counter.popularity > 0.0) else { return 0.0 };
        (counter.popularity * fading(counter.latest, now.0, POPULARITY_DAYS)) as f32
    }

    /// What the popularity of products is ordered by, the greater the more popular; `-∞` for a product without any.
    ///
    /// `log₂` of the popularity at the year 1970: all fade alike, so the order is the same at every moment, and a product
    /// whose popularity of years ago has become too small for a number still has its place in it.
    pub fn popularity_order(&self, row: ProductRow) -> f64 {
        let Some(counter) = self.counter(row).filter(|counter| counter.popularity > 0.0) else {
            return f64::NEG_INFINITY;
        };
        counter.popularity.log2() + counter.latest as f64 / Time::DAY_MS as f64 / POPULARITY_DAYS
    }

    /// How much the product rises now: its rate over a day against its rate over the weeks before, damped for small
    /// counts: `(s - e) / √(e + 4)` for the decayed weight `s` with a half-life of a day and the `e` to be expected of
    /// it at the rate of the weeks before. 0 for a product whose rate is steady or falling, or that has no recent
    /// interactions; 2 or more for one that plainly rises.
    pub fn rise(&self, row: ProductRow, now: Time) -> f32 {
        let Some(counter) = self.counter(row) else { return 0.0 };
        let short = counter.short * fading(counter.latest, now.0, SHORT_DAYS);
        let long = counter.long * fading(counter.latest, now.0, LONG_DAYS);
        // A steady rate r gives sums of r · half-life / ln 2.
        let expected = long * (SHORT_DAYS / LONG_DAYS);
        ((short - expected) / (expected + RISE_DAMPING).sqrt()).max(0.0) as f32
    }

    /// `counted` tells the weight that the person has counted for a product that day so far.
    pub(crate) fn add(&mut self, interaction: &Interaction, rows: &[ProductRow], counted: &dyn Fn(ProductRow) -> f64) {
        let Some(time) = interaction.timestamp else { return };
        let weight = weight_of(interaction);
        if weight == 0.0 {
            return;
        }
        let mut rows = rows.to_vec();
        rows.sort_unstable();
        rows.dedup();
        for row in rows {
            let added = weight - counted(row);
            if added <= 0.0 {
                continue;
            }
            let index = row.0 as usize;
            if self.counters.len() <= index {
                self.counters.resize(index + 1, Counter { latest: i64::MIN, ..Counter::default() });
            }
            self.counters[index].add(time.0, added);
        }
    }

    /// Forgets the sums of these products.
    pub(crate) fn forget(&mut self, rows: &[ProductRow]) {
        for row in rows {
            if let Some(counter) = self.counters.get_mut(row.0 as usize) {
                *counter = Counter { latest: i64::MIN, ..Counter::default() };
            }
        }
    }

    fn counter(&self, row: ProductRow) -> Option<&Counter> {
        self.counters.get(row.0 as usize)
    }

    /// Bytes held; an estimate from capacities.
    pub fn memory_bytes(&self) -> usize {
        self.counters.capacity() * size_of::<Counter>()
    }

    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.count(self.counters.len())?;
        for counter in &self.counters {
            out.u64(counter.latest.cast_unsigned())?;
            for sum in [counter.short, counter.long, counter.popularity] {
                out.u64(sum.to_bits())?;
            }
        }
        Ok(())
    }

    /// Reads what [`Trends::save`] wrote. Every product is below `products`.
    pub(crate) fn load(input: &mut SectionReader<'_, '_>, products: u32) -> Result<Trends, SnapshotFault> {
        let count = input.u32()?;
        if count > products {
            return Err(input.damaged("trends of products that there are not"));
        }
        let mut counters = Vec::new();
        for _ in 0..count {
            let latest = input.u64()?.cast_signed();
            let [short, long, popularity] =
                [f64::from_bits(input.u64()?), f64::from_bits(input.u64()?), f64::from_bits(input.u64()?)];
            if ![short, long, popularity].iter().all(|sum| sum.is_finite() && *sum >= 0.0) {
                return Err(input.damaged("a trend that is no number"));
            }
            counters.push(Counter { latest, short, long, popularity });
        }
        Ok(Trends { counters })
    }
}

/// How much an interaction speaks for its products. What speaks against them is left out rather than subtracted:
/// trends say what draws attention, taste is the models' business.
pub(crate) fn weight_of(interaction: &Interaction) -> f64 {
    let value = if interaction.kind == InteractionType::Rate { interaction.rating } else { interaction.duration };
    weight(interaction.kind, value)
}

/// As [`weight_of`], from the type and its own number.
pub(crate) fn weight(kind: InteractionType, value: Option<f64>) -> f64 {
    use InteractionType::*;
    match kind {
        ProductDetailPageView | ProductImageView | Read | Watch | Listen | Click | Custom => {
            let too_short = value.is_some_and(|seconds| seconds < DURATION_SECONDS_MIN);
            if too_short { 0.0 } else { 1.0 }
        }
        Rate => {
            if value.is_some_and(|stars| stars >= RATING_POSITIVE_MIN) {
                2.0
            } else {
                0.0
            }
        }
        Like | Share | Bookmark | Complete | Submit => 2.0,
        AddToCart | AddToCollection => 3.0,
        Checkout | Subscribe => 5.0,
        RemoveFromCart | Refund | Unsubscribe | RemoveFromCollection | Dislike => 0.0,
        Search | Feedback | Impression | ViewableImpression | HomePageView | CategoryPageView | PromoPageView => 0.0,
    }
}
