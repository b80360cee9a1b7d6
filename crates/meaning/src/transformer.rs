use std::fs;
use std::path::Path;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut2, Axis, s};
use serde_json::Value;

use crate::pieces::Pieces;
use crate::weights::Weights;
use crate::{Unreadable, limits, normalize};

/// A sentence encoder of the BERT family (all-MiniLM-L6-v2 and its like), read from a folder as its publishers lay it out:
/// `model.safetensors`, `config.json`, `vocab.txt`, and `1_Pooling/config.json` where the first piece speaks for the text
/// instead of the mean of all.
///
/// Plain single precision on the CPU; a text of 10 pieces takes some 10 ms on one core with six layers of 384.
pub struct Transformer {
    pieces: Pieces,
    words: Array2<f32>,
    places: Array2<f32>,
    of_one_text: Array1<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
    epsilon: f32,
    begin: u32,
    end: u32,
    by_first_piece: bool,
}

struct Norm {
    scale: Array1<f32>,
    shift: Array1<f32>,
}

struct Dense {
    /// Inputs by outputs.
    weights: Array2<f32>,
    bias: Array1<f32>,
}

struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    joined: Dense,
    joined_norm: Norm,
    wide: Dense,
    narrow: Dense,
    narrow_norm: Norm,
}

impl Transformer {
    /// Reads the encoder in `folder`.
    ///
    /// # Errors
    /// [`Unreadable`] where a file is missing or is not what this reads: a BERT with absolute places and GELU.
    pub fn open(folder: &Path) -> Result<Transformer, Unreadable> {
        let file = |name: &str| folder.join(name);
        let text =
            |name: &str| fs::read_to_string(file(name)).map_err(|error| Unreadable::Io { path: file(name), error });
        let format = |name: &str, reason: String| Unreadable::Format { path: file(name), reason };
        let config: Value = serde_json::from_str(&text("config.json")?)
            .map_err(|error| format("config.json", format!("it is no JSON: {error}")))?;
        let number = |key: &str| {
            let found = config[key].as_u64().and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
            found.ok_or_else(|| format("config.json", format!("it lacks the number {key}")))
        };
        if config["model_type"] != "bert" {
            let reason = format!("its model_type is {}; only \"bert\" is read", config["model_type"]);
            return Err(format("config.json", reason));
        }
        let (layers, heads, size) =
            (number("num_hidden_layers")?, number("num_attention_heads")?, number("hidden_size")?);
        if size % heads != 0 || size > limits::DIMENSIONS_MAX {
            return Err(format(
                "config.json",
                format!(
                    "hidden_size is {size}; it must be a multiple of the heads, at most {}",
                    limits::DIMENSIONS_MAX
                ),
            ));
        }
        let pieces = Pieces::new(&text("vocab.txt")?);
        let special =
            |name: &str| pieces.number(name).ok_or_else(|| format("vocab.txt", format!("it lacks the piece {name}")));
        let (begin, end) = (special("[CLS]")?, special("[SEP]")?);
        let by_first_piece = fs::read_to_string(file("1_Pooling/config.json"))
            .ok()
            .and_then(|text| serde_json::from_str::<Value>(&text).ok())
            .is_some_and(|pooling| pooling["pooling_mode_cls_token"] == true);
        let weights = Weights::read(&file("model.safetensors"))?;
        let epsilon = config["layer_norm_eps"].as_f64().unwrap_or(1e-12) as f32;
        let read = || -> Result<Transformer, String> {
            let prefix = if weights.has("bert.embeddings.word_embeddings.weight") { "bert." } else { "" };
            let name = |rest: &str| format!("{prefix}{rest}");
            let words = weights.matrix(&name("embeddings.word_embeddings.weight"))?;
            let places = weights.matrix(&name("embeddings.position_embeddings.weight"))?;
            if words.nrows() < pieces.count() || words.ncols() != size || places.ncols() != size {
                return Err("the embeddings do not have the shape that config.json and vocab.txt say".to_owned());
            }
            Ok(Transformer {
                words,
                places,
                of_one_text: weights.matrix(&name("embeddings.token_type_embeddings.weight"))?.row(0).to_owned(),
                norm: norm(&weights, &name("embeddings.LayerNorm"), size)?,
                layers: (0..layers)
                    .map(|at| Layer::read(&weights, &name(&format!("encoder.layer.{at}")), size))
                    .collect::<Result<_, _>>()?,
                heads,
                epsilon,
                begin,
                end,
                by_first_piece,
                pieces,
            })
        };
        read().map_err(|reason| format("model.safetensors", reason))
    }

    /// Numbers of a vector.
    pub fn dimensions(&self) -> usize {
        self.words.ncols()
    }

    /// The vocabulary.
    pub fn pieces(&self) -> &Pieces {
        &self.pieces
    }

    /// The vector of each text, of length 1 (0 where the text has no piece). Together or one by one they are the same but for
    /// the last bits.
    pub fn embed(&self, texts: &[&str]) -> Vec<Vec<f32>> {
        let pieces: Vec<Vec<u32>> =
            texts.iter().map(|text| self.pieces.split(text, limits::PRODUCT_PIECES_MAX)).collect();
        self.embed_pieces(&pieces)
    }

