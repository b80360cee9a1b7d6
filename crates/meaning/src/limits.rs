//! Every bound on texts as vectors, with its reason.

/// Bytes of a word beyond which it is taken for none: no word of a vocabulary is as long.
pub const WORD_BYTES_MAX: usize = 100;
/// Word pieces of a product's text that count. What a product is stands at the beginning.
pub const PRODUCT_PIECES_MAX: usize = 96;
/// Word pieces of a query that count.
pub const QUERY_PIECES_MAX: usize = 64;
/// Numbers of a vector. More would slow every search, and no model of the size that answers on a CPU has more.
pub const DIMENSIONS_MAX: usize = 1024;
/// Bytes of a transformer's weights; larger ones do not answer in time on a CPU.
pub const MODEL_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Vectors up to which a search for the nearest compares every one: 1 to 2 ms.
pub const EXACT_MAX: usize = 20_000;
/// Of more, those whose whole sketches are compared, by the first word of them: so many for each that is compared exactly …
pub const SKETCHES_PER_COMPARED: usize = 4;
/// … and this part of all.
pub const SKETCHES_PART: usize = 10;
/// Vectors that are compared exactly, of those whose sketches are nearest.
pub const COMPARED_MIN: usize = 4_000;
