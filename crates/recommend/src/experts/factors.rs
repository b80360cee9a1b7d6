//! Implicit ALS: persons and products as vectors, the person's computed from the history when asked (fold-in).
//!
//! Hu, Koren & Volinsky (2008) with the loss and the regularisation by frequency of Rendle, Krichene, Zhang & Koren (2022):
//! `Σ_observed c (1 - u·v)² + α Σ_all (u·v)² + λ (Σ_u (n_u + α I) |u|² + Σ_v (n_v + α U) |v|²)`; each half step by some
//! steps of conjugate gradients (Takács, Pilászy & Tikk 2011). Products without history get the vector that their content
//! lets expect, see `described.rs`.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use rayon::prelude::*;

use crate::cooccurrence::Units;
use crate::experts::Attention;
use crate::limits::{FACTOR_HISTORY_MAX, FACTOR_OBSERVATIONS_MAX, FACTOR_PRODUCTS_MAX, FACTORS_MAX};
use crate::random::mixed;
use crate::scoreboard::Best;
use crate::scores::{best_first, fetch, keep_best};
use crate::taste::Taste;

/// α: what a pair that was not observed weighs.
const UNOBSERVED: f32 = 0.1;
/// λ.
const PENALTY: f32 = 0.01;
const EPOCHS: usize = 10;
/// Steps of conjugate gradients of a half step; it starts from the vector of the epoch before.
const STEPS: usize = 3;
/// And of a fold-in, which starts from nothing.
const FOLD_IN_STEPS: usize = 8;
/// Rows that are solved side by side.
const BLOCK: usize = 32;
/// The sum of 64 products of two such numbers is still one of 32 bits.
const COARSE_MAX: f32 = 4_096.0;
/// Visitors who must have wanted a product before it has a vector of its own.
const VISITORS_MIN: u32 = 2;

/// The vectors of the products that have one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Factors {
    /// Numbers in a vector, a multiple of 8; 0 where there was nothing to learn from.
    pub(crate) size: usize,
    /// The products with vectors: those with history in rising order, then those whose vectors are expected of their content.
    pub(crate) rows: Vec<u32>,
    /// How many of `rows` have history.
    pub(crate) learned: usize,
    /// `size` for each of `rows`.
    pub(crate) vectors: Vec<f32>,
    /// α VᵀV of those with history.
    gram: Vec<f32>,
    place_by_product: Vec<u32>,
    coarse: Coarse,
}

/// The vectors as answers read them: in whole numbers, half as many bytes.
///
/// Those with history come first, and among them, as among the others, the longest. None speaks for a product more than its
/// length times the person's, so from some point on the rest need not be read.
#[derive(Clone, Debug, Default, PartialEq)]
struct Coarse {
    /// The product of each.
    rows: Vec<u32>,
    /// How long each is, and what one of its whole numbers stands for.
    lengths: Vec<f32>,
    units: Vec<f32>,
    numbers: Vec<i16>,
    learned: usize,
}

/// A person's vector in whole numbers.
pub(crate) struct Person {
    numbers: Vec<i16>,
    length: f32,
    unit: f32,
}

