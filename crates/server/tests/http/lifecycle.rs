//! Properties: a data folder has one process; where it listens is noted while it runs and not after; what was
//! acknowledged is there after a stop and a new start, keys included; an address that is taken is said.

use std::net::SocketAddr;

use serde_json::{Value, json};
use server::Settings;
use tokio::runtime::Runtime;

use crate::served::Served;

fn settings(served: &Served) -> Settings {
    Settings {
        data: served.folder.path().to_owned(),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..Settings::default()
    }
}

#[test]
fn a_folder_in_use_is_refused_and_says_by_whom() {
    let served = Served::start();
    let refused = Runtime::new().unwrap().block_on(server::serve(settings(&served))).err().unwrap();
    assert!(refused.contains(&served.folder.path().display().to_string()), "{refused}");
    assert!(refused.contains(&served.address.to_string()) && refused.contains("--data"), "{refused}");
}

#[test]
fn an_address_in_use_is_refused() {
    let served = Served::start();
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { data: folder.path().to_owned(), listen: served.address, ..Settings::default() };
    let refused = Runtime::new().unwrap().block_on(server::serve(settings)).err().unwrap();
    assert!(refused.contains(&served.address.to_string()) && refused.contains("--listen"), "{refused}");
}

#[test]
fn what_was_acknowledged_is_there_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Served::start_with(|settings| settings.data = folder.path().to_owned());
    let note = folder.path().join("server.json");
    let key = |served: &Served| {
        let reader = store::Reader::open(&folder.path().join("production/store.sqlite")).unwrap();
        let _ = served;
        reader.keys().unwrap().into_iter().find(|key| key.kind == store::KeyKind::Secret).unwrap().text
    };

    let served = start();
    let secret = key(&served);
    assert_eq!(secret.len(), 40);
    assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let noted: Value = serde_json::from_slice(&std::fs::read(&note).unwrap()).unwrap();
    assert_eq!(noted["address"], served.address.to_string());
    assert_eq!(noted["pid"], std::process::id());
    served.call("POST", "/v1/products", &secret, &json!({"data": [{"product_id": "p", "title": "Shoe"}]})).expect(200);
    served.stop();
    assert!(!note.exists());

    let served = start();
    assert_eq!(key(&served), secret);
    let read = served.call("GET", "/v1/products/p", &secret, &json!({})).expect(200).json();
    assert_eq!(read["data"], json!({"product_id": "p", "title": "Shoe"}));
}

#[test]
fn an_upload_queued_before_the_stop_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Served::start_with(|settings| settings.data = folder.path().to_owned());
    let reader = || store::Reader::open(&folder.path().join("development/store.sqlite")).unwrap();
    let served = start();
    let secret = reader().keys().unwrap().into_iter().find(|key| key.kind == store::KeyKind::Secret).unwrap().text;
    let data: Vec<Value> = (0..2_000).map(|n| json!({"product_id": format!("p{n}")})).collect();
    served.call("POST", "/v1/products?async=1", &secret, &json!({"data": data})).expect(200);
    served.stop();
    assert_eq!(reader().product_ids(None).unwrap().len(), 2_000);
}
