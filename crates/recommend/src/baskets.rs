//! What is bought together: products of one basket, ranked by lift.

use crate::Dataset;
use crate::cooccurrence::{Member, Neighbours, Places, Units, lengths, neighbours};
use crate::limits::{BASKET_PRODUCTS_MAX, OBSERVATIONS_PER_VISITOR_MAX};

/// Conversions of one visitor with no longer pause between them make one basket.
const PAUSE_MS_MAX: i64 = 2 * 3_600_000;
/// With this many baskets in common a pair counts half: two chance purchases are no pattern.
const DAMPING: f32 = 3.0;

/// For every product those in the same baskets. `None` when `progress` answered false.
///
/// `lift = N n_ij / (n_i n_j)`, over N baskets, says how much oftener than by chance two products meet. Pairs that meet
/// no oftener are left out; the others score `(1 - 1/lift) · n_ij / (n_ij + damping)`: as soon as a pair is clearly no
/// chance, how often it is bought decides, so that one rare purchase does not come before a true companion.
pub(crate) fn bought_together(dataset: &Dataset, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<Neighbours> {
    let units = baskets(dataset);
    let places = Places::new(&units, dataset.products);
    let (baskets, counts) = (units.len() as f32, places.counts());
    let [together] = neighbours(
        (&units, &places),
        BASKET_PRODUCTS_MAX,
        |_, _, _| [1.0],
        |product, other, &[count]| {
            let lift = baskets * count / (counts[product as usize] as f32 * counts[other as usize] as f32);
            [(1.0 - lift.recip()) * count / (count + DAMPING)]
        },
        [&lengths(&counts)],
        progress,
    )?;
    Some(together)
}

fn baskets(dataset: &Dataset) -> Units {
    let mut units = Units::default();
    let mut end = |basket: &mut Vec<Member>| {
        if !basket.is_empty() {
            units.push(basket);
            basket.clear();
        }
    };
    let mut basket: Vec<Member> = Vec::new();
    for visitor in dataset.visitors() {
        let latest = &visitor[visitor.len().saturating_sub(OBSERVATIONS_PER_VISITOR_MAX)..];
        let mut before_ms = i64::MIN;
        for observation in latest {
            if !observation.converted || observation.product >= dataset.products {
                continue;
            }
            if observation.time_ms.saturating_sub(before_ms) > PAUSE_MS_MAX {
                end(&mut basket);
            }
            before_ms = observation.time_ms;
            let there = basket.iter().any(|member| member.product == observation.product);
            if !there && basket.len() < BASKET_PRODUCTS_MAX {
                basket.push(Member { product: observation.product, weight: 1.0, hours: 0.0 });
            }
        }
        end(&mut basket);
    }
    units
}
