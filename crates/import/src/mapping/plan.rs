use std::borrow::Cow;
use std::collections::BTreeMap;

use record::{InteractionType, OwnField};
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashSet;
use serde_json::{Map, Number, Value, json};

use super::convert::{Reading, number};
use super::date::DateFormat;
use super::source::{Source, text_of};
use super::{Condition, Conditions, FieldRule, Mapping, OneOrMany};
use crate::failure::Failure;
use crate::fields::{Kind, Shape, path};
use crate::row::{Header, Row};

/// A pattern that compiles to more than this is no pattern of a mapping.
const PATTERN_BYTES_MAX: usize = 1024 * 1024;

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A record.
    Record(Map<String, Value>),
    /// A rule leaves it out.
    Skipped,
    /// It cannot be read as the mapping says: every reason.
    Rejected(Vec<String>),
}

/// A mapping made ready: patterns compiled, names checked.
#[derive(Debug)]
pub struct Plan {
    kind: Kind,
    nothing: Vec<String>,
    constants: Vec<(String, Value)>,
    fields: Vec<Field>,
    rules: Vec<ReadyRule>,
    /// With `rest`: the columns that are used otherwise.
    rest: Option<FxHashSet<String>>,
    /// Whether rows are records already.
    identity: bool,
}

#[derive(Debug)]
struct Field {
    name: String,
    source: Source,
    extract: Option<Regex>,
    replace: Vec<(Regex, String)>,
    strip_html: bool,
    reading: Reading,
    times: Option<Source>,
    absolute: bool,
    default: Option<Value>,
}

#[derive(Debug)]
struct ReadyRule {
    when: Vec<Test>,
    skip: bool,
    constants: Vec<(String, Value)>,
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Test {
    source: Source,
    equals: Option<Vec<String>>,
    matches: Option<Regex>,
    below: Option<f64>,
    above: Option<f64>,
    empty: Option<bool>,
}

impl Plan {
    /// # Errors
    /// A field that no record has, a pattern or a format that cannot be read; the message names the field.
    pub fn new(mapping: &Mapping) -> Result<Plan, Failure> {
        let build = || -> Result<Plan, String> {
            let mut plan = Plan {
                kind: mapping.record,
                nothing: mapping.nothing.clone(),
                constants: constants(mapping, &mapping.set)?,
                fields: fields(mapping, &mapping.fields)?,
                rules: Vec::new(),
                rest: None,
                identity: false,
            };
            for rule in &mapping.rules {
                let conditions: Vec<&Condition> = match &rule.when {
                    Conditions::One(condition) => vec![condition],
                    Conditions::All(conditions) => conditions.iter().collect(),
                };
                plan.rules.push(ReadyRule {
                    when: conditions.into_iter().map(test).collect::<Result<_, _>>()?,
                    skip: rule.skip,
                    constants: constants(mapping, &rule.set)?,
                    fields: fields(mapping, &rule.fields)?,
                });
            }
            if mapping.rest {
                if mapping.record == Kind::Interactions {
                    return Err("rest = true needs custom attributes, which interactions do not have".into());
                }
                plan.rest = Some(plan.columns().map(str::to_owned).collect());
            }
            Ok(plan)
        };
        build().map_err(|error| Failure::usage(format!("the mapping: {error}")))
    }

    /// For files of records that have our fields already.
    pub fn identity(kind: Kind) -> Plan {
        Plan {
            kind,
            nothing: Vec::new(),
            constants: Vec::new(),
            fields: Vec::new(),
            rules: Vec::new(),
            rest: None,
            identity: true,
        }
    }

