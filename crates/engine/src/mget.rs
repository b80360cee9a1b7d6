use crate::{Answer, Refused, View, request};

/// Gives products by id, in the order asked (contract, "Multiple get").
///
/// # Errors
/// [`Refused`] where a parameter does not hold what it should.
pub fn mget(view: View<'_>, request: &request::MultipleGet) -> Result<Answer, Refused> {
    let _ = (view.now, request);
    todo!()
}
