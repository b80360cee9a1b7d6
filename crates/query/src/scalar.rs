use std::cmp::Ordering;

/// One value of a product's field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// Text; dates are text too, and compare as moments where both sides are dates.
    Text(&'a str),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Boolean(bool),
}

impl Scalar<'_> {
    /// Whether the value is the one written in the query: text by its whole bytes, a number by its value, a boolean by its name.
    pub fn equals(self, literal: &str) -> bool {
        todo!("{literal}")
    }

    /// How the value stands to a range's end: numbers by value, dates by moment, other text by bytes.
    /// `None` where the two do not compare (a number with a word).
    pub fn compare(self, literal: &str) -> Option<Ordering> {
        todo!("{literal}")
    }
}
