use std::fmt;

/// One reason why a record is refused: where it is wrong, and how, in the published wording.
///
/// Displays as the contract has it: `data.0.timestamp is invalid. The attribute should match the 'date-time' format.`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where: `data.<index>[.<field>…]`, or `data` for the body as a whole.
    pub path: String,
    /// What is wrong and what to do, as whole sentences.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is invalid. {}", self.path, self.message)
    }
}

/// Why a whole upload is refused: every error of every record, in the order of the body, bounded by
/// [`crate::limits::ERRORS_LISTED_MAX`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// The first errors, in the order of the body.
    pub listed: Vec<Refusal>,
    /// How many more there are beyond those listed.
    pub more: usize,
}

impl Refusals {
    /// The lines of the answer's `data`: one an error, and a last one that counts the rest where there is a rest.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.listed.iter().map(Refusal::to_string).collect();
        if self.more > 0 {
            lines.push(format!("{} more errors are not listed. Please correct those above first.", self.more));
        }
        lines
    }
}
