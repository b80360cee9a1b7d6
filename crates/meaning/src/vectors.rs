use roaring::RoaringBitmap;

use crate::limits;
use crate::sketch::{Sketcher, differing};

/// The vectors of a catalogue's products by row, 8 bits a number, changed live.
///
/// A vector takes its dimensions in bytes, an eighth of that for its sketch, and 16 more. The place of one taken out is used
/// again.
pub struct Vectors {
    dimensions: usize,
    sketcher: Sketcher,
    /// [`NOWHERE`] for a row that is not in.
    place_by_row: Vec<u32>,
    row_by_place: Vec<u32>,
    free: Vec<u32>,
    blocks: Vec<Block>,
}

/// A vector rounded to whole steps.
pub struct Steps {
    pub(crate) steps: Box<[i8]>,
    /// What a step stands for.
    scale: f32,
}

/// Vectors of [`BLOCK`] places. Blocks never move, so a catalogue grows without being copied.
struct Block {
    steps: Box<[i8]>,
    scales: Box<[f32]>,
    /// The first word of each sketch, and the others.
    firsts: Box<[u64]>,
    rests: Box<[u64]>,
}

const BLOCK: usize = 4096;
const NOWHERE: u32 = u32::MAX;

impl Steps {
    /// Rounds a vector to 255 steps.
    pub fn new(vector: &[f32]) -> Steps {
        let scale = vector.iter().fold(0.0f32, |most, x| most.max(x.abs())) / 127.0;
        let step = |x: &f32| if scale > 0.0 { (x / scale).round() as i8 } else { 0 };
        Steps { steps: vector.iter().map(step).collect(), scale }
    }

    /// The cosine of two vectors of length 1, -1 to 1 but for the rounding.
    pub fn cosine(&self, other: &Steps) -> f32 {
        dot(&self.steps, &other.steps) as f32 * self.scale * other.scale
    }

    /// The bytes that [`Steps::write`] writes of a vector.
    pub const fn bytes(dimensions: usize) -> usize {
        dimensions + 4
    }

    /// Adds the bytes of the vector: what a step stands for, then the steps.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.scale.to_le_bytes());
        bytes.extend(self.steps.iter().map(|step| step.cast_unsigned()));
    }

    /// Reads what [`Steps::write`] wrote; `None` where it is cut short or no number.
    pub fn read(bytes: &[u8]) -> Option<Steps> {
        let (scale, steps) = bytes.split_first_chunk::<4>()?;
        let scale = f32::from_le_bytes(*scale);
        let steps: Box<[i8]> = steps.iter().map(|byte| byte.cast_signed()).collect();
        (scale.is_finite() && scale >= 0.0).then_some(Steps { steps, scale })
    }

    /// Whether the vector has no direction: the text had no known word.
    pub fn is_zero(&self) -> bool {
        self.scale == 0.0
    }
}

