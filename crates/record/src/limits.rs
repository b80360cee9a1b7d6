//! Every bound on a record and on an upload, with its reason.

/// The contract's bound on a product's id, in characters.
pub const PRODUCT_ID_CHARS_MAX: usize = 512;
/// The contract's bound on a user's id, in characters.
pub const USER_ID_CHARS_MAX: usize = 512;
/// The contract's bound on an anonymous id, in characters.
pub const ANONYMOUS_ID_CHARS_MAX: usize = 1024;
/// The contract's bound on `url`, `cover_image` and `profile_image`, in characters.
pub const URI_CHARS_MAX: usize = 65_536;
/// Errors listed of one refused upload; the rest is only counted, so that a wrong file does not make an answer of its own size.
pub const ERRORS_LISTED_MAX: usize = 1_000;
