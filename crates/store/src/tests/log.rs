//! The log keeps its promises:
//! 1. positions are numbered from 1 without gaps, and none is given twice, even after the newest entry is gone and
//!    the file was opened again;
//! 2. of a product or a user only the newest version is read, at its position; a product's deletion is read until the
//!    product comes back;
//! 3. following from any position gives exactly the later part of the whole;
//! 4. an append is there whole or not at all;
//! 5. following is one order over all kinds, also across slices, and a reader neither blocks nor is blocked.

use proptest::prelude::*;

use super::*;
use crate::{Erasure, Fault, limits};

#[test]
fn only_the_newest_version_is_read_and_a_deletion_leaves_a_mark() {
    let mut world = World::new();
    assert_eq!(world.store.append(&[]).unwrap(), 0);
    assert_eq!(world.store.append(&changes("+lamp +chair @ada @bob view")).unwrap(), 5);
    assert_eq!(world.store.append(&changes("+lamp -chair @ada !bob buy -unknown !nobody")).unwrap(), 12);
    assert_eq!(short(&world.entries()), ["5 view", "6 +lamp", "7 -chair", "8 @ada", "10 buy", "11 -unknown"]);
    assert_eq!(world.store.append(&changes("+chair @bob")).unwrap(), 14);
    let whole = ["5 view", "6 +lamp", "8 @ada", "10 buy", "11 -unknown", "13 +chair", "14 @bob"];
    assert_eq!(short(&world.entries()), whole);
    assert_eq!(world.store.append(&[]).unwrap(), 14);
}

#[test]
fn a_position_is_never_given_twice() {
    let mut world = World::new();
    world.store.append(&changes("view +lamp buy")).unwrap();
    world.store.erase(&Erasure { positions: vec![3], ..Erasure::default() }).unwrap();
    world.store.append(&changes("!nobody")).unwrap();
    let mut world = world.restart();
    assert_eq!(world.store.reader().unwrap().last_position().unwrap(), 4);
    world.store.compact().unwrap();
    assert_eq!(world.store.append(&changes("view")).unwrap(), 5);
    assert_eq!(short(&world.entries()), ["1 view", "2 +lamp", "5 view"]);
}

