//! A backup is worth its name:
//! 1. made while a writer appends, it holds a prefix of the log, whole, in one file;
//! 2. restored, it is the environment of that moment and can be written on;
//! 3. nothing is overwritten, and a damaged, empty or half-written backup is refused, leaving nothing behind.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::{Fault, backup, restore};

#[test]
fn a_backup_made_while_appending_restores_to_a_prefix_of_the_log() {
    let mut world = World::new();
    let words = "+lamp @ada view ".repeat(2_000);
    world.store.append(&changes(&words)).unwrap();
    let (folder, path) = (world.folder.path().to_path_buf(), world.path());
    let kept = folder.join("kept.backup");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                world.store.append(&changes("view buy")).unwrap();
            }
        });
        let outcome = backup(&path, &kept);
        done.store(true, Ordering::Relaxed);
        outcome.unwrap();
    });
    let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(names.iter().filter(|name| name.to_string_lossy().starts_with("kept")).count(), 1, "{names:?}");

    let place = folder.join("restored.sqlite");
    restore(&kept, &place).unwrap();
    let mut store = Store::open(&place).unwrap();
    let restored = entries(&store.reader().unwrap(), 0);
    let last = store.append(&[]).unwrap();
    let whole = world.entries();
    assert_eq!(last % 2, 0, "an append came into the backup by half");
    assert_eq!(restored, whole[..restored.len()]);
    assert_eq!(restored.last().unwrap().position, last);
    assert_eq!(store.append(&changes("view")).unwrap(), last + 1);
}

#[test]
fn nothing_is_overwritten() {
    let mut world = World::new();
    world.store.append(&changes("+lamp")).unwrap();
    let kept = world.folder.path().join("kept.backup");
    backup(&world.path(), &kept).unwrap();
    let before = std::fs::read(&kept).unwrap();
    world.store.append(&changes("+chair")).unwrap();
    assert!(matches!(backup(&world.path(), &kept), Err(Fault::Io { .. })));
    assert!(matches!(restore(&kept, &world.path()), Err(Fault::Io { .. })));
    assert_eq!(std::fs::read(&kept).unwrap(), before);
    assert_eq!(short(&world.entries()), ["1 +lamp", "2 +chair"]);
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let mut world = World::new();
    world.store.append(&changes(&"+lamp @ada view buy ".repeat(2_000))).unwrap();
    let kept = world.folder.path().join("kept.backup");
    backup(&world.path(), &kept).unwrap();
    let good = std::fs::read(&kept).unwrap();
    let mut torn = good.clone();
    torn[good.len() / 2..good.len() / 2 + 8192].fill(0xff);
    let place = world.folder.path().join("restored.sqlite");
    for bad in [torn, good[..good.len() / 2].to_vec(), Vec::new(), b"text".repeat(1000)] {
        std::fs::write(&kept, bad).unwrap();
        let fault = restore(&kept, &place).unwrap_err();
        assert!(matches!(fault, Fault::Corrupt { .. }), "{fault:?}");
        assert!(!place.exists() && !world.folder.path().join("restored.sqlite.part").exists());
    }
    std::fs::write(&kept, good).unwrap();
    // What a try before left half-written is in nobody's way.
    std::fs::write(world.folder.path().join("restored.sqlite.part"), "half").unwrap();
    restore(&kept, &place).unwrap();
    assert_eq!(entries(&Reader::open(&place).unwrap(), 0), world.entries());
}
