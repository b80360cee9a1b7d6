use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

/// The names of a file's columns.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Header {
    names: Vec<String>,
    columns_by_name: FxHashMap<String, usize>,
}

impl Header {
    /// Names are trimmed; an empty one gets the number of its column, a repeated one a number behind it.
    pub fn new(names: impl IntoIterator<Item = String>) -> Header {
        let mut header = Header::default();
        for (column, name) in names.into_iter().enumerate() {
            let name = name.trim();
            let mut unique = if name.is_empty() { format!("column {}", column + 1) } else { name.to_owned() };
            let mut number = 2;
            while header.columns_by_name.contains_key(&unique) {
                unique = format!("{name} {number}");
                number += 1;
            }
            header.columns_by_name.insert(unique.clone(), column);
            header.names.push(unique);
        }
        header
    }

    /// All names, in the file's order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns_by_name.get(name).copied()
    }
}

/// One row of a file. An empty cell is `Null`.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which row of the file, from 1, without the header.
    pub number: u64,
    /// What it holds.
    pub cells: Cells,
}

/// The values of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Of a file with columns: one value a column.
    Columns {
        /// Their names.
        header: Arc<Header>,
        /// Their values, in the same order.
        values: Vec<Value>,
    },
    /// Of a file of JSON objects.
    Object(Map<String, Value>),
}

/// What a reader found at a row's place.
#[derive(Debug, PartialEq)]
pub enum Read {
    /// A row.
    Row(Row),
    /// A row that cannot be read; the next one can.
    Broken {
        /// Which row, from 1.
        number: u64,
        /// Why.
        reason: String,
        /// What stands there.
        text: String,
    },
}

impl Row {
    /// The value of a column; `None` where the row has no such column or nothing in it. In JSON, `a.b` reaches into objects.
    pub fn get(&self, column: &str) -> Option<&Value> {
        let value = match &self.cells {
            Cells::Columns { header, values } => values.get(header.column(column)?),
            Cells::Object(object) => object.get(column).or_else(|| {
                let (first, rest) = column.split_once('.')?;
                rest.split('.').try_fold(object.get(first)?, |value, name| value.get(name))
            }),
        };
        value.filter(|value| !value.is_null())
    }

    /// Puts a value in the place of a column's.
    pub fn set(&mut self, column: &str, value: Value) {
        match &mut self.cells {
            Cells::Columns { header, values } => {
                if let Some(cell) = header.column(column).and_then(|at| values.get_mut(at)) {
                    *cell = value;
                }
            }
            Cells::Object(object) => {
                object.insert(column.to_owned(), value);
            }
        }
    }

    /// The columns that hold something, in the file's order.
    pub fn filled(&self) -> Box<dyn Iterator<Item = (&str, &Value)> + '_> {
        match &self.cells {
            Cells::Columns { header, values } => {
                Box::new(header.names().iter().map(String::as_str).zip(values).filter(|(_, value)| !value.is_null()))
            }
            Cells::Object(object) => Box::new(
                object.iter().map(|(name, value)| (name.as_str(), value)).filter(|(_, value)| !value.is_null()),
            ),
        }
    }

    /// The row as it was, for the file of rejects.
    pub fn to_json(&self) -> Value {
        Value::Object(self.filled().map(|(name, value)| (name.to_owned(), value.clone())).collect())
    }
}
