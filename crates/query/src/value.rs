//! What stands after `field:`: words, quoted text, ranges.

use crate::cursor::{Until, Word, error};
use crate::parse::{FULL_TEXT, Parser};
use crate::{End, Filter, ParseError, Test};

impl Parser {
    /// What follows `field:`.
    pub(crate) fn value(&mut self, field: &str) -> Result<Filter, ParseError> {
        let field = match field.strip_prefix("attributes.") {
            Some(rest) => format!("custom_attributes.{rest}"),
            None => field.to_owned(),
        };
        self.cursor.skip_spaces();
        match self.cursor.peek() {
            Some('(') => self.group(Some(&field)),
            Some('[' | '{') => self.range(&field),
            Some(_) if self.cursor.at_quote() => {
                let at = self.cursor.at;
                let text = self.cursor.quoted()?;
                self.quoted_value(at, &field, text)
            }
            _ => {
                if ["AND", "OR", "NOT"].iter().any(|operator| self.cursor.is_operator(operator)) {
                    let message = "expected a value, found an operator; put the word in quotes if it is the value";
                    return Err(error(self.cursor.at, message));
                }
                let word = self.cursor.word(Until::Space)?;
                if word.text.is_empty() {
                    return Err(self.cursor.expected(&format!("a value for the field {field}")));
                }
                self.word_value(&field, word)
            }
        }
    }

    pub(crate) fn quoted_value(&mut self, at: usize, field: &str, text: String) -> Result<Filter, ParseError> {
        if self.cursor.peek() == Some('~') {
            return Err(self.no_fuzziness(at));
        }
        if field == FULL_TEXT {
            return self.full_text(text, true);
        }
        self.field(field, Test::Equals(text))
    }

    pub(crate) fn word_value(&mut self, field: &str, word: Word) -> Result<Filter, ParseError> {
        if field == FULL_TEXT && word.is_star() {
            self.boost()?;
            return Ok(Filter::All);
        }
        if field == FULL_TEXT {
            let text = plain_text(word)?;
            return self.full_text(text, false);
        }
        if !word.escaped {
            let before_tilde = word.text.rfind('~').map(|tilde| word.text.split_at(tilde));
            if before_tilde.is_some_and(|(text, tail)| {
                !text.is_empty() && tail.chars().skip(1).all(|c| c.is_ascii_digit() || c == '.')
            }) {
                return Err(self.no_fuzziness(word.at));
            }
            if word.text.len() > 1 && word.text.starts_with('/') && word.text.ends_with('/') {
                let message = "regular expressions are not part of the filter language; put the text in quotes if it is meant as it is";
                return Err(error(word.at, message));
            }
        }
        let test = if word.is_star() {
            Test::Exists
        } else if let Some(prefix) = word.prefix() {
            Test::Prefix(prefix.to_owned())
        } else if word.wildcards > 0 {
            Test::Wildcard(word.pattern)
        } else {
            Test::Equals(word.text)
        };
        self.field(field, test)
    }

    pub(crate) fn range(&mut self, field: &str) -> Result<Filter, ParseError> {
        let opened = self.cursor.at;
        if field == FULL_TEXT {
            return Err(error(opened, "full_text takes words and phrases, not a range"));
        }
        let low_included = self.cursor.peek() == Some('[');
        self.cursor.at += 1;
        let low = self.range_end("the lower end of the range, or '*'")?;
        self.cursor.skip_spaces();
        if !self.cursor.is_next("TO") && !self.cursor.is_next("to") {
            return Err(self.cursor.expected("TO between the ends of the range, as in [4 TO *]"));
        }
        self.cursor.at += 2;
        if !self.cursor.peek().is_some_and(char::is_whitespace) {
            return Err(self.cursor.expected("a space after TO"));
        }
        let high = self.range_end("the upper end of the range, or '*'")?;
        self.cursor.skip_spaces();
        let high_included = match self.cursor.peek() {
            Some(']') => true,
            Some('}') => false,
            _ => return Err(self.cursor.expected(&format!("']' or '}}' to close the range opened at {opened}"))),
        };
        self.cursor.at += 1;
        let end = |literal: Option<String>, included| match literal {
            None => End::Open,
            Some(literal) if included => End::Included(literal),
            Some(literal) => End::Excluded(literal),
        };
        self.field(field, Test::Range { low: end(low, low_included), high: end(high, high_included) })
    }

    /// One end of a range; `None` for `*`.
    fn range_end(&mut self, what: &str) -> Result<Option<String>, ParseError> {
        self.cursor.skip_spaces();
        if self.cursor.at_quote() {
            return self.cursor.quoted().map(Some);
        }
        let word = self.cursor.word(Until::Bracket)?;
        if word.text.is_empty() {
            return Err(self.cursor.expected(what));
        }
        if word.is_star() {
            return Ok(None);
        }
        if word.wildcards > 0 {
            return Err(error(
                word.at,
                "an end of a range is a value or '*' alone; put the text in quotes if it is meant as it is",
            ));
        }
        // Solr's and Elasticsearch's date arithmetic. Compared as text it would pass the wrong products in silence.
        let after_now = word.text.strip_prefix("NOW").or_else(|| word.text.strip_prefix("now"));
        if !word.escaped && after_now.is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', '-', '/'])) {
            return Err(error(
                word.at,
                "dates relative to now are not part of the filter language; write the date, such as 2024-01-31",
            ));
        }
        Ok(Some(word.text))
    }

    fn field(&mut self, name: &str, test: Test) -> Result<Filter, ParseError> {
        self.count(matches!(test, Test::Prefix(_) | Test::Wildcard(_) | Test::Range { .. }))?;
        self.boost()?;
        Ok(Filter::Field { name: name.to_owned(), test })
    }

    pub(crate) fn full_text(&mut self, text: String, phrase: bool) -> Result<Filter, ParseError> {
        self.count(false)?;
        self.boost()?;
        Ok(Filter::FullText { text, phrase })
    }

    fn no_fuzziness(&self, at: usize) -> ParseError {
        error(
            at,
            "fuzzy and proximity search with '~' are not part of the filter language; write \\~ if the character is meant",
        )
    }
}

/// The words of a full-text search are whole words.
pub(crate) fn plain_text(word: Word) -> Result<String, ParseError> {
    if word.wildcards > 0 {
        return Err(error(word.at, "full_text takes whole words and phrases, without '*' and '?'"));
    }
    Ok(word.text)
}
