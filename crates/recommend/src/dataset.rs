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

/// The log as training sees it: per visitor the observations in time order.
#[derive(Clone, Debug, Default)]
pub struct Dataset {
    /// Every product row is less than this.
    pub products: u32,
    /// All observations, visitor after visitor.
    pub observations: Vec<Observation>,
    /// Where each visitor's observations end in `observations`.
    pub ends: Vec<usize>,
}

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
}
