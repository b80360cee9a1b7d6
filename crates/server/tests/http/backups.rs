//! Properties: a restore brings back what was backed up, keys and erasures excepted: those stay as they are now; what came
//! after an erasure is no part of it; a damaged file and a wrong confirmation change nothing; a backup can be downloaded and
//! uploaded elsewhere; whatever a crash on the way leaves, the next start finds one of the two states whole.

use std::path::Path;

use serde_json::{Value, json};
use store::KeyKind;

use crate::dojo::{PASSWORD, call, cookie, start};
use crate::retention::files_with;
use crate::served::{Served, eventually};

fn product(served: &Served, id: &str) {
    let body = json!({"data": [{"product_id": id, "title": format!("The {id}")}]});
    served.call("POST", "/v1/products", &served.secret(), &body).expect(200);
}

fn act(served: &Served, user: &str, product: &str) {
    let body = json!({"data": [{"type": "add_to_cart", "user_id": user, "product_ids": [product]}]});
    served.call("POST", "/v1/interactions", &served.secret(), &body).expect(200);
}

fn products(served: &Served) -> Value {
    served.call("GET", "/v1/products/_ids", &served.secret(), &json!({})).expect(200).json()["data"]["ids"].clone()
}

fn make(served: &Served, cookie: &str) -> String {
    let made = call(served, cookie, "POST", "development/backups", &Value::Null).expect(201).json();
    made["name"].as_str().unwrap().to_owned()
}

fn restore(served: &Served, cookie: &str, name: &str) -> Value {
    let body = json!({"confirm": "development"});
    call(served, cookie, "POST", &format!("development/backups/{name}/_restore"), &body).expect(200).json()
}

#[test]
fn a_restore_brings_back_what_was_backed_up_but_no_key_and_nobody_erased() {
    let served = start();
    let cookie = cookie(&served);
    product(&served, "tent");
    act(&served, "erika-the-erased", "tent");
    act(&served, "emil", "tent");
    let name = make(&served, &cookie);

    product(&served, "stove");
    let body = json!({"user_ids": ["erika-the-erased"]});
    served.call("DELETE", "/v1/interactions", &served.secret(), &body).expect(200);
    let kind = json!({"kind": "secret"});
    let fresh = call(&served, &cookie, "POST", "development/keys/_rotate", &kind).expect(200).json();
    let wrong = json!({"confirm": "production"});
    call(&served, &cookie, "POST", &format!("development/backups/{name}/_restore"), &wrong).expect(422);
    assert_eq!(products(&served), json!(["stove", "tent"]));

    let restored = restore(&served, &cookie, &name);
    assert_eq!(restored["erased_again"], 1);
    assert_eq!(json!(served.secret()), fresh["text"], "keys are those of now");
    assert_eq!(products(&served), json!(["tent"]));
    let person = |id: &str| call(&served, &cookie, "GET", &format!("development/person?user_id={id}"), &Value::Null);
    assert_eq!(person("emil").expect(200).json()["interactions"], 1);
    person("erika-the-erased").expect(404);
    let folder = served.folder.path().join("development");
    assert_eq!(files_with(&folder, "erika-the-erased"), Vec::<String>::new());
    eventually("text search is complete", || {
        let found =
            served.call("POST", "/v1/search/search", &served.secret(), &json!({"q": "tent"})).expect(200).json();
        found["data"]["total"] == 1
    });

    // Who comes back after an erasure is somebody new: later backups keep what they do.
    act(&served, "erika-the-erased", "tent");
    let later = make(&served, &cookie);
    assert_eq!(restore(&served, &cookie, &later)["erased_again"], 0);
    assert_eq!(person("erika-the-erased").expect(200).json()["interactions"], 1);
    // What the restore took the place of is a backup itself.
    let kept = restored["kept"]["name"].as_str().unwrap();
    restore(&served, &cookie, kept);
    assert_eq!(products(&served), json!(["stove", "tent"]));
    product(&served, "lamp");
    let again = served.restart();
    assert_eq!(products(&again), json!(["lamp", "stove", "tent"]));
}

