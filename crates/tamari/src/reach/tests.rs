//! 1. A data folder counts as served exactly while a process holds its lock.
//! 2. A server that listens everywhere is called on this machine.
//! 3. The address given may end in `/` or `/v1`.
#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
fn a_folder_is_served_while_its_lock_is_held() {
    let data = tempfile::tempdir().unwrap();
    assert_eq!(running(data.path()).unwrap(), None);
    let lock = File::create(data.path().join("lock")).unwrap();
    std::fs::write(data.path().join("server.json"), r#"{"address":"0.0.0.0:7700","pid":1}"#).unwrap();
    assert_eq!(running(data.path()).unwrap(), None, "the sign of a server that died is not believed");
    lock.lock().unwrap();
    assert_eq!(running(data.path()).unwrap(), Some("127.0.0.1:7700".parse().unwrap()));
    drop(lock);
    assert_eq!(running(data.path()).unwrap(), None);
}

#[test]
fn the_base_address_is_taken_with_and_without_its_version() {
    for given in ["http://shop:7700", "http://shop:7700/", "http://shop:7700/v1", "http://shop:7700/v1/", "shop:7700"] {
        assert_eq!(Reach::to(given, String::new()).url("products"), "http://shop:7700/v1/products", "{given}");
    }
}
