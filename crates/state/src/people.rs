use record::{Interaction, InteractionType, Time, User};

use crate::ProductRow;

/// The dense number of a visitor: a signed-in user or an anonymous one, not both once they are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitorRow(pub u32);

/// One interaction of a visitor with one product (or with none). An interaction with several products is several
/// events of the same `position`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When.
    pub time: Time,
    /// Which entry of the log it came from.
    pub position: u64,
    /// With what; `None` for a home page view, a search, ….
    pub product: Option<ProductRow>,
    /// What was done.
    pub kind: InteractionType,
    /// The type's own number: seconds for `duration`, stars for `rating`, pieces for `quantities`; NaN where absent.
    pub value: f32,
}

/// The visitors: ids, links, histories.
#[derive(Default)]
pub struct People {}

impl People {
    /// The visitor behind these ids, links followed: the user's where `user_id` is given and known, else the anonymous one's.
    pub fn visitor(&self, user_id: Option<&str>, anonymous_id: Option<&str>) -> Option<VisitorRow> {
        todo!("{user_id:?} {anonymous_id:?}")
    }

    /// The visitor's events in time order (ties in log order), linked anonymous history included. Bounded by
    /// [`crate::limits::EVENTS_PER_VISITOR_MAX`].
    pub fn history(&self, visitor: VisitorRow) -> impl DoubleEndedIterator<Item = Event> + ExactSizeIterator + '_ {
        let _ = visitor;
        Vec::new().into_iter()
    }

    /// Visitors that hold a history of their own, in the order of rows. Aliases (linked anonymous ids) are not among them.
    pub fn visitors(&self) -> impl Iterator<Item = VisitorRow> + '_ {
        std::iter::empty()
    }

    /// A number that changes with every change of the visitor's history: the key for cached representations.
    pub fn revision(&self, visitor: VisitorRow) -> u64 {
        todo!("{visitor:?}")
    }

    /// Interactions held, over all visitors.
    pub fn interactions(&self) -> usize {
        todo!()
    }

    /// The log positions of every interaction of these users, linked anonymous history included, in rising order; and
    /// the anonymous ids linked to them. `complete` is false where a history was cut at its bound: then the
    /// store must be searched for the ids themselves.
    pub fn traces(&self, user_ids: &[String]) -> Traces {
        todo!("{user_ids:?}")
    }

    pub(crate) fn latest(&self) -> Option<Time> {
        todo!()
    }

    pub(crate) fn put_profile(&mut self, user: &User) {
        todo!("{user:?}")
    }

    pub(crate) fn delete_profile(&mut self, user_id: &str) -> bool {
        todo!("{user_id}")
    }

    pub(crate) fn holds(&self, interaction: &Interaction) -> bool {
        todo!("{interaction:?}")
    }

    pub(crate) fn add(&mut self, position: u64, interaction: &Interaction, rows: &[ProductRow]) {
        todo!("{position} {interaction:?} {rows:?}")
    }
}

/// Where a person left traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Positions in the log, rising.
    pub positions: Vec<u64>,
    /// Anonymous ids linked to the users.
    pub anonymous_ids: Vec<String>,
    /// Whether `positions` are all of them.
    pub complete: bool,
}
