use crate::append::log_row;
use crate::{Fault, Store};

impl Store {
    /// The bytes that [`Store::compact`] would about give back: free pages, and the room of what was replaced or erased.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn reclaimable_bytes(&mut self) -> Result<u64, Fault> {
        self.usable()?;
        let measure = || {
            let (_, blank) = log_row(&self.connection)?;
            let pages: i64 = self.connection.pragma_query_value(None, "freelist_count", |row| row.get(0))?;
            let page_bytes: i64 = self.connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            Ok((blank + pages * page_bytes) as u64)
        };
        measure().map_err(|failure: crate::fault::Failure| failure.at(&self.path))
    }

    /// Writes the file anew without the versions of profiles that were replaced, without blanked content and without free
    /// pages, and gives the room back to the disk. Positions stay.
    ///
    /// Readers go on; appends wait. It needs room for the new file twice: in the system's folder for temporary files
    /// (where it has no name, and is gone with the process) and in the data folder.
    ///
    /// # Errors
    /// As for [`Store::append`]; the content is whole in any case.
    pub fn compact(&mut self) -> Result<(), Fault> {
        // Blank rows do not go by deletion, which would leave copies of their neighbours (see `erase`): the others are
        // written to a new table, in their order, and the old one's pages are zeroed. It is done for users only, whose
        // rows go blank with each replacement; a blank interaction keeps eight bytes, and there is one for each erased.
        self.write(|transaction| {
            transaction.execute_batch(
                "CREATE TABLE users_kept (
                     position INTEGER PRIMARY KEY, hash INTEGER, id TEXT NOT NULL, body TEXT NOT NULL
                 );
                 INSERT INTO users_kept SELECT position, hash, id, body FROM users WHERE id <> '' ORDER BY position;
                 DROP TABLE users;
                 ALTER TABLE users_kept RENAME TO users;
                 CREATE INDEX users_by_hash ON users (hash) WHERE hash IS NOT NULL;
                 UPDATE log SET blank_bytes = 0;",
            )?;
            Ok(())
        })?;
        self.truncate_log()?;
        // The new file is first written to a temporary one: on disk, for it may be larger than the memory.
        let vacuumed = self.connection.execute_batch("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY;");
        vacuumed.map_err(|error| self.failed(error.into()))?;
        self.truncate_log()
    }
}