impl Factors {
    /// From the products of persons. `None` when `progress` answered false.
    pub(crate) fn train(
        histories: &Units,
        products: u32,
        seed: u64,
        progress: &(dyn Fn(f32) -> bool + Sync),
    ) -> Option<Factors> {
        let mut visitors_by_product = vec![0u32; products as usize];
        let mut persons = Sparse { offsets: vec![0], entries: Vec::new() };
        let one_in = histories.members().len().div_ceil(FACTOR_OBSERVATIONS_MAX).max(1);
        for members in histories.iter().step_by(one_in) {
            for member in &members[members.len().saturating_sub(FACTOR_HISTORY_MAX)..] {
                visitors_by_product[member.product as usize] += 1;
                persons.entries.push((member.product, member.weight));
            }
            persons.offsets.push(persons.entries.len());
        }
        let counted = visitors_by_product.iter().enumerate().filter(|&(_, &visitors)| visitors >= VISITORS_MIN);
        let mut wanted: Vec<(u32, f32)> = counted.map(|(row, &visitors)| (row as u32, visitors as f32)).collect();
        keep_best(&mut wanted, FACTOR_PRODUCTS_MAX);
        let mut rows: Vec<u32> = wanted.into_iter().map(|(row, _)| row).collect();
        rows.sort_unstable();
        let mut place_by_product = vec![u32::MAX; products as usize];
        for (place, &row) in rows.iter().enumerate() {
            place_by_product[row as usize] = place as u32;
        }
        let persons = persons.renumbered(&place_by_product);
        let (users, items) = (persons.offsets.len() - 1, rows.len());
        let size = (users.min(items) / 8 * 8).min(FACTORS_MAX);
        if size == 0 {
            return Some(Factors { place_by_product: vec![u32::MAX; products as usize], ..Factors::default() });
        }
        let wanted = persons.transposed(items);
        let scale = 0.1 / (size as f32).sqrt();
        let luck = |at: usize| mixed(seed ^ at as u64) as f32 / u64::MAX as f32;
        // Twelve numbers from 0 to 1 less 6 are normal enough; two will do to begin with.
        let mut of_products: Vec<f32> =
            (0..items * size).map(|at| scale * (luck(2 * at) + luck(2 * at + 1) - 1.0) * 2.4).collect();
        let mut of_persons = vec![0.0f32; users * size];
        for epoch in 0..EPOCHS {
            half_step(&mut of_persons, &persons, &of_products, size);
            half_step(&mut of_products, &wanted, &of_persons, size);
            if !progress((epoch + 1) as f32 / EPOCHS as f32) {
                return None;
            }
        }
        let learned = rows.len();
        let gram = gram(&of_products, size);
        Some(Factors { size, rows, learned, vectors: of_products, gram, place_by_product, coarse: Default::default() })
    }

    /// From what is stored: `size` numbers for each of `rows`, all less than `products`.
    pub(crate) fn new(size: usize, rows: Vec<u32>, learned: usize, vectors: Vec<f32>, products: u32) -> Factors {
        let mut place_by_product = vec![u32::MAX; products as usize];
        for (place, &row) in rows.iter().enumerate() {
            place_by_product[row as usize] = place as u32;
        }
        let gram = if size == 0 { Vec::new() } else { gram(&vectors[..learned * size], size) };
        let mut factors = Factors { size, rows, learned, vectors, gram, place_by_product, coarse: Default::default() };
        factors.make_searchable();
        factors
    }

    /// To be called when the last vector is there, before anything is asked for.
    pub(crate) fn make_searchable(&mut self) {
        let mut order: Vec<(u32, f32)> = Vec::with_capacity(self.rows.len());
        for places in [0..self.learned, self.learned..self.rows.len()] {
            let mut own: Vec<(u32, f32)> = places.map(|place| (place as u32, length(self.at(place)))).collect();
            own.sort_unstable_by(best_first);
            order.append(&mut own);
        }
        let mut coarse = Coarse { learned: self.learned, ..Coarse::default() };
        for (place, length) in order {
            coarse.rows.push(self.rows[place as usize]);
            coarse.lengths.push(length);
            let (numbers, unit) = in_whole_numbers(self.at(place as usize));
            coarse.numbers.extend(numbers);
            coarse.units.push(unit);
        }
        self.coarse = coarse;
    }

    /// The products with vectors in the order in which answers number them.
    pub(crate) fn numbered(&self) -> &[u32] {
        &self.coarse.rows
    }

    /// Gives a product without history a vector.
    pub(crate) fn expect(&mut self, row: u32, vector: &[f32]) {
        self.place_by_product[row as usize] = self.rows.len() as u32;
        self.rows.push(row);
        self.vectors.extend_from_slice(vector);
    }

    /// The vector of a product; none where it has none.
    pub(crate) fn of(&self, row: u32) -> Option<&[f32]> {
        let place = *self.place_by_product.get(row as usize)?;
        (place != u32::MAX).then(|| self.at(place as usize))
    }

