use std::hash::BuildHasher as _;
use std::sync::OnceLock;

use hashbrown::{DefaultHashBuilder, HashTable};
use roaring::RoaringBitmap;

use super::posting::Posting;
use super::texts_by_row::TextsByRow;
use crate::limits::{VALUE_BYTES_MAX, VALUE_HEAD_BYTES_MAX};

/// The hash functions of all columns of a catalogue.
///
/// Two of them, independently seeded by the process, name a long text by 128 bits: that two texts of a field share
/// them is out of reach (10⁻²⁶ at a million texts).
#[derive(Clone, Default)]
pub(super) struct Hashers(DefaultHashBuilder, DefaultHashBuilder);

/// The distinct texts of one field, each with the rows that hold it.
///
/// A text of up to [`VALUE_BYTES_MAX`] bytes is held whole. Of a longer one there are only a hash, for equality, and
/// the first bytes, for prefixes; whoever needs the rest reads it from a product's record. Texts lie end to end in one
/// buffer: some 35 bytes beside the text itself.
#[derive(Default)]
pub(super) struct TextColumn {
    table: HashTable<u32>,
    /// By number; `None` for a number that is free.
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
    bytes: Vec<u8>,
    /// Bytes of texts that are gone.
    dead_bytes: usize,
    /// Made when values are counted for the first time, and kept up with the postings from then on.
    by_row: OnceLock<TextsByRow>,
}

struct Entry {
    rows: Posting,
    start: u32,
    length: u8,
    is_long: bool,
}

/// A text as far as the column holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held<'a> {
    /// All of it.
    Whole(&'a str),
    /// The beginning of a longer text.
    Head(&'a str),
}

const HASH_BYTES: usize = 16;

/// What names a text in the column: its bytes, or for a long one its two hashes and its first bytes.
pub(super) struct Key<'a> {
    hash: u64,
    short: &'a [u8],
    long: Option<([u8; HASH_BYTES + VALUE_HEAD_BYTES_MAX], usize)>,
}

impl Hashers {
    pub(super) fn key<'a>(&self, text: &'a str) -> Key<'a> {
        let hash = self.0.hash_one(text.as_bytes());
        if text.len() <= VALUE_BYTES_MAX {
            return Key { hash, short: text.as_bytes(), long: None };
        }
        let head = &text[..text.floor_char_boundary(VALUE_HEAD_BYTES_MAX)];
        let mut bytes = [0; HASH_BYTES + VALUE_HEAD_BYTES_MAX];
        bytes[..8].copy_from_slice(&hash.to_le_bytes());
        bytes[8..HASH_BYTES].copy_from_slice(&self.1.hash_one(text.as_bytes()).to_le_bytes());
        bytes[HASH_BYTES..HASH_BYTES + head.len()].copy_from_slice(head.as_bytes());
        Key { hash, short: &[], long: Some((bytes, HASH_BYTES + head.len())) }
    }
}

impl Key<'_> {
    fn bytes(&self) -> &[u8] {
        match &self.long {
            Some((bytes, length)) => &bytes[..*length],
            None => self.short,
        }
    }
}

impl Entry {
    fn bytes<'a>(&self, all: &'a [u8]) -> &'a [u8] {
        &all[self.start as usize..self.start as usize + usize::from(self.length)]
    }

    fn is(&self, key: &Key<'_>, all: &[u8]) -> bool {
        self.is_long == key.long.is_some() && self.bytes(all) == key.bytes()
    }

    fn hash(&self, hashers: &Hashers, all: &[u8]) -> u64 {
        let bytes = self.bytes(all);
        if !self.is_long {
            return hashers.0.hash_one(bytes);
        }
        u64::from_le_bytes(bytes[..8].try_into().expect("a long text's key begins with its hash"))
    }

    fn held<'a>(&self, all: &'a [u8]) -> Held<'a> {
        let bytes = self.bytes(all);
        let text = if self.is_long { &bytes[HASH_BYTES..] } else { bytes };
        let text = std::str::from_utf8(text).expect("the bytes came from a str, cut between characters");
        if self.is_long { Held::Head(text) } else { Held::Whole(text) }
    }
}

impl TextColumn {
    fn find(&self, key: &Key<'_>) -> Option<u32> {
        self.table.find(key.hash, |&number| self.entry(number).is(key, &self.bytes)).copied()
    }

    fn entry(&self, number: u32) -> &Entry {
        self.entries[number as usize].as_ref().expect("the table names no free number")
    }

