//! The format number tells the truth:
//! 1. migrating twice is migrating once;
//! 2. a step that fails leaves the file at the format it had, without a trace of the step;
//! 3. the file of a later program and the file of another program are refused, and not touched;
//! 4. a file written by format 1 opens and gives what was written.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;

use super::*;
use crate::{Change, Entry, Fault, Key, KeyKind, Reader, Store, Task};

fn format(connection: &Connection) -> i64 {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn tables(connection: &Connection) -> i64 {
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap()
}

#[test]
fn migrating_twice_is_migrating_once() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrate(&mut connection).unwrap();
    connection.execute("UPDATE log SET last_position = 7", []).unwrap();
    migrate(&mut connection).unwrap();
    assert_eq!(check(&connection).unwrap(), FORMAT);
    let last: i64 = connection.query_row("SELECT last_position FROM log", [], |row| row.get(0)).unwrap();
    assert_eq!(last, 7);
}

#[test]
fn a_step_that_fails_leaves_the_format_before_it() {
    let mut connection = Connection::open_in_memory().unwrap();
    apply(&mut connection, &["CREATE TABLE first (a)"]).unwrap();
    let before = tables(&connection);
    let steps = ["CREATE TABLE first (a)", "CREATE TABLE second (a)", "CREATE TABLE third (a); CREATE TABLE first (a)"];
    assert!(apply(&mut connection, &steps).is_err());
    assert_eq!((format(&connection), tables(&connection)), (1, before));
    apply(&mut connection, &steps[..2]).unwrap();
    assert_eq!((format(&connection), tables(&connection)), (2, before + 1));
}

#[test]
fn a_file_of_a_later_program_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("environment.sqlite");
    drop(Store::open(&path).unwrap());
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", FORMAT + 1).unwrap();
    drop(connection);
    let before = std::fs::read(&path).unwrap();
    for fault in
        [Store::open(&path).err(), Reader::open(&path).err(), crate::restore(&path, &folder.path().join("b")).err()]
    {
        match fault {
            Some(Fault::Newer { found, known, .. }) => assert_eq!((found, known), (FORMAT + 1, FORMAT)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_of_another_program_is_refused_and_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.sqlite");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (a)").unwrap();
    let text = folder.path().join("notes.txt");
    std::fs::write(&text, "no database at all, but long enough to be asked for its header ".repeat(40)).unwrap();
    for path in [path, text] {
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(Store::open(&path), Err(Fault::Corrupt { .. })));
        assert!(matches!(Reader::open(&path), Err(Fault::Corrupt { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}

/// What the fixture of format 1 was written from.
fn fixture(path: &Path) {
    let mut store = Store::open(path).unwrap();
    let put = |id: &str, body: &str| Change::PutProduct { id: id.into(), body: body.into() };
    let user = |id: &str, body: &str| Change::PutUser { id: id.into(), body: body.into() };
    let click = |body: &str| Change::Interaction { body: body.into() };
    store
        .append(&[
            put("lamp", r#"{"product_id":"lamp","type":"light"}"#),
            put("chair", r#"{"product_id":"chair"}"#),
            user("ada", r#"{"user_id":"ada"}"#),
            user("bob", r#"{"user_id":"bob"}"#),
            click(r#"{"type":"add_to_cart","user_id":"ada","product_ids":["lamp"]}"#),
            click(r#"{"type":"add_to_cart","user_id":"bob","product_ids":["chair"]}"#),
            put("lamp", r#"{"product_id":"lamp","type":"light","title":"Lamp"}"#),
            Change::DeleteProduct { id: "chair".into() },
            Change::DeleteUser { id: "bob".into() },
        ])
        .unwrap();
    store.set_key(&Key { kind: KeyKind::Secret, text: "secret-of-the-fixture".into() }).unwrap();
    store.set("engines", Some(&json!({"default": 1}))).unwrap();
    store.put_task(&task()).unwrap();
}

fn task() -> Task {
    Task {
        task_id: "t1".into(),
        scope: "products".into(),
        created_ms: 1_700_000_000_000,
        took_ms: 12,
        errors: false,
        code: 200,
        data: json!([]),
    }
}

#[test]
fn a_file_of_format_1_opens_and_gives_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("environment.sqlite");
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/format-1.sqlite");
    std::fs::copy(&kept, &path).unwrap();
    holds_the_fixture(&path);
}

/// A new format gets a file of its own in the tree: a `backup` of what `fixture` writes.
#[test]
fn a_new_file_gives_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("environment.sqlite");
    fixture(&path);
    holds_the_fixture(&path);
}

fn holds_the_fixture(path: &Path) {
    let mut store = Store::open(path).unwrap();
    let reader = store.reader().unwrap();
    let mut entries = Vec::new();
    reader
        .follow(0, &mut |entry| {
            entries.push(entry);
            true
        })
        .unwrap();
    let entry = |position, change| Entry { position, change };
    assert_eq!(
        entries,
        [
            entry(3, Change::PutUser { id: "ada".into(), body: r#"{"user_id":"ada"}"#.into() }),
            entry(
                5,
                Change::Interaction { body: r#"{"type":"add_to_cart","user_id":"ada","product_ids":["lamp"]}"#.into() }
            ),
            entry(
                6,
                Change::Interaction {
                    body: r#"{"type":"add_to_cart","user_id":"bob","product_ids":["chair"]}"#.into()
                }
            ),
            entry(
                7,
                Change::PutProduct {
                    id: "lamp".into(),
                    body: r#"{"product_id":"lamp","type":"light","title":"Lamp"}"#.into()
                }
            ),
            entry(8, Change::DeleteProduct { id: "chair".into() }),
        ]
    );
    assert_eq!(reader.last_position().unwrap(), 9);
    assert_eq!(reader.user("ada").unwrap().as_deref(), Some(r#"{"user_id":"ada"}"#));
    assert_eq!(reader.product_ids(Some("light")).unwrap(), ["lamp"]);
    assert_eq!(reader.keys().unwrap()[0].text, "secret-of-the-fixture");
    assert_eq!(reader.setting("engines").unwrap(), Some(json!({"default": 1})));
    assert_eq!(reader.task("t1").unwrap(), Some(task()));
    assert_eq!(store.append(&[Change::DeleteProduct { id: "lamp".into() }]).unwrap(), 10);
}
