//! Every bound on a query.

/// Bytes of one query; beyond it a client builds lists that belong in `exclude` or `include`.
pub const QUERY_BYTES_MAX: usize = 64 * 1024;
/// Nested parentheses, so that parsing and evaluating need a bounded stack.
pub const DEPTH_MAX: usize = 64;
/// Tests in one query.
pub const TESTS_MAX: usize = 4_096;
/// Prefixes, wildcards and ranges in one query: each may read a whole column, where an equality is one look-up.
pub const SCANS_MAX: usize = 256;
