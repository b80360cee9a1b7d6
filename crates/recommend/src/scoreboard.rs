//! What the experts say of products for one question, side by side, and the best of each.
//!
//! A product gets a place when the first expert names it, and each expert has a column of sums over the places. So what is
//! read at random is one small number by product; all else is read in a row, and nothing is cleared in the size of the
//! catalogue.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

use crate::experts::set::EXPERTS;

/// Boards that wait for the next question; more are given back to the system.
const BOARDS_MAX: usize = 16;
/// Places that a column grows by.
const GROWTH: usize = 2_048;
/// So many are passed over at once where none is good enough; a column has as many beyond the last place.
const STEP: usize = 16;

static BOARDS: Mutex<Vec<Scoreboard>> = Mutex::new(Vec::new());

/// Whether a product may be a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Nobody has asked so far.
    Unknown,
    Allowed,
    Barred,
    Chosen,
}

/// The first place is nobody's: what comes when all are taken is written there. So a place fits into two bytes, and those of
/// all products into the processor's memory.
const NOBODYS: usize = 0;
const PLACES_MAX: usize = 1 << 16;

/// The sums of one question.
#[derive(Default)]
pub(crate) struct Scoreboard {
    /// The place of each product; 0 for none. All zero between two questions.
    place_by_product: Vec<u16>,
    /// By place.
    rows: Vec<u32>,
    standings: Vec<Standing>,
    /// By expert, then by place; zero from `rows.len()` on.
    columns: [Vec<f32>; EXPERTS.len()],
    /// The first places are those of the history, which are not to be recommended.
    barred: usize,
    /// The candidates so far, by place.
    chosen: Vec<u16>,
    best: Best,
    /// The places of one list.
    places: Vec<u16>,
    /// A number for each history of the past, all zero between two questions: who writes one writes it back.
    pub(crate) by_history: Vec<u32>,
}

/// A board, given back when dropped.
pub(crate) struct LentBoard(Option<Scoreboard>);

impl Scoreboard {
    /// An empty one for so many products and histories, or more, on which the products `barred` are no candidates.
    pub(crate) fn lend(products: u32, histories: usize, barred: impl Iterator<Item = u32>) -> LentBoard {
        let waiting = BOARDS.lock().ok().and_then(|mut boards| boards.pop());
        let mut board = waiting.unwrap_or_default();
        if board.place_by_product.len() < products as usize {
            // Zeroed pages come from the system as they are touched: a million products cost nothing until then.
            board.place_by_product = vec![0; products as usize];
        }
        if board.by_history.len() < histories {
            board.by_history = vec![0; histories];
        }
        board.take_place(u32::MAX);
        for row in barred {
            board.place(row);
        }
        board.barred = board.rows.len();
        board.standings.fill(Standing::Barred);
        LentBoard(Some(board))
    }

    fn place(&mut self, row: u32) -> usize {
        let place = self.place_by_product[row as usize];
        if place > 0 {
            return usize::from(place);
        }
        if self.rows.len() == PLACES_MAX {
            return NOBODYS;
        }
        let place = self.take_place(row);
        self.place_by_product[row as usize] = place as u16;
        place
    }

    fn take_place(&mut self, row: u32) -> usize {
        let place = self.rows.len();
        self.rows.push(row);
        self.standings.push(Standing::Unknown);
        if place + STEP >= self.columns[0].len() {
            self.columns.iter_mut().for_each(|column| column.resize(place + GROWTH, 0.0));
        }
        place
    }

    /// Adds `share × score` for each of the list to the column of each expert with its share.
    pub(crate) fn add_list(&mut self, list: &[(u32, f32)], shares: &[(usize, f32)]) {
        let mut places = std::mem::take(&mut self.places);
        places.clear();
        places.extend(list.iter().map(|&(row, _)| self.place(row) as u16));
        for &(expert, share) in shares {
            let column = &mut self.columns[expert];
            for (&place, &(_, score)) in places.iter().zip(list) {
                column[usize::from(place)] += share * score;
            }
        }
        self.places = places;
    }

    /// Adds to what one expert says of a product.
    pub(crate) fn add(&mut self, expert: usize, row: u32, score: f32) {
        let place = self.place(row);
        self.columns[expert][place] += score;
    }

    /// The most that an expert says of any product that is not barred from the outset; 0 where it says nothing.
    pub(crate) fn most(&self, expert: usize) -> f32 {
        let said = &self.columns[expert][self.barred..self.rows.len()];
        said.iter().fold(0.0, |most, &score| if score > most { score } else { most })
    }

