//! The properties of the index:
//! 1. A search finds exactly the products that a plain scan of their words finds, whatever was replaced and deleted before.
//! 2. Reopened, it answers the same; with another epoch, another schema or a damaged file it begins empty.
//! 3. Title counts more than brand, brand more than description; ties go by row; scores are above 0.
//! 4. Only allowed rows are found; excluded fields do not count.
//! 5. Text is read as a visitor sees it: markup gone, bar codes and model numbers found in every spelling.
//! 6. What a title names comes before what belongs to it; the thesaurus counts where the shop says nothing else.
//!
//! What languages, synonyms and stop words do is in `language_tests.rs`.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use proptest::prelude::*;
use record::Product;
use roaring::RoaringBitmap;
use serde_json::json;
use state::ProductRow;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Hit, Index, Synonyms, TextQuery, TextSettings};

const EPOCH: Uuid = Uuid::from_u128(7);

fn product(fields: serde_json::Value) -> Product {
    let mut fields = fields;
    fields["product_id"] = json!("p");
    serde_json::from_value(fields).unwrap()
}

/// An index over these products, in rows from 0.
fn index_of(products: &[serde_json::Value]) -> (TempDir, Index) {
    let folder = TempDir::new().unwrap();
    let index = Index::open(folder.path(), EPOCH).unwrap();
    let products: Vec<Product> = products.iter().cloned().map(product).collect();
    let puts: Vec<(ProductRow, &Product)> =
        products.iter().enumerate().map(|(at, p)| (ProductRow(at as u32), p)).collect();
    index.update(&puts, &[], 1).unwrap();
    (folder, index)
}

fn rows(hits: &[Hit]) -> Vec<u32> {
    assert!(hits.iter().all(|hit| hit.score > 0.0 && hit.score.is_finite()));
    hits.iter().map(|hit| hit.row.0).collect()
}

fn search(index: &Index, text: &str) -> Vec<u32> {
    rows(&index.search(&TextQuery { text, ..TextQuery::default() }, None).unwrap())
}

fn phrase(index: &Index, text: &str) -> Vec<u32> {
    rows(&index.search(&TextQuery { text, phrase: true, ..TextQuery::default() }, None).unwrap())
}

#[test]
fn title_counts_more_than_brand_and_brand_more_than_description() {
    let (_folder, index) = index_of(&[
        json!({"title": "nothing here", "description": "a lantern"}),
        json!({"title": "nothing here", "brand": "lantern"}),
        json!({"title": "lantern here", "description": "nothing"}),
        json!({"title": "other thing", "brand": "else", "description": "more"}),
    ]);
    assert_eq!(search(&index, "lantern"), [2, 1, 0]);
}

#[test]
fn equal_scores_go_by_row() {
    let same = json!({"title": "wool hat"});
    let (_folder, index) = index_of(&[same.clone(), same.clone(), json!({"title": "x"}), same]);
    assert_eq!(search(&index, "hat"), [0, 1, 3]);
}

#[test]
fn words_may_be_spread_over_fields_but_a_phrase_may_not() {
    let (_folder, index) = index_of(&[
        json!({"title": "red tent", "brand": "Nimbor"}),
        json!({"title": "tent red"}),
        json!({"title": "tent", "color": "red"}),
        json!({"title": "red", "tags": ["big", "tent"]}),
        json!({"tags": ["red", "tent"]}),
    ]);
    let mut all = search(&index, "Red TENTS");
    all.sort_unstable();
    assert_eq!(all, [0, 1, 2, 3, 4]);
    assert_eq!(search(&index, "red tent nimbor"), [0]);
    assert_eq!(phrase(&index, "red tent"), [0], "two tags are not neighbours");
    assert_eq!(phrase(&index, "tent"), search(&index, "tent"));
    assert!(search(&index, "red boat").is_empty());
    assert!(phrase(&index, "red boat").is_empty());
}

