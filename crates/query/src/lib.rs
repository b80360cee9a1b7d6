//! The filter language (`fq`, `boost_fq`, `advanced_q`, facet queries): text to syntax tree to a test over one product.
//!
//! There is one tree, [`Filter`], and two evaluators: [`Filter::matches`] here, over one product, and
//! `state::Catalogue::select`, over the columns of all products at once. A property test in `state` holds them equal.
//!
//! # The language
//! | written | means |
//! |---|---|
//! | `brand:"Nike"`, `brand:Nike`, `brand:Air\ Max` | a value is exactly this text; case counts |
//! | `rating:4`, `custom_attributes.vegan:true` | numbers by value (4 is 4.0), booleans by name |
//! | `size:("M" OR "S")` | the field stands for every value in the parentheses |
//! | `rating:[4 TO *]`, `{1 TO 5}`, `[1 TO 5}` | a range, `[]` with and `{}` without its end, `*` for an open end |
//! | `created_at:[2024-01-01 TO 2024-01-31]` | dates as moments; see below |
//! | `brand:*`, `*:*` | the field has a value; every product |
//! | `brand:Ni*`, `brand:N?k*` | text that begins so; text that fits |
//! | `a AND b`, `a OR b`, `NOT a`, `&&`, `\|\|`, `!` | as in logic: NOT binds closest, then AND, then OR |
//! | `+a b -c` | Lucene's clauses; see below |
//! | `full_text:(red shoes)`, `full_text:"red shoes"` | all these words, or this phrase, somewhere in the text |
//! | `brand:"Nike"^2` | the boost is read and ignored: a filter has no score |
//!
//! `\` takes the next character as it is; `\u00e9` is a character by its number. `attributes.x` is the old spelling of
//! `custom_attributes.x`. After `field:`, further colons belong to the value, so that dates and addresses need no quotes.
//!
//! # Clauses side by side
//! Without a word between them clauses are Lucene's: `+a` must hold, `-a` (or `NOT a`) must not, and of the plain ones
//! at least one must hold (Solr's default operator, OR), unless some clause is required: then the plain ones are optional,
//! which for a filter means that they do not matter. Clauses joined by AND are required ones. Only negated clauses are a
//! filter too: `-a -b` is everything that is neither. Where an explicit operator stands, logic holds: `a OR NOT b` passes
//! whatever has a or lacks b, and `a OR b AND c` is `a OR (b AND c)`; only `+a OR b` keeps Lucene's sense, that a must hold.
//!
//! # Dates
//! A value and a literal that both are dates compare as moments, whatever their offsets. A literal without a time of day
//! is the whole day in UTC: `created_at:2024-01-31` is any moment of that day, and `[2024-01-01 TO 2024-01-31]` includes
//! the last day to its end.

mod cursor;
mod display;
mod evaluate;
pub mod limits;
mod parse;
mod product;
mod scalar;
mod value;

pub use evaluate::Attributes;
pub use parse::{ParseError, parse, parse_advanced};
pub use product::each_value;
pub use scalar::{Moment, Scalar, number};

/// A test over a product. Displays as a query that parses back to the same tree.
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
    /// `field:b*r?`: text that fits, `*` for any run and `?` for one character; `\` takes the next character as it is.
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

#[cfg(test)]
mod tests;
