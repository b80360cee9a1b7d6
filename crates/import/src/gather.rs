//! What needs more than one row: cells taken over from above, neighbouring rows that make one record, and rows anywhere
//! that make one record.

use rustc_hash::FxHashMap;
use serde_json::{Map, Number, Value};

use super::mapping::{Keep, Mapping, Outcome, Plan, Source};
use super::row::{Read, Row};
use crate::failure::Failure;

#[cfg(test)]
mod tests;

/// Rows in one record; a key that never changes would otherwise gather the whole file.
const GROUP_ROWS_MAX: usize = 10_000;
/// Records held back until the end, by a mapping with `distinct`: some gigabytes at worst.
const DISTINCT_RECORDS_MAX: usize = 5_000_000;

/// A record on its way, or a row that became none.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Which of the files, from 0.
    pub file: usize,
    /// Which row of it; the first of those that made the record.
    pub row: u64,
    /// What became of it.
    pub content: Content,
}

/// What became of a row, or of several.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A record of the API.
    Record(Map<String, Value>),
    /// None.
    Rejected {
        /// Every reason.
        reasons: Vec<String>,
        /// The row as it was.
        row: Value,
    },
}

/// Takes rows in their order and gives items; equal rows give equal items in equal order, which is what an interrupted
/// import relies on when it counts items.
pub struct Gather {
    plan: Plan,
    fill: Option<FillState>,
    group: Option<GroupState>,
    distinct: Option<DistinctState>,
}

struct FillState {
    key: Source,
    empty: Vec<String>,
    first: Vec<String>,
    last_key: Option<String>,
    held: FxHashMap<String, Value>,
}

struct GroupState {
    by: Source,
    collect: Vec<String>,
    sum: Vec<String>,
    pending: Option<Pending>,
}

struct Pending {
    key: String,
    rows: usize,
    item: Item,
}

struct DistinctState {
    by: Source,
    keep: Keep,
    places: FxHashMap<String, usize>,
    items: Vec<Item>,
}

impl Gather {
    /// For records that need no mapping.
    pub fn identity(plan: Plan) -> Gather {
        Gather { plan, fill: None, group: None, distinct: None }
    }

    /// # Errors
    /// A mapping that cannot be made ready.
    pub fn new(mapping: &Mapping) -> Result<Gather, Failure> {
        let source = |texts: &[String], place: &str| match Source::new(texts) {
            Ok(_) if texts.is_empty() => Err(Failure::usage(format!("the mapping: {place} names no column"))),
            Ok(source) => Ok(source),
            Err(error) => Err(Failure::usage(format!("the mapping: {place}: {error}"))),
        };
        let fill = match &mapping.fill {
            None => None,
            Some(fill) => Some(FillState {
                key: source(fill.key.list(), "fill.key")?,
                empty: fill.empty.clone(),
                first: fill.first.clone(),
                last_key: None,
                held: FxHashMap::default(),
            }),
        };
        let group = match &mapping.group {
            None => None,
            Some(group) => Some(GroupState {
                by: source(group.by.list(), "group.by")?,
                collect: group.collect.clone(),
                sum: group.sum.clone(),
                pending: None,
            }),
        };
        let distinct = match &mapping.distinct {
            None => None,
            Some(distinct) => Some(DistinctState {
                by: source(distinct.by.list(), "distinct.by")?,
                keep: distinct.keep,
                places: FxHashMap::default(),
                items: Vec::new(),
            }),
        };
        Ok(Gather { plan: Plan::new(mapping)?, fill, group, distinct })
    }

