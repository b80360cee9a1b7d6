use crate::Filter;

/// Why a query is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot parse the query at position {position}: {message}")]
pub struct ParseError {
    /// Where, in characters from 0.
    pub position: usize,
    /// What was found, what was expected there.
    pub message: String,
}

/// Reads a query in Solr/Lucene syntax (contract, "Filter language").
///
/// # Errors
/// A query outside the language or over [`crate::limits`], with the position.
pub fn parse(text: &str) -> Result<Filter, ParseError> {
    todo!("{text}")
}
