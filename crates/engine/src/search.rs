use crate::{Answer, Refused, View, request};

/// Finds products by words and filters (contract, "Search").
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn search(view: View<'_>, request: &request::Search) -> Result<Answer, Refused> {
    let _ = (view.now, request);
    todo!()
}
