use crate::append::log_row;
use crate::{Fault, Store};

impl Store {
    /// Makes the next change take a position after `position`, where it would not anyway: so that a restored copy gives no
    /// position a second time that the file before it had given.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub fn continue_after(&mut self, position: u64) -> Result<(), Fault> {
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        self.write(|transaction| {
            let (last, _) = log_row(transaction)?;
            transaction.execute("UPDATE log SET last_position = ?1", [last.max(position)])?;
            Ok(())
        })
    }
}
