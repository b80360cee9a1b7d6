use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};
use record::Time;
use uuid::Uuid;

use crate::limits::{ANSWER_DAYS_MAX, ANSWERS_MAX};
use crate::{ProductRow, VisitorRow};

/// One answer as it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The answer's `miso_id`.
    pub miso_id: Uuid,
    /// When.
    pub time: Time,
    /// Which API, such as `recommendation/user_to_products`.
    pub api: &'static str,
    /// For whom; `None` for nobody known.
    pub visitor: Option<VisitorRow>,
    /// What, in the order shown.
    pub products: Box<[ProductRow]>,
}

/// The answers shown lately, bounded by number and age.
///
/// Age counts against the newest answer: nothing here reads a clock, so without new answers old ones stay.
#[derive(Default)]
pub struct Answers {
    /// In the order of remembering.
    shown: VecDeque<Shown>,
    /// How many were forgotten at the front of `shown` so far.
    forgotten: u64,
    /// The number of each answer, counted from the first ever remembered.
    number_by_id: HashMap<Uuid, u64>,
    products: usize,
}

impl Answers {
    /// The answer of this `miso_id`, while it is remembered.
    pub fn get(&self, miso_id: Uuid) -> Option<&Shown> {
        let number = self.number_by_id.get(&miso_id)?;
        self.shown.get(usize::try_from(number - self.forgotten).ok()?)
    }

    /// The answers remembered, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Shown> + ExactSizeIterator + '_ {
        self.shown.iter()
    }

    /// Remembers an answer. One with the same `miso_id` takes its place.
    pub(crate) fn remember(&mut self, shown: Shown) {
        let too_old = Time(shown.time.0.saturating_sub(ANSWER_DAYS_MAX * Time::DAY_MS));
        while self.shown.front().is_some_and(|oldest| self.shown.len() >= ANSWERS_MAX || oldest.time < too_old) {
            self.forget_oldest();
        }
        self.products += shown.products.len();
        self.number_by_id.insert(shown.miso_id, self.forgotten + self.shown.len() as u64);
        self.shown.push_back(shown);
    }

    /// Forgets the answers given to these visitors.
    pub(crate) fn forget_visitors(&mut self, visitors: &[VisitorRow]) {
        let visitors: HashSet<VisitorRow> = visitors.iter().copied().collect();
        let is_theirs = |shown: &Shown| shown.visitor.is_some_and(|row| visitors.contains(&row));
        if !self.shown.iter().any(is_theirs) {
            return;
        }
        for shown in std::mem::take(self).shown {
            if !is_theirs(&shown) {
                self.remember(shown);
            }
        }
    }

    fn forget_oldest(&mut self) {
        let Some(oldest) = self.shown.pop_front() else { return };
        self.products -= oldest.products.len();
        if self.number_by_id.get(&oldest.miso_id) == Some(&self.forgotten) {
            self.number_by_id.remove(&oldest.miso_id);
        }
        self.forgotten += 1;
    }

    /// Bytes held; an estimate from capacities.
    pub fn memory_bytes(&self) -> usize {
        self.shown.capacity() * size_of::<Shown>()
            + self.number_by_id.allocation_size()
            + self.products * size_of::<ProductRow>()
    }
}
