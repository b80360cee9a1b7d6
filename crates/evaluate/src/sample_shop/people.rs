use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use record::{Time, User};
use serde_json::json;

use super::DAYS;
use super::catalogue::{Catalogue, Group};
use super::draw::{chance, lognormal, normal, pick, source};
use super::shelves::SHELVES;
use super::words::{BRANDS, CITIES, COLOURS, FIRST_NAMES, LAST_NAMES, STYLES};

const VISITORS: usize = 5_000;

/// Someone who comes to the shop, with tastes that the engine has to find out.
pub(super) struct Visitor {
    pub(super) anonymous_id: Option<String>,
    pub(super) user_id: Option<String>,
    /// The session in which someone anonymous so far signs in, counted from 0. 0 for those who always were signed in.
    pub(super) signs_in_at: usize,
    /// Shelves and how much they interest.
    pub(super) interests: Vec<(usize, f64)>,
    pub(super) brands: [usize; 2],
    pub(super) style: usize,
    pub(super) colour: usize,
    pub(super) price_level: f64,
    /// Places among the sizes of a group.
    pub(super) size: f64,
    /// Expected sessions in the whole time.
    pub(super) sessions: f64,
    /// The share of carts that end in a checkout.
    pub(super) resolve: f64,
    /// The first day in the log, counted from its beginning.
    pub(super) first_day: usize,
}

impl Visitor {
    /// How much likelier than another this visitor is to want a product of this group; 1 for a neutral one.
    pub(super) fn liking(&self, group: &Group) -> f64 {
        let brand = if self.brands.contains(&group.brand) { 1.1 } else { 0.0 };
        let style = if self.style == group.style { 1.2 } else { 0.0 };
        let price = 2.2 * ((self.price_level - group.price_level).abs() - 0.25).max(0.0);
        (brand + style - price + 0.5 * (group.quality - 4.0)).exp()
    }

    /// The variant of a group that suits: the favourite colour if there is one, and always the same size.
    pub(super) fn variant(&self, catalogue: &Catalogue, group: &Group) -> usize {
        let colours = &catalogue.colours[group.variants.clone()];
        let colour = colours.iter().copied().find(|colour| *colour == self.colour).unwrap_or(colours[0]);
        let of_colour: Vec<usize> = group.variants.clone().filter(|at| catalogue.colours[*at] == colour).collect();
        of_colour[(self.size * of_colour.len() as f64) as usize % of_colour.len()]
    }
}

/// The visitors, and the profiles of those who have signed in at some time.
pub(super) fn invite(seed: u64, now: Time) -> (Vec<Visitor>, Vec<User>) {
    let rng = &mut source(seed, 2);
    let mut users = Vec::new();
    let visitors = (0..VISITORS).map(|number| {
        let visitor = visitor(rng, number);
        if let Some(user_id) = &visitor.user_id {
            users.push(profile(rng, user_id, &visitor, now));
        }
        visitor
    });
    let visitors = visitors.collect();
    (visitors, users)
}

fn visitor(rng: &mut Pcg64Mcg, number: usize) -> Visitor {
    let signed_in = chance(rng, 0.4);
    let anonymous_before = signed_in && chance(rng, 0.55);
    let mut interests: Vec<(usize, f64)> = Vec::new();
    // A main interest and one or two more; the second is often what goes with the first.
    let main = rng.random_range(0..SHELVES.len());
    interests.push((main, 1.0));
    for _ in 0..rng.random_range(1..=2) {
        let complement = SHELVES[main].complements.first().filter(|_| chance(rng, 0.5));
        let shelf = complement.and_then(|name| SHELVES.iter().position(|shelf| shelf.name == *name));
        let shelf = shelf.unwrap_or_else(|| rng.random_range(0..SHELVES.len()));
        if !interests.iter().any(|(known, _)| *known == shelf) {
            interests.push((shelf, rng.random_range(0.3..0.8)));
        }
    }
    let departments: Vec<&str> = interests.iter().map(|(shelf, _)| SHELVES[*shelf].department).collect();
    let known: Vec<usize> =
        (0..BRANDS.len()).filter(|brand| BRANDS[*brand].2.iter().any(|one| departments.contains(one))).collect();
    Visitor {
        anonymous_id: (!signed_in || anonymous_before).then(|| format!("anon-{:016x}", rng.random::<u64>())),
        user_id: signed_in.then(|| format!("user-{:05}", 10_000 + number)),
        signs_in_at: if anonymous_before { rng.random_range(1..4) } else { 0 },
        interests,
        brands: [*pick(rng, &known), *pick(rng, &known)],
        style: rng.random_range(0..STYLES.len()),
        colour: rng.random_range(0..COLOURS.len()),
        price_level: (0.5 + 0.22 * normal(rng)).clamp(0.0, 1.0),
        size: rng.random(),
        // Most come a few times, a few come often; who signs in comes more often.
        sessions: lognormal(rng, if signed_in { 6.2 } else { 2.9 }, 0.8).min(60.0),
        resolve: rng.random_range(0.35..0.8),
        first_day: if chance(rng, 0.4) { 0 } else { rng.random_range(0..DAYS) },
    }
}

fn profile(rng: &mut Pcg64Mcg, user_id: &str, visitor: &Visitor, now: Time) -> User {
    let (city, country) = *pick(rng, &CITIES);
    let days_ago =
        (DAYS - visitor.first_day) as i64 + if visitor.signs_in_at == 0 { rng.random_range(1..700) } else { 0 };
    let mut departments: Vec<&str> = visitor.interests.iter().map(|(shelf, _)| SHELVES[*shelf].department).collect();
    departments.sort_unstable();
    departments.dedup();
    let attributes = json!({
        "newsletter": chance(rng, 0.45),
        "tier": if visitor.sessions > 15.0 { "gold" } else if visitor.sessions > 7.0 { "silver" } else { "bronze" },
        "loyalty_points": (visitor.sessions * rng.random_range(5.0..25.0)) as u32,
        "departments": departments,
    });
    User {
        user_id: user_id.to_owned(),
        created_at: Some(Time(now.0 - days_ago * Time::DAY_MS).to_string()),
        name: Some(format!("{} {}", pick(rng, &FIRST_NAMES), pick(rng, &LAST_NAMES))),
        age: Some((38.0 + 13.0 * normal(rng)).clamp(18.0, 86.0) as i64),
        gender: Some((*pick(rng, &["female", "male", "female", "male", "diverse"])).to_owned()),
        city: Some(city.to_owned()),
        country: Some(country.to_owned()),
        custom_attributes: attributes.as_object().cloned(),
        ..User::default()
    }
}
