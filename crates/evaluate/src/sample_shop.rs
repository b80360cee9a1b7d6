use record::{Interaction, Product, Time, User};

/// A believable shop: its catalogue, its users, and 90 days of its log up to `now`, in time order.
#[derive(Clone, Debug)]
pub struct SampleShop {
    /// Some 2,000 products over a dozen categories.
    pub products: Vec<Product>,
    /// Profiles of the signed-in among the visitors.
    pub users: Vec<User>,
    /// What 5,000 visitors did, in time order; the last ones shortly before `now`.
    pub interactions: Vec<Interaction>,
}

/// Makes the sample shop; equal arguments give equal shops.
pub fn generate(seed: u64, now: Time) -> SampleShop {
    todo!("{seed} {now}")
}
