use crate::Filter;
use crate::cursor::{Cursor, Until, Word, error};
use crate::limits::{DEPTH_MAX, QUERY_BYTES_MAX, SCANS_MAX, TESTS_MAX};
use crate::value::plain_text;

/// Why a query is not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot parse the query at position {position}: {message}")]
pub struct ParseError {
    /// Where, in characters from 0.
    pub position: usize,
    /// What was found, what was expected there.
    pub message: String,
}

/// Reads a query in Solr/Lucene syntax (contract, "Filter language"; the crate's own page has the whole of it).
///
/// Every value belongs to a field: a word without one is refused, because it would filter by nothing the caller sees.
///
/// # Errors
/// A query outside the language or over [`crate::limits`], with the position.
///
/// ```
/// let filter = query::parse(r#"brand:"Nike" AND NOT tags:"ON SALE""#).unwrap();
/// assert_eq!(filter.to_string(), r#"brand:"Nike" AND (NOT tags:"ON SALE")"#);
/// assert_eq!(query::parse("brand:Nike AND").unwrap_err().position, 14);
/// ```
pub fn parse(text: &str) -> Result<Filter, ParseError> {
    Parser::new(text, Bare::Refused)?.query()
}

/// Reads an `advanced_q`: as [`parse`], but words and phrases without a field search the text of products
/// ([`Filter::FullText`]). Words side by side must all be found, as in `q`.
///
/// # Errors
/// As for [`parse`].
pub fn parse_advanced(text: &str) -> Result<Filter, ParseError> {
    Parser::new(text, Bare::FullText)?.query()
}

/// What a word without a field is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    Refused,
    FullText,
}

/// How a clause stands beside others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Occur {
    Optional,
    Required,
    Prohibited,
    /// Joined by AND: required beside other clauses, plain within an OR.
    Joined,
}

struct Clause {
    occur: Occur,
    filter: Filter,
}

impl Clause {
    /// The clause on its own, as the operand of an operator.
    fn into_filter(self) -> Filter {
        match self.occur {
            Occur::Prohibited => Filter::Not(Box::new(self.filter)),
            _ => self.filter,
        }
    }
}

pub(crate) const FULL_TEXT: &str = "full_text";
const CONDITION: &str = "a condition such as brand:\"Nike\"";

/// Reads clauses and their operators; what a field must be is read in `value`.
pub(crate) struct Parser {
    pub(crate) cursor: Cursor,
    bare: Bare,
    depth: usize,
    tests: usize,
    scans: usize,
}

impl Parser {
    fn new(text: &str, bare: Bare) -> Result<Parser, ParseError> {
        if text.len() > QUERY_BYTES_MAX {
            let message = format!("the query has {} bytes, more than the {QUERY_BYTES_MAX} accepted", text.len());
            return Err(error(0, &message));
        }
        Ok(Parser { cursor: Cursor::new(text), bare, depth: 0, tests: 0, scans: 0 })
    }

    fn query(mut self) -> Result<Filter, ParseError> {
        self.clauses(None, None)
    }

    /// Clauses side by side, up to the end, or to the parenthesis that closes the one opened at `opened`.
    fn clauses(&mut self, field: Option<&str>, opened: Option<usize>) -> Result<Filter, ParseError> {
        let mut clauses = Vec::new();
        loop {
            self.cursor.skip_spaces();
            match (self.cursor.peek(), opened) {
                (None, Some(opened)) => return Err(error(opened, "the parenthesis that opens here is never closed")),
                (Some(')'), None) => {
                    return Err(error(
                        self.cursor.at,
                        "expected an end or an operator, found ')' without a '(' before it",
                    ));
                }
                (None, None) | (Some(')'), Some(_)) if clauses.is_empty() => {
                    return Err(self.cursor.expected(if field.is_some() { "a value" } else { CONDITION }));
                }
                (None, None) => return Ok(combine(clauses)),
                (Some(')'), Some(_)) => {
                    self.cursor.at += 1;
                    return Ok(combine(clauses));
                }
                _ => clauses.push(self.alternatives(field)?),
            }
        }
    }

    /// Operands of OR.
    fn alternatives(&mut self, field: Option<&str>) -> Result<Clause, ParseError> {
        let first = self.conjunction(field)?;
        let mut clauses = vec![first];
        while self.eat_operator("OR", "||") {
            clauses.push(self.conjunction(field)?);
        }
        if clauses.len() == 1 {
            return Ok(clauses.remove(0));
        }
        let required = |clause: &Clause| clause.occur == Occur::Required;
        if clauses.iter().any(required) {
            let filters = clauses.into_iter().filter(required).map(Clause::into_filter).collect();
            return Ok(Clause { occur: Occur::Required, filter: all_of(filters) });
        }
        let filters = clauses.into_iter().map(Clause::into_filter).collect();
        Ok(Clause { occur: Occur::Optional, filter: Filter::Or(filters) })
    }

