use std::collections::BTreeMap;

use record::Time;

use crate::SnapshotFault;
use crate::limits::{PLACES_MAX, PURCHASE_HOURS_MAX, TALLIES_AFTER_CUT, TALLIES_MAX, TALLY_HOURS_APART};
use crate::sections::{SectionReader, SectionWriter};

/// What became of answers: sums over many, which hold nothing of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Answers given.
    pub answers: u64,
    /// Of these, those with no product in them.
    pub empty: u64,
    /// Products in them.
    pub shown: u64,
    /// Products that the site says it showed.
    pub impressions: u64,
    /// Products that the site says came into view.
    pub viewable_impressions: u64,
    /// Products of an answer with which a person did something, each once per person.
    pub clicks: u64,
    /// Products put into the cart, from the answer or after a click in it.
    pub add_to_carts: u64,
    /// Products bought or subscribed to, from the answer or after a click in it.
    pub conversions: u64,
    /// What was paid for these.
    pub revenue: f64,
}

impl Tally {
    /// Adds another one.
    pub fn add(&mut self, other: &Tally) {
        self.answers += other.answers;
        self.empty += other.empty;
        self.shown += other.shown;
        self.impressions += other.impressions;
        self.viewable_impressions += other.viewable_impressions;
        self.clicks += other.clicks;
        self.add_to_carts += other.add_to_carts;
        self.conversions += other.conversions;
        self.revenue += other.revenue;
    }

    fn counts(&self) -> [u64; 8] {
        [
            self.answers,
            self.empty,
            self.shown,
            self.impressions,
            self.viewable_impressions,
            self.clicks,
            self.add_to_carts,
            self.conversions,
        ]
    }
}

/// Everything bought in a time, whether after an answer or not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Purchases {
    /// Products bought or subscribed to.
    pub conversions: u64,
    /// What was paid for these.
    pub revenue: f64,
    /// Of these, those clicked in an answer before.
    pub assisted: u64,
    /// What was paid for those.
    pub assisted_revenue: f64,
}

impl Purchases {
    /// Adds others.
    pub fn add(&mut self, other: &Purchases) {
        self.conversions += other.conversions;
        self.revenue += other.revenue;
        self.assisted += other.assisted;
        self.assisted_revenue += other.assisted_revenue;
    }
}

/// The place of a tally about whole answers.
pub(super) const WHOLE: u8 = u8::MAX;
/// The place of a tally of a time so long ago that places are no longer told apart.
const ANY: u8 = u8::MAX - 1;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    hour: i32,
    source: u32,
    place: u8,
}

/// The tallies by hour, source and place. An hour is counted from 1970; those longer ago than [`TALLY_HOURS_APART`] are merged
/// into the first of their day (UTC).
pub(super) struct Tallies {
    by_key: BTreeMap<Key, Tally>,
    by_hour: BTreeMap<i32, Purchases>,
    /// The hour from which on hours are told apart; rises with the answers given.
    apart_from: i32,
}

impl Default for Tallies {
    fn default() -> Tallies {
        Tallies { by_key: BTreeMap::new(), by_hour: BTreeMap::new(), apart_from: i32::MIN }
    }
}

const HOUR_MS: i64 = Time::DAY_MS / 24;

fn hour_of(time: Time) -> i32 {
    time.0.div_euclid(HOUR_MS).clamp(i64::from(i32::MIN / 2), i64::from(i32::MAX / 2)) as i32
}

fn start_of(hour: i32) -> Time {
    Time(i64::from(hour) * HOUR_MS)
}

/// The place as it is counted: from [`PLACES_MAX`] on all are one.
pub(super) fn place_of(place: usize) -> u8 {
    place.min(PLACES_MAX) as u8
}

impl Tallies {
    /// The present is this or later: hours that are long ago by now become days.
    pub(super) fn advance(&mut self, now: Time) {
        let apart_from = hour_of(now) - TALLY_HOURS_APART;
        if apart_from <= self.apart_from {
            return;
        }
        let first = Key { hour: self.apart_from, source: 0, place: 0 };
        let last = Key { hour: apart_from, source: 0, place: 0 };
        self.apart_from = apart_from;
        let ended: Vec<(Key, Tally)> = self.by_key.range(first..last).map(|(key, tally)| (*key, *tally)).collect();
        for (key, tally) in ended {
            self.by_key.remove(&key);
            self.by_key.entry(Key { hour: self.counted_in(key.hour), ..key }).or_default().add(&tally);
        }
        let ended: Vec<(i32, Purchases)> =
            self.by_hour.range(first.hour..apart_from).map(|(hour, bought)| (*hour, *bought)).collect();
        for (hour, bought) in ended {
            self.by_hour.remove(&hour);
            self.by_hour.entry(self.counted_in(hour)).or_default().add(&bought);
        }
    }

    /// The hour itself, or the first of its day where hours are no longer told apart.
    fn counted_in(&self, hour: i32) -> i32 {
        if hour < self.apart_from { hour.div_euclid(24) * 24 } else { hour }
    }

    pub(super) fn at(&mut self, time: Time, source: u32, place: u8) -> &mut Tally {
        if self.by_key.len() >= TALLIES_MAX {
            self.cut();
        }
        let hour = self.counted_in(hour_of(time));
        self.by_key.entry(Key { hour, source, place }).or_default()
    }

