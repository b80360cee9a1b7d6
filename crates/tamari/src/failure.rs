use std::fmt;

/// Why a command ended without doing what it was asked; the text is for the person at the terminal and says what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The command was asked for something that cannot be: exit code 2, as for a flag that clap refuses.
    Usage(String),
    /// It could not be done: exit code 1.
    Fault(String),
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure::Usage(message.into())
    }

    pub(crate) fn fault(message: impl Into<String>) -> Failure {
        Failure::Fault(message.into())
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Usage(_) => 2,
            Failure::Fault(_) => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Fault(message) => f.write_str(message),
        }
    }
}

impl From<store::Fault> for Failure {
    fn from(fault: store::Fault) -> Failure {
        Failure::Fault(fault.to_string())
    }
}

impl From<::import::Failure> for Failure {
    fn from(failure: ::import::Failure) -> Failure {
        match failure {
            ::import::Failure::Usage(message) => Failure::Usage(message),
            ::import::Failure::Fault(message) => Failure::Fault(message),
        }
    }
}
