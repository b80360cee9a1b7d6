use hashbrown::{HashMap, HashSet};
use record::Time;
use rustc_hash::FxBuildHasher;

use crate::limits::{
    CLICK_PEOPLE_MAX, CLICKED_PRODUCTS_MAX, CLICKED_QUERIES_AFTER_CUT, CLICKED_QUERIES_MAX, CLICKS_MAX,
    QUERY_BYTES_MAX, SEARCHERS_AFTER_CUT, SEARCHERS_MAX,
};
use crate::sections::{SectionReader, SectionWriter};
use crate::{ProductRow, SnapshotFault, VisitorRow};

/// Half-life of a click.
const HALF_LIFE_DAYS: f64 = 30.0;
/// So many clicks of different people would have to be seen before a product gets half of what it can get: one click moves
/// little, and only one person's strongest act counts.
const DOUBT: f64 = 8.0;
/// For how long what a person does without naming an answer may come from the last search.
pub(crate) const SEARCH_LASTS_MS: i64 = 10 * 60_000;

/// What people clicked and bought after each query.
///
/// A person counts once for a query and a product, with the strongest of its acts. Acts beyond the newest
/// [`CLICK_PEOPLE_MAX`] people's are a sum without names, as in [`crate::Trends`].
#[derive(Default)]
pub struct QueryClicks {
    by_query: HashMap<Box<str>, Clicks>,
    /// The last search of each person.
    last_by_visitor: HashMap<u32, Searched, FxBuildHasher>,
    /// People's acts held.
    acts: usize,
}

#[derive(Default)]
struct Clicks {
    latest: i64,
    products: Vec<Product>,
}

struct Product {
    row: ProductRow,
    /// The acts of those who are no longer named, decayed to the time `faded_at`.
    faded: f64,
    faded_at: i64,
    /// In the order of their coming.
    acts: Vec<Act>,
}

#[derive(Clone, Copy)]
struct Act {
    visitor: u32,
    time: i64,
    weight: f32,
}

/// A search by a person.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Searched {
    pub(crate) query: Box<str>,
    pub(crate) time: i64,
    pub(crate) miso_id: Option<uuid::Uuid>,
}

fn fading(from: i64, to: i64) -> f64 {
    let days = (to as f64 - from as f64) / Time::DAY_MS as f64;
    if days <= 0.0 { 1.0 } else { (-days / HALF_LIFE_DAYS).exp2() }
}

impl Product {
    fn weight(&self, now: i64) -> f64 {
        let named: f64 = self.acts.iter().map(|act| f64::from(act.weight) * fading(act.time, now)).sum();
        named + self.faded * fading(self.faded_at, now)
    }
}

impl QueryClicks {
    /// What the products clicked after `query` (as typed) deserve: from 0 to below 1, in the order of rows.
    ///
    /// `c / (c_most + 8)` for the decayed acts `c` of a product, each worth its kind (a click 1, a purchase more) and divided by
    /// how likely its place was looked at. Empty for a query after which nothing was clicked. O(acts of the query).
    pub fn deserved(&self, query: &str, now: Time) -> Vec<(ProductRow, f32)> {
        let clicks = normalized(query).and_then(|query| self.by_query.get(&*query));
        let Some(clicks) = clicks else { return Vec::new() };
        let weights: Vec<f64> = clicks.products.iter().map(|product| product.weight(now.0)).collect();
        let most = weights.iter().copied().fold(0.0, f64::max);
        let deserved = clicks
            .products
            .iter()
            .zip(weights)
            .map(|(product, weight)| (product.row, (weight / (most + DOUBT)) as f32));
        let mut deserved: Vec<_> = deserved.collect();
        deserved.sort_unstable_by_key(|(row, _)| *row);
        deserved
    }

    /// Queries after which something was clicked.
    pub fn len(&self) -> usize {
        self.by_query.len()
    }

    /// Whether nothing was clicked after any query.
    pub fn is_empty(&self) -> bool {
        self.by_query.is_empty()
    }

    /// The person's last search.
    pub(crate) fn last_search(&self, visitor: u32) -> Option<&Searched> {
        self.last_by_visitor.get(&visitor)
    }

