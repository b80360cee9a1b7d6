//! Sums by product, and the best of many.

/// Sums by product for one question; all zero between two experts.
pub(crate) struct Scores {
    values: Vec<f32>,
    touched: Vec<u32>,
}

impl Scores {
    pub(crate) fn new(products: u32) -> Scores {
        // Zeroed pages come from the system as they are touched: a million products cost nothing until then.
        Scores { values: vec![0.0; products as usize], touched: Vec::new() }
    }

    pub(crate) fn add(&mut self, product: u32, score: f32) {
        let value = &mut self.values[product as usize];
        if *value == 0.0 {
            self.touched.push(product);
        }
        *value += score;
    }

    /// What was added up above 0, each product once, in the order in which they were met; all is zero again.
    pub(crate) fn take_positive(&mut self) -> Vec<(u32, f32)> {
        let mut list = Vec::with_capacity(self.touched.len());
        for product in self.touched.drain(..) {
            let value = std::mem::take(&mut self.values[product as usize]);
            if value > 0.0 {
                list.push((product, value));
            }
        }
        list
    }
}

/// Reads numbers, so that they are near when they are needed: what is read one after the other for nothing else, the processor
/// fetches side by side. One of each 64 bytes is enough.
pub(crate) fn fetch(numbers: impl Iterator<Item = u32>) {
    std::hint::black_box(numbers.fold(0, |all, number| all ^ number));
}

/// Best first; ties by row, so that no outcome depends on the order in which products were met.
pub(crate) fn best_first(a: &(u32, f32), b: &(u32, f32)) -> std::cmp::Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

/// Puts scores of 0 or more in the order of [`best_first`].
pub(crate) fn sort_positive(list: &mut [(u32, f32)]) {
    // The bits of such numbers rise as they do, and whole numbers are put in order in half the time.
    list.sort_unstable_by_key(|&(row, score)| u64::from(!score.to_bits()) << 32 | u64::from(row));
}

/// Keeps the `count` best of `list`, in order.
pub(crate) fn keep_best(list: &mut Vec<(u32, f32)>, count: usize) {
    if count == 0 {
        list.clear();
    } else if list.len() > count {
        list.select_nth_unstable_by(count - 1, best_first);
        list.truncate(count);
    }
    list.sort_unstable_by(best_first);
}