#[test]
fn records_and_ids_are_read_back() {
    let mut world = World::new();
    let product = |id: &str, body: &str| Change::PutProduct { id: id.into(), body: body.into() };
    world
        .store
        .append(&[
            product("b", r#"{"type":"boo\u006b"}"#),
            product("a", r#"{"type":"book"}"#),
            product("ü", r#"{"type":"light"}"#),
            product("c", r#"{"type":null}"#),
            product("d", r#"{"type":"book"}"#),
            Change::DeleteProduct { id: "d".into() },
        ])
        .unwrap();
    world.store.append(&changes("@zoe @ada @bob !bob")).unwrap();
    let reader = world.store.reader().unwrap();
    assert_eq!(reader.product_ids(None).unwrap(), ["a", "b", "c", "ü"]);
    assert_eq!(reader.product_ids(Some("book")).unwrap(), ["a", "b"]);
    assert_eq!(reader.product_ids(Some("none")).unwrap(), [""; 0]);
    assert_eq!(reader.user_ids().unwrap(), ["ada", "zoe"]);
    assert_eq!(reader.product("ü").unwrap().as_deref(), Some(r#"{"type":"light"}"#));
    assert_eq!(reader.product("d").unwrap(), None);
    assert_eq!(reader.product("e").unwrap(), None);
    assert_eq!(reader.user("zoe").unwrap().as_deref(), Some(r#"{"user_id":"zoe"}"#));
    assert_eq!(reader.user("bob").unwrap(), None);
}

#[test]
fn an_append_that_fails_in_the_middle_leaves_nothing() {
    let mut world = World::new();
    world.store.append(&changes("view")).unwrap();
    // A row that should not be there makes the third insertion fail.
    let stray = rusqlite::Connection::open(world.path()).unwrap();
    stray.execute("INSERT INTO interactions VALUES (4, 'stray')", []).unwrap();
    assert!(matches!(world.store.append(&changes("+lamp @ada buy")), Err(Fault::Sqlite { .. })));
    stray.execute("DELETE FROM interactions WHERE position = 4", []).unwrap();
    assert_eq!(short(&world.entries()), ["1 view"]);
    assert_eq!(world.store.append(&changes("+lamp @ada buy")).unwrap(), 4);
}

#[test]
fn following_is_one_order_across_slices() {
    let mut world = World::new();
    let count = limits::FOLLOW_ENTRIES_MAX * 2 + 500;
    let words: Vec<String> = (0..count)
        .map(|n| match n % 7 {
            0 => format!("+p{n}"),
            1 => format!("@u{n}"),
            _ => "view".to_owned(),
        })
        .collect();
    world.store.append(&changes(&words.join(" "))).unwrap();
    let whole = world.entries();
    assert!(whole.iter().map(|entry| entry.position).eq(1..=count as u64));
    // Large bodies end a slice by their bytes.
    let large = Change::Interaction { body: "x".repeat(limits::FOLLOW_BYTES_MAX / 3) };
    world.store.append(&vec![large; 10]).unwrap();
    let reader = world.store.reader().unwrap();
    assert_eq!(entries(&reader, count as u64).len(), 10);
    assert_eq!(entries(&reader, u64::MAX), []);
    let mut taken = 0;
    reader
        .follow(0, &mut |_| {
            taken += 1;
            taken < 3
        })
        .unwrap();
    assert_eq!(taken, 3);
}

#[test]
fn a_reader_in_the_middle_of_following_stops_neither_appends_nor_erasures() {
    let mut world = World::new();
    let count = limits::FOLLOW_ENTRIES_MAX + 10;
    world.store.append(&changes(&"view ".repeat(count))).unwrap();
    let reader = world.store.reader().unwrap();
    let mut seen = Vec::new();
    reader
        .follow(0, &mut |entry| {
            if seen.is_empty() {
                let erasure = Erasure { positions: vec![count as u64], ..Erasure::default() };
                assert_eq!(world.store.erase(&erasure).unwrap().interactions, 1);
                world.store.append(&changes("buy")).unwrap();
            }
            seen.push(entry);
            true
        })
        .unwrap();
    assert_eq!(short(&seen[count - 2..]), [format!("{} view", count - 1), format!("{} buy", count + 1)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Against a plain list that keeps the newest of each id.
    #[test]
    fn the_log_is_a_list_that_keeps_the_newest(
        batches in prop::collection::vec(prop::collection::vec((0..5_u8, 0..6_u8), 0..12), 0..12),
        restart_after in 0..12_usize,
    ) {
        let mut world = World::new();
        let mut plain: Vec<(u64, Change)> = Vec::new();
        let mut position = 0;
        for (number, batch) in batches.iter().enumerate() {
            let words: Vec<String> = batch.iter().map(|(kind, id)| {
                ["+p", "-p", "@u", "!u", "view"][*kind as usize].to_owned() + &id.to_string()
            }).collect();
            let batch = changes(&words.join(" "));
            for change in &batch {
                position += 1;
                plain.retain(|(_, old)| !replaces(change, old));
                if !matches!(change, Change::DeleteUser { .. }) {
                    plain.push((position, change.clone()));
                }
            }
            prop_assert_eq!(world.store.append(&batch).unwrap(), position);
            if number == restart_after {
                world = world.restart();
                world.store.compact().unwrap();
            }
        }
        let reader = world.store.reader().unwrap();
        for from in 0..=position {
            let expected: Vec<Entry> = plain.iter().filter(|(position, _)| *position > from)
                .map(|(position, change)| Entry { position: *position, change: change.clone() }).collect();
            prop_assert_eq!(entries(&reader, from), expected);
        }
    }
}

/// Whether `old` is no longer read once `new` is in.
pub(super) fn replaces(new: &Change, old: &Change) -> bool {
    use Change::*;
    match (new, old) {
        (PutProduct { id: new, .. } | DeleteProduct { id: new }, PutProduct { id, .. } | DeleteProduct { id })
        | (PutUser { id: new, .. } | DeleteUser { id: new }, PutUser { id, .. }) => new == id,
        _ => false,
    }
}
