//! What an interaction says about the person's interest in the product (contract, "Meaning of signals").

use recommend::{Dataset, NEVER_MS, Observation};
use record::{InteractionType, Time};
use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use state::{Catalogue, Event, ProductRow, State};

use crate::common::Common;
use crate::context::Context;
use crate::limits::{EVENTS_READ_MAX, GROUP_MEMBERS_MAX, SEEN_PRODUCTS_MAX};
use crate::request::Person;
use crate::{Goal, Refused, View, features, position_bias};

/// Under so many seconds a visit is no interest.
const GLANCE_SECONDS: f32 = 5.0;
const RATING_LIKED_MIN: f32 = 3.5;
const RATING_DISLIKED_MAX: f32 = 2.0;

/// How much an interaction speaks for its product: 1 is a look at its page, a purchase is 5, negative speaks against it,
/// 0 says nothing. `value` is the type's own number, NaN where absent.
///
/// An impression weighs nothing here: whether it was looked at and passed over is known only together with what came
/// after, and the many of them would drown what people really did.
pub fn weight(kind: InteractionType, value: f32) -> f32 {
    use InteractionType::*;
    match kind {
        Checkout | Subscribe => 5.0,
        AddToCart | Like | Complete => 3.0,
        AddToCollection | Bookmark | Share | Submit => 2.5,
        Rate if value >= RATING_LIKED_MIN => 2.0 + (value - RATING_LIKED_MIN).min(1.5),
        Rate if value <= RATING_DISLIKED_MAX => -2.0,
        // A middling rating says that the person knows the product, not that more like it is wanted; counting it made
        // rankings worse on MovieLens (nDCG@10 on validation 0.143 to 0.126).
        Rate => 0.0,
        ProductDetailPageView | ProductImageView | Click | Read | Watch | Listen => visit(kind, value),
        Custom => 1.0,
        Dislike | Refund | Unsubscribe => -3.0,
        RemoveFromCart | RemoveFromCollection => -2.0,
        Impression | ViewableImpression | Feedback | Search | HomePageView | CategoryPageView | PromoPageView => 0.0,
    }
}

/// A visit weighs 1, more when it was long (2 at a minute, at most 3), nothing when it was a glance.
fn visit(kind: InteractionType, seconds: f32) -> f32 {
    let counted = !matches!(kind, InteractionType::Click | InteractionType::ProductImageView);
    if !counted || seconds.is_nan() {
        1.0
    } else if seconds < GLANCE_SECONDS {
        0.0
    } else {
        1.0 + (seconds / 60.0).ln_1p().min(2.0)
    }
}

/// Whether the product was bought, or was about to be.
pub fn converts(kind: InteractionType) -> bool {
    matches!(kind, InteractionType::Checkout | InteractionType::AddToCart | InteractionType::Subscribe)
}

/// The log as training sees it: the weighted evidence of every visitor's history (contract, "Meaning of signals"), and what
/// of it the model is to bring about by `goal`. To stop a training, answer false to the progress of
/// [`recommend::Model::train`].
///
/// What was done with a group is spread evenly over its products; what was done with a product counts for its parent too
/// (`parent_id`). Some 50 ns per interaction, and some microseconds per product, whose record is read for its parent.
pub fn training_dataset(state: &State, now: Time, goal: &Goal) -> Dataset {
    let catalogue = state.catalogue();
    let features = features::of_products(catalogue);
    let mut dataset = Dataset { products: catalogue.rows(), features, ..Dataset::default() };
    let mut parents = Parents::default();
    let mut visitor_observations = Vec::new();
    let mut wanted = Vec::new();
    dataset.met_ms = vec![NEVER_MS; catalogue.rows() as usize];
    for visitor in state.people().visitors() {
        visitor_observations.clear();
        for event in state.people().history(visitor).filter(|event| event.time <= now) {
            if let Some(met_ms) = event.product.and_then(|row| dataset.met_ms.get_mut(row.0 as usize)) {
                *met_ms = event.time.0.min(*met_ms);
            }
            let correction = position_bias::correction(state, &event);
            spread(catalogue, &event, &mut |mut observation| {
                observation.weight *= correction;
                visitor_observations.push(observation);
                if let Some(parent) = parents.of(catalogue, ProductRow(observation.product)) {
                    visitor_observations.push(Observation { product: parent.0, ..observation });
                }
            });
            let observations = dataset.observations.len() + visitor_observations.len();
            wanted.resize(observations, goal.wants(event.kind));
        }
        if !visitor_observations.is_empty() {
            dataset.push(visitor_observations.iter().copied());
        }
    }
    dataset.aim = goal.aim(catalogue, wanted);
    dataset
}

