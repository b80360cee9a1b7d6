use std::fmt::{self, Write as _};

use crate::{End, Filter, Test};

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::All => f.write_str("*:*"),
            Filter::And(filters) => join(f, filters, " AND ", "*:*"),
            Filter::Or(filters) => join(f, filters, " OR ", "NOT *:*"),
            Filter::Not(filter) => {
                f.write_str("NOT ")?;
                operand(f, filter)
            }
            Filter::Field { name, test } => {
                write_bare(f, name)?;
                f.write_char(':')?;
                write_test(f, test)
            }
            Filter::FullText { text, phrase: true } => {
                f.write_str("full_text:")?;
                write_quoted(f, text)
            }
            Filter::FullText { text, phrase: false } => write_words(f, text),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, filters: &[Filter], between: &str, empty: &str) -> fmt::Result {
    match filters {
        [] => f.write_str(empty),
        [only] => write!(f, "{only}"),
        [first, rest @ ..] => {
            operand(f, first)?;
            for filter in rest {
                f.write_str(between)?;
                operand(f, filter)?;
            }
            Ok(())
        }
    }
}

/// An operand of an operator: whatever has an operator of its own stands in parentheses.
fn operand(f: &mut fmt::Formatter<'_>, filter: &Filter) -> fmt::Result {
    match filter {
        Filter::And(_) | Filter::Or(_) | Filter::Not(_) => write!(f, "({filter})"),
        _ => write!(f, "{filter}"),
    }
}

fn write_test(f: &mut fmt::Formatter<'_>, test: &Test) -> fmt::Result {
    match test {
        Test::Exists => f.write_char('*'),
        Test::Equals(literal) => write_quoted(f, literal),
        Test::Prefix(prefix) => {
            write_bare(f, prefix)?;
            f.write_char('*')
        }
        Test::Wildcard(pattern) => {
            let mut chars = pattern.chars();
            while let Some(c) = chars.next() {
                match c {
                    '*' | '?' => f.write_char(c)?,
                    '\\' => write_escaped(f, chars.next().unwrap_or('\\'))?,
                    _ => write_escaped(f, c)?,
                }
            }
            Ok(())
        }
        Test::Range { low, high } => {
            f.write_char(if matches!(low, End::Excluded(_)) { '{' } else { '[' })?;
            write_end(f, low)?;
            f.write_str(" TO ")?;
            write_end(f, high)?;
            f.write_char(if matches!(high, End::Excluded(_)) { '}' } else { ']' })
        }
    }
}

fn write_end(f: &mut fmt::Formatter<'_>, end: &End) -> fmt::Result {
    match end {
        End::Open => f.write_char('*'),
        End::Included(literal) | End::Excluded(literal) => write_quoted(f, literal),
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}

fn write_words(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("full_text:(")?;
    let words: Vec<&str> = text.split(' ').collect();
    if words.iter().any(|word| word.is_empty()) {
        // Irregular spaces survive only as part of one word.
        write_bare(f, text)?;
    } else {
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                f.write_char(' ')?;
            }
            write_bare(f, word)?;
        }
    }
    f.write_char(')')
}

/// Text without quotes; a word that would be read as an operator begins with an escape.
fn write_bare(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    if matches!(text, "AND" | "OR" | "NOT") {
        f.write_char('\\')?;
        return f.write_str(text);
    }
    text.chars().try_for_each(|c| write_escaped(f, c))
}

fn write_escaped(f: &mut fmt::Formatter<'_>, c: char) -> fmt::Result {
    if !c.is_alphanumeric() && !matches!(c, '_' | '.') {
        f.write_char('\\')?;
    }
    f.write_char(c)
}
