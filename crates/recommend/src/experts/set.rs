use std::sync::LazyLock;

use super::affinity::Affinity;
use super::factors::Factors;
use super::popularity::{PERIODS, Popularity};
use super::sessions::Sessions;
use super::{Attention, LEAST_ATTENTION, content, described, linear, sequence, sum_of_neighbours};
use crate::cooccurrence::{Neighbours, Places as Occurrences};
use crate::neighbours::{self, Similar, Tuning};
use crate::scoreboard::Scoreboard;
use crate::scores::{Scores, fetch, keep_best};
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
const FRESH: usize = 11;
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
    /// By product, made of the others; see [`Experts::with_facts`].
    pub(crate) facts: Vec<Facts>,
}

/// What an answer reads of a product that is a candidate, in the width of a line of the processor's memory.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub(crate) struct Facts {
    counts_ln: [f32; PERIODS],
    age_ln: f32,
    expected: f32,
    /// One more than its number among the vectors; 0 for none.
    vector: u32,
    /// Where its values begin, and how many they are.
    values_at: u32,
    values: u32,
}

/// Products with what the experts say of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// In rising order.
    pub(crate) rows: Vec<u32>,
    /// What is known of each.
    pub(crate) known: Vec<Known>,
    /// The most that each expert says of any product.
    most: [f32; EXPERTS.len()],
}

/// What the features of a candidate are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    /// What each expert says, not scaled; 0 where nothing speaks for it.
    pub(crate) said: [f32; EXPERTS.len()],
    counts_ln: [f32; PERIODS],
    age_ln: f32,
    leaning: [f32; 2],
    expected: f32,
}

impl Candidates {
    pub(crate) fn features_of(&self, index: usize) -> [f32; FEATURES] {
        let known = &self.known[index];
        let mut own = [0.0; FEATURES];
        for (expert, (&said, &most)) in known.said.iter().zip(&self.most).enumerate() {
            if said > 0.0 {
                let share = (said / most).min(1.0);
                own[2 * expert] = share;
                own[2 * expert + 1] = curved(share);
            }
        }
        own[POPULARITY_AT..AGE_AT].copy_from_slice(&known.counts_ln);
        own[AGE_AT] = known.age_ln;
        own[LEANING_AT..COLD_AT].copy_from_slice(&known.leaning);
        if self.is_cold(index) {
            // What speaks for a product without history speaks in a block of its own: the weights that are right among
            // products with history are none for it.
            let of = |expert: usize| [own[2 * expert], own[2 * expert + 1]];
            let ([factor, factor_ln], [alike, alike_ln], [_, session_ln]) = (of(FACTORS), of(ALIKE), of(ALIKE_SESSION));
            let [mean, greatest] = known.leaning;
            own[..COLD_AT].fill(0.0);
            own[COLD_AT..].copy_from_slice(&[
                1.0,
                factor,
                factor_ln,
                known.expected,
                alike,
                alike_ln + session_ln,
                mean,
                greatest,
            ]);
        }
        own
    }

    /// Whether nobody has wanted the product so far.
    pub(crate) fn is_cold(&self, index: usize) -> bool {
        self.known[index].expected > 0.0
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
        let experts = Experts {
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
            facts: Vec::new(),
        };
        Some(experts.with_facts())
    }

    /// With all that answers read made of what was learned or stored.
    pub(crate) fn with_facts(mut self) -> Experts {
        let features = &self.affinity.features;
        let facts = |row: u32| {
            let (counts_ln, age_ln) = self.popularity.of(row as usize);
            let expected = self.expected.get(row as usize).copied().unwrap_or(0.0);
            let values = features.range(row);
            let (values_at, values) = (values.start as u32, values.len() as u32);
            Facts { counts_ln, age_ln, expected, vector: 0, values_at, values }
        };
        self.facts = (0..self.products).map(facts).collect();
        for (number, &row) in self.factors.numbered().iter().enumerate() {
            self.facts[row as usize].vector = number as u32 + 1;
        }
        self
    }

    /// What one expert says, in no order; products that nothing speaks for are absent.
    pub(crate) fn scores_of(&self, expert: usize, taste: &Taste, scores: &mut Scores) -> Vec<(u32, f32)> {
        let nearby = || self.sessions.nearby(taste, &mut vec![0; self.sessions.histories()]);
        match (expert, self.neighbours_of(expert)) {
            (_, Some((neighbours, attention))) => sum_of_neighbours(neighbours, attention, taste, scores),
            (SESSIONS, _) => self.sessions.score(&nearby(), |row, score| scores.add(row, score)),
            (COHORT, _) => self.sessions.cohort(&nearby(), |row, score| scores.add(row, score)),
            _ => return self.factors.person(taste).map_or_else(Vec::new, |person| self.factors.scores(&person)),
        }
        scores.take_positive()
    }

