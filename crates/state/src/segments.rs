use hashbrown::{HashMap, HashSet};
use record::{Interaction, Time, User};
use rustc_hash::FxBuildHasher;
use serde_json::Value;

use crate::limits::{
    CONTEXT_VISITORS_AFTER_CUT, CONTEXT_VISITORS_MAX, SEGMENT_PEOPLE_MAX, SEGMENT_PRODUCTS_AFTER_CUT,
    SEGMENT_PRODUCTS_MAX, SEGMENT_TEXT_BYTES_MAX, SEGMENTS_AFTER_CUT, SEGMENTS_MAX, SEGMENTS_OF_ONE_MAX,
};
use crate::people::Evidence;
use crate::sections::{SectionReader, SectionWriter};
use crate::{ProductRow, SnapshotFault, VisitorRow};

/// Half-life of what is wanted in a segment, that of popularity.
const HALF_LIFE_DAYS: f64 = 30.0;

/// What is wanted where and by whom: popularity by value of the context (campaign, referrer, locale, region, place of the site, custom
/// context) and of the users' profiles (cohorts).
///
/// A segment is a name with a value. Its sums are decayed weights of positive interactions, as in [`crate::Trends`]. The value of a
/// segment may come from one person alone; so the first people are noted, and with the last of them it goes.
#[derive(Default)]
pub struct Segments {
    number_by_name: HashMap<Box<str>, u32>,
    /// By number; a number is used again after its segment has gone.
    segments: Vec<Option<Segment>>,
    cohorts_by_visitor: HashMap<u32, Box<[u32]>, FxBuildHasher>,
    /// The context in which each person came last.
    context_by_visitor: HashMap<u32, (i64, Box<[u32]>), FxBuildHasher>,
    total: Sum,
}

struct Segment {
    name: Box<str>,
    total: Sum,
    by_product: HashMap<u32, Sum, FxBuildHasher>,
    /// The first who came, up to the bound.
    people: Vec<u32>,
}

/// A decayed sum at the time of its latest part.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sum {
    weight: f64,
    at: i64,
}

fn fading(from: i64, to: i64) -> f64 {
    let days = (to as f64 - from as f64) / Time::DAY_MS as f64;
    if days <= 0.0 { 1.0 } else { (-days / HALF_LIFE_DAYS).exp2() }
}

impl Sum {
    fn add(&mut self, weight: f64, time: i64) {
        if self.weight == 0.0 {
            self.at = time;
        }
        let at = self.at.max(time);
        // Taking away what was put in may leave a rounding error.
        self.weight = (self.weight * fading(self.at, at) + weight * fading(time, at)).max(0.0);
        self.at = at;
    }

    fn now(self, now: i64) -> f64 {
        self.weight * fading(self.at, now)
    }
}

/// What is wanted in one segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// The decayed weight of all interactions in it.
    pub total: f32,
    /// That of each product, in the order of rows.
    pub by_product: Vec<(ProductRow, f32)>,
}

impl Segments {
    /// What is wanted by users whose profile has this value, named as in the profile (`country`, or a custom attribute by its own
    /// name); `None` where there is nobody.
    pub fn cohort(&self, name: &str, value: &Value, now: Time) -> Option<Wanted> {
        self.wanted(*self.number_by_name.get(&*cohort_name(name, value)?)?, now)
    }

    /// What is wanted where the context has this value; `None` where nothing is known.
    pub fn context(&self, name: &str, value: &Value, now: Time) -> Option<Wanted> {
        self.wanted(*self.number_by_name.get(&*context_name(name, value)?)?, now)
    }

    /// What is wanted in the segments of the visitor's own profile and latest context.
    pub fn of_visitor(&self, visitor: VisitorRow, now: Time) -> Vec<Wanted> {
        let cohorts = self.cohorts_by_visitor.get(&visitor.0).into_iter().flatten();
        let context = self.context_by_visitor.get(&visitor.0).map(|(_, numbers)| numbers).into_iter().flatten();
        cohorts.chain(context).filter_map(|number| self.wanted(*number, now)).collect()
    }

    /// The decayed weight of all interactions, in any segment or none.
    pub fn total(&self, now: Time) -> f32 {
        self.total.now(now.0) as f32
    }

