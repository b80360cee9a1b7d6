//! Questions of the past with their answers: what the combination of the experts is learned from.
//!
//! So that the past wants products without history too, a tenth of the products is hidden from the experts: their
//! observations are left out of the log before the questions, and out of the histories of the questions, but not out of what
//! was wanted. Where products are not described, nothing could be said of those hidden, and none is.

use rustc_hash::FxHashSet;

use crate::limits::LEFT_OUT_MAX;
use crate::random::mixed;
use crate::{Dataset, NEVER_MS, Observation};

/// The share of the log that is held back, and of one of few observations.
const HELD_BACK_SHARE: f64 = 0.1;
const HELD_BACK_SHARE_OF_FEW: f64 = 0.15;
const FEW: usize = 300_000;
/// With fewer visitors who come back after the moment of the split, each visitor's last part is held back instead.
const RETURNING_MIN: usize = 150;
/// Questions of each kind.
const CASES_MAX: usize = 4_000;
/// Questions for hidden products.
const ARRIVAL_CASES_MAX: usize = 1_500;
/// Questions within sessions of one visitor.
const SESSION_CASES_PER_VISITOR_MAX: usize = 5;
/// How many steps ahead a question within a session looks for what is aimed at.
const STEPS_AHEAD_MAX: usize = 50;
/// With fewer questions for what is aimed at, all that speaks for products is asked for.
const AIMED_CASES_MIN: usize = 200;
/// From this many observations on a visitor's last part may be held back.
const OBSERVATIONS_MIN: usize = 4;
/// One in so many products is hidden.
const HIDDEN_ONE_IN: u64 = 10;

/// A question of the past.
pub(crate) struct Case {
    pub(crate) history: Vec<Observation>,
    pub(crate) now_ms: i64,
    /// The products that the visitor wanted next, without the latest of the history.
    pub(crate) wanted: Vec<u32>,
}

/// The log before the questions, and the questions.
pub(crate) struct Split {
    pub(crate) before: Dataset,
    pub(crate) cases: Vec<Case>,
    /// For products hidden: which of them did this visitor want at any time? They tell what content is worth, and nothing of
    /// how often such products are wanted.
    pub(crate) arrivals: Vec<Case>,
    /// By product, whether it was hidden from the experts; empty where none was.
    pub(crate) hidden: Vec<bool>,
    /// Whether the split is at one moment, so that what came after it tells what comes after another.
    pub(crate) by_time: bool,
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
    let share = if times.len() < FEW { HELD_BACK_SHARE_OF_FEW } else { HELD_BACK_SHARE };
    let at = ((times.len() as f64) * (1.0 - share)) as usize;
    let (_, &mut moment_ms, _) = times.select_nth_unstable(at);
    let after = |visitor: &[Observation]| visitor.partition_point(|observation| observation.time_ms < moment_ms);
    let hidden = hidden(dataset, seed);
    let by_time = gather(dataset, aim, &hidden, &after, moment_ms, seed);
    let returning = by_time.cases.iter().filter(|case| case.now_ms == moment_ms).count();
    let others = by_time.cases.len() - returning;
    if returning >= RETURNING_MIN || (returning * 10 < dataset.ends.len() && others >= 5 * RETURNING_MIN) {
        return Some(Split { by_time: true, ..by_time });
    }
    let end_ms = dataset.observations.iter().map(|observation| observation.time_ms).max()?;
    let last_part = |visitor: &[Observation]| {
        if visitor.len() < OBSERVATIONS_MIN {
            visitor.len()
        } else {
            visitor.len() - ((visitor.len() as f64 * HELD_BACK_SHARE) as usize).max(1)
        }
    };
    let by_visitor = gather(dataset, aim, &hidden, &last_part, end_ms, seed);
    (by_visitor.cases.len() >= 20).then_some(by_visitor)
}

/// A tenth of the products that anybody wanted, where products are described.
fn hidden(dataset: &Dataset, seed: u64) -> Vec<bool> {
    if dataset.features.values().is_empty() {
        return Vec::new();
    }
    (0..u64::from(dataset.products)).map(|row| mixed(seed ^ 0x61 ^ (row << 8)).is_multiple_of(HIDDEN_ONE_IN)).collect()
}

