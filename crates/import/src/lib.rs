//! Files of any shop in, records of the API out: a file is read row by row in bounded memory ([`open`]), its mapping is
//! known, guessed or given ([`propose`]), rows become records ([`Gather`]) in batches ([`Batches`]), and a batch is handed
//! over until only what is refused is left ([`deliver`]). The command line and the dashboard both import by this.
//!
//! Nobody here reads a clock or a network.

mod batches;
mod decode;
mod deliver;
mod failure;
mod fields;
mod format;
mod gather;
mod guess;
pub mod mapping;
mod rejects;
mod row;
mod sample;
mod shipped;
mod synonyms;

pub use batches::{Batch, Batches};
pub use decode::{Distance, foreign};
pub use deliver::{Entry, Reject, Taken, check, deliver};
pub use failure::Failure;
pub use fields::{Kind, Shape};
pub use format::{FormatOptions, Rows, open};
pub use gather::{Content, Gather, Item};
pub use guess::{Guess, GuessedColumn, KindGuess, assign, guess, guess_kind, is_identity};
pub use mapping::{Mapping, Plan};
pub use rejects::Rejects;
pub use row::{Cells, Header, Read, Row};
pub use sample::{Origin, Proposal, Sample, propose, sample};
pub use shipped::{named as shipped_mapping, names as shipped_names};
