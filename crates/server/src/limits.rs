//! Every bound on the process.

/// Batches waiting for the writer of an environment; over it an upload waits for its turn.
pub const WRITE_QUEUE_MAX: usize = 256;
/// Interactions of one group commit.
pub const GROUP_CHANGES_MAX: usize = 40_000;
/// Requests in one `/v1/bulk` (contract: 100).
pub const BULK_REQUESTS_MAX: usize = 100;
