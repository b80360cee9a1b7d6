//! A file, or several in their order, as batches of records.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::decode::Distance;
use crate::deliver::{Entry, Reject};
use crate::failure::Failure;
use crate::fields::Kind;
use crate::format::{self, FormatOptions};
use crate::gather::{Content, Gather, Item};

/// The largest body sent, well below the server's bound.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A number of items in their order.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records.
    pub entries: Vec<Entry>,
    /// Rows that became none.
    pub rejects: Vec<Reject>,
    /// What a person should know about how the file was read.
    pub warnings: Vec<String>,
    bytes: usize,
}

impl Batch {
    /// Records and rejects: what a checkpoint counts.
    pub fn items(&self) -> u64 {
        (self.entries.len() + self.rejects.len()) as u64
    }
}

/// The reading side of an import.
pub struct Batches {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// How they are to be read.
    pub format: FormatOptions,
    /// The mapping, made ready.
    pub gather: Gather,
    /// What the files hold.
    pub kind: Kind,
    /// Items that an earlier run has done with.
    pub skip: u64,
    /// How far the reading has come.
    pub distance: Distance,
    /// Set by whoever wants the reading to end.
    pub stop: Arc<AtomicBool>,
}

impl Batches {
    /// Reads everything and gives batches to `send`, in order, until that says `false`, or `stop` is set.
    ///
    /// # Errors
    /// A file that cannot be read, or that the mapping does not fit.
    pub fn run(mut self, send: &mut dyn FnMut(Batch) -> bool) -> Result<(), Failure> {
        let mut batch = Batch::default();
        let mut items = Vec::new();
        for file in 0..self.files.len() {
            let path = self.files[file].clone();
            let mut rows = format::open(&path, &self.format, &self.distance)?;
            if let Some(header) = rows.header() {
                self.gather.plan().check_columns(header, &path.display().to_string())?;
            }
            while let Some(read) = rows.next_row()? {
                if self.stop.load(Ordering::Relaxed) {
                    return Ok(());
                }
                self.gather.push(file, read, &mut items)?;
                for item in items.drain(..) {
                    if !self.take(item, &mut batch, send)? {
                        return Ok(());
                    }
                }
            }
            batch.warnings.extend(rows.warnings());
        }
        self.gather.finish(&mut items);
        for item in items {
            if self.stop.load(Ordering::Relaxed) || !self.take(item, &mut batch, send)? {
                return Ok(());
            }
        }
        send(batch);
        Ok(())
    }

    /// Adds an item to the batch, and sends that when it is full. `false` when nobody receives any more.
    fn take(&mut self, item: Item, batch: &mut Batch, send: &mut dyn FnMut(Batch) -> bool) -> Result<bool, Failure> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(true);
        }
        let mut sent = true;
        match item.content {
            Content::Record(record) => {
                let json = serde_json::to_string(&record)
                    .map_err(|error| Failure::fault(format!("a record cannot be written: {error}")))?;
                // A record larger than a batch still goes, alone, and the server says what it thinks of it.
                if batch.bytes > 0 && batch.bytes + json.len() > BATCH_BYTES_MAX {
                    sent = send(std::mem::take(batch));
                }
                batch.bytes += json.len() + 1;
                batch.entries.push(Entry { file: item.file, row: item.row, json });
            }
            Content::Rejected { reasons, row } => {
                batch.rejects.push(Reject { file: item.file, row: item.row, reasons, record: row });
            }
        }
        if batch.entries.len() + batch.rejects.len() >= self.kind.batch_records_max() {
            sent = sent && send(std::mem::take(batch));
        }
        Ok(sent)
    }
}