fn gather(
    dataset: &Dataset,
    aim: &[bool],
    hidden: &[bool],
    start_of_rest: &dyn Fn(&[Observation]) -> usize,
    now_ms: i64,
    seed: u64,
) -> Split {
    let mut before = Dataset { products: dataset.products, features: dataset.features.clone(), ..Dataset::default() };
    let (mut returning, mut within, mut strangers) = (Vec::new(), Vec::new(), Vec::new());
    let mut arrivals = Vec::new();
    let is_hidden = |product: u32| hidden.get(product as usize).is_some_and(|&hidden| hidden);
    let seen = |observations: &[Observation]| -> Vec<Observation> {
        observations.iter().filter(|observation| !is_hidden(observation.product)).copied().collect()
    };
    for (number, range) in dataset.ranges().enumerate() {
        let visitor = &dataset.observations[range.clone()];
        let aimed_at = |at: usize| visitor[at].weight > 0.0 && aim.get(range.start + at).is_none_or(|&aimed| aimed);
        let start = start_of_rest(visitor);
        let (past, rest) = visitor.split_at(start);
        let past_seen = seen(past);
        if !past_seen.is_empty() {
            before.push(past_seen.iter().copied());
        }
        let luck = |part: u64| mixed(seed ^ ((number as u64) << 20) ^ part);
        if !hidden.is_empty() && !past_seen.is_empty() {
            let mut wanted: Vec<u32> =
                (0..visitor.len()).filter(|&at| aimed_at(at)).map(|at| visitor[at].product).collect();
            wanted.retain(|&product| is_hidden(product));
            wanted.sort_unstable();
            wanted.dedup();
            if !wanted.is_empty() {
                arrivals.push((luck(0xa), Case { history: past_seen.clone(), now_ms, wanted }));
            }
        }
        let left_out = latest(past);
        let mut wanted: Vec<u32> = Vec::new();
        for (at, observation) in visitor.iter().enumerate().skip(start) {
            if aimed_at(at) && !left_out.contains(&observation.product) && !wanted.contains(&observation.product) {
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
            returning.push((luck(1), Case { history: past_seen, now_ms, wanted }));
        }
        let mut own = steps(visitor, start, &aimed_at, &luck);
        own.sort_by_key(|&(luck, _)| luck);
        own.truncate(SESSION_CASES_PER_VISITOR_MAX);
        within.extend(own.into_iter().map(|(luck, case)| (luck, Case { history: seen(&case.history), ..case })));
    }
    let drawn = |mut kind: Vec<(u64, Case)>, count: usize| {
        kind.sort_by_key(|&(luck, _)| luck);
        kind.truncate(count);
        kind.into_iter().map(|(_, case)| case)
    };
    let cases = [returning, within, strangers].into_iter().flat_map(|kind| drawn(kind, CASES_MAX)).collect();
    let arrivals = drawn(arrivals, ARRIVAL_CASES_MAX).collect();
    before.met_ms = met_before(dataset, &before, &is_hidden, now_ms);
    Split { before, cases, arrivals, hidden: hidden.to_vec(), by_time: false }
}

/// When anything was first heard of each product before the questions: of the hidden, never; of those that only say nothing in
/// the log, when that was.
fn met_before(dataset: &Dataset, before: &Dataset, is_hidden: &dyn Fn(u32) -> bool, now_ms: i64) -> Vec<i64> {
    let mut observed = vec![false; dataset.products as usize];
    for observation in dataset.observations.iter().filter(|observation| observation.product < dataset.products) {
        observed[observation.product as usize] = true;
    }
    let mut met_ms = before.first_met_ms();
    for (row, met_ms) in met_ms.iter_mut().enumerate() {
        let heard_ms = dataset.met_ms.get(row).copied().unwrap_or(NEVER_MS);
        if is_hidden(row as u32) {
            *met_ms = NEVER_MS;
        } else if !observed[row] && heard_ms <= now_ms {
            *met_ms = heard_ms;
        }
    }
    met_ms
}

/// The latest products of a history, which are not recommended again.
fn latest(history: &[Observation]) -> FxHashSet<u32> {
    let mut latest = FxHashSet::default();
    for observation in history.iter().rev() {
        if latest.len() >= LEFT_OUT_MAX as usize {
            break;
        }
        latest.insert(observation.product);
    }
    latest
}

/// A question before each step within a session that is to a product aimed at: what is the next such product? Where
/// looks lead to a purchase, each look asks for it.
fn steps(
    visitor: &[Observation],
    start: usize,
    aimed_at: &dyn Fn(usize) -> bool,
    luck: &dyn Fn(u64) -> u64,
) -> Vec<(u64, Case)> {
    const HOUR_MS: i64 = 3_600_000;
    let same_session = |at: usize| at > 0 && visitor[at].time_ms.saturating_sub(visitor[at - 1].time_ms) <= HOUR_MS;
    let mut cases = Vec::new();
    for at in (start..visitor.len()).filter(|&at| same_session(at)) {
        let history = &visitor[at.saturating_sub(crate::limits::HISTORY_MAX)..at];
        let left_out = latest(history);
        let mut ahead = (at..visitor.len().min(at + STEPS_AHEAD_MAX)).take_while(|&ahead| same_session(ahead));
        let next = ahead.find(|&ahead| aimed_at(ahead) && !left_out.contains(&visitor[ahead].product));
        // Without an aim that leaves steps out, only a step that is wanted itself asks.
        if let Some(next) = next.filter(|&next| next == at || !aimed_at(at)) {
            let wanted = vec![visitor[next].product];
            cases.push((
                luck(2 + at as u64),
                Case { history: history.to_vec(), now_ms: visitor[at - 1].time_ms, wanted },
            ));
        }
    }
    cases
}
