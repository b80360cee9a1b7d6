//! A snapshot of the live view: a header, then the sections of the parts.
//!
//! The header is the magic, the format's number (u32), the epoch (16 bytes), the position (u64) and their CRC-32; the
//! sections are framed as [`crate::sections`] describes. Numbers are little-endian.

use std::io::{Read, Write};

use uuid::Uuid;

use crate::sections::{SectionReader, SectionWriter, Source};
use crate::{Answers, Catalogue, People, Queries, State, Trends};

const MAGIC: [u8; 8] = *b"TAMARIST";
/// Changes with any change of what a part writes, and with the fingerprint of interactions.
const FORMAT: u32 = 2;

const CATALOGUE: [u8; 4] = *b"PROD";
const PEOPLE: [u8; 4] = *b"PEOP";
const TRENDS: [u8; 4] = *b"TREN";
const QUERIES: [u8; 4] = *b"QUER";

/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFault {
    /// Written by another version of this program.
    #[error("the snapshot has format {found}, this program reads {expected}")]
    Version {
        /// The format in the file.
        found: u32,
        /// The format of this program.
        expected: u32,
    },
    /// The bytes are not those that were written.
    #[error("the snapshot is damaged at byte {offset}: {what}")]
    Damaged {
        /// Where.
        offset: u64,
        /// What does not hold.
        what: &'static str,
    },
    /// The file cannot be read.
    #[error("the snapshot cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl State {
    /// Writes everything but the answers shown into a snapshot: version, epoch, position, parts, checksums.
    ///
    /// Streams through a mebibyte of memory, in large writes: `out` needs no buffer. The caller sees to it that the
    /// file is whole and durable before it takes the place of an older one.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn save(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let header = header(self.epoch, self.position);
        out.write_all(&header)?;
        out.write_all(&crc32fast::hash(&header).to_le_bytes())?;
        let mut section = SectionWriter::begin(out, CATALOGUE)?;
        self.catalogue.save(&mut section)?;
        section.finish()?;
        let mut section = SectionWriter::begin(out, PEOPLE)?;
        self.people.save(&mut section)?;
        section.finish()?;
        let mut section = SectionWriter::begin(out, TRENDS)?;
        self.trends.save(&mut section)?;
        section.finish()?;
        let mut section = SectionWriter::begin(out, QUERIES)?;
        self.queries.save(&mut section)?;
        section.finish()
    }

    /// Reads a snapshot. `input` needs no buffer.
    ///
    /// # Errors
    /// [`SnapshotFault`] for another version, a damaged or a short file. The caller then folds the log from its start.
    pub fn load(input: &mut dyn Read) -> Result<State, SnapshotFault> {
        let mut source = Source::new(input);
        if source.array()? != MAGIC {
            return Err(source.damaged("this is no snapshot"));
        }
        let format = u32::from_le_bytes(source.array()?);
        if format != FORMAT {
            return Err(SnapshotFault::Version { found: format, expected: FORMAT });
        }
        let epoch = Uuid::from_bytes(source.array()?);
        let position = u64::from_le_bytes(source.array()?);
        if source.array()? != crc32fast::hash(&header(epoch, position)).to_le_bytes() {
            return Err(source.damaged("the checksum of the header does not fit"));
        }
        let mut section = SectionReader::begin(&mut source, CATALOGUE)?;
        let catalogue = Catalogue::load(&mut section)?;
        section.finish()?;
        let mut section = SectionReader::begin(&mut source, PEOPLE)?;
        let people = People::load(&mut section, catalogue.rows())?;
        section.finish()?;
        let mut section = SectionReader::begin(&mut source, TRENDS)?;
        let trends = Trends::load(&mut section, catalogue.rows())?;
        section.finish()?;
        let mut section = SectionReader::begin(&mut source, QUERIES)?;
        let queries = Queries::load(&mut section, people.rows())?;
        section.finish()?;
        if !source.is_at_end()? {
            return Err(source.damaged("the file is longer than the snapshot"));
        }
        Ok(State { epoch, position, catalogue, people, trends, queries, answers: Answers::default(), rows: Vec::new() })
    }
}

fn header(epoch: Uuid, position: u64) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    header.extend(FORMAT.to_le_bytes());
    header.extend(epoch.as_bytes());
    header.extend(position.to_le_bytes());
    header
}
