//! A sentence encoder by one setting:
//!
//! 1. What only the encoder knows to mean the same is found, as soon as the products have been encoded in the background; new products
//!    too, deleted ones never.
//! 2. Its vectors are kept over a restart; without the setting the table answers.
//! 3. A folder that holds no encoder keeps the server from starting, with the reason.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use server::Settings;
use tokio::runtime::Runtime;

use super::served::Served;

const SIZE: usize = 4;

/// An encoder for which `zog` and `wib` mean the same, and `boat` something else: only its word embeddings are not 0.
fn encoder(folder: &Path) {
    let mut header = serde_json::Map::new();
    let mut bytes: Vec<u8> = Vec::new();
    let mut tensor = |name: &str, shape: &[usize], numbers: &[f32]| {
        let start = bytes.len();
        let count: usize = shape.iter().product();
        let fill = if name.ends_with("LayerNorm.weight") { 1.0f32 } else { 0.0 };
        let all = numbers.iter().copied().chain(std::iter::repeat(fill)).take(count);
        all.for_each(|number| bytes.extend(number.to_le_bytes()));
        header.insert(name.to_owned(), json!({"dtype": "F32", "shape": shape, "data_offsets": [start, bytes.len()]}));
    };
    let (same, other) = ([1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0]);
    let words = [[0.0; SIZE], [0.0; SIZE], [0.0; SIZE], same, same, other].concat();
    tensor("embeddings.word_embeddings.weight", &[6, SIZE], &words);
    tensor("embeddings.position_embeddings.weight", &[16, SIZE], &[]);
    tensor("embeddings.token_type_embeddings.weight", &[2, SIZE], &[]);
    let layer = "encoder.layer.0";
    let dense = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"];
    for name in dense.into_iter().chain(["intermediate.dense", "output.dense"]) {
        tensor(&format!("{layer}.{name}.weight"), &[SIZE, SIZE], &[]);
        tensor(&format!("{layer}.{name}.bias"), &[SIZE], &[]);
    }
    for name in ["embeddings", "encoder.layer.0.attention.output", "encoder.layer.0.output"] {
        tensor(&format!("{name}.LayerNorm.weight"), &[SIZE], &[]);
        tensor(&format!("{name}.LayerNorm.bias"), &[SIZE], &[]);
    }
    let header = serde_json::to_vec(&header).unwrap();
    fs::write(folder.join("model.safetensors"), [&(header.len() as u64).to_le_bytes()[..], &header, &bytes].concat())
        .unwrap();
    fs::write(folder.join("vocab.txt"), "[PAD]\n[CLS]\n[SEP]\nzog\nwib\nboat").unwrap();
    let config = json!({"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_size": SIZE});
    fs::write(folder.join("config.json"), config.to_string()).unwrap();
}

/// What is found for `zog`, by id.
fn near_zog(served: &Served) -> Vec<String> {
    let body = json!({
        "q": "zog", "fl": [], "enable_semantic_search": true, "semantic_search_threshold": 0.95,
        "spellcheck": {"enable_auto_spelling_correction": false},
    });
    let answer = served.call("POST", "/v1/search/search", &served.secret(), &body).expect(200).json();
    let products = answer["data"]["products"].as_array().unwrap();
    let mut found: Vec<String> =
        products.iter().map(|product| product["product_id"].as_str().unwrap().to_owned()).collect();
    found.sort_unstable();
    found
}

#[track_caller]
fn soon(served: &Served, wanted: &[&str]) {
    let begun = Instant::now();
    loop {
        let found = near_zog(served);
        if found == wanted {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{found:?}, not {wanted:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn put(served: &Served, products: &Value) {
    served.call("POST", "/v1/products", &served.secret(), &json!({"data": products})).expect(200);
}

#[test]
fn an_encoder_answers_when_the_products_are_encoded_and_after_a_restart() {
    let model = tempfile::tempdir().unwrap();
    encoder(model.path());
    let with_encoder = |settings: &mut Settings| settings.encoder = model.path().to_owned();
    let served = Served::start_with(with_encoder);
    put(
        &served,
        &json!([{"product_id": "z", "title": "zog"}, {"product_id": "w", "title": "wib"}, {"product_id": "b", "title": "boat"}]),
    );
    soon(&served, &["w", "z"]);
    put(&served, &json!([{"product_id": "v", "title": "wib wib"}]));
    soon(&served, &["v", "w", "z"]);
    served.call("POST", "/v1/products/_delete", &served.secret(), &json!({"data": {"product_ids": ["w"]}})).expect(200);
    assert_eq!(near_zog(&served), ["v", "z"]);

    let kept = served.folder.path().join("development/meanings.encoded");
    assert!(kept.exists());
    let served = served.restart_with(with_encoder);
    soon(&served, &["v", "z"]);
    assert!(served.folder.path().join("development/meanings.encoded").exists());
    let served = served.restart();
    soon(&served, &["z"]);
}

#[test]
fn a_folder_without_an_encoder_keeps_the_server_from_starting() {
    let (data, model) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let settings = Settings {
        data: data.path().to_owned(),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        encoder: model.path().to_owned(),
        ..Settings::default()
    };
    let refused = Runtime::new().unwrap().block_on(server::serve(settings)).err().unwrap();
    assert!(refused.contains("config.json") && refused.contains("`encoder`"), "{refused}");
}
