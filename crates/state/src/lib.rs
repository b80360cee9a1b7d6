//! The live view folded from the store: catalogue columns, people, histories, trends, answers shown.
//!
//! The fold is a function of the log alone: the same entries in the same order give the same state, from an empty one
//! or from a snapshot. Nobody here reads a clock, a file or a network.

mod answers;
mod catalogue;
mod feedback;
pub mod limits;
mod people;
mod queries;
mod query_clicks;
mod sections;
mod segments;
mod snapshot;
mod trends;

use std::sync::Arc;

use feedback::Act;
use people::Mark;
use record::{Interaction, Product, Time, User};
use uuid::Uuid;

pub use answers::{Answers, Shown};
pub use catalogue::{AttributeTypes, Catalogue, ProductRow, TypeConflict};
pub use feedback::{Feedback, Given, Purchases, Source, Tallied, Tally};
pub use people::{Event, People, Traces, VisitorRow};
pub use queries::Queries;
pub use query_clicks::QueryClicks;
pub use segments::{Segments, Wanted};
pub use snapshot::SnapshotFault;
pub use trends::Trends;

/// The live view of one environment.
pub struct State {
    /// Names the row numbers: they are comparable only between structures that carry the same epoch.
    /// A state rebuilt from an empty one gets a new epoch; a snapshot keeps its own.
    epoch: Uuid,
    /// The last entry of the log that is folded in.
    position: u64,
    catalogue: Catalogue,
    people: People,
    trends: Trends,
    queries: Queries,
    query_clicks: QueryClicks,
    feedback: Feedback,
    segments: Segments,
    /// The products of the interaction at hand, kept for its memory.
    rows: Vec<ProductRow>,
}

/// What became of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It counts, or it brought a link between its two ids.
    New,
    /// The same one was there already. It does not count, but its position is remembered as a trace of the person.
    Duplicate,
}

/// Bytes held in memory, by part. Estimates from capacities, within some 10 % of the allocator's figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Products: records, columns, postings, ids.
    pub catalogue_bytes: usize,
    /// Visitors: ids, links, histories.
    pub people_bytes: usize,
    /// Trends of the products.
    pub trends_bytes: usize,
    /// What people searched for.
    pub queries_bytes: usize,
    /// Answers remembered, and what became of them, after each query too.
    pub answers_bytes: usize,
    /// Interactions held in the histories (not a number of bytes).
    pub interactions: usize,
}

impl State {
    /// An empty state. `epoch` must be fresh (a random UUID).
    pub fn new(epoch: Uuid) -> State {
        State {
            epoch,
            position: 0,
            catalogue: Catalogue::default(),
            people: People::default(),
            trends: Trends::default(),
            queries: Queries::default(),
            query_clicks: QueryClicks::default(),
            feedback: Feedback::default(),
            segments: Segments::default(),
            rows: Vec::new(),
        }
    }

    /// The epoch of this state's row numbers.
    pub fn epoch(&self) -> Uuid {
        self.epoch
    }

    /// The last entry of the log that is folded in; 0 for an empty state.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// The products.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The visitors.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// What is rising now.
    pub fn trends(&self) -> &Trends {
        &self.trends
    }

    /// What people searched for.
    pub fn queries(&self) -> &Queries {
        &self.queries
    }

    /// What people clicked after each query.
    pub fn query_clicks(&self) -> &QueryClicks {
        &self.query_clicks
    }

    /// What is wanted where and by whom.
    pub fn segments(&self) -> &Segments {
        &self.segments
    }

    /// The answers shown, and what became of them.
    pub fn feedback(&self) -> &Feedback {
        &self.feedback
    }

    /// The answers shown.
    pub fn answers(&self) -> &Answers {
        self.feedback.answers()
    }

    /// Remembers an answer; the oldest is forgotten over the bound. Not part of the log: the caller keeps a journal
    /// ([`Given::write`]). One that names what there is not is passed over.
    pub fn remember(&mut self, given: Given) {
        let is_sound = given.visitor.is_none_or(|visitor| visitor.0 < self.people.rows())
            && given.products.iter().all(|product| product.0 < self.catalogue.rows());
        if is_sound {
            self.feedback.remember(given);
        }
    }

