//! Which products occur together in the same units (a visitor's history, a basket), and how strongly.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::lent::Rooms;
use crate::limits::{NEIGHBOUR_ENTRIES_MAX, NEIGHBOURS_MAX, NEIGHBOURS_MIN, PAIRS_MAX};
use crate::scores::keep_best;

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
    ends: Vec<u32>,
}

impl Units {
    /// Adds a unit. One of fewer than two products pairs nothing, but counts in the norms.
    pub(crate) fn push(&mut self, members: &[Member]) {
        self.members.extend_from_slice(members);
        self.ends.push(self.members.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The members of all units.
    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Member]> {
        (0..self.len()).map(|unit| &self.members[self.range(unit)])
    }

    fn range(&self, unit: usize) -> std::ops::Range<usize> {
        let start = if unit == 0 { 0 } else { self.ends[unit - 1] };
        start as usize..self.ends[unit] as usize
    }

    /// By product, the sum of `term` over the units that hold it, in their order.
    pub(crate) fn sums(&self, products: u32, term: impl Fn(usize, &Member) -> f32) -> Vec<f32> {
        let mut sums = vec![0.0f32; products as usize];
        for (unit, members) in self.iter().enumerate() {
            for member in members {
                sums[member.product as usize] += term(unit, member);
            }
        }
        sums
    }

    /// How far apart members may be, at most `distance_max`, so that there are no more than [`PAIRS_MAX`] pairs.
    fn distance_within(&self, distance_max: usize) -> usize {
        let mut distance = distance_max;
        let pairs = |distance: usize| -> u64 {
            let of = |length: usize| {
                let near = distance.min(length.saturating_sub(1)) as u64;
                // 2 × (length - 1) + … + 2 × (length - near)
                near * (2 * length as u64).saturating_sub(near + 1)
            };
            (0..self.len()).map(|unit| of(self.range(unit).len())).sum()
        };
        while distance > 1 && pairs(distance) > PAIRS_MAX {
            distance /= 2;
        }
        distance
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

    /// To be filled by [`Neighbours::push`].
    pub(crate) fn begun(products: u32) -> Neighbours {
        let mut offsets = Vec::with_capacity(products as usize + 1);
        offsets.push(0);
        Neighbours { offsets, entries: Vec::new() }
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

/// How many neighbours each product keeps: [`NEIGHBOURS_MAX`], and where those of all products would be more than
/// [`NEIGHBOUR_ENTRIES_MAX`], as many fewer as the product occurs less often: few visitors know few neighbours well.
pub(crate) fn lengths(counts: &[u32]) -> Vec<u8> {
    let lengths = |per_place: f64| -> Vec<u8> {
        let length = |&count: &u32| match count {
            0 => 0,
            _ => (NEIGHBOURS_MIN as f64 + per_place * f64::from(count)).min(NEIGHBOURS_MAX as f64) as u8,
        };
        counts.iter().map(length).collect()
    };
    let fits =
        |lengths: &[u8]| lengths.iter().map(|&length| usize::from(length)).sum::<usize>() <= NEIGHBOUR_ENTRIES_MAX;
    let all = lengths(f64::from(NEIGHBOURS_MAX as u32));
    if fits(&all) {
        return all;
    }
    let (mut least, mut most) = (0.0, f64::from(NEIGHBOURS_MAX as u32));
    for _ in 0..30 {
        let middle = (least + most) / 2.0;
        *(if fits(&lengths(middle)) { &mut least } else { &mut most }) = middle;
    }
    lengths(least)
}

/// Where each product occurs: the places of row `p` are `places[offsets[p]..offsets[p + 1]]`, in the order of the units.
pub(crate) struct Places {
    offsets: Vec<u32>,
    places: Vec<Place>,
}

#[derive(Clone, Copy)]
struct Place {
    unit: u32,
    /// Among the members of all units.
    at: u32,
}

impl Places {
    /// Of products below `products`; eight bytes a member.
    pub(crate) fn new(units: &Units, products: u32) -> Places {
        let mut offsets = vec![0u32; products as usize + 1];
        for member in &units.members {
            offsets[member.product as usize + 1] += 1;
        }
        for product in 0..products as usize {
            offsets[product + 1] += offsets[product];
        }
        let mut next = offsets.clone();
        let mut places = vec![Place { unit: 0, at: 0 }; units.members.len()];
        for unit in 0..units.len() {
            for at in units.range(unit) {
                let slot = &mut next[units.members[at].product as usize];
                places[*slot as usize] = Place { unit: unit as u32, at: at as u32 };
                *slot += 1;
            }
        }
        Places { offsets, places }
    }

    /// In how many units each product is.
    pub(crate) fn counts(&self) -> Vec<u32> {
        self.offsets.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    fn of(&self, product: usize) -> &[Place] {
        &self.places[self.offsets[product] as usize..self.offsets[product + 1] as usize]
    }
}

/// Products handled before their lists are put together.
const BATCH: usize = 8_192;

/// Keeps for every product, in each of `M` ways, those others with the greatest positive likeness, best first, ties by row.
///
/// `term(unit, own, other)` is summed over the units that hold both; its first number must be positive. `likeness(product, other,
/// sums)` makes likenesses of the sums, cut at 1. `lengths` says how many are kept of each product. Members further apart than
/// `distance_max` make no pair.
///
/// Product by product in parallel; each sum is taken in the order of the units, so the outcome does not depend on
/// threads. At most [`PAIRS_MAX`] pairs, unless neighbours in the order alone are more. `None` when `progress` answered false.
pub(crate) fn neighbours<const N: usize, const M: usize>(
    (units, places): (&Units, &Places),
    distance_max: usize,
    term: impl Fn(usize, &Member, &Member) -> [f32; N] + Sync,
    likeness: impl Fn(u32, u32, &[f32; N]) -> [f32; M] + Sync,
    lengths: [&[u8]; M],
    progress: &(dyn Fn(f32) -> bool + Sync),
) -> Option<[Neighbours; M]> {
    let products = places.offsets.len() - 1;
    let distance_max = units.distance_within(distance_max);
    let done = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let rooms = Rooms::new(|| Scratch { sums: vec![[0.0; N]; products], touched: Vec::new() });
    let mut all: [Neighbours; M] = std::array::from_fn(|_| Neighbours::begun(products as u32));
    for first in (0..products).step_by(BATCH) {
        let lists: Vec<[Vec<(u32, f32)>; M]> = (first..products.min(first + BATCH))
            .into_par_iter()
            .with_max_len(64)
            .map_init(
                || rooms.lend(),
                |scratch, product| {
                    let own = places.of(product);
                    if own.is_empty() || stopped.load(Ordering::Relaxed) {
                        return std::array::from_fn(|_| Vec::new());
                    }
                    for &place in own {
                        scratch.add(units, place, distance_max, &term);
                    }
                    let lengths = lengths.map(|lengths| usize::from(lengths[product]));
                    let lists = scratch.drain_best(lengths, |other, sums| likeness(product as u32, other, sums));
                    let places_done = done.fetch_add(own.len(), Ordering::Relaxed);
                    // Told once per 1/256 of the work: the caller may take a lock to show it.
                    let step = places.places.len() / 256 + 1;
                    if places_done / step != (places_done + own.len()) / step
                        && !progress(places_done as f32 / places.places.len() as f32)
                    {
                        stopped.store(true, Ordering::Relaxed);
                    }
                    lists
                },
            )
            .collect();
        for lists in &lists {
            all.iter_mut().zip(lists).for_each(|(neighbours, list)| neighbours.push(list));
        }
    }
    all.iter_mut().for_each(|neighbours| neighbours.entries.shrink_to_fit());
    (!stopped.into_inner()).then_some(all)
}

/// One thread's sums over the products met so far; all zero between two products.
struct Scratch<const N: usize> {
    sums: Vec<[f32; N]>,
    touched: Vec<u32>,
}

impl<const N: usize> Scratch<N> {
    fn add(
        &mut self,
        units: &Units,
        place: Place,
        distance_max: usize,
        term: &impl Fn(usize, &Member, &Member) -> [f32; N],
    ) {
        let (unit, at) = (place.unit as usize, place.at as usize);
        let range = units.range(unit);
        let own = units.members[at];
        let first = range.start.max(at.saturating_sub(distance_max));
        let last = range.end.min(at + distance_max + 1);
        for others in [&units.members[first..at], &units.members[at + 1..last]] {
            for other in others {
                let sums = &mut self.sums[other.product as usize];
                if sums[0] == 0.0 {
                    self.touched.push(other.product);
                }
                let term = term(unit, &own, other);
                sums.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
            }
        }
    }

    fn drain_best<const M: usize>(
        &mut self,
        lengths: [usize; M],
        likeness: impl Fn(u32, &[f32; N]) -> [f32; M],
    ) -> [Vec<(u32, f32)>; M] {
        let mut lists: [Vec<(u32, f32)>; M] = std::array::from_fn(|_| Vec::with_capacity(self.touched.len()));
        for other in self.touched.drain(..) {
            let sums = std::mem::replace(&mut self.sums[other as usize], [0.0; N]);
            for ((list, likeness), length) in lists.iter_mut().zip(likeness(other, &sums)).zip(lengths) {
                if likeness > 0.0 && length > 0 {
                    list.push((other, likeness.min(1.0)));
                }
            }
        }
        for (list, length) in lists.iter_mut().zip(lengths) {
            keep_best(list, length);
            list.shrink_to_fit();
        }
        lists
    }
}
