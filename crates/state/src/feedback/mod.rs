//! What became of the answers: every answer is remembered, and what people then do is joined to it by its `miso_id`.
//!
//! An act counts at the time at which it happened, and for the answer that it names; a purchase that names none counts for the
//! answer in which the person clicked the product last, within [`ATTRIBUTION_DAYS_MAX`]. The sums hold nothing of a person.

mod clicked;
mod examination;
mod given;
mod sources;
mod tallies;

use std::collections::BTreeMap;

use hashbrown::HashSet;
use record::{Interaction, InteractionType, Time};
use serde_json::Value;

use crate::answers::{Answers, Shown};
use crate::limits::{ATTRIBUTION_DAYS_MAX, PLACED_CLICKS_MAX, SHOWN_PRODUCTS_MAX};
use crate::query_clicks::{SEARCH_LASTS_MS, normalized};
use crate::sections::{SectionReader, SectionWriter};
use crate::{Catalogue, ProductRow, QueryClicks, SnapshotFault, VisitorRow};
use clicked::{Click, Clicked};
use examination::{Examination, Kind};
pub use given::Given;
pub use sources::Source;
use sources::Sources;
pub use tallies::{Purchases, Tally};
use tallies::{Tallies, WHOLE, place_of};

/// A click at a place that is seldom looked at counts for no more than so many at the first place.
const CORRECTION_MAX: f32 = 4.0;
/// An act that only follows a search in time, without naming its answer, is that surely about it.
const UNNAMED_SHARE: f32 = 0.5;
/// Under so many seconds a visit is no interest (contract: `duration`).
const GLANCE_SECONDS: f64 = 5.0;

/// The answers shown, and what became of them.
#[derive(Default)]
pub struct Feedback {
    answers: Answers,
    sources: Sources,
    tallies: Tallies,
    clicked: Clicked,
    examination: Examination,
    /// How likely the place of a click was looked at, by the click's position in the log.
    looked_at: BTreeMap<u64, f32>,
    /// Acts up to this position of the log are in the tallies already, from a file that outlived a snapshot.
    counted_to: u64,
}

/// A row of a report: the tallies of one hour or day, source and place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tallied<'a> {
    /// The beginning of the hour; of the day (UTC) for what is longer ago than [`crate::limits::TALLY_HOURS_APART`].
    pub since: Time,
    /// Where the answers came from.
    pub source: &'a Source,
    /// The place in the list, 0-based; those from [`crate::limits::PLACES_MAX`] on are one. `None` for what is about whole answers,
    /// and for times so long ago that places are not told apart.
    pub place: Option<u8>,
    /// The sums.
    pub tally: &'a Tally,
}

/// An act, and who did it.
#[derive(Clone, Copy)]
pub(crate) struct Act<'a> {
    pub(crate) position: u64,
    pub(crate) visitor: u32,
    pub(crate) time: Time,
    pub(crate) interaction: &'a Interaction,
    pub(crate) rows: &'a [ProductRow],
}

impl Feedback {
    /// The answers remembered.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Where an answer came from.
    pub fn source(&self, shown: &Shown) -> &Source {
        self.sources.get(shown.source)
    }

