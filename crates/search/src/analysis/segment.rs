use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

/// By the dictionaries of Unicode's ICU for Chinese, Japanese, Thai, Lao, Khmer and Burmese.
static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(WordBreakInvariantOptions::default()));

/// The words of a run of a script that is written without spaces, as stretches of bytes in order and without gaps.
///
/// What the dictionaries do not know comes out in single characters.
pub(super) fn words(run: &str) -> impl Iterator<Item = Range<usize>> {
    let mut ends = SEGMENTER.segment_str(run);
    let mut start = ends.next().unwrap_or(0);
    ends.map(move |end| std::mem::replace(&mut start, end)..end)
}
