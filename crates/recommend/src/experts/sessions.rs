//! What visitors like this one did: the nearest histories, the recent ones first.
//!
//! VSTAN (Ludewig, Mauro, Latifi & Jannach 2021) over an index from each product to its latest histories, as VMIS-kNN
//! (Kersbergen, Sprangers & Schelter 2022) has it, so that an answer reads some thousand places whatever the log's size.

use crate::Dataset;
use crate::limits::{OBSERVATIONS_PER_VISITOR_MAX, SESSION_OBSERVATIONS_MAX};
use crate::scores::fetch;
use crate::taste::{Held, Taste};

/// The latest histories kept by product.
const HISTORIES_PER_PRODUCT_MAX: usize = 400;
/// The nearest histories that speak.
const NEAREST_MAX: usize = 300;
/// The histories that make a cohort.
const COHORT_MAX: usize = 150;
/// Products of the asking history that are looked up, the latest ones.
const LOOKED_UP_MAX: usize = 60;
/// Products of one history before and after the one that was met.
const REACH: usize = 100;

/// The histories of nobody in particular: products in their order, and when each history ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sessions {
    pub(crate) products: u32,
    /// Each with how rare it is to the power of 3/4, so that it need not be looked up.
    members: Vec<(u32, f32)>,
    pub(crate) ends: Vec<u32>,
    pub(crate) times_ms: Vec<i64>,
    /// By product, its latest histories with the place in each, the latest first.
    places: Vec<(u32, u32)>,
    offsets: Vec<u32>,
    /// How rare each product is.
    idf: Vec<f32>,
    /// By history, what its nearness counts for its length, and for its length and age.
    scales: Vec<(f32, f32)>,
}

/// A history that shares products with the one asked about.
struct Near {
    history: u32,
    /// The place of the latest product shared.
    at: u32,
    /// The sum over the products shared, by how late they came in the history asked about.
    nearness: f32,
    /// And all alike.
    shared: f32,
}

/// The histories that share products with one, as two experts read them.
#[derive(Default)]
pub(crate) struct Nearby(Vec<Near>);

impl Sessions {
    pub(crate) fn train(dataset: &Dataset) -> Sessions {
        let mut order: Vec<(i64, &[crate::Observation])> =
            dataset.visitors().filter_map(|visitor| Some((visitor.last()?.time_ms, visitor))).collect();
        order.sort_by_key(|&(time_ms, _)| std::cmp::Reverse(time_ms));
        let (mut members, mut ends, mut times_ms) = (Vec::new(), Vec::new(), Vec::new());
        let mut seen = rustc_hash::FxHashSet::default();
        for (time_ms, visitor) in order {
            let start = members.len();
            seen.clear();
            for observation in visitor[visitor.len().saturating_sub(OBSERVATIONS_PER_VISITOR_MAX)..].iter().rev() {
                let positive = observation.weight > 0.0 && observation.product < dataset.products;
                if positive && seen.insert(observation.product) {
                    members.push(observation.product);
                }
            }
            if members.len() < start + 2 {
                members.truncate(start);
                continue;
            }
            members[start..].reverse();
            ends.push(members.len() as u32);
            times_ms.push(time_ms);
            if members.len() >= SESSION_OBSERVATIONS_MAX {
                break;
            }
        }
        Sessions::new(dataset.products, members, ends, times_ms)
    }

    /// From histories with the latest first; the index is made anew.
    pub(crate) fn new(products: u32, members: Vec<u32>, ends: Vec<u32>, times_ms: Vec<i64>) -> Sessions {
        let mut counts = vec![0u32; products as usize];
        for &product in &members {
            counts[product as usize] += 1;
        }
        let histories = ends.len().max(1) as f32;
        let idf: Vec<f32> = counts.iter().map(|&count| (1.0 + histories / count.max(1) as f32).ln()).collect();
        let mut offsets = vec![0u32; products as usize + 1];
        for (product, &count) in counts.iter().enumerate() {
            offsets[product + 1] = offsets[product] + count.min(HISTORIES_PER_PRODUCT_MAX as u32);
        }
        let mut next = offsets.clone();
        let mut places = vec![(0, 0); offsets[products as usize] as usize];
        let mut start = 0;
        for (history, &end) in ends.iter().enumerate() {
            for (at, &product) in members[start as usize..end as usize].iter().enumerate() {
                let product = product as usize;
                if next[product] < offsets[product + 1] {
                    places[next[product] as usize] = (history as u32, at as u32);
                    next[product] += 1;
                }
            }
            start = end;
        }
        let latest_ms = times_ms.first().copied().unwrap_or(0);
        let span_ms = latest_ms.saturating_sub(times_ms.last().copied().unwrap_or(0)).max(1) as f32;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let scale = |((start, &end), &time_ms): ((u32, &u32), &i64)| {
            let by_length = ((end - start) as f32).sqrt().recip();
            let age = latest_ms.saturating_sub(time_ms) as f32 / span_ms;
            (by_length, by_length * (-2.0 * age).exp2())
        };
        let scales = starts.zip(&ends).zip(&times_ms).map(scale).collect();
        let damped: Vec<f32> = idf.iter().map(|idf| idf.powf(0.75)).collect();
        let members = members.into_iter().map(|product| (product, damped[product as usize])).collect();
        Sessions { products, members, ends, times_ms, places, offsets, idf, scales }
    }

