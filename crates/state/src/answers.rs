use std::collections::VecDeque;

use hashbrown::{HashMap, HashSet};
use record::Time;
use uuid::Uuid;

use crate::feedback::Effect;
use crate::limits::{ANSWER_DAYS_MAX, ANSWERS_MAX, MARKS_MAX, SHOWN_PRODUCTS_MAX};
use crate::sections::{SectionReader, SectionWriter};
use crate::{ProductRow, SnapshotFault, VisitorRow};

/// One answer as it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// The answer's `miso_id`.
    pub miso_id: Uuid,
    /// When.
    pub time: Time,
    /// The number of its source ([`crate::Feedback::source`]).
    pub(crate) source: u32,
    /// For whom; `None` for nobody known.
    pub visitor: Option<VisitorRow>,
    /// The place of the first product in the whole list; 0 unless it is a later page.
    pub start: u32,
    /// What was searched for, in lower case with single spaces; empty for anything but a search for words.
    pub query: Box<str>,
    /// What, in the order shown, up to [`SHOWN_PRODUCTS_MAX`].
    pub products: Box<[ProductRow]>,
    /// Who did what with which of them: the visitor's row, the index of the product and the kind of act.
    pub(crate) marks: Vec<u64>,
}

impl Shown {
    /// Notes that a visitor did this with the product at `at`; false where that was noted before, or where too much was.
    pub(crate) fn mark(&mut self, visitor: u32, at: usize, effect: Effect) -> bool {
        let mark = u64::from(visitor) << 32 | (at as u64) << 8 | u64::from(effect.number());
        let is_new = self.marks.len() < MARKS_MAX && !self.marks.contains(&mark);
        if is_new {
            self.marks.push(mark);
        }
        is_new
    }
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
        self.shown.get(self.index(miso_id)?)
    }

    pub(crate) fn get_mut(&mut self, miso_id: Uuid) -> Option<&mut Shown> {
        let index = self.index(miso_id)?;
        self.shown.get_mut(index)
    }

    fn index(&self, miso_id: Uuid) -> Option<usize> {
        let number = self.number_by_id.get(&miso_id)?;
        usize::try_from(number - self.forgotten).ok()
    }

    /// The answers remembered, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Shown> + ExactSizeIterator + '_ {
        self.shown.iter()
    }

    /// How many answers were remembered so far, those forgotten since included.
    pub fn number(&self) -> u64 {
        self.forgotten + self.shown.len() as u64
    }

    /// Remembers an answer. One with the same `miso_id` takes its place.
    pub(crate) fn remember(&mut self, shown: Shown) {
        let too_old = Time(shown.time.0.saturating_sub(ANSWER_DAYS_MAX * Time::DAY_MS));
        while self.shown.front().is_some_and(|oldest| self.shown.len() >= ANSWERS_MAX || oldest.time < too_old) {
            self.forget_oldest();
        }
        self.products += shown.products.len();
        self.number_by_id.insert(shown.miso_id, self.number());
        self.shown.push_back(shown);
    }

    /// Forgets the answers given to these visitors, and what they did with others.
    pub(crate) fn forget_visitors(&mut self, visitors: &HashSet<VisitorRow>) {
        for shown in &mut self.shown {
            shown.marks.retain(|mark| !visitors.contains(&VisitorRow((mark >> 32) as u32)));
        }
        let is_theirs = |shown: &Shown| shown.visitor.is_some_and(|row| visitors.contains(&row));
        let theirs = self.shown.iter().filter(|shown| is_theirs(shown)).count() as u64;
        if theirs == 0 {
            return;
        }
        let before = std::mem::take(self);
        // The count goes on from where it was: later numbers name later answers.
        self.forgotten = before.forgotten + theirs;
        for shown in before.shown {
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

    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.u64(self.forgotten)?;
        out.count(self.shown.len())?;
        for shown in &self.shown {
            out.bytes(shown.miso_id.as_bytes())?;
            out.u64(shown.time.0.cast_unsigned())?;
            out.u32(shown.source)?;
            out.u32(shown.visitor.map_or(u32::MAX, |visitor| visitor.0))?;
            out.u32(shown.start)?;
            out.text(&shown.query)?;
            out.count(shown.products.len())?;
            shown.products.iter().try_for_each(|product| out.u32(product.0))?;
            out.count(shown.marks.len())?;
            shown.marks.iter().try_for_each(|mark| out.u64(*mark))?;
        }
        Ok(())
    }

    pub(crate) fn load(
        input: &mut SectionReader<'_, '_>,
        (products, visitors, sources): (u32, u32, u32),
    ) -> Result<Answers, SnapshotFault> {
        let mut answers = Answers { forgotten: input.u64()?, ..Answers::default() };
        for _ in 0..input.u32()? {
            let miso_id = Uuid::from_bytes(input.array()?);
            let time = Time(input.u64()?.cast_signed());
            let source = input.u32()?;
            let visitor = input.u32()?;
            let start = input.u32()?;
            let query = input.text()?.into();
            let mut shown = Vec::new();
            for _ in 0..input.u32()? {
                shown.push(ProductRow(input.u32()?));
            }
            let mut marks = Vec::new();
            for _ in 0..input.u32()? {
                marks.push(input.u64()?);
            }
            let is_sound = source < sources
                && (visitor < visitors || visitor == u32::MAX)
                && shown.iter().all(|product| product.0 < products)
                && shown.len() <= SHOWN_PRODUCTS_MAX
                && marks.len() <= MARKS_MAX
                && answers.shown.len() < ANSWERS_MAX
                && answers.forgotten < u64::MAX / 2;
            if !is_sound {
                return Err(input.damaged("an answer that was not given"));
            }
            let visitor = (visitor != u32::MAX).then_some(VisitorRow(visitor));
            let products: Box<[ProductRow]> = shown.into();
            answers.products += products.len();
            answers.number_by_id.insert(miso_id, answers.number());
            answers.shown.push_back(Shown { miso_id, time, source, visitor, start, query, products, marks });
        }
        Ok(answers)
    }
}
