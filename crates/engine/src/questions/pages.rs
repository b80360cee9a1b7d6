use std::sync::Arc;

use answers::Passages;
use record::Time;
use roaring::RoaringBitmap;
use state::{ProductRow, State};

use crate::scope;

/// What is known of the pages of a catalogue: made when the first question comes, and kept up with changes from then on.
///
/// A product's page is its `html`. Where any product says `enable_question_answering`, only those that say it answer; where
/// none does, all answer but those that say no.
///
/// Looking takes the pages that changed since the last time, piece by piece, so that nothing waits long for the live view.
/// A product whose record is the same (the very text in memory) is not read again.
#[derive(Default)]
pub struct Pages {
    passages: Passages,
    /// By row, the record that was looked at.
    bodies: Vec<Option<Arc<str>>>,
    /// Who may answer, as of the beginning of this round.
    answering: RoaringBitmap,
    /// Whether only those answer that say so.
    is_chosen: bool,
    /// The row this round goes on with; 0 between rounds.
    next_row: u32,
    /// The position of the live view when this round began, and when the last whole one did.
    begun: u64,
    seen: Option<u64>,
    looked: Time,
}

/// Pages are read up to so many bytes at a time, some 5 ms.
const PIECE_BYTES: usize = 256 * 1024;
/// Records that changed are read up to so many at a time.
const PIECE_RECORDS: usize = 4_000;
/// Going over the rows of a large catalogue takes a millisecond for so many; each lets the next round wait by so much
/// more, up to half a second.
const ROWS_PER_PAUSE_MS: u64 = 400;
const PAUSE_MS_MAX: u64 = 500;

impl Pages {
    /// Whether there is nothing new to look at, or it is too soon for it.
    pub fn is_fresh(&self, state: &State, now: Time) -> bool {
        let Some(seen) = self.seen else { return false };
        let pause_ms = (u64::from(state.catalogue().rows()) / ROWS_PER_PAUSE_MS).min(PAUSE_MS_MAX);
        let since_ms = u64::try_from(now.0 - self.looked.0).unwrap_or(u64::MAX);
        self.next_row == 0 && (seen == state.position() || since_ms < pause_ms)
    }

    /// Looks at the next piece of what changed; true when that was the last one.
    pub fn look(&mut self, state: &State, now: Time) -> bool {
        let catalogue = state.catalogue();
        if self.next_row == 0 {
            self.begin(state);
        }
        let (mut bytes, mut records) = (0, 0);
        while self.next_row < catalogue.rows() {
            if bytes >= PIECE_BYTES || records >= PIECE_RECORDS {
                return false;
            }
            let row = self.next_row;
            self.next_row += 1;
            let body = catalogue.body(ProductRow(row)).filter(|_| self.answering.contains(row));
            if self.bodies.len() <= row as usize {
                self.bodies.resize(row as usize + 1, None);
            }
            let known = &mut self.bodies[row as usize];
            if is_same(known.as_ref(), body) {
                continue;
            }
            *known = body.cloned();
            records += 1;
            bytes += self.read(state, row);
        }
        self.next_row = 0;
        self.seen = Some(self.begun);
        self.looked = now;
        true
    }

    /// Whether a product was left out because its page no longer fits in the bounds of [`answers::limits`].
    pub fn is_full(&self) -> bool {
        self.passages.is_full()
    }

    pub(super) fn passages(&self) -> &Passages {
        &self.passages
    }

    /// Whether the record that was looked at is still the product's.
    pub(super) fn is_current(&self, state: &State, row: u32) -> bool {
        let known = self.bodies.get(row as usize).and_then(Option::as_ref);
        known.is_some() && is_same(known, state.catalogue().body(ProductRow(row)))
    }

    fn begin(&mut self, state: &State) {
        self.begun = state.position();
        let catalogue = state.catalogue();
        let says_so = scope::equals("enable_question_answering", "true");
        self.answering = catalogue.select(&says_so, &|_, _| RoaringBitmap::new());
        let is_chosen = !self.answering.is_empty();
        if !is_chosen {
            self.answering = catalogue.live().clone();
        }
        self.is_chosen = is_chosen;
    }

    /// Reads the page of a row whose record changed; gives its bytes.
    fn read(&mut self, state: &State, row: u32) -> usize {
        let catalogue = state.catalogue();
        let may = self.bodies[row as usize].is_some();
        let html = if may { catalogue.text(ProductRow(row), "html") } else { None };
        let Some(html) = html.filter(|html| !html.is_empty() && (self.is_chosen || !says_no(state, row))) else {
            self.passages.remove(row);
            return 0;
        };
        let title = catalogue.title(ProductRow(row)).unwrap_or_default();
        self.passages.put(row, &title, &html);
        html.len()
    }
}

fn is_same(known: Option<&Arc<str>>, body: Option<&Arc<str>>) -> bool {
    match (known, body) {
        (Some(known), Some(body)) => Arc::ptr_eq(known, body),
        (None, None) => true,
        _ => false,
    }
}

fn says_no(state: &State, row: u32) -> bool {
    state.catalogue().product(ProductRow(row)).and_then(|product| product.enable_question_answering) == Some(false)
}
