use std::sync::OnceLock;

use crate::pieces::Pieces;
use crate::{Unreadable, normalize};

/// A vector for each word piece; the vector of a text is the sum of those of its pieces.
///
/// The table in the binary ([`Table::built_in`]) is distilled from a sentence encoder; docs/SEARCH.md says how.
pub struct Table {
    pieces: Pieces,
    dimensions: usize,
    /// What one step of a row's numbers stands for.
    scales: Vec<f32>,
    rows: Vec<i8>,
}

/// What a file of a table begins with.
const MAGIC: &[u8; 8] = b"TAMPIEC1";

static BUILT_IN: OnceLock<Table> = OnceLock::new();

impl Table {
    /// The table in the binary. It is read on the first call, which takes some 20 ms.
    pub fn built_in() -> &'static Table {
        BUILT_IN.get_or_init(|| {
            Table::read(include_bytes!("../data/pieces.table")).expect("the table in the binary is whole")
        })
    }

    /// A table of `dimensions` numbers for each piece of the vocabulary, each row rounded to 8 bits with a scale of its own.
    ///
    /// # Panics
    /// Where `rows` does not have `dimensions` numbers for each piece.
    pub fn new(vocabulary: &str, dimensions: usize, rows: &[f32]) -> Table {
        let pieces = Pieces::new(vocabulary);
        assert_eq!(rows.len(), pieces.count() * dimensions, "every piece has a row");
        let mut table = Table { pieces, dimensions, scales: Vec::new(), rows: Vec::with_capacity(rows.len()) };
        for row in rows.chunks(dimensions) {
            let scale = row.iter().fold(0.0f32, |most, x| most.max(x.abs())) / 127.0;
            table.scales.push(scale);
            table.rows.extend(row.iter().map(|x| if scale > 0.0 { (x / scale).round() as i8 } else { 0 }));
        }
        table
    }

    /// Reads what [`Table::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Unreadable::Table`] where it is cut short or something else.
    pub fn read(bytes: &[u8]) -> Result<Table, Unreadable> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(Unreadable::Table)?;
        let (dimensions, rest) = number(rest)?;
        let (length, rest) = number(rest)?;
        let (vocabulary, rest) = rest.split_at_checked(length).ok_or(Unreadable::Table)?;
        let pieces = Pieces::new(std::str::from_utf8(vocabulary).map_err(|_| Unreadable::Table)?);
        let (scales, rows) = rest.split_at_checked(pieces.count() * 4).ok_or(Unreadable::Table)?;
        if dimensions == 0 || rows.len() != pieces.count() * dimensions {
            return Err(Unreadable::Table);
        }
        let scales = scales.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        let rows = rows.iter().map(|byte| byte.cast_signed()).collect();
        Ok(Table { pieces, dimensions, scales, rows })
    }

    /// The file: what it is, the numbers a row has, the bytes of the vocabulary, the vocabulary, a scale for each row, the rows.
    pub fn to_bytes(&self, vocabulary: &str) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend((self.dimensions as u32).to_le_bytes());
        bytes.extend((vocabulary.len() as u32).to_le_bytes());
        bytes.extend(vocabulary.as_bytes());
        self.scales.iter().for_each(|scale| bytes.extend(scale.to_le_bytes()));
        bytes.extend(self.rows.iter().map(|step| step.cast_unsigned()));
        bytes
    }

    /// Numbers of a vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The vocabulary.
    pub fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// The vector of a text, of length 1; all 0 where it has no piece.
    pub fn embed(&self, text: &str, pieces_max: usize) -> Vec<f32> {
        let mut vector = vec![0.0; self.dimensions];
        self.add(text, pieces_max, 1.0, &mut vector);
        normalize(&mut vector);
        vector
    }

    /// Adds `weight` times the sum of the text's pieces to `vector`.
    pub fn add(&self, text: &str, pieces_max: usize, weight: f32, vector: &mut [f32]) {
        for piece in self.pieces.split(text, pieces_max) {
            let at = piece as usize;
            let row = &self.rows[at * self.dimensions..(at + 1) * self.dimensions];
            let scale = weight * self.scales[at];
            vector.iter_mut().zip(row).for_each(|(sum, step)| *sum += scale * f32::from(*step));
        }
    }
}

fn number(bytes: &[u8]) -> Result<(usize, &[u8]), Unreadable> {
    let (four, rest) = bytes.split_first_chunk::<4>().ok_or(Unreadable::Table)?;
    Ok((u32::from_le_bytes(*four) as usize, rest))
}
