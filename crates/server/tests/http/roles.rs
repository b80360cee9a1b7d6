//! Properties: every call of the dashboard needs a session, and a role that is enough, and the proof that one of our own pages
//! sent it; a viewer can change nothing through the API behind it either; a change of an account ends its sessions; the last
//! administrator stays.

use serde_json::{Value, json};

use crate::dojo::{call, cookie, sign_in_as, start};
use crate::served::Served;

const ROLES: [&str; 3] = ["viewer", "editor", "administrator"];

/// The cookie of somebody with this role.
fn cookie_of(served: &Served, role: &str) -> String {
    if role == "administrator" {
        return cookie(served);
    }
    let made = call(served, &cookie(served), "POST", "accounts", &json!({"name": role, "role": role}));
    let password = made.expect(201).json()["password"].as_str().unwrap().to_owned();
    cookie_from(served, role, &password)
}

fn cookie_from(served: &Served, name: &str, password: &str) -> String {
    let reply = sign_in_as(served, name, password).expect(200);
    reply.headers["set-cookie"].split(';').next().unwrap().to_owned()
}

/// A path that the template stands for, as [`call`] takes it.
fn example(template: &str) -> String {
    let path = template.trim_start_matches("/dojo/api/").replace("{environment}", "development");
    let path = path.replace("{*path}", "products/_ids");
    path.split('/').map(|part| if part.starts_with('{') { "nobody" } else { part }).collect::<Vec<_>>().join("/")
}

#[test]
fn every_call_needs_its_role_and_one_of_our_own_pages() {
    let served = start();
    let cookies = ROLES.map(|role| cookie_of(&served, role));
    let rank = |role: &str| ROLES.iter().position(|one| *one == role).unwrap();
    for (method, template, least) in server::dojo_served() {
        let (method, path) = (if method == "ANY" { "GET" } else { method }, example(template));
        call(&served, "none=0", method, &path, &json!({})).expect(401);
        for (role, cookie) in ROLES.iter().zip(&cookies) {
            let reply = call(&served, cookie, method, &path, &json!({}));
            let refused = reply.status == 401 || reply.status == 403;
            assert_eq!(refused, rank(role) < rank(least), "{role}: {method} {path}: {}", reply.status);
            if refused {
                assert!(reply.message().contains(role) && reply.message().contains(least), "{}", reply.message());
            }
        }
        if method != "GET" {
            let foreign = [("Cookie", cookies[2].as_str()), ("Content-Type", "application/json")];
            let reply = served.send(method, &format!("/dojo/api/{path}"), &foreign, b"{}").expect(403);
            assert!(reply.message().contains("own pages"), "{path}");
        }
    }
}

#[test]
fn a_viewer_can_change_nothing_through_the_api() {
    let served = start();
    let [viewer, editor] = ["viewer", "editor"].map(|role| cookie_of(&served, role));
    let product = json!({"data": [{"product_id": "p"}]});
    call(&served, &editor, "POST", "development/v1/products", &product).expect(200);
    for (method, template, key, writes) in server::served() {
        if key == "open" {
            continue;
        }
        let path = format!("development/v1/{}", example(template.trim_start_matches("/v1/")));
        let reply = call(&served, &viewer, method, &path, &json!({"data": []}));
        assert_eq!(reply.status == 403, writes, "{method} {path}: {}", reply.status);
        if writes {
            assert!(reply.message().contains("editor"), "{}", reply.message());
        }
    }
    call(&served, &viewer, "DELETE", "development/v1/products/p", &Value::Null).expect(403);
    let ids = call(&served, &viewer, "GET", "development/v1/products/_ids", &Value::Null).expect(200).json();
    assert_eq!(ids["data"]["ids"], json!(["p"]));
}

#[test]
fn a_viewer_sees_no_key() {
    let served = start();
    let [viewer, editor] = ["viewer", "editor"].map(|role| cookie_of(&served, role));
    let shown = call(&served, &viewer, "GET", "development/keys", &Value::Null).expect(200);
    let text = String::from_utf8(shown.body).unwrap();
    assert!(!text.contains(&served.secret()) && !text.contains(&served.publishable()), "{text}");
    call(&served, &viewer, "POST", "development/keys/_reveal", &json!({"kind": "publishable"})).expect(403);
    let shown = call(&served, &editor, "GET", "development/keys", &Value::Null).expect(200).json();
    assert_eq!(shown["publishable"], json!(served.publishable()));
    call(&served, &editor, "POST", "development/keys/_rotate", &json!({"kind": "secret"})).expect(403);
}

#[test]
fn a_change_of_an_account_holds_at_once_and_ends_its_sessions() {
    let served = start();
    let administrator = cookie(&served);
    let change = |name: &str, body: &Value| call(&served, &administrator, "PUT", &format!("accounts/{name}"), body);
    let is_in = |cookie: &str| call(&served, cookie, "GET", "server", &Value::Null).status == 200;

    let first = cookie_of(&served, "editor");
    let who = call(&served, &first, "GET", "session", &Value::Null).expect(200).json();
    assert_eq!(who, json!({"signed_in": true, "name": "editor", "role": "editor"}));
    let reset = change("editor", &json!({"new_password": true})).expect(200).json();
    assert!(!is_in(&first));
    let second = cookie_from(&served, "editor", reset["password"].as_str().unwrap());
    change("editor", &json!({"role": "viewer", "password": "chosen for them"})).expect(200);
    assert!(!is_in(&second));
    let third = cookie_from(&served, "EDITOR", "chosen for them");
    call(&served, &third, "POST", "development/v1/products", &json!({"data": []})).expect(403);
    call(&served, &administrator, "DELETE", "accounts/editor", &Value::Null).expect(204);
    assert!(!is_in(&third) && is_in(&administrator));
    sign_in_as(&served, "editor", "chosen for them").expect(401);

    for (method, name) in [("PUT", "administrator"), ("DELETE", "administrator")] {
        let reply = call(&served, &administrator, method, &format!("accounts/{name}"), &json!({"role": "viewer"}));
        assert!(reply.expect(422).message().contains("your own account"));
    }
    change("nobody", &json!({"role": "viewer"})).expect(404);
    let twice = json!({"name": "Administrator", "role": "editor"});
    assert!(call(&served, &administrator, "POST", "accounts", &twice).expect(422).message().contains("already"));
}
