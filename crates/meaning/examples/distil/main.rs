//! Distils a sentence encoder into the table of word pieces that lies in the binary.
//!
//! ```text
//! cargo run --release -p meaning --example distil -- MODEL_FOLDER WORDNET_FOLDER OUT [--share 1.0] [--check TITLES] [--cache FILE]
//! ```
//!
//! The encoder says the vector of every word piece by itself, of the words and glosses of WordNet, and of made-up product titles
//! (words of WordNet drawn at random). The 256 directions in which these differ most are kept (PCA). A row for each piece
//! begins as the piece's own vector, less for frequent pieces (Arora, Liang, Ma: A simple but tough-to-beat baseline for sentence
//! embeddings, 2017; model2vec does the same), and is then fitted by gradient descent so that the sum of a text's rows points
//! where the encoder's vector of the whole text points. `--check` tells how well that holds on texts, one a line, that the
//! fit does not see. The same input gives the same table but for the last bits.

#![allow(clippy::print_stdout, reason = "its figures are what it is for")]

mod fit;
mod principal;
mod texts;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use meaning::{Pieces, Table, Transformer};
use rayon::prelude::*;

/// Numbers of a row.
const DIMENSIONS: usize = 256;
const TEXTS_AT_ONCE: usize = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let mut places = Vec::new();
    let (mut share, mut check, mut cache) = (1.0, None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--share" => share = arguments.next().ok_or("--share needs a number")?.parse()?,
            "--check" => check = arguments.next(),
            "--cache" => cache = arguments.next(),
            _ => places.push(argument),
        }
    }
    let [model, wordnet, out] = &places[..] else {
        return Err("give the folder of the model, that of WordNet, and the file to write".into());
    };
    let vocabulary = fs::read_to_string(Path::new(model).join("vocab.txt"))?;
    let encoder = Transformer::open(Path::new(model))?;
    let texts = texts::all(&encoder, Path::new(wordnet), share)?;
    let pieces: usize = texts.iter().map(Vec::len).sum();
    println!("{} texts with {pieces} pieces", texts.len());
    let started = Instant::now();
    let size = encoder.dimensions();
    let vectors = match cache.as_deref().map(fs::read) {
        Some(Ok(bytes)) if bytes.len() == texts.len() * size * 4 => {
            bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
        }
        _ => {
            let vectors = embed(&encoder, &texts);
            if let Some(path) = cache {
                fs::write(path, vectors.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())?;
            }
            vectors
        }
    };
    println!("encoded in {:.0} s", started.elapsed().as_secs_f64());
    let directions = principal::directions(&vectors, size, DIMENSIONS);
    let wanted = principal::turned(&vectors, size, &directions);
    println!(
        "{DIMENSIONS} of {size} directions keep {:.4} of the vectors' length",
        principal::kept(&wanted, DIMENSIONS)
    );

    let rows = fit::fit(&texts, &wanted, DIMENSIONS, encoder.pieces().count());
    let table = Table::new(&vocabulary, DIMENSIONS, &rows);
    fs::write(out, table.to_bytes(&vocabulary))?;
    if let Some(path) = check {
        let lines = fs::read_to_string(path)?;
        let lines: Vec<&str> = lines.lines().collect();
        let pieces: Vec<Vec<u32>> = lines.iter().map(|line| encoder.pieces().split(line, texts::PIECES_MAX)).collect();
        let wanted = principal::turned(&embed(&encoder, &pieces), size, &directions);
        println!("cosine on unseen texts {:.4}", fit::likeness(&pieces, &wanted, DIMENSIONS, &rows));
    }
    nearest(&table, encoder.pieces());
    Ok(())
}

fn embed(encoder: &Transformer, texts: &[Vec<u32>]) -> Vec<f32> {
    texts.par_chunks(TEXTS_AT_ONCE).flat_map_iter(|texts| encoder.embed_pieces(texts).into_iter().flatten()).collect()
}

/// Prints the neighbours of some words, so that who runs this sees at once whether it went well.
fn nearest(table: &Table, _pieces: &Pieces) {
    let others =
        ["notebook", "telephone", "couch", "shoes", "fridge", "bicycle", "shirt", "hard drive", "lamp", "television"];
    for word in ["laptop", "smartphone", "sofa", "sneakers", "refrigerator", "ssd", "tv", "light"] {
        let of = table.embed(word, 8);
        let mut near: Vec<(f32, &str)> = others
            .iter()
            .map(|other| (of.iter().zip(table.embed(other, 8)).map(|(a, b)| a * b).sum(), *other))
            .collect();
        near.sort_by(|a, b| b.0.total_cmp(&a.0));
        let told: Vec<String> = near.iter().take(3).map(|(cosine, other)| format!("{other} {cosine:.2}")).collect();
        println!("{word}: {}", told.join(", "));
    }
}
