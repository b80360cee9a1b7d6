//! The mappings of files that were saved by name, as JSON; whoever reads them knows what is in them.

use serde_json::Value;
use store::Fault;

use super::{Command, Environment, WriteError};

/// The setting that holds them all.
const SETTING: &str = "import_mappings";

impl Environment {
    /// All that are saved.
    ///
    /// # Errors
    /// A [`Fault`] of the disk.
    pub(crate) fn mappings(&self) -> Result<Vec<Value>, Fault> {
        let stored = self.shared.read(|reader| reader.setting(SETTING))?;
        Ok(stored.and_then(|value| value.as_array().cloned()).unwrap_or_default())
    }

    /// Saves these in the place of all that there were.
    ///
    /// # Errors
    /// [`WriteError`].
    pub(crate) async fn set_mappings(&self, all: Vec<Value>) -> Result<(), WriteError> {
        let value = Value::Array(all);
        self.command(|reply| Command::Set { name: SETTING, value, then: Box::new(|_| ()), reply }).await?
    }
}
