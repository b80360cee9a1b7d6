//! Properties: what is ignored is not found and what is not, is; more important texts go first; an attribute takes effect when the
//! index has been built anew, a field of the contract at once; an index of other settings is known as such when it is opened
//! again; what is wrong is told by the field.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::sync::Arc;

use record::Product;
use serde_json::{Value, json};
use state::ProductRow;
use tempfile::TempDir;
use uuid::Uuid;

use super::{Importance, SearchedFields};
use crate::{Index, TextQuery, TextSettings};

const EPOCH: Uuid = Uuid::from_u128(9);

fn settings(by_name: &[(&str, Importance)]) -> TextSettings {
    let by_name: BTreeMap<String, Importance> = by_name.iter().map(|(name, of)| ((*name).to_owned(), *of)).collect();
    TextSettings { searched: Arc::new(SearchedFields::new(by_name).unwrap()), ..TextSettings::default() }
}

fn products(fields: &[Value]) -> Vec<Product> {
    let product = |(at, fields): (usize, &Value)| {
        let mut fields = fields.clone();
        fields["product_id"] = json!(format!("id{at}"));
        serde_json::from_value(fields).unwrap()
    };
    fields.iter().enumerate().map(product).collect()
}

fn rows(products: &[Product]) -> Vec<(ProductRow, &Product)> {
    products.iter().enumerate().map(|(at, product)| (ProductRow(at as u32), product)).collect()
}

/// The index by these settings over these products.
fn index_of(settings: TextSettings, fields: &[Value]) -> (TempDir, Index) {
    let folder = TempDir::new().unwrap();
    let index = Index::open_with(folder.path(), EPOCH, settings).unwrap();
    index.update(&rows(&products(fields)), &[], 1).unwrap();
    (folder, index)
}

fn search(index: &Index, text: &str) -> Vec<u32> {
    let hits = index.search(&TextQuery { text, ..TextQuery::default() }, None).unwrap();
    hits.iter().map(|hit| hit.row.0).collect()
}

fn shop() -> [Value; 4] {
    [
        json!({"title": "Chair", "description": "walnut", "custom_attributes": {"wood": "oak", "sku": 4711}}),
        json!({"title": "Table", "tags": ["oak"], "custom_attributes": {"note": "walnut"}}),
        json!({"title": "Bench", "material": "walnut", "custom_attributes": {"wood": "teak", "note": "oak"}}),
        json!({"title": "Shelf", "brand": "Nord"}),
    ]
}

#[test]
fn what_is_ignored_is_not_found() {
    use Importance::Ignored;
    let off =
        [("custom_attributes.wood", Ignored), ("material", Ignored), ("brand", Ignored), ("description", Ignored)];
    let (_folder, index) = index_of(settings(&off), &shop());
    assert_eq!(search(&index, "oak"), [1, 2], "the tag and the other attribute");
    assert_eq!(search(&index, "walnut"), [1]);
    assert!(search(&index, "nord").is_empty() && search(&index, "teak").is_empty());
    assert_eq!(search(&index, "4711"), [0], "an article number as before");
}

#[test]
fn what_is_more_important_goes_first() {
    let orders =
        [(Importance::Normal, vec![1, 0, 2]), (Importance::High, vec![0, 1, 2]), (Importance::Low, vec![1, 2, 0])];
    for (importance, expected) in orders {
        let (_folder, index) =
            index_of(settings(&[("custom_attributes.wood", importance), ("tags", Importance::Normal)]), &shop());
        assert_eq!(search(&index, "oak"), expected, "{importance:?}");
    }
    let (_folder, index) = index_of(settings(&[("custom_attributes.sku", Importance::High)]), &shop());
    assert_eq!(search(&index, "4711"), [0]);
}

#[test]
fn a_field_of_the_contract_takes_effect_at_once_and_an_attribute_with_the_rebuild() {
    let (folder, index) = index_of(TextSettings::default(), &shop());
    index.set_settings(settings(&[("brand", Importance::Ignored), ("description", Importance::High)]));
    assert!(search(&index, "nord").is_empty() && !index.needs_rebuild());
    let ignored = settings(&[("custom_attributes.wood", Importance::Ignored)]);
    index.set_settings(ignored.clone());
    assert_eq!((search(&index, "teak"), index.needs_rebuild()), (vec![2], true), "the old one serves meanwhile");
    index.begin_rebuild().unwrap();
    index.fill(&rows(&products(&shop()))).unwrap();
    index.finish_rebuild().unwrap();
    assert!(search(&index, "teak").is_empty() && !index.needs_rebuild());
    drop(index);
    let again = Index::open_with(folder.path(), EPOCH, ignored).unwrap();
    assert!(search(&again, "teak").is_empty() && !again.needs_rebuild());
    drop(again);
    let other = Index::open_with(folder.path(), EPOCH, TextSettings::default()).unwrap();
    assert!(other.needs_rebuild(), "it was built by other settings");
}

#[test]
fn what_is_wrong_is_told_by_its_field() {
    let refused = |name: &str, importance| SearchedFields::new([(name.to_owned(), importance)].into()).unwrap_err();
    assert_eq!(refused("title", Importance::Ignored).0, "title");
    assert!(refused("colour", Importance::Low).1.contains("custom_attributes.name"));
    assert_eq!(refused("custom_attributes.", Importance::Low).0, "custom_attributes.");
    let plain = SearchedFields::new([("title".to_owned(), Importance::Normal)].into()).unwrap();
    assert_eq!(plain, SearchedFields::default(), "as a rule is nothing to keep");
    for importance in Importance::ALL {
        assert_eq!(Importance::from_name(importance.name()), Some(importance));
    }
}
