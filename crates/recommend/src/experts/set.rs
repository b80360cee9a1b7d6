use super::affinity::Affinity;
use super::factors::{Factors, dot};
use super::popularity::{PERIODS, Popularity};
use super::sessions::Sessions;
use super::{Attention, content, described, linear, sequence, sum_of_neighbours};
use crate::cooccurrence::Neighbours;
use crate::limits::{LEFT_OUT_MAX, OWN_CANDIDATES_MAX};
use crate::neighbours::{self, Tuning};
use crate::scores::{Scores, keep_best};
use crate::taste::Taste;
use crate::{Dataset, NEVER_MS};

/// The experts by name, in the order of their features.
pub(crate) const EXPERTS: [&str; 12] = [
    "related",
    "related_session",
    "related_broad",
    "following",
    "linear",
    "linear_session",
    "sessions",
    "alike",
    "alike_session",
    "factors",
    "cohort",
    "fresh",
];
const SESSIONS: usize = 6;
const ALIKE: usize = 7;
const ALIKE_SESSION: usize = 8;
const FACTORS: usize = 9;
const COHORT: usize = 10;
/// Where each kind of features begins: two for each expert, then one for each period of popularity, the age, two for the
/// leaning, those of products without history, and those of the visitor's own products of long ago.
pub(crate) const POPULARITY_AT: usize = 2 * EXPERTS.len();
pub(crate) const AGE_AT: usize = POPULARITY_AT + PERIODS;
pub(crate) const LEANING_AT: usize = AGE_AT + 1;
pub(crate) const COLD_AT: usize = LEANING_AT + 2;
pub(crate) const OWN_AT: usize = COLD_AT + 8;
pub(crate) const FEATURES: usize = OWN_AT + 3;
/// The best of each expert that become candidates.
const CANDIDATES_PER_EXPERT: usize = 150;
/// And of the products without history, by the vector and by how much they will be wanted.
const COLD_CANDIDATES: usize = 100;

/// What was learned, by expert.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Experts {
    pub(crate) products: u32,
    pub(crate) related: Neighbours,
    pub(crate) broad: Neighbours,
    pub(crate) fresh: Neighbours,
    pub(crate) following: Neighbours,
    pub(crate) linear: Neighbours,
    pub(crate) alike: Neighbours,
    pub(crate) sessions: Sessions,
    pub(crate) popularity: Popularity,
    pub(crate) affinity: Affinity,
    pub(crate) factors: Factors,
    /// By product never met, the logarithm of how much its content lets expect it to be wanted; may be empty.
    pub(crate) expected: Vec<f32>,
    /// The products without history that will be wanted most, best first.
    pub(crate) promising: Vec<u32>,
}

/// Products with what the experts say of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    pub(crate) rows: Vec<u32>,
    /// [`FEATURES`] for each row.
    pub(crate) features: Vec<f32>,
    /// What each expert says, not scaled.
    pub(crate) raw: Vec<f32>,
}

impl Candidates {
    pub(crate) fn features_of(&self, index: usize) -> &[f32] {
        &self.features[index * FEATURES..(index + 1) * FEATURES]
    }

    /// Whether nobody has wanted the product so far.
    pub(crate) fn is_cold(&self, index: usize) -> bool {
        self.features_of(index)[COLD_AT] > 0.0
    }
}

impl Experts {
    /// `None` when `progress` answered false.
    pub(crate) fn train(
        dataset: &Dataset,
        tuning: &Tuning,
        seed: u64,
        progress: &(dyn Fn(f32) -> bool + Sync),
    ) -> Option<Experts> {
        let part = |from: f32, to: f32| move |share: f32| progress(from + (to - from) * share);
        let popularity = Popularity::train(dataset);
        let mut factors = Factors::train(dataset, seed, &part(0.0, 0.1))?;
        let met: Vec<bool> = dataset.first_met_ms().iter().map(|&met_ms| met_ms != NEVER_MS).collect();
        let expected = described::expect(&dataset.features, &met, &popularity.counts[0], &mut factors);
        let promising = promising(&expected);
        Some(Experts {
            products: dataset.products,
            related: neighbours::related(dataset, tuning, &part(0.1, 0.25))?,
            broad: neighbours::broad(dataset, &part(0.25, 0.4))?,
            fresh: neighbours::fresh(dataset, &part(0.4, 0.45))?,
            following: sequence::following(dataset, &part(0.45, 0.5))?,
            sessions: Sessions::train(dataset),
            affinity: Affinity::new(dataset.features.clone(), &popularity),
            popularity,
            alike: content::alike(&dataset.features, dataset.products),
            linear: linear::weights(dataset, &part(0.55, 1.0))?,
            factors,
            expected,
            promising,
        })
    }

