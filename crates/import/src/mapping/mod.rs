//! The mapping language: how the columns of a file become the fields of a record. docs/IMPORT.md teaches it.

mod convert;
mod date;
mod plan;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use toml::Value;

use super::fields::{Kind, Shape};
use super::row::Header;
use crate::failure::Failure;

pub(crate) use convert::number;
pub(crate) use date::{looks_like_a_date, reads};
pub use plan::{Outcome, Plan};
pub(crate) use source::Source;

/// A mapping, as written in TOML.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// What the file holds.
    pub record: Kind,
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Columns by which a shipped mapping recognises its files; `A|B` where either will do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recognise: Vec<String>,
    /// Texts that mean that there is nothing, such as `NA`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nothing: Vec<String>,
    /// The time zone of dates that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Whether columns that the mapping does not use become custom attributes under their own names.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rest: bool,
    /// Columns that a row takes over from an earlier row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<Fill>,
    /// Fields with the same value in every record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// Fields from columns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldRule>,
    /// What holds for some rows only; in order, the later wins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Neighbouring rows that make one record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Rows anywhere in the files that make one record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<Distinct>,
}

/// Where a field comes from, and what is done to it on the way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct FieldRule(pub FieldSteps);

/// The steps, in the order in which they are taken.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSteps {
    /// Columns or templates; the first that gives something.
    pub from: OneOrMany,
    /// A regular expression; its first group, or the whole match, goes on. No match: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extract: Option<String>,
    /// Pairs of a regular expression and what takes the place of each match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replace: Vec<(String, String)>,
    /// Whether HTML becomes plain text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strip_html: bool,
    /// What separates the elements of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// What separates the levels of a category path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<String>,
    /// Values that are replaced by others; an empty text is nothing.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// The shape, where it is not the field's own.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// The format of a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The time zone of dates that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The character before the decimals of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// A column to multiply a number with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<OneOrMany>,
    /// Whether a number loses its sign.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absolute: bool,
    /// What stands in where there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// One text, or several.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// None.
    #[default]
    None,
    /// One.
    One(String),
    /// Several, in their order.
    Many(Vec<String>),
}

impl OneOrMany {
    /// All of them.
    pub fn list(&self) -> &[String] {
        match self {
            OneOrMany::None => &[],
            OneOrMany::One(text) => std::slice::from_ref(text),
            OneOrMany::Many(texts) => texts,
        }
    }
}

/// What holds for the rows that meet all conditions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The conditions; all must hold.
    pub when: Conditions,
    /// Whether the row is left out; not counted as rejected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skip: bool,
    /// Fields that get this value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<String, Value>,
    /// Fields that come from these columns.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldRule>,
}

/// One condition, or several that must all hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Conditions {
    /// One.
    One(Condition),
    /// All must hold.
    All(Vec<Condition>),
}

impl Default for Conditions {
    fn default() -> Conditions {
        Conditions::All(Vec::new())
    }
}

/// A test of one column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The column; of several names, the first that gives something.
    pub column: OneOrMany,
    /// The whole value is one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<OneOrMany>,
    /// A regular expression that matches somewhere in the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// The value is a number below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<f64>,
    /// The value is a number above this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<f64>,
    /// Whether there is nothing (true), or something (false).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<bool>,
}

/// Columns that a row takes over from an earlier row of the same key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// What neighbouring rows have in common: a column or template.
    pub key: OneOrMany,
    /// Columns whose empty cells take the last value above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<String>,
    /// Columns that always take the value of the key's first row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
}

/// Neighbouring rows of the same key (and the same `type`) make one record: lists are joined, some numbers added up,
/// everything else is the first row's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What the rows have in common: a column or template.
    pub by: OneOrMany,
    /// Lists that are joined.
    #[serde(default = "collected", skip_serializing_if = "Vec::is_empty")]
    pub collect: Vec<String>,
    /// Numbers that are added up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sum: Vec<String>,
}

fn collected() -> Vec<String> {
    vec!["product_ids".into(), "quantities".into()]
}

/// All rows of the same key, wherever they are, make one record; it is uploaded at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distinct {
    /// What the rows have in common: a column or template.
    pub by: OneOrMany,
    /// Which row's fields win.
    #[serde(default)]
    pub keep: Keep,
}

/// Which of several rows wins, field by field; a field that one row lacks is the other's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// The first row.
    First,
    /// The last row.
    #[default]
    Last,
}

impl TryFrom<Value> for FieldRule {
    type Error = String;

    fn try_from(value: Value) -> Result<FieldRule, String> {
        let steps = match value {
            Value::String(from) => FieldSteps { from: OneOrMany::One(from), ..FieldSteps::default() },
            Value::Array(list) => {
                let from = Value::Array(list).try_into().map_err(|_| "a list of columns must hold texts")?;
                FieldSteps { from: OneOrMany::Many(from), ..FieldSteps::default() }
            }
            Value::Table(_) => value.try_into().map_err(|error| error.to_string())?,
            other => {
                return Err(format!(
                    "a field comes from a column (a text), a list of columns or a table with `from`, not from {other}; \
                     a value for every record belongs under [set]"
                ));
            }
        };
        Ok(FieldRule(steps))
    }
}

