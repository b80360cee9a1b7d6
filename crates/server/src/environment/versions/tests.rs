//! Properties: at most so many versions are kept, and the one in use is among them; one version is in use at a time; a list of an
//! early program is read.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::*;

fn version(name: &str, state: VersionState) -> Version {
    let stored = json!([{"version": name, "created_at": "2026-01-01T00:00:00Z", "in_use": state == VersionState::InUse, "state": state}]);
    read(Some(stored)).remove(0)
}

fn names(list: &[Version]) -> Vec<&str> {
    list.iter().map(|version| version.version.as_str()).collect()
}

#[test]
fn the_oldest_go_but_never_the_one_in_use() {
    let mut list = with(&[], version("used", VersionState::InUse));
    for n in 0..MODEL_VERSIONS_MAX + 2 {
        list = with(&list, version(&format!("kept-out-{n}"), VersionState::KeptOut));
    }
    assert_eq!(list.len(), MODEL_VERSIONS_MAX);
    assert_eq!(list.iter().filter(|version| version.in_use).count(), 1);
    assert_eq!(*names(&list).last().unwrap(), "used");
    assert_eq!(names(&list)[0], format!("kept-out-{}", MODEL_VERSIONS_MAX + 1));
}

#[test]
fn one_version_is_in_use_at_a_time() {
    let list = with(&with(&[], version("a", VersionState::InUse)), version("b", VersionState::InUse));
    assert_eq!((list[0].in_use, list[1].state), (true, VersionState::Replaced));
    let back = with_in_use(&list, "a").unwrap();
    assert_eq!((back[0].state, back[1].state), (VersionState::Replaced, VersionState::InUse));
    assert!(with_in_use(&list, "c").is_none());
}

#[test]
fn a_list_of_an_early_program_is_read() {
    let early = json!([
        {"version": "b", "created_at": "2026-01-02T00:00:00Z", "in_use": true, "metrics": {"ndcg_10": 0.5}},
        {"version": "a", "created_at": "2026-01-01T00:00:00Z", "in_use": false, "metrics": {}},
    ]);
    let list = read(Some(early));
    assert_eq!((list[0].state, list[1].state), (VersionState::InUse, VersionState::Replaced));
    assert_eq!(list[0].metric("ndcg_10"), Some(0.5));
}
