//! Questions of the past with their answers: what the combination of the experts is learned from.
//!
//! So that the past wants products without history too, a tenth of the products is hidden from the experts: their
//! observations are left out of the log before the questions, and out of the histories of the questions, but not out of what
//! was wanted. Where products are not described, nothing could be said of those hidden, and none is.

use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::limits::HISTORY_MAX;
use crate::random::mixed;
use crate::{Dataset, NEVER_MS, Observation};

/// The share of the log that is held back, and of one of few observations.
const HELD_BACK_SHARE: f64 = 0.1;
const HELD_BACK_SHARE_OF_FEW: f64 = 0.15;
const FEW: usize = 300_000;
/// With fewer visitors who come back after the moment of the split, or are new after it, there is nothing to learn of them.
const PEOPLE_MIN: usize = 150;
/// With less of the log before the moment of the split, its times do not tell what came before what: most are the same.
const BEFORE_SHARE_MIN: f64 = 0.5;
/// Questions of each kind.
const CASES_MAX: usize = 4_000;
/// Questions for hidden products.
const ARRIVAL_CASES_MAX: usize = 1_500;
/// Questions within sessions of one visitor, and at returns after the first one.
const SESSION_CASES_PER_VISITOR_MAX: usize = 5;
const LATER_RETURNS_PER_VISITOR_MAX: usize = 3;
/// Within a session no pause is longer.
const SESSION_PAUSE_MS_MAX: i64 = 3_600_000;
/// What a stranger's question asks for: so many of the first products wanted.
const FIRST_WANTED: usize = 10;
/// How many steps ahead a question within a session looks for what is aimed at.
const STEPS_AHEAD_MAX: usize = 50;
/// With fewer questions for what is aimed at, all that speaks for products is asked for.
const AIMED_CASES_MIN: usize = 200;
/// Of so many visitors the last part is held back where the split is by time and few come back; at most of one in so many, as the
/// experts learn from the rest.
const LAST_PARTS: u64 = 1_500;
const LAST_PART_ONE_IN: u64 = 4;
/// From this many observations on a visitor's last part may be held back.
const OBSERVATIONS_MIN: usize = 4;
/// One in so many products is hidden.
const HIDDEN_ONE_IN: u64 = 10;

/// A question of the past.
pub(crate) struct Case {
    /// 0 or 1, the same for all questions of one visitor: what is learned from one half is measured on the other.
    pub(crate) half: u8,
    pub(crate) history: Vec<Observation>,
    pub(crate) now_ms: i64,
    /// The products that the visitor had before, which are not asked for, in rising order.
    pub(crate) known: Vec<u32>,
    /// The products that the visitor wanted next and had not had before.
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

/// Splits by time, which lets nothing of the future into the past, where enough visitors are there after the moment of the
/// split. Where enough of them come back, they are who is asked. Where enough are new but few come back, nothing would be known of
/// how to answer who does: of some visitors whose log ended before the moment the last part is held back too. Else that of all
/// visitors is. People are counted, not questions: a handful of visitors with a thousand clicks each are a handful. `None` where
/// the log is too small for either.
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
    let (earlier, &mut moment_ms, _) = times.select_nth_unstable(at);
    let before = earlier.iter().filter(|&&time_ms| time_ms < moment_ms).count();
    let hidden = hidden(dataset, seed);
    if before as f64 >= BEFORE_SHARE_MIN * times.len() as f64 {
        let after =
            |_: usize, visitor: &[Observation]| visitor.partition_point(|observation| observation.time_ms < moment_ms);
        let people = People::after(dataset, moment_ms);
        if people.returning >= PEOPLE_MIN {
            return Some(Split { by_time: true, ..gather(dataset, aim, &hidden, &after, moment_ms, seed) });
        }
        if people.strangers >= PEOPLE_MIN {
            let gone = people.gone.max(1) as u64;
            let wanted = LAST_PARTS.min(gone / LAST_PART_ONE_IN);
            let drawn = |number: usize| mixed(seed ^ 0x9d ^ ((number as u64) << 20)) % gone < wanted;
            let after_or_last = |number: usize, visitor: &[Observation]| match after(number, visitor) {
                start if start == visitor.len() && drawn(number) => last_part(visitor),
                start => start,
            };
            return Some(Split { by_time: true, ..gather(dataset, aim, &hidden, &after_or_last, moment_ms, seed) });
        }
    }
    let end_ms = dataset.observations.iter().map(|observation| observation.time_ms).max()?;
    let by_visitor = gather(dataset, aim, &hidden, &|_, visitor| last_part(visitor), end_ms, seed);
    (by_visitor.cases.len() >= 20).then_some(by_visitor)
}

