//! What is true of products without history in this log.
//!
//! The combination is learned with a tenth of the products hidden, so among those without history are products as good as
//! any. In the shop they may be new, or dead stock. How much less such products are wanted is read off the log itself.

use crate::experts::set::Experts;
use crate::lessons::Split;
use crate::{Dataset, NEVER_MS};

/// So many products without history, wanted as the hidden ones are, stand beside those that there are.
const PRIOR: f64 = 20.0;
/// Where fewer products have no history, how they look tells nothing.
const LOOKED_AT_MIN: usize = 25;
/// A product that so few observations speak for is one of the least wanted, and so is one of the lowest quarter.
const FEW: u32 = 2;
const LEAST_SHARE: f64 = 0.25;
/// Where a larger share of all products has no history, they are stock that nobody wants, however they look.
const ARRIVALS_SHARE_MAX: f64 = 0.25;
/// In a stream, so many times more products without history than came into it since the split are more than it brings.
const ARRIVALS_OVER_STREAM_MIN: usize = 3;
/// From here on, of 0 for products that look as the least wanted do and 1 for those that look as any, they are arrivals.
const ARRIVALS_LOOK_MIN: f64 = 0.5;
/// What is added to the logits of arrivals.
const ARRIVALS_FIRST: f32 = 6.0;
/// Standard errors that are no chance.
const SURE: f64 = 2.0;

/// What to add to the logit of products without history.
///
/// Where the log is a stream (the split is by time), products that had no history at the moment of the split tell how often
/// such products come to be wanted, over how often those without history (the hidden among them) were in the questions.
///
/// Where it is not, or where there are far more of them than came into the stream of late, time does not tell what arrives when,
/// and looks must: by their content, are the products without history as the least wanted ones are, or as any? In the first case
/// they are what nobody wanted, and the rate is as above. In the second they have only arrived, and nobody has had an opportunity
/// to want them, while everything else was passed over so far: those arrivals that suit the person come first.
pub(crate) fn offset(split: &Split, experts: &Experts, dataset: &Dataset) -> f32 {
    if split.hidden.is_empty() || experts.expected.is_empty() {
        return 0.0;
    }
    let mut observations_by_product = vec![0u32; dataset.products as usize];
    for observation in dataset.observations.iter().filter(|observation| observation.weight > 0.0) {
        if let Some(count) = observations_by_product.get_mut(observation.product as usize) {
            *count += 1;
        }
    }
    let cold = |row: usize| experts.expected[row] > 0.0;
    let met_ms = dataset.first_met_ms();
    let taken_out = |row: usize| split.hidden[row] && met_ms[row] != NEVER_MS;
    let rows = || (0..dataset.products as usize).filter(|&row| cold(row));
    let hidden_rows: Vec<usize> = rows().filter(|&row| taken_out(row)).collect();
    let looks = |rows: &[usize]| -> Vec<f64> { rows.iter().map(|&row| f64::from(experts.expected[row])).collect() };
    let mut counts: Vec<u32> = hidden_rows.iter().map(|&row| observations_by_product[row]).collect();
    counts.sort_unstable();
    let few = counts.get((counts.len() as f64 * LEAST_SHARE) as usize).map_or(FEW, |&count| count.max(FEW));
    let least: Vec<usize> = hidden_rows.iter().copied().filter(|&row| observations_by_product[row] <= few).collect();
    let (present, came): (Vec<usize>, Vec<usize>) =
        rows().filter(|&row| !taken_out(row)).partition(|&row| met_ms[row] == NEVER_MS);
    let are_few = present.len() as f64 <= ARRIVALS_SHARE_MAX * f64::from(dataset.products);
    let are_more_than_came = !split.by_time || present.len() > ARRIVALS_OVER_STREAM_MIN * came.len();
    let look_new = || have_arrived(&looks(&hidden_rows), &looks(&least), &looks(&present));
    let are_no_tail =
        || present.len() >= LOOKED_AT_MIN && present.len() as f64 > 3.0 * unseen(&observations_by_product);
    if are_few && are_more_than_came && (look_new() || are_no_tail()) {
        return ARRIVALS_FIRST;
    }
    let (mut hidden, mut ours) = (0.0, 0.0);
    for case in &split.cases {
        let part = 1.0 / case.wanted.len() as f64;
        for row in case.wanted.iter().map(|&row| row as usize).filter(|&row| cold(row)) {
            *(if taken_out(row) { &mut hidden } else { &mut ours }) += part;
        }
    }
    let (hidden_count, count) = (hidden_rows.len() as f64, (present.len() + came.len()) as f64);
    let rate = (hidden + ours) / (hidden_count + count).max(1.0);
    if rate <= 0.0 {
        return 0.0;
    }
    let own_rate = (ours + PRIOR * rate) / (count + PRIOR);
    ((own_rate / rate).ln() as f32).clamp(-6.0, 0.0)
}

