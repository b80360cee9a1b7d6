use std::sync::RwLock;

use ::meaning::{Steps, Table, Vectors};
use record::Product;
use roaring::RoaringBitmap;
use state::ProductRow;

use crate::limits;
use crate::markup::visible_text;

/// What the products of a catalogue mean, as vectors in memory, changed live.
///
/// A vector is the weighted sum of the word pieces of the title and, counting less, of the categories and the description. A
/// product whose words are all unknown has none. Every method takes the lock for itself; put and delete wait for a search
/// under way, some milliseconds.
pub struct Meanings {
    vectors: RwLock<Vectors>,
}

/// What a text means; see [`Meanings::of_text`].
pub struct Meaning {
    steps: Steps,
}

/// What the words beside the title count.
const CATEGORY_SHARE: f32 = 0.5;
const DESCRIPTION_SHARE: f32 = 0.3;

impl Default for Meanings {
    fn default() -> Meanings {
        Meanings { vectors: RwLock::new(Vectors::new(Table::built_in().dimensions())) }
    }
}

impl Meanings {
    /// Puts products in, in the place of the same rows. Some 20 µs for each, before the lock is taken.
    pub fn put(&self, products: &[(ProductRow, &Product)]) {
        let vectors: Vec<(ProductRow, Steps)> =
            products.iter().map(|(row, product)| (*row, of_product(product))).collect();
        let mut held = self.vectors.write().expect("nothing panics while it holds the lock");
        for (row, vector) in vectors {
            held.put(row.0, &vector);
        }
    }

    /// Takes products out. Those that are not in stay out.
    pub fn delete(&self, rows: &[ProductRow]) {
        if rows.is_empty() {
            return;
        }
        let mut held = self.vectors.write().expect("nothing panics while it holds the lock");
        rows.iter().for_each(|row| held.delete(row.0));
    }

    /// What a text means; `None` where no word of it is known.
    pub fn of_text(&self, text: &str) -> Option<Meaning> {
        let steps = Steps::new(&Table::built_in().embed(text, limits::MEANT_PIECES_MAX));
        (!steps.is_zero()).then_some(Meaning { steps })
    }

    /// How near the products are to a meaning: for each row the cosine, -1 to 1; 0 for a row without a vector.
    pub fn cosines(&self, meaning: &Meaning, rows: impl Iterator<Item = ProductRow>) -> Vec<f32> {
        let held = self.vectors.read().expect("nothing panics while it holds the lock");
        rows.map(|row| held.cosine(row.0, &meaning.steps).unwrap_or(0.0)).collect()
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
        let held = self.vectors.read().expect("nothing panics while it holds the lock");
        let near = held.nearest(&meaning.steps, count, cosine_min, Some(allowed));
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
