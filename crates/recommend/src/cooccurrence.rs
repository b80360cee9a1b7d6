//! Which products occur together in the same units (a visitor's history, a basket), and how strongly.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::limits::NEIGHBOURS_MAX;

/// One product in one unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) product: u32,
    pub(crate) weight: f32,
    /// Hours before the unit's last member.
    pub(crate) hours: f32,
}

/// Units of products; within a unit each product is there once, in time order.
#[derive(Default)]
pub(crate) struct Units {
    members: Vec<Member>,
    ends: Vec<usize>,
    /// How much each unit counts.
    shares: Vec<f32>,
}

impl Units {
    /// Adds a unit. One of fewer than two products pairs nothing, but counts in the norms.
    pub(crate) fn push(&mut self, members: &[Member], share: f32) {
        if !members.is_empty() {
            self.members.extend_from_slice(members);
            self.ends.push(self.members.len());
            self.shares.push(share);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn iter(&self) -> impl Iterator<Item = (usize, usize, f32)> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).zip(&self.shares).map(|((start, &end), &share)| (start, end, share))
    }
}

/// The neighbours of every product: row `p` is `entries[offsets[p]..offsets[p + 1]]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Neighbours {
    pub(crate) offsets: Vec<u32>,
    pub(crate) entries: Vec<(u32, f32)>,
}

impl Neighbours {
    /// No neighbours for so many products.
    pub(crate) fn empty(products: u32) -> Neighbours {
        Neighbours { offsets: vec![0; products as usize + 1], entries: Vec::new() }
    }

    pub(crate) fn of_lists(lists: &[Vec<(u32, f32)>]) -> Neighbours {
        let mut neighbours = Neighbours::default();
        neighbours.offsets.push(0);
        for list in lists {
            neighbours.push(list);
        }
        neighbours
    }

    /// Adds the next product's list; the first offset must be there.
    pub(crate) fn push(&mut self, list: &[(u32, f32)]) {
        self.entries.extend_from_slice(list);
        self.offsets.push(self.entries.len() as u32);
    }

    pub(crate) fn of(&self, product: u32) -> &[(u32, f32)] {
        let product = product as usize;
        match (self.offsets.get(product), self.offsets.get(product + 1)) {
            (Some(&start), Some(&end)) => &self.entries[start as usize..end as usize],
            _ => &[],
        }
    }
}

/// What is known of a pair of products, from the side of the first.
pub(crate) struct Pair {
    /// The sum over the units that hold both of share × both weights × kernel(hours between).
    pub(crate) strength: f32,
    /// In how many units both are.
    pub(crate) count: f32,
    /// The sums over the units of each product alone: share × weight².
    pub(crate) mass: (f32, f32),
    /// In how many units each is.
    pub(crate) counts: (u32, u32),
}

/// Where a product occurs: the unit's first member, its end, the product's own place, and the unit's share.
#[derive(Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
    at: u32,
    share: f32,
}

/// Keeps for every product the [`NEIGHBOURS_MAX`] others with the greatest positive `similarity`, best first, ties by row.
///
/// Product by product in parallel; each sum is taken in the order of the units, so the outcome does not depend on
/// threads. At most 2 × `distance_max` pairs per member. `None` when `progress` answered false.
pub(crate) fn neighbours(
    units: &Units,
    products: u32,
    distance_max: usize,
    kernel: impl Fn(f32) -> f32 + Sync,
    similarity: impl Fn(&Pair) -> f32 + Sync,
    progress: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Neighbours> {
    let (offsets, places, masses) = invert(units, products);
    let done = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let lists: Vec<Vec<(u32, f32)>> = (0..products as usize)
        .into_par_iter()
        .with_max_len(64)
        .map_init(
            || Scratch { sums: vec![(0.0, 0.0); products as usize], touched: Vec::new() },
            |scratch, product| {
                let own = &places[offsets[product]..offsets[product + 1]];
                if own.is_empty() || stopped.load(Ordering::Relaxed) {
                    return Vec::new();
                }
                for place in own {
                    scratch.add(place, &units.members, distance_max, &kernel);
                }
                let list = scratch.drain_best(|other, (strength, count)| {
                    let counts = (own.len() as u32, (offsets[other as usize + 1] - offsets[other as usize]) as u32);
                    let mass = (masses[product], masses[other as usize]);
                    similarity(&Pair { strength, count, mass, counts })
                });
                let places_done = done.fetch_add(own.len(), Ordering::Relaxed);
                // Told once per 1/256 of the work: the caller may take a lock to show it.
                let step = places.len() / 256 + 1;
                if places_done / step != (places_done + own.len()) / step
                    && !progress(places_done as f32 / places.len() as f32)
                {
                    stopped.store(true, Ordering::Relaxed);
                }
                list
            },
        )
        .collect();
    if stopped.into_inner() {
        return None;
    }
    Some(Neighbours::of_lists(&lists))
}

/// Turns units of products into products with the places where they occur, and the mass of each.
fn invert(units: &Units, products: u32) -> (Vec<usize>, Vec<Place>, Vec<f32>) {
    let mut offsets = vec![0usize; products as usize + 1];
    for member in &units.members {
        offsets[member.product as usize + 1] += 1;
    }
    for product in 0..products as usize {
        offsets[product + 1] += offsets[product];
    }
    let mut next = offsets.clone();
    let mut masses = vec![0.0f32; products as usize];
    let mut places = vec![Place { start: 0, end: 0, at: 0, share: 0.0 }; units.members.len()];
    for (start, end, share) in units.iter() {
        for at in start..end {
            let member = units.members[at];
            masses[member.product as usize] += share * member.weight * member.weight;
            let slot = &mut next[member.product as usize];
            places[*slot] = Place { start: start as u32, end: end as u32, at: at as u32, share };
            *slot += 1;
        }
    }
    (offsets, places, masses)
}

/// One thread's sums over the products met so far; all zero between two products.
struct Scratch {
    sums: Vec<(f32, f32)>,
    touched: Vec<u32>,
}

impl Scratch {
    fn add(&mut self, place: &Place, members: &[Member], distance_max: usize, kernel: &impl Fn(f32) -> f32) {
        let at = place.at as usize;
        let own = members[at];
        let first = (place.start as usize).max(at.saturating_sub(distance_max));
        let last = (place.end as usize).min(at + distance_max + 1);
        let scale = place.share * own.weight;
        for (index, other) in members[first..last].iter().enumerate() {
            if first + index == at {
                continue;
            }
            let sum = &mut self.sums[other.product as usize];
            if sum.1 == 0.0 {
                self.touched.push(other.product);
            }
            sum.0 += scale * other.weight * kernel((own.hours - other.hours).abs());
            sum.1 += 1.0;
        }
    }

    fn drain_best(&mut self, similarity: impl Fn(u32, (f32, f32)) -> f32) -> Vec<(u32, f32)> {
        let mut list = Vec::with_capacity(self.touched.len());
        for other in self.touched.drain(..) {
            let similarity = similarity(other, std::mem::take(&mut self.sums[other as usize]));
            if similarity > 0.0 {
                list.push((other, similarity.min(1.0)));
            }
        }
        let best_first = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if list.len() > NEIGHBOURS_MAX {
            list.select_nth_unstable_by(NEIGHBOURS_MAX - 1, best_first);
            list.truncate(NEIGHBOURS_MAX);
        }
        list.sort_unstable_by(best_first);
        list.shrink_to_fit();
        list
    }
}