    fn at(&self, place: usize) -> &[f32] {
        &self.vectors[place * self.size..(place + 1) * self.size]
    }

    /// The vector of whoever has this history; `None` where it says nothing. O(steps × (history × size + size²)).
    pub(crate) fn fold_in(&self, taste: &Taste) -> Option<Vec<f32>> {
        let places = taste.held.iter().filter(|held| held.weight > 0.0).filter_map(|held| {
            let place = *self.place_by_product.get(held.product as usize)?;
            ((place as usize) < self.learned).then(|| (place, Attention::Lasting.of(held)))
        });
        let own: Vec<(u32, f32)> = places.take(FACTOR_HISTORY_MAX).collect();
        if own.is_empty() {
            return None;
        }
        let mut person = vec![0.0; self.size];
        let penalty = PENALTY * (own.len() as f32 + UNOBSERVED * self.learned as f32);
        let system = System { entries: &own, penalty };
        Solver::new(self.size, 1).solve(&mut person, &[system], &self.vectors, &self.gram, FOLD_IN_STEPS);
        Some(person)
    }

    /// As [`Factors::fold_in`], for asking what it says.
    pub(crate) fn person(&self, taste: &Taste) -> Option<Person> {
        self.fold_in(taste).map(|vector| {
            let (numbers, unit) = in_whole_numbers(&vector);
            Person { numbers, unit, length: length(&vector) }
        })
    }

    /// What the person's vector says of each product with one, where it speaks for it.
    pub(crate) fn scores(&self, person: &Person) -> Vec<(u32, f32)> {
        let scores = self.coarse.rows.iter().enumerate().map(|(number, &row)| (row, self.score(person, number)));
        scores.filter(|&(_, score)| score > 0.0).collect()
    }

    /// Has the vectors of these numbers near for [`Factors::score`].
    pub(crate) fn fetch(&self, numbers: impl Iterator<Item = u32>) {
        let lines = numbers.flat_map(|number| {
            let first = number as usize * self.size;
            (first..first + self.size).step_by(32)
        });
        fetch(lines.map(|at| u32::from(self.coarse.numbers[at].cast_unsigned())));
    }

    /// What the person's vector says of the product of this number.
    pub(crate) fn score(&self, person: &Person, number: usize) -> f32 {
        let vector = &self.coarse.numbers[number * self.size..][..self.size];
        dot_of_whole(&person.numbers, vector) as f32 * (person.unit * self.coarse.units[number])
    }

    /// The best `allowed` products with history that the person's vector speaks for, and the best without, so many of each; in no
    /// order.
    pub(crate) fn best(
        &self,
        person: &Person,
        allowed: &mut dyn FnMut(u32) -> bool,
        [of_learned, of_others]: [usize; 2],
    ) -> Vec<u32> {
        let learned = self.coarse.learned;
        let mut found = self.best_of(person, 0..learned, allowed, of_learned);
        found.extend(self.best_of(person, learned..self.coarse.rows.len(), allowed, of_others));
        found
    }

    fn best_of(
        &self,
        person: &Person,
        numbers: std::ops::Range<usize>,
        allowed: &mut dyn FnMut(u32) -> bool,
        count: usize,
    ) -> Vec<u32> {
        // To ask of each product whether it is allowed costs more than its score; mostly the best ones are.
        let found = self.search(person, numbers.clone(), &mut |_| true, 2 * count);
        let is_all = found.len() < 2 * count;
        let mut best = Best::default();
        best.begin(count);
        let mut offered = 0;
        for (row, score) in found.into_iter().filter(|&(row, _)| allowed(row)) {
            offered += 1;
            if best.admits(row, score) {
                best.offer(row, score);
            }
        }
        if offered < count && !is_all {
            return self.search(person, numbers, allowed, count).into_iter().map(|(row, _)| row).collect();
        }
        best.rows().collect()
    }

