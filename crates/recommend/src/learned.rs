//! What the questions of the past teach: the ranker, the chances that it may promise, and how it did.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::blend::{Lesson, Situation, softmax};
use crate::calibration::{Calibration, ReliabilityBin, reliability};
use crate::cooccurrence::Neighbours;
use crate::experts::popularity::{FORGETTING, PERIODS};
use crate::experts::set::{COLD_AT, EXPERTS, Experts, LINEAR, POPULARITY_AT, RELATED};
use crate::forest::Forest;
use crate::lessons::{Case, Split};
use crate::ranker::{Context, Ranker};
use crate::taste::Taste;
use crate::{Dataset, Metrics, newcomers};

/// Rankings that are measured beside each other: with the second look, by the blend alone, by each period's popularity, by each
/// expert alone.
const RANKINGS: usize = EXPERTS_AT + EXPERTS.len();
const POPULAR_AT: usize = 2;
const EXPERTS_AT: usize = POPULAR_AT + PERIODS;
/// With fewer lessons of a situation, those of the others fill up: chance would decide which ranking is best in it.
const LESSONS_MIN: f64 = 100.0;
/// So many standard errors another ranking must be better than the second look before it is used in its place.
const BETTER_ERRORS: f64 = 1.0;

/// By how much what speaks for products never met is made smaller beside a simple ranking.
const BEHIND: f32 = 1e-3;

/// What each ranking gains on one lesson, and the chances given with whether they came true.
type Measured = ([f32; RANKINGS], Vec<(f32, bool)>);

#[derive(Default)]
pub(crate) struct Learned {
    pub(crate) ranker: Ranker,
    pub(crate) calibration: Calibration,
    pub(crate) reliability: Vec<ReliabilityBin>,
    pub(crate) metrics: Metrics,
    /// What the experts know of products that are alike, which is the same whatever the log; `None` without questions.
    pub(crate) alike: Option<Neighbours>,
}

/// The ranker learned from the questions of the split, whose past the `experts` know. In each situation it is the ranking that
/// did best on lessons that it had not seen: with the second look, without it, or by popularity or one expert alone.
///
/// It is learned from one half of the lessons and measured on the other, both ways, and then learned from all of them; the second
/// look is the mean of the three.
pub(crate) fn learn(split: &Split, mut experts: Experts, dataset: &Dataset, worth_ln: Vec<f32>) -> Learned {
    let lessons: Vec<Lesson> = split.cases.par_iter().filter_map(|case| lesson(&experts, case, &|_| true)).collect();
    let hidden = |row: u32| split.hidden[row as usize];
    let arrivals: Vec<Lesson> = split.arrivals.par_iter().filter_map(|case| lesson(&experts, case, &hidden)).collect();
    let cold_offset = newcomers::offset(split, &experts, dataset);
    let alike = Some(std::mem::take(&mut experts.alike));
    // The lessons hold all that is needed of the experts; both take room in the size of the catalogue.
    drop(experts);
    let mut tallies: [Tally; 3] = Default::default();
    let mut forests = Vec::with_capacity(3);
    let mut said: [Vec<(f32, bool)>; 2] = Default::default();
    for asked_half in [0, 1] {
        let taught = half_of(&lessons, 1 - asked_half);
        let taught_arrivals = half_of(&arrivals, 1 - asked_half);
        let asked = half_of(&lessons, asked_half);
        let mut ranker = Ranker::fit(&taught, &taught_arrivals, &worth_ln);
        let parts: Vec<Measured> = asked.par_iter().map(|lesson| measured(&ranker, lesson)).collect();
        for (lesson, (gains, chances)) in asked.iter().zip(parts) {
            tallies[lesson.context.situation as usize].add(&gains);
            said[asked_half].extend(chances);
        }
        forests.push(std::mem::take(&mut ranker.forest));
    }
    let (all, all_arrivals): (Vec<&Lesson>, Vec<&Lesson>) = (lessons.iter().collect(), arrivals.iter().collect());
    let mut ranker = Ranker::fit(&all, &all_arrivals, &worth_ln);
    forests.push(std::mem::take(&mut ranker.forest));
    ranker.forest = Forest::mean(forests);
    ranker.cold_offset = cold_offset;
    let whole = Tally::of(&tallies);
    let mut chosen = 0.0;
    for (situation, tally) in tallies.iter().enumerate() {
        // Of strangers the lessons of others teach nothing; by the blend's own belief they get what is popular.
        let too_few = situation == Situation::Stranger as usize && tally.lessons < LESSONS_MIN;
        let best = if too_few { 1 } else { tally.filled_up(&whole).best() };
        chosen += tally.sums[best];
        ranker.second_look[situation] = best == 0;
        if let Some(feature) = feature_of(best) {
            // Products never met, of which a simple ranking says nothing, keep their order behind those that it names.
            let weights = &mut ranker.blend.weights[situation];
            weights[..=COLD_AT].fill(0.0);
            weights[COLD_AT + 1..].iter_mut().for_each(|weight| *weight *= BEHIND);
            weights[feature] = 1.0;
        }
    }
    let mean = |sum: f64| (sum / lessons.len().max(1) as f64) as f32;
    let total = |ranking: usize| whole.sums[ranking];
    let metrics = Metrics {
        cases: lessons.len() as u32,
        ndcg: mean(chosen),
        ndcg_blend: mean(total(1)),
        ndcg_popularity: mean((POPULAR_AT..EXPERTS_AT).map(total).fold(0.0, f64::max)),
        ndcg_recent_popularity: mean(FORGETTING.map(|period| total(POPULAR_AT + period)).fold(0.0, f64::max)),
        ndcg_item_to_item: mean(total(EXPERTS_AT + RELATED)),
        ndcg_linear: mean(total(EXPERTS_AT + LINEAR)),
    };
    drop(lessons);
    let mends = [0, 1].map(|half| Calibration::fit(said[half].clone()));
    let mended = |half: usize| said[half].iter().map(move |&(chance, true_)| (chance, true_, 1 - half));
    let mended = mended(0).chain(mended(1)).map(|(chance, true_, other)| (mends[other].of(chance), true_));
    let reliability = reliability(mended);
    Learned { ranker, calibration: Calibration::fit(said.concat()), reliability, metrics, alike }
}

