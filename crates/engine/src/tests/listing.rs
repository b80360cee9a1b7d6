//! Properties proved here: `fl` shows the id and what it names, in the record's own order, wildcards and paths included.

use serde_json::{Value, json};

use super::{World, world};

fn shown(world: &World, fl: Value) -> String {
    let answer = world.ask("mget", &json!({"product_ids": ["a"], "fl": fl})).unwrap();
    let mut product = answer.data["products"][0].clone();
    product.as_object_mut().unwrap().remove("_found");
    product.to_string()
}

#[test]
fn fl_names_what_is_shown() {
    let world = world("product a title=A brand=Nike color=red size=M");
    for (fl, expected) in [
        (json!([]), r#"{"product_id":"a"}"#),
        (json!(["title"]), r#"{"product_id":"a","title":"A"}"#),
        (json!(["brand", "title"]), r#"{"product_id":"a","title":"A","brand":"Nike"}"#),
        (json!(["none"]), r#"{"product_id":"a"}"#),
        (json!(["custom_attributes.color"]), r#"{"product_id":"a","custom_attributes":{"color":"red"}}"#),
        (json!(["attributes.size"]), r#"{"product_id":"a","custom_attributes":{"size":"M"}}"#),
        (json!(["custom_attributes.*"]), r#"{"product_id":"a","custom_attributes":{"color":"red","size":"M"}}"#),
        (json!(["custom_attributes"]), r#"{"product_id":"a","custom_attributes":{"color":"red","size":"M"}}"#),
        (json!(["*_attributes.s*e", "b*"]), r#"{"product_id":"a","brand":"Nike"}"#),
        (json!(["custom_attributes.s*e"]), r#"{"product_id":"a","custom_attributes":{"size":"M"}}"#),
        (
            json!(["*"]),
            r#"{"product_id":"a","title":"A","brand":"Nike","custom_attributes":{"color":"red","size":"M"}}"#,
        ),
    ] {
        assert_eq!(shown(&world, fl.clone()), expected, "{fl}");
    }
}
