//! The visitors: who is who, and what each of them did.

mod content;
mod erase;
mod forget;
mod history;
mod names;
mod pages;
mod profiles;
mod save;

use hashbrown::{HashMap, HashSet};
use record::{Interaction, InteractionType, Time, User};
use rustc_hash::FxBuildHasher;

use crate::limits::{EVENTS_OF_DAY_MAX, IMPRESSION_PRODUCTS_MAX};
use crate::{AttributeTypes, ProductRow, TypeConflict};
pub(crate) use content::Mark;
use history::PackedEvent;
use names::{Names, Space};
use pages::Pages;
use profiles::Profiles;

/// The dense number of a visitor: a signed-in user or an anonymous one, not both once they are linked.
///
/// The row of an anonymous visitor who was linked to a user since stands for that user. A row is never given to
/// anybody else, an erased one is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitorRow(pub u32);

/// What speaks for a product: the product, when (milliseconds), and its weight for popularity.
pub(crate) type Evidence = (ProductRow, i64, f64);

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
    /// The type's own number: stars for `rate`, pieces for the types about carts and orders, seconds (`duration`) for
    /// all others; NaN where absent.
    pub value: f32,
}

impl Event {
    /// [`Event::value`] of the product at `index` of an interaction.
    pub fn value_of(interaction: &Interaction, index: usize) -> f32 {
        value(interaction, index)
    }
}

/// The link of a visitor who is linked to nobody.
const NOBODY: u32 = u32::MAX;

/// What is held per row, 32 bytes beside the events.
struct Visitor {
    history: Vec<PackedEvent>,
    /// The user to whom this anonymous visitor is linked.
    link: u32,
    revision: u32,
}

/// The visitors: ids, links, histories.
#[derive(Default)]
pub struct People {
    names: Names,
    visitors: Pages<Visitor>,
    /// Users to whom an anonymous visitor was linked before the present one, by the anonymous visitor's row: what it
    /// did then is still in their histories. Rare.
    former_links: HashMap<u32, Vec<u32>, FxBuildHasher>,
    /// Positions of log entries that repeat an interaction held already, by the row that holds it: they do not count,
    /// but are traces. Rare, because whoever writes the log leaves out what is held.
    repeats: HashMap<u32, Vec<u64>, FxBuildHasher>,
    /// Visitors whose history was cut at its bound.
    cut: HashSet<u32, FxBuildHasher>,
    profiles: Profiles,
    interactions: usize,
    latest: Option<Time>,
    /// Bytes held by all histories.
    history_bytes: usize,
}

/// The rows of an interaction's two ids; `None` where an id is unknown or absent. They hold until the next erasure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    user: Option<u32>,
    pub(crate) anonymous: Option<u32>,
}

/// Where a person left traces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Positions in the log, rising.
    pub positions: Vec<u64>,
    /// Anonymous ids linked to the users, in the order of their first mention.
    pub anonymous_ids: Vec<String>,
    /// Whether `positions` are all of them.
    pub complete: bool,
}

impl People {
    /// The visitor who is meant by these ids, links followed: the user's where `user_id` is given and has a history;
    /// else the anonymous one's, unless that is linked to another user; else the user's, where it is known at all.
    pub fn visitor(&self, user_id: Option<&str>, anonymous_id: Option<&str>) -> Option<VisitorRow> {
        let user = self.find(Space::User, user_id);
        if let Some(row) = user.filter(|&row| !self.visitors[row].history.is_empty()) {
            return Some(VisitorRow(row));
        }
        let anonymous = self.find(Space::Anonymous, anonymous_id).map(|row| self.resolve(row));
        let fits = |row: &u32| given(user_id).is_none() || user == Some(*row) || !self.is_user(*row);
        anonymous.filter(fits).or(user).map(VisitorRow)
    }

