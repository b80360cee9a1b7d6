use serde_json::json;

use super::{Catalogue, ProductRow, catalogue, check, product, put, saved, shop};

#[test]
fn a_row_is_given_at_the_first_mention_and_kept() {
    let mut catalogue = Catalogue::default();
    let mentioned = catalogue.intern("p1");
    assert_eq!(catalogue.live().len(), 0);
    assert_eq!(catalogue.body(mentioned), None);
    assert_eq!(put(&mut catalogue, &product(json!({"product_id": "p1"}))), mentioned);
    assert_eq!(catalogue.delete("p1"), Some(mentioned));
    assert_eq!(catalogue.delete("p1"), None, "it has no record any more");
    assert_eq!(catalogue.delete("never"), None);
    assert_eq!(catalogue.row("p1"), Some(mentioned), "interactions that name it stay");
    assert_eq!(put(&mut catalogue, &product(json!({"product_id": "p1"}))), mentioned);
    assert_eq!((catalogue.rows(), catalogue.id(mentioned)), (1, "p1"));
    assert_eq!(catalogue.id(ProductRow(7)), "");
}

#[test]
fn stock_follows_the_newest_record() {
    let mut catalogue = shop();
    assert_eq!(catalogue.in_stock().iter().collect::<Vec<_>>(), [0, 2]);
    put(&mut catalogue, &product(json!({"product_id": "p1", "availability": "PRE_ORDER"})));
    put(&mut catalogue, &product(json!({"product_id": "p0", "availability": "OUT_OF_STOCK"})));
    catalogue.delete("p2");
    assert_eq!(catalogue.in_stock().iter().collect::<Vec<_>>(), [1]);
    assert_eq!(catalogue.live().iter().collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_group_has_the_members_with_a_record_and_one_row_for_itself() {
    let mut catalogue = shop();
    let group = catalogue.group_named("shoe").unwrap();
    assert_eq!(catalogue.group(ProductRow(0)), Some(group));
    assert_eq!(catalogue.group_members(group), [ProductRow(0), ProductRow(1)]);
    let stands_for_it = catalogue.intern_group("shoe");
    assert_eq!(catalogue.intern_group("shoe"), stands_for_it);
    assert_eq!(catalogue.group_of_group_row(stands_for_it), Some(group));
    assert_eq!(catalogue.id(stands_for_it), "");
    assert_eq!(catalogue.group_of_group_row(ProductRow(0)), None);
    catalogue.delete("p0");
    assert_eq!(catalogue.group_members(group), [ProductRow(1)]);
    assert_eq!(catalogue.group(ProductRow(0)), None);
    assert_eq!(catalogue.group_named("lamp"), None);
    check(&catalogue, "*:*", &["p1", "p2"]);
}

#[test]
fn a_parent_may_come_after_its_child() {
    let mut catalogue = Catalogue::default();
    let child = put(&mut catalogue, &product(json!({"product_id": "child", "parent_id": "parent"})));
    assert_eq!(catalogue.parent(child), None);
    let parent = put(&mut catalogue, &product(json!({"product_id": "parent"})));
    assert_eq!(catalogue.parent(child), Some(parent));
    put(&mut catalogue, &product(json!({"product_id": "child"})));
    assert_eq!(catalogue.parent(child), None);
}

#[test]
fn a_category_is_found_by_the_beginning_of_its_hierarchy() {
    let catalogue = shop();
    let under = |levels: &[&str]| {
        let levels: Vec<String> = levels.iter().map(|&level| level.to_owned()).collect();
        catalogue.in_category(&levels).iter().collect::<Vec<u32>>()
    };
    assert_eq!(under(&[]), [0, 1, 2]);
    assert_eq!(under(&["Shoes"]), [0, 1]);
    assert_eq!(under(&["Shoes", "Running"]), [0], "not the hierarchy whose names run together to the same text");
    assert_eq!(under(&["Gifts"]), [0]);
    assert_eq!(under(&["Running"]), [0; 0]);
}

#[test]
fn a_category_far_below_the_indexed_levels_is_found() {
    let deep: Vec<String> = (0..40).map(|level| format!("level {level}")).collect();
    let mut other = deep.clone();
    other[39] = "another".to_owned();
    let mut catalogue = Catalogue::default();
    put(&mut catalogue, &product(json!({"product_id": "p0", "categories": [deep]})));
    put(&mut catalogue, &product(json!({"product_id": "p1", "categories": [other]})));
    assert_eq!(catalogue.in_category(&deep[..39]).len(), 2);
    assert_eq!(catalogue.in_category(&deep).iter().collect::<Vec<_>>(), [0]);
}

#[test]
fn a_forgotten_name_is_gone_for_good() {
    let mut catalogue = shop();
    let product_row = catalogue.intern("only-ann-named-this");
    let group_row = catalogue.intern_group("only-ann-named-this-group");
    let shoes = catalogue.intern_group("shoe");
    let rows = catalogue.rows();
    catalogue.forget(&[product_row, group_row, shoes, ProductRow(0), ProductRow(999)]);
    assert_eq!(catalogue.row("only-ann-named-this"), None);
    assert_eq!(catalogue.id(product_row), "");
    assert_eq!(catalogue.group_named("only-ann-named-this-group"), None);
    assert_eq!(catalogue.group_of_group_row(group_row), None);
    assert_eq!(catalogue.row("p0"), Some(ProductRow(0)), "it has a record");
    assert_eq!(catalogue.intern_group("shoe"), shoes, "records are in the group");
    assert_eq!(catalogue.intern("only-ann-named-this"), ProductRow(rows), "a row is never given again");
    let group = catalogue.intern_group("only-ann-named-this-group");
    assert_eq!(group, ProductRow(rows + 1));
    assert_eq!(saved(&catalogue).id(product_row), "");
}

#[test]
fn prices_numbers_titles_and_values_are_read_by_row() {
    let catalogue = shop();
    let row = |id| catalogue.row(id).unwrap();
    assert_eq!(catalogue.price(row("p0")), Some(50.0));
    assert_eq!(catalogue.price(row("p1")), Some(60.0));
    assert_eq!(catalogue.price(row("p2")), None);
    assert_eq!(catalogue.number(row("p2"), "custom_attributes.watts"), Some(9.0));
    assert_eq!(catalogue.number(row("p2"), "title"), None);
    assert_eq!(catalogue.title(row("p2")).as_deref(), Some("Lamp"));
    assert_eq!(catalogue.values(row("p2"), "custom_attributes.tags"), ["a", "b"]);
    assert_eq!(catalogue.values(row("p2"), "custom_attributes.led"), ["true"]);
    assert_eq!(catalogue.values(row("p0"), "categories"), ["Shoes", "Running", "Gifts"]);
    assert_eq!(catalogue.values(ProductRow(99), "title"), [""; 0]);
}

#[test]
fn a_single_text_is_read_without_the_rest_of_the_record() {
    let catalogue = catalogue(&[json!({"product_id": "p0", "title": "5\" disk \u{e9}", "brand": null, "tags": ["a"],
                                       "custom_attributes": {"title": "not this one"}})]);
    let text = |field| catalogue.text(ProductRow(0), field);
    assert_eq!(text("title").as_deref(), Some("5\" disk é"));
    assert_eq!(text("product_id").as_deref(), Some("p0"));
    assert_eq!(text("brand"), None);
    assert_eq!(text("tags"), None);
    assert_eq!(text("description"), None);
    assert_eq!(catalogue.text(ProductRow(1), "title"), None);
}
