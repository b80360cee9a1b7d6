//! A ranking of products gathered by what they have in common: their category, their brand.

use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::common::Common;
use crate::limits::{GATHERED_PRODUCTS_MAX, ROWS_MAX};
use crate::rank::{Ranked, Ranking};
use crate::rules::Placed;
use crate::{Answer, Refused, View, rules};

/// What a product that only fills up is worth at its place: less than anything with a score.
const FILL_WORTH: f32 = 1e-4;
/// Products ranked for a part of the answer, for each one shown: variants of a group and boosts need some to choose from.
const RANKED_PER_SHOWN: usize = 4;

/// The keys of the best products by the sum of their products' scores, the greatest first; equal ones in the order of the
/// keys. The scores are chances up to a factor, so the sum is how often something with this key would be wanted.
pub(crate) fn keys<K: std::hash::Hash + Eq + Ord + Clone>(
    ranking: &Ranking<'_>,
    keys_of: impl Fn(u32) -> Vec<K>,
) -> Vec<K> {
    let mut worth_by_key: FxHashMap<K, f32> = FxHashMap::default();
    for (place, ranked) in ranking.iter(None).take(GATHERED_PRODUCTS_MAX).enumerate() {
        let mut keys = keys_of(ranked.row);
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *worth_by_key.entry(key).or_insert(0.0) += ranked.score.max(0.0) + FILL_WORTH / (1.0 + place as f32);
        }
    }
    let mut keys: Vec<(K, f32)> = worth_by_key.into_iter().collect();
    keys.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    keys.into_iter().map(|(key, _)| key).collect()
}

/// Adds one part: its name, how many products it has in `total_rows`, and its first `shown` products of the ranking, which `explain` may
/// explain.
pub(crate) fn add_part(
    view: View<'_>,
    common: &Common<'_>,
    ranking: &Ranking<'_>,
    part: (&str, Value),
    (rows, shown): (&RoaringBitmap, usize),
    explain: &dyn Fn(&Placed, &mut Map<String, Value>),
    (parts, answer): (&mut Vec<Value>, &mut Answer),
) -> Result<(), Refused> {
    let best: Vec<Ranked> = ranking.iter(Some(rows)).take(shown * RANKED_PER_SHOWN).collect();
    let common = Common { start: 0, rows: shown, ..common.clone() };
    let page = rules::page(view, &common, &Ranking::in_order(view, best))?;
    let mut own = rules::answer(view, &common, &page, |placed, product| {
        rules::with_personalization_score(placed, product);
        explain(placed, product);
    });
    let mut fields = Map::new();
    fields.insert(part.0.to_owned(), part.1);
    fields.insert("total".to_owned(), Value::from(rows.len()));
    fields.insert("recommended_products".to_owned(), own.data.remove("products").unwrap_or_default());
    parts.push(Value::Object(fields));
    answer.shown.append(&mut own.shown);
    Ok(())
}

/// How many products each part shows.
///
/// # Errors
/// [`Refused`] for too many.
pub(crate) fn shown(parameter: &str, asked: Option<usize>, default: usize) -> Result<usize, Refused> {
    let shown = asked.unwrap_or(default);
    if shown > ROWS_MAX {
        return Err(Refused::invalid(parameter, format!("It must be from 0 to {ROWS_MAX}, not {shown}.")));
    }
    Ok(shown)
}
