use std::borrow::Cow;

use serde_json::Value;

use crate::row::{Header, Row};

/// Where a value comes from: the first of some columns and templates that gives something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    choices: Vec<Choice>,
}

#[derive(Clone, Debug)]
enum Choice {
    Column(String),
    /// Texts and columns in turn.
    Template(Vec<Part>),
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Column(String),
}

impl Source {
    /// A text with `{…}` is a template, any other names a column; `{{` stands for a brace.
    ///
    /// # Errors
    /// A brace that is not closed.
    pub(crate) fn new(texts: &[String]) -> Result<Source, String> {
        let choices = texts.iter().map(|text| if text.contains('{') { template(text) } else { Ok(column(text)) });
        Ok(Source { choices: choices.collect::<Result<_, _>>()? })
    }

    /// The value for this row. A template of which any column is empty gives nothing.
    pub(crate) fn value<'a>(&self, row: &'a Row, nothing: &[String]) -> Option<Cow<'a, Value>> {
        self.choices.iter().find_map(|choice| match choice {
            Choice::Column(name) => present(row.get(name), nothing).map(Cow::Borrowed),
            Choice::Template(parts) => {
                let mut joined = String::new();
                for part in parts {
                    match part {
                        Part::Text(text) => joined.push_str(text),
                        Part::Column(name) => joined.push_str(text_of(present(row.get(name), nothing)?).trim()),
                    }
                }
                Some(Cow::Owned(Value::String(joined)))
            }
        })
    }

    /// As [`Source::value`], as text.
    pub(crate) fn text<'a>(&self, row: &'a Row, nothing: &[String]) -> Option<Cow<'a, str>> {
        Some(match self.value(row, nothing)? {
            Cow::Borrowed(value) => text_of(value),
            Cow::Owned(value) => Cow::Owned(text_of(&value).into_owned()),
        })
    }

    /// The columns it may read.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.choices.iter().flat_map(|choice| {
            let (one, parts): (Option<&str>, &[Part]) = match choice {
                Choice::Column(name) => (Some(name), &[]),
                Choice::Template(parts) => (None, parts),
            };
            one.into_iter().chain(parts.iter().filter_map(|part| match part {
                Part::Column(name) => Some(name.as_str()),
                Part::Text(_) => None,
            }))
        })
    }

    /// Whether a file with these columns can ever give it a value.
    pub(crate) fn fits(&self, header: &Header) -> bool {
        self.choices.iter().any(|choice| match choice {
            Choice::Column(name) => header.column(name).is_some(),
            Choice::Template(parts) => parts.iter().all(|part| match part {
                Part::Column(name) => header.column(name).is_some(),
                Part::Text(_) => true,
            }),
        })
    }
}

fn column(text: &str) -> Choice {
    Choice::Column(text.trim().to_owned())
}

fn template(text: &str) -> Result<Choice, String> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        literal.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('{') {
            literal.push('{');
            rest = after;
            continue;
        }
        let Some((name, after)) = rest.split_once('}') else {
            return Err(format!("the template {text:?} has a brace that is not closed; write {{{{ for a plain brace"));
        };
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal)));
        }
        parts.push(Part::Column(name.trim().to_owned()));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Text(literal));
    }
    Ok(Choice::Template(parts))
}

fn present<'a>(value: Option<&'a Value>, nothing: &[String]) -> Option<&'a Value> {
    let value = value?;
    match value {
        Value::String(text) => {
            let text = text.trim();
            (!text.is_empty() && !nothing.iter().any(|word| word == text)).then_some(value)
        }
        _ => Some(value),
    }
}

/// A value as text: a whole number without decimals, whatever the file keeps it as; JSON for lists and objects.
pub(super) fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                Cow::Owned(format!("{float:.0}"))
            }
            _ => Cow::Owned(number.to_string()),
        },
        other => Cow::Owned(other.to_string()),
    }
}
