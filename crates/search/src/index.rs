use std::path::Path;

use record::Product;
use roaring::RoaringBitmap;
use state::ProductRow;
use uuid::Uuid;

use crate::Fault;

/// A search in the text of products.
#[derive(Clone, Debug, Default)]
pub struct TextQuery<'a> {
    /// The words as typed; all must be found, in any field.
    pub text: &'a str,
    /// Whether the words must stand beside one another in one field.
    pub phrase: bool,
    /// Fields of the contract's `exclude_fields_from_search` that do not count.
    pub exclude_fields: &'a [String],
}

/// A product found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Which.
    pub row: ProductRow,
    /// BM25 over weighted fields; greater than 0.
    pub score: f32,
}

/// The index of an environment's products: one writer, any number of searches beside it.
pub struct Index {}

impl Index {
    /// Opens the index in `folder`, or begins an empty one where it is missing, damaged, of another schema or of
    /// another `epoch` (its row numbers would mean other products).
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn open(folder: &Path, epoch: Uuid) -> Result<Index, Fault> {
        todo!("{folder:?} {epoch}")
    }

    /// The log position up to which the products are in; 0 for an empty index.
    pub fn position(&self) -> u64 {
        todo!()
    }

    /// Puts products in (in the place of the same rows), takes rows out, and makes that visible: one commit.
    ///
    /// # Errors
    /// A [`Fault`] of the disk; then nothing of it is visible.
    pub fn update(&self, puts: &[(ProductRow, &Product)], deletes: &[ProductRow], position: u64) -> Result<(), Fault> {
        todo!("{} {} {position}", puts.len(), deletes.len())
    }

    /// Every product that has all the words, in rows among `allowed` where given; best first, ties by row.
    /// A query without any word (punctuation only) finds nothing.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn search(&self, query: &TextQuery<'_>, allowed: Option<&RoaringBitmap>) -> Result<Vec<Hit>, Fault> {
        todo!("{query:?} {allowed:?}")
    }
}