    /// The `count` best `allowed` products of these numbers, with what the person's vector says of each.
    fn search(
        &self,
        person: &Person,
        numbers: std::ops::Range<usize>,
        allowed: &mut dyn FnMut(u32) -> bool,
        count: usize,
    ) -> Vec<(u32, f32)> {
        /// Vectors read between two looks at whether the rest can be left.
        const STEP: usize = 16;
        let mut best = Best::default();
        best.begin(count);
        for first in numbers.clone().step_by(STEP) {
            // In whole numbers a length may be a little more.
            if self.coarse.lengths[first] * person.length * 1.01 < best.least() {
                break;
            }
            for number in first..numbers.end.min(first + STEP) {
                let score = self.score(person, number);
                if score >= best.least() && score > 0.0 {
                    let row = self.coarse.rows[number];
                    if best.admits(row, score) && allowed(row) {
                        best.offer(row, score);
                    }
                }
            }
        }
        best.scored().collect()
    }
}

fn length(vector: &[f32]) -> f32 {
    dot(vector, vector).sqrt()
}

/// Up to [`COARSE_MAX`], and what 1 stands for.
fn in_whole_numbers(vector: &[f32]) -> (Vec<i16>, f32) {
    let most = vector.iter().fold(0.0f32, |most, value| most.max(value.abs()));
    let unit = most / COARSE_MAX;
    let scale = if unit > 0.0 { unit.recip() } else { 0.0 };
    (vector.iter().map(|value| (value * scale).round() as i16).collect(), unit)
}

/// Of as many numbers. Nothing overflows; said so, pairs are multiplied and added in one step even where overflow is checked.
fn dot_of_whole(a: &[i16], b: &[i16]) -> i32 {
    let products = a.iter().zip(b).map(|(&a, &b)| i32::from(a).wrapping_mul(i32::from(b)));
    products.fold(0, i32::wrapping_add)
}

/// Rows of (column, weight).
struct Sparse {
    offsets: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl Sparse {
    fn of(&self, row: usize) -> &[(u32, f32)] {
        &self.entries[self.offsets[row]..self.offsets[row + 1]]
    }

    /// With the columns' new numbers, without those that have none.
    fn renumbered(self, numbers: &[u32]) -> Sparse {
        let mut kept = Sparse { offsets: vec![0], entries: Vec::with_capacity(self.entries.len()) };
        for row in 0..self.offsets.len() - 1 {
            let entries = self.of(row).iter().map(|&(column, weight)| (numbers[column as usize], weight));
            kept.entries.extend(entries.filter(|&(column, _)| column != u32::MAX));
            kept.offsets.push(kept.entries.len());
        }
        kept
    }

    fn transposed(&self, columns: usize) -> Sparse {
        let mut offsets = vec![0usize; columns + 1];
        for &(column, _) in &self.entries {
            offsets[column as usize + 1] += 1;
        }
        for column in 0..columns {
            offsets[column + 1] += offsets[column];
        }
        let mut next = offsets.clone();
        let mut entries = vec![(0u32, 0.0f32); self.entries.len()];
        for row in 0..self.offsets.len() - 1 {
            for &(column, weight) in self.of(row) {
                entries[next[column as usize]] = (row as u32, weight);
                next[column as usize] += 1;
            }
        }
        Sparse { offsets, entries }
    }
}

/// Improves `own` vectors for the `others` held fast; block by block, so that the outcome does not depend on threads.
fn half_step(own: &mut [f32], observed: &Sparse, others: &[f32], size: usize) {
    let gram = gram(others, size);
    let others_count = (others.len() / size) as f32;
    own.par_chunks_mut(size * BLOCK).enumerate().for_each_init(
        || Solver::new(size, BLOCK),
        |solver, (block, vectors)| {
            let rows = (block * BLOCK..).take(vectors.len() / size);
            let systems: Vec<System<'_>> = rows
                .map(|row| {
                    let entries = observed.of(row);
                    System { entries, penalty: PENALTY * (entries.len() as f32 + UNOBSERVED * others_count) }
                })
                .collect();
            solver.solve(vectors, &systems, others, &gram, STEPS);
        },
    );
}

/// α VᵀV, summed block by block in order.
fn gram(vectors: &[f32], size: usize) -> Vec<f32> {
    let blocks: Vec<Vec<f32>> = vectors
        .par_chunks(size * 2048)
        .map(|block| {
            let block = ArrayView2::from_shape((block.len() / size, size), block).expect("whole vectors");
            block.t().dot(&block).into_raw_vec_and_offset().0
        })
        .collect();
    let mut gram = vec![0.0; size * size];
    for block in blocks {
        gram.iter_mut().zip(block).for_each(|(sum, own)| *sum += UNOBSERVED * own);
    }
    gram
}

/// What is known of one row: `(gram + Σ c v vᵀ + penalty) x = Σ c v` over its entries.
struct System<'a> {
    entries: &'a [(u32, f32)],
    penalty: f32,
}