    /// Notes that `row` holds the text of `key`.
    pub(super) fn insert(&mut self, hashers: &Hashers, key: &Key<'_>, row: u32) {
        if let Some(number) = self.find(key) {
            let entry = self.entries[number as usize].as_mut().expect("the table names no free number");
            entry.rows.insert(row);
            if let Some(by_row) = self.by_row.get_mut() {
                by_row.add(row, number);
            }
            return;
        }
        let bytes = key.bytes();
        let start =
            u32::try_from(self.bytes.len()).expect("a field's distinct texts, cut to 64 bytes, stay below 4 GiB");
        let length = u8::try_from(bytes.len()).expect("a key has at most 64 bytes");
        self.bytes.extend_from_slice(bytes);
        let entry = Entry { rows: Posting::One(row), start, length, is_long: key.long.is_some() };
        let number = match self.free.pop() {
            Some(number) => {
                self.entries[number as usize] = Some(entry);
                number
            }
            None => {
                self.entries.push(Some(entry));
                self.entries.len() as u32 - 1
            }
        };
        if let Some(by_row) = self.by_row.get_mut() {
            by_row.add(row, number);
        }
        let TextColumn { table, entries, bytes, .. } = self;
        table.insert_unique(key.hash, number, |&number| {
            entries[number as usize].as_ref().expect("the table names no free number").hash(hashers, bytes)
        });
    }

    /// Notes that `row` holds the text of `key` no more; a text that nobody holds is freed.
    pub(super) fn remove(&mut self, key: &Key<'_>, row: u32) {
        let Some(number) = self.find(key) else { return };
        if let Some(by_row) = self.by_row.get_mut() {
            by_row.remove(row, number);
        }
        let entry = self.entries[number as usize].as_mut().expect("the table names no free number");
        if !entry.rows.remove(row) {
            return;
        }
        self.dead_bytes += usize::from(entry.length);
        if let Ok(found) = self.table.find_entry(key.hash, |&other| other == number) {
            found.remove();
        }
        self.entries[number as usize] = None;
        self.free.push(number);
        if self.dead_bytes > self.bytes.len() / 2 + 4_096 {
            self.compact();
        }
    }

    /// Moves the texts together, so that a catalogue that is replaced over and over does not grow.
    fn compact(&mut self) {
        let mut bytes = Vec::with_capacity(self.bytes.len() - self.dead_bytes);
        for entry in self.entries.iter_mut().flatten() {
            let start = bytes.len() as u32;
            bytes.extend_from_slice(entry.bytes(&self.bytes));
            entry.start = start;
        }
        self.bytes = bytes;
        self.dead_bytes = 0;
    }

    /// The rows that hold the text of `key`.
    pub(super) fn rows(&self, key: &Key<'_>) -> Option<&Posting> {
        Some(&self.entry(self.find(key)?).rows)
    }

    /// Whether `key` names the text of `number`.
    pub(super) fn is(&self, number: u32, key: &Key<'_>) -> bool {
        self.entry(number).is(key, &self.bytes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Distinct texts.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    /// Every distinct text with its number and rows, in no promised order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, Held<'_>, &Posting)> {
        self.entries.iter().enumerate().filter_map(|(number, entry)| {
            let entry = entry.as_ref()?;
            Some((number as u32, entry.held(&self.bytes), &entry.rows))
        })
    }

    /// Whether the texts are held by row too.
    pub(super) fn is_by_row(&self) -> bool {
        self.by_row.get().is_some()
    }

    /// How many rows of `within` hold each text that any holds, by number, counted row by row. The first call takes a pass over all
    /// postings.
    pub(super) fn counts_by_row(&self, within: &RoaringBitmap) -> Vec<(u32, u64)> {
        let by_row = self.by_row.get_or_init(|| {
            let mut by_row = TextsByRow::default();
            for (number, _, rows) in self.iter() {
                rows.to_vec().into_iter().for_each(|row| by_row.add(row, number));
            }
            by_row
        });
        by_row.counts(within, self.entries.len())
    }

    /// The text of a number that is in use, and the rows that hold it.
    pub(super) fn text(&self, number: u32) -> (Held<'_>, &Posting) {
        let entry = self.entry(number);
        (entry.held(&self.bytes), &entry.rows)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.by_row.get().map_or(0, TextsByRow::memory_bytes)
            + self.table.allocation_size()
            + self.entries.capacity() * size_of::<Option<Entry>>()
            + self.free.capacity() * 4
            + self.bytes.capacity()
            + self.entries.iter().flatten().map(|entry| entry.rows.heap_bytes()).sum::<usize>()
    }
}