    /// Refuses a mapping that reads columns which the file does not have, before any row is read.
    ///
    /// # Errors
    /// The field, the columns it needs, and those there are.
    pub fn check_columns(&self, header: &Header, file: &str) -> Result<(), Failure> {
        for field in &self.fields {
            if field.default.is_none() && field.source.columns().next().is_some() && !field.source.fits(header) {
                let wanted: Vec<&str> = field.source.columns().collect();
                return Err(Failure::usage(format!(
                    "the mapping fills {} from {}, but {file} has only the columns {}",
                    field.name,
                    wanted.join(" or "),
                    header.names().join(", ")
                )));
            }
        }
        Ok(())
    }

    /// The texts that mean that there is nothing.
    pub fn nothing(&self) -> &[String] {
        &self.nothing
    }

    /// Makes the record of a row.
    pub fn apply(&self, row: &Row) -> Outcome {
        if self.identity {
            return Outcome::Record(row.filled().map(|(name, value)| (name.to_owned(), value.clone())).collect());
        }
        let met: Vec<&ReadyRule> =
            self.rules.iter().filter(|rule| rule.when.iter().all(|test| test.holds(row, &self.nothing))).collect();
        if met.iter().any(|rule| rule.skip) {
            return Outcome::Skipped;
        }
        let mut record = Map::new();
        let mut reasons = Vec::new();
        for (name, value) in &self.constants {
            put(&mut record, name, value.clone());
        }
        for field in &self.fields {
            // What a rule fills is not read the ordinary way, which might not fit such a row.
            let overruled = met.iter().any(|rule| rule.fills(&field.name));
            if !overruled {
                self.take(field, row, &mut record, &mut reasons);
            }
        }
        if let Some(used) = &self.rest {
            for (column, value) in row.filled().filter(|(column, _)| !used.contains(*column)) {
                put(&mut record, &format!("custom_attributes.{column}"), value.clone());
            }
        }
        for rule in met {
            for (name, value) in &rule.constants {
                put(&mut record, name, value.clone());
            }
            for field in &rule.fields {
                self.take(field, row, &mut record, &mut reasons);
            }
        }
        if self.kind == Kind::Interactions {
            leave_out_foreign(&mut record);
        }
        if reasons.is_empty() && !record.contains_key(self.kind.required()) {
            reasons.push(format!("{} is missing", self.kind.required()));
        }
        if reasons.is_empty() { Outcome::Record(record) } else { Outcome::Rejected(reasons) }
    }

    fn take(&self, field: &Field, row: &Row, record: &mut Map<String, Value>, reasons: &mut Vec<String>) {
        match field.value(row, &self.nothing) {
            Ok(Some(value)) => put(record, &field.name, value),
            Ok(None) => {}
            Err(reason) => reasons.push(format!("{} {reason}", field.name)),
        }
    }

    fn columns(&self) -> impl Iterator<Item = &str> {
        let of_rules = self.rules.iter().flat_map(|rule| {
            rule.fields.iter().flat_map(Field::columns).chain(rule.when.iter().flat_map(|test| test.source.columns()))
        });
        self.fields.iter().flat_map(Field::columns).chain(of_rules)
    }
}

impl ReadyRule {
    fn fills(&self, name: &str) -> bool {
        self.constants.iter().any(|(filled, _)| filled == name) || self.fields.iter().any(|field| field.name == name)
    }
}

impl Field {
    fn columns(&self) -> impl Iterator<Item = &str> {
        self.source.columns().chain(self.times.iter().flat_map(Source::columns))
    }

    fn value(&self, row: &Row, nothing: &[String]) -> Result<Option<Value>, String> {
        let mut value = match self.source.value(row, nothing) {
            Some(value) => match self.edited(&value) {
                Some(text) => self.reading.convert(&Value::String(text))?,
                None => self.reading.convert(&value)?,
            },
            None => None,
        };
        if value.is_none() {
            value.clone_from(&self.default);
        }
        let Some(value) = value else { return Ok(None) };
        if self.times.is_none() && !self.absolute {
            return Ok(Some(value));
        }
        let factor = match &self.times {
            None => 1.0,
            Some(source) => match source.text(row, nothing) {
                None => return Ok(None),
                Some(text) => number(&text, self.reading.decimal)
                    .ok_or_else(|| format!("is to be multiplied by {text:?}, which is no number"))?,
            },
        };
        Ok(Some(self.computed(value, factor)))
    }

