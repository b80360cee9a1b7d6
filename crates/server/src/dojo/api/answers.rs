//! What became of the answers: how many were given, and what the visitors then did with the products shown.

use std::collections::BTreeMap;

use record::{InteractionType, Time};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};
use state::{ProductRow, State, VisitorRow};

/// Answers looked into, the latest ones; each costs a look at its visitor's later history.
const ANSWERS_READ_MAX: usize = 20_000;
/// A visit counts for an answer for so long, a purchase for longer.
const VISIT_MS: i64 = 30 * 60_000;
const PURCHASE_MS: i64 = 7 * 24 * 3_600_000;

#[derive(Default)]
struct Outcome {
    answers: u64,
    /// Those for a visitor whose history is known: the others can lead to nothing that is seen.
    followed: u64,
    visited: u64,
    converted: u64,
}

/// The answers since `since` by API, and how many of the purchases since then were of products shown before.
pub(super) fn outcomes(state: &State, since: Time) -> Value {
    let mut by_api = BTreeMap::<String, Outcome>::new();
    let mut shown_to = FxHashMap::<VisitorRow, FxHashMap<ProductRow, i64>>::default();
    let recent = state.answers().iter().rev().take(ANSWERS_READ_MAX);
    for shown in recent.take_while(|shown| shown.time.0 >= since.0 - PURCHASE_MS) {
        let Some(visitor) = shown.visitor else {
            if shown.time >= since && !shown.products.is_empty() {
                by_api.entry(api(state, shown)).or_default().answers += 1;
            }
            continue;
        };
        let to_visitor = shown_to.entry(visitor).or_default();
        for &product in &shown.products {
            // From the latest answer back: the earliest stays.
            to_visitor.insert(product, shown.time.0);
        }
        if shown.time < since || shown.products.is_empty() {
            continue;
        }
        let outcome = by_api.entry(api(state, shown)).or_default();
        outcome.answers += 1;
        outcome.followed += 1;
        let products: FxHashSet<ProductRow> = shown.products.iter().copied().collect();
        let later = state.people().history(visitor).rev().take_while(|event| event.time > shown.time);
        let (mut visited, mut converted) = (false, false);
        for event in later.filter(|event| event.product.is_some_and(|row| products.contains(&row))) {
            let after_ms = event.time.0 - shown.time.0;
            visited |= is_visit(event.kind) && after_ms <= VISIT_MS;
            converted |= is_conversion(event.kind) && after_ms <= PURCHASE_MS;
        }
        outcome.visited += u64::from(visited);
        outcome.converted += u64::from(converted);
    }
    let (purchases, assisted) = purchases(state, since, &shown_to);
    let by_api = by_api.into_iter().map(|(api, outcome)| {
        json!({
            "api": api, "answers": outcome.answers, "followed": outcome.followed,
            "visited": outcome.visited, "converted": outcome.converted,
        })
    });
    json!({"by_api": by_api.collect::<Vec<_>>(), "purchases": purchases, "assisted": assisted})
}

fn api(state: &State, shown: &state::Shown) -> String {
    state.feedback().source(shown).api.to_string()
}

/// Products bought since `since`, and those of them that had been shown to the visitor before.
fn purchases(state: &State, since: Time, shown_to: &FxHashMap<VisitorRow, FxHashMap<ProductRow, i64>>) -> (u64, u64) {
    let (mut all, mut assisted) = (0, 0);
    for visitor in state.people().visitors() {
        for event in state.people().history(visitor).rev().take_while(|event| event.time >= since) {
            let Some(product) = event.product.filter(|_| event.kind == InteractionType::Checkout) else { continue };
            all += 1;
            let shown = shown_to.get(&visitor).and_then(|products| products.get(&product));
            assisted += u64::from(shown.is_some_and(|shown| *shown < event.time.0));
        }
    }
    (all, assisted)
}

fn is_visit(kind: InteractionType) -> bool {
    use InteractionType::{Click, Listen, ProductDetailPageView, Read, Watch};
    matches!(kind, ProductDetailPageView | Click | Read | Watch | Listen)
}

fn is_conversion(kind: InteractionType) -> bool {
    matches!(kind, InteractionType::AddToCart | InteractionType::Checkout | InteractionType::Subscribe)
}