    /// What each expert says of the products that it finds.
    fn write(&self, taste: &Taste, board: &mut Scoreboard) {
        for relation in [&self.related, &self.broad, &self.following, &self.linear, &self.alike, &self.fresh] {
            let lists = taste.held.iter().map(|held| relation.of(held.product));
            fetch(lists.flat_map(|list| list.iter().step_by(8).map(|&(row, _)| row)));
        }
        // Two experts that read the same lists read them once.
        for readers in [&[RELATED, 1][..], &[2], &[3], &[LINEAR, 5], &[ALIKE, ALIKE_SESSION], &[FRESH]] {
            for held in &taste.held {
                let shares = readers.iter().filter_map(|&expert| {
                    let share = self.neighbours_of(expert)?.1.of(held);
                    (share.abs() >= LEAST_ATTENTION).then_some((expert, share))
                });
                let mut of_readers = [(0, 0.0); 2];
                let count = of_readers.iter_mut().zip(shares).map(|(to, share)| *to = share).count();
                if let (1.., Some((neighbours, _))) = (count, self.neighbours_of(readers[0])) {
                    board.add_list(neighbours.of(held.product), &of_readers[..count]);
                }
            }
        }
        let nearby = self.sessions.nearby(taste, &mut board.by_history);
        self.sessions.score(&nearby, |row, score| board.add(SESSIONS, row, score));
        self.sessions.cohort(&nearby, |row, score| board.add(COHORT, row, score));
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
            FRESH => (&self.fresh, Attention::Session),
            _ => return None,
        })
    }

    /// The best `allowed` products of every expert and the most popular ones, without those of the history.
    pub(crate) fn candidates(&self, taste: &Taste, allowed: &dyn Fn(u32) -> bool) -> Candidates {
        let held = taste.held.iter().map(|held| held.product);
        let mut board = Scoreboard::lend(self.products, self.sessions.histories(), held);
        self.write(taste, &mut board);
        for expert in 0..EXPERTS.len() {
            board.choose_best(expert, CANDIDATES_PER_EXPERT, allowed);
        }
        let person = self.factors.person(taste);
        if let Some(person) = &person {
            let counts = [CANDIDATES_PER_EXPERT, COLD_CANDIDATES];
            for row in self.factors.best(person, &mut |row| board.allows(row, allowed), counts) {
                board.choose(row, allowed);
            }
        }
        for period in 0..PERIODS {
            let leaders = self.popularity.leaders(period).iter().map(|&(row, _)| row);
            board.choose_first(leaders, CANDIDATES_PER_EXPERT, allowed);
        }
        board.choose_first(self.promising.iter().copied(), COLD_CANDIDATES / 2, allowed);

        let chosen = board.chosen();
        let leaning = self.affinity.leaning(taste);
        let values = self.affinity.features.values();
        let facts: Vec<Facts> = chosen.iter().map(|&(row, _)| self.facts[row as usize]).collect();
        fetch(facts.iter().filter_map(|facts| values.get(facts.values_at as usize).copied()));
        self.factors.fetch(facts.iter().filter_map(|facts| facts.vector.checked_sub(1)));
        let known = |(&(_, place), facts): (&(u32, u32), &Facts)| {
            let mut said = board.said(place).map(|said| said.max(0.0));
            if let Some((person, number)) = person.as_ref().zip(facts.vector.checked_sub(1)) {
                said[FACTORS] = self.factors.score(person, number as usize).max(0.0);
            }
            let leaning = leaning.to(&values[facts.values_at as usize..][..facts.values as usize]);
            let Facts { counts_ln, age_ln, expected, .. } = *facts;
            Known { said, counts_ln, age_ln, leaning, expected }
        };
        let known: Vec<Known> = chosen.iter().zip(&facts).map(known).collect();
        let mut most: [f32; EXPERTS.len()] = std::array::from_fn(|expert| board.most(expert));
        most[FACTORS] = known.iter().fold(0.0, |most, known| known.said[FACTORS].max(most));
        Candidates { rows: chosen.into_iter().map(|(row, _)| row).collect(), known, most }
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