/// The feature by which one of the simple rankings goes; `None` for the second look and the blend.
fn feature_of(ranking: usize) -> Option<usize> {
    match ranking.checked_sub(EXPERTS_AT) {
        Some(expert) => Some(2 * expert),
        None => ranking.checked_sub(POPULAR_AT).map(|period| POPULARITY_AT + period),
    }
}

/// What each ranking gained on the lessons of a situation.
#[derive(Clone, Debug, Default)]
struct Tally {
    lessons: f64,
    sums: [f64; RANKINGS],
    /// By ranking, the sum of the squares of how much more it gained on a lesson than the second look.
    squares: [f64; RANKINGS],
}

impl Tally {
    fn add(&mut self, gains: &[f32; RANKINGS]) {
        self.lessons += 1.0;
        for (ranking, &gain) in gains.iter().enumerate() {
            self.sums[ranking] += f64::from(gain);
            self.squares[ranking] += f64::from(gain - gains[0]).powi(2);
        }
    }

    fn of(tallies: &[Tally]) -> Tally {
        tallies.iter().fold(Tally::default(), |sum, tally| sum.with(tally, 1.0))
    }

    fn with(mut self, other: &Tally, share: f64) -> Tally {
        self.lessons += share * other.lessons;
        let sums = self.sums.iter_mut().zip(&other.sums).chain(self.squares.iter_mut().zip(&other.squares));
        sums.for_each(|(sum, other)| *sum += share * other);
        self
    }

    /// With as much of `whole` as is missing to [`LESSONS_MIN`].
    fn filled_up(&self, whole: &Tally) -> Tally {
        let missing = (LESSONS_MIN - self.lessons).max(0.0);
        self.clone().with(whole, missing.min(whole.lessons) / whole.lessons.max(1.0))
    }

    /// The best ranking: the second look, but for one that is better by more than [`BETTER_ERRORS`] standard errors.
    fn best(&self) -> usize {
        let is_better = |ranking: usize| {
            let more = self.sums[ranking] - self.sums[0];
            more > 0.0
                && more * more > BETTER_ERRORS * BETTER_ERRORS * (self.squares[ranking] - more * more / self.lessons)
        };
        let others = (1..RANKINGS).filter(|&ranking| is_better(ranking));
        others.fold(0, |best, other| if best == 0 || self.sums[other] > self.sums[best] { other } else { best })
    }
}

