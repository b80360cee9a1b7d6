//! The text engine: analysis, index, matching and completion.
//!
//! The index holds text and row numbers only. Filters, stock and prices live in the columns of `state::Catalogue`, so a
//! change of them costs no indexing; a hit is a row with a score, intersected with the rows that the filters allow.

mod analysis;
mod completion;
mod fault;
mod index;
pub mod limits;

pub use completion::{Completion, Completions};
pub use fault::Fault;
pub use index::{Hit, Index, TextQuery};
