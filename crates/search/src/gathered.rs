//! What the segments found, taken together: the rows of all, and the best of them with their scores.

use std::cmp::Ordering;

use roaring::RoaringBitmap;

use crate::index::Best;
use crate::score::{Met, Segment};

/// Hits as they come from the segments.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) hits: Vec<GatheredHit>,
    /// Those that have all words, by segment.
    full: Vec<(u32, Vec<Met>, Vec<u32>)>,
}

/// A hit and where it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GatheredHit {
    pub(crate) segment: u32,
    pub(crate) row: u32,
    pub(crate) met: Met,
    /// By place in the plan, the clauses that are met.
    pub(crate) clauses: u64,
}

impl GatheredHit {
    /// Best first, ties by row.
    pub(crate) fn order(a: &GatheredHit, b: &GatheredHit) -> Ordering {
        b.met.score.total_cmp(&a.met.score).then(a.row.cmp(&b.row))
    }
}

/// All clauses of a query of so many.
pub(crate) fn every(clauses: usize) -> u64 {
    u64::MAX.checked_shr(64 - clauses as u32).unwrap_or(0)
}

impl Gathered {
    pub(crate) fn hit(at: usize, segment: &Segment<'_>, met: Met, clauses: u64) -> GatheredHit {
        GatheredHit { segment: at as u32, row: segment.row(met.doc), met, clauses }
    }

    /// Adds hits of a segment that have all words.
    pub(crate) fn add(&mut self, at: usize, segment: &Segment<'_>, met: Vec<Met>) {
        if !met.is_empty() {
            let rows = met.iter().map(|met| segment.row(met.doc)).collect();
            self.full.push((at as u32, met, rows));
        }
    }

    /// The hits, in no order, with the rows of all that were found; where only the `best` are asked for, no others. Those that have all
    /// words met `every` clause.
    pub(crate) fn best(mut self, best: Option<Best<'_>>, every: u64) -> (Vec<GatheredHit>, RoaringBitmap) {
        let count: usize = self.full.iter().map(|(_, met, _)| met.len()).sum();
        let rows = bitmap(
            self.full.iter().flat_map(|(.., rows)| rows.iter().copied()).chain(self.hits.iter().map(|hit| hit.row)),
            count + self.hits.len(),
        );
        let worst = best.filter(|best| best.count < count).map(|best| (best, self.worst(best.count)));
        let mut tied: Vec<GatheredHit> = Vec::new();
        for (segment, met, rows) in &self.full {
            for (met, row) in met.iter().zip(rows) {
                let hit = GatheredHit { segment: *segment, row: *row, met: *met, clauses: every };
                match worst {
                    Some((best, worst)) if met.score <= worst => {
                        if met.score == worst {
                            tied.push(hit);
                        } else if best.also.contains(*row) {
                            self.hits.push(hit);
                        }
                    }
                    _ => self.hits.push(hit),
                }
            }
        }
        if let Some((best, worst)) = worst {
            let better = self.hits.iter().filter(|hit| hit.met.score > worst).count();
            let left = best.count.saturating_sub(better).min(tied.len());
            if left < tied.len() {
                tied.select_nth_unstable_by_key(left, |hit| hit.row);
            }
            let also = tied[left..].iter().filter(|hit| best.also.contains(hit.row));
            self.hits.extend(tied[..left].iter().chain(also));
        }
        (self.hits, rows)
    }

    /// The score of the last of the `count` best, which are fewer than all.
    fn worst(&self, count: usize) -> f32 {
        let mut scores: Vec<f32> = self.full.iter().flat_map(|(_, met, _)| met.iter().map(|met| met.score)).collect();
        let at = count.saturating_sub(1);
        *scores.select_nth_unstable_by(at, |a, b| b.total_cmp(a)).1
    }
}

/// Rows for which it pays to lay out a bit for each row that there is.
const DENSE_PART: usize = 256;

/// The rows as a bitmap; there are about `count` of them.
pub(crate) fn bitmap(rows: impl Iterator<Item = u32> + Clone, count: usize) -> RoaringBitmap {
    let most = rows.clone().max().unwrap_or(0) as usize;
    if count * DENSE_PART < most {
        let mut rows: Vec<u32> = rows.collect();
        // A bitmap that grows at its end is made some ten times as quickly as one that grows anywhere.
        rows.sort_unstable();
        return rows.into_iter().collect();
    }
    let mut bits = vec![0u8; most / 8 + 1];
    rows.for_each(|row| bits[row as usize / 8] |= 1 << (row % 8));
    RoaringBitmap::from_lsb0_bytes(0, &bits)
}
