use std::error::Error;
use std::fs;
use std::path::Path;

use meaning::Transformer;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Pieces of a text that count; titles of products are longer, what they are stands at their beginning.
pub(crate) const PIECES_MAX: usize = 32;
/// Made-up titles.
const TITLES: usize = 14_000;
/// The parts of WordNet that shops sell, by their numbers in its data files: artefacts and food. All of their
/// entries are used, of the others a share.
const SOLD: [&str; 2] = ["06", "13"];
const COLOURS: [&str; 14] = [
    "black",
    "white",
    "red",
    "blue",
    "green",
    "grey",
    "silver",
    "gold",
    "brown",
    "pink",
    "beige",
    "purple",
    "transparent",
    "multicolour",
];
const UNITS: [&str; 20] = [
    "cm", "mm", "m", "\"", "inch", "kg", "g", "ml", "l", "gb", "tb", "w", "v", "mah", "mhz", "pc(s)", "pack", "pages",
    "x", "%",
];
const SEED: u64 = 1;

/// The texts whose vectors are learned, as word pieces: every piece by itself, the words and glosses of what shops sell and
/// of a `share` of the rest of WordNet, and made-up titles.
pub(crate) fn all(encoder: &Transformer, wordnet: &Path, share: f64) -> Result<Vec<Vec<u32>>, Box<dyn Error>> {
    let mut draw = Pcg64Mcg::seed_from_u64(SEED);
    let split = |text: &str| encoder.pieces().split(text, PIECES_MAX);
    let mut texts: Vec<Vec<u32>> = (0..encoder.pieces().count() as u32).map(|piece| vec![piece]).collect();
    let (mut things, mut others) = (Vec::new(), Vec::new());
    for part in ["noun", "adj", "verb"] {
        for line in fs::read_to_string(wordnet.join(format!("data.{part}")))?.lines() {
            let Some((lemmas, kind, gloss)) = entry(line) else { continue };
            let is_sold = part == "noun" && SOLD.contains(&kind);
            if !is_sold && !draw.random_bool(share.clamp(0.0, 1.0)) {
                continue;
            }
            texts.push(split(&lemmas.join(", ")));
            if !is_sold || draw.random_bool(0.5) {
                texts.push(split(gloss.split(';').next().unwrap_or_default()));
            }
            if is_sold { things.extend(lemmas) } else { others.extend(lemmas) }
        }
    }
    for _ in 0..TITLES {
        texts.push(split(&title(&things, &others, &mut draw)));
    }
    texts.retain(|text| !text.is_empty());
    // Like lengths together: a batch then takes as long as its texts.
    texts.sort_by_key(Vec::len);
    Ok(texts)
}

/// A title as shops write them: a maker, a code, a thing or two, what it is like, its colour, its measures; each or not.
fn title(things: &[String], others: &[String], draw: &mut Pcg64Mcg) -> String {
    let mut words: Vec<String> = Vec::new();
    let any = |words: &[String], draw: &mut Pcg64Mcg| words.choose(draw).cloned().unwrap_or_default();
    if draw.random_bool(0.5) {
        words.push(any(others, draw));
    }
    if draw.random_bool(0.4) {
        words.push(code(draw));
    }
    if draw.random_bool(0.4) {
        words.push(any(others, draw));
    }
    words.push(any(things, draw));
    if draw.random_bool(0.3) {
        words.push(["for", "with", "and", "-", "/"].choose(draw).copied().unwrap_or_default().to_owned());
        words.push(any(things, draw));
    }
    if draw.random_bool(0.4) {
        words.push(COLOURS.choose(draw).copied().unwrap_or_default().to_owned());
    }
    for _ in 0..draw.random_range(0..3) {
        let number = if draw.random_bool(0.3) {
            format!("{:.1}", draw.random_range(0.1..99.0))
        } else {
            draw.random_range(1..2000).to_string()
        };
        words.push(format!("{number} {}", UNITS.choose(draw).copied().unwrap_or_default()));
    }
    words.join(" ")
}

/// The number of a model: letters and digits, sometimes in two parts.
fn code(draw: &mut Pcg64Mcg) -> String {
    let mut code = String::new();
    for _ in 0..draw.random_range(0..4) {
        code.push(char::from(draw.random_range(b'a'..=b'z')));
    }
    if draw.random_bool(0.3) {
        code.push('-');
    }
    code.push_str(&draw.random_range(1..99_999).to_string());
    if draw.random_bool(0.3) {
        code.push(char::from(draw.random_range(b'a'..=b'z')));
    }
    code
}

/// The words, the kind and the gloss of a line of a WordNet data file; `None` for the licence at its top.
fn entry(line: &str) -> Option<(Vec<String>, &str, &str)> {
    if line.starts_with(' ') {
        return None;
    }
    let (data, gloss) = line.split_once(" | ")?;
    let kind = data.split(' ').nth(1)?;
    let mut fields = data.split(' ').skip(3);
    let count = usize::from_str_radix(fields.next()?, 16).ok()?;
    let lemmas = fields.step_by(2).take(count);
    let plain = |lemma: &str| lemma.split('(').next().unwrap_or_default().replace('_', " ");
    Some((lemmas.map(plain).collect(), kind, gloss))
}
