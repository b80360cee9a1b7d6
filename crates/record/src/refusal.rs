use std::fmt;

use crate::{
    AttributeKind, limits,
    problem::{Problem, Shortened},
    validate::Path,
};

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

impl Refusal {
    /// The refusal of the custom attribute `name` of the record at `index`: of another type than it has in the data set.
    ///
    /// `data.3.custom_attributes.size is invalid. The attribute was expected to be of type 'number', as in the records
    /// before, but type 'string' was given.`
    pub fn of_attribute_type(index: usize, name: &str, expected: AttributeKind, given: AttributeKind) -> Refusal {
        Refusal {
            path: format!("data.{index}.custom_attributes.{}", Shortened(name)),
            message: format!(
                "The attribute was expected to be of type '{}', as in the records before, but type '{}' was given.",
                expected.name(),
                given.name()
            ),
        }
    }
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
            let (errors, are) = if self.more == 1 { ("error", "is") } else { ("errors", "are") };
            lines.push(format!("{} more {errors} {are} not listed. Please correct those above first.", self.more));
        }
        lines
    }

    /// Whether nothing is refused.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty() && self.more == 0
    }

    /// Adds an error, or counts it where [`limits::ERRORS_LISTED_MAX`] are listed.
    pub fn push(&mut self, refusal: Refusal) {
        if self.listed.len() < limits::ERRORS_LISTED_MAX {
            self.listed.push(refusal);
        } else {
            self.more += 1;
        }
    }

    /// As [`Refusals::push`], but writes texts only for errors that are listed.
    pub(crate) fn add(&mut self, path: &Path<'_>, problem: &Problem<'_>) {
        if self.listed.len() < limits::ERRORS_LISTED_MAX {
            self.listed.push(Refusal { path: path.to_string(), message: problem.to_string() });
        } else {
            self.more += 1;
        }
    }
}
