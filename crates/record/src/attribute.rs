use serde_json::Value;

/// The type of a custom attribute; one attribute keeps one type across the data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs, reason = "the variants say it")]
pub enum AttributeKind {
    Boolean,
    Number,
    String,
    Booleans,
    Numbers,
    Strings,
    Object,
    Objects,
}

impl AttributeKind {
    /// The type of `value`, or `None` where it has none of its own: `null` and the empty array fit any type.
    pub fn of(value: &Value) -> Option<AttributeKind> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(AttributeKind::Boolean),
            Value::Number(_) => Some(AttributeKind::Number),
            Value::String(_) => Some(AttributeKind::String),
            Value::Object(_) => Some(AttributeKind::Object),
            Value::Array(values) => match values.first()? {
                Value::Bool(_) => Some(AttributeKind::Booleans),
                Value::Number(_) => Some(AttributeKind::Numbers),
                Value::String(_) => Some(AttributeKind::Strings),
                _ => Some(AttributeKind::Objects),
            },
        }
    }

    /// The name used in refusals: `number`, `array of strings`, ….
    pub fn name(self) -> &'static str {
        match self {
            AttributeKind::Boolean => "boolean",
            AttributeKind::Number => "number",
            AttributeKind::String => "string",
            AttributeKind::Booleans => "array of booleans",
            AttributeKind::Numbers => "array of numbers",
            AttributeKind::Strings => "array of strings",
            AttributeKind::Object => "object",
            AttributeKind::Objects => "array of objects",
        }
    }
}
