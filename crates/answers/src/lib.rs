//! Questions in plain words: the paragraph of a page that answers, and a bank of questions to complete from.
//!
//! A [`Page`] is a product's HTML cut into passages, each with a CSS selector. [`Passages`] holds the passages of many
//! products in memory and finds the one that answers. [`Bank`] holds the questions of a site and completes what is typed.
//! Nothing here knows the catalogue: products are numbers, and what may be shown is the caller's to say.

mod bank;
mod distance;
pub mod limits;
mod page;
mod passages;
mod words;

pub use bank::{Bank, BankedQuestion};
pub use page::{Block, Excerpt, Page};
pub use passages::{Found, Passages, Spelled};
