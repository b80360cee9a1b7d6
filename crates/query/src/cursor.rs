use crate::ParseError;

/// A place in the query's characters, with the pieces that have no structure of their own: spaces, words, quotes.
pub(crate) struct Cursor {
    chars: Vec<char>,
    pub(crate) at: usize,
}

/// A run of characters without quotes.
#[derive(Default)]
pub(crate) struct Word {
    /// Where it begins.
    pub(crate) at: usize,
    /// The characters, escapes resolved.
    pub(crate) text: String,
    /// The same as a pattern: `\` before a `*`, `?` or `\` that is meant as it is.
    pub(crate) pattern: String,
    /// How many `*` and `?` are wildcards.
    pub(crate) wildcards: usize,
    /// Whether the last character is a wildcard `*`.
    pub(crate) ends_in_star: bool,
    /// Whether some character was escaped: such a word is no operator.
    pub(crate) escaped: bool,
}

impl Word {
    /// Whether it is nothing but `*`.
    pub(crate) fn is_star(&self) -> bool {
        self.wildcards > 0 && self.pattern.chars().all(|c| c == '*')
    }

    /// The text before the `*`, where that is the only wildcard and the last character.
    pub(crate) fn prefix(&self) -> Option<&str> {
        if self.wildcards == 1 && self.ends_in_star { self.text.strip_suffix('*') } else { None }
    }

    fn push(&mut self, c: char, escaped: bool) {
        self.ends_in_star = false;
        if escaped {
            self.escaped = true;
            if matches!(c, '*' | '?' | '\\') {
                self.pattern.push('\\');
            }
        } else if matches!(c, '*' | '?') {
            self.wildcards += 1;
            self.ends_in_star = c == '*';
        }
        self.text.push(c);
        self.pattern.push(c);
    }
}

/// What ends a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    /// A field's name, or a word that stands alone: a colon ends it.
    Colon,
    /// A value after `field:`, in which colons are plain.
    Space,
    /// An end of a range: all but a space and the closing bracket is plain.
    Bracket,
}

impl Cursor {
    pub(crate) fn new(text: &str) -> Cursor {
        Cursor { chars: text.chars().collect(), at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(crate) fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Steps over `c` if it is next.
    pub(crate) fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    /// Whether the next characters are `text`.
    pub(crate) fn is_next(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(index, c)| self.chars.get(self.at + index) == Some(&c))
    }

    /// Whether the next characters are the operator `name`: what follows must end a word, so that `ORDER` and `OR:` are none.
    pub(crate) fn is_operator(&self, name: &str) -> bool {
        self.is_next(name)
            && self.chars.get(self.at + name.len()).is_none_or(|&c| c.is_whitespace() || is_bracket(c) || is_quote(c))
    }

    pub(crate) fn at_quote(&self) -> bool {
        self.peek().is_some_and(is_quote)
    }

    /// Reads a word; it may be empty.
    pub(crate) fn word(&mut self, until: Until) -> Result<Word, ParseError> {
        let mut word = Word { at: self.at, ..Word::default() };
        while let Some(c) = self.peek() {
            let ends = match until {
                Until::Bracket => c.is_whitespace() || matches!(c, ']' | '}'),
                Until::Colon | Until::Space => {
                    c.is_whitespace() || is_bracket(c) || matches!(c, '"' | '^') || c == ':' && until == Until::Colon
                }
            };
            if ends {
                break;
            }
            self.at += 1;
            if c == '\\' {
                let c = self.escape()?;
                word.push(c, true);
            } else {
                word.push(c, false);
            }
        }
        Ok(word)
    }

    /// Reads quoted text, from its opening quotation mark on.
    pub(crate) fn quoted(&mut self) -> Result<String, ParseError> {
        let opening = self.at;
        let is_close: fn(char) -> bool = if self.peek() == Some('"') { |c| c == '"' } else { is_typographic_quote };
        self.at += 1;
        let mut text = String::new();
        loop {
            let Some(c) = self.peek() else {
                return Err(error(opening, "the quotation mark that opens here is never closed"));
            };
            self.at += 1;
            if c == '\\' {
                text.push(self.escape()?);
            } else if is_close(c) {
                return Ok(text);
            } else {
                text.push(c);
            }
        }
    }

    /// The character meant by an escape, after its `\`.
    fn escape(&mut self) -> Result<char, ParseError> {
        let Some(c) = self.peek() else {
            return Err(error(self.at - 1, "expected a character after '\\', found the end of the query"));
        };
        self.at += 1;
        if c != 'u' {
            return Ok(c);
        }
        let hex: Option<String> = self.chars.get(self.at..self.at + 4).map(|digits| digits.iter().collect());
        let code = hex.filter(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()));
        let Some(code) = code.and_then(|hex| u32::from_str_radix(&hex, 16).ok()) else {
            return Ok('u');
        };
        let Some(meant) = char::from_u32(code) else {
            return Err(error(
                self.at - 2,
                "expected the number of a character after '\\u', found half a surrogate pair",
            ));
        };
        self.at += 4;
        Ok(meant)
    }

    /// Names what is next, for an error.
    pub(crate) fn found(&self) -> String {
        match self.peek() {
            None => "the end of the query".to_owned(),
            Some('\'') => "the character \"'\"".to_owned(),
            Some(c) => format!("'{}'", c.escape_debug()),
        }
    }

    /// An error here: `expected …, found what is next`.
    pub(crate) fn expected(&self, what: &str) -> ParseError {
        error(self.at, &format!("expected {what}, found {}", self.found()))
    }
}

pub(crate) fn error(position: usize, message: &str) -> ParseError {
    ParseError { position, message: message.to_owned() }
}

fn is_bracket(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '{' | '}')
}

/// `"`, or what a word processor makes of it; the latter closes with any of its kind.
fn is_quote(c: char) -> bool {
    c == '"' || is_typographic_quote(c)
}

fn is_typographic_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '‟' | '\u{ff02}')
}
