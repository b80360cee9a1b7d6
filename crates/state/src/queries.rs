use std::collections::BTreeMap;
use std::ops::Bound;

use hashbrown::HashSet;
use record::{Interaction, InteractionType};

use crate::limits::{QUERIES_AFTER_CUT, QUERIES_MAX, QUERY_PEOPLE_MAX};
use crate::query_clicks::normalized;
use crate::sections::{SectionReader, SectionWriter};
use crate::{SnapshotFault, VisitorRow};

/// What people searched for (`search` interactions with keywords), and how many different ones did.
///
/// Queries are held in lower case with single spaces, each with the visitors who typed it, so that erasing a person forgets
/// what nobody else typed. An anonymous visitor who signs in counts as that user from then on.
#[derive(Default)]
pub struct Queries {
    typed: BTreeMap<Box<str>, Typed>,
}

#[derive(Clone, Debug, Default)]
struct Typed {
    /// Rising; the first [`QUERY_PEOPLE_MAX`] that came.
    people: Vec<u32>,
    /// When it was typed last, in milliseconds.
    latest: i64,
}

impl Queries {
    /// The queries that begin with `prefix` (lower case, single spaces), in the order of their texts, with the number of
    /// people who typed each, which is not counted beyond [`QUERY_PEOPLE_MAX`].
    pub fn beginning_with<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, usize)> {
        let from = self.typed.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from.take_while(move |(query, _)| query.starts_with(prefix))
            .map(|(query, typed)| (&**query, typed.people.len()))
    }

    /// How many people typed this query.
    pub fn people(&self, query: &str) -> usize {
        self.typed.get(query).map_or(0, |typed| typed.people.len())
    }

    /// Different queries held.
    pub fn len(&self) -> usize {
        self.typed.len()
    }

    /// Whether nothing was searched for.
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// Bytes held; an estimate.
    pub fn memory_bytes(&self) -> usize {
        self.typed.iter().map(|(query, typed)| query.len() + typed.people.capacity() * 4 + 64).sum()
    }

    pub(crate) fn add(&mut self, visitor: u32, interaction: &Interaction) {
        let keywords = interaction.search.as_ref().and_then(|search| search.keywords.as_deref());
        let (InteractionType::Search, Some(keywords), Some(time)) = (interaction.kind, keywords, interaction.timestamp)
        else {
            return;
        };
        let Some(query) = normalized(keywords) else { return };
        let typed = self.typed.entry(query.into()).or_default();
        typed.latest = typed.latest.max(time.0);
        if let Err(place) = typed.people.binary_search(&visitor)
            && typed.people.len() < QUERY_PEOPLE_MAX
        {
            typed.people.insert(place, visitor);
        }
        if self.typed.len() > QUERIES_MAX {
            self.cut();
        }
    }

    /// Forgets the queries of the fewest people, of these the oldest, down to [`QUERIES_AFTER_CUT`].
    fn cut(&mut self) {
        let mut worth: Vec<(usize, i64, &str)> =
            self.typed.iter().map(|(query, typed)| (typed.people.len(), typed.latest, &**query)).collect();
        worth.sort_unstable_by(|a, b| b.cmp(a));
        let kept: HashSet<String> =
            worth.into_iter().take(QUERIES_AFTER_CUT).map(|(_, _, query)| query.to_owned()).collect();
        self.typed.retain(|query, _| kept.contains(&**query));
    }

    /// Makes one visitor of two: what `from` typed was typed by `to`. O(queries).
    pub(crate) fn link(&mut self, from: u32, to: u32) {
        for typed in self.typed.values_mut() {
            if let Ok(place) = typed.people.binary_search(&from) {
                typed.people.remove(place);
                if let Err(place) = typed.people.binary_search(&to) {
                    typed.people.insert(place, to);
                }
            }
        }
    }

    /// Forgets what was typed last before `cut`.
    pub(crate) fn forget_before(&mut self, cut: record::Time) {
        self.typed.retain(|_, typed| typed.latest >= cut.0);
    }

    /// Forgets these visitors, and what only they typed.
    pub(crate) fn forget_visitors(&mut self, visitors: &[VisitorRow]) {
        let visitors: HashSet<u32> = visitors.iter().map(|visitor| visitor.0).collect();
        self.typed.retain(|_, typed| {
            typed.people.retain(|row| !visitors.contains(row));
            !typed.people.is_empty()
        });
    }

    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.count(self.typed.len())?;
        for (query, typed) in &self.typed {
            out.text(query)?;
            out.u64(typed.latest.cast_unsigned())?;
            out.count(typed.people.len())?;
            typed.people.iter().try_for_each(|row| out.u32(*row))?;
        }
        Ok(())
    }

    /// Reads what [`Queries::save`] wrote. Every visitor is below `visitors`.
    pub(crate) fn load(input: &mut SectionReader<'_, '_>, visitors: u32) -> Result<Queries, SnapshotFault> {
        let mut queries = Queries::default();
        for _ in 0..input.u32()? {
            let query = input.text()?;
            let latest = input.u64()?.cast_signed();
            let mut people = Vec::new();
            for _ in 0..input.u32()? {
                people.push(input.u32()?);
            }
            let rises = people.is_sorted_by(|a, b| a < b) && people.last().is_some_and(|last| *last < visitors);
            if !rises || people.len() > QUERY_PEOPLE_MAX || normalized(&query).as_deref() != Some(&*query) {
                return Err(input.damaged("a query that nobody typed"));
            }
            queries.typed.insert(query.into_boxed_str(), Typed { people, latest });
        }
        Ok(queries)
    }
}
