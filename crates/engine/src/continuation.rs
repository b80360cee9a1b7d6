//! Pages of one list (`pagination_id`): what was on the pages before stays where it was, and comes no second time.

use roaring::RoaringBitmap;
use state::ProductRow;

use crate::View;
use crate::common::Common;
use crate::rank::{Layer, Ranked, Ranking};
use crate::rules::Placed;

/// The part of the list that was given before.
pub(crate) fn kept<'a>(view: View<'a>, common: &Common<'_>) -> &'a [ProductRow] {
    if common.pagination_id.is_some() { view.kept } else { &[] }
}

/// The products of the kept list at the places of this page, with the scores that they have now. Those that are gone from the
/// catalogue since, or excluded, are left out.
pub(crate) fn again(view: View<'_>, common: &Common<'_>, ranking: &Ranking<'_>) -> Vec<Placed> {
    let kept = kept(view, common);
    let places = common.start.min(kept.len())..common.window().min(kept.len());
    let wanted: RoaringBitmap = kept[places.clone()].iter().map(|row| row.0).collect();
    let scored: Vec<Ranked> = ranking.iter(Some(&wanted)).take(wanted.len() as usize).collect();
    let excluded = crate::scope::rows_of(view, common.exclude);
    let there =
        kept[places].iter().filter(|row| view.state.catalogue().live().contains(row.0) && !excluded.contains(row.0));
    there
        .map(|row| {
            let unscored = Ranked { row: row.0, score: 0.0, personal: 0.0, relevance: 0.0, layer: Layer::Popular };
            let ranked = scored.iter().find(|ranked| ranked.row == row.0).copied().unwrap_or(unscored);
            Placed { ranked, boosted: false }
        })
        .collect()
}