    /// Operands of AND.
    fn conjunction(&mut self, field: Option<&str>) -> Result<Clause, ParseError> {
        let first = self.signed(field)?;
        if !self.at_operator("AND", "&&") {
            return Ok(first);
        }
        let mut filters = vec![first.into_filter()];
        while self.eat_operator("AND", "&&") {
            filters.push(self.signed(field)?.into_filter());
        }
        Ok(Clause { occur: Occur::Joined, filter: Filter::And(filters) })
    }

    /// One condition with its `+`, `-`, `!`, NOT. Two negations cancel out.
    fn signed(&mut self, field: Option<&str>) -> Result<Clause, ParseError> {
        let (mut plus, mut negations, mut signs) = (false, 0, 0);
        loop {
            self.cursor.skip_spaces();
            if self.cursor.is_operator("NOT") {
                self.cursor.at += 3;
                negations += 1;
            } else if self.cursor.eat('-') || self.cursor.eat('!') {
                negations += 1;
            } else if self.cursor.eat('+') {
                plus = true;
            } else {
                break;
            }
            signs += 1;
        }
        for (operator, short) in [("AND", "&&"), ("OR", "||")] {
            if self.at_operator(operator, short) {
                return Err(error(self.cursor.at, &format!("expected {CONDITION}, found the operator {operator}")));
            }
        }
        let filter = self.condition(field, signs > 0)?;
        let occur = match (negations % 2 == 1, plus) {
            (true, _) => Occur::Prohibited,
            (false, true) => Occur::Required,
            (false, false) => Occur::Optional,
        };
        Ok(Clause { occur, filter })
    }

    /// A condition without its sign; `field` is the one before the parentheses that we are in.
    fn condition(&mut self, field: Option<&str>, is_signed: bool) -> Result<Filter, ParseError> {
        match self.cursor.peek() {
            Some('(') => self.group(field),
            Some('[' | '{') => match field {
                Some(field) => self.range(field),
                None => Err(error(self.cursor.at, "expected a field before the range, such as rating:[4 TO *]")),
            },
            Some(_) if self.cursor.at_quote() => {
                let at = self.cursor.at;
                let text = self.cursor.quoted()?;
                if self.eat_colon() {
                    if text.is_empty() {
                        return Err(error(at, "expected a field's name before ':', such as brand:\"Nike\""));
                    }
                    return self.value(&text);
                }
                self.quoted_value(at, self.field_or_full_text(field, at, &text)?, text)
            }
            Some(_) => self.bare_word(field, is_signed),
            None => Err(self.cursor.expected(if field.is_some() { "a value" } else { CONDITION })),
        }
    }

    /// The field's name, or a value of the field that we are in, or words of text.
    fn bare_word(&mut self, field: Option<&str>, is_signed: bool) -> Result<Filter, ParseError> {
        let start = self.cursor.at;
        let word = self.cursor.word(Until::Colon)?;
        if word.text.is_empty() {
            return Err(self.cursor.expected(if field.is_some() { "a value" } else { CONDITION }));
        }
        if self.eat_colon() {
            if word.is_star() {
                return self.every_product(&word);
            }
            if field.is_none() || !self.is_time_from(start)? {
                if word.wildcards > 0 {
                    return Err(error(word.at, "a field's name cannot hold '*' or '?'"));
                }
                return self.value(&word.text);
            }
            self.cursor.at = start;
            let word = self.cursor.word(Until::Space)?;
            return self.word_value(field.unwrap_or(FULL_TEXT), word);
        }
        if field.is_none() && word.is_star() {
            self.boost()?;
            return Ok(Filter::All);
        }
        let field = self.field_or_full_text(field, word.at, &word.text)?;
        if field != FULL_TEXT {
            return self.word_value(field, word);
        }
        let mut words = plain_text(word)?;
        if !is_signed {
            while let Some(word) = self.further_word()? {
                words.push(' ');
                words.push_str(&plain_text(word)?);
            }
        }
        self.full_text(words, false)
    }

    /// The next word of a text, if a plain one stands beside the last.
    fn further_word(&mut self) -> Result<Option<Word>, ParseError> {
        let before = self.cursor.at;
        self.cursor.skip_spaces();
        let operators = [("AND", "&&"), ("OR", "||"), ("NOT", "!")];
        let is_word = self.cursor.at > before
            && !self.cursor.at_quote()
            && !matches!(self.cursor.peek(), Some('+' | '-'))
            && !operators.iter().any(|(operator, short)| self.at_operator(operator, short));
        if is_word {
            let word = self.cursor.word(Until::Colon)?;
            if !word.text.is_empty() && !word.is_star() && !self.eat_colon() {
                return Ok(Some(word));
            }
        }
        self.cursor.at = before;
        Ok(None)
    }

