/// Why the index could not do what was asked. The index can always be rebuilt from the store.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file system's word.
    #[error("the search index cannot be written or read: {0}")]
    Io(#[from] std::io::Error),
    /// Tantivy's word.
    #[error("the search index failed: {0}")]
    Index(#[from] tantivy::TantivyError),
}
