//! Properties: what is older than the retention is removed for good, from every file, and stays away after a restart; what is younger
//! stays; a preview says beforehand how much; off, nothing is removed; it must be confirmed.

use serde_json::{Value, json};

use crate::dojo::{call, cookie, start};
use crate::served::Served;

/// The files below the folder that hold these bytes.
pub(crate) fn files_with(folder: &std::path::Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path).unwrap().windows(text.len()).any(|window| window == text.as_bytes()) {
            found.push(path.display().to_string());
        }
    }
    found
}

fn act(served: &Served, user: &str, product: &str, timestamp: Option<&str>) {
    let mut interaction = json!({"type": "product_detail_page_view", "user_id": user, "product_ids": [product]});
    if let Some(timestamp) = timestamp {
        interaction["timestamp"] = json!(timestamp);
    }
    served.call("POST", "/v1/interactions", &served.secret(), &json!({"data": [interaction]})).expect(200);
}

#[test]
fn what_is_too_old_is_removed_for_good() {
    let served = start();
    let cookie = cookie(&served);
    let ask = |method: &str, path: &str, body: &Value| {
        call(&served, &cookie, method, &format!("development/retention{path}"), body)
    };
    act(&served, "long-gone-person", "p1", Some("2020-01-01T00:00:00Z"));
    act(&served, "long-gone-person", "p2", Some("2020-01-02T00:00:00Z"));
    act(&served, "faithful-person", "p1", Some("2020-01-03T00:00:00Z"));
    act(&served, "faithful-person", "p2", None);

    assert_eq!(ask("GET", "", &Value::Null).expect(200).json()["days"], Value::Null);
    let confirmed = json!({"confirm": "development"});
    assert!(ask("POST", "/_run", &confirmed).expect(422).message().contains("off"));
    let preview = ask("GET", "/preview?days=30", &Value::Null).expect(200).json();
    assert_eq!((&preview["interactions"], &preview["visitors"]), (&json!(3), &json!(2)));
    ask("PUT", "", &json!({"days": 0})).expect(422);
    ask("PUT", "", &json!({"days": 30})).expect(200);
    ask("POST", "/_run", &json!({"confirm": "production"})).expect(422);
    assert_eq!(ask("POST", "/_run", &confirmed).expect(200).json()["removed"], 3);

    let counts = |served: &Served, cookie: &str| {
        let person = |id: &str| call(served, cookie, "GET", &format!("development/person?user_id={id}"), &Value::Null);
        assert_eq!(person("long-gone-person").status, 404);
        assert_eq!(person("faithful-person").expect(200).json()["interactions"], 1);
    };
    counts(&served, &cookie);
    let folder = served.folder.path().join("development");
    assert_eq!(files_with(&folder, "long-gone-person"), Vec::<String>::new());
    assert_eq!(files_with(&folder, "2020-01-0"), Vec::<String>::new());
    assert_eq!(ask("GET", "", &Value::Null).expect(200).json()["last_removed"], 3);
    assert_eq!(ask("GET", "/preview?days=30", &Value::Null).expect(200).json()["interactions"], 0);
    assert_eq!(call(&served, &cookie, "PUT", "playground/retention", &json!({"days": 3})).expect(422).status, 422);

    let again = served.restart();
    counts(&again, &crate::dojo::cookie(&again));
}