    /// The products of all histories, one after the other.
    pub(crate) fn members(&self) -> Vec<u32> {
        self.members.iter().map(|&(product, _)| product).collect()
    }

    /// How many histories there are.
    pub(crate) fn histories(&self) -> usize {
        self.ends.len()
    }

    /// The histories that share products with this one. O(some 24,000 places at most). `by_history` has a number for each
    /// history, all 0 before and after.
    pub(crate) fn nearby(&self, taste: &Taste, by_history: &mut [u32]) -> Nearby {
        let looked_up = || taste.held.iter().filter(|held| held.weight > 0.0).take(LOOKED_UP_MAX);
        let range = |held: &Held| {
            self.offsets[held.product as usize] as usize..self.offsets[held.product as usize + 1] as usize
        };
        let mut near: Vec<Near> = Vec::with_capacity(looked_up().map(|held| range(held).len()).sum());
        for held in looked_up() {
            let later = held.later as f32;
            let attention = (-later).exp2() + 0.15 / (1.0 + later / 20.0);
            let idf = self.idf[held.product as usize];
            for &(history, at) in &self.places[range(held)] {
                let number = &mut by_history[history as usize];
                if *number == 0 {
                    near.push(Near { history, at, nearness: 0.0, shared: 0.0 });
                    *number = near.len() as u32;
                }
                let near = &mut near[*number as usize - 1];
                near.nearness += attention * idf;
                near.shared += idf;
            }
        }
        near.iter().for_each(|near| by_history[near.history as usize] = 0);
        Nearby(near)
    }

    /// Adds what the nearest histories hold around the products they share with this one.
    pub(crate) fn score(&self, nearby: &Nearby, mut add: impl FnMut(u32, f32)) {
        let close: [f32; REACH + 1] = std::array::from_fn(|distance| 0.1 + 1.0 / (1.0 + distance as f32 / 2.0));
        for (near, nearness) in self.nearest(nearby, NEAREST_MAX, |near, (_, by_age)| near.nearness * by_age) {
            let members = &self.members[self.range(near.history)];
            let met = near.at as usize;
            let first = met.saturating_sub(REACH);
            for (index, &(product, rarity)) in members[first..members.len().min(met + REACH + 1)].iter().enumerate() {
                let distance = (first + index).abs_diff(met);
                if distance > 0 {
                    add(product, nearness * close[distance] * rarity);
                }
            }
        }
    }

    /// Adds what the histories hold that share most with this one, all products alike: what is wanted by people like this one.
    pub(crate) fn cohort(&self, nearby: &Nearby, mut add: impl FnMut(u32, f32)) {
        for (near, nearness) in self.nearest(nearby, COHORT_MAX, |near, (by_length, _)| near.shared * by_length) {
            let members = &self.members[self.range(near.history)];
            // A very long history is read at its end.
            for &(product, _) in &members[members.len().saturating_sub(REACH)..] {
                add(product, nearness);
            }
        }
    }

    /// The `count` nearest, ties to the latest, in no order that means anything but the same each time.
    fn nearest<'a>(
        &self,
        nearby: &'a Nearby,
        count: usize,
        nearness: impl Fn(&Near, (f32, f32)) -> f32,
    ) -> impl Iterator<Item = (&'a Near, f32)> {
        let mut nearest: Vec<(u32, u32, f32)> = nearby
            .0
            .iter()
            .enumerate()
            .map(|(place, near)| (near.history, place as u32, nearness(near, self.scales[near.history as usize])))
            .collect();
        let best_first = |a: &(u32, u32, f32), b: &(u32, u32, f32)| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0));
        if nearest.len() > count {
            nearest.select_nth_unstable_by(count - 1, best_first);
            nearest.truncate(count);
        }
        fetch(nearest.iter().flat_map(|&(history, ..)| {
            let members = &self.members[self.range(history)];
            members.iter().step_by(8).map(|&(product, _)| product)
        }));
        nearest.into_iter().map(|(_, place, nearness)| (&nearby.0[place as usize], nearness))
    }

    fn range(&self, history: u32) -> std::ops::Range<usize> {
        let history = history as usize;
        let start = if history == 0 { 0 } else { self.ends[history - 1] };
        start as usize..self.ends[history] as usize
    }
}
