//! Erased is erased:
//! 1. after an erasure no ten bytes that only the erased records held are in any file of the folder, and every other
//!    record is there, whatever the sizes of the records, however often profiles and products were replaced before;
//! 2. so it is while readers read, and after a crash between the commit and the emptying of the log;
//! 3. erasures follow on each other, with restarts and compaction between, and can be repeated;
//! 4. the search finds ids however they are written in JSON, and nothing but them;
//! 5. a reader that does not end makes it fail within ten seconds, and a later call completes it.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use super::*;
use crate::{Erased, Erasure, Fault};

/// SplitMix64: the same numbers for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// Text that is found nowhere else: 20 random letters, over and over, so that each ten of its bytes tell it.
    fn marker(&mut self, length: usize) -> String {
        const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let unit: Vec<char> = (0..20).map(|_| LETTERS[self.below(62)] as char).collect();
        unit.iter().cycle().take(length).collect()
    }

    /// From 10 bytes to 50 kB: cells of one page, of the edge of one, of several.
    fn length(&mut self) -> usize {
        match self.below(20) {
            0 => 10 + self.below(50_000),
            1..4 => 1_000 + self.below(8_000),
            4..10 => 100 + self.below(900),
            _ => 10 + self.below(90),
        }
    }
}

const WINDOW: usize = 10;

/// The people of a random history, what each alone has caused to be written, and what should be read.
struct History {
    random: Random,
    people: Vec<String>,
    markers_by_person: BTreeMap<String, Vec<String>>,
    erased: HashSet<Vec<u8>>,
    entries: Vec<Entry>,
    position: u64,
}

impl History {
    fn new(seed: u64) -> History {
        eprintln!("seed {seed}");
        let mut random = Random(seed);
        let people: Vec<String> = (0..30)
            .map(|_| {
                let length = 10 + random.below(60);
                random.marker(length)
            })
            .collect();
        let markers_by_person = people.iter().map(|id| (id.clone(), vec![id.clone()])).collect();
        History { random, people, markers_by_person, erased: HashSet::new(), entries: Vec::new(), position: 0 }
    }

    /// Some appends: interactions, profiles new and replaced, products new, replaced and deleted.
    fn grow(&mut self, store: &mut Store, appends: usize) {
        for _ in 0..appends {
            let batch: Vec<Change> = (0..self.random.below(60)).map(|_| self.change()).collect();
            for change in &batch {
                self.position += 1;
                self.entries.retain(|entry| !super::log::replaces(change, &entry.change));
                self.entries.push(Entry { position: self.position, change: change.clone() });
            }
            assert_eq!(store.append(&batch).unwrap(), self.position);
        }
    }

    fn change(&mut self) -> Change {
        let length = self.random.length();
        let marker = self.random.marker(length);
        let person = self.people[self.random.below(self.people.len())].clone();
        let kind = self.random.below(12);
        if kind < 8 {
            self.markers_by_person.get_mut(&person).unwrap().push(marker.clone());
        }
        let product = format!("product {}", self.random.below(100));
        match kind {
            0 | 1 => Change::PutUser { body: json!({"user_id": person, "name": marker}).to_string(), id: person },
            2..8 => Change::Interaction {
                body: json!({"type": "search", "user_id": person, "keywords": marker}).to_string(),
            },
            8 => Change::DeleteProduct { id: product },
            _ => Change::PutProduct { body: json!({"title": marker}).to_string(), id: product },
        }
    }