    /// Makes candidates of the best `count` of the `allowed` products that an expert speaks for; ties by row.
    pub(crate) fn choose_best(&mut self, expert: usize, count: usize, allowed: &dyn Fn(u32) -> bool) {
        let mut best = std::mem::take(&mut self.best);
        let column = std::mem::take(&mut self.columns[expert]);
        best.begin(count);
        // Beyond the last place there are zeros.
        let steps = column[self.barred..].as_chunks::<STEP>().0;
        let firsts = (self.barred..self.rows.len()).step_by(STEP);
        for (first, scores) in firsts.zip(steps) {
            if scores.iter().fold(false, |some, &score| some | (score >= best.least())) {
                for (place, &score) in (first..).zip(scores) {
                    if score >= best.least() && best.admits(self.rows[place], score) && self.is_allowed(place, allowed)
                    {
                        best.offer(self.rows[place], score);
                    }
                }
            }
        }
        self.columns[expert] = column;
        best.rows().for_each(|row| self.choose_place(usize::from(self.place_by_product[row as usize])));
        self.best = best;
    }

    /// Makes candidates of the first `count` of the list that are `allowed`.
    pub(crate) fn choose_first(
        &mut self,
        list: impl Iterator<Item = u32>,
        count: usize,
        allowed: &dyn Fn(u32) -> bool,
    ) {
        let mut left = count;
        for row in list {
            if left == 0 {
                return;
            }
            left -= usize::from(self.choose(row, allowed));
        }
    }

    /// Makes a candidate of the product if it is `allowed`; whether it is one.
    pub(crate) fn choose(&mut self, row: u32, allowed: &dyn Fn(u32) -> bool) -> bool {
        let place = self.place(row);
        let is_allowed = self.is_allowed(place, allowed);
        if is_allowed {
            self.choose_place(place);
        }
        is_allowed
    }

    /// Whether the product is `allowed`.
    pub(crate) fn allows(&mut self, row: u32, allowed: &dyn Fn(u32) -> bool) -> bool {
        let place = self.place(row);
        self.is_allowed(place, allowed)
    }

    fn choose_place(&mut self, place: usize) {
        if self.standings[place] != Standing::Chosen {
            self.standings[place] = Standing::Chosen;
            self.chosen.push(place as u16);
        }
    }

    /// Whether the product at the place is allowed; it is asked once.
    fn is_allowed(&mut self, place: usize, allowed: &dyn Fn(u32) -> bool) -> bool {
        if self.standings[place] == Standing::Unknown {
            let is_allowed = allowed(self.rows[place]);
            self.standings[place] = if is_allowed { Standing::Allowed } else { Standing::Barred };
        }
        self.standings[place] != Standing::Barred
    }

    /// The candidates in rising order, each with its place.
    pub(crate) fn chosen(&self) -> Vec<(u32, u32)> {
        let mut keys: Vec<u64> =
            self.chosen.iter().map(|&place| key(self.rows[usize::from(place)], u32::from(place))).collect();
        keys.sort_unstable();
        keys.into_iter().map(|key| ((key >> 32) as u32, key as u32)).collect()
    }

    /// What each expert says of the product at a place.
    pub(crate) fn said(&self, place: u32) -> [f32; EXPERTS.len()] {
        std::array::from_fn(|expert| self.columns[expert][place as usize])
    }

    fn clear(&mut self) {
        for &row in &self.rows[NOBODYS + 1..] {
            self.place_by_product[row as usize] = 0;
        }
        let places = self.rows.len();
        self.columns.iter_mut().for_each(|column| column[..places].fill(0.0));
        self.rows.clear();
        self.standings.clear();
        self.chosen.clear();
    }
}

