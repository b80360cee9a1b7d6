//! The linear model beyond the closed form: a sparse approximate inverse.
//!
//! EASE^R needs `P = A⁻¹` with `A = XᵀX + λI`, n³ operations and n² numbers. SANSA (Spišák et al. 2023) showed that a sparse
//! approximation of P does as well on catalogues of any size. Here P is approximated column by column on a given pattern
//! (Grote & Huckle 1997): for product p and the products S most alike to it, `A_TT x = e_p` with `T = {p} ∪ S` is solved exactly, as if the
//! products outside did not exist. With all products in S that is the closed form. Each product is a system of its own, of at most
//! [`SUPPORT`] + 1 numbers, so time and memory grow with the number of products alone.
//!
//! Everything is scaled so that A has ones on its diagonal: `a_ij = cos_ij s_i s_j`, `s_i² = g_i / (g_i + λ)`.

use rayon::prelude::*;

use crate::cooccurrence::Neighbours;
use crate::lent::Rooms;
use crate::limits::LINEAR_NEIGHBOURS_MAX;
use crate::scores::keep_best;

/// Products that speak for one.
pub(crate) const SUPPORT: usize = 60;
/// A pivot below this is rounding, or a pair that the pattern left out.
const PIVOT_MIN: f32 = 0.05;

/// What the closed form knows, or would have known.
pub(crate) struct Known {
    /// By product, the diagonal of A.
    pub(crate) diagonal: Vec<f32>,
    /// By product, the root of the share of the Gram matrix in the diagonal of A.
    pub(crate) scales: Vec<f32>,
    /// By product, the diagonal of P over that of A⁻¹ without its other entries, `P_ii A_ii`; 0 for what the closed form left out.
    pub(crate) inverse: Vec<f32>,
}

/// The weights of all products: those of the `closed` form by the product that speaks, and those with and among the products
/// `beyond` it. `gram` holds for each product its greatest cosines.
pub(crate) fn extend(closed: &Neighbours, beyond: &[u32], gram: &Neighbours, known: &mut Known) -> Neighbours {
    let products = known.diagonal.len();
    let rooms = Rooms::new(|| Local::new(products));
    let columns: Vec<Vec<f32>> =
        beyond.par_iter().map_init(|| rooms.lend(), |local, &product| local.column(product, gram, known)).collect();
    for (&product, column) in beyond.iter().zip(&columns) {
        known.inverse[product as usize] = column[0];
    }
    // By the product that speaks: what it says of those beyond that it is among the support of, and what those beyond say
    // of their support. Where both are there, the first counts: it is a regression of its own.
    let mut offsets = vec![0u32; products + 1];
    for &product in beyond {
        for &(other, _) in support(gram, product) {
            offsets[other as usize + 1] += 1;
        }
    }
    for product in 0..products {
        offsets[product + 1] += offsets[product];
    }
    let mut next = offsets.clone();
    let mut spoken = vec![(0u32, 0.0f32); offsets[products] as usize];
    for (&product, column) in beyond.iter().zip(&columns) {
        for (&(other, _), &value) in support(gram, product).iter().zip(&column[1..]) {
            let slot = &mut next[other as usize];
            spoken[*slot as usize] = (product, weight(known, other, product, value));
            *slot += 1;
        }
    }
    let mut column_by_product = vec![u32::MAX; products];
    for (column, &product) in beyond.iter().enumerate() {
        column_by_product[product as usize] = column as u32;
    }
    let list = |product: usize| -> Vec<(u32, f32)> {
        let mut list = spoken[offsets[product] as usize..offsets[product + 1] as usize].to_vec();
        list.extend_from_slice(closed.of(product as u32));
        if let Some(column) = columns.get(column_by_product[product] as usize) {
            for (&(other, _), &value) in support(gram, product as u32).iter().zip(&column[1..]) {
                list.push((other, weight(known, product as u32, other, value)));
            }
        }
        list.sort_by_key(|&(other, _)| other);
        list.dedup_by_key(|&mut (other, _)| other);
        list.retain(|&(_, weight)| weight.is_finite() && weight != 0.0);
        let mut strongest: Vec<(u32, f32)> =
            list.iter().enumerate().map(|(place, &(_, weight))| (place as u32, weight.abs())).collect();
        let is_beyond = column_by_product[product] != u32::MAX;
        keep_best(&mut strongest, if is_beyond { SUPPORT } else { LINEAR_NEIGHBOURS_MAX });
        strongest.into_iter().map(|(place, _)| list[place as usize]).collect()
    };
    let mut neighbours = Neighbours::begun(products as u32);
    const BATCH: usize = 8_192;
    for first in (0..products).step_by(BATCH) {
        let lists: Vec<Vec<(u32, f32)>> = (first..products.min(first + BATCH)).into_par_iter().map(list).collect();
        lists.iter().for_each(|list| neighbours.push(list));
    }
    neighbours.entries.shrink_to_fit();
    neighbours
}

