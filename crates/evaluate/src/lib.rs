//! Public data sets, the sample shop, and the replay of history that measures answers.

pub mod history;
pub mod replay;
pub mod sample_shop;
pub mod search;