fn key(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

impl Deref for LentBoard {
    type Target = Scoreboard;

    fn deref(&self) -> &Scoreboard {
        self.0.as_ref().expect("it is there until dropped")
    }
}

impl DerefMut for LentBoard {
    fn deref_mut(&mut self) -> &mut Scoreboard {
        self.0.as_mut().expect("it is there until dropped")
    }
}

impl Drop for LentBoard {
    fn drop(&mut self) {
        // After a panic something may be left in it.
        if let (Some(mut board), false) = (self.0.take(), std::thread::panicking()) {
            board.clear();
            if let Ok(mut boards) = BOARDS.lock()
                && boards.len() < BOARDS_MAX
            {
                boards.push(board);
            }
        }
    }
}

/// The `count` best of those offered with scores above 0, ties by row; offers below the least kept cost a comparison.
#[derive(Default)]
pub(crate) struct Best {
    count: usize,
    /// A whole number for each kept product, the less the better: its score's bits, all turned, and its row.
    keys: Vec<u64>,
    /// What is below it cannot be among the best.
    least: f32,
    /// The key of the last of the best, from when there are as many.
    last: u64,
}

impl Best {
    pub(crate) fn begin(&mut self, count: usize) {
        self.count = count.max(1);
        self.keys.clear();
        self.least = f32::MIN_POSITIVE;
        self.last = u64::MAX;
    }

    /// A score below which none is admitted.
    pub(crate) fn least(&self) -> f32 {
        self.least
    }

    /// Whether a product with this score, above 0, may be among the best.
    pub(crate) fn admits(&self, row: u32, score: f32) -> bool {
        score >= self.least && key(!score.to_bits(), row) < self.last
    }

    /// Adds a product that it admits.
    pub(crate) fn offer(&mut self, row: u32, score: f32) {
        // The bits of positive numbers rise as the numbers do.
        self.keys.push(key(!score.to_bits(), row));
        if self.keys.len() == 2 * self.count {
            self.cut();
            self.last = self.keys[self.count - 1];
            self.least = f32::from_bits(!((self.last >> 32) as u32));
        }
    }

    fn cut(&mut self) {
        if self.keys.len() > self.count {
            self.keys.select_nth_unstable(self.count - 1);
            self.keys.truncate(self.count);
        }
    }

    /// The rows of the best, in no order; offers end here.
    pub(crate) fn rows(&mut self) -> impl Iterator<Item = u32> + '_ {
        self.scored().map(|(row, _)| row)
    }

    /// As [`Best::rows`], with their scores.
    pub(crate) fn scored(&mut self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.cut();
        self.keys.iter().map(|&key| (key as u32, f32::from_bits(!((key >> 32) as u32))))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Best, Scoreboard};
    use crate::scores::keep_best;

    proptest! {
        /// Against putting all in order.
        #[test]
        fn the_best_are_those_that_sorting_puts_first(scores in proptest::collection::vec(0u8..40, 0..400), count in 1usize..60) {
            let mut list: Vec<(u32, f32)> =
                scores.iter().enumerate().map(|(row, &score)| (row as u32, f32::from(score) / 7.0)).collect();
            list.retain(|&(_, score)| score > 0.0);
            let mut best = Best::default();
            best.begin(count);
            for &(row, score) in &list {
                if best.admits(row, score) {
                    best.offer(row, score);
                }
            }
            let mut found: Vec<u32> = best.rows().collect();
            found.sort_unstable();
            keep_best(&mut list, count);
            let mut expected: Vec<u32> = list.into_iter().map(|(row, _)| row).collect();
            expected.sort_unstable();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_board_begins_empty_whatever_was_on_it() {
        for _ in 0..3 {
            let mut board = Scoreboard::lend(10, 0, [4].into_iter());
            board.add_list(&[(3, 0.5), (4, 0.9), (5, 0.25)], &[(0, 2.0), (1, 1.0)]);
            board.add(0, 5, 1.0);
            assert_eq!((board.most(0), board.most(1), board.most(2)), (1.5, 0.5, 0.0));
            board.choose_best(0, 1, &|_| true);
            board.choose_first([4, 9, 3, 8].into_iter(), 2, &|row| row != 9);
            let chosen = board.chosen();
            assert_eq!(chosen.iter().map(|&(row, _)| row).collect::<Vec<u32>>(), [3, 5, 8]);
            assert_eq!(board.said(chosen[1].1)[..3], [1.5, 0.25, 0.0]);
        }
    }

    #[test]
    fn the_best_allowed_are_found_however_many_better_ones_are_not() {
        let mut board = Scoreboard::lend(1_000, 0, std::iter::empty());
        let list: Vec<(u32, f32)> = (0..1_000).map(|row| (row, 1.0 / (1.0 + row as f32))).collect();
        board.add_list(&list, &[(3, 1.0)]);
        board.choose_best(3, 2, &|row| row >= 990);
        assert_eq!(board.chosen().iter().map(|&(row, _)| row).collect::<Vec<u32>>(), [990, 991]);
    }
}
