//! An answer on its way into the live view, and its record in the journal beside the log.

use record::Time;
use uuid::Uuid;

use crate::limits::GIVEN_TEXT_BYTES_MAX;
use crate::{ProductRow, VisitorRow};

/// An answer as it was given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// The answer's `miso_id`.
    pub miso_id: Uuid,
    /// When.
    pub time: Time,
    /// Which API, such as `recommendation/user_to_products`.
    pub api: String,
    /// Which engine.
    pub engine_id: String,
    /// Which version of its model; empty where it had none.
    pub version: String,
    /// Which place of the site (`custom_context.unit_id` of the request); empty where it did not say.
    pub unit_id: String,
    /// What was searched for, as typed; empty for anything but a search for words.
    pub query: String,
    /// For whom; `None` for nobody known.
    pub visitor: Option<VisitorRow>,
    /// The place of the first product in the whole list: 0 unless the answer is a later page.
    pub start: u32,
    /// What, in the order shown.
    pub products: Box<[ProductRow]>,
}

/// The visitor of an answer to nobody known.
const NOBODY: u32 = u32::MAX;

impl Given {
    /// Writes the record of the answer that is the `number`th ever remembered, after the entry `position` of the log: its
    /// length, its CRC-32 and its contents, so that a record that a crash cut off is noticed. Texts over
    /// [`GIVEN_TEXT_BYTES_MAX`] are cut.
    pub fn write(&self, (number, position): (u64, u64), out: &mut Vec<u8>) {
        let mut bytes = Vec::with_capacity(128 + 4 * self.products.len());
        bytes.extend(number.to_le_bytes());
        bytes.extend(position.to_le_bytes());
        bytes.extend(self.miso_id.as_bytes());
        bytes.extend(self.time.0.to_le_bytes());
        bytes.extend(self.visitor.map_or(NOBODY, |visitor| visitor.0).to_le_bytes());
        bytes.extend(self.start.to_le_bytes());
        for text in [&self.api, &self.engine_id, &self.version, &self.unit_id, &self.query] {
            let text = cut(text);
            bytes.extend((text.len() as u16).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        bytes.extend((self.products.len() as u32).to_le_bytes());
        for product in &self.products {
            bytes.extend(product.0.to_le_bytes());
        }
        out.extend((bytes.len() as u32).to_le_bytes());
        out.extend(crc32fast::hash(&bytes).to_le_bytes());
        out.extend(bytes);
    }

    /// Reads the first record of `input` and gives its number and position, the answer, and the bytes behind it. `None` at the
    /// end, and where what is there is no whole record.
    pub fn read(input: &[u8]) -> Option<((u64, u64), Given, &[u8])> {
        let mut frame = Bytes(input);
        let length = frame.u32()? as usize;
        let checksum = frame.u32()?;
        let (bytes, rest) = frame.0.split_at_checked(length)?;
        if crc32fast::hash(bytes) != checksum {
            return None;
        }
        let mut bytes = Bytes(bytes);
        let order = (u64::from_le_bytes(bytes.array()?), u64::from_le_bytes(bytes.array()?));
        let miso_id = Uuid::from_bytes(bytes.array()?);
        let time = Time(i64::from_le_bytes(bytes.array()?));
        let visitor = Some(bytes.u32()?).filter(|row| *row != NOBODY).map(VisitorRow);
        let start = bytes.u32()?;
        let [api, engine_id, version, unit_id, query] =
            [bytes.text()?, bytes.text()?, bytes.text()?, bytes.text()?, bytes.text()?];
        let count = bytes.u32()? as usize;
        let products = (0..count).map(|_| bytes.u32().map(ProductRow)).collect::<Option<_>>()?;
        let given = Given { miso_id, time, api, engine_id, version, unit_id, query, visitor, start, products };
        Some((order, given, rest))
    }
}

/// The text up to the bound, whole characters only.
pub(super) fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(GIVEN_TEXT_BYTES_MAX.min(text.len()))]
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<String> {
        let length = usize::from(self.array().map(u16::from_le_bytes)?);
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }
}
