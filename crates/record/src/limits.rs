//! Every bound on a record and on an upload, with its reason.

/// The contract's bound on a product's id, in characters.
pub const PRODUCT_ID_CHARS_MAX: usize = 512;
/// The contract's bound on a user's id, in characters.
pub const USER_ID_CHARS_MAX: usize = 512;
/// The contract's bound on an anonymous id, in characters.
pub const ANONYMOUS_ID_CHARS_MAX: usize = 1024;
/// The contract's bound on a question's id, in characters.
pub const QUESTION_ID_CHARS_MAX: usize = 512;
/// The contract's bound on `url`, `cover_image` and `profile_image`, in characters.
pub const URI_CHARS_MAX: usize = 65_536;
/// The contract's bound on `language`, in characters: the shortest language codes have two.
pub const LANGUAGE_CHARS_MIN: usize = 2;
/// Records of one upload. The contract advises 100 products or 10,000 interactions; ten times the larger is room enough,
/// and keeps one call from holding the single writer for seconds.
pub const RECORDS_PER_UPLOAD_MAX: usize = 100_000;
/// Items of one list of a record (product ids, tags, paragraphs, an array in a custom attribute): far more than a real
/// page or basket has, and few enough that one record cannot fill an index by itself.
pub const LIST_ITEMS_MAX: usize = 10_000;
/// Names in one `custom_attributes` or `custom_context` object, and in each object nested in it: each becomes a column.
pub const ATTRIBUTES_MAX: usize = 1_000;
/// Characters of the name of a custom attribute: it is a key of every column and filter that mentions it.
pub const ATTRIBUTE_NAME_CHARS_MAX: usize = 512;
/// Objects inside one another in one custom attribute. The contract needs one level; what flattens to names such as
/// `size.eu.shoe` stays readable, deeper trees are documents and belong into `html` or `paragraphs`.
pub const ATTRIBUTE_DEPTH_MAX: usize = 8;
/// The first year of an interaction's timestamp: nothing on the web is older, and a zero read as seconds lands just here.
pub const TIMESTAMP_YEAR_MIN: i16 = 1970;
/// The last year of an interaction's timestamp: later ones are milliseconds taken for seconds, or worse.
pub const TIMESTAMP_YEAR_MAX: i16 = 2200;
/// Errors listed of one refused upload; the rest is only counted, so that a wrong file does not make an answer of its own size.
pub const ERRORS_LISTED_MAX: usize = 1_000;
/// Characters of one name in an error's path, and of a given value in its message: names come from the caller and may be of any length.
pub const ERROR_NAME_CHARS_MAX: usize = 100;
