//! A model as bytes: magic, version, lengths, constants, what each expert holds, and a checksum over all of it.
//! Little-endian.

use std::io::{Read, Write};

use crate::calibration::{Calibration, ReliabilityBin};
use crate::cooccurrence::Neighbours;
use crate::experts::affinity::Affinity;
use crate::experts::factors::Factors;
use crate::experts::popularity::{PERIODS, Popularity};
use crate::experts::sessions::Sessions;
use crate::experts::set::{Experts, promising};
use crate::forest::Tree;
use crate::limits::{FACTORS_MAX, FEATURE_VALUES_MAX, LINEAR_NEIGHBOURS_MAX, NEIGHBOURS_MAX};
use crate::neighbours::Tuning;
use crate::ranker::{Ranker, WIDTH};
use crate::{Features, Metrics, Model};

const MAGIC: &[u8; 8] = b"TAMARI-M";
const VERSION: u32 = 5;

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
        let experts = &self.experts;
        out.write_all(&experts.products.to_le_bytes())?;
        out.write_all(&self.observations.to_le_bytes())?;
        let constants = self.tuning.constants();
        write_in_blocks(&mut out, &constants, |constant| constant.to_le_bytes())?;
        out.write_all(&self.metrics.cases.to_le_bytes())?;
        let Metrics {
            ndcg, ndcg_blend, ndcg_popularity, ndcg_recent_popularity, ndcg_item_to_item, ndcg_linear, ..
        } = self.metrics;
        let measured = [ndcg, ndcg_blend, ndcg_popularity, ndcg_recent_popularity, ndcg_item_to_item, ndcg_linear];
        write_in_blocks(&mut out, &measured, |metric| metric.to_le_bytes())?;
        for weights in &self.ranker.blend.weights {
            write_in_blocks(&mut out, weights, |weight| weight.to_le_bytes())?;
        }
        out.write_all(&(self.ranker.forest.trees.len() as u32).to_le_bytes())?;
        for tree in &self.ranker.forest.trees {
            write_in_blocks(&mut out, &tree.splits, entry_bytes)?;
            write_in_blocks(&mut out, &tree.leaves, |leaf| leaf.to_le_bytes())?;
        }
        out.write_all(&self.ranker.second_look.map(u8::from))?;
        out.write_all(&(self.ranker.worth_ln.len() as u32).to_le_bytes())?;
        write_in_blocks(&mut out, &self.ranker.worth_ln, |worth| worth.to_le_bytes())?;
        out.write_all(&self.ranker.cold_offset.to_le_bytes())?;
        out.write_all(&(self.reliability.len() as u32).to_le_bytes())?;
        for bin in &self.reliability {
            write_in_blocks(&mut out, &[bin.predicted, bin.observed], |value| value.to_le_bytes())?;
            out.write_all(&bin.count.to_le_bytes())?;
        }
        let points = &self.calibration.points;
        out.write_all(&(points.len() as u32).to_le_bytes())?;
        for &(said, came_true) in points {
            write_in_blocks(&mut out, &[said, came_true], |value| value.to_le_bytes())?;
        }
        let neighbours = [&experts.related, &self.bought_together, &experts.broad, &experts.following];
        for neighbours in neighbours.into_iter().chain([&experts.fresh, &experts.alike, &experts.linear]) {
            out.write_all(&(neighbours.entries.len() as u32).to_le_bytes())?;
            write_in_blocks(&mut out, &neighbours.offsets, |offset| offset.to_le_bytes())?;
            write_in_blocks(&mut out, &neighbours.entries, entry_bytes)?;
        }
        for counts in &experts.popularity.counts {
            write_in_blocks(&mut out, counts, |count| count.to_le_bytes())?;
        }
        write_in_blocks(&mut out, &experts.popularity.first_ms, |time_ms| time_ms.to_le_bytes())?;
        out.write_all(&experts.popularity.latest_ms.to_le_bytes())?;
        let sessions = &experts.sessions;
        let members = sessions.members();
        for length in [members.len(), sessions.ends.len()] {
            out.write_all(&(length as u32).to_le_bytes())?;
        }
        write_in_blocks(&mut out, &members, |member| member.to_le_bytes())?;
        write_in_blocks(&mut out, &sessions.ends, |end| end.to_le_bytes())?;
        write_in_blocks(&mut out, &sessions.times_ms, |time_ms| time_ms.to_le_bytes())?;
        let features = &experts.affinity.features;
        for length in [features.products(), features.values().len()] {
            out.write_all(&(length as u32).to_le_bytes())?;
        }
        let lengths: Vec<u32> = (0..features.products()).map(|row| features.of(row as u32).len() as u32).collect();
        write_in_blocks(&mut out, &lengths, |length| length.to_le_bytes())?;
        write_in_blocks(&mut out, features.values(), |value| value.to_le_bytes())?;
        let factors = &experts.factors;
        for length in [factors.size, factors.rows.len(), factors.learned] {
            out.write_all(&(length as u32).to_le_bytes())?;
        }
        write_in_blocks(&mut out, &factors.rows, |row| row.to_le_bytes())?;
        write_in_blocks(&mut out, &factors.vectors, |value| value.to_le_bytes())?;
        out.write_all(&(experts.expected.len() as u32).to_le_bytes())?;
        write_in_blocks(&mut out, &experts.expected, |value| value.to_le_bytes())?;
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
        input.floats(&mut constants)?;
        let cases = u32::from_le_bytes(input.array()?);
        let mut measured = [0.0; 6];
        input.floats(&mut measured)?;
        let [ndcg, ndcg_blend, ndcg_popularity, ndcg_recent_popularity, ndcg_item_to_item, ndcg_linear] = measured;
        let metrics = Metrics {
            cases,
            ndcg,
            ndcg_blend,
            ndcg_popularity,
            ndcg_recent_popularity,
            ndcg_item_to_item,
            ndcg_linear,
        };
        let mut ranker = Ranker::default();
        for weights in &mut ranker.blend.weights {
            input.floats(weights)?;
        }
        for _ in 0..u32::from_le_bytes(input.array()?) {
            let tree = input.tree()?;
            ranker.forest.trees.push(tree);
        }
        ranker.second_look = input.array::<3>()?.map(|flag| flag == 1);
        let worths = u32::from_le_bytes(input.array()?);
        if worths > products {
            return Err(ModelFault::Damaged("more products have a worth than there are"));
        }
        ranker.worth_ln = input.finite(worths as usize)?;
        ranker.cold_offset = input.finite(1)?[0];
        let mut reliability = Vec::new();
        for _ in 0..u32::from_le_bytes(input.array()?) {
            let of = input.finite(2)?;
            let count = u32::from_le_bytes(input.array()?);
            reliability.push(ReliabilityBin { predicted: of[0], observed: of[1], count });
        }
        let mut calibration = Calibration::default();
        for _ in 0..u32::from_le_bytes(input.array()?) {
            let mut point = [0.0; 2];
            input.floats(&mut point)?;
            calibration.points.push((point[0], point[1]));
        }
        let [related, bought_together, broad, following, fresh, alike, linear] = [
            (NEIGHBOURS_MAX, 0.0),
            (NEIGHBOURS_MAX, 0.0),
            (NEIGHBOURS_MAX, 0.0),
            (NEIGHBOURS_MAX, 0.0),
            (NEIGHBOURS_MAX, 0.0),
            (NEIGHBOURS_MAX, 0.0),
            (LINEAR_NEIGHBOURS_MAX, f32::MIN),
        ]
        .map(|(length_max, least)| input.neighbours(products, length_max, least));
        let popularity = input.popularity(products)?;
        let sessions = input.sessions(products)?;
        let features = input.features(products)?;
        let factors = input.factors(products)?;
        let expected = u32::from_le_bytes(input.array()?);
        if expected > products {
            return Err(ModelFault::Damaged("more products are expected to be wanted than there are"));
        }
        let expected = input.finite(expected as usize)?;
        let experts = Experts {
            products,
            related: related?,
            broad: broad?,
            fresh: fresh?,
            following: following?,
            linear: linear?,
            alike: alike?,
            affinity: Affinity::new(features, &popularity),
            popularity,
            sessions,
            factors,
            promising: promising(&expected),
            expected,
            ..Experts::default()
        };
        let bought_together = bought_together?;
        let expected = input.crc.clone().finalize();
        if u32::from_le_bytes(input.array()?) != expected {
            return Err(ModelFault::Damaged("the checksum differs"));
        }
        let experts = experts.with_facts();
        let tuning = Tuning::from_constants(constants);
        Ok(Model { observations, experts, bought_together, ranker, calibration, reliability, tuning, metrics })
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

    fn floats(&mut self, into: &mut [f32]) -> Result<(), ModelFault> {
        for value in into {
            *value = f32::from_le_bytes(self.array()?);
            if !value.is_finite() {
                return Err(ModelFault::Damaged("a constant is no number"));
            }
        }
        Ok(())
    }

    /// `count` numbers, none of them infinite or none at all.
    fn finite(&mut self, count: usize) -> Result<Vec<f32>, ModelFault> {
        self.values(count, |bytes| match f32::from_le_bytes(bytes) {
            value if value.is_finite() => Ok(value),
            _ => Err(ModelFault::Damaged("a number is none")),
        })
    }

    fn factors(&mut self, products: u32) -> Result<Factors, ModelFault> {
        let size = u32::from_le_bytes(self.array()?) as usize;
        let count = u32::from_le_bytes(self.array()?);
        let learned = u32::from_le_bytes(self.array()?);
        if size > FACTORS_MAX || count > products || learned > count {
            return Err(ModelFault::Damaged("more products have vectors than there are"));
        }
        let rows = self.values(count as usize, |bytes| match u32::from_le_bytes(bytes) {
            row if row < products => Ok(row),
            _ => Err(ModelFault::Damaged("a vector's product is out of range")),
        })?;
        let vectors = self.finite(rows.len() * size)?;
        Ok(Factors::new(size, rows, learned as usize, vectors, products))
    }

    fn tree(&mut self) -> Result<Tree, ModelFault> {
        let mut tree = Tree { splits: Default::default(), leaves: Default::default() };
        for (feature, threshold) in &mut tree.splits {
            *feature = u32::from_le_bytes(self.array()?);
            *threshold = f32::from_le_bytes(self.array()?);
            if *feature as usize >= WIDTH || threshold.is_nan() {
                return Err(ModelFault::Damaged("a tree asks for what there is not"));
            }
        }
        self.floats(&mut tree.leaves)?;
        Ok(tree)
    }

    fn features(&mut self, products: u32) -> Result<Features, ModelFault> {
        let described = u32::from_le_bytes(self.array()?);
        let count = u32::from_le_bytes(self.array()?);
        if described > products {
            return Err(ModelFault::Damaged("more products are described than there are"));
        }
        let lengths = self.values(described as usize, |bytes| Ok(u32::from_le_bytes(bytes)))?;
        let values = self.values(count as usize, |bytes| match u32::from_le_bytes(bytes) {
            value if value < FEATURE_VALUES_MAX => Ok(value),
            _ => Err(ModelFault::Damaged("a value of a product is out of range")),
        })?;
        let mut features = Features::default();
        let mut start = 0usize;
        for length in lengths {
            let end = start.saturating_add(length as usize);
            features.push(values.get(start..end).ok_or(ModelFault::Damaged("values of products are missing"))?);
            start = end;
        }
        if start == values.len() { Ok(features) } else { Err(ModelFault::Damaged("values belong to no product")) }
    }

    fn popularity(&mut self, products: u32) -> Result<Popularity, ModelFault> {
        let mut counts: [Vec<f32>; PERIODS] = Default::default();
        for counts in &mut counts {
            *counts = self.values(products as usize, |bytes| {
                let count = f32::from_le_bytes(bytes);
                if count >= 0.0 && count.is_finite() { Ok(count) } else { Err(ModelFault::Damaged("a count is none")) }
            })?;
        }
        let first_ms = self.values(products as usize, |bytes| Ok(i64::from_le_bytes(bytes)))?;
        let latest_ms = i64::from_le_bytes(self.array()?);
        Ok(Popularity::new(counts, first_ms, latest_ms))
    }

    fn sessions(&mut self, products: u32) -> Result<Sessions, ModelFault> {
        let members = u32::from_le_bytes(self.array()?);
        let histories = u32::from_le_bytes(self.array()?);
        let members_read = self.values(members as usize, |bytes| {
            let member = u32::from_le_bytes(bytes);
            if member < products { Ok(member) } else { Err(ModelFault::Damaged("a history's product is out of range")) }
        })?;
        let mut before = 0;
        let ends = self.values(histories as usize, |bytes| {
            let end = u32::from_le_bytes(bytes);
            if end <= before {
                return Err(ModelFault::Damaged("a history has an impossible length"));
            }
            before = end;
            Ok(end)
        })?;
        if before != members {
            return Err(ModelFault::Damaged("the histories do not fit their number"));
        }
        let times_ms = self.values(histories as usize, |bytes| Ok(i64::from_le_bytes(bytes)))?;
        Ok(Sessions::new(products, members_read, ends, times_ms))
    }

    fn neighbours(&mut self, products: u32, length_max: usize, least: f32) -> Result<Neighbours, ModelFault> {
        let count = u32::from_le_bytes(self.array()?);
        let mut before = 0;
        let offsets = self.values(products as usize + 1, |bytes| {
            let offset = u32::from_le_bytes(bytes);
            if offset < before || offset - before > length_max as u32 {
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
            if row >= products || !(similarity > least && (similarity <= 1.0 || least < 0.0) && similarity.is_finite())
            {
                return Err(ModelFault::Damaged("a neighbour is out of range"));
            }
            Ok((row, similarity))
        })?;
        Ok(Neighbours { offsets, entries })
    }
}