/// Hands on what `event` says: nothing, one observation, or one per member of the group it names.
fn spread(catalogue: &Catalogue, event: &Event, take: &mut dyn FnMut(Observation)) {
    let Some(row) = event.product else { return };
    let weight = weight(event.kind, event.value);
    if weight == 0.0 {
        return;
    }
    let observation = Observation { product: row.0, time_ms: event.time.0, weight, converted: converts(event.kind) };
    match catalogue.group_of_group_row(row) {
        None => take(observation),
        Some(group) => {
            let members = catalogue.group_members(group);
            let members = &members[..members.len().min(GROUP_MEMBERS_MAX)];
            for member in members {
                take(Observation { product: member.0, weight: weight / members.len() as f32, ..observation });
            }
        }
    }
}

/// The parents of products, read from their records at first need.
#[derive(Default)]
struct Parents {
    parent_by_product: FxHashMap<ProductRow, Option<ProductRow>>,
}

impl Parents {
    fn of(&mut self, catalogue: &Catalogue, row: ProductRow) -> Option<ProductRow> {
        #[derive(Deserialize)]
        struct Child<'a> {
            #[serde(borrow, default)]
            parent_id: Option<std::borrow::Cow<'a, str>>,
        }
        *self.parent_by_product.entry(row).or_insert_with(|| {
            let child: Child<'_> = serde_json::from_str(catalogue.body(row)?).ok()?;
            catalogue.row(&child.parent_id?).filter(|&parent| parent != row)
        })
    }
}

/// What is known of a person at the moment of asking.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// What speaks for or against products, in time order, the latest [`recommend::limits::HISTORY_MAX`].
    pub(crate) observations: Vec<Observation>,
    /// The last products with interactions, the latest first; impressions do not count.
    pub(crate) seen: Vec<ProductRow>,
    /// All products that the person ever had to do with, were it a glance; impressions do not count. They are no news, so they
    /// come after everything else.
    pub(crate) met: RoaringBitmap,
    /// What was shown and left, by row, with the share of its score that it loses.
    pub(crate) passed_over: FxHashMap<u32, f32>,
    /// What is wanted by people like this one, and in a context like this.
    pub(crate) context: Context,
}

impl Known {
    /// The products that the observations speak for.
    pub(crate) fn wanted(&self) -> RoaringBitmap {
        let wanted = self.observations.iter().filter(|observation| observation.weight > 0.0);
        wanted.map(|observation| observation.product).collect()
    }
}

/// Reads the person's live history with the last [`SEEN_PRODUCTS_MAX`] products seen, as if the additional interactions
/// had happened too. Weighs at most the latest [`EVENTS_READ_MAX`] events;
/// of older ones it only notes which products they are about.
///
/// # Errors
/// [`Refused`] for an additional interaction that would be refused as an upload.
pub(crate) fn known(view: View<'_>, common: &Common<'_>) -> Result<Known, Refused> {
    let mut known = known_with(view, common.person, common.additional_interactions, SEEN_PRODUCTS_MAX)?;
    known.context = Context::of(view, common, known.observations.len());
    Ok(known)
}

