use record::{Interaction, Time};

use crate::ProductRow;

/// What is popular and what is rising: per product, positive interactions decayed by time.
///
/// Each counter is a sum of `2^-(now - time)/half-life`, so it does not depend on the order of arrival.
#[derive(Default)]
pub struct Trends {}

impl Trends {
    /// The decayed number of positive interactions with a half-life of 30 days; 0 for a product without any.
    pub fn popularity(&self, row: ProductRow, now: Time) -> f32 {
        todo!("{row:?} {now}")
    }

    /// How much the product rises now: its rate over a day against its rate over the weeks before, damped for small
    /// counts. 0 for a product without recent interactions.
    pub fn rise(&self, row: ProductRow, now: Time) -> f32 {
        todo!("{row:?} {now}")
    }

    pub(crate) fn add(&mut self, interaction: &Interaction, rows: &[ProductRow]) {
        todo!("{interaction:?} {rows:?}")
    }
}
