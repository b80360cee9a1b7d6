//! Item-to-item similarity from shared history.
//!
//! The cosine between two products over the visitors of both,
//! `sim(i,j) = Σ_v s_v w_vi w_vj k(Δt) / (‖i‖^2a ‖j‖^2(1-a)) · n_ij / (n_ij + λ)`, with `w` the saturated weight of what
//! the visitor did, `s_v` less for visitors of very many products (inverse user frequency, Breese et al. 1998),
//! `k` greater for what was done close in time, and the last factor a damping of small counts (Bell & Koren 2007).

use rustc_hash::FxHashMap;

use crate::cooccurrence::{Member, Neighbours, Places, Units, lengths, neighbours};
use crate::limits::{OBSERVATIONS_PER_VISITOR_MAX, PAIR_DISTANCE_MAX};
use crate::{Dataset, Observation};

/// With so many products a visitor counts less by `1 / √2`.
pub(crate) const ACTIVITY: f32 = 50.0;
const HOUR_MS: f32 = 3_600_000.0;

/// The constants of training and scoring; the defaults are measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Tuning {
    /// λ: with this many visitors in common a similarity counts half.
    pub damping: f32,
    /// a: the exponent of the norm of the product asked about; 0.5 is the plain cosine, more favours the widely known.
    pub asymmetry: f32,
    /// How fast a visitor counts less with the number of products: `1 / (1 + n / this)^½`.
    pub activity: f32,
    /// The share of a pair that counts however far apart in time; the rest needs closeness within an hour or a day.
    pub distant_share: f32,
    /// Scoring: how many later observations halve the part of an observation that is due to the session.
    pub session_half_life: f32,
    /// Scoring: the share of an observation's weight that stays however old it is.
    pub lasting_share: f32,
}

impl Default for Tuning {
    fn default() -> Tuning {
        Tuning {
            damping: 10.0,
            asymmetry: 0.6,
            activity: ACTIVITY,
            distant_share: 0.5,
            session_half_life: 2.0,
            lasting_share: 0.3,
        }
    }
}

impl Tuning {
    /// How much two observations so many hours apart belong together, from `distant_share` to 1.
    ///
    /// Half of what closeness adds is for the same sitting (within an hour), half for the same day. A rational curve
    /// rather than an exponential one: this is called for every pair.
    fn kernel(&self, hours: f32) -> f32 {
        let close = 0.5 / (1.0 + hours) + 0.5 / (1.0 + hours / 24.0);
        self.distant_share + (1.0 - self.distant_share) * close
    }
}

/// Every visitor's products, one unit each, as most experts read them.
pub(crate) fn histories(dataset: &Dataset) -> Units {
    let mut units = Units::default();
    let mut gather = Gather::default();
    for visitor in dataset.visitors() {
        units.push(gather.members(visitor, dataset.products));
    }
    units
}

/// How much a history counts: that of a visitor of many products counts less.
pub(crate) fn shares(histories: &Units, tuning: &Tuning) -> Vec<f32> {
    histories.iter().map(|members| (1.0 + members.len() as f32 / tuning.activity).sqrt().recip()).collect()
}

/// What shared history says of pairs of products.
pub(crate) struct Similar {
    /// The cosine of this file's head.
    pub(crate) related: Neighbours,
    /// Weighted by BM25 (Robertson & Walker 1994, as for item neighbours in the `implicit` library) and not divided by norms: the
    /// widely wanted come forward, visitors of many products count less.
    ///
    /// `sim(i,j) = w_i w_j Σ_v idf_v²` over the visitors of both, `w = (k₁ + 1) / (k₁ (1 - b + b n / n̄) + 1)`.
    pub(crate) broad: Neighbours,
    /// The plain cosine over shares, `Σ_v s_v / (Σ_v s_v Σ_v s_v)^½`: the strongest entries of the Gram matrix. Of each product
    /// as many as are asked for.
    pub(crate) gram: Neighbours,
}

