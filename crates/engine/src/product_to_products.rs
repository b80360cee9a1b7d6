use crate::{Answer, Refused, View, request};

/// Finds products related to the anchors and of interest to the person (contract, "Recommendations").
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn product_to_products(view: View<'_>, request: &request::ProductToProducts) -> Result<Answer, Refused> {
    let _ = (view.now, request);
    todo!()
}
