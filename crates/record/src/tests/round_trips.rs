use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{body, full_interaction, full_product, full_user, interaction, mutations, product, user};
use crate::{
    Interaction, InteractionType, Product, RecordKind, User, check_record, parse_interactions, parse_product_patches,
    parse_products, parse_users, validate::drop_nulls_within,
};

#[test]
fn every_field_of_a_product_is_kept() {
    let written: Value = serde_json::from_str(&product(full_product()).to_json()).unwrap();
    let mut expected = full_product();
    // Numbers of fields are kept as floating-point numbers, those of custom attributes as they came.
    for name in ["original_price", "rating"] {
        expected[name] = json!(expected[name].as_f64().unwrap());
    }
    assert_eq!(written, expected);
}

#[test]
fn every_field_of_a_user_is_kept() {
    assert_eq!(serde_json::from_str::<Value>(&user(full_user()).to_json()).unwrap(), full_user());
}

#[test]
fn every_field_of_an_interaction_is_kept() {
    for kind in InteractionType::ALL {
        let mut expected = full_interaction(kind);
        if let Some(quantities) = expected.get_mut("quantities") {
            *quantities = json!([1.0, 2.0]);
        }
        assert_eq!(serde_json::from_str::<Value>(&interaction(full_interaction(kind)).to_json()).unwrap(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 20_000, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn a_record_reads_back_from_its_json(
        (kind, record) in mutations::kinds().prop_flat_map(|kind| (Just(kind), mutations::records(kind, 2)))
    ) {
        let sent = body(&[record]);
        let again = |json: String| format!("{{\"data\":[{json}]}}").into_bytes();
        match kind {
            RecordKind::Product => if let Ok(products) = parse_products(&sent) {
                let json = products[0].to_json();
                prop_assert_eq!(&Product::from_json(&json).unwrap(), &products[0]);
                prop_assert_eq!(parse_products(&again(json)).unwrap(), products);
            },
            RecordKind::User => if let Ok(users) = parse_users(&sent) {
                let json = users[0].to_json();
                prop_assert_eq!(&User::from_json(&json).unwrap(), &users[0]);
                prop_assert_eq!(parse_users(&again(json)).unwrap(), users);
            },
            RecordKind::Interaction => if let Ok(interactions) = parse_interactions(&sent) {
                let json = interactions[0].to_json();
                prop_assert_eq!(&Interaction::from_json(&json).unwrap(), &interactions[0]);
                prop_assert_eq!(parse_interactions(&again(json)).unwrap(), interactions);
            },
        }
    }

    #[test]
    fn a_patch_does_what_editing_the_json_would(
        base in mutations::records(RecordKind::Product, 2),
        changes in mutations::records(RecordKind::Product, 6),
        nulls in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        prop_assume!(check_record(RecordKind::Product, &base).is_empty());
        prop_assume!(changes.is_object());
        let mut changes = changes;
        for at in nulls {
            let mut values: Vec<&mut Value> = changes.as_object_mut().unwrap().values_mut().collect();
            if !values.is_empty() {
                let at = at.index(values.len());
                *values[at] = Value::Null;
            }
        }
        changes["product_id"] = base["product_id"].clone();
        let patches = parse_product_patches(&body(&[changes.clone()]));
        prop_assert_eq!(patches.is_ok(), check_record(RecordKind::Product, &changes).is_empty());
        if let Ok(patches) = patches {
            let expected = edited(base.clone(), changes.as_object().unwrap());
            let product = product(base);
            prop_assert_eq!(&patches[0].product_id, &product.product_id);
            prop_assert_eq!(patches[0].apply(&product), super::product(expected));
        }
    }
}

/// The plain way: edits the JSON as it was sent.
fn edited(mut base: Value, changes: &Map<String, Value>) -> Value {
    drop_nulls_within(&mut base);
    for (name, change) in changes {
        let merged = match (name.as_str(), base.get(name), change) {
            ("custom_attributes", Some(Value::Object(before)), Value::Object(change)) => {
                let mut merged = before.clone();
                for (name, value) in change {
                    merged.insert(name.clone(), value.clone());
                }
                Value::Object(merged)
            }
            _ => change.clone(),
        };
        base[name] = merged;
    }
    drop_nulls_within(&mut base);
    base
}

fn check_patch(base: Value, change: Value, expected: Value) {
    let patch = parse_product_patches(&body(&[change])).unwrap().remove(0);
    assert_eq!(patch.apply(&product(base)), product(expected));
}

#[test]
fn a_patch_replaces_fields_and_leaves_the_others() {
    check_patch(
        json!({"product_id": "p", "title": "old", "tags": ["a", "b"], "sale_price": 2}),
        json!({"product_id": "p", "title": "new", "tags": ["c"], "availability": "IN_STOCK"}),
        json!({"product_id": "p", "title": "new", "tags": ["c"], "sale_price": 2, "availability": "IN_STOCK"}),
    );
}

#[test]
fn null_in_a_patch_removes_a_field() {
    check_patch(
        json!({"product_id": "p", "title": "old", "custom_attributes": {"a": 1}}),
        json!({"product_id": "p", "title": null, "custom_attributes": null, "brand": null, "unknown": null}),
        json!({"product_id": "p"}),
    );
}

#[test]
fn custom_attributes_of_a_patch_merge_by_key() {
    check_patch(
        json!({"product_id": "p", "custom_attributes": {"kept": 1, "changed": {"a": 1, "b": 2}, "gone": true}}),
        json!({"product_id": "p", "custom_attributes": {"changed": {"a": 3, "c": null}, "gone": null, "new": ["x"]}}),
        json!({"product_id": "p", "custom_attributes": {"kept": 1, "changed": {"a": 3}, "new": ["x"]}}),
    );
    check_patch(
        json!({"product_id": "p"}),
        json!({"product_id": "p", "custom_attributes": {"new": 1, "gone": null}}),
        json!({"product_id": "p", "custom_attributes": {"new": 1}}),
    );
}

#[test]
fn a_patch_needs_the_id_and_is_checked_as_a_product_is() {
    let lines =
        parse_product_patches(&body(&[json!({"title": "t"}), json!({"product_id": "p", "tags": "x", "id": 1})]))
            .unwrap_err()
            .lines();
    assert_eq!(
        lines,
        [
            "data.0.product_id is invalid. The attribute is required.",
            "data.1.tags is invalid. The attribute was expected to be of type ''array', 'null'' but type 'string' was given.",
            "data.1.id is invalid. The attribute is not known. Please remove it, or put it into 'custom_attributes'.",
        ]
    );
}

#[test]
fn a_patch_that_adds_up_to_too_many_attributes_is_refused() {
    let attributes =
        |range: std::ops::Range<usize>| (range.map(|number| (format!("a{number}"), json!(1)))).collect::<Map<_, _>>();
    let product = product(json!({"product_id": "p", "custom_attributes": attributes(0..999)}));
    let refusal = |changes: Value| {
        let patch = json!({"product_id": "p", "custom_attributes": changes});
        parse_product_patches(&body(&[patch])).unwrap()[0].refusal(4, &product).map(|refusal| refusal.to_string())
    };
    assert_eq!(refusal(json!({"a0": 2, "new": 1})), None);
    assert_eq!(refusal(json!({"a0": null, "new": 1, "newer": 2})), None);
    assert_eq!(
        refusal(json!({"a0": 2, "new": 1, "newer": 2})).unwrap(),
        "data.4.custom_attributes is invalid. The attribute should have at most 1000 names but has 1001."
    );
    assert_eq!(refusal(Value::Null), None);
}
