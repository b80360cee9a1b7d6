//! What visitors like this one did: the nearest histories, the recent ones first.
//!
//! VSTAN (Ludewig, Mauro, Latifi & Jannach 2021) over an index from each product to its latest histories, as VMIS-kNN
//! (Kersbergen, Sprangers & Schelter 2022) has it, so that an answer reads some thousand places whatever the log's size.

use crate::Dataset;
use crate::limits::{OBSERVATIONS_PER_VISITOR_MAX, SESSION_OBSERVATIONS_MAX};
use crate::scores::Scores;
use crate::taste::Taste;

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
    pub(crate) members: Vec<u32>,
    pub(crate) ends: Vec<u32>,
    pub(crate) times_ms: Vec<i64>,
    /// By product, its latest histories with the place in each, the latest first.
    places: Vec<(u32, u32)>,
    offsets: Vec<u32>,
    /// How rare each product is.
    idf: Vec<f32>,
    span_ms: f32,
}

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
        let idf = counts.iter().map(|&count| (1.0 + histories / count.max(1) as f32).ln()).collect();
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
        let span_ms = match (times_ms.first(), times_ms.last()) {
            (Some(&latest), Some(&first)) => latest.saturating_sub(first).max(1) as f32,
            _ => 1.0,
        };
        Sessions { products, members, ends, times_ms, places, offsets, idf, span_ms }
    }

    /// Adds what the nearest histories hold around the products they share with this one.
    pub(crate) fn score(&self, taste: &Taste, scores: &mut Scores) {
        // By history: its nearness, and the place of the latest product shared.
        let mut near: rustc_hash::FxHashMap<u32, (f32, u32)> = rustc_hash::FxHashMap::default();
        for held in taste.held.iter().filter(|held| held.weight > 0.0).take(LOOKED_UP_MAX) {
            let later = held.later as f32;
            let attention = (-later).exp2() + 0.15 / (1.0 + later / 20.0);
            let weight = attention * self.idf[held.product as usize];
            let own = self.offsets[held.product as usize] as usize..self.offsets[held.product as usize + 1] as usize;
            for &(history, at) in &self.places[own] {
                near.entry(history).or_insert((0.0, at)).0 += weight;
            }
        }
        let mut nearest: Vec<(u32, f32)> = near
            .iter()
            .map(|(&history, &(nearness, _))| {
                let length = self.range(history).len() as f32;
                let age = self.times_ms[0].saturating_sub(self.times_ms[history as usize]) as f32 / self.span_ms;
                (history, nearness / length.sqrt() * (-2.0 * age).exp2())
            })
            .collect();
        crate::scores::keep_best(&mut nearest, NEAREST_MAX);
        for (history, nearness) in nearest {
            let range = self.range(history);
            let members = &self.members[range];
            let met = near[&history].1 as usize;
            let first = met.saturating_sub(REACH);
            for (index, &product) in members[first..members.len().min(met + REACH + 1)].iter().enumerate() {
                let distance = (first + index).abs_diff(met) as f32;
                if distance > 0.0 {
                    let close = 0.1 + 1.0 / (1.0 + distance / 2.0);
                    scores.add(product, nearness * close * self.idf[product as usize].powf(0.75));
                }
            }
        }
    }

    /// Adds what the histories hold that share most with this one, all products alike: what is wanted by people like this one.
    pub(crate) fn cohort(&self, taste: &Taste, scores: &mut Scores) {
        let mut near: rustc_hash::FxHashMap<u32, f32> = rustc_hash::FxHashMap::default();
        for held in taste.held.iter().filter(|held| held.weight > 0.0).take(LOOKED_UP_MAX) {
            let own = self.offsets[held.product as usize] as usize..self.offsets[held.product as usize + 1] as usize;
            for &(history, _) in &self.places[own] {
                *near.entry(history).or_insert(0.0) += self.idf[held.product as usize];
            }
        }
        let nearness =
            |(&history, &shared): (&u32, &f32)| (history, shared / (self.range(history).len() as f32).sqrt());
        let mut nearest: Vec<(u32, f32)> = near.iter().map(nearness).collect();
        crate::scores::keep_best(&mut nearest, COHORT_MAX);
        for (history, nearness) in nearest {
            let members = &self.members[self.range(history)];
            // A very long history is read at its end.
            for &product in &members[members.len().saturating_sub(REACH)..] {
                scores.add(product, nearness);
            }
        }
    }

    fn range(&self, history: u32) -> std::ops::Range<usize> {
        let history = history as usize;
        let start = if history == 0 { 0 } else { self.ends[history - 1] };
        start as usize..self.ends[history] as usize
    }
}