/// Room for the conjugate gradients of some rows, which share the product with the Gram matrix.
struct Solver {
    size: usize,
    residual: Vec<f32>,
    direction: Vec<f32>,
    image: Vec<f32>,
    squares: Vec<f32>,
}

impl Solver {
    fn new(size: usize, rows: usize) -> Solver {
        let zero = || vec![0.0; size * rows];
        Solver { size, residual: zero(), direction: zero(), image: zero(), squares: vec![0.0; rows] }
    }

    /// Improves each of `vectors` towards the solution of its system.
    fn solve(&mut self, vectors: &mut [f32], systems: &[System<'_>], others: &[f32], gram: &[f32], steps: usize) {
        let size = self.size;
        let length = vectors.len();
        let of = |place: u32| &others[place as usize * size..(place as usize + 1) * size];
        let apply = |x: &[f32], image: &mut [f32]| {
            multiply(x, gram, image, size);
            for ((image, x), system) in image.chunks_exact_mut(size).zip(x.chunks_exact(size)).zip(systems) {
                add_scaled(image, x, system.penalty);
                for &(place, weight) in system.entries {
                    let other = of(place);
                    add_scaled(image, other, weight * dot(other, x));
                }
            }
        };
        let (residual, direction, image) =
            (&mut self.residual[..length], &mut self.direction[..length], &mut self.image[..length]);
        apply(vectors, image);
        residual.iter_mut().zip(&*image).for_each(|(residual, image)| *residual = -image);
        for ((residual, system), square) in residual.chunks_exact_mut(size).zip(systems).zip(&mut self.squares) {
            system.entries.iter().for_each(|&(place, weight)| add_scaled(residual, of(place), weight));
            *square = dot(residual, residual);
        }
        direction.copy_from_slice(residual);
        for _ in 0..steps {
            apply(direction, image);
            let rows = vectors.chunks_exact_mut(size).zip(residual.chunks_exact_mut(size));
            let rows = rows.zip(direction.chunks_exact_mut(size)).zip(image.chunks_exact(size)).zip(&mut self.squares);
            for ((((vector, residual), direction), image), square) in rows {
                if *square < 1e-12 {
                    continue;
                }
                let step = *square / dot(direction, image).max(f32::MIN_POSITIVE);
                add_scaled(vector, direction, step);
                add_scaled(residual, image, -step);
                let next = dot(residual, residual);
                let turn = next / *square;
                direction.iter_mut().zip(&*residual).for_each(|(to, from)| *to = from + turn * *to);
                *square = next;
            }
        }
    }
}

/// `image = x · gram`, both of `size` columns.
fn multiply(x: &[f32], gram: &[f32], image: &mut [f32], size: usize) {
    let rows = x.len() / size;
    if rows == 1 {
        image.iter_mut().zip(gram.chunks_exact(size)).for_each(|(image, row)| *image = dot(row, x));
        return;
    }
    let x = ArrayView2::from_shape((rows, size), x).expect("whole vectors");
    let gram = ArrayView2::from_shape((size, size), gram).expect("a square");
    let mut image = ArrayViewMut2::from_shape((rows, size), image).expect("whole vectors");
    general_mat_mul(1.0, &x, &gram, 0.0, &mut image);
}

/// Eight sums side by side: one alone would wait for each addition.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

pub(crate) fn add_scaled(to: &mut [f32], from: &[f32], scale: f32) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += scale * from);
}
