//! Rooms in the size of the catalogue that parallel work takes turns in: each piece of it would otherwise clear a room of its own, which
//! at millions of products takes longer than the work.

use std::ops::{Deref, DerefMut};
use std::sync::Mutex;

/// Rooms that wait for the next piece of work; there are never more than pieces at work at once.
pub(crate) struct Rooms<T, F> {
    make: F,
    waiting: Mutex<Vec<T>>,
}

/// A room in use, given back when dropped. Whoever uses it leaves it as it was made.
pub(crate) struct Lent<'a, T> {
    room: Option<T>,
    waiting: &'a Mutex<Vec<T>>,
}

impl<T, F: Fn() -> T> Rooms<T, F> {
    pub(crate) fn new(make: F) -> Rooms<T, F> {
        Rooms { make, waiting: Mutex::new(Vec::new()) }
    }

    pub(crate) fn lend(&self) -> Lent<'_, T> {
        let waiting = self.waiting.lock().ok().and_then(|mut waiting| waiting.pop());
        Lent { room: Some(waiting.unwrap_or_else(&self.make)), waiting: &self.waiting }
    }
}

impl<T> Deref for Lent<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.room.as_ref().expect("the room is there until it is given back")
    }
}

impl<T> DerefMut for Lent<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.room.as_mut().expect("the room is there until it is given back")
    }
}

impl<T> Drop for Lent<'_, T> {
    fn drop(&mut self) {
        // A room that a panic left half used must not serve again.
        if !std::thread::panicking()
            && let (Some(room), Ok(mut waiting)) = (self.room.take(), self.waiting.lock())
        {
            waiting.push(room);
        }
    }
}
