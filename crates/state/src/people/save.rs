//! The visitors' part of a snapshot.

use hashbrown::HashMap;
use record::{AttributeKind, Time};
use rustc_hash::FxBuildHasher;

use super::history::{self, PackedEvent};
use super::names::Space;
use super::profiles::Profiles;
use super::{NOBODY, People, Visitor};
use crate::SnapshotFault;
use crate::limits::EVENTS_PER_VISITOR_MAX;
use crate::sections::{SectionReader, SectionWriter};

/// The number in the place of a [`Space`] for a row whose id was erased.
const ERASED: u8 = u8::MAX;

impl People {
    pub(crate) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.u8(u8::from(self.latest.is_some()))?;
        out.u64(self.latest.unwrap_or_default().0.cast_unsigned())?;
        out.u32(self.names.rows())?;
        for row in 0..self.names.rows() {
            match self.names.get(row) {
                Some((space, id)) => {
                    out.u8(space as u8)?;
                    out.text(id)?;
                }
                None => out.u8(ERASED)?,
            }
        }
        for visitor in self.visitors.iter() {
            out.u32(visitor.link)?;
            out.u32(visitor.revision)?;
            out.count(visitor.history.len())?;
            for event in &visitor.history {
                out.bytes(&event.to_bytes())?;
            }
        }
        // Maps are written in the order of rows: equal states give equal snapshots.
        let former = sorted(&self.former_links);
        out.count(former.len())?;
        for (row, users) in former {
            out.u32(row)?;
            out.count(users.len())?;
            for &user in users {
                out.u32(user)?;
            }
        }
        let repeats = sorted(&self.repeats);
        out.count(repeats.len())?;
        for (row, positions) in repeats {
            out.u32(row)?;
            out.count(positions.len())?;
            for &position in positions {
                out.u64(position)?;
            }
        }
        let mut cut: Vec<u32> = self.cut.iter().copied().collect();
        cut.sort_unstable();
        out.count(cut.len())?;
        for row in cut {
            out.u32(row)?;
        }
        self.save_profiles(out)
    }

    fn save_profiles(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        let mut rows: Vec<u32> = self.profiles.rows().collect();
        rows.sort_unstable();
        // A profile repeats the names of its attributes; they are written once and numbered.
        let mut number_by_name: HashMap<&str, u32> = HashMap::new();
        let mut names = Vec::new();
        for (name, _) in rows.iter().flat_map(|&row| self.profiles.held(row)) {
            number_by_name.entry(name).or_insert_with(|| {
                names.push(name);
                names.len() as u32 - 1
            });
        }
        out.count(names.len())?;
        for name in names {
            out.text(name)?;
        }
        out.count(rows.len())?;
        for row in rows {
            let held = self.profiles.held(row);
            out.u32(row)?;
            out.count(held.len())?;
            for (name, kind) in held {
                out.u32(number_by_name[name])?;
                out.u8(kind as u8)?;
            }
        }
        Ok(())
    }

    /// Reads what [`People::save`] wrote. Every product is below `products`.
    pub(crate) fn load(input: &mut SectionReader<'_, '_>, products: u32) -> Result<People, SnapshotFault> {
        let mut people = People::default();
        let has_latest = input.u8()? != 0;
        let latest = Time(input.u64()?.cast_signed());
        people.latest = has_latest.then_some(latest);
        let rows = input.u32()?;
        people.load_names(input, rows)?;
        for row in 0..rows {
            let visitor = load_visitor(input, products)?;
            people.interactions += history::interactions(&visitor.history);
            people.history_bytes += history::memory_bytes(&visitor.history);
            debug_assert_eq!(row, people.visitors.len());
            people.visitors.push(visitor);
        }
        people.check_links(input)?;
        for _ in 0..input.u32()? {
            let anonymous = people.load_row(input)?;
            for _ in 0..input.u32()? {
                let user = people.load_row(input)?;
                people.former_links.entry(anonymous).or_default().push(user);
            }
        }
        for _ in 0..input.u32()? {
            let row = people.load_row(input)?;
            for _ in 0..input.u32()? {
                people.repeats.entry(row).or_default().push(input.u64()?);
            }
        }
        for _ in 0..input.u32()? {
            let row = people.load_row(input)?;
            people.cut.insert(row);
        }
        people.load_profiles(input)?;
        Ok(people)
    }

    fn load_names(&mut self, input: &mut SectionReader<'_, '_>, rows: u32) -> Result<(), SnapshotFault> {
        let mut bytes = Vec::new();
        for row in 0..rows {
            let number = input.u8()?;
            if number == ERASED {
                self.names.skip();
                continue;
            }
            let space = Space::from_number(number).ok_or_else(|| input.damaged("an id of no kind"))?;
            let length = input.u32()? as usize;
            bytes.clear();
            input.append(length, &mut bytes)?;
            let id = std::str::from_utf8(&bytes).map_err(|_| input.damaged("an id is not UTF-8"))?;
            if length > ID_BYTES_MAX || self.names.intern(space, id) != row {
                return Err(input.damaged("an id is too long, or there twice"));
            }
        }
        Ok(())
    }

    /// A link leads from an anonymous visitor without a history to a user, and no further.
    fn check_links(&self, input: &SectionReader<'_, '_>) -> Result<(), SnapshotFault> {
        for (row, visitor) in (0..).zip(self.visitors.iter()).filter(|(_, visitor)| visitor.link != NOBODY) {
            let leads_to_user = visitor.link < self.visitors.len() && self.is_user(visitor.link);
            if !leads_to_user || self.is_user(row) || !visitor.history.is_empty() {
                return Err(input.damaged("a link that leads nowhere"));
            }
        }
        Ok(())
    }

    fn load_row(&self, input: &mut SectionReader<'_, '_>) -> Result<u32, SnapshotFault> {
        let row = input.u32()?;
        if row < self.visitors.len() { Ok(row) } else { Err(input.damaged("a visitor that there is not")) }
    }

    fn load_profiles(&mut self, input: &mut SectionReader<'_, '_>) -> Result<(), SnapshotFault> {
        let mut names = Vec::new();
        for _ in 0..input.u32()? {
            names.push(input.text()?);
        }
        let mut held = Vec::<(&str, AttributeKind)>::new();
        for _ in 0..input.u32()? {
            let row = self.load_row(input)?;
            held.clear();
            for _ in 0..input.u32()? {
                let name = names.get(input.u32()? as usize);
                let kind = Profiles::kind(input.u8()?);
                match (name, kind) {
                    (Some(name), Some(kind)) => held.push((name, kind)),
                    _ => return Err(input.damaged("an attribute that there is not")),
                }
            }
            self.profiles.put_typed(row, &held);
        }
        Ok(())
    }
}