    /// Segments held.
    pub fn len(&self) -> usize {
        self.number_by_name.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.number_by_name.is_empty()
    }

    fn wanted(&self, number: u32, now: Time) -> Option<Wanted> {
        let segment = self.segments[number as usize].as_ref()?;
        let products = segment.by_product.iter().map(|(row, sum)| (ProductRow(*row), sum.now(now.0) as f32));
        let mut by_product: Vec<(ProductRow, f32)> = products.collect();
        by_product.sort_unstable_by_key(|(row, _)| *row);
        Some(Wanted { total: segment.total.now(now.0) as f32, by_product })
    }

    /// Adds an interaction of this weight in its context and for the visitor's cohorts.
    pub(crate) fn add(&mut self, visitor: u32, interaction: &Interaction, time: i64, weight: f64, rows: &[ProductRow]) {
        let context = self.note_context(visitor, interaction, time);
        if weight == 0.0 || rows.is_empty() {
            return;
        }
        self.total.add(weight * rows.len() as f64, time);
        for number in context.iter().copied() {
            self.add_to(number, visitor, time, weight, rows);
        }
        for number in self.cohorts_by_visitor.get(&visitor).cloned().iter().flatten() {
            self.add_to(*number, visitor, time, weight, rows);
        }
    }

    /// The segments of the interaction's context, which are the visitor's until the next one; an interaction without any leaves those.
    fn note_context(&mut self, visitor: u32, interaction: &Interaction, time: i64) -> Box<[u32]> {
        let names = interaction.context.as_ref().map(context_names).unwrap_or_default();
        if names.is_empty() {
            return Box::default();
        }
        self.make_room();
        let numbers: Box<[u32]> = names.into_iter().map(|name| self.number(name, visitor)).collect();
        if self.context_by_visitor.get(&visitor).is_none_or(|(latest, _)| *latest <= time) {
            self.context_by_visitor.insert(visitor, (time, numbers.clone()));
        }
        if self.context_by_visitor.len() > CONTEXT_VISITORS_MAX {
            let mut order: Vec<(i64, u32)> =
                self.context_by_visitor.iter().map(|(visitor, (time, _))| (*time, *visitor)).collect();
            order.sort_unstable_by(|a, b| b.cmp(a));
            for (_, visitor) in order.drain(CONTEXT_VISITORS_AFTER_CUT..) {
                self.context_by_visitor.remove(&visitor);
            }
        }
        numbers
    }

    /// Notes a user's profile. `history` is what the user did so far: weighted products with their times.
    pub(crate) fn put_profile(&mut self, visitor: u32, user: &User, history: &[(ProductRow, i64, f64)]) {
        let names = cohort_names(user);
        self.make_room();
        let before = self.cohorts_by_visitor.remove(&visitor).unwrap_or_default();
        let numbers: Box<[u32]> = names.into_iter().map(|name| self.number(name, visitor)).collect();
        for (row, time, weight) in history {
            for number in before.iter().filter(|number| !numbers.contains(number)) {
                self.add_to(*number, visitor, *time, -weight, &[*row]);
            }
            for number in numbers.iter().filter(|number| !before.contains(number)) {
                self.add_to(*number, visitor, *time, *weight, &[*row]);
            }
        }
        for number in before.iter().filter(|number| !numbers.contains(number)) {
            self.leave(*number, visitor);
        }
        if !numbers.is_empty() {
            self.cohorts_by_visitor.insert(visitor, numbers);
        }
    }

    /// Hands an anonymous visitor's history and context to the user it turned out to be.
    pub(crate) fn link(&mut self, from: u32, to: u32, history: &[(ProductRow, i64, f64)]) {
        for number in self.cohorts_by_visitor.get(&to).cloned().iter().flatten() {
            for (row, time, weight) in history {
                self.add_to(*number, to, *time, *weight, &[*row]);
            }
        }
        if let Some((time, numbers)) = self.context_by_visitor.remove(&from) {
            for number in &numbers {
                if let Some(segment) = &mut self.segments[*number as usize]
                    && let Some(person) = segment.people.iter_mut().find(|person| **person == from)
                {
                    *person = to;
                }
            }
            if self.context_by_visitor.get(&to).is_none_or(|(own, _)| *own <= time) {
                self.context_by_visitor.insert(to, (time, numbers));
            }
        }
    }

