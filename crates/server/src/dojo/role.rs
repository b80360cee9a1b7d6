//! What somebody who signed in may do.

use serde::{Deserialize, Serialize};

/// From least to most; each may do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    /// Sees everything but the keys, and changes nothing.
    Viewer,
    /// Works on data, engines and settings, and sees the keys.
    Editor,
    /// Also replaces keys, makes and restores backups, sets the retention, and decides who comes in.
    Administrator,
}

impl Role {
    /// Its name in the API.
    pub(super) fn name(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Editor => "editor",
            Role::Administrator => "administrator",
        }
    }
}