    /// Notes a search; one that came before the last one changes nothing.
    pub(crate) fn search(&mut self, visitor: u32, keywords: &str, time: i64, miso_id: Option<uuid::Uuid>) {
        let Some(query) = normalized(keywords) else { return };
        if self.last_by_visitor.get(&visitor).is_some_and(|last| last.time > time) {
            return;
        }
        self.last_by_visitor.insert(visitor, Searched { query: query.into(), time, miso_id });
        if self.last_by_visitor.len() > SEARCHERS_MAX {
            let mut order: Vec<(i64, u32)> =
                self.last_by_visitor.iter().map(|(visitor, searched)| (searched.time, *visitor)).collect();
            order.sort_unstable_by(|a, b| b.cmp(a));
            for (_, visitor) in order.drain(SEARCHERS_AFTER_CUT..) {
                self.last_by_visitor.remove(&visitor);
            }
        }
    }

    /// Notes that the person did something with the product after the query.
    pub(crate) fn act(&mut self, query: &str, row: ProductRow, visitor: u32, time: i64, weight: f32) {
        let Some(query) = normalized(query) else { return };
        let clicks = self.by_query.entry_ref(&*query).or_default();
        clicks.latest = clicks.latest.max(time);
        let place = match clicks.products.iter().position(|product| product.row == row) {
            Some(place) => place,
            None => {
                if clicks.products.len() >= CLICKED_PRODUCTS_MAX {
                    self.acts -= drop_least(&mut clicks.products, clicks.latest);
                }
                clicks.products.push(Product { row, faded: 0.0, faded_at: time, acts: Vec::new() });
                clicks.products.len() - 1
            }
        };
        let product = &mut clicks.products[place];
        if let Some(act) = product.acts.iter_mut().find(|act| act.visitor == visitor) {
            act.weight = act.weight.max(weight);
            act.time = act.time.max(time);
        } else {
            if product.acts.len() >= CLICK_PEOPLE_MAX {
                let first = product.acts.remove(0);
                let at = product.faded_at.max(first.time);
                product.faded =
                    product.faded * fading(product.faded_at, at) + f64::from(first.weight) * fading(first.time, at);
                product.faded_at = at;
                self.acts -= 1;
            }
            product.acts.push(Act { visitor, time, weight });
            self.acts += 1;
        }
        if self.by_query.len() > CLICKED_QUERIES_MAX || self.acts > CLICKS_MAX {
            self.cut();
        }
    }

    /// Hands the last search of one row to another: they are one person from now on. What either did counts as before.
    pub(crate) fn link(&mut self, from: u32, to: u32) {
        let Some(moved) = self.last_by_visitor.remove(&from) else { return };
        if self.last_by_visitor.get(&to).is_none_or(|own| own.time <= moved.time) {
            self.last_by_visitor.insert(to, moved);
        }
    }

    /// Forgets the queries clicked after longest ago, until an eighth of the room is free.
    fn cut(&mut self) {
        let acts = |clicks: &Clicks| clicks.products.iter().map(|product| product.acts.len()).sum::<usize>();
        let mut order: Vec<(i64, Box<str>)> =
            self.by_query.iter().map(|(query, clicks)| (clicks.latest, query.clone())).collect();
        order.sort_unstable();
        for (_, query) in order {
            if self.by_query.len() <= CLICKED_QUERIES_AFTER_CUT && self.acts <= CLICKS_MAX / 8 * 7 {
                return;
            }
            if let Some(clicks) = self.by_query.remove(&query) {
                self.acts -= acts(&clicks);
            }
        }
    }

    /// Forgets what these visitors did.
    pub(crate) fn forget_visitors(&mut self, visitors: &[VisitorRow]) {
        let visitors: HashSet<u32> = visitors.iter().map(|visitor| visitor.0).collect();
        self.last_by_visitor.retain(|visitor, _| !visitors.contains(visitor));
        self.by_query.retain(|_, clicks| {
            for product in &mut clicks.products {
                let before = product.acts.len();
                product.acts.retain(|act| !visitors.contains(&act.visitor));
                self.acts -= before - product.acts.len();
            }
            clicks.products.retain(|product| !product.acts.is_empty() || product.faded > 0.0);
            !clicks.products.is_empty()
        });
    }

    /// Forgets what was done with these products.
    pub(crate) fn forget_products(&mut self, rows: &[ProductRow]) {
        if rows.is_empty() {
            return;
        }
        self.by_query.retain(|_, clicks| {
            clicks.products.retain(|product| {
                let stays = rows.binary_search(&product.row).is_err();
                self.acts -= if stays { 0 } else { product.acts.len() };
                stays
            });
            !clicks.products.is_empty()
        });
    }

