use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;
use rustc_hash::FxHashSet;

use super::{Case, Replay};
use crate::history::{Event, History};

/// How a log is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Everything after 90 % of the time span is asked for.
    Temporal,
    /// The last 10 % of each visitor's events, at least one, are asked for.
    UserTemporal,
    /// A tenth of the products is taken out of the past, and asked for.
    Cold,
    /// Of the last 10 % of the visitors by start (or those set apart) each next product is asked for.
    Sessions,
}

/// Why a split cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitFault {
    /// There is nothing to ask.
    #[error("this split leaves nothing to ask; the log is too short for it")]
    NoCases,
}

impl Split {
    /// The split of this name, as the command line has it.
    pub fn named(name: &str) -> Option<Split> {
        Some(match name {
            "temporal" => Split::Temporal,
            "user-temporal" => Split::UserTemporal,
            "cold" => Split::Cold,
            "sessions" => Split::Sessions,
            _ => return None,
        })
    }

    /// Divides `history`. A case is asked only for products that occur in the past (but for [`Split::Cold`]) and that
    /// are new to the visitor.
    ///
    /// # Errors
    /// [`SplitFault`].
    pub fn of(self, history: &History, seed: u64) -> Result<Replay, SplitFault> {
        let replay = match self {
            Split::Temporal => {
                let (Some(first), Some(last)) = (history.events.first(), history.events.last()) else {
                    return Err(SplitFault::NoCases);
                };
                let (first, last) = (first.observation.time_ms, last.observation.time_ms);
                let moment = first + ((last - first) as f64 * 0.9) as i64;
                held_out(history, &|_, event| event.observation.time_ms > moment)
            }
            Split::UserTemporal => {
                let mut left = vec![0usize; history.visitors as usize];
                for event in &history.events {
                    left[event.visitor as usize] += 1;
                }
                for left in &mut left {
                    *left = (*left / 10).max(1);
                }
                let mut last = vec![false; history.events.len()];
                for (index, event) in history.events.iter().enumerate().rev() {
                    let left = &mut left[event.visitor as usize];
                    if *left > 0 {
                        *left -= 1;
                        last[index] = true;
                    }
                }
                held_out(history, &|index, _| last[index])
            }
            Split::Cold => cold(history, seed),
            Split::Sessions => sessions(history),
        };
        if replay.cases.is_empty() { Err(SplitFault::NoCases) } else { Ok(replay) }
    }
}

fn by_visitor(history: &History) -> Vec<Vec<usize>> {
    let mut events = vec![Vec::new(); history.visitors as usize];
    for (index, event) in history.events.iter().enumerate() {
        events[event.visitor as usize].push(index);
    }
    events
}

fn occurring(history: &History, past: &dyn Fn(usize, &Event) -> bool) -> Vec<bool> {
    let mut occurs = vec![false; history.products as usize];
    for (index, event) in history.events.iter().enumerate() {
        if past(index, event) {
            occurs[event.observation.product as usize] = true;
        }
    }
    occurs
}

/// What `tested` says is asked for of every visitor with a past.
fn held_out(history: &History, tested: &dyn Fn(usize, &Event) -> bool) -> Replay {
    let past = |index: usize, event: &Event| !tested(index, event);
    let occurs = occurring(history, &past);
    let end_ms = history.events.iter().enumerate().filter(|&(index, event)| past(index, event));
    let end_ms = end_ms.map(|(_, event)| event.observation.time_ms).max().unwrap_or(0);
    let mut cases = Vec::new();
    for events in by_visitor(history) {
        let mut case = Case { now_ms: end_ms, ..Case::default() };
        for &index in &events {
            let event = &history.events[index];
            let product = event.observation.product;
            if past(index, event) {
                case.known.push(product);
                if event.observation.weight != 0.0 {
                    case.history.push(event.observation);
                }
            } else if event.wanted
                && occurs[product as usize]
                && !case.known.contains(&product)
                && !case.wanted.contains(&product)
            {
                case.wanted.push(product);
            }
        }
        case.known.sort_unstable();
        case.known.dedup();
        if !case.known.is_empty() && !case.wanted.is_empty() {
            cases.push(case);
        }
    }
    Replay::new(history.dataset(past), cases)
}

fn cold(history: &History, seed: u64) -> Replay {
    let mut ids: Vec<(&str, u32)> =
        history.product_ids.iter().enumerate().map(|(row, id)| (id.as_str(), row as u32)).collect();
    ids.sort_unstable();
    ids.shuffle(&mut Pcg64Mcg::seed_from_u64(seed));
    let hidden: FxHashSet<u32> = ids[..ids.len() / 10].iter().map(|&(_, row)| row).collect();
    let past = |_: usize, event: &Event| !hidden.contains(&event.observation.product);
    let end_ms = history.events.last().map_or(0, |event| event.observation.time_ms);
    let mut cases = Vec::new();
    for events in by_visitor(history) {
        let mut case = Case { now_ms: end_ms, ..Case::default() };
        for event in events.iter().map(|&index| &history.events[index]) {
            let product = event.observation.product;
            if !hidden.contains(&product) {
                case.known.push(product);
                if event.observation.weight != 0.0 {
                    case.history.push(event.observation);
                }
            } else if event.wanted && !case.wanted.contains(&product) {
                case.wanted.push(product);
            }
        }
        case.known.sort_unstable();
        case.known.dedup();
        if !case.wanted.is_empty() {
            cases.push(case);
        }
    }
    Replay::new(history.dataset(past), cases)
}

/// Each step from the second on to a product that is not among those before it.
fn sessions(history: &History) -> Replay {
    let all = by_visitor(history);
    let set_apart = history.events.iter().any(|event| event.test);
    let mut starts: Vec<(i64, usize)> = all
        .iter()
        .enumerate()
        .filter_map(|(visitor, events)| Some((history.events[*events.first()?].observation.time_ms, visitor)))
        .collect();
    starts.sort_unstable();
    let first_tested = starts.len() - starts.len() / 10;
    let late: FxHashSet<usize> = starts[first_tested..].iter().map(|&(_, visitor)| visitor).collect();
    let tested = |event: &Event| if set_apart { event.test } else { late.contains(&(event.visitor as usize)) };
    let past = |_: usize, event: &Event| !tested(event);
    let occurs = occurring(history, &past);
    let mut cases = Vec::new();
    for events in &all {
        if events.first().is_none_or(|&index| !tested(&history.events[index])) {
            continue;
        }
        let steps: Vec<&Event> = events.iter().map(|&index| &history.events[index]).collect();
        for at in 1..steps.len() {
            let product = steps[at].observation.product;
            let mut known: Vec<u32> = steps[..at].iter().map(|event| event.observation.product).collect();
            known.sort_unstable();
            known.dedup();
            if !steps[at].wanted || !occurs[product as usize] || known.binary_search(&product).is_ok() {
                continue;
            }
            let history = steps[..at].iter().map(|event| event.observation);
            cases.push(Case {
                history: history.filter(|observation| observation.weight != 0.0).collect(),
                now_ms: steps[at - 1].observation.time_ms,
                known,
                wanted: vec![product],
            });
        }
    }
    Replay::new(history.dataset(past), cases)
}
