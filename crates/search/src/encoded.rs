//! What products mean by a sentence encoder: made in the background, kept in a file, in place of the table once all have it.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash, Hasher};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ::meaning::{Steps, Transformer, Vectors};
use record::{Product, visible_text};
use rustc_hash::{FxHashMap, FxHasher};
use state::ProductRow;
use uuid::Uuid;

use crate::kept::Kept;
use crate::limits;

/// The vectors of one encoder, with the file that keeps them over a restart.
pub(crate) struct Encoded {
    encoder: Arc<Transformer>,
    vectors: RwLock<Vectors>,
    waiting: Mutex<Waiting>,
    /// Whether all products had a vector once: what comes later is made up for soon.
    complete: AtomicBool,
    /// Queries asked last, with what they mean: the encoder takes some 10 ms for each.
    queries: Mutex<Kept<String, Arc<Steps>>>,
}

#[derive(Default)]
struct Waiting {
    /// Products to encode, with their texts.
    products: VecDeque<(ProductRow, String)>,
    /// The text of each row that has a vector or waits for one, as a hash.
    hash_by_row: FxHashMap<u32, u64>,
    /// What the file held at the start, until the products come.
    kept: FxHashMap<u32, (u64, Steps)>,
    /// `None` where the file cannot be written: then the vectors live in memory only.
    file: Option<File>,
}

/// What a file begins with; then the epoch and the model's mark, then records.
const MAGIC: &[u8; 8] = b"TAMENC01";
/// Texts that are encoded together.
const BATCH: usize = 16;

impl Encoded {
    /// Of the products of `epoch`, with what `path` holds of them. A file of another epoch or encoder is begun anew.
    pub(crate) fn open(encoder: Arc<Transformer>, path: &Path, epoch: Uuid) -> Encoded {
        let mut header = MAGIC.to_vec();
        header.extend(epoch.as_bytes());
        header.extend(mark(&encoder).to_le_bytes());
        let kept = read(path, &header, encoder.dimensions()).unwrap_or_default();
        // Written anew, so that it does not grow with every change of a product.
        let file = write(path, &header, &kept);
        if let Err(error) = &file {
            tracing::warn!(path = %path.display(), %error, "what products mean cannot be kept in a file");
        }
        let waiting = Waiting { kept, file: file.ok(), ..Waiting::default() };
        Encoded {
            vectors: RwLock::new(Vectors::new(encoder.dimensions())),
            encoder,
            waiting: Mutex::new(waiting),
            complete: AtomicBool::new(false),
            queries: Mutex::new(Kept::new(limits::MEANT_QUERIES_KEPT)),
        }
    }

    /// Lets products wait for their vectors; one whose text has a vector already gets it at once.
    pub(crate) fn put(&self, products: &[(ProductRow, &Product)]) {
        let mut known: Vec<(u32, Steps)> = Vec::new();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for (row, product) in products {
            let text = text_of(product);
            let hash = hash(&text);
            if waiting.hash_by_row.insert(row.0, hash) == Some(hash) {
                continue;
            }
            match waiting.kept.remove(&row.0) {
                Some((of, steps)) if of == hash => known.push((row.0, steps)),
                _ => waiting.products.push_back((*row, text)),
            }
        }
        drop(waiting);
        let mut vectors = self.vectors.write().unwrap_or_else(PoisonError::into_inner);
        known.iter().for_each(|(row, steps)| vectors.put(*row, steps));
    }

