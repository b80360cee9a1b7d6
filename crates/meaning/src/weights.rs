use std::fs::File;
use std::io::Read;
use std::path::Path;

use ndarray::{Array1, Array2};
use serde_json::{Map, Value};

use crate::{Unreadable, limits};

/// The tensors of a file in the safetensors format: eight bytes with the length of a JSON header, the header (type, shape and
/// place of each tensor by name), the numbers.
pub(crate) struct Weights {
    header: Map<String, Value>,
    bytes: Vec<u8>,
}

impl Weights {
    pub(crate) fn read(path: &Path) -> Result<Weights, Unreadable> {
        let bad = |reason: &str| Unreadable::Format { path: path.to_owned(), reason: reason.to_owned() };
        let mut file = File::open(path).map_err(|error| Unreadable::Io { path: path.to_owned(), error })?;
        let size = file.metadata().map_err(|error| Unreadable::Io { path: path.to_owned(), error })?.len();
        if size > limits::MODEL_BYTES_MAX {
            return Err(bad(&format!("it has {size} bytes; at most {} are taken", limits::MODEL_BYTES_MAX)));
        }
        let mut all = Vec::with_capacity(size as usize);
        file.read_to_end(&mut all).map_err(|error| Unreadable::Io { path: path.to_owned(), error })?;
        let length =
            all.first_chunk::<8>().map(|length| u64::from_le_bytes(*length)).ok_or_else(|| bad("it is empty"))?;
        let end = usize::try_from(length).ok().and_then(|length| length.checked_add(8)).filter(|end| *end <= all.len());
        let end = end.ok_or_else(|| bad("its header is longer than the file"))?;
        let header =
            serde_json::from_slice(&all[8..end]).map_err(|error| bad(&format!("its header is no JSON: {error}")))?;
        all.drain(..end);
        Ok(Weights { header, bytes: all })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.header.contains_key(name)
    }

    pub(crate) fn vector(&self, name: &str) -> Result<Array1<f32>, String> {
        let (shape, numbers) = self.tensor(name)?;
        match shape[..] {
            [_] => Ok(Array1::from_vec(numbers)),
            _ => Err(format!("the tensor {name} has the shape {shape:?} where a vector is expected")),
        }
    }

    pub(crate) fn matrix(&self, name: &str) -> Result<Array2<f32>, String> {
        let (shape, numbers) = self.tensor(name)?;
        match shape[..] {
            [rows, columns] => Array2::from_shape_vec((rows, columns), numbers).map_err(|error| error.to_string()),
            _ => Err(format!("the tensor {name} has the shape {shape:?} where a matrix is expected")),
        }
    }

    fn tensor(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
        let entry = self.header.get(name).ok_or_else(|| format!("it lacks the tensor {name}"))?;
        let numbers_of = |key: &str| -> Option<Vec<usize>> {
            entry.get(key)?.as_array()?.iter().map(|n| n.as_u64().and_then(|n| usize::try_from(n).ok())).collect()
        };
        let wrong = || format!("the entry of the tensor {name} is malformed");
        let shape = numbers_of("shape").ok_or_else(wrong)?;
        let [start, end] = numbers_of("data_offsets").ok_or_else(wrong)?[..] else { return Err(wrong()) };
        let bytes = self.bytes.get(start..end).ok_or_else(wrong)?;
        let numbers: Vec<f32> = match entry.get("dtype").and_then(Value::as_str) {
            Some("F32") => bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect(),
            Some("BF16") => {
                let wide = |two: &[u8; 2]| f32::from_bits(u32::from(u16::from_le_bytes(*two)) << 16);
                bytes.as_chunks::<2>().0.iter().map(wide).collect()
            }
            Some("F16") => bytes.as_chunks::<2>().0.iter().map(|two| half(u16::from_le_bytes(*two))).collect(),
            other => return Err(format!("the tensor {name} has the type {other:?}; F32, F16 and BF16 are read")),
        };
        if numbers.len() != shape.iter().product::<usize>() {
            return Err(wrong());
        }
        Ok((shape, numbers))
    }
}

/// A number of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2f32.powi(-24),
        31 => sign * if fraction == 0.0 { f32::INFINITY } else { f32::NAN },
        _ => sign * (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}
