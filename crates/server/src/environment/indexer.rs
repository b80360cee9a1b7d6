//! The thread that follows the writer with the text of products: index and completions.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use record::Product;
use state::ProductRow;
use tracing::{error, info};

use super::{Shared, open};
use crate::limits;

/// Products whose text came, changed or went, by one change of the log.
pub(super) struct TextChange {
    pub(super) position: u64,
    pub(super) puts: Vec<(ProductRow, Product)>,
    pub(super) deletes: Vec<ProductRow>,
    /// Whether the completions have it already.
    pub(super) completed: bool,
}

impl TextChange {
    fn is_empty(&self) -> bool {
        self.puts.is_empty() && self.deletes.is_empty()
    }
}

/// Runs until the writer has gone. `behind` is what the index lacked at the start; `None` fills it from the whole catalogue.
pub(super) fn run(shared: &Shared, behind: Option<Vec<TextChange>>, changes: &Receiver<TextChange>) {
    let mut pending = behind.unwrap_or_default();
    fill(shared, pending.is_empty() && shared.index.position() == 0);
    commit(shared, &mut pending);
    shared.indexed.store(true, Ordering::Release);
    let mut rebuild = Rebuild::default();
    // Changes without any text since the last commit: how many, and the last of them.
    let (mut passed_over, mut latest) = (0, None);
    loop {
        let patience = if rebuild.is_under_way() { Duration::ZERO } else { Duration::from_secs(1) };
        match changes.recv_timeout(patience) {
            Ok(change) if change.is_empty() && passed_over < limits::INDEX_PASSED_OVER_MAX => {
                // Prices and stock: a commit for these alone would cost as much as one for texts. The position goes with the next.
                passed_over += 1;
                latest = Some(change);
                continue;
            }
            Ok(change) => {
                passed_over = 0;
                latest = None;
                pending.push(change);
            }
            // What the disk refused a moment ago is tried again.
            Err(RecvTimeoutError::Timeout) => {
                pending.extend(latest.take());
                passed_over = 0;
                commit(shared, &mut pending);
                rebuild.go_on(shared);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        // A commit costs some 10–20 ms whatever its size, so everything that waits goes into one.
        let mut products = pending.iter().map(|change| change.puts.len()).sum::<usize>();
        while products < limits::INDEX_GROUP_PRODUCTS_MAX
            && let Ok(change) = changes.try_recv()
        {
            products += change.puts.len();
            pending.push(change);
        }
        take_in(shared, &mut pending, products);
        rebuild.go_on(shared);
    }
}

/// Products from which on completions and index take them in side by side.
const SIDE_BY_SIDE: usize = 64;

/// Puts what is pending into the completions and into the index, and keeps it where the disk refused it.
fn take_in(shared: &Shared, pending: &mut Vec<TextChange>, products: usize) {
    if products < SIDE_BY_SIDE {
        pending.iter().filter(|change| !change.completed).for_each(|change| complete(shared, change));
        pending.iter_mut().for_each(|change| change.completed = true);
        return commit(shared, pending);
    }
    let new: Vec<&TextChange> = pending.iter().filter(|change| !change.completed).collect();
    let is_in = std::thread::scope(|scope| {
        scope.spawn(|| new.iter().for_each(|change| complete(shared, change)));
        put(shared, pending)
    });
    match is_in {
        true => pending.clear(),
        false => pending.iter_mut().for_each(|change| change.completed = true),
    }
}

/// The index built anew beside the one that serves, piece by piece, between the changes that arrive.
#[derive(Default)]
struct Rebuild {
    /// The rows to put in, the last first.
    left: Vec<u32>,
}

impl Rebuild {
    fn is_under_way(&self) -> bool {
        !self.left.is_empty()
    }

    /// Begins where the settings have changed, puts one piece in, and ends with the last.
    fn go_on(&mut self, shared: &Shared) {
        if !shared.index.needs_rebuild() {
            self.left.clear();
            return;
        }
        if let Err(fault) = self.step(shared) {
            error!(environment = shared.name.name(), %fault, "the search index could not be rebuilt; beginning anew");
            self.left.clear();
        }
    }

    fn step(&mut self, shared: &Shared) -> Result<(), search::Fault> {
        if !shared.index.is_rebuilding() {
            shared.index.begin_rebuild()?;
            let state = shared.state.read();
            self.left = state.catalogue().live().iter().collect();
            self.left.reverse();
        }
        let from = self.left.len().saturating_sub(limits::REBUILD_PIECE_PRODUCTS);
        let puts: Vec<(ProductRow, Product)> = {
            let state = shared.state.read();
            self.left.split_off(from).into_iter().filter_map(|row| open::product_of(&state, ProductRow(row))).collect()
        };
        let puts: Vec<(ProductRow, &Product)> = puts.iter().map(|(row, product)| (*row, product)).collect();
        shared.index.fill(&puts)?;
        if self.left.is_empty() {
            shared.index.finish_rebuild()?;
            info!(environment = shared.name.name(), "the search index was rebuilt");
        }
        Ok(())
    }
}

/// Reads the whole catalogue into the completions, which live in memory only, and into the index where it is empty.
fn fill(shared: &Shared, index_too: bool) {
    let (position, rows) = {
        let state = shared.state.read();
        (state.position(), state.catalogue().live().iter().collect::<Vec<u32>>())
    };
    for chunk in rows.chunks(limits::INDEX_GROUP_PRODUCTS_MAX) {
        let puts: Vec<(ProductRow, Product)> = {
            let state = shared.state.read();
            chunk.iter().filter_map(|&row| open::product_of(&state, ProductRow(row))).collect()
        };
        // Position 0 until the whole is in: an index filled half-way must count as empty at the next start.
        let change = TextChange { position: 0, puts, deletes: Vec::new(), completed: true };
        complete(shared, &change);
        if index_too {
            commit(shared, &mut vec![change]);
        }
    }
    if index_too && position > 0 {
        commit(shared, &mut vec![TextChange { position, puts: Vec::new(), deletes: Vec::new(), completed: true }]);
    }
}

fn complete(shared: &Shared, change: &TextChange) {
    // Taken and given back by pieces, so that a request for completions never waits for a whole upload.
    for piece in change.puts.chunks(limits::COMPLETION_PIECE) {
        shared.meanings.put(&piece.iter().map(|(row, product)| (*row, product)).collect::<Vec<_>>());
        let mut completions = shared.completions.write();
        for (row, product) in piece {
            completions.put(*row, product);
        }
    }
    shared.meanings.delete(&change.deletes);
    let mut completions = shared.completions.write();
    for row in &change.deletes {
        completions.delete(*row);
    }
}

/// Makes the pending changes visible in the index with one commit, and keeps them where that failed.
fn commit(shared: &Shared, pending: &mut Vec<TextChange>) {
    if put(shared, pending) {
        pending.clear();
    }
}

/// Makes the changes visible in the index with one commit; false where the disk refused them.
fn put(shared: &Shared, pending: &[TextChange]) -> bool {
    let Some(position) = pending.last().map(|change| change.position) else { return true };
    // The last word on a row counts: it may come and go within one group.
    let mut last = rustc_hash::FxHashMap::default();
    for change in pending.iter() {
        for (row, product) in &change.puts {
            last.insert(*row, Some(product));
        }
        for row in &change.deletes {
            last.insert(*row, None);
        }
    }
    let mut puts: Vec<(ProductRow, &Product)> =
        last.iter().filter_map(|(row, product)| Some((*row, (*product)?))).collect();
    puts.sort_unstable_by_key(|(row, _)| *row);
    let deletes: Vec<ProductRow> = last.iter().filter(|(_, product)| product.is_none()).map(|(row, _)| *row).collect();
    match shared.index.update(&puts, &deletes, position) {
        Ok(()) => true,
        Err(fault) => {
            error!(environment = shared.name.name(), %fault, "the search index could not take a change; trying again");
            false
        }
    }
}
