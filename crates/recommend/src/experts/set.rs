use std::sync::LazyLock;

use super::affinity::Affinity;
use super::factors::{Factors, dot};
use super::popularity::{PERIODS, Popularity};
use super::sessions::Sessions;
use super::{Attention, content, described, linear, sequence, sum_of_neighbours};
use crate::cooccurrence::{Neighbours, Places as Occurrences};
use crate::neighbours::{self, Similar, Tuning};
use crate::scores::{Room, Scores, best_first, keep_best};
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
pub(crate) const RELATED: usize = 0;
pub(crate) const LINEAR: usize = 4;
const SESSIONS: usize = 6;
const ALIKE: usize = 7;
const ALIKE_SESSION: usize = 8;
const FACTORS: usize = 9;
const COHORT: usize = 10;
/// Where each kind of features begins: two for each expert, then one for each period of popularity, the age, two for the
/// leaning, and those of products without history.
pub(crate) const POPULARITY_AT: usize = 2 * EXPERTS.len();
pub(crate) const AGE_AT: usize = POPULARITY_AT + PERIODS;
pub(crate) const LEANING_AT: usize = AGE_AT + 1;
pub(crate) const COLD_AT: usize = LEANING_AT + 2;
pub(crate) const FEATURES: usize = COLD_AT + 8;
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
    /// `alike` is what another training on the same products found of them. `None` when `progress` answered false.
    pub(crate) fn train(
        dataset: &Dataset,
        tuning: &Tuning,
        seed: u64,
        alike: Option<Neighbours>,
        progress: &(dyn Fn(f32) -> bool + Sync),
    ) -> Option<Experts> {
        let part = |from: f32, to: f32| move |share: f32| progress(from + (to - from) * share);
        let products = dataset.products;
        let popularity = Popularity::train(dataset);
        let histories = neighbours::histories(dataset);
        let mut factors = Factors::train(&histories, products, seed, &part(0.0, 0.2))?;
        let met: Vec<bool> = dataset.first_met_ms().iter().map(|&met_ms| met_ms != NEVER_MS).collect();
        let expected = described::expect(&dataset.features, &met, &popularity.counts[0], &mut factors);
        factors.make_searchable();
        let promising = promising(&expected);
        let places = Occurrences::new(&histories, products);
        let fresh = neighbours::fresh(dataset, (&histories, &places), &part(0.2, 0.3))?;
        let counts = places.counts();
        let Similar { related, broad, gram } = neighbours::similar(
            (&histories, &places),
            products,
            tuning,
            &linear::gram_lengths(&counts),
            &part(0.3, 0.6),
        )?;
        drop(places);
        let linear = linear::weights(&histories, &counts, &gram, &part(0.6, 0.9))?;
        drop((histories, gram));
        let following = sequence::following(dataset, &part(0.9, 0.95))?;
        Some(Experts {
            products,
            related,
            broad,
            fresh,
            following,
            sessions: Sessions::train(dataset),
            affinity: Affinity::new(dataset.features.clone(), &popularity),
            popularity,
            alike: alike.unwrap_or_else(|| content::alike(&dataset.features, products)),
            linear,
            factors,
            expected,
            promising,
        })
    }

    /// What one expert says, in no order; products that nothing speaks for are absent.
    pub(crate) fn scores_of(&self, expert: usize, taste: &Taste, scores: &mut Scores) -> Vec<(u32, f32)> {
        match (expert, self.neighbours_of(expert)) {
            (_, Some((neighbours, attention))) => sum_of_neighbours(neighbours, attention, taste, scores),
            (SESSIONS, _) => self.sessions.score(&self.sessions.nearby(taste), scores),
            (COHORT, _) => self.sessions.cohort(&self.sessions.nearby(taste), scores),
            _ => return self.factors.person(taste).map_or_else(Vec::new, |person| self.factors.scores(&person)),
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

    /// The best `allowed` products of every expert and the most popular ones, without those of the history.
    pub(crate) fn candidates(&self, taste: &Taste, allowed: &dyn Fn(u32) -> bool) -> Candidates {
        let mut room = Room::lend(self.products);
        let Room { scores, places: by_product } = &mut *room;
        let mut places = Places { by_product, rows: Vec::with_capacity(1_500), allowed };
        for held in &taste.held {
            places.by_product[held.product as usize] = LEFT_OUT;
        }
        let person = self.factors.person(taste);
        let nearby = self.sessions.nearby(taste);
        let mut lists: Vec<Vec<(u32, f32)>> = Vec::with_capacity(EXPERTS.len());
        for expert in 0..EXPERTS.len() {
            let mut list = match expert {
                // Of all candidates, below.
                FACTORS => {
                    lists.push(Vec::new());
                    if let Some(person) = &person {
                        self.factors.best(person, allowed, [CANDIDATES_PER_EXPERT, COLD_CANDIDATES], &mut |row| {
                            places.take_one(row);
                        });
                    }
                    continue;
                }
                SESSIONS => {
                    self.sessions.score(&nearby, scores);
                    scores.take_positive()
                }
                COHORT => {
                    self.sessions.cohort(&nearby, scores);
                    scores.take_positive()
                }
                _ => self.scores_of(expert, taste, scores),
            };
            places.take_best(&mut list, CANDIDATES_PER_EXPERT);
            lists.push(list);
        }
        for period in 0..PERIODS {
            places.take(self.popularity.leaders(period).iter().map(|&(row, _)| row), CANDIDATES_PER_EXPERT);
        }
        places.take(self.promising.iter().copied(), COLD_CANDIDATES / 2);
        let Places { by_product, rows, .. } = places;
        if let Some(person) = &person {
            let score = |&row: &u32| Some((row, dot(person, self.factors.of(row)?).max(0.0)));
            lists[FACTORS] = rows.iter().filter_map(score).collect();
        }
        let mut features = vec![0.0; rows.len() * FEATURES];
        let mut raw = vec![0.0; rows.len() * EXPERTS.len()];
        for (expert, list) in lists.iter().enumerate() {
            let mut most = f32::MIN_POSITIVE;
            for &(row, score) in list {
                if score > most && by_product[row as usize] != LEFT_OUT {
                    most = score;
                }
            }
            for &(row, score) in list {
                let place = by_product[row as usize];
                if place != 0 && place != LEFT_OUT {
                    let at = (place as usize - 1) * FEATURES + 2 * expert;
                    let share = (score / most).min(1.0);
                    raw[(place as usize - 1) * EXPERTS.len() + expert] = score;
                    features[at] = share;
                    features[at + 1] = curved(share);
                }
            }
        }
        let leaning = self.affinity.leaning(taste);
        for (row, own) in rows.iter().zip(features.chunks_exact_mut(FEATURES)) {
            let row = *row as usize;
            let (counts_ln, age_ln) = self.popularity.of(row);
            own[POPULARITY_AT..AGE_AT].copy_from_slice(&counts_ln);
            own[AGE_AT] = age_ln;
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
                own[COLD_AT..FEATURES].copy_from_slice(&[
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
        for row in taste.held.iter().map(|held| held.product).chain(rows.iter().copied()) {
            by_product[row as usize] = 0;
        }
        Candidates { rows, features, raw }
    }
}

/// `ln (1 + 50 share) / ln 51`, from a table: some thousands are needed for an answer.
fn curved(share: f32) -> f32 {
    const STEPS: usize = 4_096;
    static TABLE: LazyLock<Vec<f32>> = LazyLock::new(|| {
        (0..=STEPS + 1).map(|step| (1.0 + 50.0 * step as f32 / STEPS as f32).ln() / 51f32.ln()).collect()
    });
    let at = share * STEPS as f32;
    let (below, above) = (TABLE[at as usize], TABLE[at as usize + 1]);
    below + (above - below) * at.fract()
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
    by_product: &'a mut [u32],
    rows: Vec<u32>,
    allowed: &'a dyn Fn(u32) -> bool,
}

impl Places<'_> {
    fn take_one(&mut self, row: u32) {
        if self.by_product[row as usize] == 0 {
            self.rows.push(row);
            self.by_product[row as usize] = self.rows.len() as u32;
        }
    }

    fn take(&mut self, list: impl Iterator<Item = u32>, count: usize) {
        let allowed = self.allowed;
        for row in list.filter(|&row| allowed(row)).take(count) {
            self.take_one(row);
        }
    }

    /// The best `count` allowed ones among the best four times `count`; reorders the list.
    fn take_best(&mut self, list: &mut [(u32, f32)], count: usize) {
        let allowed = self.allowed;
        let mut rest = list;
        let mut left = count;
        // Mostly the first part is enough, and the rest is not looked at.
        for _ in 0..4 {
            if rest.len() > count {
                rest.select_nth_unstable_by(count - 1, best_first);
            }
            let (best, later) = rest.split_at_mut(count.min(rest.len()));
            if left < best.len() {
                best.sort_unstable_by(best_first);
            }
            for &(row, _) in best.iter().filter(|&&(row, _)| allowed(row)).take(left) {
                self.take_one(row);
                left -= 1;
            }
            if left == 0 || later.is_empty() {
                return;
            }
            rest = later;
        }
    }
}
