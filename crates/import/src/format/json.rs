use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::Rows;
use crate::decode::{Bounded, Distance, RECORD_BYTES_MAX, text};
use crate::failure::Failure;
use crate::row::{Cells, Header, Read, Row};

/// How much of a record that cannot be read goes to the rejects.
const SHOWN_CHARS_MAX: usize = 2_000;

/// A file of JSON objects: one a line, or the elements of an array, or those of the array `data` of one object.
pub(crate) struct JsonRows {
    path: PathBuf,
    reader: Bounded,
    since_record: Distance,
    layout: Layout,
    number: u64,
    line: u64,
    guessed_encoding: bool,
    warned: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// One object a line. A line that is broken harms no other.
    Lines,
    /// Values one behind the other, over any number of lines.
    Values,
    /// Elements of an array.
    Array,
}

impl JsonRows {
    pub(crate) fn open(path: &Path, sample: &[u8], reader: Bounded) -> Result<JsonRows, Failure> {
        let (layout, skip) = layout(sample);
        let since_record = reader.since_record();
        let mut rows = JsonRows {
            path: path.to_owned(),
            reader,
            since_record,
            layout,
            number: 0,
            line: 0,
            guessed_encoding: false,
            warned: false,
        };
        let mut start = vec![0; skip];
        rows.reader.read_exact(&mut start).map_err(|error| rows.failed(&error))?;
        Ok(rows)
    }

    fn failed(&self, error: &std::io::Error) -> Failure {
        Failure::fault(format!("{} cannot be read: {error}", self.path.display()))
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            let mut line = Vec::new();
            let mut limited = (&mut self.reader).take(RECORD_BYTES_MAX + 1);
            let bytes = limited.read_until(b'\n', &mut line);
            let bytes = bytes.map_err(|error| self.failed(&error))?;
            if bytes == 0 {
                return Ok(None);
            }
            self.line += 1;
            if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(Some(line));
            }
            self.since_record.set(0);
        }
    }

    /// The bytes of the next value, found by counting brackets outside strings.
    fn next_value(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut value = Vec::new();
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        loop {
            let buffer = self.reader.fill_buf();
            let buffer = match buffer {
                Ok(buffer) => buffer,
                Err(error) => return Err(Failure::fault(format!("{} cannot be read: {error}", self.path.display()))),
            };
            if buffer.is_empty() {
                return match value.is_empty() {
                    true if self.layout == Layout::Array => {
                        Err(Failure::fault(format!("{} ends inside its array", self.path.display())))
                    }
                    true => Ok(None),
                    false => Ok(Some(value)),
                };
            }
            let mut used = 0;
            let mut done = None;
            for &byte in buffer {
                used += 1;
                if depth == 0 && !in_string {
                    match byte {
                        // Between values, and around one that is neither object, array nor string.
                        b',' | b' ' | b'\t' | b'\r' | b'\n' => {
                            if value.is_empty() {
                                continue;
                            }
                            done = Some(true);
                            break;
                        }
                        b']' if self.layout == Layout::Array => {
                            done = Some(!value.is_empty());
                            // Given back, so that the next call ends here too.
                            used -= 1;
                            break;
                        }
                        _ => {}
                    }
                }
                value.push(byte);
                if in_string {
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => in_string = false,
                        _ => {}
                    }
                } else {
                    match byte {
                        b'"' => in_string = true,
                        b'{' | b'[' => depth += 1,
                        b'}' | b']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                if depth == 0 && !in_string && matches!(byte, b'}' | b']' | b'"') {
                    done = Some(true);
                    break;
                }
            }
            self.reader.consume(used);
            match done {
                Some(true) => return Ok(Some(value)),
                Some(false) => return Ok(None),
                None => {}
            }
        }
    }

    fn row(&mut self, bytes: &[u8]) -> Read {
        self.number += 1;
        let (text, guessed) = text(bytes);
        self.guessed_encoding |= guessed;
        let number = self.number;
        let place = match self.layout {
            Layout::Lines => format!("line {}", self.line),
            Layout::Values | Layout::Array => format!("record {number}"),
        };
        let reason = match serde_json::from_str(&text) {
            Ok(Value::Object(object)) => return Read::Row(Row { number, cells: Cells::Object(object) }),
            Ok(_) => format!("{place} is not a JSON object"),
            Err(error) => format!("{place} is not JSON: {error}"),
        };
        Read::Broken { number, reason, text: text.trim().chars().take(SHOWN_CHARS_MAX).collect() }
    }
}

impl Rows for JsonRows {
    fn next_row(&mut self) -> Result<Option<Read>, Failure> {
        self.since_record.set(0);
        let bytes = match self.layout {
            Layout::Lines => self.next_line()?,
            Layout::Values | Layout::Array => self.next_value()?,
        };
        Ok(bytes.map(|bytes| self.row(&bytes)))
    }

    fn header(&self) -> Option<&Arc<Header>> {
        None
    }

    fn warnings(&mut self) -> Vec<String> {
        if !self.guessed_encoding || self.warned {
            return Vec::new();
        }
        self.warned = true;
        vec![format!("{} is not all UTF-8; what is not was read as Windows-1252", self.path.display())]
    }
}

/// How the records lie in the file, and how many bytes come before the first.
fn layout(sample: &[u8]) -> (Layout, usize) {
    let start = skip_space(sample, 0);
    if sample.get(start) == Some(&b'[') {
        return (Layout::Array, start + 1);
    }
    let data = skip_space(sample, start + 1);
    if sample[data.min(sample.len())..].starts_with(b"\"data\"") {
        let colon = skip_space(sample, data + 6);
        let bracket = skip_space(sample, colon + 1);
        if sample.get(colon) == Some(&b':') && sample.get(bracket) == Some(&b'[') {
            return (Layout::Array, bracket + 1);
        }
    }
    let first_line = sample[start..].split(|byte| *byte == b'\n').next().unwrap_or_default();
    // A first line that is an object of its own, or that is broken although it closes, or that is too long to tell.
    let closes = first_line.trim_ascii_end().ends_with(b"}");
    let whole = start + first_line.len() < sample.len();
    if closes || !whole { (Layout::Lines, 0) } else { (Layout::Values, 0) }
}

fn skip_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}
