use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

/// The numbers of one field by row.
///
/// Sparse until a third of the rows have one, then a plain array with NaN for none (no record holds NaN): a test of a
/// million rows takes about a millisecond.
#[derive(Default)]
pub(super) struct NumberColumn {
    single: Single,
    /// The rows with several numbers, with all of them; `single` has none for these.
    several: FxHashMap<u32, Box<[f64]>>,
}

enum Single {
    /// With the highest row ever set.
    Sparse(FxHashMap<u32, f64>, u32),
    Dense(Vec<f64>),
}

impl Default for Single {
    fn default() -> Single {
        Single::Sparse(FxHashMap::default(), 0)
    }
}

impl NumberColumn {
    /// Adds a number to those of `row`.
    pub(super) fn insert(&mut self, row: u32, value: f64) {
        if let Some(values) = self.several.get_mut(&row) {
            let mut longer = Vec::with_capacity(values.len() + 1);
            longer.extend_from_slice(values);
            longer.push(value);
            *values = longer.into_boxed_slice();
        } else if let Some(first) = self.single.take(row) {
            self.several.insert(row, Box::new([first, value]));
        } else {
            self.single.set(row, value);
        }
    }

    /// Takes all numbers of `row` out.
    pub(super) fn clear(&mut self, row: u32) {
        self.single.take(row);
        self.several.remove(&row);
    }

    /// The number of `row`, the first where there are several.
    pub(super) fn get(&self, row: u32) -> Option<f64> {
        self.single.get(row).or_else(|| self.several.get(&row).map(|values| values[0]))
    }

    /// All numbers of `row`.
    pub(super) fn all(&self, row: u32) -> Vec<f64> {
        match (self.single.get(row), self.several.get(&row)) {
            (Some(only), _) => vec![only],
            (None, Some(several)) => several.to_vec(),
            (None, None) => Vec::new(),
        }
    }

    /// Whether surely no row has one.
    pub(super) fn is_empty(&self) -> bool {
        self.several.is_empty() && matches!(&self.single, Single::Sparse(numbers, _) if numbers.is_empty())
    }

    /// Adds the rows of `within` of which some number passes `test` to `found`. `test` must not pass NaN.
    pub(super) fn select(&self, within: &RoaringBitmap, found: &mut RoaringBitmap, test: impl Fn(f64) -> bool) {
        match &self.single {
            Single::Sparse(numbers, _) if (numbers.len() as u64) < within.len() => {
                found.extend(
                    numbers.iter().filter(|&(&row, &value)| test(value) && within.contains(row)).map(|(&row, _)| row),
                );
            }
            // A look-up costs some twenty times as much as a step of the scan.
            Single::Dense(numbers) if (numbers.len() as u64) < within.len() * 20 => {
                let bits: Vec<u8> = numbers
                    .chunks(8)
                    .map(|eight| eight.iter().rev().fold(0, |bits, &value| bits << 1 | u8::from(test(value))))
                    .collect();
                *found |= RoaringBitmap::from_lsb0_bytes(0, &bits) & within;
            }
            single => found.extend(within.iter().filter(|&row| single.get(row).is_some_and(&test))),
        }
        for (&row, values) in &self.several {
            if within.contains(row) && values.iter().any(|&value| test(value)) {
                found.insert(row);
            }
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let single = match &self.single {
            Single::Sparse(numbers, _) => numbers.capacity() * 17 * 8 / 7,
            Single::Dense(numbers) => numbers.capacity() * 8,
        };
        let several: usize = self.several.values().map(|values| values.len() * 8 + 16).sum();
        single + several + self.several.capacity() * 25 * 8 / 7
    }
}

impl Single {
    fn get(&self, row: u32) -> Option<f64> {
        match self {
            Single::Sparse(numbers, _) => numbers.get(&row).copied(),
            Single::Dense(numbers) => numbers.get(row as usize).copied().filter(|value| !value.is_nan()),
        }
    }

    fn take(&mut self, row: u32) -> Option<f64> {
        match self {
            Single::Sparse(numbers, _) => numbers.remove(&row),
            Single::Dense(numbers) => {
                let number = numbers.get_mut(row as usize)?;
                let taken = std::mem::replace(number, f64::NAN);
                (!taken.is_nan()).then_some(taken)
            }
        }
    }

    fn set(&mut self, row: u32, value: f64) {
        match self {
            Single::Sparse(numbers, last) => {
                numbers.insert(row, value);
                *last = row.max(*last);
                // A sparse number takes some 24 bytes, a dense one 8 of every row up to the last.
                if numbers.len() > *last as usize / 3 {
                    let mut dense = vec![f64::NAN; *last as usize + 1];
                    numbers.iter().for_each(|(&row, &value)| dense[row as usize] = value);
                    *self = Single::Dense(dense);
                }
            }
            Single::Dense(numbers) => {
                let length = row as usize + 1;
                if numbers.len() < length && length > 4 * numbers.len() + 64 {
                    // A lone row far beyond the others must not make an array of its height.
                    let mut sparse: FxHashMap<u32, f64> = FxHashMap::default();
                    sparse.extend((0..).zip(numbers.iter().copied()).filter(|(_, value)| !value.is_nan()));
                    sparse.insert(row, value);
                    *self = Single::Sparse(sparse, row);
                    return;
                }
                if numbers.len() < length {
                    numbers.resize(length, f64::NAN);
                }
                numbers[row as usize] = value;
            }
        }
    }
}
