//! A model as bytes: magic, version, lengths, constants, neighbours, and a checksum over all of it. Little-endian.

use std::io::{Read, Write};

use crate::Model;
use crate::cooccurrence::Neighbours;
use crate::limits::NEIGHBOURS_MAX;
use crate::neighbours::Tuning;

const MAGIC: &[u8; 8] = b"TAMARI-M";
const VERSION: u32 = 1;

/// Why a model's bytes cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelFault {
    /// They are not what was written, or of another version.
    #[error("the model is damaged or of another version: {0}")]
    Damaged(&'static str),
    /// They cannot be read.
    #[error("the model cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Model {
    /// Writes the model.
    ///
    /// # Errors
    /// Whatever `out` refuses.
    pub fn save(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let mut out = Checked { inner: out, crc: crc32fast::Hasher::new() };
        out.write_all(MAGIC)?;
        out.write_all(&VERSION.to_le_bytes())?;
        out.write_all(&self.products.to_le_bytes())?;
        out.write_all(&self.observations.to_le_bytes())?;
        for constant in self.tuning.constants() {
            out.write_all(&constant.to_le_bytes())?;
        }
        for neighbours in [&self.related, &self.bought_together] {
            out.write_all(&(neighbours.entries.len() as u32).to_le_bytes())?;
            write_in_blocks(&mut out, &neighbours.offsets, |offset| offset.to_le_bytes())?;
            write_in_blocks(&mut out, &neighbours.entries, entry_bytes)?;
        }
        let crc = out.crc.clone().finalize();
        out.inner.write_all(&crc.to_le_bytes())
    }

    /// Reads a model.
    ///
    /// # Errors
    /// [`ModelFault`]. Any bytes are safe to read: nothing is believed before it is checked, and memory grows only
    /// with the bytes that are really there.
    pub fn load(input: &mut dyn Read) -> Result<Model, ModelFault> {
        let mut input = Checked { inner: input, crc: crc32fast::Hasher::new() };
        if &input.array::<8>()? != MAGIC {
            return Err(ModelFault::Damaged("it does not begin as a model does"));
        }
        if u32::from_le_bytes(input.array()?) != VERSION {
            return Err(ModelFault::Damaged("it has another version"));
        }
        let products = u32::from_le_bytes(input.array()?);
        let observations = u64::from_le_bytes(input.array()?);
        let mut constants = [0.0; 6];
        for constant in &mut constants {
            *constant = f32::from_le_bytes(input.array()?);
        }
        let related = input.neighbours(products)?;
        let bought_together = input.neighbours(products)?;
        let expected = input.crc.clone().finalize();
        if u32::from_le_bytes(input.array()?) != expected {
            return Err(ModelFault::Damaged("the checksum differs"));
        }
        Ok(Model { products, observations, related, bought_together, tuning: Tuning::from_constants(constants) })
    }
}

impl Tuning {
    fn constants(&self) -> [f32; 6] {
        let Tuning { damping, asymmetry, activity, distant_share, session_half_life, lasting_share } = *self;
        [damping, asymmetry, activity, distant_share, session_half_life, lasting_share]
    }

    fn from_constants(constants: [f32; 6]) -> Tuning {
        let [damping, asymmetry, activity, distant_share, session_half_life, lasting_share] = constants;
        Tuning { damping, asymmetry, activity, distant_share, session_half_life, lasting_share }
    }
}

fn entry_bytes(&(row, similarity): &(u32, f32)) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&row.to_le_bytes());
    bytes[4..].copy_from_slice(&similarity.to_le_bytes());
    bytes
}

fn write_in_blocks<T, const N: usize>(
    out: &mut dyn Write,
    values: &[T],
    bytes: impl Fn(&T) -> [u8; N],
) -> std::io::Result<()> {
    let mut block = Vec::with_capacity(N * 8192);
    for values in values.chunks(8192) {
        block.clear();
        block.extend(values.iter().flat_map(&bytes));
        out.write_all(&block)?;
    }
    Ok(())
}

/// A reader or writer that sums up what passes.
struct Checked<'a, T: ?Sized> {
    inner: &'a mut T,
    crc: crc32fast::Hasher,
}

impl Write for Checked<'_, dyn Write + '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

impl Checked<'_, dyn Read + '_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelFault> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), ModelFault> {
        self.inner.read_exact(bytes).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => ModelFault::Damaged("it is cut short"),
            _ => ModelFault::Io(error),
        })?;
        self.crc.update(bytes);
        Ok(())
    }

    /// Reads `count` values of `N` bytes, block by block.
    fn values<T, const N: usize>(
        &mut self,
        count: usize,
        mut value: impl FnMut([u8; N]) -> Result<T, ModelFault>,
    ) -> Result<Vec<T>, ModelFault> {
        let mut values = Vec::new();
        let mut block = vec![0; N * 8192];
        let mut left = count;
        while left > 0 {
            let now = left.min(8192);
            self.fill(&mut block[..now * N])?;
            for bytes in block[..now * N].as_chunks::<N>().0 {
                values.push(value(*bytes)?);
            }
            left -= now;
        }
        Ok(values)
    }

    fn neighbours(&mut self, products: u32) -> Result<Neighbours, ModelFault> {
        let count = u32::from_le_bytes(self.array()?);
        let mut before = 0;
        let offsets = self.values(products as usize + 1, |bytes| {
            let offset = u32::from_le_bytes(bytes);
            if offset < before || offset - before > NEIGHBOURS_MAX as u32 {
                return Err(ModelFault::Damaged("a list of neighbours has an impossible length"));
            }
            before = offset;
            Ok(offset)
        })?;
        if offsets.first() != Some(&0) || before != count {
            return Err(ModelFault::Damaged("the lists of neighbours do not fit their number"));
        }
        let entries = self.values(count as usize, |bytes: [u8; 8]| {
            let [a, b, c, d, similarity @ ..] = bytes;
            let (row, similarity) = (u32::from_le_bytes([a, b, c, d]), f32::from_le_bytes(similarity));
            if row >= products || !(similarity > 0.0 && similarity <= 1.0) {
                return Err(ModelFault::Damaged("a neighbour is out of range"));
            }
            Ok((row, similarity))
        })?;
        Ok(Neighbours { offsets, entries })
    }
}