    /// The tallies of the hours, or days, that begin within `from..to`, in the order of time.
    pub fn tallies(&self, from: Time, to: Time) -> impl Iterator<Item = Tallied<'_>> {
        let within = self.tallies.within(from, to);
        within.map(|(since, source, place, tally)| Tallied { since, source: self.sources.get(source), place, tally })
    }

    /// Everything bought in the hours, or days, that begin within `from..to`, in the order of time.
    pub fn purchases(&self, from: Time, to: Time) -> impl Iterator<Item = (Time, &Purchases)> {
        self.tallies.purchases_within(from, to)
    }

    /// How likely a place (0-based) of this API's answers is looked at, in (0, 1], against the place looked at most.
    pub fn examination(&self, api: &str, place: usize) -> f32 {
        self.examination.at(Kind::of(api), place)
    }

    /// How likely the place was looked at at which the click of this position in the log was done, in (0, 1]; `None` for what
    /// came from no answer remembered.
    pub fn looked_at(&self, position: u64) -> Option<f32> {
        self.looked_at.get(&position).copied()
    }

    /// Remembers an answer, and counts it.
    pub(crate) fn remember(&mut self, given: Given) {
        let source = self.sources.of(&given);
        self.tallies.advance(given.time);
        let whole = self.tallies.at(given.time, source, WHOLE);
        whole.answers += 1;
        whole.empty += u64::from(given.products.is_empty());
        let query = normalized(&given.query).unwrap_or_default();
        let kind = Kind::of(&given.api);
        for (index, &product) in given.products.iter().enumerate() {
            let place = given.start as usize + index;
            self.tallies.at(given.time, source, place_of(place)).shown += 1;
            self.examination.shown(kind, &query, place, product);
        }
        let mut products = given.products;
        if products.len() > SHOWN_PRODUCTS_MAX {
            products = products[..SHOWN_PRODUCTS_MAX].into();
        }
        self.answers.remember(Shown {
            miso_id: given.miso_id,
            time: given.time,
            source,
            visitor: given.visitor,
            start: given.start,
            query: query.into(),
            products,
            marks: Vec::new(),
        });
    }

    /// Joins an act to the answer it names, and to what the person clicked before.
    pub(crate) fn note(&mut self, act: Act<'_>, catalogue: &Catalogue, clicks: &mut QueryClicks) {
        let interaction = act.interaction;
        if interaction.kind == InteractionType::Search {
            let keywords = interaction.search.as_ref().and_then(|search| search.keywords.as_deref());
            clicks.search(act.visitor, keywords.unwrap_or_default(), act.time.0, interaction.miso_id);
            return;
        }
        if act.rows.is_empty() {
            return;
        }
        let effect = Effect::of(interaction);
        if effect == Effect::None {
            return;
        }
        let revenues = revenues(act, catalogue);
        for (index, &row) in act.rows.iter().enumerate() {
            let group = catalogue.group_of_group_row(row);
            let own_group = group.or_else(|| catalogue.group(row));
            let is_it = |product: ProductRow| product == row || group.is_some() && catalogue.group(product) == group;
            let is_variant = |product: ProductRow| own_group.is_some() && catalogue.group(product) == own_group;
            let joined = interaction.miso_id.and_then(|miso_id| {
                let shown = self.answers.get(miso_id)?;
                let at = shown.products.iter().position(|&product| is_it(product));
                let at = at.or_else(|| shown.products.iter().position(|&product| is_variant(product)))?;
                Some((miso_id, at))
            });
            match joined {
                Some((miso_id, at)) => self.note_joined(act, effect, miso_id, at, clicks),
                None => self.note_unnamed(act, effect, row, clicks),
            }
            self.note_later(act, effect, &|product| is_it(product) || is_variant(product), revenues[index], clicks);
        }
    }

    /// An act on a product of the answer that it names.
    fn note_joined(&mut self, act: Act<'_>, effect: Effect, miso_id: uuid::Uuid, at: usize, clicks: &mut QueryClicks) {
        let unit_id = unit_id(act.interaction);
        let Some(shown) = self.answers.get_mut(miso_id) else { return };
        let source = match unit_id {
            // Where the answer was asked for says more than where the act was sent from.
            Some(unit_id) if self.sources.get(shown.source).unit_id.is_empty() => {
                self.sources.at(shown.source, unit_id)
            }
            _ => shown.source,
        };
        let (place, product) = (shown.start as usize + at, shown.products[at]);
        let is_new = shown.mark(act.visitor, at, effect);
        let api = &self.sources.get(source).api;
        let kind = Kind::of(api);
        let look = self.examination.at(kind, place);
        if is_new && act.position > self.counted_to {
            let tally = self.tallies.at(act.time, source, place_of(place));
            match effect {
                Effect::Impression => tally.impressions += 1,
                Effect::ViewableImpression => tally.viewable_impressions += 1,
                Effect::Click { .. } => tally.clicks += 1,
                Effect::None => {}
            }
        }
        let Effect::Click { worth } = effect else { return };
        if is_new {
            self.examination.clicked(kind, &shown.query, place, product);
        }
        self.looked_at.insert(act.position, look);
        if self.looked_at.len() > PLACED_CLICKS_MAX {
            self.looked_at.pop_first();
        }
        if worth > 0.0 {
            clicks.act(&shown.query, product, act.visitor, act.time.0, worth * (1.0 / look).min(CORRECTION_MAX));
        }
        let click =
            Click { product, time: act.time.0, source: Some((source, place_of(place))), query: shown.query.clone() };
        self.clicked.note(act.visitor, click);
    }

    /// An act that names no answer that is remembered: it may still follow a search.
    fn note_unnamed(&mut self, act: Act<'_>, effect: Effect, row: ProductRow, clicks: &mut QueryClicks) {
        let Effect::Click { worth } = effect else { return };
        let Some(searched) = clicks.last_search(act.visitor) else { return };
        let sure = match (act.interaction.miso_id, searched.miso_id) {
            (Some(named), Some(own)) if named == own => 1.0,
            (None, _) if (0..=SEARCH_LASTS_MS).contains(&(act.time.0.saturating_sub(searched.time))) => UNNAMED_SHARE,
            _ => return,
        };
        let query = searched.query.clone();
        if worth > 0.0 {
            clicks.act(&query, row, act.visitor, act.time.0, worth * sure);
        }
        if self.clicked.get(act.visitor, i64::MIN, |product| product == row).is_none() {
            self.clicked.note(act.visitor, Click { product: row, time: act.time.0, source: None, query });
        }
    }

    /// What goes into the cart, or is bought, counts for the answer in which it was clicked, and after the query.
    fn note_later(
        &mut self,
        act: Act<'_>,
        effect: Effect,
        is_like: &dyn Fn(ProductRow) -> bool,
        revenue: f64,
        clicks: &mut QueryClicks,
    ) {
        use InteractionType::{AddToCart, Checkout, Subscribe};
        let converts = matches!(act.interaction.kind, Checkout | Subscribe);
        let Effect::Click { worth } = effect else { return };
        if !converts && act.interaction.kind != AddToCart {
            return;
        }
        let since = act.time.0.saturating_sub(ATTRIBUTION_DAYS_MAX * Time::DAY_MS);
        let click = self.clicked.get(act.visitor, since, is_like).filter(|click| click.time <= act.time.0);
        if let Some(click) = click.filter(|click| !click.query.is_empty()) {
            clicks.act(&click.query, click.product, act.visitor, act.time.0, worth);
        }
        let source = click.and_then(|click| click.source);
        if act.position <= self.counted_to {
            return;
        }
        if let Some((source, place)) = source {
            let tally = self.tallies.at(act.time, source, place);
            if converts {
                tally.conversions += 1;
                tally.revenue += revenue;
            } else {
                tally.add_to_carts += 1;
            }
        }
        if converts {
            let purchases = self.tallies.purchases(act.time);
            purchases.conversions += 1;
            purchases.revenue += revenue;
            if source.is_some() {
                purchases.assisted += 1;
                purchases.assisted_revenue += revenue;
            }
        }
    }

    /// Makes one person of two.
    pub(crate) fn link(&mut self, from: u32, to: u32) {
        self.clicked.link(from, to);
    }

    /// Forgets the answers given to these visitors, and what they clicked. The sums stay.
    pub(crate) fn forget_visitors(&mut self, visitors: &[VisitorRow]) {
        let mut rows: Vec<u32> = visitors.iter().map(|visitor| visitor.0).collect();
        rows.sort_unstable();
        self.clicked.forget(&rows);
        let visitors: HashSet<VisitorRow> = visitors.iter().copied().collect();
        self.answers.forget_visitors(&visitors);
    }

    /// Bytes held; an estimate from capacities.
    pub fn memory_bytes(&self) -> usize {
        self.answers.memory_bytes()
            + self.sources.memory_bytes()
            + self.tallies.memory_bytes()
            + self.clicked.memory_bytes()
            + self.examination.memory_bytes()
            + self.looked_at.len() * 24
    }

    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        self.save_tallies(out)?;
        self.answers.save(out)?;
        self.clicked.save(out)?;
        self.examination.save(out)?;
        out.count(self.looked_at.len())?;
        for (position, look) in &self.looked_at {
            out.u64(*position)?;
            out.u32(look.to_bits())?;
        }
        Ok(())
    }

    /// Reads what [`Feedback::save`] wrote. Every product is below `products`, every visitor below `visitors`.
    pub(crate) fn load(
        input: &mut SectionReader<'_, '_>,
        (products, visitors): (u32, u32),
    ) -> Result<Feedback, SnapshotFault> {
        let mut feedback = Feedback::default();
        feedback.load_tallies(input)?;
        let sources = feedback.sources.len();
        feedback.answers = Answers::load(input, (products, visitors, sources))?;
        feedback.clicked = Clicked::load(input, (products, visitors, sources))?;
        feedback.examination = Examination::load(input, products)?;
        for _ in 0..input.u32()? {
            let (position, look) = (input.u64()?, f32::from_bits(input.u32()?));
            if !(look > 0.0 && look <= 1.0) {
                return Err(input.damaged("a look that is no chance"));
            }
            feedback.looked_at.insert(position, look);
        }
        Ok(feedback)
    }

    /// Only the sums, which need no other part of the state.
    pub(crate) fn save_tallies(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.u64(self.counted_to)?;
        self.sources.save(out)?;
        self.tallies.save(out)
    }

    pub(crate) fn load_tallies(&mut self, input: &mut SectionReader<'_, '_>) -> Result<(), SnapshotFault> {
        self.counted_to = input.u64()?;
        self.sources = Sources::load(input)?;
        self.tallies = Tallies::load(input, self.sources.len())?;
        Ok(())
    }

    /// From here on only acts after this position of the log are counted.
    pub(crate) fn counted_to(&mut self, position: u64) {
        self.counted_to = position;
    }
}

