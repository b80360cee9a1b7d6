use serde_json::{Number, Value, json};

use super::date::DateFormat;
use super::source::text_of;
use crate::fields::Shape;

/// How the texts of a field are read.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub shape: Shape,
    pub split: Option<String>,
    pub levels: Option<String>,
    pub values: Vec<(String, String)>,
    pub date: DateFormat,
    pub decimal: Option<char>,
}

impl Reading {
    /// The value in the field's shape. `Ok(None)` where nothing is left of it.
    ///
    /// # Errors
    /// Why it cannot take that shape, to follow on the name of the field.
    pub(super) fn convert(&self, value: &Value) -> Result<Option<Value>, String> {
        let elements = self.elements(value);
        match self.shape {
            Shape::List => Ok(filled(elements.iter().map(|element| Value::String(clean(element))).collect())),
            Shape::Numbers => {
                let numbers = elements.iter().map(|element| self.number(element)).collect::<Result<Vec<_>, _>>()?;
                Ok(filled(numbers))
            }
            Shape::Paths => Ok(self.paths(value, &elements)),
            // Without steps of its own, a value of a JSON file goes through as it is.
            Shape::Any if self.split.is_some() => {
                Ok(filled(elements.iter().map(|element| Value::String(clean(element))).collect()))
            }
            Shape::Any => match elements.first() {
                Some(Value::String(_)) | None => Ok(elements.first().map(|element| Value::String(clean(element)))),
                Some(_) => Ok(Some(value.clone())),
            },
            _ => match elements.first() {
                None => Ok(None),
                Some(_) if elements.len() > 1 => Err(format!("is one value, but {value} has several")),
                Some(element) => self.single(element).map(Some),
            },
        }
    }

    /// The elements of a list, or the one value; without empty ones, after the table of values.
    fn elements(&self, value: &Value) -> Vec<Value> {
        let parts: Vec<Value> = match (value, &self.split) {
            (Value::Array(values), _) if self.shape != Shape::Any => values.clone(),
            (Value::String(text), Some(separator)) => {
                text.split(separator.as_str()).map(|part| Value::String(part.trim().to_owned())).collect()
            }
            _ => vec![value.clone()],
        };
        let replaced = parts.into_iter().map(|part| match &part {
            Value::Array(_) | Value::Object(_) => part,
            _ if self.values.is_empty() => part,
            _ => {
                let text = text_of(&part);
                let text = text.trim();
                let found = self.values.iter().find(|(from, _)| from == text);
                found.map_or_else(|| part.clone(), |(_, to)| Value::String(to.clone()))
            }
        });
        replaced
            .filter(|part| match part {
                Value::Null => false,
                Value::String(text) => !text.trim().is_empty(),
                _ => true,
            })
            .collect()
    }

    fn paths(&self, value: &Value, elements: &[Value]) -> Option<Value> {
        let levels = |path: &Value| -> Value {
            match (path, &self.levels) {
                (Value::Array(names), _) => names.iter().map(|name| Value::String(clean(name))).collect(),
                (Value::String(text), Some(separator)) => text
                    .split(separator.as_str())
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .map(|name| Value::String(name.to_owned()))
                    .collect(),
                (other, _) => vec![Value::String(clean(other))].into(),
            }
        };
        // A JSON list of names is one path; a list of lists is several.
        if let (Value::Array(names), None) = (value, &self.levels)
            && names.iter().all(Value::is_string)
            && self.split.is_none()
        {
            return filled(vec![Value::Array(elements.to_vec())]).filter(|_| !elements.is_empty());
        }
        let paths: Vec<Value> = elements.iter().map(levels).filter(|path| path != &json!([])).collect();
        filled(paths)
    }

    fn single(&self, value: &Value) -> Result<Value, String> {
        match self.shape {
            Shape::Text => Ok(Value::String(clean(value))),
            Shape::Number => self.number(value),
            Shape::Integer => match self.number(value)?.as_f64() {
                Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Ok((number as i64).into()),
                _ => Err(format!("must be a whole number, but is {value}")),
            },
            Shape::Boolean => {
                boolean(value).map(Value::Bool).ok_or_else(|| format!("must be true or false, but is {value}"))
            }
            Shape::Date => match self.date.read(value) {
                Some(text) => Ok(Value::String(text)),
                None => Err(format!("is no date of the expected format: {value}")),
            },
            Shape::Availability => availability(value),
            Shape::Condition => condition(value),
            Shape::Place => place(value),
            Shape::List | Shape::Numbers | Shape::Paths | Shape::Any => Ok(value.clone()),
        }
    }

    fn number(&self, value: &Value) -> Result<Value, String> {
        if value.is_number() {
            return Ok(value.clone());
        }
        let text = text_of(value);
        match number(&text, self.decimal) {
            Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => Ok((number as i64).into()),
            Some(number) => Ok(Number::from_f64(number).map_or(Value::Null, Value::Number)),
            None => Err(format!("must be a number, but is {value}")),
        }
    }
}