    /// The visitor's events in time order (ties in log order), linked anonymous history included. Bounded by
    /// [`crate::limits::EVENTS_PER_VISITOR_MAX`]. Empty for a row that was never given. Allocates nothing.
    pub fn history(&self, visitor: VisitorRow) -> impl DoubleEndedIterator<Item = Event> + ExactSizeIterator + '_ {
        let events =
            if visitor.0 < self.visitors.len() { &*self.visitors[self.resolve(visitor.0)].history } else { &[] };
        events.iter().map(PackedEvent::event)
    }

    /// Rows given so far; every row is less than this.
    pub(crate) fn rows(&self) -> u32 {
        self.visitors.len()
    }

    /// Visitors that hold a history of their own, in the order of rows. Aliases (linked anonymous ids) are not among them.
    pub fn visitors(&self) -> impl Iterator<Item = VisitorRow> + '_ {
        let rows = (0..).zip(self.visitors.iter());
        rows.filter(|(_, visitor)| !visitor.history.is_empty()).map(|(row, _)| VisitorRow(row))
    }

    /// Visitors that hold a history or a profile, in the order of rows.
    pub fn everybody(&self) -> impl Iterator<Item = VisitorRow> + '_ {
        let rows = (0..).zip(self.visitors.iter());
        rows.filter(|(row, visitor)| !visitor.history.is_empty() || self.profiles.contains(*row))
            .map(|(row, _)| VisitorRow(row))
    }

    /// The site's id of a signed-in user. `None` for an anonymous visitor, and for one whose id was erased.
    pub fn user_id(&self, visitor: VisitorRow) -> Option<&str> {
        self.id_in(Space::User, visitor)
    }

    /// The site's id of an anonymous visitor. `None` for a user, and for one whose id was erased.
    pub fn anonymous_id(&self, visitor: VisitorRow) -> Option<&str> {
        self.id_in(Space::Anonymous, visitor)
    }

    fn id_in(&self, space: Space, visitor: VisitorRow) -> Option<&str> {
        let (of, id) = (visitor.0 < self.visitors.len()).then(|| self.names.get(visitor.0))??;
        (of == space).then_some(id)
    }

    /// Whether a profile was uploaded for this user.
    pub fn has_profile(&self, visitor: VisitorRow) -> bool {
        self.profiles.contains(visitor.0)
    }

    /// A number that changes with every change of the visitor's history: the key for cached representations.
    pub fn revision(&self, visitor: VisitorRow) -> u64 {
        if visitor.0 >= self.visitors.len() {
            return 0;
        }
        let row = self.resolve(visitor.0);
        u64::from(row) << 32 | u64::from(self.visitors[row].revision)
    }

    /// Interactions held, over all visitors.
    pub fn interactions(&self) -> usize {
        self.interactions
    }

    /// The types of the custom attributes over all profiles.
    pub fn attribute_types(&self) -> AttributeTypes {
        self.profiles.attribute_types()
    }

    /// The conflicts that this batch of profiles would bring, with the data set or within itself, in the order of the
    /// batch. Profiles that the batch replaces do not count.
    pub fn type_conflicts(&self, batch: &[User]) -> Vec<TypeConflict> {
        self.profiles.conflicts(batch, |id| self.find(Space::User, Some(id)))
    }

    /// Users with a profile.
    pub fn profiles(&self) -> usize {
        self.profiles.len()
    }

    /// Bytes held; an estimate from capacities.
    pub fn memory_bytes(&self) -> usize {
        let rare = self.former_links.values().map(|rows| rows.capacity() * 4 + 40).sum::<usize>()
            + self.repeats.values().map(|positions| positions.capacity() * 8 + 40).sum::<usize>()
            + self.cut.allocation_size();
        self.names.memory_bytes()
            + self.visitors.memory_bytes()
            + self.history_bytes
            + self.profiles.memory_bytes()
            + rare
    }

    pub(crate) fn latest(&self) -> Option<Time> {
        self.latest
    }

    /// Gives the user's row.
    pub(crate) fn put_profile(&mut self, user: &User) -> u32 {
        let row = self.intern(Space::User, &user.user_id);
        self.profiles.put(row, user.custom_attributes.as_ref());
        row
    }

    /// The row of a user, known by a history or a profile.
    pub(crate) fn user_row(&self, user_id: &str) -> Option<u32> {
        self.find(Space::User, Some(user_id))
    }

    /// What speaks for products in the row's own history: the product, when, and its weight for popularity.
    pub(crate) fn wanted(&self, row: u32) -> Vec<Evidence> {
        let weighted = |event: Event| Some((event.product?, event.time.0, counted_weight(&event)));
        let events = self.visitors[row].history.iter().filter_map(|event| weighted(event.event()));
        events.filter(|(_, _, weight)| *weight > 0.0).collect()
    }

    /// The greatest weight for popularity of what the row did with this product on the day of `time`, of its latest
    /// [`EVENTS_OF_DAY_MAX`] events of that day; 0 where there is none.
    pub(crate) fn weight_of_day(&self, row: u32, product: ProductRow, time: i64) -> f64 {
        let day = |time: i64| time.div_euclid(Time::DAY_MS);
        let history = &self.visitors[row].history;
        // Mostly it is the latest of its visitor: no search.
        let end = match history.last() {
            Some(last) if day(last.time) > day(time) => history.partition_point(|event| day(event.time) <= day(time)),
            _ => history.len(),
        };
        let of_day = history[..end].iter().rev().take_while(|event| day(event.time) == day(time));
        let named = of_day.take(EVENTS_OF_DAY_MAX).filter(|event| event.product() == Some(product));
        named.map(|event| counted_weight(&event.event())).fold(0.0, f64::max)
    }

    pub(crate) fn delete_profile(&mut self, user_id: &str) -> bool {
        let Some(row) = self.find(Space::User, Some(user_id)) else { return false };
        let had = self.profiles.remove(row);
        if had && self.visitors[row].history.is_empty() && !self.repeats.contains_key(&row) {
            self.names.erase(row);
        }
        had
    }

    /// The rows of the interaction's ids, those that are known.
    pub(crate) fn known(&self, interaction: &Interaction) -> Known {
        Known {
            user: self.find(Space::User, interaction.user_id.as_deref()),
            anonymous: self.find(Space::Anonymous, interaction.anonymous_id.as_deref()),
        }
    }

    /// The row whose history holds an interaction of this mark for the same person. One that would bring a new link
    /// between its two ids is not held, whatever its mark.
    pub(crate) fn holder(&self, interaction: &Interaction, known: Known, mark: Mark) -> Option<u32> {
        let row_holds = |row: &u32| self.row_holds(*row, mark);
        if given(interaction.anonymous_id.as_deref()).is_none() {
            return known.user.filter(row_holds);
        }
        let anonymous = known.anonymous?;
        let former = self.former_links.get(&anonymous).map_or(&[][..], Vec::as_slice);
        let mut owners = former.iter().copied().chain([self.resolve(anonymous)]);
        if given(interaction.user_id.as_deref()).is_none() {
            return owners.find(row_holds);
        }
        known.user.filter(|user| owners.any(|owner| owner == *user)).filter(row_holds)
    }

    /// Whether an interaction of this mark is in the visitor's own history.
    pub(crate) fn row_holds(&self, row: u32, mark: Mark) -> bool {
        history::holds(&self.visitors[row].history, mark)
    }

    /// The row of the interaction's visitor, given at the first mention. Its two ids are linked where it has both.
    /// `None` where it has none.
    pub(crate) fn visit(&mut self, interaction: &Interaction, known: Known) -> Option<u32> {
        let mut row = |space, id: &Option<String>, known: Option<u32>| {
            known.or_else(|| Some(self.intern(space, given(id.as_deref())?)))
        };
        let user = row(Space::User, &interaction.user_id, known.user);
        let anonymous = row(Space::Anonymous, &interaction.anonymous_id, known.anonymous);
        match (user, anonymous) {
            (Some(user), Some(anonymous)) => {
                self.link(anonymous, user);
                Some(user)
            }
            (Some(user), None) => Some(user),
            (None, anonymous) => anonymous.map(|row| self.resolve(row)),
        }
    }

    /// Whether the row's own history has a search in it.
    pub(crate) fn has_searched(&self, row: u32) -> bool {
        self.visitors[row].history.iter().any(|event| event.event().kind == InteractionType::Search)
    }

    /// Notes an entry of the log that repeats an interaction held already.
    pub(crate) fn add_repeat(&mut self, row: u32, position: u64) {
        self.repeats.entry(row).or_default().push(position);
    }

    /// Adds an interaction that is not held yet. `rows` are its products and groups, in its order.
    pub(crate) fn add(&mut self, row: u32, position: u64, mark: Mark, interaction: &Interaction, rows: &[ProductRow]) {
        let event = |product, index| PackedEvent::new(mark, position, product, value(interaction, index));
        let is_impression =
            matches!(mark.kind(), Some(InteractionType::Impression | InteractionType::ViewableImpression));
        let rows = if is_impression { &rows[..rows.len().min(IMPRESSION_PRODUCTS_MAX)] } else { rows };
        self.change(row, |history| {
            if rows.is_empty() {
                history::insert(history, mark.time.0, std::iter::once(event(None, 0)), 1);
            } else {
                let events = rows.iter().enumerate().map(|(index, &product)| event(Some(product), index));
                history::insert(history, mark.time.0, events, rows.len());
            }
        });
        self.interactions += 1;
        self.latest = self.latest.max(Some(mark.time));
        self.keep_bound(row);
    }

    /// Makes the anonymous visitor's history the user's, and all it does from now on.
    fn link(&mut self, anonymous: u32, user: u32) {
        let before = self.visitors[anonymous].link;
        if before == user {
            return;
        }
        self.visitors[anonymous].link = user;
        if before != NOBODY {
            let former = self.former_links.entry(anonymous).or_default();
            former.retain(|&row| row != user);
            former.push(before);
            return;
        }
        let moved = self.change(anonymous, std::mem::take);
        if let Some(positions) = self.repeats.remove(&anonymous) {
            self.repeats.entry(user).or_default().extend(positions);
        }
        if self.cut.remove(&anonymous) {
            self.cut.insert(user);
        }
        if moved.is_empty() {
            return;
        }
        let moved_interactions = history::interactions(&moved);
        let (held, left_out) = self.change(user, |history| {
            let held = history::interactions(history);
            let left_out = history::merge(history, moved);
            (held + moved_interactions - history::interactions(history), left_out)
        });
        self.interactions -= held;
        if !left_out.is_empty() {
            self.repeats.entry(user).or_default().extend(left_out);
        }
        self.keep_bound(user);
    }

    fn keep_bound(&mut self, row: u32) {
        if self.visitors[row].history.len() <= crate::limits::EVENTS_PER_VISITOR_MAX {
            return;
        }
        let gone = self.change(row, |history| {
            let before = history::interactions(history);
            history::cut(history);
            before - history::interactions(history)
        });
        self.interactions -= gone;
        self.cut.insert(row);
    }

    /// Changes a history, and keeps the revision and the sum of capacities right.
    fn change<R>(&mut self, row: u32, change: impl FnOnce(&mut Vec<PackedEvent>) -> R) -> R {
        let visitor = &mut self.visitors[row];
        self.history_bytes -= history::memory_bytes(&visitor.history);
        let result = change(&mut visitor.history);
        self.history_bytes += history::memory_bytes(&visitor.history);
        visitor.revision = visitor.revision.wrapping_add(1);
        result
    }

    fn intern(&mut self, space: Space, id: &str) -> u32 {
        let row = self.names.intern(space, id);
        if row == self.visitors.len() {
            self.visitors.push(Visitor { history: Vec::new(), link: NOBODY, revision: 0 });
        }
        row
    }

    fn find(&self, space: Space, id: Option<&str>) -> Option<u32> {
        self.names.find(space, given(id)?)
    }

    fn resolve(&self, row: u32) -> u32 {
        match self.visitors[row].link {
            NOBODY => row,
            user => user,
        }
    }

    fn is_user(&self, row: u32) -> bool {
        matches!(self.names.get(row), Some((Space::User, _)))
    }
}

/// An id that says something: an empty one names nobody.
fn given(id: Option<&str>) -> Option<&str> {
    id.filter(|id| !id.is_empty())
}

/// How much an event speaks for its product's popularity.
fn counted_weight(event: &Event) -> f64 {
    crate::trends::weight(event.kind, Some(f64::from(event.value)).filter(|value| !value.is_nan()))
}

/// [`Event::value`] of the product at `index` of the interaction.
fn value(interaction: &Interaction, index: usize) -> f32 {
    use InteractionType::{AddToCart, Checkout, Rate, Refund, RemoveFromCart};
    let number = match interaction.kind {
        Rate => interaction.rating,
        AddToCart | RemoveFromCart | Checkout | Refund => match *interaction.quantities {
            [one] => Some(one),
            _ => interaction.quantities.get(index).copied(),
        },
        _ => interaction.duration,
    };
    number.map_or(f32::NAN, |number| number as f32)
}