/// Where a visitor's last part begins.
fn last_part(visitor: &[Observation]) -> usize {
    if visitor.len() < OBSERVATIONS_MIN {
        visitor.len()
    } else {
        visitor.len() - ((visitor.len() as f64 * HELD_BACK_SHARE) as usize).max(1)
    }
}

/// How many visitors there are on which side of a moment.
#[derive(Default)]
struct People {
    /// On both sides, who want something new after it.
    returning: usize,
    /// After it alone.
    strangers: usize,
    /// Before it alone, with enough to hold a part back.
    gone: usize,
}

impl People {
    fn after(dataset: &Dataset, moment_ms: i64) -> People {
        let mut people = People::default();
        for visitor in dataset.visitors().filter(|visitor| !visitor.is_empty()) {
            let before = visitor.partition_point(|observation| observation.time_ms < moment_ms);
            match visitor.split_at(before) {
                ([], _) => people.strangers += 1,
                (_, []) => people.gone += usize::from(visitor.len() >= OBSERVATIONS_MIN),
                (past, rest) => {
                    let had: FxHashSet<u32> = past.iter().map(|observation| observation.product).collect();
                    let is_new = |seen: &Observation| seen.weight > 0.0 && !had.contains(&seen.product);
                    people.returning += usize::from(rest.iter().any(is_new));
                }
            }
        }
        people
    }
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
    start_of_rest: &dyn Fn(usize, &[Observation]) -> usize,
    now_ms: i64,
    seed: u64,
) -> Split {
    let mut before = Dataset { products: dataset.products, features: dataset.features.clone(), ..Dataset::default() };
    let (mut returning, mut later, mut within, mut strangers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut arrivals = Vec::new();
    let log = Log { dataset, aim, hidden };
    for (number, range) in dataset.ranges().enumerate() {
        let half = (mixed(seed ^ 0x4a ^ ((number as u64) << 20)) & 1) as u8;
        let visitor = Asked { luck: 0, half, range: range.clone(), at: range.start };
        let observations = &dataset.observations[range.clone()];
        let start = range.start + start_of_rest(number, observations);
        let drawn = |part: usize, at: usize| Asked {
            luck: mixed(seed ^ ((number as u64) << 20) ^ part as u64),
            at,
            ..visitor.clone()
        };
        let past_seen = log.seen(range.start..start);
        let is_known = !past_seen.is_empty();
        if is_known {
            before.push(past_seen);
            if !hidden.is_empty() && range.clone().any(|at| log.is_aimed_at(at) && log.is_hidden(at)) {
                arrivals.push(drawn(0xa, start));
            }
        }
        if log.wanted_from(&drawn(1, start)).is_empty() {
            continue;
        }
        if start == range.start {
            strangers.push(drawn(0, start));
        } else {
            returning.push(drawn(1, start));
            let returns = (start + 1..range.end).filter(|&at| !log.is_same_session(&range, at));
            let mut returns: Vec<Asked> = returns.map(|at| drawn(0x1_0000 + at - range.start, at)).collect();
            keep_drawn(&mut returns, LATER_RETURNS_PER_VISITOR_MAX);
            later.extend(returns.into_iter().filter(|asked| !log.wanted_from(asked).is_empty()));
        }
        let steps = log.steps(&range, start).into_iter();
        let mut steps: Vec<Asked> = steps.map(|at| drawn(2 + at - range.start, at)).collect();
        keep_drawn(&mut steps, SESSION_CASES_PER_VISITOR_MAX);
        within.append(&mut steps);
    }
    // Later returns ask of a past of which the experts know less, so they only fill up.
    keep_drawn(&mut later, CASES_MAX.saturating_sub(returning.len()));
    keep_drawn(&mut returning, CASES_MAX);
    keep_drawn(&mut within, CASES_MAX);
    keep_drawn(&mut strangers, CASES_MAX);
    keep_drawn(&mut arrivals, ARRIVAL_CASES_MAX);
    let time_ms = |at: usize| dataset.observations[at].time_ms;
    let mut cases = Vec::with_capacity(returning.len() + later.len() + within.len() + strangers.len());
    cases.extend(returning.iter().map(|asked| log.case(asked, now_ms, log.wanted_from(asked))));
    cases.extend(later.iter().map(|asked| log.case(asked, time_ms(asked.at), log.wanted_from(asked))));
    cases.extend(within.iter().map(|asked| {
        let wanted = log.next_step(&asked.range, asked.at).into_iter().collect();
        log.case(asked, time_ms(asked.at - 1), wanted)
    }));
    cases.extend(strangers.iter().map(|asked| {
        let mut wanted = log.wanted_from(asked);
        wanted.truncate(FIRST_WANTED);
        log.case(asked, time_ms(asked.at), wanted)
    }));
    let arrivals = arrivals.iter().map(|asked| {
        let aimed_at = asked.range.clone().filter(|&at| log.is_aimed_at(at) && log.is_hidden(at));
        let wanted = products(aimed_at.map(|at| dataset.observations[at].product));
        Case { known: Vec::new(), ..log.case(asked, now_ms, wanted) }
    });
    let arrivals = arrivals.collect();
    let is_hidden = |product: u32| hidden.get(product as usize).is_some_and(|&hidden| hidden);
    before.met_ms = met_before(dataset, &before, &is_hidden, now_ms);
    Split { before, cases, arrivals, hidden: hidden.to_vec(), by_time: false }
}

/// Where a question is asked: of which visitor's observations, and before which of them.
#[derive(Clone)]
struct Asked {
    luck: u64,
    half: u8,
    range: Range<usize>,
    at: usize,
}

/// Keeps at most `count`, drawn by their luck.
fn keep_drawn(asked: &mut Vec<Asked>, count: usize) {
    asked.sort_unstable_by_key(|asked| (asked.luck, asked.at));
    asked.truncate(count);
}

/// The log as questions are made of it; places in it are those of the dataset's observations.
struct Log<'a> {
    dataset: &'a Dataset,
    aim: &'a [bool],
    hidden: &'a [bool],
}

