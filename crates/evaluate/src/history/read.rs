use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

/// Why a log, a catalogue or a list of judgements cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HistoryFault {
    /// The file is not there, or the disk refuses.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A table that is none.
    #[error("{path}: {error}")]
    Table {
        /// The file.
        path: PathBuf,
        /// Why, with the line.
        error: csv::Error,
    },
    /// A Parquet file that is none.
    #[error("{path}: {error}")]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        error: parquet::errors::ParquetError,
    },
    /// A value that is not what its column promises.
    #[error("{path}, line {line}: {message}")]
    Value {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// Nothing to measure.
    #[error("{path}: it holds no events")]
    Empty {
        /// The folder or file.
        path: PathBuf,
    },
}

/// Opens a file, gzipped where its name ends in `.gz`.
pub(crate) fn open(path: &Path) -> Result<BufReader<Box<dyn Read>>, HistoryFault> {
    let file = File::open(path).map_err(|error| HistoryFault::Io { path: path.to_owned(), error })?;
    let gzipped = path.extension().is_some_and(|extension| extension == "gz");
    Ok(BufReader::new(if gzipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) }))
}

/// A table read line by line; its columns are found by name.
pub(crate) struct Table {
    path: PathBuf,
    reader: csv::Reader<BufReader<Box<dyn Read>>>,
    header: csv::StringRecord,
    record: csv::StringRecord,
}

impl Table {
    /// Opens a table, gzipped where its name ends in `.gz`.
    pub(crate) fn open(path: &Path, delimiter: u8) -> Result<Table, HistoryFault> {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(open(path)?);
        let header = reader.headers().map_err(|error| HistoryFault::Table { path: path.to_owned(), error })?.clone();
        Ok(Table { path: path.to_owned(), reader, header, record: csv::StringRecord::new() })
    }

    /// The place of the column called one of `names`.
    pub(crate) fn optional_column(&self, names: &[&str]) -> Option<usize> {
        self.header.iter().position(|name| names.iter().any(|wanted| name.trim().eq_ignore_ascii_case(wanted)))
    }

    pub(crate) fn column(&self, names: &[&str]) -> Result<usize, HistoryFault> {
        self.optional_column(names).ok_or_else(|| HistoryFault::Value {
            path: self.path.clone(),
            line: 1,
            message: format!("there is no column {:?}", names[0]),
        })
    }

    /// Reads the next line; false at the end.
    pub(crate) fn next(&mut self) -> Result<bool, HistoryFault> {
        let read = self.reader.read_record(&mut self.record);
        read.map_err(|error| HistoryFault::Table { path: self.path.clone(), error })
    }

    pub(crate) fn text(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or("").trim()
    }

    pub(crate) fn number(&self, column: usize) -> Result<f64, HistoryFault> {
        let text = self.text(column);
        text.parse().map_err(|_| self.fault(format!("{text:?} is no number")))
    }

    /// The number of the line that was read, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    pub(crate) fn fault(&self, message: String) -> HistoryFault {
        HistoryFault::Value { path: self.path.clone(), line: self.line(), message }
    }

    /// A moment in milliseconds: seconds since 1970, or a date with a time.
    pub(crate) fn time_ms(&self, column: usize) -> Result<i64, HistoryFault> {
        let text = self.text(column);
        if let Ok(seconds) = text.parse::<f64>() {
            // Numbers beyond the year 5138 in seconds are milliseconds.
            return Ok(if seconds.abs() < 1e11 { (seconds * 1e3) as i64 } else { seconds as i64 });
        }
        let moment = text.parse::<jiff::Timestamp>().ok().or_else(|| {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            jiff::tz::Offset::UTC.to_timestamp(civil).ok()
        });
        moment
            .map(jiff::Timestamp::as_millisecond)
            .ok_or_else(|| self.fault(format!("{text:?} is no moment; seconds since 1970 or an ISO 8601 date are")))
    }
}
