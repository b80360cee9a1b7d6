//! The properties of languages and of a shop's own words:
//! 1. In each language a word is found in its other forms, and a compound by its parts; model numbers are found in every spelling.
//! 2. A catalogue of several languages is searched in all of them; with a language asked for, in that one and its translations.
//! 3. A synonym finds what it means, in the directions it says; what is wrong with a rule is told with its place.
//! 4. A stop word weakens a query and never loses it.
//! 5. An index built beside the one that serves has all that came meanwhile, and takes its place at once.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use record::Product;
use serde_json::json;
use state::ProductRow;
use tempfile::TempDir;
use uuid::Uuid;

use crate::{Index, Language, StopWords, Synonyms, TextQuery, TextSettings};

const EPOCH: Uuid = Uuid::from_u128(7);

fn product(mut fields: serde_json::Value) -> Product {
    fields["product_id"] = json!("p");
    serde_json::from_value(fields).unwrap()
}

fn index_of(primary: Language, products: &[serde_json::Value]) -> (TempDir, Index) {
    let folder = TempDir::new().unwrap();
    let index = Index::open_with(folder.path(), EPOCH, TextSettings { primary, ..TextSettings::default() }).unwrap();
    let products: Vec<Product> = products.iter().cloned().map(product).collect();
    let puts: Vec<(ProductRow, &Product)> =
        products.iter().enumerate().map(|(at, p)| (ProductRow(at as u32), p)).collect();
    index.update(&puts, &[], 1).unwrap();
    (folder, index)
}

fn titled(primary: Language, titles: &[&str]) -> (TempDir, Index) {
    index_of(primary, &titles.iter().map(|title| json!({ "title": title })).collect::<Vec<_>>())
}

fn search_in(index: &Index, text: &str, language: Option<&str>) -> Vec<u32> {
    let hits = index.search(&TextQuery { text, language, ..TextQuery::default() }, None).unwrap();
    hits.iter().map(|hit| hit.row.0).collect()
}

fn search(index: &Index, text: &str) -> Vec<u32> {
    search_in(index, text, None)
}

fn found(index: &Index, text: &str) -> Vec<u32> {
    let mut rows = search(index, text);
    rows.sort_unstable();
    rows
}

#[test]
fn words_are_found_in_their_other_forms() {
    use Language::*;
    for (language, title, query) in [
        (French, "Chaussures de randonnée imperméables", "chaussure randonnee"),
        (French, "Huile d'olive vierge", "huile olives"),
        (French, "Eau de parfum", "l'eau"),
        (German, "Schwarze Damenschuhe aus Leder", "schwarz Leder"),
        (Spanish, "Zapatos rojos de mujer", "zapato rojo"),
        (Italian, "Scarpe da corsa leggere", "scarpa leggera"),
        (Dutch, "Zwarte schoenen voor heren", "zwart schoen"),
        (Russian, "Женские чёрные кроссовки", "черных кроссовок"),
        (Ukrainian, "Жіночі чорні кросівки", "чорних кросівок"),
        (Chinese, "夏季新款红色连衣裙", "连衣裙 红色"),
        (Chinese, "無線滑鼠", "无线"),
        (Japanese, "赤い腕時計 レディース", "レディース 腕時計"),
        (Korean, "여성용 여행가방", "여행 가방을"),
        (English, "Kitchen knives with shelf", "knife shelves"),
    ] {
        let (_folder, index) = titled(language, &["???", title]);
        assert_eq!(search(&index, query), [1], "{language:?} {query}");
    }
}

#[test]
fn compounds_are_found_by_their_parts() {
    let titles = ["Kinderschuhe rot", "Schuhe blau", "Schuhe für Kinder", "Frühling", "Kinderbuch", "Rohling"];
    let (_folder, index) = titled(Language::German, &titles);
    assert_eq!(found(&index, "Schuhe"), [0, 1, 2]);
    assert_eq!(search(&index, "Schuh")[0..2].iter().filter(|row| **row == 0).count(), 0, "the word itself goes first");
    assert_eq!(found(&index, "Kinderschuh"), [0, 2]);
    let (_folder, index) = titled(Language::Dutch, &["Kinderschoenen", "Schoenen", "Kinderen"]);
    assert_eq!(found(&index, "schoen"), [0, 1]);
}

