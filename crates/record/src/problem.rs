use std::fmt;

use crate::{InteractionType, limits};

/// What is wrong with one value. Displays as the sentence of a refusal, in the published wording.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Problem<'a> {
    /// A required field is absent or `null`.
    Required,
    /// The JSON type is another one than those allowed.
    Type {
        expected: &'a [&'a str],
        given: &'static str,
    },
    /// None of the listed values.
    Choice {
        allowed: &'a [&'a str],
        given: &'a str,
    },
    TooShort {
        chars_min: usize,
        chars: usize,
    },
    TooLong {
        chars_max: usize,
        chars: usize,
    },
    Contains(char),
    StartsWith(char),
    /// Not of this format, or none of these formats.
    Format(&'static [&'static str]),
    /// A date-time outside the years that an interaction may be from.
    Year,
    OutOfRange {
        min: f64,
        max: f64,
        given: f64,
    },
    /// The record has no such field; `instead` says where the value may go.
    Unknown {
        instead: &'static str,
    },
    /// Interactions have such a field, but not those of this type.
    NotOfType(InteractionType),
    TooManyItems {
        items_max: usize,
        items: usize,
    },
    TooManyAttributes {
        attributes_max: usize,
        attributes: usize,
    },
    /// The name of a custom attribute is empty or too long.
    AttributeName,
    /// An item of an array has another type than the first.
    Mixed {
        first: &'static str,
        given: &'static str,
    },
    TooDeep {
        levels_max: usize,
    },
    /// The text of one record or of the body is not JSON.
    Syntax {
        of: &'static str,
        error: String,
    },
}

impl fmt::Display for Problem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Required => f.write_str("The attribute is required."),
            Problem::Type { expected, given } => {
                f.write_str("The attribute was expected to be of type ")?;
                match expected {
                    [one] => write!(f, "'{one}'")?,
                    several => {
                        f.write_str("'")?;
                        write_list(f, several)?;
                        f.write_str("'")?;
                    }
                }
                write!(f, " but type '{given}' was given.")
            }
            Problem::Choice { allowed, given } => {
                f.write_str("The attribute should be one of ")?;
                write_list(f, allowed)?;
                write!(f, " but '{}' was given.", Shortened(given))
            }
            Problem::TooShort { chars_min, chars } => {
                write!(f, "The attribute should have at least {} but has {chars}.", Count(*chars_min, "character"))
            }
            Problem::TooLong { chars_max, chars } => {
                write!(f, "The attribute should have at most {} but has {chars}.", Count(*chars_max, "character"))
            }
            Problem::Contains(character) => write!(f, "The attribute should not contain '{character}'."),
            Problem::StartsWith(character) => write!(f, "The attribute should not start with '{character}'."),
            Problem::Format(formats) => {
                f.write_str("The attribute should match the ")?;
                for (place, format) in formats.iter().enumerate() {
                    let separator = if place == 0 { "" } else { " or " };
                    write!(f, "{separator}'{format}'")?;
                }
                f.write_str(" format.")
            }
            Problem::Year => write!(
                f,
                "The attribute should be a date-time of the years {} to {}.",
                limits::TIMESTAMP_YEAR_MIN,
                limits::TIMESTAMP_YEAR_MAX
            ),
            Problem::OutOfRange { min, max, given } => {
                write!(f, "The attribute should be a number from {min} to {max} but {given} was given.")
            }
            Problem::Unknown { instead } => {
                write!(f, "The attribute is not known. Please remove it, or put it into '{instead}'.")
            }
            Problem::NotOfType(kind) => write!(
                f,
                "The attribute is not allowed in an interaction of type '{}'. Please remove it, or put it into 'context.custom_context'.",
                kind.name()
            ),
            Problem::TooManyItems { items_max, items } => {
                write!(f, "The attribute should have at most {} but has {items}.", Count(*items_max, "item"))
            }
            Problem::TooManyAttributes { attributes_max, attributes } => {
                write!(f, "The attribute should have at most {} but has {attributes}.", Count(*attributes_max, "name"))
            }
            Problem::AttributeName => {
                write!(f, "The name of the attribute should have 1 to {} characters.", limits::ATTRIBUTE_NAME_CHARS_MAX)
            }
            Problem::Mixed { first, given } => write!(
                f,
                "All items of an array should be of one type: the first is of type '{first}' but this one is of type '{given}'."
            ),
            Problem::TooDeep { levels_max } => {
                write!(
                    f,
                    "Objects should be nested at most {} deep. Please flatten the attribute.",
                    Count(*levels_max, "level")
                )
            }
            Problem::Syntax { of, error } => write!(f, "The {of} could not be read as JSON: {error}."),
        }
    }
}

/// `'a', 'b', 'c'`.
fn write_list(f: &mut fmt::Formatter<'_>, names: &[&str]) -> fmt::Result {
    for (place, name) in names.iter().enumerate() {
        write!(f, "{}'{name}'", if place == 0 { "" } else { ", " })?;
    }
    Ok(())
}

/// `1 item`, `2 items`.
struct Count(usize, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.0, self.1, if self.0 == 1 { "" } else { "s" })
    }
}

/// A text of the caller, cut to [`limits::ERROR_NAME_CHARS_MAX`] characters, so that an answer stays readable and bounded.
pub(crate) struct Shortened<'a>(pub(crate) &'a str);

impl fmt::Display for Shortened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(limits::ERROR_NAME_CHARS_MAX) {
            None => f.write_str(self.0),
            Some((end, _)) => write!(f, "{}…", &self.0[..end]),
        }
    }
}
