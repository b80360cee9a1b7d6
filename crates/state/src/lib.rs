//! The live view folded from the store: catalogue columns, people, histories, trends, answers shown.
//!
//! The fold is a function of the log alone: the same entries in the same order give the same state, from an empty one
//! or from a snapshot. Nobody here reads a clock, a file or a network.

mod answers;
mod catalogue;
pub mod limits;
mod people;
mod snapshot;
mod trends;

use std::sync::Arc;

use record::{Interaction, Product, Time, User};
use uuid::Uuid;

pub use answers::{Answers, Shown};
pub use catalogue::{AttributeTypes, Catalogue, ProductRow, TypeConflict};
pub use people::{Event, People, Traces, VisitorRow};
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
    answers: Answers,
}

/// What became of an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It counts.
    New,
    /// The same one was there already; nothing changed.
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
    /// Answers remembered.
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
            answers: Answers::default(),
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

    /// The answers shown.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Remembers an answer; the oldest is forgotten over the bound. Not part of the log.
    pub fn remember(&mut self, shown: Shown) {
        self.answers.remember(shown);
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
        self.people.put_profile(user);
    }

    /// Forgets a user's profile, not the history. False when there was none.
    pub fn delete_user(&mut self, position: u64, user_id: &str) -> bool {
        self.position = position;
        self.people.delete_profile(user_id)
    }

    /// Folds an interaction in. It must carry a timestamp and a `user_id` or an `anonymous_id`.
    pub fn add_interaction(&mut self, position: u64, interaction: &Interaction) -> Applied {
        self.position = position;
        if self.people.holds(interaction) {
            return Applied::Duplicate;
        }
        let mut rows = Vec::with_capacity(interaction.product_ids.len());
        for id in &interaction.product_ids {
            rows.push(self.catalogue.intern(id));
        }
        for id in &interaction.product_group_ids {
            rows.push(self.catalogue.intern_group(id));
        }
        self.people.add(position, interaction, &rows);
        self.trends.add(interaction, &rows);
        Applied::New
    }

    /// Whether an equal interaction (same person, type, products, timestamp, content) is held already.
    pub fn holds(&self, interaction: &Interaction) -> bool {
        self.people.holds(interaction)
    }

    /// Notes that the log goes on to `position` with an entry that changes nothing here.
    pub fn skip_to(&mut self, position: u64) {
        self.position = self.position.max(position);
    }

    /// Forgets everything about these users: profile, history, every anonymous id linked to them, and names of
    /// products that only they had named. What was theirs is in no later snapshot.
    pub fn erase_people(&mut self, user_ids: &[String]) {
        let _ = user_ids;
        todo!()
    }

    /// Bytes held, by part.
    pub fn memory(&self) -> Memory {
        todo!()
    }

    /// Writes everything but the answers shown into a snapshot: version, epoch, position, parts, checksum.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn save(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let _ = out;
        todo!()
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// [`SnapshotFault`] for another version, a damaged or a short file. The caller then folds the log from its start.
    pub fn load(input: &mut dyn std::io::Read) -> Result<State, SnapshotFault> {
        let _ = input;
        todo!()
    }

    /// The time of the latest interaction; `None` before the first.
    pub fn latest(&self) -> Option<Time> {
        self.people.latest()
    }
}