#[test]
fn a_query_without_words_finds_nothing() {
    let (_folder, index) = index_of(&[json!({"title": "a tent"})]);
    for text in ["", "   ", "*", "?!", "🏕"] {
        assert!(search(&index, text).is_empty());
        assert!(phrase(&index, text).is_empty());
    }
}

#[test]
fn an_empty_index_finds_nothing_and_a_product_without_text_does_no_harm() {
    let (_folder, index) = index_of(&[]);
    assert!(search(&index, "tent").is_empty());
    let (_folder, index) = index_of(&[json!({}), json!({"title": ""})]);
    assert!(search(&index, "tent").is_empty());
    assert_eq!(search(&index, "p"), [0, 1], "the id is found");
    assert_eq!(index.size().unwrap().products, 2);
}

#[test]
fn a_model_number_is_found_in_every_spelling() {
    let (_folder, index) = index_of(&[
        json!({"title": "Pavilo dv7-1211ea notebook"}),
        json!({"title": "Pavilo dv71211ea notebook"}),
        json!({"title": "Pavilo dv7 1211ea notebook"}),
        json!({"title": "Pavilo dv7-1300ea notebook"}),
    ]);
    let found = |text: &str| {
        let mut rows = search(&index, text);
        rows.sort_unstable();
        rows
    };
    assert_eq!(found("dv7-1211ea"), [0, 1, 2]);
    assert_eq!(found("DV71211EA"), [0, 1]);
    assert_eq!(found("dv7 1211ea"), [0, 1, 2]);
    assert_eq!(found("dv7"), [0, 2, 3]);
}

#[test]
fn characters_of_unspaced_scripts_are_found_side_by_side() {
    let (_folder, index) =
        index_of(&[json!({"title": "猫砂 大容量"}), json!({"title": "砂の猫"}), json!({"title": "캠핑 텐트를"})]);
    assert_eq!(search(&index, "猫砂"), [0]);
    assert_eq!(search(&index, "猫").len(), 2);
    assert_eq!(search(&index, "大容"), [0]);
    assert_eq!(search(&index, "텐트"), [2]);
}

#[test]
fn markup_is_not_text_but_entities_are() {
    let (_folder, index) = index_of(&[
        json!({"description": "<script>var hidden</script><p>Caf&eacute; &amp; cr<b>ea</b>m</p>", "html": "<div data-x='secret'>visible</div>"}),
    ]);
    assert_eq!(search(&index, "cafe cream visible"), [0]);
    for text in ["hidden", "secret", "script", "div", "eacute"] {
        assert!(search(&index, text).is_empty(), "{text}");
    }
}

#[test]
fn custom_attributes_are_found_and_bar_codes_as_numbers_too() {
    let (_folder, index) = index_of(&[
        json!({"title": "x", "custom_attributes": {"ean": 4006381333931u64, "SKU Code": "AB-12", "care": ["hand wash"], "weight": 77, "deep": {"a": [{"b": "inner"}]}}}),
    ]);
    for text in ["4006381333931", "ab12", "AB-12", "wash hand", "inner"] {
        assert_eq!(search(&index, text), [0], "{text}");
    }
    assert!(search(&index, "77").is_empty());
}

#[test]
fn excluded_fields_do_not_count() {
    let (_folder, index) = index_of(&[json!({"title": "tent", "description": "warm"}), json!({"description": "tent"})]);
    let excluded = ["title".to_owned()];
    let query = TextQuery { text: "tent", exclude_fields: &excluded, ..TextQuery::default() };
    assert_eq!(rows(&index.search(&query, None).unwrap()), [1]);
}

#[test]
fn a_field_of_a_megabyte_is_indexed_up_to_its_bound() {
    let long = format!("first {} last", "filler ".repeat(200_000));
    let (_folder, index) = index_of(&[json!({"description": long})]);
    assert_eq!(search(&index, "first"), [0]);
    assert!(search(&index, "last").is_empty());
    assert!(search(&index, &"absent ".repeat(100_000)).is_empty());
}