    /// Puts a product in, or in the place of the one with its id. `body` is its JSON.
    pub fn put_product(&mut self, position: u64, product: &Product, body: Arc<str>) -> ProductRow {
        self.position = position;
        self.catalogue.put(product, body)
    }

    /// Takes a product's record out; interactions that name it stay. `None` when there was no record.
    pub fn delete_product(&mut self, position: u64, product_id: &str) -> Option<ProductRow> {
        self.position = position;
        self.catalogue.delete(product_id)
    }

    /// Notes a user's profile.
    pub fn put_user(&mut self, position: u64, user: &User) {
        self.position = position;
        let visitor = self.people.put_profile(user);
        let history = self.people.wanted(visitor);
        self.segments.put_profile(visitor, user, &history);
    }

    /// Forgets a user's profile, not the history. The id of a user without a history is forgotten too. False when there
    /// was no profile.
    pub fn delete_user(&mut self, position: u64, user_id: &str) -> bool {
        self.position = position;
        if let Some(visitor) = self.people.user_row(user_id) {
            self.segments.delete_profile(visitor);
        }
        self.people.delete_profile(user_id)
    }

    /// Folds an interaction in. It must carry a timestamp and a `user_id` or an `anonymous_id`; one that does not is
    /// passed over like a duplicate.
    pub fn add_interaction(&mut self, position: u64, interaction: &Interaction) -> Applied {
        self.position = position;
        let Some(mark) = Mark::of(interaction) else { return Applied::Duplicate };
        let known = self.people.known(interaction);
        if let Some(holder) = self.people.holder(interaction, known, mark) {
            self.people.add_repeat(holder, position);
            return Applied::Duplicate;
        }
        let searched_as = known.anonymous.filter(|&anonymous| self.people.has_searched(anonymous));
        // Empty once the two are linked: the anonymous visitor's own history is the user's then.
        let signs_in = known.anonymous.filter(|_| interaction.user_id.is_some());
        let moved = signs_in.map(|anonymous| self.people.wanted(anonymous)).unwrap_or_default();
        let Some(visitor) = self.people.visit(interaction, known) else { return Applied::Duplicate };
        if let Some(anonymous) = known.anonymous.filter(|&anonymous| anonymous != visitor) {
            self.feedback.link(anonymous, visitor);
            self.query_clicks.link(anonymous, visitor);
            self.segments.link(anonymous, visitor, &moved);
            if searched_as.is_some() {
                self.queries.link(anonymous, visitor);
            }
        }
        // The link that it brought may have led to a history that holds it already.
        if self.people.row_holds(visitor, mark) {
            self.people.add_repeat(visitor, position);
            return Applied::New;
        }
        self.rows.clear();
        self.rows.extend(interaction.product_ids.iter().map(|id| self.catalogue.intern(id)));
        self.rows.extend(interaction.product_group_ids.iter().map(|id| self.catalogue.intern_group(id)));
        let people = &self.people;
        let counted = |row| people.weight_of_day(visitor, row, mark.time().0);
        self.trends.add(interaction, &self.rows, &counted);
        self.people.add(visitor, position, mark, interaction, &self.rows);
        let weight = trends::weight_of(interaction);
        self.segments.add(visitor, interaction, mark.time().0, weight, &self.rows);
        self.queries.add(visitor, interaction);
        let act = Act { position, visitor, time: mark.time(), interaction, rows: &self.rows };
        self.feedback.note(act, &self.catalogue, &mut self.query_clicks);
        Applied::New
    }

    /// Whether an equal interaction (same person, type, products, timestamp, content) is held already. Ids that are
    /// linked are the same person; an interaction that would bring a new link is not held. One that was cut from
    /// a history at its bound is not held either.
    pub fn holds(&self, interaction: &Interaction) -> bool {
        let known = || self.people.known(interaction);
        Mark::of(interaction).is_some_and(|mark| self.people.holder(interaction, known(), mark).is_some())
    }

    /// Notes that the log goes on to `position` with an entry that changes nothing here.
    pub fn skip_to(&mut self, position: u64) {
        self.position = self.position.max(position);
    }

