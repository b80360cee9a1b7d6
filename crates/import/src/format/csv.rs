use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::{ByteRecord, Reader, ReaderBuilder};
use serde_json::Value;

use super::{FormatOptions, Rows, name_without_gz};
use crate::decode::{Bounded, Distance, text};
use crate::failure::Failure;
use crate::row::{Cells, Header, Read, Row};

/// The characters that may stand between columns, the likelier first.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Records of the sample that are compared to find the delimiter.
const SAMPLE_RECORDS: usize = 50;

/// A file with one record a line, its fields separated by one character, quoted where needed (RFC 4180).
pub(crate) struct CsvRows {
    path: PathBuf,
    reader: Reader<Bounded>,
    since_record: Distance,
    record: ByteRecord,
    header: Arc<Header>,
    number: u64,
    guessed_encoding: bool,
    warned: bool,
}

impl CsvRows {
    pub(crate) fn open(
        path: &Path,
        sample: &[u8],
        reader: Bounded,
        options: &FormatOptions,
    ) -> Result<CsvRows, Failure> {
        let prefer_tab = name_without_gz(path).ends_with(".tsv");
        let delimiter = options.delimiter.unwrap_or_else(|| sniff(sample, prefer_tab));
        let since_record = reader.since_record();
        let has_header = options.header.is_empty();
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(has_header).from_reader(reader);
        let mut guessed_encoding = false;
        let names = if has_header {
            let names = reader.byte_headers().map_err(|error| failed(path, &error))?;
            let decoded: Vec<(String, bool)> = names.iter().map(text).collect();
            guessed_encoding = decoded.iter().any(|(_, guessed)| *guessed);
            decoded.into_iter().map(|(name, _)| name).collect()
        } else {
            options.header.clone()
        };
        if names.iter().all(|name| name.trim().is_empty()) {
            return Err(Failure::usage(format!("{} has no header line; is it empty?", path.display())));
        }
        Ok(CsvRows {
            path: path.to_owned(),
            reader,
            since_record,
            record: ByteRecord::new(),
            header: Arc::new(Header::new(names)),
            number: 0,
            guessed_encoding,
            warned: false,
        })
    }

    fn ragged(&self) -> Read {
        let (fields, columns) = (self.record.len(), self.header.names().len());
        let line = self.record.position().map_or(0, csv::Position::line);
        Read::Broken {
            number: self.number,
            reason: format!("line {line} has {fields} fields, but the header has {columns} columns"),
            text: self.record.iter().map(|field| text(field).0).collect::<Vec<_>>().join("\u{241f}"),
        }
    }
}

impl Rows for CsvRows {
    fn next_row(&mut self) -> Result<Option<Read>, Failure> {
        self.since_record.set(0);
        if !self.reader.read_byte_record(&mut self.record).map_err(|error| failed(&self.path, &error))? {
            return Ok(None);
        }
        self.number += 1;
        let columns = self.header.names().len();
        // A delimiter too many at the end of the line adds nothing, so nothing is lost without it.
        let extra_is_empty = self.record.iter().skip(columns).all(<[u8]>::is_empty);
        if self.record.len() < columns || !extra_is_empty {
            return Ok(Some(self.ragged()));
        }
        let mut values = Vec::with_capacity(columns);
        for field in self.record.iter().take(columns) {
            if field.is_empty() {
                values.push(Value::Null);
                continue;
            }
            let (value, guessed) = text(field);
            self.guessed_encoding |= guessed;
            values.push(Value::String(value));
        }
        let cells = Cells::Columns { header: Arc::clone(&self.header), values };
        Ok(Some(Read::Row(Row { number: self.number, cells })))
    }

    fn header(&self) -> Option<&Arc<Header>> {
        Some(&self.header)
    }

    fn warnings(&mut self) -> Vec<String> {
        if !self.guessed_encoding || self.warned {
            return Vec::new();
        }
        self.warned = true;
        vec![format!("{} is not all UTF-8; what is not was read as Windows-1252", self.path.display())]
    }
}

/// The delimiter under which the sample falls into records of most equal width, and of the most columns.
fn sniff(sample: &[u8], prefer_tab: bool) -> u8 {
    let best = DELIMITERS.into_iter().map(|delimiter| {
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(sample);
        let widths: Vec<usize> =
            reader.byte_records().take(SAMPLE_RECORDS).filter_map(Result::ok).map(|record| record.len()).collect();
        // The last record of the sample may be cut off.
        let whole = if widths.len() > 2 { &widths[..widths.len() - 1] } else { &widths[..] };
        let columns = whole.first().copied().unwrap_or(0);
        let equal = whole.iter().filter(|width| **width == columns).count();
        let share = equal as f64 / whole.len().max(1) as f64;
        let score = if columns < 2 { 0.0 } else { share * (columns as f64).ln_1p() };
        (delimiter, if prefer_tab && delimiter == b'\t' { score * 2.0 } else { score })
    });
    // The first of equals stays, so that a file of one column is a CSV file.
    best.fold((b',', 0.0), |best, next| if next.1 > best.1 { next } else { best }).0
}

fn failed(path: &Path, error: &csv::Error) -> Failure {
    Failure::fault(format!("{} cannot be read: {error}", path.display()))
}
