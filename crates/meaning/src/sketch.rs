use crate::vectors::Steps;

/// Directions of a vector as bits: which side of as many planes it lies on. How many bits differ grows with the angle
/// (Charikar: Similarity estimation techniques from rounding algorithms, 2002).
///
/// The planes are those of a Walsh–Hadamard transform after fixed changes of sign, so that every bit tells of all numbers.
pub(crate) struct Sketcher {
    /// The next power of two from the dimensions on.
    size: usize,
}

const BITS: usize = u64::BITS as usize;

impl Sketcher {
    pub(crate) fn new(dimensions: usize) -> Sketcher {
        Sketcher { size: dimensions.next_power_of_two().max(BITS) }
    }

    /// Words of a sketch.
    pub(crate) fn words(&self) -> usize {
        self.size / BITS
    }

    pub(crate) fn sketch(&self, steps: &Steps) -> Vec<u64> {
        let mut turned = vec![0i32; self.size];
        let mut signs = 0x9E37_79B9_7F4A_7C15u64;
        for (at, step) in steps.steps.iter().enumerate() {
            // Xorshift: any fixed signs that look random do.
            signs ^= signs << 13;
            signs ^= signs >> 7;
            signs ^= signs << 17;
            turned[at] = if signs & 1 == 1 { -i32::from(*step) } else { i32::from(*step) };
        }
        let mut half = 1;
        while half < self.size {
            for block in turned.chunks_mut(2 * half) {
                let (left, right) = block.split_at_mut(half);
                for (a, b) in left.iter_mut().zip(right) {
                    (*a, *b) = (*a + *b, *a - *b);
                }
            }
            half *= 2;
        }
        let bits = |part: &[i32]| part.iter().enumerate().fold(0, |bits, (at, x)| bits | u64::from(*x > 0) << at);
        turned.chunks(BITS).map(bits).collect()
    }
}

/// In how many bits two sketches of the same length differ.
pub(crate) fn differing(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones()).sum()
}
