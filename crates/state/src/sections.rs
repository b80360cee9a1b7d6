//! The framing of a snapshot: named sections of checked chunks, all numbers little-endian.
//!
//! A section is its four-letter tag, then chunks, then a chunk of length 0. A chunk is its length (u32), the CRC-32 of
//! its tag, its number within the section and its bytes, and the bytes. So writing streams through one chunk of
//! memory, and reading hands out no byte that was not checked. The checksum finds damage, not malice: readers still
//! check every value, and take memory only for bytes that are there.

use std::io::{ErrorKind, Read, Write};

use crate::SnapshotFault;

/// Bytes of a full chunk: large enough that a call per chunk costs nothing, small beside the state.
const CHUNK_BYTES_MAX: usize = 1 << 20;

fn checksum(tag: [u8; 4], number: u32, bytes: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&tag);
    crc.update(&number.to_le_bytes());
    crc.update(bytes);
    crc.finalize()
}

/// Writes one section.
pub(crate) struct SectionWriter<'a> {
    out: &'a mut dyn Write,
    tag: [u8; 4],
    chunk: Vec<u8>,
    chunks: u32,
}

impl<'a> SectionWriter<'a> {
    pub(crate) fn begin(out: &'a mut dyn Write, tag: [u8; 4]) -> std::io::Result<SectionWriter<'a>> {
        out.write_all(&tag)?;
        Ok(SectionWriter { out, tag, chunk: Vec::with_capacity(CHUNK_BYTES_MAX), chunks: 0 })
    }

    pub(crate) fn bytes(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while self.chunk.len() + bytes.len() > CHUNK_BYTES_MAX {
            let (now, later) = bytes.split_at(CHUNK_BYTES_MAX - self.chunk.len());
            self.chunk.extend_from_slice(now);
            self.flush()?;
            bytes = later;
        }
        self.chunk.extend_from_slice(bytes);
        Ok(())
    }

    pub(crate) fn u8(&mut self, number: u8) -> std::io::Result<()> {
        self.bytes(&[number])
    }

    pub(crate) fn u32(&mut self, number: u32) -> std::io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    pub(crate) fn u64(&mut self, number: u64) -> std::io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    /// Writes a count; the live view holds fewer than 2³² of anything.
    pub(crate) fn count(&mut self, count: usize) -> std::io::Result<()> {
        self.u32(u32::try_from(count).map_err(|_| std::io::Error::other("too many parts for a snapshot"))?)
    }

    /// Writes a text with its length.
    pub(crate) fn text(&mut self, text: &str) -> std::io::Result<()> {
        self.count(text.len())?;
        self.bytes(text.as_bytes())
    }

    pub(crate) fn finish(mut self) -> std::io::Result<()> {
        if !self.chunk.is_empty() {
            self.flush()?;
        }
        // The mark of the end; its checksum covers the number of chunks, so that none can be missing.
        self.flush()
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let length = u32::try_from(self.chunk.len()).map_err(std::io::Error::other)?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&checksum(self.tag, self.chunks, &self.chunk).to_le_bytes())?;
        self.out.write_all(&self.chunk)?;
        self.chunk.clear();
        self.chunks = self.chunks.wrapping_add(1);
        Ok(())
    }
}

/// A source that knows how far it was read.
pub(crate) struct Source<'a> {
    input: &'a mut dyn Read,
    offset: u64,
}