    /// What one expert says, in no order; products that nothing speaks for are absent.
    pub(crate) fn scores_of(&self, expert: usize, taste: &Taste, scores: &mut Scores) -> Vec<(u32, f32)> {
        match (expert, self.neighbours_of(expert)) {
            (_, Some((neighbours, attention))) => sum_of_neighbours(neighbours, attention, taste, scores),
            (SESSIONS, _) => self.sessions.score(taste, scores),
            (COHORT, _) => self.sessions.cohort(taste, scores),
            _ => {
                let person = self.factors.person(taste);
                return person.map_or_else(Vec::new, |person| self.factors.scores(&person, &|_| true).concat());
            }
        }
        scores.take_positive()
    }

    /// How much each product of the history speaks for `product` in the eyes of one expert; nothing for the expert that
    /// looks at whole histories.
    pub(crate) fn spoken_for(&self, expert: usize, taste: &Taste, product: u32) -> Vec<(u32, f32)> {
        let Some((neighbours, attention)) = self.neighbours_of(expert) else { return Vec::new() };
        let likeness = |held: u32| neighbours.of(held).iter().find(|&&(other, _)| other == product);
        let spoken = taste.held.iter().filter_map(|held| Some((held, likeness(held.product)?.1)));
        spoken.map(|(held, likeness)| (held.product, attention.of(held) * likeness)).collect()
    }

    fn neighbours_of(&self, expert: usize) -> Option<(&Neighbours, Attention)> {
        Some(match expert {
            0 => (&self.related, Attention::Lasting),
            1 => (&self.related, Attention::Session),
            2 => (&self.broad, Attention::Lasting),
            3 => (&self.following, Attention::Latest),
            4 => (&self.linear, Attention::Lasting),
            5 => (&self.linear, Attention::Session),
            ALIKE => (&self.alike, Attention::Lasting),
            ALIKE_SESSION => (&self.alike, Attention::Session),
            11 => (&self.fresh, Attention::Session),
            _ => return None,
        })
    }

