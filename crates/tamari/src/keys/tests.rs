//! 1. Keys are made at first use and stay the same afterwards.
//! 2. Rotation replaces the key asked for and no other.
//! 3. Environments have keys of their own.
#![allow(clippy::unwrap_used, reason = "tests")]

use server::EnvironmentName::{Development, Production};

use super::*;

#[test]
fn keys_are_made_once_and_differ_between_environments() {
    let data = tempfile::tempdir().unwrap();
    let first = read(data.path(), Development).unwrap();
    assert_eq!(first.secret.len(), 40);
    assert!(first.secret.chars().all(|letter| letter.is_ascii_alphanumeric()));
    assert_ne!(first.secret, first.publishable);
    assert_eq!(read(data.path(), Development).unwrap(), first);
    assert_ne!(read(data.path(), Production).unwrap().secret, first.secret);
}

#[test]
fn rotating_one_kind_leaves_the_other() {
    let data = tempfile::tempdir().unwrap();
    let first = read(data.path(), Development).unwrap();
    let second = rotate(data.path(), Development, Some(KeyKindOption::Secret)).unwrap();
    assert_ne!(second.secret, first.secret);
    assert_eq!(second.publishable, first.publishable);
    let third = rotate(data.path(), Development, None).unwrap();
    assert_ne!(third.secret, second.secret);
    assert_ne!(third.publishable, second.publishable);
    assert_eq!(read(data.path(), Development).unwrap(), third);
}