    /// Takes out some people. Gives the erasure to ask for, and what it should answer.
    fn forget(&mut self, count: usize) -> (Erasure, Erased) {
        let gone: Vec<String> = (0..count).map(|_| self.people.remove(self.random.below(self.people.len()))).collect();
        for id in &gone {
            for marker in self.markers_by_person.remove(id).unwrap() {
                self.erased.extend(marker.as_bytes().windows(WINDOW).take(20).map(<[u8]>::to_vec));
            }
        }
        let scan = self.random.below(2) == 0;
        let mut erasure = Erasure { profiles: gone.clone(), scan, ..Erasure::default() };
        let mut erased = Erased::default();
        self.entries.retain(|entry| {
            let (theirs, profile) = match &entry.change {
                Change::PutUser { id, .. } => (gone.contains(id), true),
                Change::Interaction { body } => (gone.iter().any(|id| body.contains(id.as_str())), false),
                _ => (false, false),
            };
            if theirs && profile {
                erased.profiles += 1;
            } else if theirs {
                erased.interactions += 1;
                if !scan {
                    erasure.positions.push(entry.position);
                }
            }
            !theirs
        });
        if scan {
            erasure.user_ids = gone;
        }
        (erasure, erased)
    }

    /// How many places in all files of the folder hold ten bytes of the erased.
    fn traces(&self, folder: &Path) -> usize {
        // Asked first: whether any begins with these three bytes. Most places end here.
        let start = |bytes: &[u8]| usize::from(bytes[0]) << 16 | usize::from(bytes[1]) << 8 | usize::from(bytes[2]);
        let mut starts = vec![false; 1 << 24];
        self.erased.iter().for_each(|bytes| starts[start(bytes)] = true);
        let all = all_bytes(folder);
        all.windows(WINDOW).filter(|bytes| starts[start(bytes)] && self.erased.contains(*bytes)).count()
    }

    /// Property 1.
    fn check(&self, store: &Store) {
        assert_eq!(self.traces(store.path().parent().unwrap()), 0, "bytes of the erased are left");
        assert!(entries(&store.reader().unwrap(), 0) == self.entries, "other records have changed");
    }
}

#[test]
fn an_erased_person_leaves_no_trace_in_any_file() {
    for seed in 0..4 {
        let mut history = History::new(seed);
        let mut world = World::new();
        history.grow(&mut world.store, 30);
        for round in 0..6 {
            history.grow(&mut world.store, 6);
            let (erasure, expected) = history.forget(1 + round % 4);
            assert!(history.traces(world.folder.path()) > 0, "the erased were never there");
            assert_eq!(world.store.erase(&erasure).unwrap(), expected);
            history.check(&world.store);
            assert_eq!(world.store.erase(&erasure).unwrap(), Erased::default());
            match round {
                1 => world = world.restart(),
                3 => world.store.compact().unwrap(),
                _ => {}
            }
            history.check(&world.store);
        }
    }
}

#[test]
fn an_erased_person_leaves_no_trace_while_readers_read() {
    let mut history = History::new(100);
    let mut world = World::new();
    history.grow(&mut world.store, 60);
    let (path, done) = (world.path(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let reader = Reader::open(&path).unwrap();
                while !done.load(Ordering::Relaxed) {
                    assert!(!entries(&reader, 0).is_empty());
                    reader.user_ids().unwrap();
                }
            });
        }
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            for _ in 0..5 {
                history.grow(&mut world.store, 4);
                let (erasure, expected) = history.forget(2);
                assert_eq!(world.store.erase(&erasure).unwrap(), expected);
                history.check(&world.store);
            }
        }));
        done.store(true, Ordering::Relaxed);
        outcome.unwrap();
    });
}

#[test]
fn an_erasure_cut_short_by_a_crash_is_completed_at_the_next_start() {
    let mut history = History::new(200);
    let mut world = World::new();
    history.grow(&mut world.store, 40);
    let (erasure, _) = history.forget(5);
    world.store.blank(&erasure).unwrap();
    // The files as a crash at this moment leaves them.
    let after = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(world.folder.path()).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), after.path().join(file.file_name())).unwrap();
    }
    assert!(history.traces(after.path()) > 0, "the log was empty already");
    let store = Store::open(&after.path().join("environment.sqlite")).unwrap();
    history.check(&store);
}