/// Similarities of all products, in one pass over all pairs. `None` when `progress` answered false.
pub(crate) fn similar(
    (histories, places): (&Units, &Places),
    products: u32,
    tuning: &Tuning,
    gram_lengths: &[u8],
    progress: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Similar> {
    const K1: f32 = 1.2;
    const B: f32 = 0.75;
    let shares = shares(histories, tuning);
    let counts = places.counts();
    let known = products.max(1) as f32;
    let idf = |members: &[Member]| (known / (1.0 + members.len() as f32)).ln().max(0.1).powi(2);
    let idf_squares: Vec<f32> = histories.iter().map(idf).collect();
    let greatest: f32 = idf_squares.iter().sum();
    let wanted = counts.iter().filter(|&&count| count > 0).count().max(1) as f32;
    let mean = counts.iter().sum::<u32>() as f32 / wanted;
    // The greatest possible weight is below 1.6.
    let scale = 1.0 / (2.6 * greatest.max(1.0));
    let weight = |&count: &u32| (K1 + 1.0) / (K1 * (1.0 - B + B * count as f32 / mean) + 1.0);
    let weights: Vec<f32> = counts.iter().map(weight).collect();
    let masses = histories.sums(products, |unit, member| shares[unit] * member.weight * member.weight);
    let powers = |exponent: f32| -> Vec<f32> { masses.iter().map(|mass| mass.powf(exponent).recip()).collect() };
    let (own_norms, other_norms) = (powers(tuning.asymmetry), powers(1.0 - tuning.asymmetry));
    let share_norms: Vec<f32> =
        histories.sums(products, |unit, _| shares[unit]).into_iter().map(|sum| sum.sqrt().recip()).collect();
    let lengths = lengths(&counts);
    let [related, broad, gram] = neighbours(
        (histories, places),
        PAIR_DISTANCE_MAX,
        |unit, own, other| {
            let share = shares[unit];
            let closeness = tuning.kernel((own.hours - other.hours).abs());
            [1.0, share * own.weight * other.weight * closeness, idf_squares[unit], share]
        },
        |product, other, &[count, strength, broad, share]| {
            let (product, other) = (product as usize, other as usize);
            [
                strength * own_norms[product] * other_norms[other] * count / (count + tuning.damping),
                broad * weights[product] * weights[other] * scale,
                share * share_norms[product] * share_norms[other],
            ]
        },
        [&lengths, &lengths, gram_lengths],
        progress,
    )?;
    Some(Similar { related, broad, gram })
}

/// As [`Similar::related`], of products few steps apart, with hardly any damping, and what was done of late counts more: for logs
/// where what is on the shelves changes, or that are small.
pub(crate) fn fresh(
    dataset: &Dataset,
    (histories, places): (&Units, &Places),
    progress: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Neighbours> {
    /// Steps between two products that make a pair.
    const DISTANCE_MAX: usize = 20;
    const DAMPING: f32 = 1.0;
    /// The half-life as a share of the time that the log spans.
    const HALF_LIFE_SHARE: f32 = 0.25;
    let times = || dataset.observations.iter().map(|observation| observation.time_ms);
    let (latest_ms, first_ms) = (times().max().unwrap_or(0), times().min().unwrap_or(0));
    let half_life_ms = (latest_ms.saturating_sub(first_ms) as f32 * HALF_LIFE_SHARE).max(HOUR_MS);
    let share = |(visitor, members): (&[Observation], &[Member])| {
        let end_ms = visitor.last().map_or(latest_ms, |observation| observation.time_ms);
        let age = latest_ms.saturating_sub(end_ms) as f32 / half_life_ms;
        (-age).exp2() / (1.0 + members.len() as f32 / 20.0).sqrt()
    };
    let shares: Vec<f32> = dataset.visitors().zip(histories.iter()).map(share).collect();
    let masses = histories.sums(dataset.products, |unit, member| shares[unit] * member.weight * member.weight);
    let powers = |exponent: f32| -> Vec<f32> { masses.iter().map(|mass| mass.powf(exponent).recip()).collect() };
    let (own_norms, other_norms) = (powers(0.6), powers(0.4));
    let [fresh] = neighbours(
        (histories, places),
        DISTANCE_MAX,
        |unit, own, other| {
            let closeness = 0.3 + 0.7 / (1.0 + (own.hours - other.hours).abs());
            [1.0, shares[unit] * own.weight * other.weight * closeness]
        },
        |product, other, &[count, strength]| {
            [strength * own_norms[product as usize] * other_norms[other as usize] * count / (count + DAMPING)]
        },
        [&lengths(&places.counts())],
        progress,
    )?;
    Some(fresh)
}

/// One visitor's observations, one member per product.
#[derive(Default)]
pub(crate) struct Gather {
    place_by_product: FxHashMap<u32, usize>,
    members: Vec<Member>,
}

impl Gather {
    /// The products that the visitor's latest observations speak for, in the order of the latest one of each.
    ///
    /// The weights of one product are added, so that a refund takes a purchase back, and saturate: the tenth view of a
    /// product says less than the first. Products spoken against are left out: that two of them are disliked by the
    /// same person does not make them a recommendation for each other.
    pub(crate) fn members(&mut self, visitor: &[Observation], products: u32) -> &[Member] {
        self.place_by_product.clear();
        self.members.clear();
        let latest = &visitor[visitor.len().saturating_sub(OBSERVATIONS_PER_VISITOR_MAX)..];
        let Some(end) = latest.last() else { return &self.members };
        for observation in latest.iter().rev() {
            if observation.product >= products || !observation.weight.is_finite() {
                continue;
            }
            let place = *self.place_by_product.entry(observation.product).or_insert_with(|| {
                let hours = end.time_ms.saturating_sub(observation.time_ms) as f32 / HOUR_MS;
                self.members.push(Member { product: observation.product, weight: 0.0, hours });
                self.members.len() - 1
            });
            self.members[place].weight += observation.weight;
        }
        self.members.retain(|member| member.weight > 0.0);
        for member in &mut self.members {
            member.weight = member.weight.ln_1p();
        }
        &self.members
    }
}
