use hashbrown::HashMap;

use super::given::{Given, cut};
use crate::SnapshotFault;
use crate::limits::SOURCES_MAX;
use crate::sections::{SectionReader, SectionWriter};

/// Where an answer came from: what a report tells apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// Which API, such as `search/search`.
    pub api: Box<str>,
    /// Which engine.
    pub engine_id: Box<str>,
    /// Which version of its model; empty where it had none.
    pub version: Box<str>,
    /// Which place of the site; empty where nobody said.
    pub unit_id: Box<str>,
}

/// Stands for the versions and places of further sources once there are [`SOURCES_MAX`].
const OTHER: &str = "(other)";

/// The sources there were, each with a number that stays.
#[derive(Default)]
pub(crate) struct Sources {
    by_number: Vec<Source>,
    number_by_source: HashMap<Source, u32>,
}

impl Sources {
    pub(super) fn get(&self, number: u32) -> &Source {
        &self.by_number[number as usize]
    }

    pub(super) fn len(&self) -> u32 {
        self.by_number.len() as u32
    }

    pub(super) fn of(&mut self, given: &Given) -> u32 {
        self.number(Source {
            api: cut(&given.api).into(),
            engine_id: cut(&given.engine_id).into(),
            version: cut(&given.version).into(),
            unit_id: cut(&given.unit_id).into(),
        })
    }

    /// The number of the source like this one at another place of the site.
    pub(super) fn at(&mut self, number: u32, unit_id: &str) -> u32 {
        let source = self.get(number);
        if *source.unit_id == *unit_id {
            return number;
        }
        self.number(Source { unit_id: cut(unit_id).into(), ..source.clone() })
    }

    fn number(&mut self, mut source: Source) -> u32 {
        if let Some(&number) = self.number_by_source.get(&source) {
            return number;
        }
        if self.by_number.len() >= SOURCES_MAX {
            // Engines are few, so that these few more stay few.
            source = Source { version: OTHER.into(), unit_id: OTHER.into(), ..source };
            if let Some(&number) = self.number_by_source.get(&source) {
                return number;
            }
        }
        let number = self.len();
        self.by_number.push(source.clone());
        self.number_by_source.insert(source, number);
        number
    }

    pub(super) fn memory_bytes(&self) -> usize {
        let texts = |source: &Source| {
            source.api.len()
                + source.engine_id.len()
                + source.version.len()
                + source.unit_id.len()
                + size_of::<Source>()
        };
        self.by_number.iter().map(texts).sum::<usize>() * 2
    }

    pub(super) fn save(&self, out: &mut SectionWriter<'_>) -> std::io::Result<()> {
        out.count(self.by_number.len())?;
        for source in &self.by_number {
            for text in [&source.api, &source.engine_id, &source.version, &source.unit_id] {
                out.text(text)?;
            }
        }
        Ok(())
    }

    pub(super) fn load(input: &mut SectionReader<'_, '_>) -> Result<Sources, SnapshotFault> {
        let mut sources = Sources::default();
        for number in 0..input.u32()? {
            let mut text = || Ok::<Box<str>, SnapshotFault>(input.text()?.into());
            let source = Source { api: text()?, engine_id: text()?, version: text()?, unit_id: text()? };
            sources.by_number.push(source.clone());
            if sources.number_by_source.insert(source, number).is_some() {
                return Err(input.damaged("a source of answers is there twice"));
            }
        }
        Ok(sources)
    }
}
