//! Walks a JSON value along its [`Shape`] and names everything that is wrong with it.

use std::fmt;

use serde_json::{Map, Value};

use crate::{
    InteractionType, OwnField, RecordKind, Refusal, Refusals, limits,
    problem::{Problem, Shortened},
    schema::{Others, Presence, Rule, Shape},
};

/// Every error of one record, in the order of its fields, required ones that are missing last. Paths start at the record
/// itself: `timestamp`, `categories.0.1`; `record` is the record as a whole. Empty where the record is valid.
///
/// At most [`limits::ERRORS_LISTED_MAX`].
pub fn check_record(kind: RecordKind, value: &Value) -> Vec<Refusal> {
    let mut refusals = Refusals::default();
    record(kind, value, &Path::Start(""), &mut refusals);
    refusals.listed
}

/// Where a value is. Links back to the root, so that a walk without errors writes no text.
pub(crate) enum Path<'a> {
    Start(&'a str),
    Name(&'a Path<'a>, &'a str),
    Place(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Start("") => f.write_str("record"),
            Path::Start(start) => f.write_str(start),
            Path::Name(Path::Start(""), name) => write!(f, "{}", Shortened(name)),
            Path::Name(parent, name) => write!(f, "{parent}.{}", Shortened(name)),
            Path::Place(parent, place) => write!(f, "{parent}.{place}"),
        }
    }
}

/// Checks one record of an upload.
pub(crate) fn record(kind: RecordKind, value: &Value, path: &Path<'_>, refusals: &mut Refusals) {
    let Value::Object(fields) = value else {
        return wrong_type(&["object"], value, path, refusals);
    };
    let interaction_type = match kind {
        RecordKind::Interaction => fields.get("type").and_then(Value::as_str).and_then(InteractionType::from_name),
        RecordKind::Product | RecordKind::User => None,
    };
    object(kind.shape(), fields, interaction_type, path, refusals);
}

/// Checks an object against its shape. `interaction_type` is that of the interaction, where the object is one.
pub(crate) fn object(
    shape: &Shape,
    fields: &Map<String, Value>,
    interaction_type: Option<InteractionType>,
    path: &Path<'_>,
    refusals: &mut Refusals,
) {
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let path = Path::Name(path, name);
        match (shape.field(name), &shape.others) {
            (Some(field), _) => match (field.presence, interaction_type) {
                (Presence::Own(own), Some(kind)) if !kind.has(own) => {
                    // An empty list says nothing, as an absent one does.
                    if !matches!((&field.rule, value), (Rule::List(_) | Rule::OneOrMany(_), Value::Array(items)) if items.is_empty())
                    {
                        refusals.add(&path, &Problem::NotOfType(kind));
                    }
                }
                (presence, _) => field_value(&field.rule, value, presence != Presence::Required, &path, refusals),
            },
            (None, Others::Kept) => {}
            (None, Others::Refused { instead }) => refusals.add(&path, &Problem::Unknown { instead }),
        }
    }
    for field in shape.fields {
        let is_required = match field.presence {
            Presence::Optional => false,
            Presence::Required => true,
            Presence::Own(own) => {
                own == OwnField::CustomActionName && interaction_type == Some(InteractionType::Custom)
            }
        };
        if is_required && fields.get(field.name).is_none_or(Value::is_null) {
            refusals.add(&Path::Name(path, field.name), &Problem::Required);
        }
    }
}

