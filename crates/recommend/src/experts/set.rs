use super::affinity::Affinity;
use super::popularity::{PERIODS, Popularity};
use super::sessions::Sessions;
use super::{Attention, content, linear, sequence, sum_of_neighbours};
use crate::Dataset;
use crate::cooccurrence::Neighbours;
use crate::neighbours::{self, Tuning};
use crate::scores::{Scores, keep_best};
use crate::taste::Taste;

/// The experts by name, in the order of their features.
pub(crate) const EXPERTS: [&str; 9] = [
    "related",
    "related_session",
    "related_broad",
    "following",
    "linear",
    "linear_session",
    "sessions",
    "alike",
    "alike_session",
];
/// Two for each expert, one for each period of popularity, the age, and two for the leaning.
pub(crate) const FEATURES: usize = 2 * EXPERTS.len() + PERIODS + 1 + 2;
/// The best of each expert that become candidates.
const CANDIDATES_PER_EXPERT: usize = 150;

/// What was learned, by expert.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Experts {
    pub(crate) products: u32,
    pub(crate) related: Neighbours,
    pub(crate) broad: Neighbours,
    pub(crate) following: Neighbours,
    pub(crate) linear: Neighbours,
    pub(crate) alike: Neighbours,
    pub(crate) sessions: Sessions,
    pub(crate) popularity: Popularity,
    pub(crate) affinity: Affinity,
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
}

impl Experts {
    /// `None` when `progress` answered false.
    pub(crate) fn train(
        dataset: &Dataset,
        tuning: &Tuning,
        progress: &(dyn Fn(f32) -> bool + Sync),
    ) -> Option<Experts> {
        let part = |from: f32, to: f32| move |share: f32| progress(from + (to - from) * share);
        let popularity = Popularity::train(dataset);
        Some(Experts {
            products: dataset.products,
            related: neighbours::related(dataset, tuning, &part(0.0, 0.2))?,
            broad: neighbours::broad(dataset, &part(0.2, 0.4))?,
            following: sequence::following(dataset, &part(0.4, 0.5))?,
            sessions: Sessions::train(dataset),
            affinity: Affinity::new(dataset.features.clone(), &popularity),
            popularity,
            alike: content::alike(&dataset.features, dataset.products),
            linear: linear::weights(dataset, &part(0.55, 1.0))?,
        })
    }

    /// What one expert says, in no order; products that nothing speaks for are absent.
    pub(crate) fn scores_of(&self, expert: usize, taste: &Taste, scores: &mut Scores) -> Vec<(u32, f32)> {
        let Some((neighbours, attention)) = self.neighbours_of(expert) else {
            self.sessions.score(taste, scores);
            return scores.take_positive();
        };
        sum_of_neighbours(neighbours, attention, taste, scores);
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
            7 => (&self.alike, Attention::Lasting),
            8 => (&self.alike, Attention::Session),
            _ => return None,
        })
    }

    /// The best `allowed` products of every expert and the most popular ones, without those of the history.
    pub(crate) fn candidates(&self, taste: &Taste, allowed: &dyn Fn(u32) -> bool) -> Candidates {
        let mut scores = Scores::new(self.products);
        let mut place_by_product = vec![0u32; self.products as usize];
        for held in &taste.held {
            place_by_product[held.product as usize] = u32::MAX;
        }
        let mut rows: Vec<u32> = Vec::with_capacity(1_000);
        let mut lists: Vec<Vec<(u32, f32)>> = Vec::with_capacity(EXPERTS.len());
        let mut take = |list: &mut dyn Iterator<Item = u32>, count: usize| {
            let fitting = list.filter(|&row| allowed(row));
            for row in fitting.take(count) {
                if place_by_product[row as usize] == 0 {
                    rows.push(row);
                    place_by_product[row as usize] = rows.len() as u32;
                }
            }
        };
        for expert in 0..EXPERTS.len() {
            let list = self.scores_of(expert, taste, &mut scores);
            let mut best = list.clone();
            keep_best(&mut best, 4 * CANDIDATES_PER_EXPERT);
            take(&mut best.iter().map(|&(row, _)| row), CANDIDATES_PER_EXPERT);
            lists.push(list);
        }
        for period in 0..PERIODS {
            let leaders = self.popularity.leaders(period);
            take(&mut leaders.iter().map(|&(row, _)| row), CANDIDATES_PER_EXPERT);
        }
        let mut features = vec![0.0; rows.len() * FEATURES];
        let mut raw = vec![0.0; rows.len() * EXPERTS.len()];
        for (expert, list) in lists.iter().enumerate() {
            let own = |row: u32| place_by_product[row as usize] == u32::MAX;
            let others = list.iter().filter(|&&(row, _)| !own(row));
            let most = others.map(|&(_, score)| score).fold(f32::MIN_POSITIVE, f32::max);
            for &(row, score) in list {
                let place = place_by_product[row as usize];
                if place != 0 && place != u32::MAX {
                    let at = (place as usize - 1) * FEATURES + 2 * expert;
                    let share = (score / most).min(1.0);
                    raw[(place as usize - 1) * EXPERTS.len() + expert] = score;
                    features[at] = share;
                    features[at + 1] = (1.0 + 50.0 * share).ln() / 51f32.ln();
                }
            }
        }
        let leaning = self.affinity.leaning(taste);
        for (index, &row) in rows.iter().enumerate() {
            let own = &mut features[index * FEATURES + 2 * EXPERTS.len()..(index + 1) * FEATURES];
            for (value, counts) in own.iter_mut().zip(&self.popularity.counts) {
                *value = counts[row as usize].ln_1p();
            }
            let first_ms = self.popularity.first_ms[row as usize];
            let age_ms = self.popularity.latest_ms.saturating_sub(first_ms).max(0);
            own[PERIODS] = (1.0 + age_ms as f32 / 86_400_000.0).ln();
            own[PERIODS + 1..].copy_from_slice(&self.affinity.of(&leaning, row));
        }
        Candidates { rows, features, raw }
    }
}
