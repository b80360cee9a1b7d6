//! What is proved here:
//! 1. The table in the binary puts like things nearer than unlike ones, and does not care for case, accents and punctuation.
//! 2. Word pieces are those of BERT's tokenizer.
//! 3. A transformer gives one answer for a text, alone or among others, and the one that can be worked out by hand.
//! 4. The nearest vectors are those that a plain comparison finds; by sketches almost all of them; never one that is out.
//! 5. What cannot be read is refused with its reason.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use roaring::RoaringBitmap;
use serde_json::json;

use crate::{Pieces, Steps, Table, Transformer, Vectors, normalize};

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn like_words_are_nearer_than_unlike_ones() {
    let table = Table::built_in();
    let near = |a: &str, b: &str| cosine(&table.embed(a, 16), &table.embed(b, 16));
    for (word, like, unlike) in [
        ("laptop", "notebook computer", "kitchen table"),
        ("sofa", "couch", "bicycle"),
        ("sneakers", "running shoes", "desk lamp"),
        ("refrigerator", "fridge", "guitar"),
        ("smartphone", "mobile phone", "garden hose"),
        ("child", "kids", "screwdriver"),
        ("tv", "television", "sweater"),
        ("cheap flights", "inexpensive air travel", "woollen socks"),
    ] {
        let (like_cosine, unlike_cosine) = (near(word, like), near(word, unlike));
        assert!(like_cosine > unlike_cosine + 0.1, "{word}: {like} {like_cosine}, {unlike} {unlike_cosine}");
    }
}

#[test]
fn case_accents_and_order_do_not_matter_to_the_table() {
    let table = Table::built_in();
    let one = table.embed("café table", 16);
    assert!(cosine(&one, &table.embed("TABLE Cafe", 16)) > 0.9999);
    assert!((cosine(&one, &one) - 1.0).abs() < 1e-5);
}

#[test]
fn a_text_without_a_known_piece_has_no_direction() {
    assert!(Steps::new(&Table::built_in().embed("  ", 16)).is_zero());
    assert!(Steps::new(&Table::built_in().embed("", 16)).is_zero());
}

#[test]
fn words_are_split_into_the_longest_pieces() {
    let pieces = Pieces::new("[UNK]\nun\n##aff\n##able\nhello\n,\n中\n##ab");
    assert_eq!(pieces.split("Unaffable, HELLÓ", 16), [1, 2, 3, 5, 4]);
    assert_eq!(pieces.split("hello中hello", 16), [4, 6, 4]);
    assert_eq!(pieces.split("unknown hello", 16), [4], "a word with an unknown part gives no piece");
    assert_eq!(pieces.split("hello hello hello", 2), [4, 4]);
}

#[test]
fn a_table_written_is_the_table_read_and_a_cut_one_is_refused() {
    let vocabulary = "red\nshoe\n##s";
    let table = Table::new(vocabulary, 2, &[1.0, 0.0, 0.0, 1.0, 0.1, 0.2]);
    let bytes = table.to_bytes(vocabulary);
    let again = Table::read(&bytes).unwrap();
    assert_eq!(again.embed("red shoes", 8), table.embed("red shoes", 8));
    for end in [0, 7, 12, 20, bytes.len() - 1] {
        assert!(Table::read(&bytes[..end]).is_err(), "{end}");
    }
}

const SIZE: usize = 8;

