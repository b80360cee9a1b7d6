//! Every bound on the store.

/// Changes in one append; the writer splits larger groups.
pub const CHANGES_PER_APPEND_MAX: usize = 50_000;
/// Tasks kept; the oldest go first.
pub const TASKS_MAX: usize = 10_000;
