//! 1. Only the records that a refusal names are taken out; the rest is sent again.
//! 2. A batch that is too large is halved until it fits; a record that never fits is rejected.
//! 3. A refusal that names no record ends the import.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

fn entries(count: u64) -> Vec<Entry> {
    (0..count).map(|row| Entry { file: 0, row, json: format!("{{\"id\":{row}}}") }).collect()
}

fn ids(body: &[u8]) -> Vec<u64> {
    let body: Value = serde_json::from_slice(body).unwrap();
    body["data"].as_array().unwrap().iter().map(|record| record["id"].as_u64().unwrap()).collect()
}

#[test]
fn refused_records_are_taken_out_by_their_index() {
    let mut stored = Vec::new();
    let mut take = |body: &[u8]| {
        let ids = ids(body);
        // One of them is told only at the second attempt, as when the list of errors was cut.
        let bad = |id: u64| if ids.contains(&3) { id == 3 } else { id == 11 };
        let lines: Vec<String> = (ids.iter().enumerate())
            .filter(|(_, id)| bad(**id))
            .map(|(index, _)| format!("data.{index}.title is invalid. It is wrong."))
            .collect();
        if lines.is_empty() {
            stored = ids;
            return Ok(Taken::Yes);
        }
        Ok(Taken::Refused(lines))
    };
    let rejects = deliver(&mut take, entries(13)).unwrap();
    assert_eq!(rejects.iter().map(|reject| reject.row).collect::<Vec<_>>(), [3, 11]);
    assert_eq!(rejects[0].reasons, ["title is invalid. It is wrong."]);
    assert_eq!(stored, [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 12]);
}

#[test]
fn a_batch_too_large_is_halved() {
    let mut stored = Vec::new();
    let mut take = |body: &[u8]| {
        let ids = ids(body);
        if ids.len() > 2 || ids.contains(&4) {
            return Ok(Taken::TooLarge("too large".into()));
        }
        stored.extend(ids);
        Ok(Taken::Yes)
    };
    let rejects = deliver(&mut take, entries(7)).unwrap();
    assert_eq!(stored, [0, 1, 2, 3, 5, 6]);
    assert_eq!((rejects.len(), rejects[0].row), (1, 4));
}

#[test]
fn a_refusal_without_a_record_ends_the_import() {
    let mut take = |_: &[u8]| Ok(Taken::Refused(vec!["data is invalid. It is no list.".into()]));
    assert!(deliver(&mut take, entries(2)).unwrap_err().to_string().contains("It is no list."));
}
