use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

/// How often each text is seen.
const ROUNDS: usize = 12;
const STEP: f32 = 0.01;
/// A piece as frequent as this counts half at the start.
const FREQUENT_SHARE: f32 = 1e-3;
const SEED: u64 = 2;

/// A row of `size` numbers for each of `count` pieces such that the sum of a text's rows points where `wanted` says.
///
/// The loss is one less the cosine; steps by AdaGrad (Duchi, Hazan, Singer 2011), one rate for each row.
pub(crate) fn fit(texts: &[Vec<u32>], wanted: &[f32], size: usize, count: usize) -> Vec<f32> {
    let mut rows = begun(texts, wanted, size, count);
    let mut squares = vec![1e-6f32; count];
    let mut order: Vec<usize> = (0..texts.len()).collect();
    let mut draw = Pcg64Mcg::seed_from_u64(SEED);
    let mut sum = vec![0.0; size];
    for round in 0..ROUNDS {
        order.shuffle(&mut draw);
        let mut loss = 0.0;
        for &at in &order {
            let (text, wanted) = (&texts[at], &wanted[at * size..(at + 1) * size]);
            sum_of(text, &rows, size, &mut sum);
            let (length, aim) = (norm(&sum), norm(wanted));
            if length == 0.0 || aim == 0.0 {
                continue;
            }
            let cosine = dot(&sum, wanted) / (length * aim);
            loss += f64::from(1.0 - cosine);
            // The gradient of the cosine by the sum, the same for each of the text's rows.
            let gradient: Vec<f32> =
                sum.iter().zip(wanted).map(|(s, w)| (w / aim - cosine * s / length) / length).collect();
            let square = dot(&gradient, &gradient) / size as f32;
            for piece in text {
                let piece = *piece as usize;
                squares[piece] += square;
                let rate = STEP / squares[piece].sqrt();
                let row = &mut rows[piece * size..(piece + 1) * size];
                row.iter_mut().zip(&gradient).for_each(|(x, g)| *x += rate * g);
            }
        }
        println!("round {round}: cosine {:.4}", 1.0 - loss / order.len() as f64);
    }
    rows
}

/// The mean cosine of the texts' sums with what is wanted.
pub(crate) fn likeness(texts: &[Vec<u32>], wanted: &[f32], size: usize, rows: &[f32]) -> f32 {
    let mut sum = vec![0.0; size];
    let mut all = 0.0;
    for (text, wanted) in texts.iter().zip(wanted.chunks(size)) {
        sum_of(text, rows, size, &mut sum);
        all += dot(&sum, wanted) / (norm(&sum) * norm(wanted)).max(f32::MIN_POSITIVE);
    }
    all / texts.len().max(1) as f32
}

/// The rows before the fit: what the encoder says of each piece by itself, less for frequent pieces.
fn begun(texts: &[Vec<u32>], wanted: &[f32], size: usize, count: usize) -> Vec<f32> {
    let mut seen = vec![0.0f32; count];
    texts.iter().flatten().for_each(|piece| seen[*piece as usize] += 1.0);
    let all: f32 = seen.iter().sum();
    let mut rows = vec![0.0; count * size];
    for (text, wanted) in texts.iter().zip(wanted.chunks(size)) {
        let [piece] = text[..] else { continue };
        let share = seen[piece as usize] / all;
        let weight = FREQUENT_SHARE / (FREQUENT_SHARE + share);
        let row = &mut rows[piece as usize * size..(piece as usize + 1) * size];
        row.iter_mut().zip(wanted).for_each(|(x, w)| *x = weight * w);
    }
    rows
}

fn sum_of(text: &[u32], rows: &[f32], size: usize, sum: &mut [f32]) {
    sum.fill(0.0);
    for piece in text {
        let row = &rows[*piece as usize * size..(*piece as usize + 1) * size];
        sum.iter_mut().zip(row).for_each(|(s, x)| *s += x);
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f32]) -> f32 {
    dot(a, a).sqrt()
}
