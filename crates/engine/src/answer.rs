use serde_json::{Map, Value};
use state::ProductRow;

/// An answer before it goes out; the server adds `took` and `miso_id`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The contents of `data`.
    pub data: Map<String, Value>,
    /// The products shown, in their order, to be remembered under the `miso_id`.
    pub shown: Vec<ProductRow>,
}

/// Why a question is not answered: the caller's to mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// 422: a parameter does not hold what it should.
    #[error("{parameter} is invalid. {message}")]
    Invalid {
        /// Which parameter.
        parameter: String,
        /// What is wrong, and where; what to do.
        message: String,
    },
}
