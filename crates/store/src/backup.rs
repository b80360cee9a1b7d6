use std::path::Path;

use crate::Fault;

/// Copies the file at `from` to a new file `to`, consistent, while others read and write it. The copy is one plain file.
///
/// # Errors
/// A [`Fault`] of either disk; an existing `to` is refused.
pub fn backup(from: &Path, to: &Path) -> Result<(), Fault> {
    todo!("{from:?} {to:?}")
}

/// Puts the backup `from` at the new place `to`, after checking that it is whole and of a known format.
///
/// # Errors
/// [`Fault::Corrupt`], [`Fault::Newer`], or a fault of the disk; an existing `to` is refused.
pub fn restore(from: &Path, to: &Path) -> Result<(), Fault> {
    todo!("{from:?} {to:?}")
}
