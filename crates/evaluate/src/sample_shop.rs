//! A shop to try the engine on, made by chance from a seed.
//!
//! What the engine has to find out is known here: visitors have interests, favourite brands, a style, a price level and a
//! colour; products have companions that are bought with them, seasons, and some are rising in the last two weeks. The words
//! are invented, the people too.

mod books;
mod catalogue;
mod draw;
mod log;
mod people;
mod picture;
mod shelves;
#[cfg(test)]
mod tests;
mod words;

use record::{Interaction, Product, Time, User};

/// Days of history in the log.
const DAYS: usize = 90;

/// A believable shop: its catalogue, its users, and 90 days of its log up to `now`, in time order.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleShop {
    /// Some 2,000 products over a dozen categories, with variants in groups.
    pub products: Vec<Product>,
    /// Profiles of the signed-in among the visitors.
    pub users: Vec<User>,
    /// What 5,000 visitors did, in time order; the last ones shortly before `now`.
    pub interactions: Vec<Interaction>,
}

/// Makes the sample shop; equal arguments give equal shops.
///
/// Times are relative to `now`; everything else but the seasons depends on the seed alone. Takes about a second when lightly
/// optimised.
pub fn generate(seed: u64, now: Time) -> SampleShop {
    let catalogue = catalogue::stock(seed, now);
    let (visitors, users) = people::invite(seed, now);
    let interactions = log::record(seed, now, &catalogue, &visitors);
    SampleShop { products: catalogue.products, users, interactions }
}
