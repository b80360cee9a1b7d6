//! What was typed and what was meant.

use ::search::{Best, Correction, Doubt, Found, TextQuery};
use roaring::RoaringBitmap;
use serde_json::{Value, json};

use crate::{Refused, View, request};

/// What an answer says of the spelling of its query.
pub(crate) struct Spelling<'a> {
    typed: &'a str,
    correction: Option<Correction>,
    /// Whether the answer is that to the corrected query.
    is_corrected: bool,
}

impl<'a> Spelling<'a> {
    /// A query in which nothing is in question.
    pub(crate) fn as_typed(typed: &'a str) -> Spelling<'a> {
        Spelling { typed, correction: None, is_corrected: false }
    }

    /// The query that the answer is to.
    pub(crate) fn searched(&self) -> &str {
        let correction = self.correction.as_ref().filter(|_| self.is_corrected);
        correction.map_or(self.typed, |correction| &correction.corrected)
    }

    /// The contract's `spellcheck`.
    pub(crate) fn answer(&self) -> Value {
        let correction = self.correction.as_ref();
        let or_typed = |text: fn(&Correction) -> &String| correction.map_or(self.typed, |correction| text(correction));
        json!({
            "spelling_errors": correction.is_some(),
            "auto_spelling_correction": self.is_corrected,
            "original_query": self.typed,
            "original_query_with_markups": or_typed(|correction| &correction.original_with_markups),
            "corrected_query": or_typed(|correction| &correction.corrected),
            "corrected_query_with_markups": or_typed(|correction| &correction.corrected_with_markups),
        })
    }
}

/// The hits of the words in `q` among `rows`: of the corrected words where there is a correction and the request lets it
/// be made. Of hits with all words the `best` get a score; `None` for all.
///
/// A correction that would find nothing where the query as typed finds something is none.
///
/// # Errors
/// [`Refused`] where the index cannot be read.
pub(crate) fn search<'a>(
    view: View<'_>,
    request: &request::Search,
    q: &'a str,
    rows: &RoaringBitmap,
    best: Option<Best<'_>>,
) -> Result<(Found, Spelling<'a>), Refused> {
    let exclude_fields = request.exclude_fields_from_search.as_deref().unwrap_or_default();
    let partial = request.enable_partial_match.unwrap_or(false);
    let language = request.language.as_deref();
    let words_of = |text| TextQuery { text, exclude_fields, partial, language, best, ..TextQuery::default() };
    let found = view.index.find(&words_of(q), Some(rows))?;
    if (view.completions.products() as u64) < view.state.catalogue().live().len() / 2 {
        // After a start, until the words of the catalogue are read in, everything would look misspelt.
        return Ok((found, Spelling::as_typed(q)));
    }
    let finds = found.full > 0;
    // Filters alone may leave nothing; that is no sign of a misspelling.
    let is_filtered =
        rows.len() < view.state.catalogue().live().len() || !exclude_fields.is_empty() || language.is_some();
    let any = Some(Best { count: 1, also: &RoaringBitmap::new() });
    let everywhere = TextQuery { text: q, best: any, ..TextQuery::default() };
    let finds_nothing = !finds && (!is_filtered || view.index.find(&everywhere, None)?.rows.is_empty());
    let doubt = Doubt { index: Some(view.index), finds_nothing };
    let Some(correction) = view.completions.correct(q, doubt) else {
        return Ok((found, Spelling::as_typed(q)));
    };
    let corrected = view.index.find(&words_of(&correction.corrected), Some(rows))?;
    if finds && corrected.full == 0 {
        return Ok((found, Spelling::as_typed(q)));
    }
    let is_corrected =
        request.spellcheck.as_ref().and_then(|spellcheck| spellcheck.enable_auto_spelling_correction).unwrap_or(true);
    let spelling = Spelling { typed: q, correction: Some(correction), is_corrected };
    Ok((if is_corrected { corrected } else { found }, spelling))
}
