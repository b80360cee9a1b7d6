use serde_json::{Map, Value};
use state::ProductRow;

/// An answer before it goes out; the server adds `took` and `miso_id`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The contents of `data`.
    pub data: Map<String, Value>,
    /// The products shown, in their order, to be remembered under the `miso_id`.
    pub shown: Vec<ProductRow>,
    /// With a `pagination_id`: the whole list up to the end of this page, to be kept for the next one.
    pub listed: Vec<ProductRow>,
}

/// Why a question is not answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// 422: a parameter does not hold what it should; the caller's to mend.
    #[error("{parameter} is invalid. {message}")]
    Invalid {
        /// Which parameter.
        parameter: String,
        /// What is wrong, and where; what to do.
        message: String,
    },
    /// 503: the text index cannot be read. What it says is for the log, not for the caller.
    #[error("the search index cannot be read at the moment; please try again later")]
    Unavailable {
        /// The fault, for the log.
        fault: String,
    },
}

impl Refused {
    pub(crate) fn invalid(parameter: &str, message: String) -> Refused {
        Refused::Invalid { parameter: parameter.to_owned(), message }
    }
}

impl From<::search::Fault> for Refused {
    fn from(fault: ::search::Fault) -> Refused {
        Refused::Unavailable { fault: fault.to_string() }
    }
}