/// A folder with an encoder of one layer whose weights are drawn, or all 0 but for the embeddings where `still`.
fn encoder_folder(folder: &Path, still: bool) {
    let mut draw = Pcg64Mcg::seed_from_u64(7);
    let mut header = serde_json::Map::new();
    let mut bytes: Vec<u8> = Vec::new();
    let mut tensor = |name: &str, shape: &[usize]| {
        let start = bytes.len();
        for _ in 0..shape.iter().product() {
            let drawn: f32 = draw.random_range(-1.0..1.0);
            let x = match name {
                _ if name.ends_with("LayerNorm.weight") => 1.0,
                _ if still && !name.contains("word_embeddings") => 0.0,
                _ => drawn,
            };
            bytes.extend(x.to_le_bytes());
        }
        header.insert(name.to_owned(), json!({"dtype": "F32", "shape": shape, "data_offsets": [start, bytes.len()]}));
    };
    tensor("embeddings.word_embeddings.weight", &[6, SIZE]);
    tensor("embeddings.position_embeddings.weight", &[16, SIZE]);
    tensor("embeddings.token_type_embeddings.weight", &[2, SIZE]);
    let mut with_bias = |name: &str, out: usize, into: usize| {
        tensor(&format!("{name}.weight"), &[out, into]);
        tensor(&format!("{name}.bias"), &[out]);
    };
    for part in ["self.query", "self.key", "self.value", "output.dense"] {
        with_bias(&format!("encoder.layer.0.attention.{part}"), SIZE, SIZE);
    }
    with_bias("encoder.layer.0.intermediate.dense", 2 * SIZE, SIZE);
    with_bias("encoder.layer.0.output.dense", SIZE, 2 * SIZE);
    for name in ["embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"] {
        tensor(&format!("{name}.LayerNorm.weight"), &[SIZE]);
        tensor(&format!("{name}.LayerNorm.bias"), &[SIZE]);
    }
    let header = serde_json::to_vec(&header).unwrap();
    let file = [&(header.len() as u64).to_le_bytes()[..], &header, &bytes].concat();
    fs::write(folder.join("model.safetensors"), file).unwrap();
    fs::write(folder.join("vocab.txt"), "[PAD]\n[CLS]\n[SEP]\nred\nshoe\n##s").unwrap();
    let config = json!({"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": SIZE});
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
}

#[test]
fn a_text_among_others_has_the_vector_that_it_has_alone() {
    let folder = tempfile::tempdir().unwrap();
    encoder_folder(folder.path(), false);
    let encoder = Transformer::open(folder.path()).unwrap();
    let texts = ["red shoes", "", "shoe", "red red red shoe shoes"];
    let together = encoder.embed(&texts);
    for (text, vector) in texts.iter().zip(&together) {
        let alone = &encoder.embed(&[text])[0];
        assert!(alone.iter().zip(vector).all(|(a, b)| (a - b).abs() < 1e-5), "{text:?}: {alone:?} {vector:?}");
    }
    assert!(together[1].iter().all(|x| *x == 0.0));
    let swapped = &encoder.embed(&["shoes red"])[0];
    assert!(cosine(swapped, &together[0]) < 0.9999, "an encoder knows the order of words");
}

#[test]
fn an_encoder_without_attention_gives_the_mean_of_its_levelled_embeddings() {
    let folder = tempfile::tempdir().unwrap();
    encoder_folder(folder.path(), true);
    let encoder = Transformer::open(folder.path()).unwrap();
    let mut draw = Pcg64Mcg::seed_from_u64(7);
    let words: Vec<f32> = (0..6 * SIZE).map(|_| draw.random_range(-1.0..1.0)).collect();
    let mut wanted = vec![0.0; SIZE];
    // [CLS] red shoe [SEP]
    for piece in [1, 3, 4, 2] {
        let row = &words[piece * SIZE..(piece + 1) * SIZE];
        let mean = row.iter().sum::<f32>() / SIZE as f32;
        let deviation = (row.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / SIZE as f32).sqrt();
        wanted.iter_mut().zip(row).for_each(|(sum, x)| *sum += (x - mean) / deviation);
    }
    normalize(&mut wanted);
    let found = &encoder.embed(&["red shoe"])[0];
    assert!(found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?} {wanted:?}");
}

#[test]
fn what_is_no_encoder_is_refused_with_the_file_and_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |told: &str| {
        let error = Transformer::open(folder.path()).err().expect("it must be refused").to_string();
        assert!(error.contains(told), "{error}");
    };
    refused("config.json");
    encoder_folder(folder.path(), false);
    fs::write(folder.path().join("vocab.txt"), "red").unwrap();
    refused("[CLS]");
    encoder_folder(folder.path(), false);
    fs::write(folder.path().join("model.safetensors"), 900u64.to_le_bytes()).unwrap();
    refused("header is longer");
    fs::write(folder.path().join("config.json"), r#"{"model_type":"t5"}"#).unwrap();
    refused("t5");
}

fn drawn(draw: &mut Pcg64Mcg, dimensions: usize) -> Steps {
    let mut vector: Vec<f32> = (0..dimensions).map(|_| draw.random_range(-1.0..1.0)).collect();
    normalize(&mut vector);
    Steps::new(&vector)
}

