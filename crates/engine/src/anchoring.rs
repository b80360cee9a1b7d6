//! `anchoring_settings`: products that stand at a fixed distance from others.

use roaring::RoaringBitmap;

use crate::View;
use crate::common::Common;
use crate::rank::Ranking;
use crate::request::Anchoring;
use crate::rules::Placed;

/// How many places further down an anchor is looked for, so that a product that goes to it there is not also on this page.
pub(crate) const DEPTH: usize = 50;

/// Moves each product of an entry in force to its anchor: the first of `anchor_ids` in the list. `relative_position` -1 is right before
/// it, 1 right after it. A product that is not among the results, or without an anchor among them, stays as it is.
///
/// Entries work one after the other, so that a later one may move what an earlier one has moved.
pub(crate) fn apply(view: View<'_>, common: &Common<'_>, ranking: &Ranking<'_>, placed: &mut Vec<Placed>) {
    let in_force = |entry: &&Anchoring| {
        entry.start_time.is_none_or(|start| start <= view.now) && entry.end_time.is_none_or(|end| view.now < end)
    };
    for entry in common.anchoring.iter().filter(in_force) {
        let catalogue = view.state.catalogue();
        let Some(row) = catalogue.row(&entry.product_id).map(|row| row.0) else { continue };
        let anchors = crate::scope::rows_of(view, &entry.anchor_ids);
        if anchors.contains(row) {
            continue;
        }
        let held = placed.iter().position(|placed| placed.ranked.row == row);
        let Some(product) = held.map(|at| placed[at]).or_else(|| {
            let own = RoaringBitmap::from_iter([row]);
            let ranked = ranking.iter(Some(&own)).next()?;
            Some(Placed { ranked, boosted: false })
        }) else {
            continue;
        };
        let without = |at: usize| at - usize::from(held.is_some_and(|held| held < at));
        let Some(anchor) = placed.iter().position(|placed| anchors.contains(placed.ranked.row)).map(without) else {
            continue;
        };
        if let Some(held) = held {
            placed.remove(held);
        }
        let relative = entry.relative_position.unwrap_or(-1);
        let distance = usize::try_from(relative.unsigned_abs()).unwrap_or(usize::MAX);
        let at =
            if relative > 0 { anchor.saturating_add(distance) } else { (anchor + 1).saturating_sub(distance.max(1)) };
        placed.insert(at.min(placed.len()), product);
    }
}
