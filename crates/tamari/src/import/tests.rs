//! 1. An import goes on after the last acknowledged batch, whatever the mapping gathers, and sends nothing twice.
//! 2. A changed file or mapping begins again.
//! 3. Rejected rows are written with file, row, reasons and record.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use ::import::{Gather, Mapping, Reject};

use super::*;

fn reader(path: &Path, mapping: &str, skip: u64) -> Batches {
    Batches {
        files: vec![path.to_owned()],
        format: FormatOptions::default(),
        gather: Gather::new(&Mapping::parse(mapping, "test").unwrap()).unwrap(),
        kind: Kind::Products,
        skip,
        distance: Distance::default(),
        stop: std::sync::Arc::default(),
    }
}

/// What an import sends from `skip` items on: records and the rows of rejects.
fn sent(path: &Path, mapping: &str, skip: u64) -> (Vec<String>, Vec<u64>) {
    let (sender, batches) = sync_channel(1_000);
    reader(path, mapping, skip).run(&mut |batch| sender.send(batch).is_ok()).unwrap();
    drop(sender);
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    for batch in batches {
        assert!(batch.entries.len() <= 1_000);
        records.extend(batch.entries.into_iter().map(|entry| entry.json));
        rejects.extend(batch.rejects.into_iter().map(|reject| reject.row));
    }
    (records, rejects)
}

#[test]
fn an_import_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.csv");
    let lines: Vec<String> =
        (0..2_500).map(|n| format!("{},{},{}", n / 2, n, if n % 100 == 7 { "x" } else { "1" })).collect();
    std::fs::write(&path, format!("g,id,price\n{}", lines.join("\n"))).unwrap();
    let plain = "record = 'products'\nfields.product_id = 'id'\nfields.original_price = 'price'";
    for mapping in [
        plain.to_owned(),
        format!("{plain}\ndistinct.by = 'g'"),
        format!("{plain}\nfill = {{ key = 'g', first = ['id'] }}"),
    ] {
        let (records, rejects) = sent(&path, &mapping, 0);
        assert!(records.len() > 1_000 && rejects.len() == 25);
        for skip in [1, 999, 1_000, 1_100] {
            let (rest, later) = sent(&path, &mapping, skip);
            let done = records.len() + rejects.len() - rest.len() - later.len();
            assert_eq!(done as u64, skip);
            assert!(records.ends_with(&rest) && rejects.ends_with(&later), "{mapping} {skip}");
        }
    }
}

#[test]
fn a_checkpoint_holds_for_equal_files_and_mapping_only() {
    let folder = tempfile::tempdir().unwrap();
    let (path, place) = (folder.path().join("a.csv"), folder.path().join("a.csv.tamari-progress.json"));
    std::fs::write(&path, "id\n1\n").unwrap();
    let files = [path.clone()];
    let task = Task::new(&files, "m", "t".into()).unwrap();
    let checkpoint = Checkpoint { items: 7, accepted: 5, rejected: 2, ..Checkpoint::new(task.clone()) };
    checkpoint.save(&place).unwrap();
    assert_eq!(Checkpoint::find(&place, &task), Some(checkpoint));
    assert_eq!(Checkpoint::find(&place, &Task::new(&files, "other", "t".into()).unwrap()), None);
    assert_eq!(Checkpoint::find(&place, &Task::new(&files, "m", "other".into()).unwrap()), None);
    std::fs::write(&path, "id\n1\n2\n").unwrap();
    assert_eq!(Checkpoint::find(&place, &Task::new(&files, "m", "t".into()).unwrap()), None);
}

#[test]
fn rejects_go_on_from_the_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.jsonl");
    let files = [PathBuf::from("a.csv")];
    let reject = |row| Reject { file: 0, row, reasons: vec!["why".into()], record: json!({ "id": 1 }) };
    let mut rejects = Rejects::open(&path, &files, 0).unwrap();
    rejects.write(&[reject(1)]).unwrap();
    let acknowledged = rejects.bytes();
    rejects.write(&[reject(2)]).unwrap();
    rejects.close();
    let mut rejects = Rejects::open(&path, &files, acknowledged).unwrap();
    rejects.write(&[reject(3)]).unwrap();
    rejects.close();
    let line = |row| json!({ "file": "a.csv", "row": row, "reasons": ["why"], "record": { "id": 1 } }).to_string();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{}\n{}\n", line(1), line(3)));
}
