//! The filter language (`fq`, `boost_fq`, `advanced_q`, facet queries): text to syntax tree to a test over one product.
//!
//! There is one tree, [`Filter`], and two evaluators: [`Filter::matches`] here, over one product, and
//! `state::Catalogue::select`, over the columns of all products at once. A property test in `state` holds them equal.

mod evaluate;
pub mod limits;
mod parse;
mod scalar;

pub use evaluate::Attributes;
pub use parse::{ParseError, parse};
pub use scalar::Scalar;

/// A test over a product.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// `*:*`.
    All,
    /// All of them hold; an empty list holds.
    And(Vec<Filter>),
    /// At least one holds; an empty list does not hold.
    Or(Vec<Filter>),
    /// The inner one does not hold.
    Not(Box<Filter>),
    /// At least one value of the field passes the test; a product without the field fails it.
    Field {
        /// The field's name, in the present spelling (`custom_attributes.x`, never `attributes.x`).
        name: String,
        /// What a value must be.
        test: Test,
    },
    /// `full_text:(…)`, `full_text:"…"`, or words without a field in `advanced_q`: a search in the text of a product.
    FullText {
        /// The words.
        text: String,
        /// Whether they must stand beside one another, in this order.
        phrase: bool,
    },
}

/// What a value of a field must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `field:*`: any value.
    Exists,
    /// `field:value`: the whole value, by [`Scalar::equals`].
    Equals(String),
    /// `field:ba*`: text that begins so.
    Prefix(String),
    /// `field:b*r?`: text that fits, `*` for any run and `?` for one character.
    Wildcard(String),
    /// `field:[low TO high]`, by [`Scalar::compare`].
    Range {
        /// The lower end.
        low: End,
        /// The upper end.
        high: End,
    },
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// `*`.
    Open,
    /// `[` or `]`: the value itself is in the range.
    Included(String),
    /// `{` or `}`: the value itself is out of the range.
    Excluded(String),
}