    pub(crate) fn delete(&self, rows: &[ProductRow]) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        rows.iter().for_each(|row| _ = waiting.hash_by_row.remove(&row.0));
        let mut vectors = self.vectors.write().unwrap_or_else(PoisonError::into_inner);
        rows.iter().for_each(|row| vectors.delete(row.0));
    }

    /// Encodes some of the products that wait; false where none does. Some 10 ms for each.
    pub(crate) fn encode_some(&self) -> bool {
        let batch: Vec<(ProductRow, String)> = {
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let count = waiting.products.len().min(BATCH);
            waiting.products.drain(..count).collect()
        };
        if batch.is_empty() {
            return false;
        }
        let texts: Vec<&str> = batch.iter().map(|(_, text)| text.as_str()).collect();
        let steps: Vec<Steps> = self.encoder.embed(&texts).iter().map(|vector| Steps::new(vector)).collect();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut vectors = self.vectors.write().unwrap_or_else(PoisonError::into_inner);
        for ((row, text), steps) in batch.iter().zip(&steps) {
            let hash = hash(text);
            // It may have changed or gone meanwhile.
            if waiting.hash_by_row.get(&row.0) != Some(&hash) {
                continue;
            }
            vectors.put(row.0, steps);
            if let Some(file) = &mut waiting.file
                && let Err(error) = file.write_all(&record(row.0, hash, steps))
            {
                tracing::warn!(%error, "what products mean cannot be kept in its file any more");
                waiting.file = None;
            }
        }
        true
    }

    /// Says that all products there were have come, and have been encoded.
    pub(crate) fn set_complete(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // What the file held of products that are no more.
        waiting.kept = FxHashMap::default();
        self.complete.store(true, Ordering::Release);
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// What a query means; `None` until the products' vectors are complete.
    pub(crate) fn of_query(&self, query: &str) -> Option<Arc<Steps>> {
        if !self.is_complete() {
            return None;
        }
        let kept = self.queries.lock().unwrap_or_else(PoisonError::into_inner).get(query);
        if kept.is_some() {
            return kept;
        }
        let text = &query[..query.floor_char_boundary(limits::MEANT_PIECE_BYTES * limits::MEANT_PIECES_MAX)];
        let steps = Arc::new(Steps::new(self.encoder.embed(&[text]).first()?));
        self.queries.lock().unwrap_or_else(PoisonError::into_inner).keep(query.to_owned(), steps.clone(), 1);
        Some(steps)
    }

    pub(crate) fn vectors(&self) -> &RwLock<Vectors> {
        &self.vectors
    }
}

/// What is encoded of a product: its title and where it belongs.
fn text_of(product: &Product) -> String {
    let leaves = product.categories.iter().flatten().take(limits::MEANT_CATEGORIES_MAX).filter_map(|path| path.last());
    let parts: Vec<&str> = product.title.iter().chain(leaves).map(String::as_str).collect();
    let text = parts.join(". ");
    let end = text.floor_char_boundary(limits::MEANT_PIECE_BYTES * limits::MEANT_PIECES_MAX);
    visible_text(&text[..end]).into_owned()
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Tells one encoder from another: what it makes of a sentence.
fn mark(encoder: &Transformer) -> u64 {
    let mut hasher = FxHasher::default();
    for number in encoder.embed(&["what this encoder makes of it"]).iter().flatten() {
        // The last bits may differ from one processor to another.
        ((number * 1e4).round() as i64).hash(&mut hasher);
    }
    hasher.finish()
}

fn record(row: u32, hash: u64, steps: &Steps) -> Vec<u8> {
    let mut bytes = row.to_le_bytes().to_vec();
    bytes.extend(hash.to_le_bytes());
    steps.write(&mut bytes);
    bytes
}

/// The vectors of a file, by row with the hashes of their texts; `None` where it is another's or there is none. A record that was cut short
/// ends it.
fn read(path: &Path, header: &[u8], dimensions: usize) -> Option<FxHashMap<u32, (u64, Steps)>> {
    let mut file = BufReader::new(File::open(path).ok()?);
    let mut begin = vec![0; header.len()];
    file.read_exact(&mut begin).ok().filter(|()| begin == header)?;
    let mut kept = FxHashMap::default();
    let (mut row, mut hash, mut steps) = ([0; 4], [0; 8], vec![0; Steps::bytes(dimensions)]);
    while file.read_exact(&mut row).is_ok() && file.read_exact(&mut hash).is_ok() && file.read_exact(&mut steps).is_ok()
    {
        let Some(vector) = Steps::read(&steps) else { break };
        kept.insert(u32::from_le_bytes(row), (u64::from_le_bytes(hash), vector));
    }
    Some(kept)
}

fn write(path: &Path, header: &[u8], kept: &FxHashMap<u32, (u64, Steps)>) -> io::Result<File> {
    let unfinished: PathBuf = path.with_extension("unfinished");
    let mut bytes = header.to_vec();
    for (row, (hash, steps)) in kept {
        bytes.extend(record(*row, *hash, steps));
    }
    fs::write(&unfinished, bytes)?;
    fs::rename(&unfinished, path)?;
    OpenOptions::new().append(true).open(path)
}