    /// Forgets the profile of a user, but not what was wanted.
    pub(crate) fn delete_profile(&mut self, visitor: u32) {
        for number in self.cohorts_by_visitor.remove(&visitor).iter().flatten() {
            self.leave(*number, visitor);
        }
    }

    /// Forgets these visitors: what they did leaves their cohorts, and a segment that was theirs alone goes. What they did in a context of
    /// many stays in the sum, without them.
    pub(crate) fn forget_visitors(&mut self, erased: &[(VisitorRow, Vec<Evidence>)]) {
        for (visitor, history) in erased {
            for number in self.cohorts_by_visitor.get(&visitor.0).cloned().iter().flatten() {
                for (row, time, weight) in history {
                    self.add_to(*number, visitor.0, *time, -weight, &[*row]);
                }
            }
            self.context_by_visitor.remove(&visitor.0);
        }
        let rows: HashSet<u32> = erased.iter().map(|(visitor, _)| visitor.0).collect();
        for number in 0..self.segments.len() as u32 {
            let people = self.segments[number as usize].as_ref().map(|segment| segment.people.clone());
            for person in people.into_iter().flatten().filter(|person| rows.contains(person)) {
                // A profile outlives an erasure of interactions.
                let is_cohort = self.cohorts_by_visitor.get(&person).is_some_and(|own| own.contains(&number));
                if !is_cohort {
                    self.leave(number, person);
                }
            }
        }
    }

    /// Forgets these products.
    pub(crate) fn forget_products(&mut self, rows: &[ProductRow]) {
        for segment in self.segments.iter_mut().flatten() {
            for row in rows {
                segment.by_product.remove(&row.0);
            }
        }
    }

    fn leave(&mut self, number: u32, visitor: u32) {
        let Some(segment) = &mut self.segments[number as usize] else { return };
        segment.people.retain(|person| *person != visitor);
        if segment.people.is_empty() {
            self.remove(&[number]);
        }
    }

    fn number(&mut self, name: Box<str>, visitor: u32) -> u32 {
        let number = match self.number_by_name.get(&name) {
            Some(&number) => number,
            None => {
                let free = self.segments.iter().position(Option::is_none).unwrap_or(self.segments.len());
                let segment = Segment {
                    name: name.clone(),
                    total: Sum::default(),
                    by_product: HashMap::default(),
                    people: Vec::new(),
                };
                if free == self.segments.len() {
                    self.segments.push(Some(segment));
                } else {
                    self.segments[free] = Some(segment);
                }
                self.number_by_name.insert(name, free as u32);
                free as u32
            }
        };
        if let Some(segment) = &mut self.segments[number as usize]
            && segment.people.len() < SEGMENT_PEOPLE_MAX
            && !segment.people.contains(&visitor)
        {
            segment.people.push(visitor);
        }
        number
    }

    fn add_to(&mut self, number: u32, visitor: u32, time: i64, weight: f64, rows: &[ProductRow]) {
        let Some(segment) = &mut self.segments[number as usize] else { return };
        if segment.people.len() < SEGMENT_PEOPLE_MAX && !segment.people.contains(&visitor) {
            segment.people.push(visitor);
        }
        for row in rows {
            segment.total.add(weight, time);
            segment.by_product.entry(row.0).or_default().add(weight, time);
        }
        if segment.by_product.len() > SEGMENT_PRODUCTS_MAX {
            let now = segment.total.at;
            let mut order: Vec<(f64, u32)> = segment.by_product.iter().map(|(row, sum)| (sum.now(now), *row)).collect();
            order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            for (_, row) in order.drain(SEGMENT_PRODUCTS_AFTER_CUT..) {
                segment.by_product.remove(&row);
            }
        }
    }

    /// Forgets the segments in which the least is wanted, where there might be too many with those of one more profile.
    fn make_room(&mut self) {
        if self.number_by_name.len() + SEGMENTS_OF_ONE_MAX <= SEGMENTS_MAX {
            return;
        }
        let now = self.total.at;
        let numbered = (0..).zip(&self.segments);
        let held = numbered.filter_map(|(number, segment)| Some((segment.as_ref()?.total.now(now), number)));
        let mut order: Vec<(f64, u32)> = held.collect();
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let gone: Vec<u32> = order.drain(SEGMENTS_AFTER_CUT.min(order.len())..).map(|(_, number)| number).collect();
        self.remove(&gone);
    }

