use crate::{Answer, Refused, View, request};

/// Finds what this person is likeliest to convert on (contract, "Recommendations").
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn user_to_products(view: View<'_>, request: &request::UserToProducts) -> Result<Answer, Refused> {
    let _ = (view.now, request);
    todo!()
}