    /// The mapping, made ready.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Takes what a reader found.
    ///
    /// # Errors
    /// More distinct records than can be held.
    pub fn push(&mut self, file: usize, read: Read, out: &mut Vec<Item>) -> Result<(), Failure> {
        let mut row = match read {
            Read::Row(row) => row,
            Read::Broken { number, reason, text } => {
                let content = Content::Rejected { reasons: vec![reason], row: Value::String(text) };
                out.push(Item { file, row: number, content });
                return Ok(());
            }
        };
        if let Some(fill) = &mut self.fill {
            fill.take(&mut row, self.plan.nothing());
        }
        let record = match self.plan.apply(&row) {
            Outcome::Skipped => return Ok(()),
            Outcome::Rejected(reasons) => {
                let content = Content::Rejected { reasons, row: row.to_json() };
                out.push(Item { file, row: row.number, content });
                return Ok(());
            }
            Outcome::Record(record) => record,
        };
        let item = Item { file, row: row.number, content: Content::Record(record) };
        if let Some(distinct) = &mut self.distinct {
            return match distinct.by.text(&row, self.plan.nothing()) {
                Some(key) => distinct.take(key.into_owned(), item),
                None => {
                    out.push(item);
                    Ok(())
                }
            };
        }
        match &mut self.group {
            None => out.push(item),
            Some(group) => match group.by.text(&row, self.plan.nothing()) {
                Some(key) => group.take(&format!("{file} {key}"), item, out),
                None => {
                    out.extend(group.flush());
                    out.push(item);
                }
            },
        }
        Ok(())
    }

    /// Gives what was held back.
    pub fn finish(&mut self, out: &mut Vec<Item>) {
        if let Some(group) = &mut self.group {
            out.extend(group.flush());
        }
        if let Some(distinct) = &mut self.distinct {
            out.append(&mut distinct.items);
            distinct.places.clear();
        }
    }
}

impl FillState {
    fn take(&mut self, row: &mut Row, nothing: &[String]) {
        let key = self.key.text(row, nothing).map(|key| key.into_owned());
        let same = key.is_some() && key == self.last_key;
        if !same {
            self.held.clear();
            self.last_key = key;
        }
        for column in &self.first {
            if same {
                row.set(column, self.held.get(column).cloned().unwrap_or(Value::Null));
            } else if let Some(value) = row.get(column).cloned() {
                self.held.insert(column.clone(), value);
            }
        }
        for column in &self.empty {
            match row.get(column).cloned() {
                Some(value) => {
                    self.held.insert(column.clone(), value);
                }
                None => {
                    if let Some(value) = self.held.get(column) {
                        row.set(column, value.clone());
                    }
                }
            }
        }
    }
}

impl GroupState {
    fn take(&mut self, key: &str, item: Item, out: &mut Vec<Item>) {
        if let (Some(pending), Content::Record(record)) = (&mut self.pending, &item.content)
            && pending.key == key
            && pending.rows < GROUP_ROWS_MAX
            && let Content::Record(held) = &mut pending.item.content
            && held.get("type") == record.get("type")
        {
            join(held, record, &self.collect, &self.sum);
            pending.rows += 1;
            return;
        }
        out.extend(self.flush());
        self.pending = Some(Pending { key: key.to_owned(), rows: 1, item });
    }

    fn flush(&mut self) -> Option<Item> {
        self.pending.take().map(|pending| pending.item)
    }
}

fn join(held: &mut Map<String, Value>, record: &Map<String, Value>, collect: &[String], sum: &[String]) {
    for field in collect {
        if let Some(Value::Array(more)) = record.get(field) {
            match held.get_mut(field) {
                Some(Value::Array(list)) => list.extend(more.iter().cloned()),
                _ => {
                    held.insert(field.clone(), Value::Array(more.clone()));
                }
            }
        }
    }
    for field in sum {
        if let Some(more) = record.get(field).and_then(Value::as_f64) {
            let total = held.get(field).and_then(Value::as_f64).unwrap_or(0.0) + more;
            let rounded = (total * 1e6).round() / 1e6;
            held.insert(field.clone(), Number::from_f64(rounded).map_or(Value::Null, Value::Number));
        }
    }
}

impl DistinctState {
    fn take(&mut self, key: String, item: Item) -> Result<(), Failure> {
        let Some(&place) = self.places.get(&key) else {
            if self.items.len() >= DISTINCT_RECORDS_MAX {
                return Err(Failure::fault(format!(
                    "the mapping gathers more than {DISTINCT_RECORDS_MAX} distinct records; split the files"
                )));
            }
            self.places.insert(key, self.items.len());
            self.items.push(item);
            return Ok(());
        };
        if let (Content::Record(held), Content::Record(record)) = (&mut self.items[place].content, item.content) {
            for (field, value) in record {
                if self.keep == Keep::Last || !held.contains_key(&field) {
                    held.insert(field, value);
                }
            }
        }
        Ok(())
    }
}
