use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use query::{End, Filter, Test};
use record::Product;
use roaring::RoaringBitmap;
use serde_json::{Map, Value, json};

use super::{Catalogue, ProductRow, put, saved};

/// Texts of which some share their beginning beyond what a column holds, some are dates, some numbers in disguise.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> =
        ["", "red", "Red", "red shoe", "a*b", "4", "4.0", "-0", "true", "ß", "é日本", "b", "ba", "baz"]
            .map(str::to_owned)
            .to_vec();
    texts.extend(
        [
            "2024-01-31",
            "2024-01-31T00:00:00Z",
            "2024-01-31T08:00:00+08:00",
            "2024-01-31T23:59:59.999Z",
            "2024-02-01",
            "2023",
        ]
        .map(str::to_owned),
    );
    let long = "the quick brown fox jumps over the lazy dog and runs on over hills, far ";
    for end in ["", "a", "b", "日", "away"] {
        texts.push(format!("{long}{end}"));
    }
    // One byte more than is held whole, exactly as much, and a head that ends amid a character.
    texts.push("x".repeat(64));
    texts.push("x".repeat(65));
    texts.push(format!("{}日本{}", "y".repeat(23), "z".repeat(60)));
    texts
}

fn text() -> impl Strategy<Value = String> {
    proptest::sample::select(texts())
}

fn number() -> impl Strategy<Value = f64> {
    proptest::sample::select(vec![0.0, -0.0, 1.0, 1.5, 4.0, 5.0, -3.0, 1e15, 0.1])
}

fn custom_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        text().prop_map(Value::from),
        number().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        proptest::collection::vec(text(), 0..3).prop_map(Value::from),
        proptest::collection::vec(number(), 0..4).prop_map(Value::from),
        (number(), text()).prop_map(|(a, b)| json!({"a": a, "b.c": b, "b": {"c": [a, b]}})),
        (number(), text()).prop_map(|(a, b)| json!([{"a": a}, {"a": b}, {"b": {"c": null}}])),
        Just(Value::Null),
    ]
}

fn optional<T: std::fmt::Debug + Clone>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    proptest::option::of(strategy)
}

fn product() -> impl Strategy<Value = Product> {
    let texts = (optional(text()), optional(text()), optional(text()), optional(text()));
    let lists = (
        optional(proptest::collection::vec(text(), 0..4)),
        optional(proptest::collection::vec(proptest::collection::vec(text(), 0..4), 0..3)),
    );
    let numbers = (optional(number()), optional(number()));
    let rest = (optional(0..3_u8), optional(any::<bool>()), optional((custom_value(), custom_value())), 0..12_u8);
    (texts, lists, numbers, rest).prop_map(|(texts, lists, numbers, rest)| {
        let mut fields = Map::new();
        fields.insert("product_id".to_owned(), Value::from(id(rest.3)));
        let mut set = |name: &str, value: Option<Value>| _ = value.map(|value| fields.insert(name.to_owned(), value));
        set("title", texts.0.map(Value::from));
        set("html", texts.1.map(Value::from));
        set("created_at", texts.2.map(Value::from));
        set("product_group_id", texts.3.map(Value::from));
        set("tags", lists.0.map(Value::from));
        set("categories", lists.1.map(|hierarchies| json!(hierarchies)));
        set("rating", numbers.0.map(Value::from));
        set("sale_price", numbers.1.map(Value::from));
        set("availability", rest.0.map(|n| json!(["IN_STOCK", "OUT_OF_STOCK", "PRE_ORDER"][usize::from(n)])));
        set("enable_question_answering", rest.1.map(Value::from));
        set("custom_attributes", rest.2.map(|(x, y)| json!({"x": x, "y": y})));
        serde_json::from_value(Value::Object(fields)).unwrap()
    })
}

/// Some ids are dates, which equal other spellings of their moment.
fn id(number: u8) -> String {
    match number {
        0 => "2024-01-31".to_owned(),
        1 => "2024-01-31T00:00:00Z".to_owned(),
        _ => format!("p{number}"),
    }
}

#[derive(Clone, Debug)]
enum Change {
    Put(Box<Product>),
    Delete(u8),
    Mention(u8),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => product().prop_map(|product| Change::Put(Box::new(product))),
        2 => (0..12_u8).prop_map(Change::Delete),
        1 => (0..12_u8).prop_map(Change::Mention),
    ]
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => text(),
        2 => number().prop_map(|number| number.to_string()),
        1 => proptest::sample::select(vec!["false", "True", "4e0", "NEW", "IN_STOCK", "p3", "nan", "inf"]).prop_map(str::to_owned),
    ]
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![Just(End::Open), literal().prop_map(End::Included), literal().prop_map(End::Excluded)]
}

/// A beginning of some text, or of a longer one.
fn prefix() -> impl Strategy<Value = String> {
    (text(), 0..80_usize).prop_map(|(text, length)| text.chars().take(length).collect())
}

fn pattern() -> impl Strategy<Value = String> {
    (prefix(), proptest::sample::select(vec!["*", "?", "*a", "?*", "*y*", "*日", "\\*b", "*\\?"]))
        .prop_map(|(prefix, rest)| format!("{}{rest}", prefix.replace('*', "\\*")))
}

