use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Whose ids: the site's users and its anonymous visitors are named apart, so that `7` can be both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Space {
    User,
    Anonymous,
}

impl Space {
    pub(super) fn from_number(number: u8) -> Option<Space> {
        match number {
            0 => Some(Space::User),
            1 => Some(Space::Anonymous),
            _ => None,
        }
    }
}

/// Rows of a page of names.
const PAGE_ROWS: usize = 4_096;
/// Parts of the table from name to row. Each grows by itself, so that no single write waits for the rehash of all.
const SHARDS: usize = 64;

/// Names end to end, in the order of rows; each begins with the number of its space.
#[derive(Default)]
struct Page {
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

/// The ids of visitors, both ways: some 13 bytes of overhead an id.
///
/// A row is given once and never to another id, so that a number kept elsewhere can go stale but not wrong.
pub(super) struct Names {
    pages: Vec<Page>,
    rows: u32,
    shards: Box<[HashTable<u32>]>,
    /// Seeded by the process, against ids chosen to collide; no answer depends on it.
    hasher: DefaultHashBuilder,
}

impl Default for Names {
    fn default() -> Names {
        Names {
            pages: Vec::new(),
            rows: 0,
            shards: (0..SHARDS).map(|_| HashTable::new()).collect(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl Names {
    /// Rows given so far.
    pub(super) fn rows(&self) -> u32 {
        self.rows
    }

    pub(super) fn find(&self, space: Space, id: &str) -> Option<u32> {
        let hash = hash(&self.hasher, space as u8, id.as_bytes());
        self.shards[shard(hash)].find(hash, |&row| is(&self.pages, row, space, id)).copied()
    }

    /// The row of this id, a new one at its first mention.
    pub(super) fn intern(&mut self, space: Space, id: &str) -> u32 {
        let hash = hash(&self.hasher, space as u8, id.as_bytes());
        let table = &mut self.shards[shard(hash)];
        if let Some(&row) = table.find(hash, |&row| is(&self.pages, row, space, id)) {
            return row;
        }
        let row = self.rows;
        append(&mut self.pages, &mut self.rows, Some((space, id)));
        let (pages, hasher) = (&self.pages, &self.hasher);
        table.insert_unique(hash, row, |&row| rehash(hasher, pages, row));
        row
    }

    /// Takes a row without a name: one whose id was erased before the snapshot was written.
    pub(super) fn skip(&mut self) {
        append(&mut self.pages, &mut self.rows, None);
    }

    /// The id of a row; `None` where it was erased.
    pub(super) fn get(&self, row: u32) -> Option<(Space, &str)> {
        let (&space, id) = name(&self.pages, row).split_first()?;
        Some((Space::from_number(space)?, std::str::from_utf8(id).ok()?))
    }

    /// Erases the id of a row; its bytes are overwritten.
    pub(super) fn erase(&mut self, row: u32) {
        let hash = rehash(&self.hasher, &self.pages, row);
        if let Ok(entry) = self.shards[shard(hash)].find_entry(hash, |&other| other == row) {
            entry.remove();
        }
        let page = &mut self.pages[row as usize / PAGE_ROWS];
        let index = row as usize % PAGE_ROWS;
        let start = if index == 0 { 0 } else { page.ends[index - 1] };
        let length = page.ends[index] - start;
        page.bytes.drain(start as usize..page.ends[index] as usize);
        for end in &mut page.ends[index..] {
            *end -= length;
        }
        // What the move left behind the end is still in memory; clear it before it is given back.
        let used = page.bytes.len();
        page.bytes.resize(used + length as usize, 0);
        page.bytes.truncate(used);
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let pages = self
            .pages
            .iter()
            .map(|page| page.bytes.capacity() + page.ends.capacity() * size_of::<u32>() + size_of::<Page>());
        let shards = self.shards.iter().map(|table| table.allocation_size() + size_of::<HashTable<u32>>());
        pages.sum::<usize>() + shards.sum::<usize>()
    }
}

fn append(pages: &mut Vec<Page>, rows: &mut u32, name: Option<(Space, &str)>) {
    if pages.last().is_none_or(|page| page.ends.len() == PAGE_ROWS) {
        if let Some(full) = pages.last_mut() {
            full.bytes.shrink_to_fit();
        }
        pages.push(Page::default());
    }
    let page = pages.last_mut().expect("one was just pushed where there was none");
    if let Some((space, id)) = name {
        page.bytes.push(space as u8);
        page.bytes.extend_from_slice(id.as_bytes());
    }
    page.ends.push(u32::try_from(page.bytes.len()).expect("4,096 ids of at most 4 KiB are 16 MiB"));
    *rows += 1;
}

fn name(pages: &[Page], row: u32) -> &[u8] {
    let page = &pages[row as usize / PAGE_ROWS];
    let index = row as usize % PAGE_ROWS;
    let start = if index == 0 { 0 } else { page.ends[index - 1] };
    &page.bytes[start as usize..page.ends[index] as usize]
}

fn is(pages: &[Page], row: u32, space: Space, id: &str) -> bool {
    name(pages, row).split_first().is_some_and(|(&first, rest)| first == space as u8 && rest == id.as_bytes())
}

fn hash(hasher: &DefaultHashBuilder, space: u8, id: &[u8]) -> u64 {
    hasher.hash_one((space, id))
}

fn rehash(hasher: &DefaultHashBuilder, pages: &[Page], row: u32) -> u64 {
    name(pages, row).split_first().map_or(0, |(&space, id)| hash(hasher, space, id))
}

/// Bits that the table itself does not use: it takes the lowest for the place and the highest seven as a tag.
fn shard(hash: u64) -> usize {
    (hash >> 40) as usize % SHARDS
}
