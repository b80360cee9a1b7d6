//! Beside the log:
//! 1. a task is read in its newest state, and of too many the oldest are forgotten;
//! 2. there is one key of each kind, and no key is shown by `Debug`;
//! 3. a setting is what was last set; another connection learns of it by the data version;
//! 4. a reader cannot write, and the file is its owner's alone.

use serde_json::json;

use super::*;
use crate::{Fault, Key, KeyKind, Task, limits};

fn task(task_id: &str, code: u16) -> Task {
    Task {
        task_id: task_id.into(),
        scope: "users".into(),
        created_ms: 1,
        took_ms: 2,
        errors: code != 200,
        code,
        data: json!({"deleted": {"count": 1}}),
    }
}

#[test]
fn a_task_is_read_in_its_newest_state() {
    let mut world = World::new();
    let reader = world.store.reader().unwrap();
    world.store.put_task(&task("a", 202)).unwrap();
    world.store.put_task(&task("a", 200)).unwrap();
    assert_eq!(reader.task("a").unwrap(), Some(task("a", 200)));
    assert_eq!(reader.task("b").unwrap(), None);
}

#[test]
fn of_too_many_tasks_the_oldest_are_forgotten() {
    let mut world = World::new();
    world.store.put_task(&task("first", 200)).unwrap();
    world.store.put_task(&task("second", 200)).unwrap();
    // The rows between are written past the store, without a commit for each.
    let stray = rusqlite::Connection::open(world.path()).unwrap();
    stray
        .execute(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
             INSERT INTO tasks (task_id, body) SELECT 'between ' || n, '{}' FROM n",
            [limits::TASKS_MAX as i64 - 2],
        )
        .unwrap();
    let reader = world.store.reader().unwrap();
    world.store.put_task(&task("second", 500)).unwrap();
    assert_eq!(reader.task("first").unwrap(), Some(task("first", 200)));
    world.store.put_task(&task("last", 200)).unwrap();
    assert_eq!(reader.task("first").unwrap(), None);
    assert_eq!(reader.task("second").unwrap(), Some(task("second", 500)));
    let count: i64 = stray.query_row("SELECT count(*) FROM tasks", [], |row| row.get(0)).unwrap();
    assert_eq!(count as usize, limits::TASKS_MAX);
}

#[test]
fn a_new_key_revokes_the_one_before() {
    let mut world = World::new();
    let reader = world.store.reader().unwrap();
    assert_eq!(reader.keys().unwrap(), []);
    let key = |kind, text: &str| Key { kind, text: text.into() };
    world.store.set_key(&key(KeyKind::Publishable, "p1")).unwrap();
    world.store.set_key(&key(KeyKind::Secret, "s1")).unwrap();
    world.store.set_key(&key(KeyKind::Secret, "s2")).unwrap();
    assert_eq!(reader.keys().unwrap(), [key(KeyKind::Secret, "s2"), key(KeyKind::Publishable, "p1")]);
    assert!(!format!("{:?}", reader.keys().unwrap()).contains("s2"));
    drop(reader);
    let world = world.restart();
    assert!(
        !all_bytes(world.folder.path()).windows(2).any(|bytes| bytes == b"s1"),
        "a revoked key is left in the file"
    );
}

#[test]
fn a_setting_is_what_was_last_set_and_another_connection_learns_of_it() {
    let mut world = World::new();
    let reader = world.store.reader().unwrap();
    let before = reader.data_version().unwrap();
    assert_eq!(reader.data_version().unwrap(), before);
    world.store.set("engines", Some(&json!({"default": {"z": 1, "a": 0.1}}))).unwrap();
    assert_ne!(reader.data_version().unwrap(), before);
    assert_eq!(reader.setting("engines").unwrap(), Some(json!({"default": {"z": 1, "a": 0.1}})));
    world.store.set("engines", Some(&json!([]))).unwrap();
    assert_eq!(reader.setting("engines").unwrap(), Some(json!([])));
    world.store.set("engines", None).unwrap();
    assert_eq!(reader.setting("engines").unwrap(), None);
}

#[test]
fn a_reader_cannot_write_and_a_missing_file_is_not_made() {
    let world = World::new();
    let reader = world.store.reader().unwrap();
    assert!(reader.connection.execute("DELETE FROM settings", []).is_err());
    let missing = world.folder.path().join("missing.sqlite");
    assert!(matches!(Reader::open(&missing), Err(Fault::Io { .. })));
    assert!(!missing.exists());
}

#[cfg(unix)]
#[test]
fn the_files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let mut world = World::new();
    world.store.append(&changes("view")).unwrap();
    crate::backup(&world.path(), &world.folder.path().join("kept.backup")).unwrap();
    let files: Vec<_> = std::fs::read_dir(world.folder.path()).unwrap().map(|file| file.unwrap()).collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}