    /// Forgets the interactions of these users: their histories, the anonymous ids linked to them, the answers given
    /// to them, and the names of products that only they had named. Profiles stay ([`State::delete_user`] takes those);
    /// the id of a user without one is forgotten too.
    ///
    /// No later snapshot holds any of it; earlier ones are the caller's to remove. Sums over many people
    /// ([`Trends`], which hold no names) stay as they are. O(interactions held).
    pub fn erase_interactions(&mut self, user_ids: &[String]) {
        let histories: Vec<_> = user_ids
            .iter()
            .filter_map(|id| self.people.user_row(id))
            .map(|row| (row, self.people.wanted(row)))
            .collect();
        let erased = self.people.erase_interactions(user_ids);
        let of = |row: u32| histories.iter().find(|(own, _)| *own == row).map(|(_, wanted)| wanted.clone());
        let left: Vec<_> =
            erased.visitors.iter().map(|&visitor| (visitor, of(visitor.0).unwrap_or_default())).collect();
        self.segments.forget_visitors(&left);
        self.feedback.forget_visitors(&erased.visitors);
        self.query_clicks.forget_visitors(&erased.visitors);
        self.queries.forget_visitors(&erased.visitors);
        let live = self.catalogue.live();
        let nameless: Vec<ProductRow> = erased.products.into_iter().filter(|row| !live.contains(row.0)).collect();
        self.query_clicks.forget_products(&nameless);
        self.segments.forget_products(&nameless);
        self.catalogue.forget(&nameless);
        self.trends.forget(&nameless);
    }

    /// Forgets every interaction: histories, links, trends, searches, answers shown, and the names of products and groups that
    /// only interactions had named. The people known then are those of these `profiles`.
    pub fn wipe_interactions(&mut self, profiles: &[User]) {
        self.people = People::default();
        for user in profiles {
            self.people.put_profile(user);
        }
        self.trends = Trends::default();
        self.queries = Queries::default();
        self.query_clicks = QueryClicks::default();
        self.feedback = Feedback::default();
        let live = self.catalogue.live();
        let nameless: Vec<ProductRow> =
            (0..self.catalogue.rows()).filter(|row| !live.contains(*row)).map(ProductRow).collect();
        self.catalogue.forget(&nameless);
    }

    /// Rows of visitors given so far; every row is less than this.
    pub fn visitor_rows(&self) -> u32 {
        self.people.rows()
    }

    /// Forgets what the visitors in these rows did before `cut`, as far as the log's entry is not behind `upto`. Gives how many
    /// interactions went. What is kept of them as a person, [`State::forget_nameless`] forgets afterwards. O(events of the rows).
    pub fn forget_before(&mut self, cut: Time, upto: u64, rows: std::ops::Range<u32>) -> usize {
        self.people.forget_before(cut, upto, rows)
    }

    /// Forgets the ids of visitors who have neither a history nor a profile, the answers given to them, and queries that
    /// nobody typed since `cut`. Sums over many people stay, as do the names of products. O(visitors).
    pub fn forget_nameless(&mut self, cut: Time) {
        let forgotten = self.people.forget_nameless();
        self.feedback.forget_visitors(&forgotten);
        self.query_clicks.forget_visitors(&forgotten);
        self.queries.forget_visitors(&forgotten);
        self.queries.forget_before(cut);
    }

    /// The conflicts of type that these profiles would bring; as [`Catalogue::type_conflicts`].
    pub fn user_type_conflicts(&self, batch: &[User]) -> Vec<TypeConflict> {
        self.people.type_conflicts(batch)
    }

    /// Bytes held, by part.
    pub fn memory(&self) -> Memory {
        Memory {
            catalogue_bytes: self.catalogue.memory_bytes(),
            people_bytes: self.people.memory_bytes(),
            trends_bytes: self.trends.memory_bytes() + self.segments.memory_bytes(),
            queries_bytes: self.queries.memory_bytes(),
            answers_bytes: self.feedback.memory_bytes() + self.query_clicks.memory_bytes(),
            interactions: self.people.interactions(),
        }
    }

    /// The time of the latest interaction; `None` before the first.
    pub fn latest(&self) -> Option<Time> {
        self.people.latest()
    }
}