    /// As [`Transformer::embed`], of texts already split.
    pub fn embed_pieces(&self, texts: &[Vec<u32>]) -> Vec<Vec<f32>> {
        let size = self.dimensions();
        let mut spans = Vec::with_capacity(texts.len());
        let mut all = Vec::new();
        for text in texts {
            let start = all.len();
            all.push((self.begin, 0));
            let room = self.places.nrows().saturating_sub(2);
            all.extend(text.iter().take(room).enumerate().map(|(at, piece)| (*piece, at + 1)));
            all.push((self.end, all.len() - start));
            spans.push(start..all.len());
        }
        let mut state = Array2::<f32>::zeros((all.len(), size));
        for (mut row, (piece, place)) in state.rows_mut().into_iter().zip(&all) {
            row += &self.words.row(*piece as usize);
            row += &self.places.row(*place);
            row += &self.of_one_text;
        }
        self.norm.apply(&mut state, self.epsilon);
        for layer in &self.layers {
            layer.apply(&mut state, &spans, self.heads, self.epsilon);
        }
        let pooled = |(span, text): (&std::ops::Range<usize>, &Vec<u32>)| {
            let rows = state.slice(s![span.clone(), ..]);
            let mut vector = match self.by_first_piece {
                true => rows.row(0).to_vec(),
                false => rows.sum_axis(Axis(0)).to_vec(),
            };
            if text.is_empty() {
                vector.fill(0.0);
            }
            normalize(&mut vector);
            vector
        };
        spans.iter().zip(texts).map(pooled).collect()
    }
}

fn norm(weights: &Weights, name: &str, size: usize) -> Result<Norm, String> {
    let norm =
        Norm { scale: weights.vector(&format!("{name}.weight"))?, shift: weights.vector(&format!("{name}.bias"))? };
    if norm.scale.len() != size || norm.shift.len() != size {
        return Err(format!("the tensors of {name} do not have {size} numbers"));
    }
    Ok(norm)
}

impl Norm {
    fn apply(&self, state: &mut Array2<f32>, epsilon: f32) {
        for mut row in state.rows_mut() {
            let mean = row.mean().unwrap_or(0.0);
            row -= mean;
            let deviation = (row.dot(&row) / row.len() as f32 + epsilon).sqrt();
            for ((x, scale), shift) in row.iter_mut().zip(&self.scale).zip(&self.shift) {
                *x = *x / deviation * scale + shift;
            }
        }
    }
}

impl Dense {
    fn read(weights: &Weights, name: &str, inputs: usize) -> Result<Dense, String> {
        let dense = Dense {
            weights: weights.matrix(&format!("{name}.weight"))?.reversed_axes().as_standard_layout().into_owned(),
            bias: weights.vector(&format!("{name}.bias"))?,
        };
        if dense.weights.nrows() != inputs || dense.weights.ncols() != dense.bias.len() {
            return Err(format!("the tensors of {name} do not take {inputs} numbers"));
        }
        Ok(dense)
    }

    fn apply(&self, input: &Array2<f32>) -> Array2<f32> {
        let mut output = Array2::zeros((input.nrows(), self.bias.len()));
        for mut row in output.rows_mut() {
            row.assign(&self.bias);
        }
        general_mat_mul(1.0, input, &self.weights, 1.0, &mut output);
        output
    }
}

impl Layer {
    fn read(weights: &Weights, name: &str, size: usize) -> Result<Layer, String> {
        let dense = |part: &str, inputs: usize| Dense::read(weights, &format!("{name}.{part}"), inputs);
        let wide = dense("intermediate.dense", size)?;
        let layer = Layer {
            query: dense("attention.self.query", size)?,
            key: dense("attention.self.key", size)?,
            value: dense("attention.self.value", size)?,
            joined: dense("attention.output.dense", size)?,
            joined_norm: norm(weights, &format!("{name}.attention.output.LayerNorm"), size)?,
            narrow: dense("output.dense", wide.bias.len())?,
            wide,
            narrow_norm: norm(weights, &format!("{name}.output.LayerNorm"), size)?,
        };
        let outputs = [&layer.query, &layer.key, &layer.value, &layer.joined, &layer.narrow];
        if outputs.iter().any(|dense| dense.bias.len() != size) {
            return Err(format!("the tensors of {name} do not give {size} numbers"));
        }
        Ok(layer)
    }

    fn apply(&self, state: &mut Array2<f32>, spans: &[std::ops::Range<usize>], heads: usize, epsilon: f32) {
        let (query, key, value) = (self.query.apply(state), self.key.apply(state), self.value.apply(state));
        let mut context = Array2::zeros(state.raw_dim());
        let each = state.ncols() / heads;
        for span in spans {
            for head in 0..heads {
                let part = s![span.clone(), head * each..(head + 1) * each];
                attend(query.slice(part), key.slice(part), value.slice(part), context.slice_mut(part));
            }
        }
        *state += &self.joined.apply(&context);
        self.joined_norm.apply(state, epsilon);
        let mut wide = self.wide.apply(state);
        wide.mapv_inplace(gelu);
        *state += &self.narrow.apply(&wide);
        self.narrow_norm.apply(state, epsilon);
    }
}

/// Scaled dot-product attention within one text (Vaswani et al. 2017).
fn attend(
    query: ArrayView2<'_, f32>,
    key: ArrayView2<'_, f32>,
    value: ArrayView2<'_, f32>,
    mut context: ArrayViewMut2<'_, f32>,
) {
    let mut shares = query.dot(&key.t());
    shares /= (query.ncols() as f32).sqrt();
    for mut row in shares.rows_mut() {
        let most = row.fold(f32::MIN, |a, b| a.max(*b));
        row.mapv_inplace(|x| (x - most).exp());
        let sum = row.sum();
        row /= sum;
    }
    general_mat_mul(1.0, &shares, &value, 0.0, &mut context);
}

/// The Gaussian error linear unit, exact to 1e-6.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function (Abramowitz and Stegun 7.1.26).
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let sum = t * (0.254_829_6 + t * (-0.284_496_72 + t * (1.421_413_8 + t * (-1.453_152 + t * 1.061_405_4))));
    let positive = 1.0 - sum * (-x * x).exp();
    if x < 0.0 { -positive } else { positive }
}
