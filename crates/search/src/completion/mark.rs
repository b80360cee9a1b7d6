use std::ops::Range;

use crate::analysis::{folded_words, typed_bytes};

/// A stretch of the text that was typed, or was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) bytes: Range<usize>,
    pub(super) typed: bool,
}

/// Parts `text` into what was typed and what was not, in order and without gaps.
///
/// Each typed word is laid on one word of the text, the first free one that it begins; longer typed words choose first. What
/// stands between two words counts as typed where the text beside it is typed on both sides.
pub(super) fn runs(text: &str, typed_words: &[String], last_is_complete: bool) -> Vec<Run> {
    let mut typed = vec![false; text.len()];
    let spans = lay(text, typed_words, last_is_complete);
    for span in &spans {
        typed[span.clone()].fill(true);
    }
    for pair in spans.windows(2) {
        let between = pair[0].end..pair[1].start;
        if !text[between.clone()].contains(char::is_alphanumeric) {
            typed[between].fill(true);
        }
    }
    let mut runs: Vec<Run> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some(run) if run.typed == typed[at] => run.bytes.end = end,
            _ => runs.push(Run { bytes: at..end, typed: typed[at] }),
        }
    }
    runs
}

/// The stretches of `text` on which the typed words lie, in order.
fn lay(text: &str, typed_words: &[String], last_is_complete: bool) -> Vec<Range<usize>> {
    let words: Vec<_> = folded_words(text).collect();
    let mut laid: Vec<Option<usize>> = vec![None; words.len()];
    let mut longest_first: Vec<usize> = (0..typed_words.len()).collect();
    longest_first.sort_by_key(|at| std::cmp::Reverse(typed_words[*at].len()));
    for at in longest_first {
        let typed = &typed_words[at];
        let whole = last_is_complete && at + 1 == typed_words.len();
        let fits = |word: &str| if whole { word == typed } else { word.starts_with(typed.as_str()) };
        if let Some(free) = (0..words.len()).find(|place| laid[*place].is_none() && fits(&words[*place].text)) {
            laid[free] = Some(typed.len());
        }
    }
    let spans = words.iter().zip(laid).filter_map(|(word, folded_bytes)| {
        let typed = typed_bytes(&text[word.span.clone()], folded_bytes?);
        (typed > 0).then(|| word.span.start..word.span.start + typed)
    });
    spans.collect()
}

/// The text with `<mark>` around the runs whose `typed` is as given.
pub(super) fn marked(text: &str, runs: &[Run], typed: bool) -> String {
    let mut marked = String::with_capacity(text.len() + 13 * runs.len());
    for run in runs {
        let part = &text[run.bytes.clone()];
        if run.typed == typed {
            marked.extend(["<mark>", part, "</mark>"]);
        } else {
            marked.push_str(part);
        }
    }
    marked
}
