//! A symmetric positive definite matrix in tiles, and its inverse.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

/// The side of a tile: three of them fit into a core's second-level cache.
const SIDE: usize = 192;

/// The lower half of a symmetric matrix, tile by tile: tile (i, j) with j ≤ i is `tiles[i(i+1)/2 + j]`.
pub(crate) struct Tiles {
    size: usize,
    across: usize,
    tiles: Vec<Array2<f32>>,
}

impl Tiles {
    /// Zero.
    pub(crate) fn new(size: usize) -> Tiles {
        let across = size.div_ceil(SIDE);
        let tiles = (0..across * (across + 1) / 2).map(|_| Array2::zeros((SIDE, SIDE))).collect();
        Tiles { size, across, tiles }
    }

    fn place(row: usize, column: usize) -> (usize, [usize; 2]) {
        let (row, column) = if row >= column { (row, column) } else { (column, row) };
        let (i, j) = (row / SIDE, column / SIDE);
        (i * (i + 1) / 2 + j, [row % SIDE, column % SIDE])
    }

    pub(crate) fn get(&self, row: usize, column: usize) -> f32 {
        let (tile, at) = Tiles::place(row, column);
        self.tiles[tile][at]
    }

    pub(crate) fn add(&mut self, row: usize, column: usize, value: f32) {
        let (tile, at) = Tiles::place(row, column);
        self.tiles[tile][at] += value;
    }

    fn tile(&self, i: usize, j: usize) -> ArrayView2<'_, f32> {
        self.tiles[i * (i + 1) / 2 + j].view()
    }

    fn set(&mut self, i: usize, j: usize, tile: Array2<f32>) {
        self.tiles[i * (i + 1) / 2 + j] = tile;
    }

    /// Replaces the matrix by its inverse; `None`, and nothing of use left, when `progress` answered false.
    ///
    /// By Cholesky: `A = LLᵀ`, then `A⁻¹ = L⁻ᵀL⁻¹`, n³ multiplications in all, nearly all of them in products of tiles.
    pub(crate) fn invert(&mut self, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<()> {
        // What lies beyond the matrix in the last tiles is the unit matrix, so that nothing is divided by zero.
        for beyond in self.size..self.across * SIDE {
            let (tile, at) = Tiles::place(beyond, beyond);
            self.tiles[tile][at] = 1.0;
        }
        self.factor(progress)?;
        self.invert_factor(progress)?;
        self.square_factor(progress)
    }

    /// `A → L`, the tiles on the diagonal inverted already.
    fn factor(&mut self, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<()> {
        for k in 0..self.across {
            let inverse = inverse_of_factor(&factor_of(&self.tile(k, k)));
            let below: Vec<Array2<f32>> =
                (k + 1..self.across).into_par_iter().map(|i| self.tile(i, k).dot(&inverse.t())).collect();
            self.set(k, k, inverse);
            for (offset, tile) in below.into_iter().enumerate() {
                self.set(k + 1 + offset, k, tile);
            }
            let column: Vec<Array2<f32>> = (k + 1..self.across).map(|i| self.tile(i, k).to_owned()).collect();
            self.tiles.par_iter_mut().enumerate().for_each(|(index, tile)| {
                let (i, j) = row_and_column(index);
                if j > k {
                    general_mat_mul(-1.0, &column[i - k - 1], &column[j - k - 1].t(), 1.0, tile);
                }
            });
            if !progress(0.33 * k as f32 / self.across as f32) {
                return None;
            }
        }
        Some(())
    }

    /// `L → L⁻¹`, column of tiles by column: `M_ij = -L_ii⁻¹ Σ_{k=j}^{i-1} L_ik M_kj`.
    fn invert_factor(&mut self, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<()> {
        let columns: Vec<Vec<Array2<f32>>> = (0..self.across)
            .into_par_iter()
            .map(|j| {
                let mut column = vec![self.tile(j, j).to_owned()];
                for i in j + 1..self.across {
                    let mut sum = Array2::zeros((SIDE, SIDE));
                    for k in j..i {
                        general_mat_mul(-1.0, &self.tile(i, k), &column[k - j], 1.0, &mut sum);
                    }
                    column.push(self.tile(i, i).dot(&sum));
                }
                column
            })
            .collect();
        for (j, column) in columns.into_iter().enumerate() {
            for (offset, tile) in column.into_iter().enumerate() {
                self.set(j + offset, j, tile);
            }
        }
        progress(0.66).then_some(())
    }

    /// `L⁻¹ → L⁻ᵀL⁻¹`: tile (i, j) is `Σ_{k≥i} M_kiᵀ M_kj`.
    fn square_factor(&mut self, progress: &(dyn Fn(f32) -> bool + Sync)) -> Option<()> {
        let squared: Vec<Array2<f32>> = (0..self.tiles.len())
            .into_par_iter()
            .map(|index| {
                let (i, j) = row_and_column(index);
                let mut sum = Array2::zeros((SIDE, SIDE));
                for k in i..self.across {
                    general_mat_mul(1.0, &self.tile(k, i).t(), &self.tile(k, j), 1.0, &mut sum);
                }
                sum
            })
            .collect();
        self.tiles = squared;
        progress(1.0).then_some(())
    }
}

fn row_and_column(index: usize) -> (usize, usize) {
    let mut i = (((8 * index + 1) as f64).sqrt() as usize).saturating_sub(1) / 2;
    while (i + 1) * (i + 2) / 2 <= index {
        i += 1;
    }
    (i, index - i * (i + 1) / 2)
}

/// The Cholesky factor of one tile.
fn factor_of(tile: &ArrayView2<'_, f32>) -> Array2<f32> {
    let mut factor = Array2::zeros((SIDE, SIDE));
    for j in 0..SIDE {
        for i in j..SIDE {
            let mut sum = tile[[i, j]];
            for k in 0..j {
                sum -= factor[[i, k]] * factor[[j, k]];
            }
            // The matrix is positive definite by its regularisation; rounding must not make a root of a negative.
            factor[[i, j]] = if i == j { sum.max(1e-6).sqrt() } else { sum / factor[[j, j]] };
        }
    }
    factor
}

/// The inverse of a lower triangular tile.
fn inverse_of_factor(factor: &Array2<f32>) -> Array2<f32> {
    let mut inverse = Array2::zeros((SIDE, SIDE));
    for j in 0..SIDE {
        inverse[[j, j]] = 1.0 / factor[[j, j]];
        for i in j + 1..SIDE {
            let mut sum = 0.0;
            for k in j..i {
                sum -= factor[[i, k]] * inverse[[k, j]];
            }
            inverse[[i, j]] = sum / factor[[i, i]];
        }
    }
    inverse
}
