use crate::{Answer, Refused, View, request};

/// Completes what was typed (contract, "Autocomplete").
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn autocomplete(view: View<'_>, request: &request::Autocomplete) -> Result<Answer, Refused> {
    let _ = (view.now, request);
    todo!()
}