/// Checks the value of a field; in refusals of the type, an optional one says that `null` would do.
fn field_value(rule: &Rule, value: &Value, is_optional: bool, path: &Path<'_>, refusals: &mut Refusals) {
    match (rule, value) {
        (Rule::Text(text), Value::String(value)) => {
            if let Err(problem) = text.check(value) {
                refusals.add(path, &problem);
            }
        }
        (Rule::Number, Value::Number(_)) | (Rule::Boolean, Value::Bool(_)) => {}
        (Rule::NumberFrom(min, max), Value::Number(number)) => {
            let given = number.as_f64().unwrap_or(f64::NAN);
            if !(*min..=*max).contains(&given) {
                refusals.add(path, &Problem::OutOfRange { min: *min, max: *max, given });
            }
        }
        (Rule::Whole, Value::Number(number))
            if number.is_i64() || number.is_f64() && number.as_f64().and_then(crate::wire::whole).is_some() => {}
        (Rule::Choice(allowed), Value::String(given)) => {
            if !allowed.contains(&given.as_str()) {
                refusals.add(path, &Problem::Choice { allowed, given });
            }
        }
        (Rule::List(rule) | Rule::OneOrMany(rule), Value::Array(items)) => {
            if is_short(items, path, refusals) {
                for (place, item) in items.iter().enumerate() {
                    field_value(rule, item, false, &Path::Place(path, place), refusals);
                }
            }
        }
        (Rule::OneOrMany(Rule::Number), Value::Number(_)) => {}
        (Rule::OneOrMany(Rule::Object(shape)) | Rule::Object(shape), Value::Object(fields)) => {
            object(shape, fields, None, path, refusals);
        }
        (Rule::Map(rule), Value::Object(fields)) => {
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                field_value(rule, value, true, &Path::Name(path, name), refusals);
            }
        }
        (Rule::Attributes, Value::Object(fields)) => attributes(fields, 1, path, refusals),
        (Rule::Whole, Value::Number(_)) if !value.is_f64() => {
            refusals.add(
                path,
                &Problem::OutOfRange {
                    min: i64::MIN as f64,
                    max: i64::MAX as f64,
                    given: value.as_f64().unwrap_or(f64::NAN),
                },
            );
        }
        (rule, value) => {
            let mut expected = rule.types().to_vec();
            if is_optional {
                expected.push("null");
            }
            wrong_type(&expected, value, path, refusals);
        }
    }
}

/// Checks custom attributes, or an object `level` deep in them: any JSON scalar, array of scalars, object, array of objects.
pub(crate) fn attributes(fields: &Map<String, Value>, level: usize, path: &Path<'_>, refusals: &mut Refusals) {
    // The attributes themselves are level 1; the objects in them are what the bound counts.
    if level > limits::ATTRIBUTE_DEPTH_MAX + 1 {
        return refusals.add(path, &Problem::TooDeep { levels_max: limits::ATTRIBUTE_DEPTH_MAX });
    }
    if fields.len() > limits::ATTRIBUTES_MAX {
        let problem = Problem::TooManyAttributes { attributes_max: limits::ATTRIBUTES_MAX, attributes: fields.len() };
        return refusals.add(path, &problem);
    }
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
        let path = Path::Name(path, name);
        if !(1..=limits::ATTRIBUTE_NAME_CHARS_MAX).contains(&name.chars().count()) {
            refusals.add(&path, &Problem::AttributeName);
        }
        match value {
            Value::Object(fields) => attributes(fields, level + 1, &path, refusals),
            Value::Array(items) => attribute_items(items, level, &path, refusals),
            _ => {}
        }
    }
}

/// Checks an array among custom attributes: all scalars of one type, or all objects.
fn attribute_items(items: &[Value], level: usize, path: &Path<'_>, refusals: &mut Refusals) {
    if !is_short(items, path, refusals) {
        return;
    }
    let mut first = None;
    for (place, item) in items.iter().enumerate() {
        let path = Path::Place(path, place);
        let kind = match item {
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Object(_) => "object",
            Value::Null | Value::Array(_) => {
                wrong_type(&["boolean", "number", "string", "object"], item, &path, refusals);
                continue;
            }
        };
        let first = *first.get_or_insert(kind);
        if kind != first {
            refusals.add(&path, &Problem::Mixed { first, given: kind });
        } else if let Value::Object(fields) = item {
            attributes(fields, level + 1, &path, refusals);
        }
    }
}

fn is_short(items: &[Value], path: &Path<'_>, refusals: &mut Refusals) -> bool {
    let is_short = items.len() <= limits::LIST_ITEMS_MAX;
    if !is_short {
        refusals.add(path, &Problem::TooManyItems { items_max: limits::LIST_ITEMS_MAX, items: items.len() });
    }
    is_short
}

fn wrong_type(expected: &[&str], value: &Value, path: &Path<'_>, refusals: &mut Refusals) {
    refusals.add(path, &Problem::Type { expected, given: type_name(value) });
}

/// The type's name in JSON Schema.
fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Removes every field that is `null`, at any depth: absent and `null` are the same from here on.
pub(crate) fn drop_nulls(fields: &mut Map<String, Value>) {
    if fields.values().any(Value::is_null) {
        fields.retain(|_, value| !value.is_null());
    }
    fields.values_mut().for_each(drop_nulls_within);
}

pub(crate) fn drop_nulls_within(value: &mut Value) {
    match value {
        Value::Object(fields) => drop_nulls(fields),
        Value::Array(items) => items.iter_mut().for_each(drop_nulls_within),
        _ => {}
    }
}
