//! A product's record as it is shown: the fields asked for, in their own order.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use state::ProductRow;

use crate::View;

/// The product's record; `None` where it has none.
pub(crate) fn read(view: View<'_>, row: ProductRow) -> Option<Map<String, Value>> {
    // The store keeps only records that were parsed, so a body that is no object cannot be.
    serde_json::from_str(view.state.catalogue().body(row)?).ok()
}

/// The values under `path` (`brand`, `custom_attributes.size`): those of an array one by one, of nested arrays too.
pub(crate) fn values<'a>(body: &'a Map<String, Value>, path: &str) -> Vec<&'a Value> {
    let path =
        path.strip_prefix("attributes.").map_or_else(|| path.to_owned(), |rest| format!("custom_attributes.{rest}"));
    let mut found = Vec::new();
    collect(body, &path, &mut found);
    found
}

fn collect<'a>(object: &'a Map<String, Value>, path: &str, found: &mut Vec<&'a Value>) {
    if let Some(value) = object.get(path) {
        return flatten(value, found);
    }
    // A key may itself hold a dot, so every split is tried.
    for (dot, _) in path.match_indices('.') {
        match object.get(&path[..dot]) {
            Some(Value::Object(inner)) => collect(inner, &path[dot + 1..], found),
            Some(Value::Array(members)) => {
                for inner in members.iter().filter_map(Value::as_object) {
                    collect(inner, &path[dot + 1..], found);
                }
            }
            _ => {}
        }
    }
}

fn flatten<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(members) => members.iter().for_each(|member| flatten(member, found)),
        Value::Null => {}
        _ => found.push(value),
    }
}

/// The record with `product_id` and the fields of `fl`: names, `custom_attributes.x`, and `*` for any run of characters.
/// An empty list leaves the id alone. A product without a record shows its id.
pub(crate) fn shown(view: View<'_>, row: ProductRow, fl: &[String]) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("product_id".to_owned(), Value::from(view.state.catalogue().id(row)));
    if fl.is_empty() {
        return shown;
    }
    let Some(body) = view.state.catalogue().body(row) else { return shown };
    let patterns: Vec<String> = fl
        .iter()
        .map(|name| {
            name.strip_prefix("attributes.").map_or_else(|| name.clone(), |rest| format!("custom_attributes.{rest}"))
        })
        .collect();
    // The store keeps only records that were parsed, so a body that is no object cannot be.
    let chosen = Chosen { path: "", patterns: &patterns };
    if let Ok(Some(Value::Object(members))) = chosen.deserialize(&mut serde_json::Deserializer::from_str(body)) {
        shown.extend(members);
    }
    shown
}

/// Reads the members of an object that the patterns choose, by their own names or as part of an object whose path they begin; what is
/// not chosen is passed over unread. `None` for what is no object or has none of them.
struct Chosen<'p> {
    /// Where the object is; empty for the record itself.
    path: &'p str,
    patterns: &'p [String],
}

impl<'de> DeserializeSeed<'de> for Chosen<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Value>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Chosen<'_> {
    type Value = Option<Value>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Value>, A::Error> {
        let mut chosen = Map::new();
        while let Some(name) = members.next_key::<Cow<'de, str>>()? {
            let whole;
            let path = if self.path.is_empty() {
                &*name
            } else {
                whole = format!("{}.{name}", self.path);
                &whole
            };
            let reaches =
                |pattern: &String| pattern.starts_with(path) && pattern.as_bytes().get(path.len()) == Some(&b'.');
            if self.patterns.iter().any(|pattern| fits(pattern, path)) {
                let value = members.next_value()?;
                chosen.insert(name.into_owned(), value);
            } else if self.patterns.iter().any(reaches) {
                if let Some(value) = members.next_value_seed(Chosen { path, patterns: self.patterns })? {
                    chosen.insert(name.into_owned(), value);
                }
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok((!chosen.is_empty()).then_some(Value::Object(chosen)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Option<Value>, A::Error> {
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }
}

/// Whether `name` is what `pattern` says, `*` standing for any run of characters.
///
/// The usual two-pointer match: on a mismatch only the last `*` is given one more character, so the time is at most the
/// product of both lengths.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&byte) if byte == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    p = at + 1;
                    n = from + 1;
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}