impl Log<'_> {
    fn is_hidden(&self, at: usize) -> bool {
        self.hidden.get(self.dataset.observations[at].product as usize).is_some_and(|&hidden| hidden)
    }

    fn is_aimed_at(&self, at: usize) -> bool {
        self.dataset.observations[at].weight > 0.0 && self.aim.get(at).is_none_or(|&aimed| aimed)
    }

    /// Whether the visitor did this in the session of the one before.
    fn is_same_session(&self, visitor: &Range<usize>, at: usize) -> bool {
        let time_ms = |at: usize| self.dataset.observations[at].time_ms;
        at > visitor.start && time_ms(at).saturating_sub(time_ms(at - 1)) <= SESSION_PAUSE_MS_MAX
    }

    /// The observations that are not of hidden products.
    fn seen(&self, range: Range<usize>) -> Vec<Observation> {
        range.filter(|&at| !self.is_hidden(at)).map(|at| self.dataset.observations[at]).collect()
    }

    fn products(&self, range: Range<usize>) -> impl Iterator<Item = u32> + '_ {
        self.dataset.observations[range].iter().map(|observation| observation.product)
    }

    /// What the visitor wanted from there on and had not had before, in that order, each once.
    fn wanted_from(&self, asked: &Asked) -> Vec<u32> {
        let mut had: FxHashSet<u32> = self.products(asked.range.start..asked.at).collect();
        let wanted = (asked.at..asked.range.end).filter(|&at| self.is_aimed_at(at));
        wanted.map(|at| self.dataset.observations[at].product).filter(|&product| had.insert(product)).collect()
    }

    /// The question, with as much of the history as is read for an answer.
    fn case(&self, asked: &Asked, now_ms: i64, wanted: Vec<u32>) -> Case {
        let mut history = self.seen(asked.range.start..asked.at);
        history.drain(..history.len().saturating_sub(HISTORY_MAX));
        let known = products(self.products(asked.range.start..asked.at));
        Case { half: asked.half, history, now_ms, known, wanted }
    }

    /// The places of questions from `start` on: before each step within a session that is to a product aimed at. Where looks lead
    /// to a purchase, each look asks for it.
    fn steps(&self, visitor: &Range<usize>, start: usize) -> Vec<usize> {
        let mut had: FxHashSet<u32> = self.products(visitor.start..start).collect();
        let mut steps = Vec::new();
        for at in start..visitor.end {
            if self.next_step_after(visitor, at, &had).is_some() {
                steps.push(at);
            }
            had.insert(self.dataset.observations[at].product);
        }
        steps
    }

    /// What is wanted next, in the same session, by who is asked before `at`.
    fn next_step(&self, visitor: &Range<usize>, at: usize) -> Option<u32> {
        self.next_step_after(visitor, at, &self.products(visitor.start..at).collect())
    }

    fn next_step_after(&self, visitor: &Range<usize>, at: usize, had: &FxHashSet<u32>) -> Option<u32> {
        let mut ahead =
            (at..visitor.end.min(at + STEPS_AHEAD_MAX)).take_while(|&ahead| self.is_same_session(visitor, ahead));
        let product = |at: usize| self.dataset.observations[at].product;
        let next = ahead.find(|&ahead| self.is_aimed_at(ahead) && !had.contains(&product(ahead)))?;
        // Without an aim that leaves steps out, only a step that is wanted itself asks.
        (next == at || !self.is_aimed_at(at)).then(|| product(next))
    }
}

/// Each once, in rising order.
fn products(products: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut products: Vec<u32> = products.collect();
    products.sort_unstable();
    products.dedup();
    products
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
