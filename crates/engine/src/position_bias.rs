//! What a click or a missing click says once it is known how likely its place was looked at at all.
//!
//! A click in an answer weighs the inverse of that chance (inverse propensity, Joachims, Swaminathan & Schnabel, WSDM 2017), capped,
//! because few clicks of great weight would make the training shake. What was shown and left alone loses a little of its score for
//! that person, as far as it was looked at.

use record::InteractionType;
use rustc_hash::FxHashMap;
use state::{Catalogue, Event, State};

/// How much more a click at a place that is seldom looked at may weigh than one at the first place.
const CORRECTION_MAX: f32 = 3.0;
/// The share of its score that a product loses with a look at it that led to nothing, and with all of them.
const PASSED_OVER_SHARE: f32 = 0.08;
const PASSED_OVER_SHARE_MAX: f32 = 0.3;

/// By how much to multiply the weight of what `event` says: 1 for what came from no answer.
pub(crate) fn correction(state: &State, event: &Event) -> f32 {
    state.feedback().looked_at(event.position).map_or(1.0, |look| (1.0 / look).min(CORRECTION_MAX))
}

/// What was shown to the visitor and left alone, by row, with the share of its score that it loses for it. `events` in time order.
///
/// Not an observation for the models: to them a product of the history is one that the person has.
pub(crate) fn passed_over(state: &State, events: &[Event]) -> FxHashMap<u32, f32> {
    let mut lost_by_row: FxHashMap<u32, f32> = FxHashMap::default();
    // Events of one interaction stand side by side; the place in its list is the place on the page.
    let (mut position, mut place) = (0, 0);
    for event in events {
        place = if event.position == position { place + 1 } else { 0 };
        position = event.position;
        // What came into view was looked at, or nearly.
        let look = match event.kind {
            InteractionType::ViewableImpression => 1.0,
            InteractionType::Impression => state.feedback().examination("recommendation/", place),
            _ => continue,
        };
        if let Some(row) = event.product {
            let lost = lost_by_row.entry(row.0).or_insert(0.0);
            *lost = (*lost + PASSED_OVER_SHARE * look).min(PASSED_OVER_SHARE_MAX);
        }
    }
    if !lost_by_row.is_empty() {
        let touched = events
            .iter()
            .filter(|event| !matches!(event.kind, InteractionType::Impression | InteractionType::ViewableImpression));
        for row in touched.flat_map(|event| members(state.catalogue(), event)) {
            lost_by_row.remove(&row);
        }
    }
    lost_by_row
}

/// The products that an event is about.
fn members(catalogue: &Catalogue, event: &Event) -> Vec<u32> {
    let Some(row) = event.product else { return Vec::new() };
    match catalogue.group_of_group_row(row) {
        Some(group) => catalogue.group_members(group).into_iter().map(|row| row.0).collect(),
        None => vec![row.0],
    }
}