#[test]
fn model_numbers_and_measures_are_found_in_every_spelling() {
    let titles = [
        "HP dv7-1211ea",
        "Sony KD-55X/BU",
        "Galaxy SM G991 B",
        "Card 64 gb",
        "Card 64gb",
        "Kettle 1.5 litre",
        "TV 55 inch",
    ];
    let (_folder, index) = titled(Language::English, &titles);
    for (query, expected) in [
        ("dv71211ea", vec![0]),
        ("dv7 1211ea", vec![0]),
        ("DV7-1211EA", vec![0]),
        ("kd55xbu", vec![1]),
        ("kd-55x/bu", vec![1]),
        ("sm g991b", vec![2]),
        ("64gb", vec![3, 4]),
        ("64 gb", vec![3, 4]),
        ("64 gigabytes", vec![3, 4]),
        ("1.5 l kettle", vec![5]),
        ("1.5l", vec![5]),
        ("55\" tv", vec![6]),
        ("55 in tv", vec![6]),
        ("55in tv", vec![6]),
        ("55 zoll", vec![6]),
    ] {
        assert_eq!(found(&index, query), expected, "{query}");
    }
}

#[test]
fn names_are_found_whatever_the_language() {
    for language in Language::ALL {
        let (_folder, index) = titled(language, &["Nikes Adidas Bose Lexus AC-40e"]);
        for query in ["nikes", "ADIDAS", "bose", "Lexus", "ac40e", "AC-40E"] {
            assert_eq!(search(&index, query), [0], "{language:?} {query}");
        }
    }
}

#[test]
fn a_catalogue_of_several_languages_is_searched_in_all_or_in_one() {
    let products = [
        json!({"title": "Red shoes", "language": "en", "brand": "Nimbor",
               "i18n_fr": {"title": "Chaussures rouges"}, "i18n_de": {"title": "Rote Schuhe"}}),
        json!({"title": "Chaussures bleues", "language": "fr-FR"}),
        json!({"title": "Schuhe", "description": "Das sind die Schuhe, die nicht aus dem Leder und mit der Sohle sind"}),
        json!({"title": "Buty", "language": "pl"}),
    ];
    let (_folder, index) = index_of(Language::English, &products);
    assert_eq!(found(&index, "chaussure"), [0, 1]);
    assert_eq!(found(&index, "schuh"), [0, 2]);
    assert_eq!(found(&index, "shoe"), [0]);
    let mut french = search_in(&index, "chaussure", Some("fr"));
    french.sort_unstable();
    assert_eq!(french, [0, 1]);
    assert_eq!(search_in(&index, "shoe", Some("fr")), Vec::<u32>::new());
    assert_eq!(search_in(&index, "nimbor", Some("de")), [0], "what is not translated stands in every language");
    let rows = |code: &str| index.rows_in(code).unwrap().iter().collect::<Vec<_>>();
    assert_eq!((rows("fr"), rows("DE"), rows("pl"), rows("it")), (vec![0, 1], vec![0, 2], vec![3], vec![]));
    assert_eq!(index.size().unwrap().products, 4);
}

fn with_synonyms(index: &Index, solr: &str) {
    let synonyms = Arc::new(Synonyms::parse(solr).unwrap());
    index.set_settings(TextSettings { synonyms, ..(*index.settings()).clone() });
}

