//! Properties: the one password of earlier versions is the administrator's; a given password is the first account's and leaves the
//! others alone; names are told apart without regard to case; the last administrator stays; what is refused changes
//! nothing; what is changed outlives a restart.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

const TEXT: &str = "long enough";

#[test]
fn the_password_of_an_earlier_version_is_the_administrators() {
    let folder = tempfile::tempdir().unwrap();
    let hashed = Hashed::of(TEXT).unwrap();
    let old = serde_json::json!({"administrator": hashed}).to_string();
    std::fs::write(folder.path().join("dojo.json"), old).unwrap();
    let (accounts, made_up) = Accounts::open(folder.path(), None, true).unwrap();
    assert_eq!(made_up, None);
    assert_eq!(accounts.verify("Administrator ", TEXT).as_deref(), Some(FIRST));
    accounts.add("mia", Role::Viewer, TEXT).unwrap();
    let (again, _) = Accounts::open(folder.path(), None, true).unwrap();
    assert_eq!(again.list(), [(FIRST.to_owned(), Role::Administrator), ("mia".to_owned(), Role::Viewer)]);
}

#[test]
fn a_given_password_is_the_first_accounts_and_leaves_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (accounts, made_up) = Accounts::open(folder.path(), None, true).unwrap();
    assert!(accounts.verify(FIRST, &made_up.unwrap()).is_some());
    accounts.add("mia", Role::Editor, "mia's own password").unwrap();
    let (again, made_up) = Accounts::open(folder.path(), Some(TEXT), true).unwrap();
    assert_eq!(made_up, None);
    assert!(again.verify(FIRST, TEXT).is_some() && again.verify("mia", "mia's own password").is_some());
    assert!(again.verify("mia", TEXT).is_none() && again.verify("nobody", TEXT).is_none());
    assert!(Accounts::open(folder.path(), Some("short"), true).is_err());
}

#[test]
fn what_is_refused_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (accounts, _) = Accounts::open(folder.path(), Some(TEXT), true).unwrap();
    for name in ["", "  ", "a/b", "a\nb", "ADMINISTRATOR", &"x".repeat(65)] {
        assert!(matches!(accounts.add(name, Role::Viewer, TEXT), Err(Refusal::Invalid(_))), "{name:?}");
    }
    assert!(matches!(accounts.add("mia", Role::Viewer, "short"), Err(Refusal::Invalid(_))));
    assert!(matches!(accounts.set_role(FIRST, Role::Editor), Err(Refusal::Invalid(_))));
    assert!(matches!(accounts.remove(FIRST), Err(Refusal::Invalid(_))));
    assert_eq!(accounts.remove("nobody"), Err(Refusal::Unknown));
    assert_eq!(accounts.list(), [(FIRST.to_owned(), Role::Administrator)]);
}

#[test]
fn an_administrator_may_go_when_there_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let (accounts, _) = Accounts::open(folder.path(), Some(TEXT), true).unwrap();
    accounts.add("mia", Role::Administrator, TEXT).unwrap();
    accounts.set_role(FIRST, Role::Viewer).unwrap();
    accounts.set_password("mia", "another one").unwrap();
    assert!(accounts.verify("mia", TEXT).is_none() && accounts.verify("mia", "another one").is_some());
    accounts.remove(FIRST).unwrap();
    let (again, _) = Accounts::open(folder.path(), None, true).unwrap();
    assert_eq!(again.list(), [("mia".to_owned(), Role::Administrator)]);
}

#[test]
fn a_password_that_nobody_would_see_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let (accounts, made_up) = Accounts::open(folder.path(), None, false).unwrap();
    assert_eq!((made_up, accounts.list().len()), (None, 0));
    let (accounts, made_up) = Accounts::open(folder.path(), None, true).unwrap();
    assert!(accounts.verify(FIRST, &made_up.unwrap()).is_some(), "the first start that is seen makes it");
}
