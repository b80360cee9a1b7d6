//! What these tests hold:
//! 1. Every form of the language gives the tree that its page promises.
//! 2. What is outside the language is refused, with the character at which it goes wrong.
//! 3. No text makes the parser panic, and a printed filter parses back to the same tree.
//! 4. A filter passes exactly the products it should: whole values, numbers by value, dates as moments.
#![allow(clippy::unwrap_used, reason = "tests")]

mod matching;
mod parsing;
mod properties;
