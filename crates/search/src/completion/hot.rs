//! Completions that many people ask for: few letters begin very many values, and everybody types them.

use std::sync::{Arc, Mutex, PoisonError};

use roaring::RoaringBitmap;
use state::ProductRow;

use super::{Completion, Completions, Typed};
use crate::kept::Kept;
use crate::limits;

/// The lists that were made last.
pub(super) struct Hot(Mutex<Kept<String, Arc<List>>>);

/// A list, and of when it is.
struct List {
    completions: Vec<Completion>,
    changes: u64,
    made_ms: i64,
}

impl Default for Hot {
    fn default() -> Hot {
        Hot(Mutex::new(Kept::new(limits::COMPLETIONS_KEPT_MAX)))
    }
}

impl Completions {
    /// As [`Completions::complete_until`], for what is the same for everybody: nothing but the catalogue, of which `allowed` is all that
    /// has not been deleted, and the popularity at `now_ms` decide.
    ///
    /// A list is given again until a product changes, at most for [`limits::COMPLETIONS_KEPT_MS`]: popularity changes slowly.
    pub fn complete_for_all(
        &self,
        field: &str,
        typed: &str,
        (count, enough): (usize, usize),
        allowed: &RoaringBitmap,
        popularity: &dyn Fn(ProductRow) -> f32,
        now_ms: i64,
    ) -> Vec<Completion> {
        let Typed { words, last_is_complete } = Typed::new(typed);
        let key = format!("{field}\0{count} {enough} {last_is_complete} {}", words.join(" "));
        let kept = self.hot.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key);
        let is_fresh = |list: &Arc<List>| {
            list.changes == self.changes
                && (0..limits::COMPLETIONS_KEPT_MS).contains(&now_ms.saturating_sub(list.made_ms))
                && list.completions.iter().all(|completion| allowed.contains(completion.row.0))
        };
        if let Some(list) = kept.filter(is_fresh) {
            return list.completions.clone();
        }
        let completions = self.complete_until(field, typed, (count, enough), Some(allowed), popularity);
        let list = List { completions: completions.clone(), changes: self.changes, made_ms: now_ms };
        let weight = 1 + completions.len();
        self.hot.0.lock().unwrap_or_else(PoisonError::into_inner).keep(key, Arc::new(list), weight);
        completions
    }
}