/// As [`known`], with so many products seen.
///
/// # Errors
/// As for [`known`].
pub(crate) fn known_with(
    view: View<'_>,
    person: Person<'_>,
    additional: &[serde_json::Value],
    seen_max: usize,
) -> Result<Known, Refused> {
    let mut latest_first = additional_events(view, additional)?;
    let mut known = Known::default();
    let catalogue = view.state.catalogue();
    if let Some(visitor) = view.state.people().visitor(person.user_id, person.anonymous_id) {
        let older = view.state.people().history(visitor).rev().skip(EVENTS_READ_MAX);
        older.for_each(|event| note_met(catalogue, &event, &mut known.met));
        latest_first.extend(view.state.people().history(visitor).rev().take(EVENTS_READ_MAX));
        latest_first.sort_by_key(|event| std::cmp::Reverse(event.time));
    }
    for event in &latest_first {
        if known.observations.len() < recommend::limits::HISTORY_MAX {
            spread(catalogue, event, &mut |observation| known.observations.push(observation));
        }
        if is_impression(event.kind) {
            continue;
        }
        note_met(catalogue, event, &mut known.met);
        if known.seen.len() < seen_max {
            note_seen(catalogue, event.product, &mut known.seen);
        }
    }
    known.observations.truncate(recommend::limits::HISTORY_MAX);
    known.observations.reverse();
    latest_first.reverse();
    known.passed_over = position_bias::passed_over(view.state, &latest_first);
    Ok(known)
}

/// Adds what the event is about to the products met, or every product of a group.
fn note_met(catalogue: &Catalogue, event: &Event, met: &mut RoaringBitmap) {
    let Some(row) = event.product.filter(|_| !is_impression(event.kind)) else { return };
    match catalogue.group_of_group_row(row) {
        Some(group) => met.extend(catalogue.group_members(group).into_iter().map(|row| row.0)),
        None => _ = met.insert(row.0),
    }
}

/// Adds a product to those seen, or every product of a group.
fn note_seen(catalogue: &Catalogue, row: Option<ProductRow>, seen: &mut Vec<ProductRow>) {
    let Some(row) = row else { return };
    let rows = match catalogue.group_of_group_row(row) {
        Some(group) => catalogue.group_members(group),
        None => vec![row],
    };
    for row in rows {
        if !seen.contains(&row) {
            seen.push(row);
        }
    }
}

fn is_impression(kind: InteractionType) -> bool {
    matches!(kind, InteractionType::Impression | InteractionType::ViewableImpression)
}

/// The additional interactions as events, the latest first; those without a time happen now.
fn additional_events(view: View<'_>, additional: &[serde_json::Value]) -> Result<Vec<Event>, Refused> {
    if additional.is_empty() {
        return Ok(Vec::new());
    }
    let body = serde_json::json!({ "data": additional }).to_string();
    let interactions = record::parse_interactions(body.as_bytes()).map_err(|refusals| {
        let lines = refusals.lines().join(" ").replace("data.", "additional_interactions.");
        Refused::invalid("additional_interactions", lines)
    })?;
    let mut events = Vec::new();
    for interaction in interactions.iter().rev() {
        let time = interaction.timestamp.unwrap_or(view.now);
        let catalogue = view.state.catalogue();
        // What lies in the future happens now, as for an upload.
        let time = time.min(view.now);
        let ids = interaction.product_ids.iter().map(|id| catalogue.row(id).into_iter().collect());
        let groups = interaction.product_group_ids.iter().map(|id| match catalogue.group_row(id) {
            Some(row) => vec![row],
            None => catalogue.group_named(id).map(|group| catalogue.group_members(group)).unwrap_or_default(),
        });
        // The latest first: as in a history, the last product of an interaction is its latest.
        let rows: Vec<Vec<ProductRow>> = ids.chain(groups).collect();
        for (index, rows) in rows.into_iter().enumerate().rev() {
            let (kind, value) = (interaction.kind, Event::value_of(interaction, index));
            events.extend(rows.into_iter().map(|row| Event { time, position: 0, product: Some(row), kind, value }));
        }
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.time));
    Ok(events)
}