#[test]
fn the_search_finds_ids_however_they_are_written_and_nothing_else() {
    let mut world = World::new();
    let bodies = [
        r#"{"user_id":"ada","n":1}"#,
        r#"{"n":2,"user_id": "\u0061da"}"#,
        r#"{"user_id":"ad\"a\\","n":3}"#,
        r#"{"user_id":"bob","keywords":"ada","x":{"user_id":"ada"},"n":4}"#,
        r#"{"anonymous_id":"ada","n":5}"#,
        r#"{"anonymous_id":"anon","user_id":"bob","n":6}"#,
        r#"{"anonymous_id":"anon","user_id":null,"n":7}"#,
        r#"{"anonymous_id":"anon","n":8}"#,
        r#"{"user_id":"über","n":9}"#,
        r#"{"user_id":"\u00fcber","n":10}"#,
        r#"{"user_id":7,"anonymous_id":"anon","n":11}"#,
        r#"{"user_id":"adam","n":12}"#,
    ];
    let clicks: Vec<Change> = bodies.iter().map(|body| Change::Interaction { body: (*body).into() }).collect();
    world.store.append(&clicks).unwrap();
    let text = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<String>>();
    let erasure = Erasure {
        user_ids: text(&["ada", "ad\"a\\", "über"]),
        anonymous_ids: text(&["anon"]),
        scan: true,
        ..Erasure::default()
    };
    assert_eq!(world.store.erase(&Erasure { scan: false, ..erasure.clone() }).unwrap(), Erased::default());
    assert_eq!(world.store.erase(&erasure).unwrap(), Erased { interactions: 8, profiles: 0 });
    let left: Vec<u64> = world.entries().iter().map(|entry| entry.position).collect();
    assert_eq!(left, [4, 5, 6, 12]);
}

#[test]
fn positions_of_other_records_and_unknown_ones_are_left_alone() {
    let mut world = World::new();
    world.store.append(&changes("+lamp @ada view buy")).unwrap();
    let erasure =
        Erasure { positions: vec![0, 1, 2, 4, 9, u64::MAX], profiles: vec!["bob".into()], ..Erasure::default() };
    assert_eq!(world.store.erase(&erasure).unwrap(), Erased { interactions: 1, profiles: 0 });
    assert_eq!(short(&world.entries()), ["1 +lamp", "2 @ada", "3 view"]);
}

#[test]
fn a_reader_that_does_not_end_makes_it_fail_in_time_and_a_later_call_completes_it() {
    let mut history = History::new(300);
    let mut world = World::new();
    history.grow(&mut world.store, 5);
    let reader = world.store.reader().unwrap();
    let moment = reader.connection.unchecked_transaction().unwrap();
    moment.query_row("SELECT count(*) FROM users", [], |_| Ok(())).unwrap();
    let (erasure, _) = history.forget(3);
    let begun = Instant::now();
    assert!(matches!(world.store.erase(&erasure), Err(Fault::Sqlite { .. })));
    assert!(begun.elapsed() < Duration::from_secs(10));
    // Appends go on meanwhile.
    history.grow(&mut world.store, 2);
    assert!(history.traces(world.folder.path()) > 0);
    drop(moment);
    assert_eq!(world.store.erase(&erasure).unwrap(), Erased::default());
    history.check(&world.store);
}

#[test]
fn compaction_gives_the_room_back() {
    let mut world = World::new();
    let large = |id: usize| Change::PutUser {
        id: format!("user {}", id % 50),
        body: json!({"x": "y".repeat(1_000)}).to_string(),
    };
    let batch: Vec<Change> = (0..5_000).map(large).collect();
    world.store.append(&batch).unwrap();
    let before = world.entries();
    assert!(world.store.reclaimable_bytes().unwrap() > 4_000_000);
    world.store.compact().unwrap();
    assert_eq!(world.store.reclaimable_bytes().unwrap(), 0);
    assert!(all_bytes(world.folder.path()).len() < 300_000);
    assert_eq!(world.entries(), before);
    assert_eq!(world.store.append(&changes("view")).unwrap(), 5_001);
}
