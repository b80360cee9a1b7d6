//! Records that are nearly good: full ones with every single change, or with a few random ones.

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
    let changes = prop::collection::vec((any::<Index>(), changes()), 0..=changes_max);
    (prop::sample::select(good), changes).prop_map(|(mut record, changes)| {
        for (at, change) in &changes {
            let pointers = pointers(&record);
            change.apply(&pointers[at.index(pointers.len())], &mut record);
        }
        record
    })
}

/// Every record that differs from `record` in one place: the value there is gone, or one at the edge of some rule, or has
/// one name more.
pub(super) fn single_changes(record: &Value) -> Vec<Value> {
    let replacements = values().into_iter().map(Change::Replace);
    let additions =
        NAMES.into_iter().flat_map(|name| [json!(null), json!([]), json!(1)].map(|value| Change::Add(name, value)));
    let changes: Vec<Change> = replacements.chain(additions).chain([Change::Drop]).collect();
    let mut records = Vec::new();
    for pointer in pointers(record) {
        let is_object = record.pointer(&pointer).unwrap().is_object();
        for change in changes.iter().filter(|change| is_object || !matches!(change, Change::Add(..))) {
            let mut changed = record.clone();
            change.apply(&pointer, &mut changed);
            records.push(changed);
        }
    }
    records
}

#[derive(Clone, Debug)]
enum Change {
    /// Removes a field or an item.
    Drop,
    /// Puts another value in its place.
    Replace(Value),
    /// Adds a field to an object; changes nothing else.
    Add(&'static str, Value),
    /// Gives a field another name.
    Rename(&'static str),
}

fn changes() -> impl Strategy<Value = Change> {
    let value = || prop::sample::select(values());
    let name = || prop::sample::select(NAMES.to_vec());
    prop_oneof![
        Just(Change::Drop),
        value().prop_map(Change::Replace),
        (name(), value()).prop_map(|(name, value)| Change::Add(name, value)),
        name().prop_map(Change::Rename),
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
    /// Changes what is at `pointer` in `record`.
    fn apply(&self, pointer: &str, record: &mut Value) {
        let value = record.pointer_mut(pointer).unwrap();
        match (self, value) {
            (Change::Replace(other), value) => *value = other.clone(),
            (Change::Add(name, added), Value::Object(fields)) => drop(fields.insert((*name).to_owned(), added.clone())),
            (Change::Add(..), _) => {}
            (Change::Drop | Change::Rename(_), _) => {
                let Some((parent, last)) = pointer.rsplit_once('/') else { return };
                match record.pointer_mut(parent).unwrap() {
                    Value::Object(fields) => {
                        let value = fields.remove(last).unwrap();
                        if let Change::Rename(name) = self {
                            fields.insert((*name).to_owned(), value);
                        }
                    }
                    Value::Array(items) => drop(items.remove(last.parse::<usize>().unwrap())),
                    _ => unreachable!("only objects and arrays have something in them"),
                }
            }
        }
    }
}

/// The JSON pointers of all values in `value`, itself included. No name in these records needs escaping.
fn pointers(value: &Value) -> Vec<String> {
    fn collect(value: &Value, pointer: String, pointers: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                fields.iter().for_each(|(name, value)| collect(value, format!("{pointer}/{name}"), pointers));
            }
            Value::Array(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(place, item)| collect(item, format!("{pointer}/{place}"), pointers));
            }
            _ => {}
        }
        pointers.push(pointer);
    }
    let mut pointers = Vec::new();
    collect(value, String::new(), &mut pointers);
    pointers
}
