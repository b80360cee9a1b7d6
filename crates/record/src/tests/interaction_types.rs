use serde_json::{Value, json};

use super::{full_interaction, interaction, interaction_lines};
use crate::InteractionType;

/// The fields that only some types have, as the published schemas `ProductDetailPageView` to `Custom` list them.
const OWN_FIELDS: &str = "
    product_detail_page_view: duration product_group_ids product_ids
    search: search
    add_to_cart: product_group_ids product_ids quantities
    remove_from_cart: product_group_ids product_ids
    checkout: product_group_ids product_ids quantities revenue
    refund: product_group_ids product_ids
    subscribe: product_group_ids product_ids
    unsubscribe: product_group_ids product_ids
    add_to_collection: product_group_ids product_ids
    remove_from_collection: product_group_ids product_ids
    read: duration product_group_ids product_ids
    watch: duration product_group_ids product_ids
    listen: duration product_group_ids product_ids
    like: product_group_ids product_ids
    dislike: product_group_ids product_ids
    share: product_group_ids product_ids
    rate: product_group_ids product_ids rating
    bookmark: product_group_ids product_ids
    complete: product_group_ids product_ids
    feedback: question_id result_type value
    impression: product_group_ids product_ids
    viewable_impression: product_group_ids product_ids
    click: product_group_ids product_ids
    submit: product_group_ids product_ids
    home_page_view: duration
    category_page_view: category duration
    promo_page_view: duration product_group_ids product_ids
    product_image_view: product_group_ids product_ids
    custom: custom_action_name product_group_ids product_ids";

const ALL_OWN_FIELDS: [&str; 12] = [
    "product_ids",
    "product_group_ids",
    "duration",
    "quantities",
    "revenue",
    "rating",
    "search",
    "category",
    "custom_action_name",
    "question_id",
    "result_type",
    "value",
];

pub(super) fn own_fields(kind: InteractionType) -> Vec<&'static str> {
    let line = OWN_FIELDS.lines().find_map(|line| line.trim().strip_prefix(&format!("{}:", kind.name())));
    line.unwrap().split_whitespace().collect()
}

pub(super) fn example(name: &str) -> Value {
    match name {
        "product_ids" | "product_group_ids" | "category" => json!(["p1", "p2"]),
        "duration" | "revenue" | "rating" => json!(4.5),
        "quantities" => json!([1, 2]),
        "search" => json!({"keywords": "boots", "filters": {"brand": ["Nordwand"]}}),
        _ => json!("x"),
    }
}

#[test]
fn the_table_of_this_test_has_all_29_types() {
    assert_eq!(OWN_FIELDS.trim().lines().count(), 29);
    assert_eq!(InteractionType::ALL.len(), 29);
}

#[test]
fn each_type_takes_all_of_its_fields() {
    for kind in InteractionType::ALL {
        let record = full_interaction(kind);
        assert_eq!(interaction_lines(std::slice::from_ref(&record)), [""; 0], "{kind:?}");
        let written: Value = serde_json::from_str(&interaction(record.clone()).to_json()).unwrap();
        for (name, _) in record.as_object().unwrap() {
            assert!(written.get(name).is_some(), "{kind:?} loses {name}");
        }
    }
}

#[test]
fn each_type_refuses_every_field_of_other_types() {
    for kind in InteractionType::ALL {
        let own = own_fields(kind);
        for name in ALL_OWN_FIELDS.into_iter().filter(|name| !own.contains(name)) {
            let mut record = full_interaction(kind);
            record[name] = example(name);
            let expected = format!(
                "data.0.{name} is invalid. The attribute is not allowed in an interaction of type '{}'. \
                 Please remove it, or put it into 'context.custom_context'.",
                kind.name()
            );
            assert_eq!(interaction_lines(&[record.clone()]), [expected]);
            record[name] = Value::Null;
            assert_eq!(interaction_lines(&[record]), [""; 0], "null is absent");
        }
    }
}

#[test]
fn an_empty_list_is_absent_also_where_the_type_has_no_such_list() {
    for name in ["product_ids", "product_group_ids", "quantities", "category"] {
        assert_eq!(interaction_lines(&[json!({"type": "feedback", name: []})]), [""; 0]);
    }
}

#[test]
fn only_a_custom_interaction_needs_the_name_of_its_action() {
    for kind in InteractionType::ALL {
        let lines = interaction_lines(&[json!({"type": kind.name()})]);
        match kind {
            InteractionType::Custom => {
                assert_eq!(lines, ["data.0.custom_action_name is invalid. The attribute is required."]);
            }
            _ => assert_eq!(lines, [""; 0]),
        }
    }
}

#[test]
fn numbers_and_names_of_types_lead_back_to_them() {
    for (number, kind) in InteractionType::ALL.into_iter().enumerate() {
        assert_eq!(kind as usize, number);
        assert_eq!(InteractionType::from_number(kind as u8), Some(kind));
        assert_eq!(InteractionType::from_name(kind.name()), Some(kind));
    }
    assert_eq!(InteractionType::from_number(29), None);
    assert_eq!(InteractionType::from_name("Search"), None);
}

#[test]
fn quantities_may_be_one_number() {
    assert_eq!(interaction(json!({"type": "add_to_cart", "quantities": 2})).quantities, [2.0]);
    assert_eq!(interaction(json!({"type": "add_to_cart", "quantities": [2, 0.5]})).quantities, [2.0, 0.5]);
    assert_eq!(interaction(json!({"type": "add_to_cart", "quantities": null})).quantities, [0.0; 0]);
}

#[test]
fn an_empty_id_names_nobody() {
    let interaction = interaction(json!({"type": "like", "user_id": "", "anonymous_id": "a"}));
    assert_eq!((interaction.user_id, interaction.anonymous_id.as_deref()), (None, Some("a")));
}