    /// The text after the steps that work on text; `None` where there are none.
    fn edited(&self, value: &Value) -> Option<String> {
        if self.extract.is_none() && self.replace.is_empty() && !self.strip_html {
            return None;
        }
        let mut text: String = text_of(value).trim().to_owned();
        if let Some(pattern) = &self.extract {
            let found = pattern.captures(&text).and_then(|groups| groups.get(1).or_else(|| groups.get(0)));
            text = found.map(|part| part.as_str().to_owned()).unwrap_or_default();
        }
        for (pattern, with) in &self.replace {
            if let Cow::Owned(changed) = pattern.replace_all(&text, with.as_str()) {
                text = changed;
            }
        }
        Some(if self.strip_html { without_tags(&text) } else { text })
    }

    fn computed(&self, value: Value, factor: f64) -> Value {
        match value {
            Value::Array(values) => values.into_iter().map(|value| self.computed(value, factor)).collect(),
            Value::Number(number) => {
                let mut result = number.as_f64().unwrap_or(0.0) * factor;
                if self.absolute {
                    result = result.abs();
                }
                // Money: without the last bits of 0.1 * 3.
                let rounded = (result * 1e6).round() / 1e6;
                if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
                    return (rounded as i64).into();
                }
                Number::from_f64(rounded).map_or(Value::Null, Value::Number)
            }
            other => other,
        }
    }
}

impl Test {
    fn holds(&self, row: &Row, nothing: &[String]) -> bool {
        let text = self.source.text(row, nothing);
        if let Some(empty) = self.empty
            && empty != text.is_none()
        {
            return false;
        }
        if self.equals.is_none() && self.matches.is_none() && self.below.is_none() && self.above.is_none() {
            return true;
        }
        let Some(text) = text else { return false };
        let text = text.trim();
        self.equals.as_ref().is_none_or(|words| words.iter().any(|word| word == text))
            && self.matches.as_ref().is_none_or(|pattern| pattern.is_match(text))
            && self.below.is_none_or(|bound| number(text, None).is_some_and(|value| value < bound))
            && self.above.is_none_or(|bound| number(text, None).is_some_and(|value| value > bound))
    }
}

fn constants(mapping: &Mapping, set: &BTreeMap<String, toml::Value>) -> Result<Vec<(String, Value)>, String> {
    let ready = set.iter().map(|(name, value)| {
        let shape = shape(mapping.record, name)?;
        let reading = reading(mapping, &FieldRule::default(), shape)?;
        let value = serde_json::to_value(value).map_err(|error| format!("{name}: {error}"))?;
        let value = reading.convert(&value).map_err(|reason| format!("{name} {reason}"))?;
        Ok((name.clone(), value.unwrap_or(Value::Null)))
    });
    ready.collect()
}

fn fields(mapping: &Mapping, rules: &BTreeMap<String, FieldRule>) -> Result<Vec<Field>, String> {
    let ready = rules.iter().map(|(name, rule)| {
        let steps = &rule.0;
        if steps.from.list().is_empty() && steps.default.is_none() {
            return Err(format!("{name} says not where it comes from: give `from`"));
        }
        let shape = steps
            .shape
            .map_or_else(|| shape(mapping.record, name), |given| shape(mapping.record, name).map(|_| given))?;
        let named = |error: String| format!("{name}: {error}");
        let reading = reading(mapping, rule, shape).map_err(named)?;
        let default = match &steps.default {
            None => None,
            Some(value) => {
                let value = serde_json::to_value(value).map_err(|error| named(error.to_string()))?;
                reading.convert(&value).map_err(named)?
            }
        };
        Ok(Field {
            name: name.clone(),
            source: Source::new(steps.from.list()).map_err(named)?,
            extract: steps.extract.as_deref().map(pattern).transpose().map_err(named)?,
            replace: steps
                .replace
                .iter()
                .map(|(from, to)| Ok((pattern(from)?, to.clone())))
                .collect::<Result<_, String>>()
                .map_err(named)?,
            strip_html: steps.strip_html,
            reading,
            times: steps.times.as_ref().map(|times| Source::new(times.list())).transpose().map_err(named)?,
            absolute: steps.absolute,
            default,
        })
    });
    ready.collect()
}

