/// Why a snapshot cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotFault {
    /// Written by another version of this program.
    #[error("the snapshot has format {found}, this program reads {expected}")]
    Version {
        /// The format in the file.
        found: u32,
        /// The format of this program.
        expected: u32,
    },
    /// The bytes are not those that were written.
    #[error("the snapshot is damaged at byte {offset}: {what}")]
    Damaged {
        /// Where.
        offset: u64,
        /// What does not hold.
        what: &'static str,
    },
    /// The file cannot be read.
    #[error("the snapshot cannot be read: {0}")]
    Io(#[from] std::io::Error),
}
