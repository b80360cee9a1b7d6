//! 1. What was backed up comes back, keys included, for every environment there was.
//! 2. Neither a backup nor a restore writes over anything.
//! 3. A backup that is not whole is refused before anything is written.
#![allow(clippy::unwrap_used, reason = "tests")]

use server::EnvironmentName::{Development, Production};

use super::*;
use crate::keys;

fn settings(data: &Path) -> Settings {
    Settings { data: data.to_owned(), ..Settings::default() }
}

#[test]
fn a_backup_comes_back_with_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy, again) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("c"));
    let development = keys::read(&data, Development).unwrap();
    let production = keys::read(&data, Production).unwrap();
    backup(&settings(&data), &copy).unwrap();
    restore(&settings(&again), &copy, None).unwrap();
    assert_eq!(keys::read(&again, Development).unwrap(), development);
    assert_eq!(keys::read(&again, Production).unwrap(), production);
    assert!(!store_path(&again, EnvironmentName::Playground).exists());

    let refused = restore(&settings(&data), &copy, None).unwrap_err();
    assert!(matches!(refused, Failure::Usage(_)), "{refused}");
    let refused = backup(&settings(&data), &copy).unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");
}

#[test]
fn half_a_backup_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy, again) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("c"));
    keys::read(&data, Development).unwrap();
    backup(&settings(&data), &copy).unwrap();
    let file = copy.join("development.sqlite");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
    let refused = restore(&settings(&again), &copy, None).unwrap_err();
    assert!(refused.to_string().contains("not whole"), "{refused}");
    assert!(!store_path(&again, Development).exists());
}

#[test]
fn an_empty_data_folder_is_not_backed_up() {
    let folder = tempfile::tempdir().unwrap();
    let refused = backup(&settings(&folder.path().join("none")), &folder.path().join("b")).unwrap_err();
    assert!(matches!(refused, Failure::Usage(_)), "{refused}");
}
