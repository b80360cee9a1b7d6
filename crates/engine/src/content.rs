//! Likeness of products by their records, where no shared history tells: the same category, the same brand.

use roaring::RoaringBitmap;
use serde_json::Value;
use state::ProductRow;

use crate::rank::{Standing, popular_among};
use crate::{View, document, scope};

/// Like products looked for per product.
const ALIKE_MAX: usize = 100;
/// Levels of a category hierarchy that are looked at, the deepest first.
const LEVELS_MAX: usize = 4;

/// Products `among` like this one, with their likeness in (0, 1], each once, not the product itself; in no promised order.
///
/// The same deepest category counts most, a shared brand adds to it, each level up counts less; within a level the more
/// popular come first. Empty for a product without a record, or without category and brand.
pub(crate) fn alike(view: View<'_>, row: u32, among: &RoaringBitmap) -> Vec<(u32, f32)> {
    let Some(body) = document::read(view, ProductRow(row)) else { return Vec::new() };
    let standing = Standing::new(view);
    let brand = match body.get("brand").and_then(Value::as_str) {
        Some(brand) => scope::select(view, &scope::equals("brand", brand)).unwrap_or_default(),
        None => RoaringBitmap::new(),
    };
    let mut found: Vec<(u32, f32)> = Vec::new();
    let mut taken = RoaringBitmap::from_iter([row]);
    let mut take = |rows: RoaringBitmap, likeness: f32| {
        let rows = (rows & among) - &taken;
        for row in popular_among(view, &rows).take(ALIKE_MAX.saturating_sub(found.len())) {
            let brand = if brand.contains(row) { 0.25 } else { 0.0 };
            found.push((row, likeness + brand + 0.25 * standing.popularity(row)));
            taken.insert(row);
        }
        found.len() < ALIKE_MAX
    };
    let hierarchies = hierarchies(&body);
    for level in 0..LEVELS_MAX {
        for hierarchy in &hierarchies {
            let Some(depth) = hierarchy.len().checked_sub(level).filter(|&depth| depth > 0) else { continue };
            if !take(view.state.catalogue().in_category(&hierarchy[..depth]), 0.5 / (1.0 + level as f32)) {
                return found;
            }
        }
    }
    take(brand.clone(), 0.1);
    found
}

fn hierarchies(body: &serde_json::Map<String, Value>) -> Vec<Vec<String>> {
    let hierarchies = body.get("categories").and_then(Value::as_array);
    let texts = |hierarchy: &Value| -> Vec<String> {
        let levels = hierarchy.as_array().into_iter().flatten();
        levels.filter_map(|level| level.as_str().map(str::to_owned)).collect()
    };
    hierarchies.into_iter().flatten().map(texts).collect()
}