#[test]
fn another_epoch_begins_empty() {
    let (folder, index) = index_of(&[json!({"title": "tent"})]);
    drop(index);
    let other = Index::open(folder.path(), Uuid::from_u128(8)).unwrap();
    assert_eq!((other.position(), search(&other, "tent")), (0, vec![]));
    drop(other);
    let back = Index::open(folder.path(), EPOCH).unwrap();
    assert_eq!((back.position(), search(&back, "tent")), (0, vec![]));
}

#[test]
fn a_damaged_index_begins_empty_and_works() {
    let (folder, index) = index_of(&[json!({"title": "tent"})]);
    drop(index);
    let files: Vec<_> =
        std::fs::read_dir(folder.path().join("1")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let keep: Vec<(std::path::PathBuf, Vec<u8>)> = files
        .iter()
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .filter(|(_, bytes)| !bytes.is_empty())
        .collect();
    for (path, bytes) in keep.iter().filter(|(path, _)| !path.to_string_lossy().contains("managed")) {
        for (kept, content) in &keep {
            std::fs::write(kept, content).unwrap();
        }
        let mut damaged = bytes.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 0x55;
        std::fs::write(path, damaged).unwrap();
        let index = Index::open(folder.path(), EPOCH).unwrap();
        let found = search(&index, "tent");
        assert!(found.is_empty() == (index.position() == 0), "{}", path.display());
        let tent = product(json!({"title": "tent"}));
        index.update(&[(ProductRow(4), &tent)], &[ProductRow(0)], 9).unwrap();
        assert_eq!((index.position(), search(&index, "tent")), (9, vec![4]));
    }
}

#[test]
fn a_second_writer_is_refused_and_harms_nothing() {
    let (folder, index) = index_of(&[json!({"title": "tent"})]);
    assert!(Index::open(folder.path(), EPOCH).is_err());
    assert_eq!(search(&index, "tent"), [0]);
}

#[test]
fn searches_go_on_beside_an_update() {
    let (_folder, index) = index_of(&[json!({"title": "tent"})]);
    let stove = product(json!({"title": "stove"}));
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..10 {
                let puts: Vec<(ProductRow, &Product)> = (1..50).map(|row| (ProductRow(row), &stove)).collect();
                index.update(&puts, &[], round + 2).unwrap();
            }
        });
        while !writer.is_finished() {
            assert_eq!(search(&index, "tent"), [0]);
            let stoves = search(&index, "stove").len();
            assert!(stoves == 0 || stoves == 49, "a commit is seen whole: {stoves}");
        }
    });
    assert_eq!(index.position(), 11);
}

/// Words as written, with a number for the word they are.
const WORDS: [(&str, u8); 9] = [
    ("Tent", 0),
    ("tents", 0),
    ("TENT's", 0),
    ("crème", 1),
    ("Creme", 1),
    ("box", 2),
    ("boxes", 2),
    ("x200", 3),
    ("ÖSE", 4),
];

const FIELDS: [&str; 5] = ["title", "brand", "description", "color", "tags"];

#[derive(Clone, Debug)]
struct Plain {
    /// For each field of [`FIELDS`] the words in it, as places in [`WORDS`].
    words_by_field: Vec<Vec<usize>>,
}

impl Plain {
    fn product(&self) -> Product {
        let text =
            |field: usize| self.words_by_field[field].iter().map(|at| WORDS[*at].0).collect::<Vec<_>>().join(" ");
        let tags: Vec<&str> = self.words_by_field[4].iter().map(|at| WORDS[*at].0).collect();
        product(json!({"title": text(0), "brand": text(1), "description": text(2), "color": text(3), "tags": tags}))
    }