/// Bytes of the longest id: the contract's 1,024 characters of up to four bytes.
const ID_BYTES_MAX: usize = 4 * record::limits::ANONYMOUS_ID_CHARS_MAX;

fn load_visitor(input: &mut SectionReader<'_, '_>, products: u32) -> Result<Visitor, SnapshotFault> {
    let link = input.u32()?;
    let revision = input.u32()?;
    let events = input.u32()? as usize;
    if events > EVENTS_PER_VISITOR_MAX {
        return Err(input.damaged("a history is too long"));
    }
    let mut history = Vec::<PackedEvent>::with_capacity(events);
    for _ in 0..events {
        let event = PackedEvent::from_bytes(&input.array()?, products)
            .ok_or_else(|| input.damaged("an event of no type, or with a product that there is not"))?;
        if history.last().is_some_and(|last| (last.time, last.position) > (event.time, event.position)) {
            return Err(input.damaged("a history is out of order"));
        }
        history.push(event);
    }
    Ok(Visitor { history, link, revision })
}

fn sorted<T>(map: &HashMap<u32, Vec<T>, FxBuildHasher>) -> Vec<(u32, &[T])> {
    let mut entries: Vec<_> = map.iter().map(|(&row, values)| (row, values.as_slice())).collect();
    entries.sort_unstable_by_key(|&(row, _)| row);
    entries
}
