//! Every bound on training and on models.

/// Neighbours kept per product.
pub const NEIGHBOURS_MAX: usize = 100;
/// Observations of one visitor that training uses, the latest ones: a bot must not outweigh a thousand people.
pub const OBSERVATIONS_PER_VISITOR_MAX: usize = 500;
/// Observations of a history that scoring uses, the latest ones.
pub const HISTORY_MAX: usize = 100;