impl Vectors {
    /// None yet, of as many numbers each.
    pub fn new(dimensions: usize) -> Vectors {
        Vectors {
            dimensions,
            sketcher: Sketcher::new(dimensions),
            place_by_row: Vec::new(),
            row_by_place: Vec::new(),
            free: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Rows that have a vector.
    pub fn len(&self) -> usize {
        self.row_by_place.len() - self.free.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the vectors take.
    pub fn bytes(&self) -> usize {
        let each = self.dimensions + 4 + 8 * self.sketcher.words();
        self.blocks.len() * BLOCK * each + 4 * (self.place_by_row.len() + self.row_by_place.len() + self.free.len())
    }

    /// Puts the vector of a row in, in the place of the one that it had. A vector without direction takes the row out.
    ///
    /// # Panics
    /// Where the vector has other than the dimensions' count of numbers.
    pub fn put(&mut self, row: u32, vector: &Steps) {
        assert_eq!(vector.steps.len(), self.dimensions, "one model gives all vectors");
        if vector.is_zero() {
            return self.delete(row);
        }
        let place = match self.place(row) {
            Some(place) => place,
            None => self.take_place(row),
        };
        let sketch = self.sketcher.sketch(vector);
        let (block, at, rest) = (&mut self.blocks[place / BLOCK], place % BLOCK, sketch.len() - 1);
        block.steps[at * self.dimensions..(at + 1) * self.dimensions].copy_from_slice(&vector.steps);
        block.scales[at] = vector.scale;
        block.firsts[at] = sketch[0];
        block.rests[at * rest..(at + 1) * rest].copy_from_slice(&sketch[1..]);
    }

    /// Takes a row out. One that is not in stays out.
    pub fn delete(&mut self, row: u32) {
        if let Some(place) = self.place(row) {
            self.place_by_row[row as usize] = NOWHERE;
            self.row_by_place[place] = NOWHERE;
            self.free.push(place as u32);
        }
    }

    /// The cosine of a row's vector with another, -1 to 1; `None` where the row has none.
    pub fn cosine(&self, row: u32, other: &Steps) -> Option<f32> {
        self.place(row).map(|place| self.cosine_at(place, other))
    }

    /// The rows nearest in meaning among `allowed` where given: at most `count`, of a cosine of at least `cosine_min`, the
    /// nearest first, ties by row.
    ///
    /// Every vector is compared up to [`limits::EXACT_MAX`] of them. Of more, those whose sketches differ least are
    /// ([`limits::COMPARED_MIN`] or six for each asked for), and of these sketches those are looked at whose first words differ least: some
    /// of the farthest of the `count` may then be missed.
    pub fn nearest(
        &self,
        to: &Steps,
        count: usize,
        cosine_min: f32,
        allowed: Option<&RoaringBitmap>,
    ) -> Vec<(u32, f32)> {
        let candidates = allowed.map_or(self.len() as u64, RoaringBitmap::len);
        if candidates <= limits::EXACT_MAX as u64 {
            self.nearest_exactly(to, count, cosine_min, allowed)
        } else {
            self.by_sketches(to, count, cosine_min, allowed)
        }
    }

    pub(crate) fn by_sketches(
        &self,
        to: &Steps,
        count: usize,
        cosine_min: f32,
        allowed: Option<&RoaringBitmap>,
    ) -> Vec<(u32, f32)> {
        let places = self.likely(to, limits::COMPARED_MIN.max(6 * count), allowed);
        self.best(places.into_iter(), to, count, cosine_min)
    }

    /// As [`Vectors::nearest`], comparing every vector however many there are.
    pub fn nearest_exactly(
        &self,
        to: &Steps,
        count: usize,
        cosine_min: f32,
        allowed: Option<&RoaringBitmap>,
    ) -> Vec<(u32, f32)> {
        match allowed {
            Some(rows) => self.best(rows.iter().filter_map(|row| self.place(row)), to, count, cosine_min),
            None => self.best(
                (0..self.row_by_place.len()).filter(|at| self.row_by_place[*at] != NOWHERE),
                to,
                count,
                cosine_min,
            ),
        }
    }

    fn best(&self, places: impl Iterator<Item = usize>, to: &Steps, count: usize, cosine_min: f32) -> Vec<(u32, f32)> {
        if to.is_zero() || count == 0 {
            return Vec::new();
        }
        let wide: Vec<i16> = to.steps.iter().map(|step| i16::from(*step)).collect();
        let cosine = |place: usize| {
            let (block, at) = (&self.blocks[place / BLOCK], place % BLOCK);
            let steps = &block.steps[at * self.dimensions..(at + 1) * self.dimensions];
            dot_wide(steps, &wide) as f32 * block.scales[at] * to.scale
        };
        let cosines = places.map(|place| (self.row_by_place[place], cosine(place)));
        let mut near: Vec<(u32, f32)> = cosines.filter(|(_, cosine)| *cosine >= cosine_min).collect();
        let nearer = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if near.len() > count {
            near.select_nth_unstable_by(count - 1, nearer);
            near.truncate(count);
        }
        near.sort_unstable_by(nearer);
        near
    }

    /// The places, at least `count` where there are as many, whose sketches differ least, as far as their first words tell.
    fn likely(&self, to: &Steps, count: usize, allowed: Option<&RoaringBitmap>) -> Vec<usize> {
        let sketch = self.sketcher.sketch(to);
        let all = self.row_by_place.len();
        let mut by_first: Vec<u8> = vec![0; all];
        for (block, differences) in self.blocks.iter().zip(by_first.chunks_mut(BLOCK)) {
            for (difference, first) in differences.iter_mut().zip(&block.firsts) {
                *difference = (first ^ sketch[0]).count_ones() as u8;
            }
        }
        let is_wanted = |place: usize| {
            let row = self.row_by_place[place];
            row != NOWHERE && allowed.is_none_or(|allowed| allowed.contains(row))
        };
        // What filters and deletions take away is only known place by place; a wider circle is drawn until enough is left.
        let mut wanted = count;
        loop {
            let looked_at = (limits::SKETCHES_PER_COMPARED * wanted).max(all / limits::SKETCHES_PART);
            let most = enough(by_first.iter().map(|difference| u32::from(*difference)), u64::BITS, looked_at);
            let near = by_first.iter().enumerate().filter(|(_, difference)| u32::from(**difference) <= most);
            let near: Vec<(u32, u32)> =
                near.map(|(place, first)| (place as u32, self.difference(place, *first, &sketch))).collect();
            let most = enough(near.iter().map(|(_, difference)| *difference), sketch.len() as u32 * u64::BITS, wanted);
            let near = near.iter().filter(|(_, difference)| *difference <= most).map(|(place, _)| *place as usize);
            let places: Vec<usize> = near.filter(|place| is_wanted(*place)).collect();
            if places.len() >= count || wanted >= all {
                return places;
            }
            wanted = wanted.saturating_mul(4).min(all);
        }
    }

    /// In how many bits the sketch at a place differs from another, of whose first word that is known.
    fn difference(&self, place: usize, first: u8, sketch: &[u64]) -> u32 {
        let (block, at, rest) = (&self.blocks[place / BLOCK], place % BLOCK, sketch.len() - 1);
        u32::from(first) + differing(&block.rests[at * rest..(at + 1) * rest], &sketch[1..])
    }

    fn cosine_at(&self, place: usize, other: &Steps) -> f32 {
        let (block, at) = (&self.blocks[place / BLOCK], place % BLOCK);
        let steps = &block.steps[at * self.dimensions..(at + 1) * self.dimensions];
        dot(steps, &other.steps) as f32 * block.scales[at] * other.scale
    }

    fn place(&self, row: u32) -> Option<usize> {
        self.place_by_row.get(row as usize).filter(|place| **place != NOWHERE).map(|place| *place as usize)
    }

    fn take_place(&mut self, row: u32) -> usize {
        let place = self.free.pop().map_or(self.row_by_place.len(), |place| place as usize);
        if place == self.row_by_place.len() {
            self.row_by_place.push(row);
        }
        self.row_by_place[place] = row;
        if self.place_by_row.len() <= row as usize {
            self.place_by_row.resize(row as usize + 1, NOWHERE);
        }
        self.place_by_row[row as usize] = place as u32;
        if place / BLOCK == self.blocks.len() {
            self.blocks.push(Block {
                steps: vec![0; BLOCK * self.dimensions].into(),
                scales: vec![0.0; BLOCK].into(),
                firsts: vec![0; BLOCK].into(),
                rests: vec![0; BLOCK * (self.sketcher.words() - 1)].into(),
            });
        }
        place
    }
}

/// The least difference, at most `most`, up to which there are `count`; `most` where there are fewer.
fn enough(differences: impl Iterator<Item = u32>, most: u32, count: usize) -> u32 {
    let mut by_difference = vec![0usize; most as usize + 1];
    differences.for_each(|difference| by_difference[difference as usize] += 1);
    let mut within = 0;
    let is_enough = |places: &usize| {
        within += places;
        within >= count
    };
    by_difference.iter().position(is_enough).map_or(most, |difference| difference as u32)
}

/// As [`dot`], with numbers that were widened once for many.
fn dot_wide(a: &[i8], b: &[i16]) -> i32 {
    a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

/// The sum of the products; 1024 of 127 · 127 fit in 32 bits many times. Written so that the compiler does 8 at once.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(a, b)| i32::from(i16::from(*a) * i16::from(*b))).sum()
}