    pub(super) fn purchases(&mut self, time: Time) -> &mut Purchases {
        while self.by_hour.len() > PURCHASE_HOURS_MAX {
            self.by_hour.pop_first();
        }
        let hour = self.counted_in(hour_of(time));
        self.by_hour.entry(hour).or_default()
    }

    /// The tallies of the hours (or days) that begin within `from..to`, with their beginning, source and place; `None` where
    /// the place is not known or where whole answers are counted.
    pub(super) fn within(&self, from: Time, to: Time) -> impl Iterator<Item = (Time, u32, Option<u8>, &Tally)> {
        let keys = self.by_key.range(Key { hour: hour_of(from), source: 0, place: 0 }..);
        keys.skip_while(move |(key, _)| start_of(key.hour) < from)
            .take_while(move |(key, _)| start_of(key.hour) < to)
            .map(|(key, tally)| (start_of(key.hour), key.source, Some(key.place).filter(|place| *place < ANY), tally))
    }

    pub(super) fn purchases_within(&self, from: Time, to: Time) -> impl Iterator<Item = (Time, &Purchases)> {
        let hours = self.by_hour.range(hour_of(from)..);
        hours
            .skip_while(move |(hour, _)| start_of(**hour) < from)
            .take_while(move |(hour, _)| start_of(**hour) < to)
            .map(|(hour, purchases)| (start_of(*hour), purchases))
    }

    /// Makes room: the oldest hours or days lose their places, then they go.
    fn cut(&mut self) {
        let mut hours: Vec<i32> = self.by_key.keys().map(|key| key.hour).collect();
        hours.dedup();
        for &hour in &hours {
            if self.by_key.len() <= TALLIES_AFTER_CUT {
                return;
            }
            self.merge_places(hour);
        }
        for hour in hours {
            if self.by_key.len() <= TALLIES_AFTER_CUT {
                return;
            }
            self.by_key.retain(|key, _| key.hour != hour);
        }
    }

    fn merge_places(&mut self, hour: i32) {
        let first = Key { hour, source: 0, place: 0 };
        let last = Key { hour, source: u32::MAX, place: u8::MAX };
        let placed: Vec<(Key, Tally)> = self
            .by_key
            .range(first..=last)
            .filter(|(key, _)| key.place < ANY)
            .map(|(key, tally)| (*key, *tally))
            .collect();
        for (key, tally) in placed {
            self.by_key.remove(&key);
            self.by_key.entry(Key { place: ANY, ..key }).or_default().add(&tally);
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        (self.by_key.len() * size_of::<(Key, Tally)>() + self.by_hour.len() * size_of::<(i32, Purchases)>()) * 3 / 2
    }

    pub(super) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.u32(self.apart_from.cast_unsigned())?;
        out.count(self.by_key.len())?;
        for (key, tally) in &self.by_key {
            out.u32(key.hour.cast_unsigned())?;
            out.u32(key.source)?;
            out.u8(key.place)?;
            for count in tally.counts() {
                out.u64(count)?;
            }
            out.u64(tally.revenue.to_bits())?;
        }
        out.count(self.by_hour.len())?;
        for (hour, purchases) in &self.by_hour {
            out.u32(hour.cast_unsigned())?;
            out.u64(purchases.conversions)?;
            out.u64(purchases.revenue.to_bits())?;
            out.u64(purchases.assisted)?;
            out.u64(purchases.assisted_revenue.to_bits())?;
        }
        Ok(())
    }

    /// Every source is below `sources`.
    pub(super) fn load(input: &mut SectionReader<'_, '_>, sources: u32) -> Result<Tallies, SnapshotFault> {
        let mut tallies = Tallies { apart_from: input.u32()?.cast_signed(), ..Tallies::default() };
        for _ in 0..input.u32()? {
            let key = Key { hour: input.u32()?.cast_signed(), source: input.u32()?, place: input.u8()? };
            let mut counts = [0; 8];
            for count in &mut counts {
                *count = input.u64()?;
            }
            let revenue = f64::from_bits(input.u64()?);
            let hour_is_sound = (i32::MIN / 2..=i32::MAX / 2).contains(&key.hour);
            let place_is_known = key.place >= ANY || usize::from(key.place) <= PLACES_MAX;
            if key.source >= sources || !place_is_known || !hour_is_sound || !revenue.is_finite() {
                return Err(input.damaged("a tally of answers that there were not"));
            }
            let [answers, empty, shown, impressions, viewable_impressions, clicks, add_to_carts, conversions] = counts;
            let tally = Tally {
                answers,
                empty,
                shown,
                impressions,
                viewable_impressions,
                clicks,
                add_to_carts,
                conversions,
                revenue,
            };
            tallies.by_key.insert(key, tally);
        }
        for _ in 0..input.u32()? {
            let hour = input.u32()?.cast_signed();
            let purchases = Purchases {
                conversions: input.u64()?,
                revenue: f64::from_bits(input.u64()?),
                assisted: input.u64()?,
                assisted_revenue: f64::from_bits(input.u64()?),
            };
            if !purchases.revenue.is_finite() || !purchases.assisted_revenue.is_finite() {
                return Err(input.damaged("a revenue that is no number"));
            }
            tallies.by_hour.insert(hour, purchases);
        }
        Ok(tallies)
    }
}
