//! When the disk refuses:
//! 1. on a full disk an append fails as a whole with `Full`, what was acknowledged stays, and the same store works again
//!    once there is room;
//! 2. a disk mounted read-only is `ReadOnly`, and works again once writes are allowed;
//! 3. an erasure on a full disk fails cleanly and can be repeated;
//! 4. a start on a full disk works or says `Full`;
//! 5. where SQLite only says that the system refused, the system is asked why.
//!
//! A file system of a few megabytes is mounted where the test may do so; elsewhere SQLite's own bound on the size of the
//! file stands in. The test's output says which.

use std::process::Command;

use rusqlite::ffi;

use super::*;
use crate::fault::Failure;
use crate::{Erasure, Fault};

/// A small file system in memory, unmounted at the end.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"]).arg(folder.path()).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            eprintln!("on a mounted file system of 4 MiB");
            Some(SmallDisk(folder))
        } else {
            eprintln!("mounting is not allowed here");
            None
        }
    }

    fn remount(&self, option: &str) {
        let done = Command::new("mount").args(["-o", &format!("remount,{option}")]).arg(self.0.path()).status();
        assert!(done.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

/// Appends until it fails. Gives the last position acknowledged, and the fault.
fn fill(store: &mut Store) -> (u64, Fault) {
    let batch = vec![Change::Interaction { body: "x".repeat(1_000) }; 100];
    let mut last = store.append(&[]).unwrap();
    for _ in 0..1_000 {
        match store.append(&batch) {
            Ok(position) => last = position,
            Err(fault) => return (last, fault),
        }
    }
    panic!("the disk never filled");
}

/// What was acknowledged is there, and nothing else.
fn holds(store: &Store, last: u64) {
    let entries = entries(&store.reader().unwrap(), 0);
    assert!(entries.iter().map(|entry| entry.position).eq(1..=last));
}

#[test]
fn on_a_full_disk_an_append_fails_whole_and_the_store_works_again_when_there_is_room() {
    let Some(disk) = SmallDisk::mount() else { return bounded_by_sqlite() };
    let ballast = disk.0.path().join("ballast");
    // More than half of the disk: the log must find room in the file afterwards.
    std::fs::write(&ballast, vec![0; 2300 * 1024]).unwrap();
    let mut store = Store::open(&disk.0.path().join("environment.sqlite")).unwrap();
    let (last, fault) = fill(&mut store);
    assert!(matches!(fault, Fault::Full { .. }), "{fault:?}");
    holds(&store, last);
    // And again: the store is as good as before, and the disk as full.
    assert!(matches!(fill(&mut store), (again, Fault::Full { .. }) if again == last));
    let erasure = Erasure { positions: (1..=last).collect(), ..Erasure::default() };
    assert!(matches!(store.erase(&erasure), Err(Fault::Full { .. })));
    holds(&store, last);
    std::fs::remove_file(&ballast).unwrap();
    assert_eq!(store.append(&changes("view")).unwrap(), last + 1);
    holds(&store, last + 1);
    assert_eq!(store.erase(&Erasure { positions: vec![1], ..Erasure::default() }).unwrap().interactions, 1);
}

#[test]
fn a_start_on_a_full_disk_works_or_says_so_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else { return };
    let ballast = disk.0.path().join("ballast");
    std::fs::write(&ballast, vec![0; 1024 * 1024]).unwrap();
    let path = disk.0.path().join("environment.sqlite");
    let (last, _) = fill(&mut Store::open(&path).unwrap());
    // To the last byte.
    let _ = std::fs::write(disk.0.path().join("more ballast"), vec![0; 4 * 1024 * 1024]);
    let started = Store::open(&path);
    assert!(matches!(started, Ok(_) | Err(Fault::Full { .. })), "{:?}", started.err());
    let failure = || Failure::Sqlite(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR_SHMSIZE), None));
    assert!(matches!(failure().at(&path), Fault::Full { .. }));
    drop(started);
    std::fs::remove_file(&ballast).unwrap();
    assert!(matches!(failure().at(&path), Fault::Sqlite { .. }));
    let mut store = Store::open(&path).unwrap();
    holds(&store, last);
    assert_eq!(store.append(&changes("view")).unwrap(), last + 1);
}

/// The same by `max_page_count`, where no disk can be mounted.
fn bounded_by_sqlite() {
    let mut world = World::new();
    world.store.connection.pragma_update(None, "max_page_count", 100).unwrap();
    let (last, fault) = fill(&mut world.store);
    assert!(matches!(fault, Fault::Full { .. }), "{fault:?}");
    holds(&world.store, last);
    // The next call begins on a new connection, which has no such bound.
    assert_eq!(world.store.append(&changes("view")).unwrap(), last + 1);
    holds(&world.store, last + 1);
}

#[test]
fn the_bound_of_sqlite_is_a_full_disk_too() {
    bounded_by_sqlite();
}

#[test]
fn on_a_disk_mounted_read_only_the_store_says_so_and_works_again_later() {
    let Some(disk) = SmallDisk::mount() else { return };
    let path = disk.0.path().join("environment.sqlite");
    let mut store = Store::open(&path).unwrap();
    store.append(&changes("+lamp view")).unwrap();
    drop(store);
    disk.remount("ro");
    let refused = Store::open(&path).err();
    assert!(matches!(refused, Some(Fault::ReadOnly { .. })), "{refused:?}");
    let refused = Store::open(&disk.0.path().join("new.sqlite")).err();
    assert!(matches!(refused, Some(Fault::ReadOnly { .. })), "{refused:?}");
    let failure = Failure::Sqlite(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR_WRITE), None));
    assert!(matches!(failure.at(&path), Fault::ReadOnly { .. }));
    disk.remount("rw");
    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.append(&changes("buy")).unwrap(), 3);
}

#[test]
fn a_missing_folder_is_named() {
    let world = World::new();
    let path = world.folder.path().join("missing").join("environment.sqlite");
    let fault = Store::open(&path).err().unwrap();
    assert!(matches!(fault, Fault::Io { .. }), "{fault:?}");
    assert!(fault.to_string().contains("missing"));
}