#[test]
fn synonyms_work_in_the_directions_they_say() {
    let titles = [
        "Notebook 15",
        "Laptop 17",
        "Solid state drive",
        "SSD 1 TB",
        "Television",
        "TV stand",
        "Wi-Fi router",
        "WLAN box",
    ];
    let (_folder, index) = titled(Language::English, &titles);
    assert_eq!(found(&index, "laptops"), [1]);
    with_synonyms(&index, "# shop\nlaptop, notebook\nssd, solid state drive\ntv => television\nwifi, wlan\n");
    assert_eq!(found(&index, "laptops"), [0, 1]);
    assert_eq!(search(&index, "laptop")[0], 1, "what was typed goes first");
    assert_eq!(found(&index, "notebook 15"), [0]);
    assert_eq!(found(&index, "ssd"), [2, 3]);
    assert_eq!(found(&index, "solid state drives"), [2, 3]);
    assert_eq!(found(&index, "tv"), [4, 5]);
    assert_eq!(found(&index, "television"), [4]);
    assert_eq!(found(&index, "wlan"), [6, 7]);
    assert_eq!(found(&index, "wi-fi"), [6, 7]);
    with_synonyms(&index, "");
    assert_eq!(found(&index, "laptops"), [1]);
}

#[test]
fn what_is_wrong_with_synonyms_is_told_by_line() {
    let troubles = Synonyms::parse("a, b\n\nalone\n# fine\n=> c\na => b => c\nx, ???\n").unwrap_err();
    assert_eq!(troubles.iter().map(|trouble| trouble.place).collect::<Vec<_>>(), [3, 5, 6, 7]);
    let text = "a\\, b, c\none two => x, y\n";
    let synonyms = Synonyms::parse(text).unwrap();
    assert_eq!(synonyms.to_solr(), text);
    assert_eq!(Synonyms::parse(&synonyms.to_solr()).unwrap().rules(), synonyms.rules());
}

#[test]
fn a_stop_word_weakens_and_never_loses() {
    let titles = ["The Who live", "Who lives here", "It", "Shoes men", "Shoes for men", "Not without my cat"];
    let (_folder, index) = titled(Language::English, &titles);
    assert_eq!(found(&index, "the who"), [0]);
    assert_eq!(found(&index, "it"), [2]);
    assert_eq!(found(&index, "not"), [5]);
    assert_eq!(search(&index, "shoes for men"), [4, 3], "found without it, after those that have it");
    let own = [(Language::English, vec!["men".to_owned()])].into();
    let stop_words = Arc::new(StopWords::new(&own).unwrap());
    index.set_settings(TextSettings { stop_words, ..(*index.settings()).clone() });
    assert_eq!(search(&index, "shoes for men"), [4]);
    assert_eq!(found(&index, "men"), [3, 4]);
}

#[test]
fn an_index_is_built_beside_the_one_that_serves() {
    let (folder, index) = titled(Language::English, &["Schuhe", "Tasche", "Jacke"]);
    assert!(search(&index, "Schuh").is_empty());
    index.set_settings(TextSettings { primary: Language::German, ..(*index.settings()).clone() });
    assert!(index.needs_rebuild() && !index.is_rebuilding());
    index.begin_rebuild().unwrap();
    let [shoes, bag, other] = ["Schuhe", "Tasche", "Hosen"].map(|title| product(json!({ "title": title })));
    index.fill(&[(ProductRow(0), &shoes), (ProductRow(1), &bag)]).unwrap();
    index.update(&[(ProductRow(3), &other)], &[ProductRow(1)], 7).unwrap();
    assert_eq!((search(&index, "Hosen"), search(&index, "Tasche")), (vec![3], vec![]), "the old one serves meanwhile");
    assert!(search(&index, "Schuh").is_empty());
    index.finish_rebuild().unwrap();
    assert!(!index.needs_rebuild() && !index.is_rebuilding());
    assert_eq!((search(&index, "Schuh"), search(&index, "Hose"), search(&index, "Tasche")), (vec![0], vec![3], vec![]));
    assert_eq!(index.position(), 7);
    drop(index);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "the old files are gone");
    let again =
        Index::open_with(folder.path(), EPOCH, TextSettings { primary: Language::German, ..TextSettings::default() });
    let again = again.unwrap();
    assert_eq!((again.position(), search(&again, "Schuh")), (7, vec![0]));
}