impl From<FieldRule> for Value {
    fn from(rule: FieldRule) -> Value {
        let plain = FieldSteps { from: rule.0.from.clone(), ..FieldSteps::default() };
        match (&rule.0.from, plain == rule.0) {
            (OneOrMany::One(column), true) => Value::String(column.clone()),
            _ => Value::try_from(&rule.0).unwrap_or_else(|_| Value::String(String::new())),
        }
    }
}

impl Mapping {
    /// One that says nothing yet.
    pub fn new(record: Kind) -> Mapping {
        Mapping {
            record,
            description: String::new(),
            recognise: Vec::new(),
            nothing: Vec::new(),
            zone: None,
            rest: false,
            fill: None,
            set: BTreeMap::new(),
            fields: BTreeMap::new(),
            rules: Vec::new(),
            group: None,
            distinct: None,
        }
    }

    /// Reads a mapping; `place` names it in messages.
    ///
    /// # Errors
    /// A text that is no mapping: where, and why.
    pub fn parse(text: &str, place: &str) -> Result<Mapping, Failure> {
        toml::from_str(text).map_err(|error| Failure::usage(format!("the mapping {place}: {error}")))
    }

    /// Reads a mapping from a file.
    ///
    /// # Errors
    /// As [`Mapping::parse`], and a file that cannot be read.
    pub fn read(path: &Path) -> Result<Mapping, Failure> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("the mapping {} cannot be read: {error}", path.display())))?;
        Mapping::parse(&text, &path.display().to_string())
    }

    /// The mapping as TOML, to be saved or hashed.
    ///
    /// # Errors
    /// A value that TOML cannot write.
    pub fn to_toml(&self) -> Result<String, Failure> {
        toml::to_string(self).map_err(|error| Failure::fault(format!("the mapping cannot be written: {error}")))
    }

    /// The mapping without the fields whose columns a file does not have, for an export that is known but lacks some; the field
    /// without which there is no record stays.
    pub(crate) fn fitting(mut self, header: &Header) -> Mapping {
        let required = self.record.required();
        self.fields.retain(|field, FieldRule(steps)| {
            let reads = Source::new(steps.from.list());
            field == required || steps.default.is_some() || reads.is_ok_and(|source| source.fits(header))
        });
        self
    }

    /// The fields that this column fills, whole or in part, by rules or not; rising by name.
    pub fn fields_of(&self, column: &str) -> Vec<&str> {
        let reads = |rule: &FieldRule| {
            let times = rule.0.times.as_ref().map_or(&[][..], OneOrMany::list);
            let columns = [rule.0.from.list(), times].concat();
            Source::new(&columns).is_ok_and(|source| source.columns().any(|name| name == column))
        };
        let of_rules = self.rules.iter().flat_map(|rule| &rule.fields);
        let mut names: Vec<&str> = self
            .fields
            .iter()
            .chain(of_rules)
            .filter(|(_, rule)| reads(rule))
            .map(|(field, _)| field.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Adds what `--field` and `--set` say; they win over what is there.
    ///
    /// # Errors
    /// A flag that is not of the form `FIELD=…`.
    pub fn add_flags(&mut self, fields: &[String], constants: &[String]) -> Result<(), Failure> {
        for flag in fields {
            let (field, rule) = field_flag(flag)?;
            self.set.remove(&field);
            self.fields.insert(field, rule);
        }
        for flag in constants {
            let Some((field, text)) = flag.split_once('=') else {
                return Err(Failure::usage(format!("--set {flag:?} must be FIELD=VALUE")));
            };
            self.fields.remove(field.trim());
            self.set.insert(field.trim().to_owned(), Value::String(text.to_owned()));
        }
        Ok(())
    }
}

fn field_flag(flag: &str) -> Result<(String, FieldRule), Failure> {
    let Some((field, from)) = flag.split_once('=') else {
        return Err(Failure::usage(format!("--field {flag:?} must be FIELD=COLUMN")));
    };
    let value = match from.trim().starts_with('{') {
        // `{Handle}` is a template, `{from="Tags"}` is a rule.
        true => match toml::from_str::<toml::Table>(&format!("rule = {from}")) {
            Ok(mut table) => table.remove("rule").unwrap_or_else(|| Value::String(from.to_owned())),
            Err(error) if from.contains("from") && from.contains('"') => {
                return Err(Failure::usage(format!("--field {flag:?}: {error}")));
            }
            Err(_) => Value::String(from.to_owned()),
        },
        false => Value::String(from.to_owned()),
    };
    let rule = FieldRule::try_from(value).map_err(|error| Failure::usage(format!("--field {flag:?}: {error}")))?;
    Ok((field.trim().to_owned(), rule))
}
