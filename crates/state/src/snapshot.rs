//! A snapshot of the live view: a header, then the sections of the parts.
//!
//! The header is the magic, the format's number (u32), the epoch (16 bytes), the position (u64) and their CRC-32; the
//! sections are framed as [`crate::sections`] describes. Numbers are little-endian.

use std::io::{Read, Write};

use uuid::Uuid;

use crate::sections::{SectionReader, SectionWriter, Source};
use crate::{Catalogue, Feedback, People, Queries, QueryClicks, Segments, State, Trends};

const MAGIC: [u8; 8] = *b"TAMARIST";
/// Changes with any change of what a part writes, and with the fingerprint of interactions.
const FORMAT: u32 = 5;

const CATALOGUE: [u8; 4] = *b"PROD";
const PEOPLE: [u8; 4] = *b"PEOP";
const TRENDS: [u8; 4] = *b"TREN";
const QUERIES: [u8; 4] = *b"QUER";
const QUERY_CLICKS: [u8; 4] = *b"CLIC";
const SEGMENTS: [u8; 4] = *b"SEGM";
const FEEDBACK: [u8; 4] = *b"FEED";

/// The head of the file of the sums alone.
const TALLIES_MAGIC: [u8; 8] = *b"TAMARITA";
const TALLIES_FORMAT: u32 = 1;
const TALLIES: [u8; 4] = *b"TALL";

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
    /// Writes everything into a snapshot: version, epoch, position, parts, checksums.
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
        section.finish()?;
        let mut section = SectionWriter::begin(out, QUERY_CLICKS)?;
        self.query_clicks.save(&mut section)?;
        section.finish()?;
        let mut section = SectionWriter::begin(out, FEEDBACK)?;
        self.feedback.save(&mut section)?;
        section.finish()?;
        let mut section = SectionWriter::begin(out, SEGMENTS)?;
        self.segments.save(&mut section)?;
        section.finish()
    }

    /// Writes the sums of what became of answers, which hold nothing of a person, into a file of its own: it outlives the
    /// snapshot, which another version of this program or an erasure may throw away.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn save_tallies(&self, out: &mut dyn Write) -> std::io::Result<()> {
        out.write_all(&TALLIES_MAGIC)?;
        out.write_all(&TALLIES_FORMAT.to_le_bytes())?;
        let mut section = SectionWriter::begin(out, TALLIES)?;
        section.u64(self.position)?;
        self.feedback.save_tallies(&mut section)?;
        section.finish()
    }

    /// Takes over what [`State::save_tallies`] wrote: for a state that begins anew. What stands in the log up to the position of
    /// that file is then not counted again. Sums that go beyond `log_end` are of another log and left out.
    ///
    /// # Errors
    /// [`SnapshotFault`]; then nothing is taken over.
    pub fn load_tallies(&mut self, input: &mut dyn Read, log_end: u64) -> Result<(), SnapshotFault> {
        let mut source = Source::new(input);
        if source.array()? != TALLIES_MAGIC {
            return Err(source.damaged("these are no sums of answers"));
        }
        let found = u32::from_le_bytes(source.array()?);
        if found != TALLIES_FORMAT {
            return Err(SnapshotFault::Version { found, expected: TALLIES_FORMAT });
        }
        let mut section = SectionReader::begin(&mut source, TALLIES)?;
        let position = section.u64()?;
        let mut feedback = Feedback::default();
        feedback.load_tallies(&mut section)?;
        section.finish()?;
        if position <= log_end {
            feedback.counted_to(position);
            self.feedback = feedback;
        }
        Ok(())
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
        let mut section = SectionReader::begin(&mut source, QUERY_CLICKS)?;
        let query_clicks = QueryClicks::load(&mut section, (catalogue.rows(), people.rows()))?;
        section.finish()?;
        let mut section = SectionReader::begin(&mut source, FEEDBACK)?;
        let feedback = Feedback::load(&mut section, (catalogue.rows(), people.rows()))?;
        section.finish()?;
        let mut section = SectionReader::begin(&mut source, SEGMENTS)?;
        let segments = Segments::load(&mut section, (catalogue.rows(), people.rows()))?;
        section.finish()?;
        if !source.is_at_end()? {
            return Err(source.damaged("the file is longer than the snapshot"));
        }
        Ok(State {
            epoch,
            position,
            catalogue,
            people,
            trends,
            queries,
            query_clicks,
            feedback,
            segments,
            rows: Vec::new(),
        })
    }
}

fn header(epoch: Uuid, position: u64) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    header.extend(FORMAT.to_le_bytes());
    header.extend(epoch.as_bytes());
    header.extend(position.to_le_bytes());
    header
}
