//! Properties: what is noted is covered up to its position and not beyond; no id is in a file; half an entry is no entry; over
//! the bound the newest stay.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
fn what_is_noted_is_covered_up_to_its_position() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("development");
    std::fs::create_dir(&folder).unwrap();
    let erasures = Erasures::of(&folder);
    assert!(erasures.read().unwrap().is_empty());
    erasures.note(7, [(Erased::User, "erika"), (Erased::Anonymous, "a1")].into_iter()).unwrap();
    erasures.note(9, [(Erased::Profile, "erika")].into_iter()).unwrap();
    let mut file = File::options().append(true).open(folder.join(FILE)).unwrap();
    file.write_all(b"half an e").unwrap();
    erasures.note(12, [(Erased::User, "erika")].into_iter()).unwrap();
    let noted = Erasures::of(&folder).read().unwrap();
    for (what, id, last) in [(Erased::User, "erika", 12), (Erased::Anonymous, "a1", 7), (Erased::Profile, "erika", 9)] {
        assert!(noted.covers(what, id, last) && !noted.covers(what, id, last + 1), "{id}");
    }
    assert!(!noted.covers(Erased::Anonymous, "erika", 1) && !noted.covers(Erased::User, "emil", 1));
    for path in [folder.join(FILE), data.path().join(KEY_FILE)] {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(5).any(|window| window == b"erika"));
    }
}

#[test]
fn over_the_bound_the_newest_stay() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("development");
    std::fs::create_dir(&folder).unwrap();
    let erasures = Erasures::of(&folder);
    let ids: Vec<String> = (0..=ERASURES_NOTED_MAX).map(|n| n.to_string()).collect();
    erasures.note(1, ids.iter().map(|id| (Erased::User, id.as_str()))).unwrap();
    let noted = erasures.read().unwrap();
    assert!(noted.covers(Erased::User, ids.last().unwrap(), 1) && !noted.covers(Erased::User, "0", 1));
}
