use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Marks a number whose name was forgotten.
const FORGOTTEN: u32 = u32::MAX;

/// Texts numbered from 0 in the order in which they came, both ways: some 22 bytes beside the text itself.
///
/// A number is never given again, so one kept elsewhere can go stale but not wrong.
#[derive(Default)]
pub(super) struct Names {
    bytes: Vec<u8>,
    starts: Vec<u64>,
    lengths: Vec<u32>,
    table: HashTable<u32>,
    /// Seeded by the process, against names chosen to collide; no answer depends on it.
    hasher: DefaultHashBuilder,
}

impl Names {
    /// Numbers given so far.
    pub(super) fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    pub(super) fn number(&self, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(name.as_bytes());
        self.table.find(hash, |&number| self.name(number) == Some(name)).copied()
    }

    /// The name; `None` where it was forgotten or never was.
    pub(super) fn name(&self, number: u32) -> Option<&str> {
        let length = *self.lengths.get(number as usize)?;
        if length == FORGOTTEN {
            return None;
        }
        let start = self.starts[number as usize] as usize;
        let bytes = &self.bytes[start..start + length as usize];
        Some(std::str::from_utf8(bytes).expect("the bytes were pushed from a str"))
    }

    /// The number of `name`, given now if it has none.
    pub(super) fn intern(&mut self, name: &str) -> u32 {
        match self.number(name) {
            Some(number) => number,
            None => self.push(Some(name)),
        }
    }

    /// Gives the next number: to a name that has none, or to nothing.
    pub(super) fn push(&mut self, name: Option<&str>) -> u32 {
        let number = self.count();
        assert!(number < u32::MAX, "fewer than 2^32 names");
        self.starts.push(self.bytes.len() as u64);
        let Some(name) = name else {
            self.lengths.push(FORGOTTEN);
            return number;
        };
        self.lengths.push(u32::try_from(name.len()).expect("an upload is far below 4 GiB"));
        self.bytes.extend_from_slice(name.as_bytes());
        let Names { bytes, starts, lengths, table, hasher } = self;
        let hash_of = |&number: &u32| {
            let start = starts[number as usize] as usize;
            hasher.hash_one(&bytes[start..start + lengths[number as usize] as usize])
        };
        table.insert_unique(hasher.hash_one(name.as_bytes()), number, hash_of);
        number
    }

    /// Forgets the name, and overwrites its bytes: nothing of it is left in memory or in a later snapshot.
    pub(super) fn forget(&mut self, number: u32) {
        let Some(name) = self.name(number) else { return };
        let hash = self.hasher.hash_one(name.as_bytes());
        if let Ok(entry) = self.table.find_entry(hash, |&other| other == number) {
            entry.remove();
        }
        let start = self.starts[number as usize] as usize;
        self.bytes[start..start + self.lengths[number as usize] as usize].fill(0);
        self.lengths[number as usize] = FORGOTTEN;
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes.capacity() + self.starts.capacity() * 8 + self.lengths.capacity() * 4 + self.table.allocation_size()
    }
}
