//! The interactions that arrived last, for whoever watches the stream. Held in memory only; an erasure takes its
//! persons out.

use std::collections::VecDeque;

use record::Time;

use crate::limits::{ARRIVAL_BYTES_MAX, ARRIVALS_REMEMBERED_MAX};

/// One interaction that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Counts the arrivals of the environment since the process began, from 1.
    pub number: u64,
    /// When it was accepted.
    pub at: Time,
    /// Its JSON.
    pub body: String,
}

/// A ring of the last arrivals.
#[derive(Default)]
pub(super) struct Arrivals {
    ring: VecDeque<Arrival>,
    number: u64,
}

impl Arrivals {
    /// Notes what was accepted together; of a large batch, its end. Records that are too long to look at are left out.
    pub(super) fn note<'a>(&mut self, at: Time, bodies: impl DoubleEndedIterator<Item = &'a String>) {
        let short = bodies.rev().take(ARRIVALS_REMEMBERED_MAX).filter(|body| body.len() <= ARRIVAL_BYTES_MAX);
        let mut bodies: Vec<String> = short.cloned().collect();
        while let Some(body) = bodies.pop() {
            self.number += 1;
            self.ring.push_back(Arrival { number: self.number, at, body });
            if self.ring.len() > ARRIVALS_REMEMBERED_MAX {
                self.ring.pop_front();
            }
        }
    }

    /// Those after this number, in order.
    pub(super) fn after(&self, number: u64) -> Vec<Arrival> {
        self.ring.iter().filter(|arrival| arrival.number > number).cloned().collect()
    }

    /// Forgets all, because somebody among them is being erased: who is who (linked ids) is not known here.
    pub(super) fn forget(&mut self) {
        self.ring.clear();
    }
}