/// What an act means for the answer it names.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    None,
    Impression,
    ViewableImpression,
    /// With what it says after a query, against a click; 0 for a glance.
    Click {
        worth: f32,
    },
}

impl Effect {
    fn of(interaction: &Interaction) -> Effect {
        use InteractionType::*;
        let worth = match interaction.kind {
            Impression => return Effect::Impression,
            ViewableImpression => return Effect::ViewableImpression,
            Search | Feedback | HomePageView | CategoryPageView | PromoPageView => return Effect::None,
            RemoveFromCart | Refund | Unsubscribe | RemoveFromCollection | Dislike => return Effect::None,
            Rate if interaction.rating.is_some_and(|rating| rating < 3.5) => return Effect::None,
            ProductDetailPageView | Read | Watch | Listen
                if interaction.duration.is_some_and(|seconds| seconds < GLANCE_SECONDS) =>
            {
                0.0
            }
            ProductDetailPageView | ProductImageView | Read | Watch | Listen | Click | Custom => 1.0,
            Rate | Like | Share | Bookmark | Complete | Submit | AddToCollection => 2.0,
            AddToCart => 2.5,
            Checkout | Subscribe => 4.0,
        };
        Effect::Click { worth }
    }

    /// Its number among the marks of an answer.
    pub(crate) fn number(self) -> u8 {
        match self {
            Effect::None => 0,
            Effect::Impression => 1,
            Effect::ViewableImpression => 2,
            Effect::Click { .. } => 3,
        }
    }
}

/// Where on the site it happened, as the site calls it.
fn unit_id(interaction: &Interaction) -> Option<&str> {
    interaction.context.as_ref()?.get("custom_context")?.get("unit_id").and_then(Value::as_str)
}

/// What each product of a purchase brought: shares of its revenue by price and quantity, or these themselves where the site
/// says no revenue.
fn revenues(act: Act<'_>, catalogue: &Catalogue) -> Vec<f64> {
    let quantity = |index: usize| match *act.interaction.quantities {
        [one] => one,
        ref many => many.get(index).copied().unwrap_or(1.0),
    };
    let priced: Vec<f64> = act
        .rows
        .iter()
        .enumerate()
        .map(|(index, &row)| (catalogue.price(row).unwrap_or(0.0) * quantity(index)).max(0.0))
        .collect();
    let sum: f64 = priced.iter().sum();
    match act.interaction.revenue.filter(|revenue| revenue.is_finite()) {
        Some(revenue) if sum > 0.0 => priced.iter().map(|price| revenue * price / sum).collect(),
        Some(revenue) => vec![revenue / priced.len() as f64; priced.len()],
        None if sum.is_finite() => priced,
        None => vec![0.0; priced.len()],
    }
}