    /// Takes segments out, and their numbers from whoever has them: the numbers are given to others.
    fn remove(&mut self, numbers: &[u32]) {
        for number in numbers {
            if let Some(segment) = self.segments[*number as usize].take() {
                self.number_by_name.remove(&segment.name);
            }
        }
        let without = |held: &mut Box<[u32]>| {
            if held.iter().any(|number| numbers.contains(number)) {
                *held = held.iter().copied().filter(|number| !numbers.contains(number)).collect();
            }
            !held.is_empty()
        };
        self.cohorts_by_visitor.retain(|_, held| without(held));
        self.context_by_visitor.retain(|_, (_, held)| without(held));
    }

    /// Bytes held; an estimate.
    pub fn memory_bytes(&self) -> usize {
        let segments = self.segments.iter().flatten();
        segments.map(|segment| segment.by_product.allocation_size() + 160).sum::<usize>()
            + self.cohorts_by_visitor.allocation_size()
            + self.cohorts_by_visitor.values().map(|numbers| numbers.len() * 4 + 16).sum::<usize>()
            + self.context_by_visitor.allocation_size()
            + self.context_by_visitor.len() * 32
    }

    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        let sum = |sum: Sum, out: &mut SectionWriter<'_>| {
            out.u64(sum.weight.to_bits())?;
            out.u64(sum.at.cast_unsigned())
        };
        sum(self.total, out)?;
        out.count(self.segments.len())?;
        for segment in &self.segments {
            out.u8(u8::from(segment.is_some()))?;
            let Some(segment) = segment else { continue };
            out.text(&segment.name)?;
            sum(segment.total, out)?;
            out.count(segment.people.len())?;
            segment.people.iter().try_for_each(|person| out.u32(*person))?;
            let mut products: Vec<_> = segment.by_product.iter().collect();
            products.sort_unstable_by_key(|(row, _)| **row);
            out.count(products.len())?;
            for (row, own) in products {
                out.u32(*row)?;
                sum(*own, out)?;
            }
        }
        let mut cohorts: Vec<_> = self.cohorts_by_visitor.iter().collect();
        cohorts.sort_unstable_by_key(|(visitor, _)| **visitor);
        out.count(cohorts.len())?;
        for (visitor, numbers) in cohorts {
            out.u32(*visitor)?;
            out.count(numbers.len())?;
            numbers.iter().try_for_each(|number| out.u32(*number))?;
        }
        let mut contexts: Vec<_> = self.context_by_visitor.iter().collect();
        contexts.sort_unstable_by_key(|(visitor, _)| **visitor);
        out.count(contexts.len())?;
        for (visitor, (time, numbers)) in contexts {
            out.u32(*visitor)?;
            out.u64(time.cast_unsigned())?;
            out.count(numbers.len())?;
            numbers.iter().try_for_each(|number| out.u32(*number))?;
        }
        Ok(())
    }

    /// Reads what [`Segments::save`] wrote. Every product is below `products`, every visitor below `visitors`.
    pub(crate) fn load(
        input: &mut SectionReader<'_, '_>,
        (products, visitors): (u32, u32),
    ) -> Result<Segments, SnapshotFault> {
        fn sum(input: &mut SectionReader<'_, '_>) -> Result<Sum, SnapshotFault> {
            let sum = Sum { weight: f64::from_bits(input.u64()?), at: input.u64()?.cast_signed() };
            if sum.weight.is_finite() && sum.weight >= 0.0 {
                Ok(sum)
            } else {
                Err(input.damaged("a sum that is no number"))
            }
        }
        let mut loaded = Segments { total: sum(input)?, ..Segments::default() };
        for number in 0..input.u32()? {
            if input.u8()? == 0 {
                loaded.segments.push(None);
                continue;
            }
            let name: Box<str> = input.text()?.into();
            let total = sum(input)?;
            let mut people = Vec::new();
            for _ in 0..input.u32()? {
                people.push(input.u32()?);
            }
            let mut by_product = HashMap::default();
            for _ in 0..input.u32()? {
                let row = input.u32()?;
                if row >= products {
                    return Err(input.damaged("a segment of products that there are not"));
                }
                by_product.insert(row, sum(input)?);
            }
            let is_new = loaded.number_by_name.insert(name.clone(), number).is_none();
            if !is_new || people.iter().any(|person| *person >= visitors) || number as usize >= SEGMENTS_MAX {
                return Err(input.damaged("a segment of nobody"));
            }
            loaded.segments.push(Some(Segment { name, total, by_product, people }));
        }
        for _ in 0..input.u32()? {
            let visitor = input.u32()?;
            let numbers = loaded.load_numbers(input)?;
            loaded.cohorts_by_visitor.insert(visitor, numbers);
        }
        for _ in 0..input.u32()? {
            let (visitor, time) = (input.u32()?, input.u64()?.cast_signed());
            let numbers = loaded.load_numbers(input)?;
            loaded.context_by_visitor.insert(visitor, (time, numbers));
        }
        Ok(loaded)
    }

    fn load_numbers(&self, input: &mut SectionReader<'_, '_>) -> Result<Box<[u32]>, SnapshotFault> {
        let mut numbers = Vec::new();
        for _ in 0..input.u32()? {
            let number = input.u32()?;
            if self.segments.get(number as usize).is_none_or(Option::is_none) {
                return Err(input.damaged("a segment that there is not"));
            }
            numbers.push(number);
        }
        Ok(numbers.into())
    }
}