fn filled(values: Vec<Value>) -> Option<Value> {
    (!values.is_empty()).then_some(Value::Array(values))
}

fn clean(value: &Value) -> String {
    text_of(value).trim().to_owned()
}

/// A number as people write it: with a currency before or behind it, and with marks between thousands.
pub(crate) fn number(text: &str, decimal: Option<char>) -> Option<f64> {
    let text = text.trim();
    if decimal.is_none()
        && let Ok(number) = text.parse::<f64>()
    {
        return number.is_finite().then_some(number);
    }
    let decimal = decimal.unwrap_or('.');
    let is_currency = |c: char| c.is_alphabetic() || c.is_whitespace() || "$€£¥₹₩%".contains(c);
    let core = text.trim_matches(is_currency);
    let (sign, core) = match core.strip_prefix('-') {
        Some(rest) => ("-", rest.trim_matches(is_currency)),
        None => (if text.starts_with('-') { "-" } else { "" }, core),
    };
    let (whole, fraction) = match core.rsplit_once(decimal) {
        Some((whole, fraction)) => (whole, fraction),
        None => (core, ""),
    };
    let thousands = if decimal == ',' { '.' } else { ',' };
    let groups: Vec<&str> = whole.split([thousands, '\'', '\u{a0}', '\u{202f}', ' ']).collect();
    let grouped_well = groups.len() == 1 || groups.iter().skip(1).all(|group| group.len() == 3);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !grouped_well || !groups.iter().all(|group| digits(group)) || !digits(fraction) {
        return None;
    }
    let whole = groups.concat();
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    format!("{sign}{whole}.{fraction}0").parse().ok()
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        _ => match text_of(value).trim().to_lowercase().as_str() {
            "true" | "yes" | "y" | "t" | "1" | "on" | "ja" | "wahr" | "oui" | "vrai" | "si" | "sí" | "sì" | "sim"
            | "tak" => Some(true),
            "false" | "no" | "n" | "f" | "0" | "off" | "nein" | "falsch" | "non" | "faux" | "não" | "nee" | "nej"
            | "nie" => Some(false),
            _ => None,
        },
    }
}

/// Only letters and digits, in lower case.
fn letters(value: &Value) -> String {
    text_of(value).chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase()
}

fn availability(value: &Value) -> Result<Value, String> {
    let word = match letters(value).as_str() {
        "instock" | "available" | "yes" | "true" | "onlineonly" | "limitedavailability" => "IN_STOCK",
        "outofstock" | "soldout" | "unavailable" | "no" | "false" | "discontinued" => "OUT_OF_STOCK",
        "preorder" | "backorder" | "presale" => "PRE_ORDER",
        // The words of other shops' exports.
        "auflager" | "lagernd" | "lieferbar" | "sofortlieferbar" | "verfügbar" | "ja" | "enstock" | "disponible"
        | "oui" | "disponibile" | "sì" | "disponível" | "sim" | "opvoorraad" | "beschikbaar" | "dostępny"
        | "ilager" => "IN_STOCK",
        "nichtauflager" | "nichtlieferbar" | "nichtverfügbar" | "ausverkauft" | "vergriffen" | "nein"
        | "rupturedestock" | "épuisé" | "indisponible" | "non" | "agotado" | "sinstock" | "nodisponible"
        | "esaurito" | "nondisponibile" | "esgotado" | "uitverkocht" | "nietopvoorraad" | "nee" | "niedostępny"
        | "slutsåld" => "OUT_OF_STOCK",
        "vorbestellbar" | "vorbestellung" | "précommande" | "preventa" | "preordine" => "PRE_ORDER",
        _ => match number(&text_of(value), None) {
            Some(count) if count > 0.0 => "IN_STOCK",
            Some(_) => "OUT_OF_STOCK",
            None => return Err(format!("must be IN_STOCK, OUT_OF_STOCK or PRE_ORDER, but is {value}")),
        },
    };
    Ok(Value::String(word.to_owned()))
}

fn condition(value: &Value) -> Result<Value, String> {
    let word = match letters(value).as_str() {
        "new" | "newcondition" => "NEW",
        "used" | "secondhand" | "usedcondition" | "preowned" => "USED",
        "refurbished" | "refurbishedcondition" | "renewed" => "REFURBISHED",
        _ => return Err(format!("must be NEW, USED or REFURBISHED, but is {value}")),
    };
    Ok(Value::String(word.to_owned()))
}

fn place(value: &Value) -> Result<Value, String> {
    if value.is_object() {
        return Ok(value.clone());
    }
    let text = text_of(value);
    let parts: Vec<Option<f64>> =
        text.trim_matches(['(', ')', '[', ']']).split(',').map(|part| part.trim().parse().ok()).collect();
    match parts[..] {
        [Some(lat), Some(lon)] => Ok(json!({ "lat": lat, "lon": lon })),
        _ => Err(format!("must be a latitude and a longitude such as \"47.37,8.54\", but is {value}")),
    }
}