/// The products whose weights for one are sought.
fn support(gram: &Neighbours, product: u32) -> &[(u32, f32)] {
    let all = gram.of(product);
    &all[..all.len().min(SUPPORT)]
}

/// `-P_ij / P_jj` from the scaled `P_ij`; 0 where the other product is unknown.
fn weight(known: &Known, speaking: u32, other: u32, value: f32) -> f32 {
    let (speaking, other) = (speaking as usize, other as usize);
    if known.inverse[other] <= 0.0 {
        return 0.0;
    }
    -value / known.inverse[other] * (known.diagonal[other] / known.diagonal[speaking]).sqrt()
}

/// Room for one system.
struct Local {
    /// One more than the place of a product in the system; 0 for none.
    place_by_product: Vec<u16>,
    matrix: Vec<f32>,
}

impl Local {
    fn new(products: usize) -> Local {
        Local { place_by_product: vec![0; products], matrix: Vec::new() }
    }

    /// The scaled column of P for a product: its own entry, then those of its support.
    fn column(&mut self, product: u32, gram: &Neighbours, known: &Known) -> Vec<f32> {
        let support = support(gram, product);
        let size = support.len() + 1;
        let member = |place: usize| if place == 0 { product } else { support[place - 1].0 };
        for place in 0..size {
            self.place_by_product[member(place) as usize] = place as u16 + 1;
        }
        // The product comes last, so that its entry of the inverse is the square of the last pivot's.
        let turned = |place: usize| size - 1 - place;
        self.matrix.clear();
        self.matrix.resize(size * size, 0.0);
        for place in 0..size {
            let own = member(place);
            self.matrix[turned(place) * size + turned(place)] = 1.0;
            for &(other, cosine) in gram.of(own) {
                let Some(there) = self.place_by_product[other as usize].checked_sub(1) else { continue };
                let value = cosine * known.scales[own as usize] * known.scales[other as usize];
                let (row, column) = (turned(place), turned(usize::from(there)));
                self.matrix[row.max(column) * size + row.min(column)] = value;
            }
        }
        for place in 0..size {
            self.place_by_product[member(place) as usize] = 0;
        }
        factor(&mut self.matrix, size);
        // LLᵀ x = e_last: L y = e_last has the one entry 1 / L_last, and x comes of it backwards.
        let mut column = vec![0.0f32; size];
        let last = self.matrix[size * size - 1];
        column[size - 1] = 1.0 / (last * last);
        for row in (0..size - 1).rev() {
            let part = |below: usize| self.matrix[below * size + row] * column[below];
            let sum: f32 = (row + 1..size).map(part).sum();
            column[row] = -sum / self.matrix[row * size + row];
        }
        column.reverse();
        column
    }
}

/// The Cholesky factor in the place of the lower half.
fn factor(matrix: &mut [f32], size: usize) {
    for row in 0..size {
        let (above, own) = matrix.split_at_mut(row * size);
        for column in 0..row {
            let other = &above[column * size..column * size + column + 1];
            let sum: f32 = own[..column].iter().zip(other).map(|(a, b)| a * b).sum();
            own[column] = (own[column] - sum) / other[column];
        }
        let square: f32 = own[..row].iter().map(|value| value * value).sum();
        own[row] = (own[row] - square).max(PIVOT_MIN).sqrt();
    }
}
