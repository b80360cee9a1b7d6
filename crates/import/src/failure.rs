use std::fmt;

/// Why a file is not imported; the text is for the person who gave it and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// What was asked for cannot be: another file, another mapping.
    Usage(String),
    /// It could not be done.
    Fault(String),
}

impl Failure {
    /// What was asked for cannot be.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::Usage(message.into())
    }

    /// It could not be done.
    pub fn fault(message: impl Into<String>) -> Failure {
        Failure::Fault(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Fault(message) => f.write_str(message),
        }
    }
}
