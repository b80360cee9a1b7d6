//! Sums by product, the best of many, and the room that answers borrow for both.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// Sums by product for one question; all zero between two experts.
pub(crate) struct Scores {
    values: Vec<f32>,
    touched: Vec<u32>,
}

impl Scores {
    pub(crate) fn new(products: u32) -> Scores {
        // Zeroed pages come from the system as they are touched: a million products cost nothing until then.
        Scores { values: vec![0.0; products as usize], touched: Vec::new() }
    }

    pub(crate) fn add(&mut self, product: u32, score: f32) {
        let value = &mut self.values[product as usize];
        if *value == 0.0 {
            self.touched.push(product);
        }
        *value += score;
    }

    /// What was added up above 0, each product once, in the order in which they were met; all is zero again.
    pub(crate) fn take_positive(&mut self) -> Vec<(u32, f32)> {
        let mut list = Vec::with_capacity(self.touched.len());
        for product in self.touched.drain(..) {
            let value = std::mem::take(&mut self.values[product as usize]);
            if value > 0.0 {
                list.push((product, value));
            }
        }
        list
    }
}

/// Rooms that wait for the next question; more are given back to the system.
const ROOMS_MAX: usize = 16;

static ROOMS: Mutex<Vec<Room>> = Mutex::new(Vec::new());

/// What an answer needs by product, so that it neither allocates nor clears anything in the size of the catalogue.
pub(crate) struct Room {
    pub(crate) scores: Scores,
    /// A number for each product, all zero between two questions: who writes one writes it back.
    pub(crate) places: Vec<u32>,
}

/// A room, given back when dropped.
pub(crate) struct LentRoom(Option<Room>);

impl Room {
    /// For so many products, or more.
    pub(crate) fn lend(products: u32) -> LentRoom {
        let waiting = ROOMS.lock().ok().and_then(|mut rooms| rooms.pop());
        let products = products as usize;
        match waiting {
            Some(mut room) => {
                if room.places.len() < products {
                    room.places.resize(products, 0);
                    room.scores.values.resize(products, 0.0);
                }
                LentRoom(Some(room))
            }
            None => LentRoom(Some(Room { scores: Scores::new(products as u32), places: vec![0; products] })),
        }
    }
}

impl Deref for LentRoom {
    type Target = Room;

    fn deref(&self) -> &Room {
        self.0.as_ref().expect("it is there until dropped")
    }
}

impl DerefMut for LentRoom {
    fn deref_mut(&mut self) -> &mut Room {
        self.0.as_mut().expect("it is there until dropped")
    }
}

impl Drop for LentRoom {
    fn drop(&mut self) {
        // After a panic something may be left in it.
        if let (Some(room), false) = (self.0.take(), std::thread::panicking())
            && let Ok(mut rooms) = ROOMS.lock()
            && rooms.len() < ROOMS_MAX
        {
            rooms.push(room);
        }
    }
}

/// Best first; ties by row, so that no outcome depends on the order in which products were met.
pub(crate) fn best_first(a: &(u32, f32), b: &(u32, f32)) -> std::cmp::Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

/// Keeps the `count` best of `list`, in order.
pub(crate) fn keep_best(list: &mut Vec<(u32, f32)>, count: usize) {
    if count == 0 {
        list.clear();
    } else if list.len() > count {
        list.select_nth_unstable_by(count - 1, best_first);
        list.truncate(count);
    }
    list.sort_unstable_by(best_first);
}

/// The `count` best of those offered, in no order; offers below the least kept cost a comparison.
pub(crate) struct Best {
    count: usize,
    list: Vec<(u32, f32)>,
    least: f32,
}

impl Best {
    pub(crate) fn of(count: usize) -> Best {
        let count = count.max(1);
        Best { count, list: Vec::with_capacity(2 * count), least: f32::NEG_INFINITY }
    }

    pub(crate) fn offer(&mut self, row: u32, score: f32) {
        if score >= self.least {
            self.list.push((row, score));
            if self.list.len() == 2 * self.count {
                self.list.select_nth_unstable_by(self.count - 1, best_first);
                self.list.truncate(self.count);
                self.least = self.list[self.count - 1].1;
            }
        }
    }

    pub(crate) fn into_best(mut self) -> Vec<(u32, f32)> {
        if self.list.len() > self.count {
            self.list.select_nth_unstable_by(self.count - 1, best_first);
            self.list.truncate(self.count);
        }
        self.list
    }
}
