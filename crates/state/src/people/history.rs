//! A visitor's history: packed events in time order, ties in log order.

use record::{InteractionType, Time};

use super::content::Mark;
use crate::limits::{EVENTS_PER_VISITOR_AFTER_CUT, EVENTS_PER_VISITOR_MAX};
use crate::{Event, ProductRow};

const NO_PRODUCT: u32 = u32::MAX;

/// An event in 32 bytes. Events of one interaction stand side by side.
#[derive(Clone, Copy, Debug)]
pub(super) struct PackedEvent {
    pub(super) time: i64,
    pub(super) position: u64,
    /// As in [`Mark`].
    tag: u64,
    product: u32,
    value: f32,
}

impl PackedEvent {
    /// Bytes in a snapshot.
    pub(super) const BYTES: usize = 32;

    pub(super) fn new(mark: Mark, position: u64, product: Option<ProductRow>, value: f32) -> PackedEvent {
        let product = product.map_or(NO_PRODUCT, |row| row.0);
        PackedEvent { time: mark.time.0, position, tag: mark.tag, product, value }
    }

    pub(super) fn product(&self) -> Option<ProductRow> {
        (self.product != NO_PRODUCT).then_some(ProductRow(self.product))
    }

    pub(super) fn event(&self) -> Event {
        Event {
            time: Time(self.time),
            position: self.position,
            product: self.product(),
            // Marks are made from an interaction, and snapshots are checked: the number is always that of a type.
            kind: self.kind().unwrap_or(InteractionType::Custom),
            value: self.value,
        }
    }

    fn kind(&self) -> Option<InteractionType> {
        InteractionType::from_number(self.tag as u8)
    }

    fn is_impression(&self) -> bool {
        matches!(self.kind(), Some(InteractionType::Impression | InteractionType::ViewableImpression))
    }

    fn key(&self) -> (i64, u64) {
        (self.time, self.position)
    }

    pub(super) fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&self.time.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.position.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.tag.to_le_bytes());
        bytes[24..28].copy_from_slice(&self.product.to_le_bytes());
        bytes[28..].copy_from_slice(&self.value.to_le_bytes());
        bytes
    }

    /// Reads what [`PackedEvent::to_bytes`] wrote. `None` where the type or the product (below `products`) is impossible.
    pub(super) fn from_bytes(bytes: &[u8; Self::BYTES], products: u32) -> Option<PackedEvent> {
        let eight = |at: usize| std::array::from_fn::<u8, 8, _>(|i| bytes[at + i]);
        let four = |at: usize| std::array::from_fn::<u8, 4, _>(|i| bytes[at + i]);
        let event = PackedEvent {
            time: i64::from_le_bytes(eight(0)),
            position: u64::from_le_bytes(eight(8)),
            tag: u64::from_le_bytes(eight(16)),
            product: u32::from_le_bytes(four(24)),
            value: f32::from_le_bytes(four(28)),
        };
        (event.kind().is_some() && (event.product == NO_PRODUCT || event.product < products)).then_some(event)
    }
}

/// Whether an interaction of this mark is there. O(log n) plus the events of the same millisecond.
pub(super) fn holds(history: &[PackedEvent], mark: Mark) -> bool {
    // Most interactions are the latest of their visitor: one comparison instead of a search.
    if history.last().is_none_or(|last| last.time < mark.time.0) {
        return false;
    }
    let from = history.partition_point(|event| event.time < mark.time.0);
    history[from..].iter().take_while(|event| event.time == mark.time.0).any(|event| event.tag == mark.tag)
}

/// Puts the events of one interaction in, after those of the same time. `count` is their number.
pub(super) fn insert(
    history: &mut Vec<PackedEvent>,
    time: i64,
    events: impl Iterator<Item = PackedEvent>,
    count: usize,
) {
    let missing = (history.len() + count).saturating_sub(history.capacity());
    if missing > 0 {
        // By half rather than double, and exactly while small: half of all memory is the slack of short histories.
        history.reserve_exact(count.max(history.len() / 2));
    }
    if history.last().is_none_or(|last| last.time <= time) {
        history.extend(events);
    } else {
        let at = history.partition_point(|event| event.time <= time);
        history.splice(at..at, events);
    }
}

/// Merges two histories. An interaction that is in both counts once; the positions of those left out are given back.
pub(super) fn merge(into: &mut Vec<PackedEvent>, from: Vec<PackedEvent>) -> Vec<u64> {
    if into.is_empty() {
        *into = from;
        return Vec::new();
    }
    let mut left_out = Vec::new();
    let mut merged = Vec::<PackedEvent>::with_capacity(into.len() + from.len());
    let mut sides = [into.as_slice(), from.as_slice()];
    while let Some(side) = earlier(sides) {
        let (event, rest) = sides[side].split_first().expect("`earlier` names a side that has an event");
        sides[side] = rest;
        let same_time = merged.iter().rev().take_while(|other| other.time == event.time);
        if same_time.into_iter().any(|other| other.tag == event.tag && other.position != event.position) {
            if left_out.last() != Some(&event.position) {
                left_out.push(event.position);
            }
        } else {
            merged.push(*event);
        }
    }
    *into = merged;
    left_out
}

/// Which of the two begins with the earlier event; `None` when both are empty.
fn earlier(sides: [&[PackedEvent]; 2]) -> Option<usize> {
    match (sides[0].first(), sides[1].first()) {
        (None, None) => None,
        (Some(_), None) => Some(0),
        (None, Some(_)) => Some(1),
        (Some(left), Some(right)) => Some(usize::from(right.key() < left.key())),
    }
}

/// Brings a history back under its bound: the oldest impressions go first, then the oldest events. Whether it had to.
pub(super) fn cut(history: &mut Vec<PackedEvent>) -> bool {
    if history.len() <= EVENTS_PER_VISITOR_MAX {
        return false;
    }
    let mut excess = history.len() - EVENTS_PER_VISITOR_AFTER_CUT;
    history.retain(|event| {
        let goes = excess > 0 && event.is_impression();
        excess -= usize::from(goes);
        !goes
    });
    history.drain(..excess);
    history.shrink_to(EVENTS_PER_VISITOR_MAX);
    true
}

/// How many interactions the events come from.
pub(super) fn interactions(history: &[PackedEvent]) -> usize {
    history.chunk_by(|a, b| a.position == b.position).count()
}

/// Bytes held, with what an allocator needs beside them: some 16 bytes for an allocation.
pub(super) fn memory_bytes(history: &Vec<PackedEvent>) -> usize {
    if history.capacity() == 0 { 0 } else { history.capacity() * size_of::<PackedEvent>() + 16 }
}