    fn matches(&self, query: &[usize], as_phrase: bool, excluded: &[String]) -> bool {
        let class = |at: &usize| WORDS[*at].1;
        let query: Vec<u8> = query.iter().map(class).collect();
        let fields: Vec<Vec<u8>> = self
            .words_by_field
            .iter()
            .enumerate()
            .filter(|(field, _)| !excluded.iter().any(|name| name == FIELDS[*field]))
            // Tags are values of their own: a phrase of two words cannot be in one.
            .flat_map(|(field, words)| {
                let classes: Vec<u8> = words.iter().map(class).collect();
                if field == 4 { classes.into_iter().map(|class| vec![class]).collect() } else { vec![classes] }
            })
            .collect();
        if as_phrase {
            fields.iter().any(|words| words.windows(query.len()).any(|window| window == query))
        } else {
            query.iter().all(|word| fields.iter().any(|words| words.contains(word)))
        }
    }
}

#[derive(Clone, Debug)]
struct Commit {
    puts: Vec<(u32, Plain)>,
    deletes: Vec<u32>,
}

fn commits() -> impl Strategy<Value = Vec<Commit>> {
    let words = || prop::collection::vec(0..WORDS.len(), 0..4);
    let plain = prop::collection::vec(words(), FIELDS.len()).prop_map(|words_by_field| Plain { words_by_field });
    let commit = (prop::collection::vec((0..12u32, plain), 0..8), prop::collection::vec(0..12u32, 0..3));
    prop::collection::vec(commit.prop_map(|(puts, deletes)| Commit { puts, deletes }), 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_search_finds_what_a_plain_scan_finds(
        commits in commits(),
        queries in prop::collection::vec((prop::collection::vec(0..WORDS.len(), 1..4), any::<bool>(), any::<bool>(), any::<u16>()), 1..12),
    ) {
        let folder = TempDir::new().unwrap();
        let mut plain = std::collections::BTreeMap::new();
        let mut index = Index::open(folder.path(), EPOCH).unwrap();
        for (at, commit) in commits.iter().enumerate() {
            let products: Vec<(ProductRow, Product)> = commit.puts.iter().map(|(row, p)| (ProductRow(*row), p.product())).collect();
            let puts: Vec<(ProductRow, &Product)> = products.iter().map(|(row, p)| (*row, p)).collect();
            let deletes: Vec<ProductRow> = commit.deletes.iter().map(|row| ProductRow(*row)).collect();
            index.update(&puts, &deletes, at as u64 + 1).unwrap();
            plain.extend(commit.puts.iter().cloned());
            plain.retain(|row, _| !commit.deletes.contains(row));
        }
        for reopened in [false, true] {
            if reopened {
                drop(index);
                index = Index::open(folder.path(), EPOCH).unwrap();
            }
            prop_assert_eq!(index.position(), commits.len() as u64);
            prop_assert_eq!(index.size().unwrap().products, plain.len() as u64);
            for (words, as_phrase, without_title, allowed) in &queries {
                let text = words.iter().map(|at| WORDS[*at].0).collect::<Vec<_>>().join(" ");
                let excluded = if *without_title { vec!["title".to_owned()] } else { Vec::new() };
                let allowed: RoaringBitmap = (0..16).filter(|row| allowed >> row & 1 == 1).collect();
                let query = TextQuery { text: &text, phrase: *as_phrase, exclude_fields: &excluded, ..TextQuery::default() };
                let mut found = rows(&index.search(&query, Some(&allowed)).unwrap());
                found.sort_unstable();
                let expected: Vec<u32> = plain
                    .iter()
                    .filter(|(row, p)| allowed.contains(**row) && p.matches(words, *as_phrase, &excluded))
                    .map(|(row, _)| *row)
                    .collect();
                prop_assert_eq!(found, expected, "{} {}", text, as_phrase);
            }
        }
    }
}

#[test]
fn what_a_title_names_comes_before_what_belongs_to_it() {
    let (_folder, index) = index_of(&[
        json!({"title": "Laptop sleeve"}),
        json!({"title": "Charger for any laptop"}),
        json!({"title": "Norda laptop silver 14 inch"}),
        json!({"title": "Laptop rollator", "categories": [["Home", "Rollators"]]}),
    ]);
    assert_eq!(search(&index, "laptop")[0], 2);
    // Who names what belongs to it means that.
    assert_eq!(search(&index, "laptop sleeve"), [0]);
    assert_eq!(search(&index, "sleeve laptop"), [0]);
    // Its maker's name is no mention.
    let (_folder, index) =
        index_of(&[json!({"title": "Norda charger", "brand": "Norda"}), json!({"title": "Norda x", "brand": "Norda"})]);
    let hits = index.search(&TextQuery { text: "norda", ..TextQuery::default() }, None).unwrap();
    assert!((hits[0].score / hits[1].score - 1.0).abs() < 0.1, "{hits:?}");
}

#[test]
fn a_category_that_names_what_is_meant_decides() {
    let (_folder, index) = index_of(&[
        json!({"title": "Norda desk", "categories": [["Home", "Desk lamps"]]}),
        json!({"title": "Norda desk", "categories": [["Home", "Chairs & desks"]]}),
    ]);
    assert_eq!(search(&index, "desks"), [1, 0]);
}

#[test]
fn what_a_title_names_in_other_words_comes_before_what_only_mentions_it() {
    let (_folder, index) = index_of(&[
        json!({ "product_id": "a", "title": "Acme enclosure for a solid state drive" }),
        json!({ "product_id": "b", "title": "Acme internal drive, solid as no state was" }),
        json!({ "product_id": "c", "title": "Acme internal solid state drive of 80 GB, fit for all that a day brings" }),
    ]);
    assert_eq!(search(&index, "ssd"), [2, 0]);
}

#[test]
fn the_thesaurus_finds_what_shoppers_call_otherwise() {
    let (_folder, index) = index_of(&[
        json!({"title": "Grey sofa"}),
        json!({"title": "Leather couch"}),
        json!({"title": "Acme laptop"}),
        json!({"title": "Ruled notebook"}),
        json!({"title": "Internal solid state drive 1 TB"}),
    ]);
    assert_eq!(search(&index, "couch"), [1, 0]);
    assert_eq!(search(&index, "ssd"), [4]);
    // Words of several meanings: no product has both.
    assert_eq!(search(&index, "laptop"), [2]);
    index.set_settings(TextSettings { own_synonyms_only: true, ..(*index.settings()).clone() });
    assert_eq!(search(&index, "couch"), [1]);
    // Of what the shop's own rules name, they say all.
    let synonyms = Arc::new(Synonyms::parse("couch => bench").unwrap());
    index.set_settings(TextSettings { own_synonyms_only: false, synonyms, ..(*index.settings()).clone() });
    assert_eq!(search(&index, "couch"), [1]);
    let (_folder, index) = index_of(&[
        json!({"title": "Acme notebook"}),
        json!({"title": "Acme laptop"}),
        json!({"title": "Sleeve", "description": "For every laptop and notebook"}),
    ]);
    assert_eq!(search(&index, "laptop"), [1, 2, 0]);
}

#[test]
fn a_model_is_found_however_it_is_parted_and_a_word_in_either_kana() {
    let (_folder, index) =
        index_of(&[json!({"title": "SM-G991B"}), json!({"title": "SM G991 B"}), json!({"title": "テント"})]);
    for typed in ["sm-g991b", "SM G991 B"] {
        let mut found = search(&index, typed);
        found.sort_unstable();
        assert_eq!(found, [0, 1], "{typed}");
    }
    assert_eq!(search(&index, "smg991b"), [0]);
    assert_eq!(search(&index, "てんと"), [2]);
    assert_eq!(search(&index, "ﾃﾝﾄ"), [2]);
}
