//! Forgetting what lies further back than a shop keeps it.

use record::Time;

use super::{NOBODY, People, VisitorRow, history};

impl People {
    /// Forgets the events before `cut` whose entry is not behind `upto`, of the visitors in these rows; and the ids of those
    /// who have neither a history nor a profile then. Gives how many interactions went.
    pub(crate) fn forget_before(&mut self, cut: Time, upto: u64, rows: std::ops::Range<u32>) -> usize {
        let mut gone = 0;
        for row in rows.start..rows.end.min(self.visitors.len()) {
            let goes = |event: &history::PackedEvent| event.time < cut.0 && event.position <= upto;
            if !self.visitors[row].history.iter().any(goes) {
                continue;
            }
            let fewer = self.change(row, |history| {
                let before = history::interactions(history);
                history.retain(|event| !goes(event));
                history.shrink_to_fit();
                before - history::interactions(history)
            });
            self.interactions -= fewer;
            gone += fewer;
        }
        gone
    }

    /// Forgets the ids of visitors who have neither a history nor a profile, and the anonymous ids linked to nobody else. Gives
    /// their rows, rising. O(visitors).
    pub(crate) fn forget_nameless(&mut self) -> Vec<VisitorRow> {
        let mut forgotten = Vec::new();
        for row in 0..self.visitors.len() {
            let owner = self.resolve(row);
            let is_kept = !self.visitors[owner].history.is_empty()
                || self.profiles.contains(owner)
                || self
                    .former_links
                    .get(&row)
                    .into_iter()
                    .flatten()
                    .any(|&former| !self.visitors[former].history.is_empty());
            if is_kept || self.names.get(row).is_none() {
                continue;
            }
            forgotten.push(VisitorRow(row));
        }
        for &VisitorRow(row) in &forgotten {
            self.visitors[row].link = NOBODY;
            self.former_links.remove(&row);
            self.repeats.remove(&row);
            self.cut.remove(&row);
            self.names.erase(row);
        }
        forgotten
    }
}