/// How many products would have no observation by chance alone, as those of one and of two tell (Chao 1984): what belongs to the tail
/// of the products little wanted.
fn unseen(observations_by_product: &[u32]) -> f64 {
    let of = |count: u32| observations_by_product.iter().filter(|&&own| own == count).count() as f64;
    let (once, twice) = (of(1), of(2));
    once * (once - 1.0).max(0.0) / (2.0 * (twice + 1.0))
}

/// Whether the products `present` look as `any` do rather than as the `least` wanted, by how much they are expected to be
/// wanted.
fn have_arrived(any: &[f64], least: &[f64], present: &[f64]) -> bool {
    if [any, least, present].iter().any(|list| list.len() < LOOKED_AT_MIN) {
        return false;
    }
    let mean = |list: &[f64]| list.iter().sum::<f64>() / list.len() as f64;
    let (of_any, of_least, of_present) = (mean(any), mean(least), mean(present));
    let spread = (any.iter().map(|value| (value - of_any).powi(2)).sum::<f64>() / any.len() as f64).sqrt();
    let error = |a: &[f64], b: &[f64]| spread * (1.0 / a.len() as f64 + 1.0 / b.len() as f64).sqrt();
    let tells_apart = of_any - of_least > SURE * error(any, least);
    let as_any = of_any - of_present < SURE * error(any, present);
    tells_apart && as_any && of_present - of_least >= ARRIVALS_LOOK_MIN * (of_any - of_least)
}

#[cfg(test)]
mod tests {
    use super::have_arrived;

    /// `count` numbers around `mean`, half of them a half above, half below.
    fn around(mean: f64, count: usize) -> Vec<f64> {
        (0..count).map(|at| mean + if at % 2 == 0 { 0.5 } else { -0.5 }).collect()
    }

    #[test]
    fn products_that_look_as_any_have_arrived_and_those_that_look_as_the_least_wanted_have_not() {
        let (any, least) = (around(2.0, 800), around(1.5, 400));
        assert!(have_arrived(&any, &least, &around(2.0, 300)));
        assert!(have_arrived(&any, &least, &around(1.98, 300)));
        assert!(!have_arrived(&any, &least, &around(1.5, 300)));
        assert!(!have_arrived(&any, &least, &around(1.2, 300)), "they look worse than the least wanted");
        assert!(!have_arrived(&any, &least, &around(2.0, 20)), "too few to tell");
        assert!(!have_arrived(&any, &around(1.99, 400), &around(2.0, 300)), "looks tell nothing in this log");
    }
    #[test]
    fn what_chance_alone_leaves_unseen_is_told_by_what_was_seen_once_and_twice() {
        let counts = [vec![1; 40], vec![2; 19], vec![0; 7], vec![30; 100]].concat();
        assert_eq!(super::unseen(&counts), 40.0 * 39.0 / (2.0 * 20.0));
        assert_eq!(super::unseen(&[9, 12, 0]), 0.0);
        assert_eq!(super::unseen(&[]), 0.0);
    }
}