/// The name of a segment: `kind`, name and value; `None` for a value that tells no group apart.
fn segment_name(kind: &str, name: &str, value: &Value) -> Option<Box<str>> {
    let value = match value {
        Value::String(text) => text.trim().to_lowercase(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let fits = !value.is_empty() && value.len() <= SEGMENT_TEXT_BYTES_MAX && name.len() <= SEGMENT_TEXT_BYTES_MAX;
    fits.then(|| format!("{kind}\u{1f}{name}\u{1f}{value}").into())
}

fn cohort_name(name: &str, value: &Value) -> Option<Box<str>> {
    let own = name.strip_prefix("custom_attributes.").or_else(|| name.strip_prefix("attributes."));
    segment_name("user", own.unwrap_or(name), value)
}

fn context_name(name: &str, value: &Value) -> Option<Box<str>> {
    if name == "referrer" {
        return segment_name("context", name, &Value::from(host(value.as_str()?)));
    }
    segment_name("context", name, value)
}

/// The host of an address: where somebody came from, without what they looked for there.
fn host(address: &str) -> &str {
    let behind = address.split_once("://").map_or(address, |(_, behind)| behind);
    let host = behind.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

fn context_names(context: &serde_json::Map<String, Value>) -> Vec<Box<str>> {
    let mut names = Vec::new();
    let mut take = |name: &str, value: &Value| names.extend(context_name(name, value));
    for name in ["locale", "region"] {
        context.get(name).into_iter().for_each(|value| take(name, value));
    }
    for part in ["name", "source", "medium"] {
        let value = context.get("campaign").and_then(|campaign| campaign.get(part));
        value.into_iter().for_each(|value| take(&format!("campaign.{part}"), value));
    }
    context.get("page").and_then(|page| page.get("referrer")).into_iter().for_each(|value| take("referrer", value));
    for (name, value) in context.get("custom_context").and_then(Value::as_object).into_iter().flatten() {
        take(name, value);
    }
    names.truncate(SEGMENTS_OF_ONE_MAX);
    names
}

fn cohort_names(user: &User) -> Vec<Box<str>> {
    let mut names = Vec::new();
    let own = [
        ("gender", &user.gender),
        ("city", &user.city),
        ("state", &user.state),
        ("country", &user.country),
        ("group_id", &user.group_id),
    ];
    for (name, value) in own {
        names.extend(value.as_ref().and_then(|value| cohort_name(name, &Value::from(value.as_str()))));
    }
    names.extend(user.age.and_then(|age| cohort_name("age", &Value::from(age))));
    for (name, value) in user.custom_attributes.iter().flatten() {
        match value {
            Value::Array(values) => names.extend(values.iter().filter_map(|value| cohort_name(name, value))),
            value => names.extend(cohort_name(name, value)),
        }
    }
    let mut kept: Vec<Box<str>> = Vec::new();
    for name in names {
        if kept.len() < SEGMENTS_OF_ONE_MAX && !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}
