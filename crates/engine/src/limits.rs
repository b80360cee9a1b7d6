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