impl<'a> Source<'a> {
    pub(crate) fn new(input: &'a mut dyn Read) -> Source<'a> {
        Source { input, offset: 0 }
    }

    pub(crate) fn damaged(&self, what: &'static str) -> SnapshotFault {
        SnapshotFault::Damaged { offset: self.offset, what }
    }

    pub(crate) fn fill(&mut self, bytes: &mut [u8]) -> Result<(), SnapshotFault> {
        match self.input.read_exact(bytes) {
            Ok(()) => {
                self.offset += bytes.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(self.damaged("the file ends too early")),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotFault> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Whether the file ends here.
    pub(crate) fn is_at_end(&mut self) -> Result<bool, SnapshotFault> {
        let mut byte = [0];
        loop {
            match self.input.read(&mut byte) {
                Ok(read) => return Ok(read == 0),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Reads one section.
pub(crate) struct SectionReader<'a, 'b> {
    source: &'a mut Source<'b>,
    tag: [u8; 4],
    chunk: Vec<u8>,
    /// Bytes of `chunk` that were handed out.
    taken: usize,
    chunks: u32,
    ended: bool,
}

impl<'a, 'b> SectionReader<'a, 'b> {
    pub(crate) fn begin(source: &'a mut Source<'b>, tag: [u8; 4]) -> Result<SectionReader<'a, 'b>, SnapshotFault> {
        if source.array::<4>()? != tag {
            return Err(source.damaged("another section was expected here"));
        }
        Ok(SectionReader { source, tag, chunk: Vec::new(), taken: 0, chunks: 0, ended: false })
    }

    /// A fault at the present place; the offset is that of the end of the chunk in question.
    pub(crate) fn damaged(&self, what: &'static str) -> SnapshotFault {
        self.source.damaged(what)
    }

    fn refill(&mut self) -> Result<(), SnapshotFault> {
        if self.ended {
            return Err(self.damaged("the section ends too early"));
        }
        let length = u32::from_le_bytes(self.source.array()?) as usize;
        let expected = u32::from_le_bytes(self.source.array()?);
        if length > CHUNK_BYTES_MAX {
            return Err(self.damaged("a chunk is too long"));
        }
        self.chunk.resize(length, 0);
        self.source.fill(&mut self.chunk)?;
        self.taken = 0;
        if checksum(self.tag, self.chunks, &self.chunk) != expected {
            return Err(self.damaged("a checksum does not fit"));
        }
        self.chunks = self.chunks.wrapping_add(1);
        self.ended = length == 0;
        Ok(())
    }

    pub(crate) fn fill(&mut self, mut bytes: &mut [u8]) -> Result<(), SnapshotFault> {
        while !bytes.is_empty() {
            if self.taken == self.chunk.len() {
                self.refill()?;
                continue;
            }
            let part = bytes.len().min(self.chunk.len() - self.taken);
            let (now, later) = bytes.split_at_mut(part);
            now.copy_from_slice(&self.chunk[self.taken..self.taken + part]);
            self.taken += part;
            bytes = later;
        }
        Ok(())
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], SnapshotFault> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, SnapshotFault> {
        Ok(self.array::<1>()?[0])
    }

    pub(crate) fn u32(&mut self) -> Result<u32, SnapshotFault> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, SnapshotFault> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// Appends `length` bytes to `to`, taking memory only as the bytes prove to be there.
    pub(crate) fn append(&mut self, length: usize, to: &mut Vec<u8>) -> Result<(), SnapshotFault> {
        let mut missing = length;
        while missing > 0 {
            if self.taken == self.chunk.len() {
                self.refill()?;
                continue;
            }
            let part = missing.min(self.chunk.len() - self.taken);
            to.extend_from_slice(&self.chunk[self.taken..self.taken + part]);
            self.taken += part;
            missing -= part;
        }
        Ok(())
    }

    /// Reads a text written by [`SectionWriter::text`].
    pub(crate) fn text(&mut self) -> Result<String, SnapshotFault> {
        let length = self.u32()? as usize;
        let mut bytes = Vec::with_capacity(length.min(CHUNK_BYTES_MAX));
        self.append(length, &mut bytes)?;
        String::from_utf8(bytes).map_err(|_| self.damaged("a text is not UTF-8"))
    }

    /// Checks that all of the section was read.
    pub(crate) fn finish(mut self) -> Result<(), SnapshotFault> {
        if self.taken < self.chunk.len() {
            return Err(self.damaged("the section is longer than its content"));
        }
        if !self.ended {
            self.refill()?;
        }
        if self.ended { Ok(()) } else { Err(self.damaged("the section is longer than its content")) }
    }
}
