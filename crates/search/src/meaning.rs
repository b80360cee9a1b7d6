use std::path::Path;
use std::sync::{Arc, RwLock};

use ::meaning::{Steps, Table, Transformer, Vectors};
use record::{Product, visible_text};
use roaring::RoaringBitmap;
use state::ProductRow;
use uuid::Uuid;

use crate::encoded::Encoded;
use crate::limits;

/// What the products of a catalogue mean, as vectors in memory, changed live.
///
/// A vector is the weighted sum of the word pieces of the title and, counting less, of the categories and the description. A
/// product whose words are all unknown has none. Every method takes the lock for itself; put and delete wait for a search
/// under way, some milliseconds.
pub struct Meanings {
    vectors: RwLock<Vectors>,
    /// The same by a sentence encoder, where there is one; used as soon as all products have their vectors.
    encoded: Option<Encoded>,
}

/// What a text means; see [`Meanings::of_text`].
pub struct Meaning {
    steps: Steps,
    /// By the encoder; `None` where there is none, or it is not ready.
    encoded: Option<Arc<Steps>>,
}

impl Meaning {
    /// How near two texts are in meaning, -1 to 1.
    pub fn cosine(&self, other: &Meaning) -> f32 {
        self.steps.cosine(&other.steps)
    }
}

/// What the words beside the title count.
const CATEGORY_SHARE: f32 = 0.5;
const DESCRIPTION_SHARE: f32 = 0.3;

impl Default for Meanings {
    fn default() -> Meanings {
        Meanings { vectors: RwLock::new(Vectors::new(Table::built_in().dimensions())), encoded: None }
    }
}

impl Meanings {
    /// With an encoder beside the table, whose vectors are kept in the file `path` for the rows of `epoch`. The table answers until
    /// [`Meanings::encode_some`] has made the vectors of all products.
    pub fn with_encoder(encoder: Arc<Transformer>, path: &Path, epoch: Uuid) -> Meanings {
        Meanings { encoded: Some(Encoded::open(encoder, path, epoch)), ..Meanings::default() }
    }

    /// Whether there is an encoder.
    pub fn has_encoder(&self) -> bool {
        self.encoded.is_some()
    }

    /// Makes the encoder's vectors of some products that wait for them, some 10 ms each; false where none waits.
    pub fn encode_some(&self) -> bool {
        self.encoded.as_ref().is_some_and(Encoded::encode_some)
    }

    /// Says that all products of the catalogue have been put in and none waits: from now on the encoder answers.
    pub fn set_complete(&self) {
        self.encoded.iter().for_each(Encoded::set_complete);
    }

    /// Whether the encoder answers.
    pub fn is_encoded(&self) -> bool {
        self.encoded.as_ref().is_some_and(Encoded::is_complete)
    }

    /// Puts products in, in the place of the same rows. Some 20 µs for each, before the lock is taken.
    pub fn put(&self, products: &[(ProductRow, &Product)]) {
        let vectors: Vec<(ProductRow, Steps)> =
            products.iter().map(|(row, product)| (*row, of_product(product))).collect();
        let mut held = self.vectors.write().expect("nothing panics while it holds the lock");
        for (row, vector) in vectors {
            held.put(row.0, &vector);
        }
        drop(held);
        self.encoded.iter().for_each(|encoded| encoded.put(products));
    }

    /// Takes products out. Those that are not in stay out.
    pub fn delete(&self, rows: &[ProductRow]) {
        if rows.is_empty() {
            return;
        }
        let mut held = self.vectors.write().expect("nothing panics while it holds the lock");
        rows.iter().for_each(|row| held.delete(row.0));
        drop(held);
        self.encoded.iter().for_each(|encoded| encoded.delete(rows));
    }

    /// What a text means by the table; `None` where no word of it is known.
    pub fn of_text(&self, text: &str) -> Option<Meaning> {
        let steps = Steps::new(&Table::built_in().embed(text, limits::MEANT_PIECES_MAX));
        (!steps.is_zero()).then_some(Meaning { steps, encoded: None })
    }

    /// What a query means, by the encoder too where it answers, which takes some 10 ms; `None` where no word of it is known.
    pub fn of_query(&self, query: &str) -> Option<Meaning> {
        let encoded = self.encoded.as_ref().and_then(|encoded| encoded.of_query(query));
        Some(Meaning { encoded, ..self.of_text(query)? })
    }

    /// How near the products are to a meaning: for each row the cosine, -1 to 1; 0 for a row without a vector.
    pub fn cosines(&self, meaning: &Meaning, rows: impl Iterator<Item = ProductRow>) -> Vec<f32> {
        let held = self.vectors.read().expect("nothing panics while it holds the lock");
        let by_table = |row: ProductRow| held.cosine(row.0, &meaning.steps).unwrap_or(0.0);
        let Some((encoded, steps)) = self.encoded.as_ref().zip(meaning.encoded.as_ref()) else {
            return rows.map(by_table).collect();
        };
        let encoded = encoded.vectors().read().expect("nothing panics while it holds the lock");
        // A product of a moment ago has the table's until its own is made.
        rows.map(|row| encoded.cosine(row.0, steps).unwrap_or_else(|| by_table(row))).collect()
    }

    /// The products among `allowed` nearest in meaning, with their cosines of at least `cosine_min`: at most `count`, the
    /// nearest first, ties by row. See [`Vectors::nearest`] for when this is not exact.
    pub fn nearest(
        &self,
        meaning: &Meaning,
        count: usize,
        cosine_min: f32,
        allowed: &RoaringBitmap,
    ) -> Vec<(ProductRow, f32)> {
        let (vectors, steps) = match (&self.encoded, &meaning.encoded) {
            (Some(encoded), Some(steps)) => (encoded.vectors(), &**steps),
            _ => (&self.vectors, &meaning.steps),
        };
        let held = vectors.read().expect("nothing panics while it holds the lock");
        let near = held.nearest(steps, count, cosine_min, Some(allowed));
        near.into_iter().map(|(row, cosine)| (ProductRow(row), cosine)).collect()
    }

    /// Bytes that the vectors take, without the table.
    pub fn bytes(&self) -> usize {
        self.vectors.read().expect("nothing panics while it holds the lock").bytes()
    }
}

fn of_product(product: &Product) -> Steps {
    let table = Table::built_in();
    let mut vector = vec![0.0; table.dimensions()];
    let mut add = |text: &str, pieces_max: usize, weight: f32| {
        // A piece is rarely longer than this; the text of a whole page need not be looked through.
        let text = &text[..text.floor_char_boundary(limits::MEANT_PIECE_BYTES * pieces_max)];
        table.add(&visible_text(text), pieces_max, weight, &mut vector);
    };
    if let Some(title) = &product.title {
        add(title, limits::MEANT_PIECES_MAX, 1.0);
    }
    for path in product.categories.iter().flatten().take(limits::MEANT_CATEGORIES_MAX) {
        if let Some(leaf) = path.last() {
            add(leaf, limits::MEANT_PIECES_MAX, CATEGORY_SHARE);
        }
    }
    let told = [&product.short_description, &product.description, &product.html];
    if let Some(told) = told.into_iter().flatten().next() {
        add(told, limits::MEANT_PIECES_MAX, DESCRIPTION_SHARE);
    }
    ::meaning::normalize(&mut vector);
    Steps::new(&vector)
}
