//! The calls of the API that were refused lately, for whoever looks for the reason. In memory only, bounded, without ids of
//! persons, and forgotten whenever somebody is erased.

use std::collections::VecDeque;

use record::Time;
use serde::Serialize;

use super::Environment;
use crate::limits::REFUSED_REMEMBERED_MAX;

/// A refused call, and how often the same was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RefusedCall {
    /// Rising with every call that is noted.
    pub(crate) number: u64,
    /// When it was refused last.
    pub(crate) at_ms: i64,
    /// How often the same was refused, for the same first reason.
    pub(crate) times: u64,
    pub(crate) method: &'static str,
    /// The path's template; the path itself may hold an id.
    pub(crate) route: String,
    /// `secret`, `publishable`, `none` or `unknown`.
    pub(crate) key: &'static str,
    pub(crate) status: u16,
    pub(crate) message: String,
    /// The first reasons, where records were refused.
    pub(crate) lines: Vec<String>,
    /// How many reasons there were.
    pub(crate) lines_in_all: usize,
    /// The beginning of the body, without values that may name a person.
    pub(crate) excerpt: String,
}

impl RefusedCall {
    fn is_like(&self, other: &RefusedCall) -> bool {
        (self.method, &self.route, self.key, self.status, &self.message, self.lines.first())
            == (other.method, &other.route, other.key, other.status, &other.message, other.lines.first())
    }
}

/// The latest ones, oldest first.
#[derive(Default)]
pub(crate) struct RefusedCalls {
    noted: u64,
    calls: VecDeque<RefusedCall>,
}

impl RefusedCalls {
    /// Notes a call; one that was refused before for the same reason takes its place.
    pub(crate) fn note(&mut self, mut call: RefusedCall) {
        self.noted += 1;
        call.number = self.noted;
        call.times = 1;
        if let Some(place) = self.calls.iter().position(|other| other.is_like(&call)) {
            call.times += self.calls.remove(place).map_or(0, |other| other.times);
        }
        if self.calls.len() >= REFUSED_REMEMBERED_MAX {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// All that are remembered, latest first.
    pub(crate) fn list(&self) -> Vec<RefusedCall> {
        self.calls.iter().rev().cloned().collect()
    }

    /// Forgets all.
    pub(crate) fn forget(&mut self) {
        self.calls.clear();
    }
}

impl Environment {
    /// Notes a refused call.
    pub(crate) fn note_refused(&self, call: RefusedCall) {
        self.shared.refused.lock().note(call);
    }

    /// The refused calls remembered, latest first.
    pub(crate) fn refused(&self) -> Vec<RefusedCall> {
        self.shared.refused.lock().list()
    }

    /// Forgets them.
    pub(crate) fn forget_refused(&self) {
        self.shared.refused.lock().forget();
    }
}

/// The present, and empty counts, for a call that is about to be noted.
pub(crate) fn refused(
    now: Time,
    method: &'static str,
    route: String,
    key: &'static str,
    status: u16,
    message: String,
) -> RefusedCall {
    RefusedCall {
        number: 0,
        at_ms: now.0,
        times: 1,
        method,
        route,
        key,
        status,
        message,
        lines: Vec::new(),
        lines_in_all: 0,
        excerpt: String::new(),
    }
}

#[cfg(test)]
mod tests {
    //! Properties: the latest stay; the same reason is one entry that counts.

    use super::*;

    fn call(message: &str) -> RefusedCall {
        refused(Time(1), "POST", "/v1/products".to_owned(), "secret", 422, message.to_owned())
    }

    #[test]
    fn the_latest_stay_and_the_same_reason_counts() {
        let mut calls = RefusedCalls::default();
        for n in 0..=REFUSED_REMEMBERED_MAX {
            calls.note(call(&n.to_string()));
        }
        calls.note(call("7"));
        let list = calls.list();
        assert_eq!(list.len(), REFUSED_REMEMBERED_MAX);
        assert_eq!((list[0].message.as_str(), list[0].times), ("7", 2));
        assert!(list.iter().all(|call| call.message != "0"));
        calls.forget();
        assert!(calls.list().is_empty());
    }
}
