//! Every bound on a question.

/// Products in one answer.
pub const ROWS_MAX: usize = 1_000;
/// How deep paging goes: `start + rows`.
pub const WINDOW_MAX: usize = 100_000;
/// Ids in `include`, `exclude` or `product_ids`.
pub const IDS_MAX: usize = 10_000;
/// `additional_interactions` of one request.
pub const ADDITIONAL_INTERACTIONS_MAX: usize = 1_000;
/// The person's last products with interactions, which `user_to_products` leaves out (contract: 50).
pub const SEEN_PRODUCTS_MAX: usize = 50;
/// Boost rules of one request, the request's own included.
pub const BOOST_RULES_MAX: usize = 100;
/// The contract's bound on a `pagination_id`, in characters.
pub const PAGINATION_ID_CHARS_MAX: usize = 512;
/// Anchors of one `product_to_products`; the rest says little more.
pub const ANCHORS_MAX: usize = 100;
/// Entries of `anchoring_settings`.
pub const ANCHORING_ENTRIES_MAX: usize = 100;
/// Facets of one search.
pub const FACETS_MAX: usize = 50;
/// Values listed of one facet.
pub const FACET_VALUES_MAX: usize = 1_000;
/// Keys of one order.
pub const ORDER_KEYS_MAX: usize = 10;
/// Fields of one autocompletion.
pub const COMPLETION_FIELDS_MAX: usize = 20;
/// Members of a group to which an interaction with the whole group is spread.
pub const GROUP_MEMBERS_MAX: usize = 16;
/// Events of a history that are looked at for one answer, the latest ones.
pub const EVENTS_READ_MAX: usize = 1_000;
/// How far down the order of popularity rising products are looked for: what rises has interactions of late, and so is
/// not far down.
pub const RISING_DEPTH_MAX: usize = 4_096;
/// Characters of a formula.
pub const FORMULA_CHARS_MAX: usize = 1_000;
/// How deep parentheses and powers of a formula lie in one another.
pub const FORMULA_DEPTH_MAX: usize = 32;
/// Products of a ranking that are gathered by category or by the value of a field, the best ones.
pub const GATHERED_PRODUCTS_MAX: usize = 1_000;
/// Past queries that one completion is compared with.
pub const QUERIES_COMPARED_MAX: usize = 10_000;
