use record::Product;
use roaring::RoaringBitmap;
use state::ProductRow;

/// One completion of what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The product whose value it is (for attributes: the most popular one).
    pub row: ProductRow,
    /// The whole text.
    pub text: String,
    /// `<mark>` around what was not typed yet.
    pub text_with_markups: String,
    /// `<mark>` around what was typed.
    pub text_with_inverted_markups: String,
}

/// Prefix completion over titles and attributes, in memory, changed live.
#[derive(Default)]
pub struct Completions {}

impl Completions {
    /// Puts a product in, in the place of the same row.
    pub fn put(&mut self, row: ProductRow, product: &Product) {
        todo!("{row:?} {product:?}")
    }

    /// Takes a product out.
    pub fn delete(&mut self, row: ProductRow) {
        todo!("{row:?}")
    }

    /// The values of `field` that complete `typed`: each typed word begins a word of the value, in any order; after a
    /// trailing space the last word is complete. At most `count`, by `popularity` of the product (higher first), then shorter,
    /// then by text; each text once. Only products among `allowed` where given.
    pub fn complete(
        &self,
        field: &str,
        typed: &str,
        count: usize,
        allowed: Option<&RoaringBitmap>,
        popularity: &dyn Fn(ProductRow) -> f32,
    ) -> Vec<Completion> {
        let _ = (field, typed, count, allowed, popularity);
        todo!()
    }
}
