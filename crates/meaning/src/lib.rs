//! Texts as vectors whose nearness is nearness in meaning.
//!
//! [`Table`] has a vector for each word piece; it lies in the binary, so that semantic search works out of the box.
//! [`Transformer`] reads a sentence encoder from a folder, for who has one and the time it takes. Both give vectors of
//! length 1, whose product is the cosine.

pub mod limits;
mod pieces;
mod sketch;
mod table;
#[cfg(test)]
mod tests;
mod transformer;
mod vectors;
mod weights;

use std::path::PathBuf;

pub use pieces::Pieces;
pub use table::Table;
pub use transformer::Transformer;
pub use vectors::{Steps, Vectors};

/// Why a model or a table is not used.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The system gave no access.
    #[error("{path} cannot be read: {error}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// It is not what is read here.
    #[error("{path} cannot be used: {reason}")]
    Format {
        /// Which file.
        path: PathBuf,
        /// What it lacks.
        reason: String,
    },
    /// A table that is cut short or something else.
    #[error("the table of word pieces is not whole")]
    Table,
}

/// Makes the vector's length 1; one without direction stays all 0.
pub fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|x| *x /= length);
    }
}
