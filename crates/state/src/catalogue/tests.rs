//! What these tests hold:
//! 1. `select` passes the rows that `query::Filter::matches` passes, whatever came and went before.
#![allow(clippy::unwrap_used, reason = "tests")]
