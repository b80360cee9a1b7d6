//! Properties:
//! 1. The measures are those of their definitions, worked out by hand; what is not judged counts as useless in one nDCG and not at all
//!    in the other.
//! 2. A table and JSON Lines say the same; a wrong grade is named with its line.
//! 3. A right query that is changed is a false alarm; a misspelt one is right only where it comes out as meant.
//! 4. The body of a search is one that the answer's reader understands; another body is none.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::PathBuf;

use serde_json::json;

use super::*;

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn judgements(text: &str) -> Judgements {
    let folder = tempfile::tempdir().unwrap();
    Judgements::read(&file(&folder, "judged.csv", text)).unwrap()
}

fn ids(list: &str) -> Vec<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn measures_are_those_of_their_definitions() {
    let judged = judgements("query,docid,rating\nlamp,a,3\nlamp,b,1\nlamp,c,0\nnothing,a,0\n");
    let measured = judged.measure(|_| Ok::<_, ()>(ids("x c b a"))).unwrap();
    // A query for which nothing is any good is not asked.
    assert_eq!(measured.by_query.len(), 1);
    let mean = measured.mean();
    let ideal = 7.0 + 1.0 / 3f64.log2();
    assert!((mean.ndcg - (1.0 / 4f64.log2() + 7.0 / 5f64.log2()) / ideal).abs() < 1e-12);
    assert!((mean.ndcg_judged - (1.0 / 3f64.log2() + 7.0 / 4f64.log2()) / ideal).abs() < 1e-12);
    assert_eq!((mean.reciprocal_rank, mean.recall, mean.empty), (1.0 / 3.0, 1.0, 0.0));
    let none = judged.of("lamp", &[]).unwrap();
    assert_eq!((none.ndcg, none.recall, none.empty), (0.0, 0.0, 1.0));
    assert_eq!(judged.of("nothing", &ids("a")), None);
    assert_eq!(judged.wanted().collect::<Vec<_>>(), [("lamp", vec!["a"])]);
}

#[test]
fn tables_and_json_lines_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let lines =
        "{\"query\":\"lamp\",\"product_id\":\"a\",\"grade\":2}\n\n{\"query\":\"lamp\",\"docid\":\"b\",\"rating\":0}\n";
    let lines = Judgements::read(&file(&folder, "judged.jsonl", lines)).unwrap();
    let table =
        Judgements::read(&file(&folder, "judged.tsv", "query\tproduct_id\tgrade\nlamp\ta\t2\nlamp\tb\t0\n")).unwrap();
    assert_eq!(lines.with_relevant().collect::<Vec<_>>(), table.with_relevant().collect::<Vec<_>>());
    for (name, text, says) in [
        ("grade.csv", "query,product_id,grade\nlamp,a,1\nlamp,b,11\n", "line 3"),
        ("word.csv", "query,product_id,grade\nlamp,a,good\n", "\"good\" is no number"),
        ("column.csv", "query,grade\nlamp,1\n", "product_id"),
        ("useless.csv", "query,product_id,grade\nlamp,a,0\n", "above 0"),
        ("line.jsonl", "{\"query\":\"lamp\"}\n", "line 1"),
    ] {
        let error = Judgements::read(&file(&folder, name, text)).unwrap_err().to_string();
        assert!(error.contains(says) && error.contains(name), "{error}");
    }
}

#[test]
fn spelling_counts_what_came_out_as_meant() {
    let folder = tempfile::tempdir().unwrap();
    let text = "kind,query,intended\nclean,lamp,lamp\nclean,lump,lump\nswap,lmap,lamp\nsplit,desk lamp,desklamp\nswap,dsek,desk\n";
    let misspelt = Misspelt::read(&file(&folder, "typos.csv", text)).unwrap();
    let judged = judgements("query,docid,rating\nlamp,a,1\n");
    let answer = |query: &str| {
        let corrected = if ["lmap", "lump"].contains(&query) { "lamp" } else { query };
        let product_ids = ids(if query == "lmap" { "x a" } else { "a" });
        Ok::<_, ()>(Answer { product_ids, corrected: corrected.to_owned(), misspelt: corrected != query })
    };
    let figures = misspelt.measure(&judged, answer).unwrap();
    assert_eq!(figures.false_alarms(), 0.5);
    assert_eq!(figures.corrected_rightly(), 2.0 / 3.0);
    assert_eq!(figures.right_by_kind["swap"], (1, 2));
    assert!((figures.kept.unwrap() - 1.0 / 3f64.log2()).abs() < 1e-12);
    assert_eq!(figures.wrong.len(), 2);
}

#[test]
fn answers_are_read_and_nothing_else_is_one() {
    let body: serde_json::Value = serde_json::from_str(&client::search("lamp", client::Matching::AllWords)).unwrap();
    assert_eq!((&body["q"], &body["enable_partial_match"]), (&json!("lamp"), &json!(false)));
    let spellcheck = json!({"spelling_errors": true, "corrected_query": "lamp"});
    let answer = json!({"data": {"products": [{"product_id": "a"}], "spellcheck": spellcheck}});
    let read = client::answer(&answer).unwrap();
    assert_eq!(read, Answer { product_ids: ids("a"), corrected: "lamp".to_owned(), misspelt: true });
    assert_eq!(client::answer(&json!({"message": "no"})), None);
    let completions = json!({"data": {"completions": {"title": [{"text": "Lamp", "product": {"product_id": "a"}}]}}});
    let offered = Completion { text: "Lamp".to_owned(), product_id: "a".to_owned() };
    assert_eq!(client::completed(&completions), Some(vec![offered]));
}

#[test]
fn what_cannot_be_asked_ends_the_typing() {
    let typed = [Typed { text: "red lamp".to_owned(), product_ids: vec!["a".to_owned()] }];
    let offered = |so_far: &str| {
        let list = if so_far == "red" {
            vec![Completion { text: "Red Lamp".to_owned(), ..Completion::default() }]
        } else {
            vec![]
        };
        Ok::<_, String>(list)
    };
    let figures = CompletionFigures::measure(&typed, offered).unwrap();
    assert_eq!(figures, CompletionFigures { texts: 1, clean: 5.0 / 8.0, slipped: 5.0 / 8.0 });
    let refused = CompletionFigures::measure(&typed, |_| Err::<Vec<Completion>, _>("no server"));
    assert_eq!(refused, Err("no server"));
}
