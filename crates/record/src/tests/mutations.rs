//! Records that are nearly good: full ones with a few random changes, each likely to touch a rule.

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

use super::{full_interaction, full_product, full_user};
use crate::{InteractionType, RecordKind};

pub(super) fn kinds() -> impl Strategy<Value = RecordKind> {
    prop::sample::select(vec![RecordKind::Product, RecordKind::User, RecordKind::Interaction])
}

/// A record of this kind after up to `changes_max` changes.
pub(super) fn records(kind: RecordKind, changes_max: usize) -> impl Strategy<Value = Value> {
    let good = match kind {
        RecordKind::Product => vec![full_product(), json!({"product_id": "p"})],
        RecordKind::User => vec![full_user(), json!({"user_id": "u"})],
        RecordKind::Interaction => InteractionType::ALL.into_iter().map(full_interaction).collect(),
    };
    (prop::sample::select(good), prop::collection::vec(changes(), 0..=changes_max)).prop_map(|(mut record, changes)| {
        for change in &changes {
            change.apply(&mut record);
        }
        record
    })
}

#[derive(Clone, Debug)]
enum Change {
    /// Removes a field or an item.
    Drop(Index),
    /// Puts another value in the place of one.
    Replace(Index, Value),
    /// Adds a field to an object, or an item to an array.
    Add(Index, &'static str, Value),
    /// Gives a field another name.
    Rename(Index, &'static str),
}

fn changes() -> impl Strategy<Value = Change> {
    let value = || prop::sample::select(values());
    let name = || prop::sample::select(NAMES.to_vec());
    prop_oneof![
        any::<Index>().prop_map(Change::Drop),
        (any::<Index>(), value()).prop_map(|(at, value)| Change::Replace(at, value)),
        (any::<Index>(), name(), value()).prop_map(|(at, name, value)| Change::Add(at, name, value)),
        (any::<Index>(), name()).prop_map(|(at, name)| Change::Rename(at, name)),
    ]
}

const NAMES: [&str; 32] = [
    "product_id",
    "user_id",
    "anonymous_id",
    "type",
    "title",
    "language",
    "created_at",
    "categories",
    "tags",
    "url",
    "original_price",
    "availability",
    "location",
    "lat",
    "children",
    "id",
    "custom_attributes",
    "age",
    "profile_image",
    "product_ids",
    "quantities",
    "timestamp",
    "miso_id",
    "search",
    "filters",
    "custom_action_name",
    "context",
    "page",
    "truncated_ip",
    "custom_context",
    "unknown",
    "",
];

/// Values at the edges of the rules.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(2.5),
        json!(30.0),
        json!(91),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("x"),
        json!("a,b"),
        json!("_a"),
        json!("é".repeat(512)),
        json!("é".repeat(513)),
        json!("x".repeat(1025)),
        json!("data:,x"),
        json!("http:x"),
        json!("2024-02-29"),
        json!("2023-02-29"),
        json!("2024-02-29T12:00:00"),
        json!("1969-12-31T23:59:59Z"),
        json!("2200-12-31T23:59:59Z"),
        json!("1.2.3.4"),
        json!("123e4567e89b12d3a456426614174000"),
        json!("search"),
        json!("checkout"),
        json!("custom"),
        json!("feedback"),
        json!("IN_STOCK"),
        json!("NEW"),
        json!({"NEW": null}),
        json!([]),
        json!([1, 2.5]),
        json!([1, "a"]),
        json!(["a", null]),
        json!([null]),
        json!([[]]),
        json!([["a"]]),
        json!([{}]),
        json!([{"a": null}, {"id": "c"}]),
        json!({}),
        json!({"a": 1}),
        json!({"a": {"b": null}}),
        json!({"a": ["b"]}),
        json!({"a": [[1]]}),
        json!({"lat": 1, "lon": 2}),
        json!([{"lat": 1, "lon": 2}]),
        json!([1, 2]),
        json!({"id": "c"}),
        json!({"url": "u"}),
        json!([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    ]
}

impl Change {
    fn apply(&self, record: &mut Value) {
        let mut pointers = Vec::new();
        collect_pointers(record, String::new(), &mut pointers);
        let (Change::Drop(at) | Change::Replace(at, _) | Change::Add(at, ..) | Change::Rename(at, _)) = self;
        let pointer = at.get(&pointers);
        if let Change::Add(_, name, value) = self {
            match record.pointer_mut(pointer).unwrap() {
                Value::Object(fields) => drop(fields.insert((*name).to_owned(), value.clone())),
                Value::Array(items) => items.push(value.clone()),
                other => *other = value.clone(),
            }
            return;
        }
        if let Change::Replace(_, value) = self {
            *record.pointer_mut(pointer).unwrap() = value.clone();
            return;
        }
        let Some((parent, last)) = pointer.rsplit_once('/') else { return };
        match (record.pointer_mut(parent).unwrap(), self) {
            (Value::Object(fields), Change::Rename(_, name)) => {
                let value = fields.remove(last).unwrap();
                fields.insert((*name).to_owned(), value);
            }
            (Value::Object(fields), _) => drop(fields.remove(last)),
            (Value::Array(items), _) => drop(items.remove(last.parse::<usize>().unwrap())),
            _ => {}
        }
    }
}

/// The JSON pointers of all values in `value`, itself included. No name in these records needs escaping.
fn collect_pointers(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                collect_pointers(value, format!("{pointer}/{name}"), pointers);
            }
        }
        Value::Array(items) => {
            for (place, value) in items.iter().enumerate() {
                collect_pointers(value, format!("{pointer}/{place}"), pointers);
            }
        }
        _ => {}
    }
    pointers.push(pointer);
}