    /// The best `allowed` products of every expert, the most popular ones, and the visitor's own of long ago; without the
    /// [`LEFT_OUT_MAX`] latest of the history.
    pub(crate) fn candidates(&self, taste: &Taste, allowed: &dyn Fn(u32) -> bool) -> Candidates {
        let mut scores = Scores::new(self.products);
        let mut places =
            Places { by_product: vec![0; self.products as usize], rows: Vec::with_capacity(1_000), allowed };
        for held in &taste.held {
            if held.later < LEFT_OUT_MAX {
                places.by_product[held.product as usize] = LEFT_OUT;
            }
        }
        let person = self.factors.person(taste);
        let mut lists: Vec<Vec<(u32, f32)>> = Vec::with_capacity(EXPERTS.len());
        for expert in 0..EXPERTS.len() {
            if expert == FACTORS {
                // Of all candidates, below.
                lists.push(Vec::new());
                if let Some(person) = &person {
                    let [known, cold] = self.factors.scores(person, allowed);
                    places.take_best(known, CANDIDATES_PER_EXPERT);
                    places.take_best(cold, COLD_CANDIDATES);
                }
                continue;
            }
            let list = self.scores_of(expert, taste, &mut scores);
            places.take_best(list.clone(), CANDIDATES_PER_EXPERT);
            lists.push(list);
        }
        for period in 0..PERIODS {
            places.take(self.popularity.leaders(period).iter().map(|&(row, _)| row), CANDIDATES_PER_EXPERT);
        }
        places.take(self.promising.iter().copied(), COLD_CANDIDATES / 2);
        let own = taste.held.iter().filter(|held| held.weight > 0.0 && held.later >= LEFT_OUT_MAX);
        places.take(own.map(|held| held.product), OWN_CANDIDATES_MAX);
        let Places { by_product, rows, .. } = places;
        if let Some(person) = &person {
            let score = |&row: &u32| Some((row, dot(person, self.factors.of(row)?).max(0.0)));
            lists[FACTORS] = rows.iter().filter_map(score).collect();
        }
        let mut features = vec![0.0; rows.len() * FEATURES];
        let mut raw = vec![0.0; rows.len() * EXPERTS.len()];
        for (expert, list) in lists.iter().enumerate() {
            let others = list.iter().filter(|&&(row, _)| by_product[row as usize] != LEFT_OUT);
            let most = others.map(|&(_, score)| score).fold(f32::MIN_POSITIVE, f32::max);
            for &(row, score) in list {
                let place = by_product[row as usize];
                if place != 0 && place != LEFT_OUT {
                    let at = (place as usize - 1) * FEATURES + 2 * expert;
                    let share = (score / most).min(1.0);
                    raw[(place as usize - 1) * EXPERTS.len() + expert] = score;
                    features[at] = share;
                    features[at + 1] = (1.0 + 50.0 * share).ln() / 51f32.ln();
                }
            }
        }
        let leaning = self.affinity.leaning(taste);
        for (row, own) in rows.iter().zip(features.chunks_exact_mut(FEATURES)) {
            let row = *row as usize;
            for (value, counts) in own[POPULARITY_AT..].iter_mut().zip(&self.popularity.counts) {
                *value = counts[row].ln_1p();
            }
            let first_ms = self.popularity.first_ms[row];
            let age_ms = self.popularity.latest_ms.saturating_sub(first_ms).max(0);
            own[AGE_AT] = (1.0 + age_ms as f32 / 86_400_000.0).ln();
            let leaning = self.affinity.of(&leaning, row as u32);
            own[LEANING_AT..LEANING_AT + 2].copy_from_slice(&leaning);
            let expected = self.expected.get(row).copied().unwrap_or(0.0);
            if expected > 0.0 {
                // What speaks for a product without history speaks in a block of its own: the weights that are right among
                // products with history are none for it.
                let of = |expert: usize| [own[2 * expert], own[2 * expert + 1]];
                let ([factor, factor_ln], [alike, alike_ln], [_, session_ln]) =
                    (of(FACTORS), of(ALIKE), of(ALIKE_SESSION));
                own[..COLD_AT].fill(0.0);
                own[COLD_AT..OWN_AT].copy_from_slice(&[
                    1.0,
                    factor,
                    factor_ln,
                    expected,
                    alike,
                    alike_ln + session_ln,
                    leaning[0],
                    leaning[1],
                ]);
            }
        }
        for held in taste.held.iter().filter(|held| held.later >= LEFT_OUT_MAX) {
            let place = by_product[held.product as usize];
            if place != 0 && place != LEFT_OUT {
                let at = (place as usize - 1) * FEATURES + OWN_AT;
                features[at..at + 3].copy_from_slice(&[1.0, (held.times as f32).ln_1p(), held.hours.ln_1p() / 10.0]);
            }
        }
        Candidates { rows, features, raw }
    }
}

/// The products without history that will be wanted most.
pub(crate) fn promising(expected: &[f32]) -> Vec<u32> {
    let some = expected.iter().enumerate().filter(|&(_, &expected)| expected > 0.0);
    let mut list: Vec<(u32, f32)> = some.map(|(row, &expected)| (row as u32, expected)).collect();
    keep_best(&mut list, 4 * COLD_CANDIDATES);
    list.into_iter().map(|(row, _)| row).collect()
}

/// Stands for the place of a product that is not to be recommended.
const LEFT_OUT: u32 = u32::MAX;

/// The candidates so far.
struct Places<'a> {
    /// One more than the place in `rows`; 0 for none.
    by_product: Vec<u32>,
    rows: Vec<u32>,
    allowed: &'a dyn Fn(u32) -> bool,
}

impl Places<'_> {
    fn take(&mut self, list: impl Iterator<Item = u32>, count: usize) {
        for row in list.filter(|&row| (self.allowed)(row)).take(count) {
            if self.by_product[row as usize] == 0 {
                self.rows.push(row);
                self.by_product[row as usize] = self.rows.len() as u32;
            }
        }
    }

    fn take_best(&mut self, mut list: Vec<(u32, f32)>, count: usize) {
        keep_best(&mut list, 4 * count);
        self.take(list.into_iter().map(|(row, _)| row), count);
    }
}