    /// Bytes held; an estimate.
    pub fn memory_bytes(&self) -> usize {
        let products: usize = self.by_query.values().map(|clicks| clicks.products.capacity()).sum();
        self.by_query.allocation_size()
            + products * size_of::<Product>()
            + self.acts * size_of::<Act>() * 3 / 2
            + self.last_by_visitor.len() * (size_of::<(u32, Searched)>() + 24)
    }

    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        let mut queries: Vec<_> = self.by_query.iter().collect();
        queries.sort_unstable_by_key(|(query, _)| &**query);
        out.count(queries.len())?;
        for (query, clicks) in queries {
            out.text(query)?;
            out.u64(clicks.latest.cast_unsigned())?;
            out.count(clicks.products.len())?;
            for product in &clicks.products {
                out.u32(product.row.0)?;
                out.u64(product.faded.to_bits())?;
                out.u64(product.faded_at.cast_unsigned())?;
                out.count(product.acts.len())?;
                for act in &product.acts {
                    out.u32(act.visitor)?;
                    out.u64(act.time.cast_unsigned())?;
                    out.u32(act.weight.to_bits())?;
                }
            }
        }
        let mut searchers: Vec<_> = self.last_by_visitor.iter().collect();
        searchers.sort_unstable_by_key(|(visitor, _)| **visitor);
        out.count(searchers.len())?;
        for (visitor, searched) in searchers {
            out.u32(*visitor)?;
            out.text(&searched.query)?;
            out.u64(searched.time.cast_unsigned())?;
            out.u8(u8::from(searched.miso_id.is_some()))?;
            out.bytes(searched.miso_id.unwrap_or_default().as_bytes())?;
        }
        Ok(())
    }

    /// Reads what [`QueryClicks::save`] wrote. Every product is below `products`, every visitor below `visitors`.
    pub(crate) fn load(
        input: &mut SectionReader<'_, '_>,
        (products, visitors): (u32, u32),
    ) -> Result<QueryClicks, SnapshotFault> {
        let mut loaded = QueryClicks::default();
        for _ in 0..input.u32()? {
            let query = input.text()?;
            let mut clicks = Clicks { latest: input.u64()?.cast_signed(), products: Vec::new() };
            for _ in 0..input.u32()? {
                let row = ProductRow(input.u32()?);
                let (faded, faded_at) = (f64::from_bits(input.u64()?), input.u64()?.cast_signed());
                let mut acts = Vec::new();
                for _ in 0..input.u32()? {
                    let (visitor, time) = (input.u32()?, input.u64()?.cast_signed());
                    let weight = f32::from_bits(input.u32()?);
                    if visitor >= visitors || !(weight.is_finite() && weight > 0.0) {
                        return Err(input.damaged("a click of nobody"));
                    }
                    acts.push(Act { visitor, time, weight });
                }
                let is_sound = row.0 < products && faded.is_finite() && faded >= 0.0;
                if !is_sound || acts.len() > CLICK_PEOPLE_MAX {
                    return Err(input.damaged("clicks on no product"));
                }
                loaded.acts += acts.len();
                clicks.products.push(Product { row, faded, faded_at, acts });
            }
            if clicks.products.is_empty() || clicks.products.len() > CLICKED_PRODUCTS_MAX {
                return Err(input.damaged("a query without clicks"));
            }
            loaded.by_query.insert(query.into(), clicks);
        }
        for _ in 0..input.u32()? {
            let visitor = input.u32()?;
            let (query, time) = (input.text()?.into(), input.u64()?.cast_signed());
            let has_id = input.u8()? != 0;
            let miso_id = uuid::Uuid::from_bytes(input.array()?);
            if visitor >= visitors {
                return Err(input.damaged("a search by nobody"));
            }
            let searched = Searched { query, time, miso_id: has_id.then_some(miso_id) };
            loaded.last_by_visitor.insert(visitor, searched);
        }
        Ok(loaded)
    }
}

/// Takes the product out that was clicked least, and gives the number of its acts.
fn drop_least(products: &mut Vec<Product>, now: i64) -> usize {
    let least = (0..products.len()).min_by(|&a, &b| products[a].weight(now).total_cmp(&products[b].weight(now)));
    least.map_or(0, |place| products.remove(place).acts.len())
}

/// The query in lower case with single spaces; `None` where it is empty, everything (`*`), or too long to be typed again.
pub(crate) fn normalized(keywords: &str) -> Option<String> {
    if keywords.len() > QUERY_BYTES_MAX {
        return None;
    }
    let lower = keywords.to_lowercase();
    let query = lower.split_whitespace().collect::<Vec<_>>().join(" ");
    (!query.is_empty() && query != "*" && query.len() <= QUERY_BYTES_MAX).then_some(query)
}
