//! Nearness in meaning beside the words.
//!
//! Words decide: what the query's words say of a product outweighs what its meaning adds twenty times over, so that an exact match is
//! never buried. Products without any of the words are found only where the request asks for that, after those that have all.

use ::search::{Found, Hit, best_first, limits};
use roaring::RoaringBitmap;

use crate::{Refused, View, request};

/// What the nearest meaning adds to the score of a hit, as a share of the best score by words. On the judged queries of an
/// electronics catalogue the middle of where the first good product comes soonest (docs/SEARCH.md).
const MEANING_SHARE: f32 = 0.05;
/// The same where products that lack words are found among the others: their words say less of them.
const PARTIAL_SHARE: f32 = 0.1;
/// The same for the text of `like`, which says what is wanted by example.
const LIKE_SHARE: f32 = 0.5;
/// The least cosine of products that have none of the words, where the request names none (contract).
const THRESHOLD: f64 = 0.5;

/// Adds to the scores of `found` what the meanings of `text` and of the request's `like` make of them, and the products of `rows` found by
/// meaning alone where the request asks for these; best first again.
///
/// A hit that lacks words gets nothing added, so that it stays behind those that have them all, unless the request wants such hits among
/// the others.
///
/// # Errors
/// [`Refused`] where the threshold is none.
pub(crate) fn weigh(
    view: View<'_>,
    request: &request::Search,
    text: &str,
    rows: &RoaringBitmap,
    found: &mut Found,
) -> Result<(), Refused> {
    let threshold = request.semantic_search_threshold.unwrap_or(THRESHOLD);
    if !(0.0..=1.0).contains(&threshold) {
        return Err(Refused::invalid("semantic_search_threshold", "It must be from 0 to 1.".to_owned()));
    }
    let by_words = found.hits.len();
    let most = most(found);
    if request.enable_semantic_search.unwrap_or(false) {
        let unit = if most > 0.0 { MEANING_SHARE * most } else { 1.0 };
        // Below every hit that has all the words, however little it says of them.
        let least = found.hits.iter().filter(|hit| found.is_full(hit)).map(|hit| hit.score).fold(unit, f32::min);
        add_near(view, text, threshold as f32, least, rows, found);
    }
    let partial = request.enable_partial_match.unwrap_or(false);
    let like = request.like.as_deref().map(str::trim).filter(|like| !like.is_empty());
    for (text, share) in [(Some(text), if partial { PARTIAL_SHARE } else { MEANING_SHARE }), (like, LIKE_SHARE)] {
        add_cosines(view, text, share * most, by_words, partial, found);
    }
    best_first(&mut found.hits);
    Ok(())
}

/// The same for a request that has the text of `like` alone: the products with words of it, and those that mean the like.
pub(crate) fn weigh_like(view: View<'_>, like: &str, rows: &RoaringBitmap, found: &mut Found) {
    let by_words = found.hits.len();
    let most = most(found);
    let unit = LIKE_SHARE * if most > 0.0 { most } else { 1.0 };
    add_near(view, like, THRESHOLD as f32, unit, rows, found);
    add_cosines(view, Some(like), unit, by_words, true, found);
    best_first(&mut found.hits);
}

fn most(found: &Found) -> f32 {
    found.hits.iter().map(|hit| hit.score).fold(0.0, f32::max)
}

/// Adds the products that have none of the words but the meaning, each with `unit` times its cosine.
fn add_near(view: View<'_>, text: &str, cosine_min: f32, unit: f32, rows: &RoaringBitmap, found: &mut Found) {
    let Some(meaning) = view.meanings.of_query(text) else { return };
    let others = rows - &found.rows;
    let near = view.meanings.nearest(&meaning, limits::MEANT_ALONE_MAX, cosine_min, &others);
    let hit = |(row, cosine): (_, f32)| {
        let score = (unit * cosine.max(0.0)).max(f32::MIN_POSITIVE);
        Hit { row, score, fields: 0, words: 0 }
    };
    found.rows |= near.iter().map(|(row, _)| row.0).collect::<RoaringBitmap>();
    found.hits.extend(near.into_iter().map(hit));
}

/// Adds `unit` times the cosine to the best of the first `by_words` hits, of those that lack words only where `partial` says so.
fn add_cosines(view: View<'_>, text: Option<&str>, unit: f32, by_words: usize, partial: bool, found: &mut Found) {
    let Some(meaning) = text.and_then(|text| view.meanings.of_query(text)) else { return };
    let compared = by_words.min(limits::MEANT_HITS_MAX);
    let cosines = view.meanings.cosines(&meaning, found.hits[..compared].iter().map(|hit| hit.row));
    for (at, cosine) in cosines.into_iter().enumerate() {
        if partial || found.is_full(&found.hits[at]) {
            found.hits[at].score += unit * cosine.max(0.0);
        }
    }
}
