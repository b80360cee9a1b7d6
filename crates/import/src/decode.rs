//! From a file to text: gzip found by content, byte order marks removed, bytes counted for the progress bar,
//! and a bound on the length of one record.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;

use crate::failure::Failure;

/// The longest record, in bytes. A quote left open would otherwise take the rest of the file into memory.
pub(crate) const RECORD_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// What is looked at to find out the format.
pub(crate) const SAMPLE_BYTES: usize = 256 * 1024;

/// How far the reading of a file has come, shared with the progress bar.
#[derive(Clone, Debug, Default)]
pub struct Distance(Arc<AtomicU64>);

impl Distance {
    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }
}

/// A file, decompressed where it was compressed.
pub(crate) enum Decoded {
    /// Text of some format; the sample is its beginning and is part of the reader too.
    Text { sample: Vec<u8>, reader: Bounded },
    /// A Parquet file, which needs to be read at any place.
    Parquet(File),
}

/// Opens a file. Bytes are counted as they lie on the disk, compressed or not.
pub(crate) fn open(path: &Path, distance: &Distance) -> Result<Decoded, Failure> {
    let failed = |error: io::Error| Failure::fault(format!("{} cannot be read: {error}", path.display()));
    let mut file = File::open(path).map_err(failed)?;
    let mut magic = [0; 4];
    let magic_bytes = read_full(&mut file, &mut magic).map_err(failed)?;
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    if &magic[..magic_bytes] == b"PAR1" {
        return Ok(Decoded::Parquet(file));
    }
    let counting = Counting { inner: file, distance: distance.clone() };
    let mut reader: Box<dyn Read + Send> = if magic.starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(BufReader::with_capacity(128 * 1024, counting)))
    } else {
        Box::new(counting)
    };
    let mut sample = vec![0; SAMPLE_BYTES];
    let sample_bytes = read_full(&mut reader, &mut sample).map_err(failed)?;
    sample.truncate(sample_bytes);
    if sample.starts_with(b"PAR1") {
        return spool(&sample, &mut reader).map(Decoded::Parquet).map_err(failed);
    }
    if sample.starts_with(&[0xff, 0xfe]) || sample.starts_with(&[0xfe, 0xff]) {
        return Err(Failure::usage(format!("{} is UTF-16; save it as UTF-8", path.display())));
    }
    if let Some(what) = foreign(&sample) {
        return Err(Failure::usage(format!("{} is {what}", path.display())));
    }
    if sample.starts_with(&[0xef, 0xbb, 0xbf]) {
        sample.drain(..3);
    }
    let all = Cursor::new(sample.clone()).chain(reader);
    let reader = BufReader::with_capacity(128 * 1024, Box::new(all) as Box<dyn Read + Send>);
    Ok(Decoded::Text { sample, reader: Bounded { inner: reader, since_record: Distance::default() } })
}

/// What a file is that is of none of our formats, by its first bytes, and what to do about it; `None` where it may be ours.
pub fn foreign(start: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 8] = [
        (b"%PDF", "a PDF; export the table behind it as CSV"),
        (b"PK\x03\x04", "an Excel workbook or a zip archive; save the sheet as CSV, or unpack it"),
        (&[0xd0, 0xcf, 0x11, 0xe0], "an old Excel workbook; save the sheet as CSV"),
        (&[0x89, b'P', b'N', b'G'], "a picture; choose a CSV, TSV, JSON, JSON Lines or Parquet file"),
        (&[0xff, 0xd8, 0xff], "a picture; choose a CSV, TSV, JSON, JSON Lines or Parquet file"),
        (b"SQLite format 3", "a database; export its tables as CSV"),
        (&[0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd; unpack it, or use gzip"),
        (b"BZh", "compressed with bzip2; unpack it, or use gzip"),
    ];
    if let Some((_, what)) = known.iter().find(|(magic, _)| start.starts_with(magic)) {
        return Some(what);
    }
    if start.starts_with(b"PAR1") || start.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let text = start.trim_ascii_start();
    let begins = |word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
    if begins("<!doctype") || begins("<html") || begins("<?xml") {
        return Some("a web page or XML; choose a CSV, TSV, JSON, JSON Lines or Parquet file");
    }
    let is_utf_16 = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
    (!is_utf_16 && start.iter().take(8_192).any(|byte| *byte == 0))
        .then_some("no text; choose a CSV, TSV, JSON, JSON Lines or Parquet file")
}

/// Parquet keeps its index at the end, so a compressed one is laid out on the disk first.
fn spool(start: &[u8], rest: &mut dyn Read) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(start)?;
    io::copy(rest, &mut file)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(bytes) => filled += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

struct Counting {
    inner: File,
    distance: Distance,
}

impl Read for Counting {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.inner.read(buffer)?;
        self.distance.add(bytes as u64);
        Ok(bytes)
    }
}

/// A reader that refuses to go on for more than [`RECORD_BYTES_MAX`] without a record having ended.
pub(crate) struct Bounded {
    inner: BufReader<Box<dyn Read + Send>>,
    since_record: Distance,
}

impl Bounded {
    /// Set to 0 at each record's end by whoever reads records.
    pub(crate) fn since_record(&self) -> Distance {
        self.since_record.clone()
    }

    fn check(&self) -> io::Result<()> {
        if self.since_record.bytes() <= RECORD_BYTES_MAX {
            return Ok(());
        }
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a record is longer than {} MiB; is a quote left open?", RECORD_BYTES_MAX >> 20),
        ))
    }
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let bytes = self.inner.read(buffer)?;
        self.since_record.add(bytes as u64);
        Ok(bytes)
    }
}

impl BufRead for Bounded {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.since_record.add(bytes as u64);
        self.inner.consume(bytes);
    }
}

/// Text from bytes that should be UTF-8. Those that are not are taken for Windows-1252, which old spreadsheets write;
/// the second value says so.
pub(crate) fn text(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (bytes.iter().map(|&byte| windows_1252(byte)).collect(), true),
    }
}

fn windows_1252(byte: u8) -> char {
    /// 0x80 to 0x9f; the five places without a letter become the replacement character.
    const HIGH: [char; 32] = [
        '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}',
        '\u{fffd}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}