fn reading(mapping: &Mapping, rule: &FieldRule, shape: Shape) -> Result<Reading, String> {
    let steps = &rule.0;
    let zone = steps.zone.as_deref().or(mapping.zone.as_deref());
    Ok(Reading {
        shape,
        split: steps.split.clone(),
        levels: steps.levels.clone(),
        values: steps.values.iter().map(|(from, to)| (from.clone(), to.clone())).collect(),
        date: DateFormat::new(steps.date.as_deref(), zone)?,
        decimal: steps.decimal,
    })
}

fn shape(kind: Kind, field: &str) -> Result<Shape, String> {
    kind.shape(field).ok_or_else(|| {
        let names: Vec<&str> = kind.fields().iter().map(|(name, _)| *name).collect();
        format!("{} have no field {field:?}; there are {}", kind.name(), names.join(", "))
    })
}

fn test(condition: &Condition) -> Result<Test, String> {
    if condition.column.list().is_empty() {
        return Err("a condition says not which column: give `column`".into());
    }
    Ok(Test {
        source: Source::new(condition.column.list())?,
        equals: condition.equals.as_ref().map(|words| OneOrMany::list(words).to_vec()),
        matches: condition.matches.as_deref().map(pattern).transpose()?,
        below: condition.below,
        above: condition.above,
        empty: condition.empty,
    })
}

fn pattern(text: &str) -> Result<Regex, String> {
    RegexBuilder::new(text).size_limit(PATTERN_BYTES_MAX).build().map_err(|error| error.to_string())
}

/// The fields that only some types of interaction have.
const OWN_FIELDS: [(&str, OwnField); 12] = [
    ("product_ids", OwnField::ProductIds),
    ("product_group_ids", OwnField::ProductGroupIds),
    ("duration", OwnField::Duration),
    ("quantities", OwnField::Quantities),
    ("revenue", OwnField::Revenue),
    ("rating", OwnField::Rating),
    ("search", OwnField::Search),
    ("category", OwnField::Category),
    ("custom_action_name", OwnField::CustomActionName),
    ("question_id", OwnField::QuestionId),
    ("result_type", OwnField::ResultType),
    ("value", OwnField::Value),
];

/// Takes out what this type of interaction does not have: a wide table fills its columns in every row, and a view with a
/// quantity is still a view.
fn leave_out_foreign(record: &mut Map<String, Value>) {
    let Some(kind) = record.get("type").and_then(Value::as_str).and_then(InteractionType::from_name) else { return };
    for (name, field) in OWN_FIELDS {
        if !kind.has(field) {
            record.shift_remove(name);
        }
    }
}

/// Puts a value at a field's place, within objects where the name has dots.
fn put(record: &mut Map<String, Value>, field: &str, value: Value) {
    let names = path(field);
    let Some((last, outer)) = names.split_last() else { return };
    let mut place = record;
    for name in outer {
        let inner = place.entry(*name).or_insert_with(|| json!({}));
        if !inner.is_object() {
            *inner = json!({});
        }
        let Some(object) = inner.as_object_mut() else { return };
        place = object;
    }
    place.insert((*last).to_owned(), value);
}

/// The text of HTML as a reader sees it, with single spaces.
fn without_tags(html: &str) -> String {
    record::visible_text(html).split_whitespace().collect::<Vec<_>>().join(" ")
}
