//! Every bound on the live view.

/// Events held per visitor; over it the oldest impressions go first, then the oldest events. The store keeps them all.
pub const EVENTS_PER_VISITOR_MAX: usize = 4_096;
/// Events left when a history was cut: an eighth below the bound, so that a visitor at the bound (a robot, as a rule)
/// does not cost a cut with every event.
pub const EVENTS_PER_VISITOR_AFTER_CUT: usize = EVENTS_PER_VISITOR_MAX / 8 * 7;
/// Products of one impression that are held; a page shows fewer.
pub const IMPRESSION_PRODUCTS_MAX: usize = 64;
/// Answers remembered.
pub const ANSWERS_MAX: usize = 200_000;
/// Days for which an answer is remembered (contract: 30).
pub const ANSWER_DAYS_MAX: i64 = 30;
/// Bytes of a product's text value that its column holds whole; a longer one is known by its hash and its beginning,
/// and the rest is read from the record.
pub const VALUE_BYTES_MAX: usize = 64;
/// Bytes of the beginning of such a longer value.
pub const VALUE_HEAD_BYTES_MAX: usize = 24;
/// Levels of a category hierarchy that are indexed by path; deeper ones are read from the record.
pub const CATEGORY_LEVELS_MAX: usize = 32;
/// Different queries held; over it those of the fewest people go first.
pub const QUERIES_MAX: usize = 200_000;
/// Queries left after that, so that a cut is seldom.
pub const QUERIES_AFTER_CUT: usize = QUERIES_MAX / 8 * 7;
/// Bytes of a query; longer ones are pasted and help nobody else.
pub const QUERY_BYTES_MAX: usize = 128;
/// People noted for one query; more say nothing more.
pub const QUERY_PEOPLE_MAX: usize = 64;
