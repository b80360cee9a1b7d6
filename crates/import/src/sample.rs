//! The first rows of a file, and the mapping that is proposed for it.

use std::path::Path;

use crate::decode::Distance;
use crate::failure::Failure;
use crate::fields::Kind;
use crate::format::{self, FormatOptions};
use crate::guess::{Guess, GuessedColumn, guess, is_identity};
use crate::mapping::Mapping;
use crate::row::{Header, Read, Row};
use crate::shipped;

/// Rows that are looked at.
const SAMPLE_ROWS: usize = 500;

/// The first rows of a file.
#[derive(Debug)]
pub struct Sample {
    /// The columns; `None` for JSON, where every record has its own.
    pub header: Option<Header>,
    /// Those of the first 500 rows that can be read.
    pub rows: Vec<Row>,
    /// The numbers of those that cannot, with the reason.
    pub broken: Vec<(u64, String)>,
    /// Whether the file ends within them.
    pub is_whole: bool,
}

/// Reads the first rows of a file.
///
/// # Errors
/// A file that cannot be read.
pub fn sample(path: &Path, format: &FormatOptions) -> Result<Sample, Failure> {
    let mut rows = format::open(path, format, &Distance::default())?;
    let header = rows.header().map(|header| Header::new(header.names().iter().cloned()));
    let mut sample = Sample { header, rows: Vec::new(), broken: Vec::new(), is_whole: false };
    for _ in 0..SAMPLE_ROWS {
        match rows.next_row()? {
            Some(Read::Row(row)) => sample.rows.push(row),
            Some(Read::Broken { number, reason, .. }) => sample.broken.push((number, reason)),
            None => {
                sample.is_whole = true;
                break;
            }
        }
    }
    Ok(sample)
}

impl Sample {
    /// The names of the columns, in the order of the file; of JSON records, in the order of their first mention.
    pub fn columns(&self) -> Vec<String> {
        if let Some(header) = &self.header {
            return header.names().to_vec();
        }
        let mut names: Vec<String> = Vec::new();
        for (name, _) in self.rows.iter().flat_map(Row::filled) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    }
}

/// Where a proposed mapping comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The records have the fields of the API already: there is no mapping to be made.
    Identity,
    /// The columns are those of an export that is known.
    Recognised {
        /// The name of the shipped mapping.
        name: &'static str,
    },
    /// Guessed from names and values.
    Guess,
}

/// A mapping for a file, to be looked at and changed.
#[derive(Debug)]
pub struct Proposal {
    /// Where it comes from.
    pub origin: Origin,
    /// The mapping; of [`Origin::Identity`] one that says nothing, and is not to be used.
    pub mapping: Mapping,
    /// What each column was taken for; of a guess only.
    pub columns: Vec<GuessedColumn>,
    /// What could not be guessed and must be said.
    pub missing: Option<String>,
}

/// Proposes a mapping. `known` are fields that the person has said already.
pub fn propose(kind: Kind, sample: &Sample, known: &[String]) -> Proposal {
    if let Some(header) = &sample.header
        && let Some((name, mapping)) = shipped::recognised(kind, header)
    {
        let origin = Origin::Recognised { name };
        return Proposal { origin, mapping: mapping.clone().fitting(header), columns: Vec::new(), missing: None };
    }
    if known.is_empty() && is_identity(kind, &sample.rows) {
        let mapping = Mapping::new(kind);
        return Proposal { origin: Origin::Identity, mapping, columns: Vec::new(), missing: None };
    }
    let Guess { mapping, columns, missing } = guess(kind, &sample.rows, known);
    Proposal { origin: Origin::Guess, mapping, columns, missing }
}
