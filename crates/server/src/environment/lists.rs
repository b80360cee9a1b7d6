//! The lists that people page through (`pagination_id`). Held in memory only, under a hash of whom they are for.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use record::Time;
use state::ProductRow;

use crate::limits::{LIST_IDLE_MS, LIST_PRODUCTS_MAX, LISTED_PRODUCTS_MAX};

/// Whose list it is, and which: two hashes of all that names it, so that no two ever meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ListKey([u64; 2]);

#[derive(Default)]
pub(super) struct Lists {
    hashers: [RandomState; 2],
    by_key: HashMap<ListKey, List>,
    products: usize,
}

struct List {
    products: Arc<[ProductRow]>,
    used: Time,
}

impl Lists {
    /// The key of a list by everything that tells it from others.
    pub(super) fn key(&self, names: &[Option<&str>]) -> ListKey {
        ListKey([self.hashers[0].hash_one(names), self.hashers[1].hash_one(names)])
    }

    /// The list so far; empty for a new one, or one that was idle for too long.
    pub(super) fn get(&mut self, key: ListKey, now: Time) -> Arc<[ProductRow]> {
        match self.by_key.get_mut(&key) {
            Some(list) if now.0 - list.used.0 <= LIST_IDLE_MS => {
                list.used = now;
                list.products.clone()
            }
            _ => Arc::default(),
        }
    }

    /// Keeps a list up to [`LIST_PRODUCTS_MAX`] products.
    pub(super) fn keep(&mut self, key: ListKey, listed: &[ProductRow], now: Time) {
        let products: Arc<[ProductRow]> = listed[..listed.len().min(LIST_PRODUCTS_MAX)].into();
        self.products += products.len();
        if let Some(before) = self.by_key.insert(key, List { products, used: now }) {
            self.products -= before.products.len();
        }
        if self.products > LISTED_PRODUCTS_MAX {
            self.make_room(now);
        }
    }

    /// Forgets what is idle, then what was used longest ago, until a quarter of the room is free.
    fn make_room(&mut self, now: Time) {
        let mut order: Vec<(Time, ListKey)> = self.by_key.iter().map(|(key, list)| (list.used, *key)).collect();
        order.sort_unstable();
        for (used, key) in order {
            if now.0 - used.0 <= LIST_IDLE_MS && self.products <= LISTED_PRODUCTS_MAX / 4 * 3 {
                return;
            }
            if let Some(list) = self.by_key.remove(&key) {
                self.products -= list.products.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    //! A list is kept for its person until it was idle for half an hour; over the bound those used longest ago go.

    use super::*;

    fn rows(count: usize) -> Vec<ProductRow> {
        (0..count as u32).map(ProductRow).collect()
    }

    #[test]
    fn a_list_is_kept_for_half_an_hour_after_its_last_use() {
        let mut lists = Lists::default();
        let (ann, bob) = (lists.key(&[Some("ann"), None]), lists.key(&[None, Some("ann")]));
        assert_ne!(ann, bob);
        lists.keep(ann, &rows(3), Time(0));
        assert_eq!(*lists.get(ann, Time(LIST_IDLE_MS)), *rows(3));
        assert_eq!(*lists.get(ann, Time(2 * LIST_IDLE_MS)), *rows(3));
        assert!(lists.get(bob, Time(1)).is_empty());
        assert!(lists.get(ann, Time(3 * LIST_IDLE_MS + 1)).is_empty());
    }

    #[test]
    fn over_the_bound_the_lists_used_longest_ago_go() {
        let mut lists = Lists::default();
        let many = LISTED_PRODUCTS_MAX / LIST_PRODUCTS_MAX + 1;
        let keys: Vec<ListKey> = (0..many).map(|number| lists.key(&[Some(&number.to_string())])).collect();
        for (number, key) in keys.iter().enumerate() {
            lists.keep(*key, &rows(LIST_PRODUCTS_MAX + 9), Time(number as i64));
        }
        assert!(lists.products <= LISTED_PRODUCTS_MAX);
        assert!(lists.get(keys[0], Time(many as i64)).is_empty());
        assert_eq!(lists.get(keys[many - 1], Time(many as i64)).len(), LIST_PRODUCTS_MAX);
    }
}