    /// `*:` was read: only `*` may follow.
    fn every_product(&mut self, word: &Word) -> Result<Filter, ParseError> {
        self.cursor.skip_spaces();
        if self.cursor.word(Until::Space)?.is_star() {
            self.count(false)?;
            self.boost()?;
            return Ok(Filter::All);
        }
        Err(error(word.at, "a field's name cannot hold '*'; only *:* (every product) is possible"))
    }

    pub(crate) fn group(&mut self, field: Option<&str>) -> Result<Filter, ParseError> {
        let opened = self.cursor.at;
        if self.depth == DEPTH_MAX {
            return Err(error(opened, &format!("parentheses are nested more than {DEPTH_MAX} deep")));
        }
        self.depth += 1;
        self.cursor.at += 1;
        let filter = self.clauses(field, Some(opened))?;
        self.depth -= 1;
        self.boost()?;
        Ok(filter)
    }

    pub(crate) fn count(&mut self, is_scan: bool) -> Result<(), ParseError> {
        self.tests += 1;
        self.scans += usize::from(is_scan);
        if self.tests > TESTS_MAX {
            return Err(error(self.cursor.at, &format!("the query has more than {TESTS_MAX} conditions")));
        }
        if self.scans > SCANS_MAX {
            let message = format!("the query has more than {SCANS_MAX} ranges, prefixes and wildcards");
            return Err(error(self.cursor.at, &message));
        }
        Ok(())
    }

    /// Reads `^2` where it follows; a filter has no score, so it changes nothing.
    pub(crate) fn boost(&mut self) -> Result<(), ParseError> {
        if !self.cursor.eat('^') {
            return Ok(());
        }
        let start = self.cursor.at;
        while self.cursor.peek().is_some_and(|c| c.is_ascii_digit() || c == '.') {
            self.cursor.at += 1;
        }
        if self.cursor.at == start {
            return Err(self.cursor.expected("a number after '^'"));
        }
        Ok(())
    }

    fn at_operator(&mut self, name: &str, short: &str) -> bool {
        self.cursor.skip_spaces();
        self.cursor.is_operator(name) || self.cursor.is_next(short)
    }

    fn eat_operator(&mut self, name: &str, short: &str) -> bool {
        self.cursor.skip_spaces();
        let length = match () {
            () if self.cursor.is_operator(name) => name.len(),
            () if self.cursor.is_next(short) => short.len(),
            () => return false,
        };
        self.cursor.at += length;
        true
    }

    /// Steps over the colon after a field's name; spaces before it are Lucene's habit.
    fn eat_colon(&mut self) -> bool {
        let before = self.cursor.at;
        self.cursor.skip_spaces();
        let found = self.cursor.eat(':');
        if !found {
            self.cursor.at = before;
        }
        found
    }

    /// Whether a date with a time of day begins at `start`, whose colons are its own: `created_at:(2024-01-31T10:00:00Z)`.
    fn is_time_from(&mut self, start: usize) -> Result<bool, ParseError> {
        let here = std::mem::replace(&mut self.cursor.at, start);
        let word = self.cursor.word(Until::Space)?;
        self.cursor.at = here;
        Ok(record::Time::parse(&word.text).is_some())
    }

    /// The field of a value that names none itself.
    fn field_or_full_text<'a>(&self, field: Option<&'a str>, at: usize, text: &str) -> Result<&'a str, ParseError> {
        match (field, self.bare) {
            (Some(field), _) => Ok(field),
            (None, Bare::FullText) => Ok(FULL_TEXT),
            (None, Bare::Refused) => {
                let shown: String = text.chars().take(40).collect();
                let advice = match text.to_ascii_uppercase().as_str() {
                    operator @ ("AND" | "OR" | "NOT") => format!("write {operator} if the operator is meant"),
                    "TO" => "ranges stand in brackets, such as rating:[4 TO *]".to_owned(),
                    _ => "put a field before it, and quotes around a value with spaces, such as brand:\"Nike Air\""
                        .to_owned(),
                };
                Err(error(at, &format!("expected a field and a colon, found '{shown}' alone; {advice}")))
            }
        }
    }
}

/// Lucene's meaning of clauses side by side.
fn combine(clauses: Vec<Clause>) -> Filter {
    let (mut required, mut optional, mut prohibited) = (Vec::new(), Vec::new(), Vec::new());
    for clause in clauses {
        match clause.occur {
            Occur::Required | Occur::Joined => required.push(clause.filter),
            Occur::Optional => optional.push(clause.filter),
            Occur::Prohibited => prohibited.push(clause.into_filter()),
        }
    }
    if required.is_empty() && !optional.is_empty() {
        required.push(if optional.len() == 1 { optional.remove(0) } else { Filter::Or(optional) });
    }
    required.append(&mut prohibited);
    all_of(required)
}

fn all_of(mut filters: Vec<Filter>) -> Filter {
    if filters.len() == 1 { filters.remove(0) } else { Filter::And(filters) }
}
