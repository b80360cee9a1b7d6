//! The types of the users' custom attributes: one attribute keeps one type over all profiles.

use std::collections::HashMap;

use record::{AttributeKind, User};
use serde_json::{Map, Value};

use crate::{AttributeTypes, TypeConflict};

const KINDS: [AttributeKind; 8] = [
    AttributeKind::Boolean,
    AttributeKind::Number,
    AttributeKind::String,
    AttributeKind::Booleans,
    AttributeKind::Numbers,
    AttributeKind::Strings,
    AttributeKind::Object,
    AttributeKind::Objects,
];

/// An attribute's name, and how many profiles hold it with each type.
#[derive(Default)]
struct Attribute {
    name: Box<str>,
    users: [u32; KINDS.len()],
}

/// What is known of the profiles: which users have one, and which attributes, of which type. No value is held.
#[derive(Default)]
pub(super) struct Profiles {
    attributes: Vec<Attribute>,
    attribute_by_name: HashMap<Box<str>, u32>,
    /// Places in `attributes` that no profile uses any more.
    free: Vec<u32>,
    /// By the user's row: each attribute as its place in `attributes`, times 8, plus its type.
    held_by_row: HashMap<u32, Box<[u32]>, rustc_hash::FxBuildHasher>,
}

impl Profiles {
    pub(super) fn contains(&self, row: u32) -> bool {
        self.held_by_row.contains_key(&row)
    }

    pub(super) fn len(&self) -> usize {
        self.held_by_row.len()
    }

    pub(super) fn put(&mut self, row: u32, attributes: Option<&Map<String, Value>>) {
        let typed = attributes.into_iter().flatten();
        let typed: Vec<_> =
            typed.filter_map(|(name, value)| Some((name.as_str(), AttributeKind::of(value)?))).collect();
        self.put_typed(row, &typed);
    }

    pub(super) fn put_typed(&mut self, row: u32, attributes: &[(&str, AttributeKind)]) {
        self.remove(row);
        let held = attributes.iter().map(|&(name, kind)| {
            let place = self.place(name);
            self.attributes[place as usize].users[kind as usize] += 1;
            place << 3 | kind as u32
        });
        let held = held.collect();
        self.held_by_row.insert(row, held);
    }

    pub(super) fn remove(&mut self, row: u32) -> bool {
        let Some(held) = self.held_by_row.remove(&row) else { return false };
        for code in held {
            let place = code >> 3;
            let attribute = &mut self.attributes[place as usize];
            attribute.users[(code & 7) as usize] -= 1;
            if attribute.users == [0; KINDS.len()] {
                let name = std::mem::take(&mut attribute.name);
                self.attribute_by_name.remove(&name);
                self.free.push(place);
            }
        }
        true
    }

    fn place(&mut self, name: &str) -> u32 {
        if let Some(&place) = self.attribute_by_name.get(name) {
            return place;
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.attributes.push(Attribute::default());
            u32::try_from(self.attributes.len() - 1).expect("memory ends before 2³² attributes")
        });
        self.attributes[place as usize].name = name.into();
        self.attribute_by_name.insert(name.into(), place);
        place
    }

    /// The attributes of a row, by name and type, in the order of their upload.
    pub(super) fn held(&self, row: u32) -> impl ExactSizeIterator<Item = (&str, AttributeKind)> {
        let held = self.held_by_row.get(&row).map_or(&[][..], |held| held);
        held.iter().map(|&code| (&*self.attributes[(code >> 3) as usize].name, KINDS[(code & 7) as usize]))
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = u32> {
        self.held_by_row.keys().copied()
    }

    pub(super) fn kind(number: u8) -> Option<AttributeKind> {
        KINDS.get(usize::from(number)).copied()
    }

    pub(super) fn attribute_types(&self) -> AttributeTypes {
        let used = self.attributes.iter().filter_map(|attribute| {
            let (kind, users) = KINDS.into_iter().zip(attribute.users).max_by_key(|&(_, users)| users)?;
            (users > 0).then(|| (attribute.name.to_string(), (kind, users)))
        });
        used.collect()
    }

    /// As documented at [`crate::People::user_type_conflicts`]; `row` finds the row of a user.
    pub(super) fn conflicts(&self, batch: &[User], row: impl Fn(&str) -> Option<u32>) -> Vec<TypeConflict> {
        let mut replaced: HashMap<u32, u32> = HashMap::new();
        let mut rows: Vec<u32> = batch.iter().filter_map(|user| row(&user.user_id)).collect();
        rows.sort_unstable();
        rows.dedup();
        for held in rows.iter().filter_map(|row| self.held_by_row.get(row)) {
            for &code in held {
                *replaced.entry(code).or_default() += 1;
            }
        }
        let mut expected_by_name: HashMap<&str, AttributeKind> = HashMap::new();
        let mut conflicts = Vec::new();
        for (index, user) in batch.iter().enumerate() {
            for (name, value) in user.custom_attributes.iter().flatten() {
                let Some(given) = AttributeKind::of(value) else { continue };
                let expected = *expected_by_name
                    .entry(name)
                    .or_insert_with(|| self.kind_besides(name, &replaced).unwrap_or(given));
                if expected != given {
                    conflicts.push(TypeConflict { index, attribute: name.clone(), expected, given });
                }
            }
        }
        conflicts
    }

    /// The type of an attribute in the profiles that a batch does not replace.
    fn kind_besides(&self, name: &str, replaced: &HashMap<u32, u32>) -> Option<AttributeKind> {
        let place = *self.attribute_by_name.get(name)?;
        let users = self.attributes[place as usize].users;
        let left = KINDS.into_iter().zip(users).map(|(kind, users)| {
            let gone = replaced.get(&(place << 3 | kind as u32)).copied().unwrap_or(0);
            (kind, users - gone)
        });
        left.max_by_key(|&(_, users)| users).filter(|&(_, users)| users > 0).map(|(kind, _)| kind)
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let names: usize = self.attributes.iter().map(|attribute| 2 * attribute.name.len()).sum();
        let held: usize = self.held_by_row.values().map(|held| held.len() * size_of::<u32>()).sum();
        names
            + held
            + self.attributes.capacity() * size_of::<Attribute>()
            + self.attribute_by_name.capacity() * 8 / 7 * (size_of::<(Box<str>, u32)>() + 1)
            + self.held_by_row.capacity() * 8 / 7 * (size_of::<(u32, Box<[u32]>)>() + 1)
    }
}
