use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use state::State;

/// The live view behind its lock.
///
/// The lock lets a writer that waits go before readers that come later, or a stream of questions would keep it out for
/// ever. While something reads for long (a snapshot, the data of a training), that rule would make every question wait for it
/// by way of the writer; so for that while, questions go first and only writing waits.
pub(super) struct Live {
    state: RwLock<State>,
    long_reads: AtomicUsize,
}

impl Live {
    pub(super) fn new(state: State) -> Live {
        Live { state: RwLock::new(state), long_reads: AtomicUsize::new(0) }
    }

    /// For a question: milliseconds at most.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, State> {
        if self.long_reads.load(Ordering::Acquire) > 0 { self.state.read_recursive() } else { self.state.read() }
    }

    /// For what reads the whole view.
    pub(super) fn read_long(&self) -> LongRead<'_> {
        self.long_reads.fetch_add(1, Ordering::AcqRel);
        LongRead { state: Some(self.state.read()), long_reads: &self.long_reads }
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write()
    }
}

/// A long read that goes on.
pub(super) struct LongRead<'a> {
    /// `None` only while it is dropped.
    state: Option<RwLockReadGuard<'a, State>>,
    long_reads: &'a AtomicUsize,
}

impl Deref for LongRead<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.state.as_ref().expect("the guard is there until it is dropped")
    }
}

impl Drop for LongRead<'_> {
    fn drop(&mut self) {
        // In this order: a question that sees no long read any more must find the lock free of it.
        self.state = None;
        self.long_reads.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests;
