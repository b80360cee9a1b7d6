use std::path::Path;

use crate::{Entry, Fault, Reader};

impl Reader {
    /// Opens a reader on an existing file.
    ///
    /// # Errors
    /// As for [`crate::Store::open`]; a missing file is [`Fault::Io`].
    pub fn open(path: &Path) -> Result<Reader, Fault> {
        let _ = path;
        todo!()
    }

    /// The last position given; 0 for an empty store.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn last_position(&self) -> Result<u64, Fault> {
        let _ = &self.connection;
        todo!()
    }

    /// Reads every entry after `from`, in the order of positions, and gives each to `take`, until `take` says stop (false).
    /// The positions between entries may have gaps: what was replaced or erased is not there.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn follow(&self, from: u64, take: &mut dyn FnMut(Entry) -> bool) -> Result<(), Fault> {
        let _ = (from, take);
        todo!()
    }

    /// A product's JSON. `None` where there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product(&self, id: &str) -> Result<Option<String>, Fault> {
        todo!("{id}")
    }

    /// A user's JSON. `None` where there is none.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user(&self, id: &str) -> Result<Option<String>, Fault> {
        todo!("{id}")
    }

    /// The ids of all products, in the order of ids; of one `type` only where given.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn product_ids(&self, kind: Option<&str>) -> Result<Vec<String>, Fault> {
        todo!("{kind:?}")
    }

    /// The ids of all users with a profile, in the order of ids.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn user_ids(&self) -> Result<Vec<String>, Fault> {
        todo!()
    }
}
