use std::sync::Arc;

use crate::limits::FEATURE_VALUES_MAX;

/// One piece of evidence: a visitor and a product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The product's row.
    pub product: u32,
    /// When, in milliseconds since 1970.
    pub time_ms: i64,
    /// How much it speaks for the product; negative speaks against it.
    pub weight: f32,
    /// Whether the visitor bought the product or was about to: the ground of [`crate::Model::bought_together`].
    pub converted: bool,
}

/// What products are like, by product: numbers that stand for values (a category, a brand, a word of the title).
/// Two products are alike where they share numbers that few others have. A clone shares them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    /// All numbers, product after product, in rising order within a product, each once.
    values: Arc<Vec<u32>>,
    /// Where each product's numbers end in `values`.
    ends: Arc<Vec<usize>>,
}

impl Features {
    /// Adds the next product with its values; those from [`FEATURE_VALUES_MAX`] on are left out.
    pub fn push(&mut self, values: &[u32]) {
        let all = Arc::make_mut(&mut self.values);
        let start = all.len();
        all.extend(values.iter().copied().filter(|&value| value < FEATURE_VALUES_MAX));
        all[start..].sort_unstable();
        let mut kept = start;
        for at in start..all.len() {
            if at == start || all[at] != all[kept - 1] {
                all[kept] = all[at];
                kept += 1;
            }
        }
        all.truncate(kept);
        Arc::make_mut(&mut self.ends).push(kept);
    }

    /// The values of a product, in rising order; none for one that was not added.
    pub fn of(&self, product: u32) -> &[u32] {
        &self.values[self.range(product)]
    }

    /// Where its values are among [`Features::values`].
    pub(crate) fn range(&self, product: u32) -> std::ops::Range<usize> {
        let product = product as usize;
        let Some(&end) = self.ends.get(product) else { return 0..0 };
        let start = if product == 0 { 0 } else { self.ends[product - 1] };
        start..end
    }

    /// Every value is less than this.
    pub fn values_end(&self) -> u32 {
        self.values.iter().max().map_or(0, |&value| value + 1)
    }

    /// All values, product after product.
    pub(crate) fn values(&self) -> &[u32] {
        &self.values
    }

    /// How many products were added.
    pub fn products(&self) -> usize {
        self.ends.len()
    }
}

/// What a model is to bring about. The default: any observation that speaks for its product, each worth the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Aim {
    /// By observation of the dataset, whether it is one to bring about; empty: each with a positive weight is. The others
    /// remain evidence. Where the last part of the log holds fewer than some hundred of them, each positive one is.
    pub wanted: Vec<bool>,
    /// By product, what an observation to bring about is worth, positive and finite; empty: all the same. The ranking goes
    /// by chance × worth. Worths of other kinds, and of rows beyond the end, are 1.
    pub worth: Vec<f32>,
}

/// The log as training sees it: per visitor the observations in time order.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Every product row is less than this.
    pub products: u32,
    /// All observations, visitor after visitor.
    pub observations: Vec<Observation>,
    /// Where each visitor's observations end in `observations`.
    pub ends: Vec<usize>,
    /// What the products are like; may be empty.
    pub features: Features,
    /// What the ranking is to bring about.
    pub aim: Aim,
    /// By product, when anything was first heard of it, in milliseconds since 1970, by whatever interaction, those that say
    /// nothing included; [`NEVER_MS`] for never. Empty: by the observations alone. A product of which nothing was heard is
    /// judged by what it is like; one that was met and not wanted is not.
    pub met_ms: Vec<i64>,
}

/// No moment at all.
pub const NEVER_MS: i64 = i64::MAX;

impl Dataset {
    /// Adds a visitor's observations, which must be in time order.
    pub fn push(&mut self, visitor: impl IntoIterator<Item = Observation>) {
        self.observations.extend(visitor);
        self.ends.push(self.observations.len());
    }

    /// The observations of each visitor.
    pub fn visitors(&self) -> impl Iterator<Item = &[Observation]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.observations[start..end])
    }

    /// By product, when anything was first heard of it.
    pub(crate) fn first_met_ms(&self) -> Vec<i64> {
        let mut met_ms = self.met_ms.clone();
        met_ms.resize(self.products as usize, NEVER_MS);
        for observation in &self.observations {
            if let Some(first_ms) = met_ms.get_mut(observation.product as usize) {
                *first_ms = (*first_ms).min(observation.time_ms);
            }
        }
        met_ms
    }

    /// The first and the end of each visitor's observations.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start..end)
    }
}
