use roaring::RoaringBitmap;
use rustc_hash::FxHashMap;

/// The texts of each row by number: the other way round than postings, for counting the values of some rows.
///
/// Four bytes a row. Rows with several texts are few in most fields, and held apart.
#[derive(Default)]
pub(super) struct TextsByRow {
    /// The only text of a row, [`NONE`], or [`SEVERAL`].
    single: Vec<u32>,
    several: FxHashMap<u32, Vec<u32>>,
}

const NONE: u32 = u32::MAX;
const SEVERAL: u32 = u32::MAX - 1;

impl TextsByRow {
    /// Notes that the row has the text; once, however often it is noted.
    pub(super) fn add(&mut self, row: u32, number: u32) {
        let at = row as usize;
        if self.single.len() <= at {
            self.single.resize(at + 1, NONE);
        }
        match self.single[at] {
            NONE => self.single[at] = number,
            SEVERAL => {
                let all = self.several.entry(row).or_default();
                if !all.contains(&number) {
                    all.push(number);
                }
            }
            only if only == number => {}
            only => {
                self.single[at] = SEVERAL;
                self.several.insert(row, vec![only, number]);
            }
        }
    }

    /// Notes that the row has the text no more.
    pub(super) fn remove(&mut self, row: u32, number: u32) {
        let Some(single) = self.single.get_mut(row as usize) else { return };
        if *single == number {
            *single = NONE;
        } else if *single == SEVERAL
            && let Some(all) = self.several.get_mut(&row)
        {
            all.retain(|other| *other != number);
            if all.is_empty() {
                self.several.remove(&row);
                *single = NONE;
            }
        }
    }

    /// How many rows of `within` hold each text, by number, for the texts below `texts` that any holds; numbers rise.
    ///
    /// A few nanoseconds a row.
    pub(super) fn counts(&self, within: &RoaringBitmap, texts: usize) -> Vec<(u32, u64)> {
        // Where rows are few against texts, an array of all texts would cost more than the rows themselves.
        if (within.len() as usize) < texts / 8 {
            let mut counts: FxHashMap<u32, u64> = FxHashMap::default();
            self.each(within, |number| *counts.entry(number).or_insert(0) += 1);
            let mut counts: Vec<(u32, u64)> = counts.into_iter().collect();
            counts.sort_unstable();
            return counts;
        }
        let mut counts = vec![0u64; texts];
        self.each(within, |number| counts[number as usize] += 1);
        let held = counts.into_iter().enumerate().filter(|(_, count)| *count > 0);
        held.map(|(number, count)| (number as u32, count)).collect()
    }

    fn each(&self, within: &RoaringBitmap, mut visit: impl FnMut(u32)) {
        for row in within {
            match self.single.get(row as usize) {
                None | Some(&NONE) => {}
                Some(&SEVERAL) => self.several[&row].iter().copied().for_each(&mut visit),
                Some(&number) => visit(number),
            }
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let several: usize = self.several.values().map(|all| all.capacity() * 4 + 40).sum();
        self.single.capacity() * 4 + several
    }
}