#[test]
fn sketches_find_almost_all_of_the_nearest() {
    let mut draw = Pcg64Mcg::seed_from_u64(3);
    let dimensions = 64;
    let centres: Vec<Vec<f32>> =
        (0..100).map(|_| (0..dimensions).map(|_| draw.random_range(-1.0..1.0)).collect()).collect();
    let near_a_centre = |draw: &mut Pcg64Mcg| {
        let centre = &centres[draw.random_range(0..centres.len())];
        Steps::new(&centre.iter().map(|x| x + draw.random_range(-0.7..0.7)).collect::<Vec<f32>>())
    };
    let mut vectors = Vectors::new(dimensions);
    for row in 0..20_000 {
        vectors.put(row, &near_a_centre(&mut draw));
    }
    let odd: RoaringBitmap = (0..20_000).filter(|row| row % 2 == 1).collect();
    for allowed in [None, Some(&odd)] {
        let mut found = 0;
        for _ in 0..20 {
            let to = near_a_centre(&mut draw);
            let exact = vectors.nearest_exactly(&to, 50, -1.0, allowed);
            let likely = vectors.by_sketches(&to, 50, -1.0, allowed);
            assert_eq!(likely.len(), 50);
            found += exact.iter().filter(|one| likely.contains(one)).count();
        }
        assert!(found > 950, "{found} of 1000");
    }
}

#[test]
fn places_of_deleted_vectors_are_used_again() {
    let mut draw = Pcg64Mcg::seed_from_u64(5);
    let mut vectors = Vectors::new(32);
    for row in 0..4096 {
        vectors.put(row, &drawn(&mut draw, 32));
    }
    let before = vectors.bytes();
    for row in 0..100_000u32 {
        vectors.delete(row);
        vectors.put(row + 4096, &drawn(&mut draw, 32));
    }
    assert_eq!(vectors.len(), 4096);
    // Only the number of a row's place is kept of rows long gone.
    assert!(vectors.bytes() < before + 4 * 110_000, "{before} {}", vectors.bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_nearest_are_those_of_a_plain_comparison(
        changes in prop::collection::vec((0u32..20, prop::option::of(prop::collection::vec(-4i8..5, 4))), 1..60),
        to in prop::collection::vec(-4i8..5, 4),
        count in 1usize..6,
        cosine_min in -1.0f32..1.0,
        allowed in prop::option::of(prop::collection::btree_set(0u32..20, 0..15)),
    ) {
        let wide = |vector: &[i8]| vector.iter().map(|x| f32::from(*x)).collect::<Vec<f32>>();
        let unit = |vector: &[i8]| { let mut vector = wide(vector); normalize(&mut vector); vector };
        let mut vectors = Vectors::new(4);
        let mut plain = std::collections::BTreeMap::new();
        for (row, vector) in &changes {
            match vector {
                Some(vector) if vector.iter().any(|x| *x != 0) => {
                    vectors.put(*row, &Steps::new(&unit(vector)));
                    plain.insert(*row, Steps::new(&unit(vector)));
                }
                Some(zero) => { vectors.put(*row, &Steps::new(&unit(zero))); plain.remove(row); }
                None => { vectors.delete(*row); plain.remove(row); }
            }
        }
        prop_assert_eq!(vectors.len(), plain.len());
        let to = Steps::new(&unit(&to));
        let allowed = allowed.map(|rows| rows.into_iter().collect::<RoaringBitmap>());
        let found = vectors.nearest(&to, count, cosine_min, allowed.as_ref());
        let mut wanted: Vec<(u32, f32)> = plain
            .keys()
            .filter(|row| !to.is_zero() && allowed.as_ref().is_none_or(|allowed| allowed.contains(**row)))
            .map(|row| (*row, vectors.cosine(*row, &to).unwrap()))
            .filter(|(_, cosine)| *cosine >= cosine_min)
            .collect();
        wanted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        wanted.truncate(count);
        prop_assert_eq!(found, wanted);
        for (row, vector) in &plain {
            prop_assert!((vectors.cosine(*row, vector).unwrap() - 1.0).abs() < 0.02);
        }
    }
}
