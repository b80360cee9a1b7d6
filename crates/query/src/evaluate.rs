use crate::{Filter, Scalar};

/// What a filter may ask of a product.
pub trait Attributes {
    /// Whether `test` holds for at least one value of the field `name`; values come in no promised order, and a field
    /// that is absent has none. An array has one value per member; `categories` has one per level of each hierarchy;
    /// an object has the values of its members under `name.member`.
    fn any(&self, name: &str, test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool;
}

impl Attributes for record::Product {
    fn any(&self, name: &str, _test: &mut dyn FnMut(Scalar<'_>) -> bool) -> bool {
        todo!("{name}")
    }
}

impl Filter {
    /// Whether `product` passes. [`Filter::FullText`] needs an index: here it is a plain case-insensitive word test over
    /// title, subtitle, description, brand, tags and categories.
    pub fn matches(&self, product: &dyn Attributes) -> bool {
        let _ = product;
        todo!()
    }
}