#[test]
fn a_backup_is_downloaded_and_uploaded_and_a_damaged_one_is_refused() {
    let served = start();
    let cookie = cookie(&served);
    product(&served, "tent");
    let name = make(&served, &cookie);
    let file = call(&served, &cookie, "GET", &format!("development/backups/{name}"), &Value::Null).expect(200);
    assert!(file.headers["content-disposition"].contains("attachment"));
    let headers = [("Cookie", cookie.as_str()), ("X-Dojo", "1"), ("Origin", "http://test")];
    let upload = |bytes: &[u8]| served.send("POST", "/dojo/api/production/backups/_upload", &headers, bytes);
    let mut damaged = file.body.clone();
    let middle = damaged.len() / 2;
    damaged.truncate(middle);
    for bytes in [&damaged[..], b"", b"not a backup"] {
        assert!(upload(bytes).expect(422).message().contains("no backup"));
    }
    let taken = upload(&file.body).expect(201).json();
    assert_eq!(taken["kind"], "uploaded");
    let path = format!("production/backups/{}/_restore", taken["name"].as_str().unwrap());
    call(&served, &cookie, "POST", &path, &json!({"confirm": "production", "keep": false})).expect(200);
    let key = served.key("production", KeyKind::Secret);
    served.call("GET", "/v1/products/tent", &key, &json!({})).expect(200);
    assert_ne!(key, served.secret(), "the keys of an environment stay its own");

    call(&served, &cookie, "DELETE", &format!("development/backups/{name}"), &Value::Null).expect(204);
    let listed = call(&served, &cookie, "GET", "development/backups", &Value::Null).expect(200).json();
    assert_eq!(listed["backups"], json!([]));
    for name in ["..%2F..%2Fdojo.json", "..%2Fproduction%2Fx-made.sqlite", "dojo.json", "store.sqlite"] {
        call(&served, &cookie, "GET", &format!("development/backups/{name}"), &Value::Null).expect(404);
    }
}

#[test]
fn a_crash_during_a_restore_leaves_one_of_the_two_states_whole() {
    let served = start();
    let signed_in = cookie(&served);
    product(&served, "old");
    let name = make(&served, &signed_in);
    product(&served, "new");
    let data = tempfile::tempdir().unwrap();
    let from = served.folder.path().join("backups/development").join(&name);
    let live = served.folder.path().join("development");
    let copy = |to: &Path| {
        std::fs::create_dir_all(to).unwrap();
        store::backup(&live.join("store.sqlite"), &to.join("store.sqlite")).unwrap();
    };
    let prepare = |to: &Path| {
        std::fs::create_dir_all(to).unwrap();
        store::restore(&from, &to.join("store.sqlite")).unwrap();
    };
    // What lies there when the process dies, and what is served afterwards.
    type Left<'a> = (&'a str, Box<dyn Fn(&Path) + 'a>, Value);
    let cases: [Left<'_>; 4] = [
        (
            "while it was prepared",
            Box::new(|data| {
                copy(&data.join("development"));
                std::fs::create_dir_all(data.join("development.restoring")).unwrap();
                std::fs::write(data.join("development.restoring/store.sqlite"), b"half").unwrap();
            }),
            json!(["new", "old"]),
        ),
        (
            "between the two renames",
            Box::new(|data| {
                copy(&data.join("development.before-restore"));
                prepare(&data.join("development.restoring"));
            }),
            json!(["old"]),
        ),
        (
            "before the new state was opened",
            Box::new(|data| {
                copy(&data.join("development.before-restore"));
                prepare(&data.join("development"));
            }),
            json!(["old"]),
        ),
        (
            "with a state that cannot be opened",
            Box::new(|data| {
                copy(&data.join("development.before-restore"));
                std::fs::create_dir_all(data.join("development")).unwrap();
                std::fs::write(data.join("development/store.sqlite"), vec![7; 10_000]).unwrap();
            }),
            json!(["new", "old"]),
        ),
    ];
    for (number, (when, leave, expected)) in cases.iter().enumerate() {
        let folder = data.path().join(number.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        leave(&folder);
        let again = Served::start_with(|settings| {
            settings.data = folder.clone();
            settings.admin_password = PASSWORD.to_owned();
        });
        let ids = call(&again, &cookie(&again), "GET", "development/v1/products/_ids", &Value::Null).expect(200);
        assert_eq!(&ids.json()["data"]["ids"], expected, "{when}");
        assert!(!folder.join("development.restoring").exists(), "{when}");
        assert!(!folder.join("development.before-restore").exists(), "{when}");
    }
}
