//! Finding what a person left, and forgetting it.

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use super::history::{self, PackedEvent};
use super::names::Space;
use super::{NOBODY, People, Traces, VisitorRow};
use crate::ProductRow;

/// What an erasure touched.
pub(crate) struct ErasedPeople {
    /// The rows of the visitors, linked anonymous ones included.
    pub(crate) visitors: Vec<VisitorRow>,
    /// Products that are named in no history any more, rising.
    pub(crate) products: Vec<ProductRow>,
}

impl People {
    /// The log positions of every interaction of these users, linked anonymous history included, in rising order; and
    /// the anonymous ids linked to them. `complete` is false where a history was cut at its bound: then the
    /// store must be searched for the ids themselves.
    ///
    /// An anonymous id that went over to another user since is not among them, though what it did before is.
    /// O(visitors).
    pub fn traces(&self, user_ids: &[String]) -> Traces {
        let users = self.users(user_ids);
        let mut traces = Traces { complete: true, ..Traces::default() };
        for row in &users {
            traces.positions.extend(self.visitors[*row].history.iter().map(|event| event.position));
            traces.positions.extend(self.repeats.get(row).into_iter().flatten());
            traces.complete &= !self.cut.contains(row);
        }
        traces.positions.sort_unstable();
        traces.positions.dedup();
        let linked = self.linked(&users);
        traces.anonymous_ids = linked.iter().filter_map(|&row| Some(self.names.get(row)?.1.to_owned())).collect();
        traces
    }

    /// Forgets the interactions of these users, the anonymous ids linked to them, and their own ids where they have no
    /// profile. O(events held).
    pub(crate) fn erase_interactions(&mut self, user_ids: &[String]) -> ErasedPeople {
        let users = self.users(user_ids);
        let linked = self.linked(&users);
        let mut events = Vec::new();
        for &row in &users {
            let history = self.change(row, std::mem::take);
            self.interactions -= history::interactions(&history);
            events.extend(history);
            self.repeats.remove(&row);
            self.cut.remove(&row);
            if !self.profiles.contains(row) {
                self.names.erase(row);
            }
        }
        for &row in &linked {
            self.visitors[row].link = NOBODY;
            self.former_links.remove(&row);
            self.names.erase(row);
        }
        self.former_links.retain(|_, former| {
            former.retain(|row| !users.contains(row));
            !former.is_empty()
        });
        let products = self.named_nowhere(&events);
        let visitors = users.into_iter().chain(linked).map(VisitorRow).collect();
        ErasedPeople { visitors, products }
    }

    /// The rows of these users, each once.
    fn users(&self, user_ids: &[String]) -> HashSet<u32, FxBuildHasher> {
        user_ids.iter().filter_map(|id| self.find(Space::User, Some(id))).collect()
    }

    /// The rows of the anonymous visitors linked to these users, rising.
    fn linked(&self, users: &HashSet<u32, FxBuildHasher>) -> Vec<u32> {
        if users.is_empty() {
            return Vec::new();
        }
        let rows = (0..).zip(self.visitors.iter());
        rows.filter(|(_, visitor)| users.contains(&visitor.link)).map(|(row, _)| row).collect()
    }

    /// The products of `events` that no history names, rising.
    fn named_nowhere(&self, events: &[PackedEvent]) -> Vec<ProductRow> {
        let mut products: Vec<ProductRow> = events.iter().filter_map(PackedEvent::product).collect();
        products.sort_unstable();
        products.dedup();
        let Some(last) = products.last() else { return products };
        let mut named = vec![false; last.0 as usize + 1];
        for event in self.visitors.iter().flat_map(|visitor| &visitor.history) {
            if let Some(named) = event.product().and_then(|row| named.get_mut(row.0 as usize)) {
                *named = true;
            }
        }
        products.retain(|row| !named[row.0 as usize]);
        products
    }
}
