use crate::{Answer, Refused, View, request};

/// Finds what is rising now and of interest to the person (contract, "Recommendations").
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn user_to_trending(view: View<'_>, request: &request::UserToProducts) -> Result<Answer, Refused> {
    let _ = (view.now, request);
    todo!()
}