fn half_of(lessons: &[Lesson], half: usize) -> Vec<&Lesson> {
    lessons.iter().filter(|lesson| usize::from(lesson.half) == half).collect()
}

/// The candidates for a question of the past, of the `allowed` products.
fn lesson(experts: &Experts, case: &Case, allowed: &dyn Fn(u32) -> bool) -> Option<Lesson> {
    let taste = Taste::new(&case.history, experts.products, experts.popularity.latest_ms, case.now_ms);
    let is_new = |row: u32| case.known.binary_search(&row).is_err();
    let candidates = experts.candidates(&taste, &|row| allowed(row) && is_new(row));
    let wanted: Vec<bool> = candidates.rows.iter().map(|row| case.wanted.contains(row)).collect();
    let context = Context::of(&taste);
    (!candidates.rows.is_empty())
        .then(|| Lesson::new(context, candidates, wanted, case.wanted.len()).of_half(case.half))
}

fn measured(ranker: &Ranker, lesson: &Lesson) -> Measured {
    let given = ranker.given(&lesson.candidates);
    let popular = |period: usize| -> Vec<f32> {
        let popularity = |index: usize| lesson.candidates.features_of(index)[POPULARITY_AT + period];
        given.iter().enumerate().map(|(index, given)| popularity(index) + given).collect()
    };
    let mut blended = ranker.blend.logits(lesson.context.situation, &lesson.candidates);
    blended.iter_mut().zip(&given).for_each(|(logit, given)| *logit += given);
    let ranked = ranker.logits(lesson.context, &lesson.candidates);
    let mut gains = [0.0; RANKINGS];
    gains[0] = ndcg(&ranked, lesson, &given);
    gains[1] = ndcg(&blended, lesson, &given);
    for (period, gain) in gains[POPULAR_AT..EXPERTS_AT].iter_mut().enumerate() {
        *gain = ndcg(&popular(period), lesson, &given);
    }
    for (expert, gain) in gains[EXPERTS_AT..].iter_mut().enumerate() {
        // What an expert has nothing to say of it does not rank.
        let said = lesson.candidates.known.iter().map(|known| known.said[expert]);
        let alone: Vec<f32> = said.map(|said| if said > 0.0 { said } else { f32::NEG_INFINITY }).collect();
        *gain = ndcg(&alone, lesson, &given);
    }
    (gains, softmax(&ranked).into_iter().zip(lesson.wanted.iter().copied()).collect())
}

/// nDCG@10 of the candidates by `scores`, ties by row; one of minus infinity is not ranked. A product wanted gains its worth; those wanted that are no candidates
/// would have gained 1 each.
fn ndcg(scores: &[f32], lesson: &Lesson, worth_ln: &[f32]) -> f32 {
    let mut order: Vec<(u32, f32)> = lesson.candidates.rows.iter().copied().zip(scores.iter().copied()).collect();
    crate::scores::keep_best(&mut order, 10);
    let rows = lesson.candidates.rows.iter().zip(worth_ln);
    let wanted = rows.zip(&lesson.wanted).filter(|&(_, &wanted)| wanted);
    let gain_by_row: FxHashMap<u32, f32> = wanted.map(|((&row, &worth_ln), _)| (row, worth_ln.exp())).collect();
    let mut gains: Vec<f32> = gain_by_row.values().copied().collect();
    gains.resize(lesson.wanted_total.max(gains.len()), 1.0);
    gains.sort_unstable_by(|a, b| b.total_cmp(a));
    let discount = |place: usize| 1.0 / ((place + 2) as f32).log2();
    let ranked = order.iter().take_while(|(_, score)| *score > f32::NEG_INFINITY);
    let hits = ranked.enumerate().filter_map(|(place, (row, _))| Some(discount(place) * gain_by_row.get(row)?));
    let gained: f32 = hits.sum();
    let ideal: f32 = gains.iter().take(10).enumerate().map(|(place, gain)| discount(place) * gain).sum();
    if ideal > 0.0 { gained / ideal } else { 0.0 }
}
