//! Questions of the past with their answers: what the combination of the experts is learned from.

use rustc_hash::FxHashSet;

use crate::{Dataset, Observation};

/// The share of the log that is held back.
const HELD_BACK_SHARE: f64 = 0.1;
/// With fewer visitors who come back after the moment of the split, each visitor's last part is held back instead.
const RETURNING_MIN: usize = 150;
/// Questions of each kind.
const CASES_MAX: usize = 3_000;
/// Questions within sessions of one visitor.
const SESSION_CASES_PER_VISITOR_MAX: usize = 5;
/// How many steps ahead a question within a session looks for what is aimed at.
const STEPS_AHEAD_MAX: usize = 50;
/// With fewer questions for what is aimed at, all that speaks for products is asked for.
const AIMED_CASES_MIN: usize = 200;
/// From this many observations on a visitor's last part may be held back.
const OBSERVATIONS_MIN: usize = 4;

/// A question of the past.
pub(crate) struct Case {
    pub(crate) history: Vec<Observation>,
    pub(crate) now_ms: i64,
    /// The products that the visitor wanted next and had not had before.
    pub(crate) wanted: Vec<u32>,
}

/// The log before the questions, and the questions.
pub(crate) struct Split {
    pub(crate) before: Dataset,
    pub(crate) cases: Vec<Case>,
}

/// Splits by time where enough visitors come back after the split, or else are new after it; a split by time lets
/// nothing of the future into the past. `None` where the log is too small for either.
///
/// The questions ask for what the dataset's aim wants; where that makes too few of them, for all that speaks for products.
pub(crate) fn split(dataset: &Dataset, seed: u64) -> Option<Split> {
    let aimed = (!dataset.aim.wanted.is_empty()).then(|| split_for(dataset, &dataset.aim.wanted, seed)).flatten();
    aimed.filter(|split| split.cases.len() >= AIMED_CASES_MIN).or_else(|| split_for(dataset, &[], seed))
}

fn split_for(dataset: &Dataset, aim: &[bool], seed: u64) -> Option<Split> {
    let mut times: Vec<i64> = dataset.observations.iter().map(|observation| observation.time_ms).collect();
    if times.len() < 50 {
        return None;
    }
    let at = ((times.len() as f64) * (1.0 - HELD_BACK_SHARE)) as usize;
    let (_, &mut moment_ms, _) = times.select_nth_unstable(at);
    let after = |visitor: &[Observation]| visitor.partition_point(|observation| observation.time_ms < moment_ms);
    let by_time = gather(dataset, aim, &after, moment_ms, seed);
    let returning = by_time.cases.iter().filter(|case| case.now_ms == moment_ms).count();
    let others = by_time.cases.len() - returning;
    if returning >= RETURNING_MIN || (returning * 10 < dataset.ends.len() && others >= 5 * RETURNING_MIN) {
        return Some(by_time);
    }
    let end_ms = dataset.observations.iter().map(|observation| observation.time_ms).max()?;
    let last_part = |visitor: &[Observation]| {
        if visitor.len() < OBSERVATIONS_MIN {
            visitor.len()
        } else {
            visitor.len() - ((visitor.len() as f64 * HELD_BACK_SHARE) as usize).max(1)
        }
    };
    let by_visitor = gather(dataset, aim, &last_part, end_ms, seed);
    (by_visitor.cases.len() >= 20).then_some(by_visitor)
}

fn gather(
    dataset: &Dataset,
    aim: &[bool],
    start_of_rest: &dyn Fn(&[Observation]) -> usize,
    now_ms: i64,
    seed: u64,
) -> Split {
    let mut before = Dataset { products: dataset.products, features: dataset.features.clone(), ..Dataset::default() };
    let (mut returning, mut within, mut strangers) = (Vec::new(), Vec::new(), Vec::new());
    for (number, range) in dataset.ranges().enumerate() {
        let visitor = &dataset.observations[range.clone()];
        let aimed_at = |at: usize| visitor[at].weight > 0.0 && aim.get(range.start + at).is_none_or(|&aimed| aimed);
        let start = start_of_rest(visitor);
        let (past, rest) = visitor.split_at(start);
        if !past.is_empty() {
            before.push(past.iter().copied());
        }
        let luck = |part: u64| mixed(seed ^ ((number as u64) << 20) ^ part);
        let had: FxHashSet<u32> = past.iter().map(|observation| observation.product).collect();
        let mut wanted: Vec<u32> = Vec::new();
        for (at, observation) in visitor.iter().enumerate().skip(start) {
            if aimed_at(at) && !had.contains(&observation.product) && !wanted.contains(&observation.product) {
                wanted.push(observation.product);
            }
        }
        if wanted.is_empty() {
            continue;
        }
        if past.is_empty() {
            let first = vec![wanted[0]];
            strangers.push((luck(0), Case { history: Vec::new(), now_ms: rest[0].time_ms, wanted: first }));
        } else {
            returning.push((luck(1), Case { history: past.to_vec(), now_ms, wanted }));
        }
        let mut own = steps(visitor, start, &aimed_at, &luck);
        own.sort_by_key(|&(luck, _)| luck);
        own.truncate(SESSION_CASES_PER_VISITOR_MAX);
        within.extend(own);
    }
    let mut cases = Vec::new();
    for mut kind in [returning, within, strangers] {
        kind.sort_by_key(|&(luck, _)| luck);
        kind.truncate(CASES_MAX);
        cases.extend(kind.into_iter().map(|(_, case)| case));
    }
    Split { before, cases }
}

/// A question before each step within a session that is to a new product aimed at: what is the next such product? Where
/// looks lead to a purchase, each look asks for it.
fn steps(
    visitor: &[Observation],
    start: usize,
    aimed_at: &dyn Fn(usize) -> bool,
    luck: &dyn Fn(u64) -> u64,
) -> Vec<(u64, Case)> {
    const HOUR_MS: i64 = 3_600_000;
    let mut had: FxHashSet<u32> = visitor[..start].iter().map(|observation| observation.product).collect();
    let mut cases = Vec::new();
    for at in start..visitor.len() {
        let same_session = |at: usize| at > 0 && visitor[at].time_ms.saturating_sub(visitor[at - 1].time_ms) <= HOUR_MS;
        if at > 0 && same_session(at) {
            let ahead = (at..visitor.len().min(at + STEPS_AHEAD_MAX)).take_while(|&ahead| same_session(ahead));
            let next = ahead.into_iter().find(|&ahead| aimed_at(ahead) && !had.contains(&visitor[ahead].product));
            // Without an aim that leaves steps out, only a step that is new itself asks.
            if let Some(next) = next.filter(|&next| next == at || !aimed_at(at)) {
                let history = visitor[at.saturating_sub(crate::limits::HISTORY_MAX)..at].to_vec();
                let wanted = vec![visitor[next].product];
                cases.push((luck(2 + at as u64), Case { history, now_ms: visitor[at - 1].time_ms, wanted }));
            }
        }
        had.insert(visitor[at].product);
    }
    cases
}

/// SplitMix64: a number that looks like chance, the same on every machine.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
