use ndarray::{Array2, ArrayView2, Axis};

const ROUNDS: usize = 60;

/// The `count` orthogonal directions along which the vectors, each of `size` numbers, are longest; as columns, the longest first.
///
/// By orthogonal iteration on the matrix of products. The mean is not taken off: the cosine of what is turned is to be that
/// of what it was.
pub(crate) fn directions(vectors: &[f32], size: usize, count: usize) -> Array2<f32> {
    let all = ArrayView2::from_shape((vectors.len() / size, size), vectors).expect("vectors of one size");
    let mut products = Array2::<f32>::zeros((size, size));
    for part in all.axis_chunks_iter(Axis(0), 4096) {
        products += &part.t().dot(&part);
    }
    // A start that favours nothing: columns of the identity, a little mixed.
    let mut directions = Array2::from_shape_fn((size, count), |(row, column)| {
        f32::from(u8::from(row == column)) + 0.01 * ((row * 31 + column * 17) % 101) as f32 / 101.0
    });
    for _ in 0..ROUNDS {
        directions = products.dot(&directions);
        orthogonalize(&mut directions);
    }
    directions
}

/// Gram and Schmidt, twice for what rounding leaves.
fn orthogonalize(directions: &mut Array2<f32>) {
    for at in 0..directions.ncols() {
        let (before, mut rest) = directions.view_mut().split_at(Axis(1), at);
        let mut column = rest.column_mut(0);
        for _ in 0..2 {
            let along = before.t().dot(&column);
            column -= &before.dot(&along);
        }
        let length = column.dot(&column).sqrt().max(f32::MIN_POSITIVE);
        column /= length;
    }
}

/// The vectors along the directions, one after another.
pub(crate) fn turned(vectors: &[f32], size: usize, directions: &Array2<f32>) -> Vec<f32> {
    let all = ArrayView2::from_shape((vectors.len() / size, size), vectors).expect("vectors of one size");
    all.axis_chunks_iter(Axis(0), 4096).flat_map(|part| part.dot(directions).into_iter()).collect()
}

/// The mean length of vectors of `size` numbers.
pub(crate) fn kept(vectors: &[f32], size: usize) -> f32 {
    let lengths = vectors.chunks(size).map(|vector| vector.iter().map(|x| x * x).sum::<f32>().sqrt());
    lengths.sum::<f32>() / (vectors.len() / size) as f32
}
