use std::{fmt::Debug, slice::from_ref};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{body, full_interaction, full_product, full_user, mutations};
use crate::{
    Interaction, InteractionType, Product, RecordKind, User, check_record, parse_product_patches,
    typed::Record,
    upload::{parse_each, parse_typed},
    validate::drop_nulls_within,
};

/// The claim of this file for one record, whatever it is.
fn check<T: Record + PartialEq + Debug>(record: &Value) {
    let errors = check_record(T::KIND, record);
    let thorough = parse_each::<T>(&body(from_ref(record)));
    assert_eq!(thorough.is_ok(), errors.is_empty(), "{record} {errors:?} {thorough:?}");

    let mut without_nulls = record.clone();
    drop_nulls_within(&mut without_nulls);
    let fast = parse_typed::<T>(&body(&[without_nulls]));
    assert_eq!(fast.is_some(), errors.is_empty(), "{record} {errors:?} {fast:?}");
    assert_eq!(fast, thorough.ok(), "{record}");

    // With its nulls the fast path may leave a record to the other, but never takes one that is wrong or another one.
    if let Some(read) = parse_typed::<T>(&body(from_ref(record))) {
        assert_eq!(Some(read), fast, "{record}");
    }
}

fn check_kind(kind: RecordKind, record: &Value) {
    match kind {
        RecordKind::Product => check::<Product>(record),
        RecordKind::User => check::<User>(record),
        RecordKind::Interaction => check::<Interaction>(record),
    }
}

#[test]
fn full_records_are_read_on_the_fast_path() {
    assert!(parse_typed::<Product>(&body(&[full_product()])).is_some());
    assert!(parse_typed::<User>(&body(&[full_user()])).is_some());
    let interactions: Vec<Value> = InteractionType::ALL.into_iter().map(full_interaction).collect();
    assert_eq!(parse_typed::<Interaction>(&body(&interactions)).unwrap().len(), 29);
}

#[test]
fn nulls_of_fields_do_not_leave_the_fast_path() {
    let nulls = |mut record: Value, required: &str| {
        record
            .as_object_mut()
            .unwrap()
            .iter_mut()
            .filter(|(name, _)| *name != required)
            .for_each(|(_, value)| *value = Value::Null);
        record
    };
    assert!(parse_typed::<Product>(&body(&[nulls(full_product(), "product_id")])).is_some());
    assert!(parse_typed::<User>(&body(&[nulls(full_user(), "user_id")])).is_some());
    for kind in InteractionType::ALL.into_iter().filter(|kind| *kind != InteractionType::Custom) {
        assert!(parse_typed::<Interaction>(&body(&[nulls(full_interaction(kind), "type")])).is_some());
    }
}

#[test]
fn every_single_change_gets_the_same_verdict_on_both_paths() {
    use InteractionType::*;
    let mut accepted = 0;
    let mut check_changes = |kind, record: &Value| {
        for changed in mutations::single_changes(record) {
            check_kind(kind, &changed);
            accepted += usize::from(check_record(kind, &changed).is_empty());
        }
    };
    check_changes(RecordKind::Product, &full_product());
    check_changes(RecordKind::User, &full_user());
    // Together they have every field that an interaction can have.
    for kind in [Search, Checkout, Watch, Rate, CategoryPageView, Feedback, Custom] {
        check_changes(RecordKind::Interaction, &full_interaction(kind));
    }
    assert!(accepted > 1_000, "both verdicts must come up, but only {accepted} records were accepted");
}

/// Any JSON, with names that the schemas know among others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
    ];
    let name = || {
        prop_oneof![
            prop::sample::select(vec![
                "product_id",
                "type",
                "context",
                "page",
                "custom_attributes",
                "location",
                "children"
            ])
            .prop_map(str::to_owned),
            "[a-z_.]{0,6}",
        ]
    };
    leaf.prop_recursive(5, 40, 6, move |inside| {
        prop_oneof![
            prop::collection::vec(inside.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name(), inside), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn both_paths_give_the_same_verdict_and_the_same_record(
        (kind, record) in mutations::kinds().prop_flat_map(|kind| (Just(kind), mutations::records(kind, 4)))
    ) {
        check_kind(kind, &record);
    }

    #[test]
    fn any_json_gets_a_verdict(kind in mutations::kinds(), record in any_json()) {
        check_kind(kind, &record);
        let _ = parse_product_patches(&body(&[record]));
    }

    #[test]
    fn any_bytes_get_a_verdict(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_bytes(&bytes);
    }

    #[test]
    fn a_good_body_with_some_bytes_changed_gets_a_verdict(
        kind in prop::sample::select(InteractionType::ALL.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        kept in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        for record in [full_interaction(kind), full_product(), full_user()] {
            let mut bytes = body(&[record]);
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            if is_cut {
                bytes.truncate(kept.index(bytes.len()));
            }
            check_bytes(&bytes);
        }
    }
}

/// A body is taken or refused for a reason, and the fast path takes none that the other refuses.
fn check_bytes(bytes: &[u8]) {
    fn check<T: Record + PartialEq + Debug>(bytes: &[u8]) {
        let thorough = parse_each::<T>(bytes);
        if let Err(refusals) = &thorough {
            assert!(!refusals.lines().is_empty());
        }
        if let Some(records) = parse_typed::<T>(bytes) {
            assert_eq!(Some(records), thorough.ok());
        }
    }
    check::<Product>(bytes);
    check::<User>(bytes);
    check::<Interaction>(bytes);
    let _ = parse_product_patches(bytes);
}
