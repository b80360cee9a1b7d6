//! The formats: each reads a file row by row, in bounded memory.

mod csv;
mod json;
mod parquet;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use super::decode::{self, Decoded, Distance};
use super::row::{Header, Read};
use crate::failure::Failure;

/// The rows of a file, in its order.
pub trait Rows: Send {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// The file cannot be read further. A single row that cannot be read is [`Read::Broken`] instead.
    fn next_row(&mut self) -> Result<Option<Read>, Failure>;

    /// The columns; `None` for JSON, where every record has its own.
    fn header(&self) -> Option<&Arc<Header>>;

    /// What a person should know about how the file was read, such as an encoding that was guessed.
    fn warnings(&mut self) -> Vec<String>;
}

/// What the person said about the format.
#[derive(Clone, Debug, Default)]
pub struct FormatOptions {
    /// The names of the columns of a file without a header line.
    pub header: Vec<String>,
    /// The character between columns.
    pub delimiter: Option<u8>,
}

/// Opens a file and finds out its format, by its content first and by its name where the content leaves a doubt.
///
/// # Errors
/// A file that cannot be read, or is of no known format.
pub fn open(path: &Path, options: &FormatOptions, distance: &Distance) -> Result<Box<dyn Rows>, Failure> {
    match decode::open(path, distance)? {
        Decoded::Parquet(file) => Ok(Box::new(parquet::ParquetRows::open(path, file, distance.clone())?)),
        Decoded::Text { sample, reader } => {
            let looks_like_json =
                sample.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| matches!(byte, b'{' | b'['));
            let named_csv = name_without_gz(path).rsplit('.').next().is_some_and(|end| end == "csv" || end == "tsv");
            if looks_like_json && !named_csv {
                Ok(Box::new(json::JsonRows::open(path, &sample, reader)?))
            } else {
                Ok(Box::new(csv::CsvRows::open(path, &sample, reader, options)?))
            }
        }
    }
}

fn name_without_gz(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    name.strip_suffix(".gz").map(str::to_owned).unwrap_or(name)
}
