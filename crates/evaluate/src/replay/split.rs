use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;
use rustc_hash::FxHashSet;

use super::{Case, Part, Replay};
use crate::history::{Event, History};

/// How a log is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Everything after 90 % of the time span is asked for.
    Temporal,
    /// The last 10 % of each visitor's events, at least one, are asked for.
    UserTemporal,
    /// The last event of each visitor is asked for.
    LeaveLastOut,
    /// A tenth of the products is taken out of the past, and asked for.
    Cold,
    /// Of the last 10 % of the visitors by start (or those set apart) each next product is asked for.
    Sessions,
}

/// Why a split cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitFault {
    /// There is nothing to ask.
    #[error(
        "this split leaves nothing to ask: nobody who is known from before comes back for a product that is new to them; \
         try another --split, or a longer log"
    )]
    NoCases,
}

impl Split {
    /// Every split with its name on the command line.
    pub const ALL: [(&'static str, Split); 5] = [
        ("temporal", Split::Temporal),
        ("user-temporal", Split::UserTemporal),
        ("leave-last-out", Split::LeaveLastOut),
        ("cold", Split::Cold),
        ("sessions", Split::Sessions),
    ];

    /// The split of this name, as the command line has it.
    pub fn named(name: &str) -> Option<Split> {
        Split::ALL.into_iter().find(|&(own, _)| own == name).map(|(_, split)| split)
    }

    /// Divides `history`. A case is asked for products that are new to the visitor; those that do not occur in the past
    /// are kept apart (but for [`Split::Cold`], which asks for nothing else). Visitors without any past are cases of
    /// their own part, but for the splits by visitor, where there are none.
    ///
    /// # Errors
    /// [`SplitFault`] where the main part would be empty.
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
            Split::UserTemporal => last_of_each(history, |events| (events / 10).max(1)),
            Split::LeaveLastOut => last_of_each(history, |_| 1),
            Split::Cold => cold(history, seed),
            Split::Sessions => sessions(history),
        };
        if replay.count(Part::Known) == 0 { Err(SplitFault::NoCases) } else { Ok(replay) }
    }
}

fn last_of_each(history: &History, held_back: impl Fn(usize) -> usize) -> Replay {
    let mut left = vec![0usize; history.visitors()];
    for event in &history.events {
        left[event.visitor as usize] += 1;
    }
    for left in &mut left {
        *left = held_back(*left);
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

fn by_visitor(history: &History) -> Vec<Vec<usize>> {
    let mut events = vec![Vec::new(); history.visitors()];
    for (index, event) in history.events.iter().enumerate() {
        events[event.visitor as usize].push(index);
    }
    events
}

fn occurring(history: &History, in_past: &[bool]) -> Vec<bool> {
    let mut occurs = vec![false; history.products() as usize];
    for (event, _) in history.events.iter().zip(in_past).filter(|&(_, &past)| past) {
        occurs[event.observation.product as usize] = true;
    }
    occurs
}

fn sorted(mut rows: Vec<u32>) -> Vec<u32> {
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// What `tested` says is asked for.
fn held_out(history: &History, tested: &dyn Fn(usize, &Event) -> bool) -> Replay {
    let in_past: Vec<bool> = history.events.iter().enumerate().map(|(index, event)| !tested(index, event)).collect();
    let occurs = occurring(history, &in_past);
    let past = history.events.iter().zip(&in_past).filter(|&(_, &past)| past);
    let end_ms = past.map(|(event, _)| event.observation.time_ms).max().unwrap_or(0);
    let mut cases = Vec::new();
    for (visitor, events) in by_visitor(history).into_iter().enumerate() {
        let mut case = Case { visitor: visitor as u32, now_ms: end_ms, ..Case::default() };
        let past = events.iter().filter(|&&index| in_past[index]).map(|&index| &history.events[index]);
        case.history = past.clone().map(|event| event.observation).filter(|seen| seen.weight != 0.0).collect();
        case.known = sorted(past.map(|event| event.observation.product).collect());
        for event in events.iter().filter(|&&index| !in_past[index]).map(|&index| &history.events[index]) {
            let product = event.observation.product;
            let list = if occurs[product as usize] { &mut case.wanted } else { &mut case.wanted_new };
            if event.wanted && case.known.binary_search(&product).is_err() && !list.contains(&product) {
                list.push(product);
            }
        }
        if !case.wanted.is_empty() || !case.wanted_new.is_empty() {
            cases.push(case);
        }
    }
    Replay::new(history, in_past, cases)
}

/// The ids are sorted and then shuffled by the seed, so that the split does not depend on the order of the files.
fn cold(history: &History, seed: u64) -> Replay {
    let ids = history.records.iter().zip(0u32..);
    let mut ids: Vec<(&str, u32)> = ids.map(|(record, row)| (record.product_id.as_str(), row)).collect();
    ids.sort_unstable();
    ids.shuffle(&mut Pcg64Mcg::seed_from_u64(seed));
    let hidden: FxHashSet<u32> = ids[..ids.len() / 10].iter().map(|&(_, row)| row).collect();
    let in_past: Vec<bool> = history.events.iter().map(|event| !hidden.contains(&event.observation.product)).collect();
    let end_ms = history.events.last().map_or(0, |event| event.observation.time_ms);
    let mut cases = Vec::new();
    for (visitor, events) in by_visitor(history).into_iter().enumerate() {
        let mut case = Case { visitor: visitor as u32, now_ms: end_ms, ..Case::default() };
        for index in events {
            let event = &history.events[index];
            let product = event.observation.product;
            if in_past[index] {
                case.known.push(product);
                if event.observation.weight != 0.0 {
                    case.history.push(event.observation);
                }
            } else if event.wanted && !case.wanted.contains(&product) {
                case.wanted.push(product);
            }
        }
        case.known = sorted(case.known);
        if !case.wanted.is_empty() {
            cases.push(case);
        }
    }
    Replay::new(history, in_past, cases)
}

/// Each step to a product that is not among those before it; the first one of a session is a question of a stranger.
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
    let in_past: Vec<bool> = history.events.iter().map(|event| !tested(event)).collect();
    let occurs = occurring(history, &in_past);
    let mut cases = Vec::new();
    for (visitor, events) in all.iter().enumerate() {
        if events.first().is_none_or(|&index| in_past[index]) {
            continue;
        }
        for (at, &index) in events.iter().enumerate() {
            let event = &history.events[index];
            let product = event.observation.product;
            let before = || events[..at].iter().map(|&index| history.events[index].observation);
            let known = sorted(before().map(|seen| seen.product).collect());
            if !event.wanted || known.binary_search(&product).is_ok() {
                continue;
            }
            let wanted = vec![product];
            let (wanted, wanted_new) =
                if occurs[product as usize] { (wanted, Vec::new()) } else { (Vec::new(), wanted) };
            cases.push(Case {
                visitor: visitor as u32,
                history: before().filter(|seen| seen.weight != 0.0).collect(),
                live: events[..at].to_vec(),
                now_ms: before().next_back().map_or(event.observation.time_ms, |seen| seen.time_ms),
                known,
                wanted,
                wanted_new,
            });
        }
    }
    Replay::new(history, in_past, cases)
}
