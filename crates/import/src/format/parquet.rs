use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use parquet::basic::{LogicalType, TimeUnit};
use parquet::errors::ParquetError;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row as ParquetRow};
use parquet::schema::types::Type;
use serde_json::{Map, Number, Value};

use super::Rows;
use crate::decode::Distance;
use crate::failure::Failure;
use crate::row::{Cells, Header, Read, Row};

/// A Parquet file, read page by page.
pub(crate) struct ParquetRows {
    path: PathBuf,
    rows: RowIter<'static>,
    header: Arc<Header>,
    /// For each column, what its whole numbers mean where they are moments.
    moments: Vec<Option<Moment>>,
    rows_total: u64,
    number: u64,
    file_bytes: u64,
    bytes_told: u64,
    distance: Distance,
}

#[derive(Clone, Copy, Debug)]
enum Moment {
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl ParquetRows {
    pub(crate) fn open(path: &Path, file: File, distance: Distance) -> Result<ParquetRows, Failure> {
        let file_bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        let reader = SerializedFileReader::new(file).map_err(|error| failed(path, &error))?;
        let metadata = reader.metadata().file_metadata();
        let rows_total = u64::try_from(metadata.num_rows()).unwrap_or(0);
        let columns = metadata.schema().get_fields();
        let header = Header::new(columns.iter().map(|column| column.name().to_owned()));
        let moments = columns.iter().map(|column| moment(column)).collect();
        let rows = RowIter::from_file_into(Box::new(reader));
        Ok(ParquetRows {
            path: path.to_owned(),
            rows,
            header: Arc::new(header),
            moments,
            rows_total,
            number: 0,
            file_bytes,
            bytes_told: 0,
            distance,
        })
    }
}

impl Rows for ParquetRows {
    fn next_row(&mut self) -> Result<Option<Read>, Failure> {
        let Some(row) = self.rows.next() else { return Ok(None) };
        let row = row.map_err(|error| failed(&self.path, &error))?;
        self.number += 1;
        let values = row
            .into_columns()
            .into_iter()
            .zip(&self.moments)
            .map(|((_, field), moment)| match (field, moment) {
                (Field::Long(number), Some(moment)) => moment.text(number),
                (field, _) => value(field),
            })
            .collect();
        // The row interface does not say where in the file it is; rows stand for bytes.
        if self.number.is_multiple_of(1_024) || self.number == self.rows_total {
            let share = self.number as f64 / self.rows_total.max(1) as f64;
            let bytes = (share * self.file_bytes as f64) as u64;
            self.distance.add(bytes.saturating_sub(self.bytes_told));
            self.bytes_told = bytes;
        }
        let cells = Cells::Columns { header: Arc::clone(&self.header), values };
        Ok(Some(Read::Row(Row { number: self.number, cells })))
    }

    fn header(&self) -> Option<&Arc<Header>> {
        Some(&self.header)
    }

    fn warnings(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// The row interface knows only the older notation of times; for the newer one it gives bare numbers.
fn moment(column: &Type) -> Option<Moment> {
    if !column.is_primitive() {
        return None;
    }
    match column.get_basic_info().logical_type_ref()? {
        LogicalType::Timestamp(time) => Some(match time.unit {
            TimeUnit::MILLIS => Moment::Milliseconds,
            TimeUnit::MICROS => Moment::Microseconds,
            TimeUnit::NANOS => Moment::Nanoseconds,
        }),
        _ => None,
    }
}

impl Moment {
    fn text(self, number: i64) -> Value {
        let since_1970 = match self {
            Moment::Milliseconds => SignedDuration::from_millis(number),
            Moment::Microseconds => SignedDuration::from_micros(number),
            Moment::Nanoseconds => SignedDuration::from_nanos(number),
        };
        match Timestamp::from_duration(since_1970) {
            Ok(moment) => Value::String(moment.to_string()),
            Err(_) => Value::from(number),
        }
    }
}

fn value(field: Field) -> Value {
    let float = |number: f64| Number::from_f64(number).map_or(Value::Null, Value::Number);
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::Bool(value),
        Field::Byte(number) => number.into(),
        Field::Short(number) => number.into(),
        Field::Int(number) | Field::TimeMillis(number) => number.into(),
        Field::Long(number) | Field::TimeMicros(number) => number.into(),
        Field::UByte(number) => number.into(),
        Field::UShort(number) => number.into(),
        Field::UInt(number) => number.into(),
        Field::ULong(number) => number.into(),
        Field::Float16(number) => float(f64::from(number)),
        // By way of text: 0.1 must not become 0.10000000149.
        Field::Float(number) => number.to_string().parse().map_or(Value::Null, float),
        Field::Double(number) => float(number),
        Field::Decimal(_) | Field::Bytes(_) | Field::Date(_) => plain_text(&field),
        Field::Str(text) if text.is_empty() => Value::Null,
        Field::Str(text) => Value::String(text),
        Field::TimestampMillis(number) => Moment::Milliseconds.text(number),
        Field::TimestampMicros(number) => Moment::Microseconds.text(number),
        Field::Group(row) => Value::Object(object(row)),
        Field::ListInternal(list) => list.elements().iter().cloned().map(value).collect(),
        Field::MapInternal(map) => {
            let entries = map.entries().iter().map(|(key, field)| {
                let key = match value(key.clone()) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                (key, value(field.clone()))
            });
            Value::Object(entries.collect())
        }
    }
}

/// Decimals and dates as the library writes them; bytes as the text they usually are.
fn plain_text(field: &Field) -> Value {
    match field {
        Field::Bytes(bytes) => Value::String(crate::decode::text(bytes.data()).0),
        Field::Date(days) => {
            let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(*days));
            date.map_or(Value::Null, |date| Value::String(date.to_string()))
        }
        other => Value::String(other.to_string()),
    }
}

fn object(row: ParquetRow) -> Map<String, Value> {
    row.into_columns().into_iter().map(|(name, field)| (name, value(field))).collect()
}

fn failed(path: &Path, error: &ParquetError) -> Failure {
    Failure::fault(format!("{} cannot be read as Parquet: {error}", path.display()))
}
