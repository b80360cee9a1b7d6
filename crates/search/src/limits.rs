//! Every bound on the text engine.

/// Words of a query that are used; the rest is left out.
pub const QUERY_WORDS_MAX: usize = 64;
/// Bytes of one field's text that are indexed.
pub const FIELD_BYTES_MAX: usize = 1024 * 1024;