fn field() -> impl Strategy<Value = Filter> {
    let name = proptest::sample::select(vec![
        "title",
        "html",
        "created_at",
        "product_group_id",
        "tags",
        "categories",
        "rating",
        "sale_price",
        "availability",
        "condition",
        "enable_question_answering",
        "product_id",
        "custom_attributes.x",
        "custom_attributes.y",
        "custom_attributes.x.a",
        "custom_attributes.x.b.c",
        "custom_attributes.y.b",
        "missing",
    ]);
    let test = prop_oneof![
        1 => Just(Test::Exists),
        4 => literal().prop_map(Test::Equals),
        2 => prefix().prop_map(Test::Prefix),
        2 => pattern().prop_map(Test::Wildcard),
        3 => (end(), end()).prop_map(|(low, high)| Test::Range { low, high }),
    ];
    (name, test).prop_map(|(name, test)| Filter::Field { name: name.to_owned(), test })
}

fn filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        8 => field(),
        1 => Just(Filter::All),
        1 => (proptest::sample::select(vec!["red", "shoe red", "", "lazy dog"]), any::<bool>())
            .prop_map(|(text, phrase)| Filter::FullText { text: text.to_owned(), phrase }),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::And),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::Or),
            inner.prop_map(|inner| Filter::Not(Box::new(inner))),
        ]
    })
}

const COUNTED: [&str; 9] =
    ["title", "html", "created_at", "tags", "categories", "rating", "availability", "product_id", "none"];

/// What `select` should find, by testing each record.
fn plain(catalogue: &Catalogue, records: &BTreeMap<String, Product>, filter: &Filter) -> RoaringBitmap {
    records
        .iter()
        .filter(|(_, product)| filter.matches(*product))
        .map(|(id, _)| catalogue.row(id).expect("a record has a row").0)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn select_finds_what_matches_finds(
        changes in proptest::collection::vec(change(), 0..30),
        filters in proptest::collection::vec(prop_oneof![field(), filter()], 1..12),
    ) {
        let mut catalogue = Catalogue::default();
        let mut records: BTreeMap<String, Product> = BTreeMap::new();
        for change in changes {
            match change {
                Change::Put(product) => {
                    put(&mut catalogue, &product);
                    records.insert(product.product_id.clone(), *product);
                }
                Change::Delete(number) => {
                    let had_record = records.remove(&id(number)).is_some();
                    prop_assert_eq!(catalogue.delete(&id(number)).is_some(), had_record);
                }
                Change::Mention(number) => _ = catalogue.intern(&id(number)),
            }
            // Once counted, a field keeps its texts by row, which later changes must keep up.
            let some: RoaringBitmap = catalogue.live().iter().step_by(2).collect();
            COUNTED.iter().for_each(|field| _ = catalogue.value_counts(field, &some, None));
        }
        let reopened = saved(&catalogue);
        for filter in &filters {
            let expected = plain(&catalogue, &records, filter);
            for catalogue in [&catalogue, &reopened] {
                let full_text = |text: &str, phrase| {
                    // An index may know rows that are no longer live.
                    let rest = RoaringBitmap::from_iter(50..60);
                    rest | plain(catalogue, &records, &Filter::FullText { text: text.to_owned(), phrase })
                };
                prop_assert_eq!(catalogue.select(filter, &full_text), expected.clone(), "{}", filter);
            }
        }
        let some: RoaringBitmap = catalogue.live().iter().step_by(2).collect();
        for field in COUNTED {
            for within in [catalogue.live(), &some] {
                let mut expected: BTreeMap<String, u64> = BTreeMap::new();
                for row in within {
                    let values: BTreeSet<String> = catalogue.values(ProductRow(row), field).into_iter().collect();
                    values.into_iter().for_each(|value| *expected.entry(value).or_insert(0) += 1);
                }
                for catalogue in [&catalogue, &reopened] {
                    let counted: BTreeMap<String, u64> = catalogue.value_counts(field, within, None).into_iter().collect();
                    prop_assert_eq!(&counted, &expected, "{}", field);
                    let best: BTreeMap<String, u64> = catalogue.value_counts(field, within, Some(2)).into_iter().collect();
                    let mut falling: Vec<u64> = expected.values().copied().collect();
                    falling.sort_unstable_by(|a, b| b.cmp(a));
                    let least = falling.get(1).or(falling.last()).copied().unwrap_or(0);
                    prop_assert!(best.iter().all(|(value, count)| expected.get(value) == Some(count)), "{}", field);
                    prop_assert!(expected.iter().all(|(value, count)| *count < least || best.contains_key(value)));
                }
            }
        }
        for (id, product) in &records {
            let row = catalogue.row(id).unwrap();
            let title = catalogue.title(row);
            prop_assert_eq!(title.as_deref(), product.title.as_deref());
            prop_assert_eq!(catalogue.number(row, "rating"), product.rating);
            prop_assert_eq!(catalogue.values(row, "tags"), product.tags.clone().unwrap_or_default());
            if let Some(group) = &product.product_group_id {
                let group = catalogue.group_named(group).unwrap();
                prop_assert_eq!(catalogue.group(row), Some(group));
                prop_assert!(catalogue.group_members(group).contains(&row));
            }
            for hierarchy in product.categories.iter().flatten().filter(|levels| !levels.is_empty()) {
                let prefix = &hierarchy[..1];
                let under: RoaringBitmap = records
                    .values()
                    .filter(|other| other.categories.iter().flatten().any(|levels| levels.starts_with(prefix)))
                    .map(|other| catalogue.row(&other.product_id).unwrap().0)
                    .collect();
                prop_assert_eq!(catalogue.in_category(prefix), under);
            }
        }
        for id in records.keys() {
            catalogue.delete(id);
        }
        prop_assert!(catalogue.columns.is_empty(), "fields are left after the last product");
        prop_assert_eq!(catalogue.live().len() + catalogue.in_stock().len(), 0);
        prop_assert!(catalogue.attribute_types().is_empty());
        prop_assert_eq!(catalogue.group(ProductRow(0)), None);
    }
}
