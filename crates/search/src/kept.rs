//! Answers kept for whoever asks the same again, within a bound.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// What was used last, up to a weight: when the younger half is full, the older one is given up.
pub(crate) struct Kept<K, V> {
    younger: FxHashMap<K, (V, usize)>,
    older: FxHashMap<K, (V, usize)>,
    /// Of the younger half.
    weight: usize,
    weight_max: usize,
}

impl<K: Hash + Eq, V: Clone> Kept<K, V> {
    pub(crate) fn new(weight_max: usize) -> Kept<K, V> {
        Kept { younger: FxHashMap::default(), older: FxHashMap::default(), weight: 0, weight_max }
    }

    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        if let Some((value, _)) = self.younger.get(key) {
            return Some(value.clone());
        }
        let (key, (value, weight)) = self.older.remove_entry(key)?;
        self.keep(key, value.clone(), weight);
        Some(value)
    }

    pub(crate) fn keep(&mut self, key: K, value: V, weight: usize) {
        if self.weight + weight > self.weight_max / 2 {
            self.older = std::mem::take(&mut self.younger);
            self.weight = 0;
        }
        self.weight += weight;
        self.younger.insert(key, (value, weight));
    }
}

#[cfg(test)]
mod tests {
    //! Properties: what is used stays, what is not goes, and there is never more than the weight allows.

    use super::*;

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let mut kept: Kept<u32, u32> = Kept::new(10);
        for number in 0..100 {
            kept.keep(number, number, 1);
            assert_eq!(kept.get(&0), Some(0), "{number}");
            assert!(kept.younger.len() + kept.older.len() <= 10);
        }
        assert_eq!(kept.get(&99), Some(99));
        assert_eq!(kept.get(&50), None);
    }
}
