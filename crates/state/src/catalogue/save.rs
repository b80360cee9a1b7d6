//! The catalogue's part of a snapshot: the names of groups, each row with its id, its group or its record, and whether there
//! ever was a record.
//! Columns are derived from the records again.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use record::Product;

use super::{Catalogue, ProductRow};
use crate::SnapshotFault;
use crate::sections::{SectionReader, SectionWriter};

/// What a row is, on disk.
const FORGOTTEN: u8 = 0;
const NAMED: u8 = 1;
const RECORD: u8 = 2;
const GROUP: u8 = 3;

/// Records that go from the thread that reads JSON to the one that builds columns at once, and how many such lots wait.
const LOT: usize = 256;
const LOTS_WAITING_MAX: usize = 8;

impl Catalogue {
    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.u32(self.groups.count())?;
        for group in 0..self.groups.count() {
            match self.groups.name(group) {
                Some(name) => {
                    out.u8(NAMED)?;
                    out.text(name)?;
                }
                None => out.u8(FORGOTTEN)?,
            }
        }
        out.u32(self.rows())?;
        for row in 0..self.rows() {
            match (self.ids.name(row), self.body(ProductRow(row)), self.group_by_group_row.get(&row)) {
                (Some(id), Some(body), _) => {
                    out.u8(RECORD)?;
                    out.text(id)?;
                    out.text(body)?;
                }
                (Some(id), None, _) => {
                    out.u8(NAMED)?;
                    out.text(id)?;
                }
                (None, _, Some(&group)) => {
                    out.u8(GROUP)?;
                    out.u32(group)?;
                }
                (None, _, None) => out.u8(FORGOTTEN)?,
            }
        }
        out.u8(u8::from(self.had_record))
    }

    /// Reads what [`Catalogue::save`] wrote. One thread reads the records' JSON while this one builds the columns.
    ///
    /// # Errors
    /// A damaged section, also one whose checksums hold but that no catalogue wrote.
    pub(crate) fn load(input: &mut SectionReader<'_, '_>) -> Result<Catalogue, SnapshotFault> {
        let mut catalogue = Catalogue::default();
        for _ in 0..input.u32()? {
            match input.u8()? {
                NAMED => {
                    let name = input.text()?;
                    if catalogue.groups.number(&name).is_some() {
                        return Err(input.damaged("two groups have one name"));
                    }
                    catalogue.groups.push(Some(&name));
                }
                FORGOTTEN => _ = catalogue.groups.push(None),
                _ => return Err(input.damaged("a group is of no known kind")),
            }
        }
        let mut records = Vec::new();
        for row in 0..input.u32()? {
            let kind = input.u8()?;
            match kind {
                NAMED | RECORD => {
                    let id = input.text()?;
                    if catalogue.ids.number(&id).is_some() {
                        return Err(input.damaged("two products have one id"));
                    }
                    catalogue.ids.push(Some(&id));
                    if kind == RECORD {
                        records.push((ProductRow(row), Arc::<str>::from(input.text()?)));
                    }
                }
                GROUP => {
                    let group = input.u32()?;
                    if group >= catalogue.groups.count() || catalogue.row_by_group.insert(group, row).is_some() {
                        return Err(input.damaged("a row stands for a group that is not there, or has another"));
                    }
                    catalogue.ids.push(None);
                    catalogue.group_by_group_row.insert(row, group);
                }
                FORGOTTEN => _ = catalogue.ids.push(None),
                _ => return Err(input.damaged("a row is of no known kind")),
            }
        }
        match input.u8()? {
            0 if records.is_empty() => {
                catalogue.named = (0..catalogue.rows()).filter(|&row| catalogue.ids.name(row).is_some()).collect();
            }
            1 => catalogue.had_record = true,
            _ => return Err(input.damaged("it is not said whether there ever was a record")),
        }
        catalogue.put_all(records).map_err(|what| input.damaged(what))?;
        Ok(catalogue)
    }

    fn put_all(&mut self, records: Vec<(ProductRow, Arc<str>)>) -> Result<(), &'static str> {
        let (send, receive) = sync_channel(LOTS_WAITING_MAX);
        std::thread::scope(|scope| {
            let records = &records;
            scope.spawn(move || {
                for lot in records.chunks(LOT) {
                    let products: Result<Vec<Product>, _> =
                        lot.iter().map(|(_, body)| serde_json::from_str(body)).collect();
                    let is_whole = products.is_ok();
                    // The other side has gone when it met a damaged record.
                    if send.send(products.map_err(|_| "a record is no product")).is_err() || !is_whole {
                        return;
                    }
                }
            });
            self.put_lots(records, receive)
        })
    }

    fn put_lots(
        &mut self,
        records: &[(ProductRow, Arc<str>)],
        lots: Receiver<Result<Vec<Product>, &'static str>>,
    ) -> Result<(), &'static str> {
        let mut records = records.iter();
        for lot in lots {
            for product in lot? {
                let (row, body) = records.next().ok_or("a record has no row")?;
                if self.id(*row) != product.product_id {
                    return Err("a record stands under another id");
                }
                self.put_at(*row, &product, Arc::clone(body));
            }
        }
        Ok(())
    }
}
