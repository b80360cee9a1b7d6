//! Every bound on pages, passages and questions.

/// Bytes of a page that are read; what stands further down is not found.
pub const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// How deep elements lie in one another; deeper ones count as part of the last.
pub const DEPTH_MAX: usize = 256;
/// Passages of one page.
pub const PASSAGES_PER_PAGE_MAX: usize = 2_000;
/// Words of a passage; a longer element is cut into several at the ends of sentences.
pub const PASSAGE_WORDS_MAX: usize = 90;
/// Words of headings and of a question before a passage that speak for it.
pub const CONTEXT_WORDS_MAX: usize = 60;
/// Passages of all products; products over it are left out.
pub const PASSAGES_MAX: usize = 1_000_000;
/// Bytes of the texts of all passages; products over it are left out.
pub const TEXT_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Characters of a question that are read.
pub const QUESTION_CHARS_MAX: usize = 1_000;
/// Words of a question that are looked up.
pub const QUESTION_WORDS_MAX: usize = 32;
/// Passages whose text is looked at for one question, the most promising by their words.
pub const PASSAGES_READ_MAX: usize = 300;
/// Of these, passages of one product, so that a long page does not crowd others out.
pub const PASSAGES_READ_OF_PRODUCT_MAX: usize = 8;
/// Words of a question that are corrected.
pub const CORRECTIONS_MAX: usize = 3;
/// Questions of a bank.
pub const BANK_QUESTIONS_MAX: usize = 20_000;
/// Characters of a question of a bank.
pub const BANK_QUESTION_CHARS_MAX: usize = 1_000;
/// Bytes of an answer block; of a larger one only the children that matter are shown.
pub const BLOCK_BYTES_MAX: usize = 64 * 1024;
