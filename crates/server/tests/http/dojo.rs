//! Properties: nobody comes in without the password, and guessing is slowed; a call that writes is taken from our own pages only; the
//! dashboard's calls reach the API with a key that they never see; the password is in no file; a restart keeps it; pages
//! are served with a policy that lets no foreign script in.

use serde_json::{Value, json};

use crate::served::{Reply, Served};

pub(crate) const PASSWORD: &str = "a long enough password";

pub(crate) fn start() -> Served {
    Served::start_with(|settings| settings.admin_password = PASSWORD.to_owned())
}

fn sign_in(served: &Served, password: &str) -> Reply {
    sign_in_as(served, "administrator", password)
}

pub(crate) fn sign_in_as(served: &Served, name: &str, password: &str) -> Reply {
    let body = json!({"name": name, "password": password}).to_string();
    served.send(
        "POST",
        "/dojo/api/session",
        &[("Content-Type", "application/json"), ("X-Dojo", "1"), ("Origin", "http://test")],
        body.as_bytes(),
    )
}

/// The cookie of somebody who signed in.
pub(crate) fn cookie(served: &Served) -> String {
    let reply = sign_in(served, PASSWORD).expect(200);
    reply.headers["set-cookie"].split(';').next().unwrap().to_owned()
}

/// A call as our own pages send it.
pub(crate) fn call(served: &Served, cookie: &str, method: &str, path: &str, body: &Value) -> Reply {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let headers = [
        ("Cookie", cookie),
        ("X-Dojo", "1"),
        ("Origin", "http://test"),
        ("Sec-Fetch-Site", "same-origin"),
        ("Content-Type", "application/json"),
    ];
    served.send(method, &format!("/dojo/api/{path}"), &headers, body.as_bytes())
}

#[test]
fn nobody_comes_in_without_the_password() {
    let served = start();
    for path in ["server", "development/overview", "development/keys", "development/v1/products/_ids"] {
        served.send("GET", &format!("/dojo/api/{path}"), &[], b"").expect(401);
        served.send("GET", &format!("/dojo/api/{path}"), &[("Cookie", "tamari_dojo=0123")], b"").expect(401);
    }
    assert_eq!(sign_in(&served, "not this one").expect(401).message(), "this is not the name, or not its password");
    let reply = sign_in(&served, PASSWORD).expect(200);
    for word in ["HttpOnly", "SameSite=Strict", "Path=/dojo", "Max-Age="] {
        assert!(reply.headers["set-cookie"].contains(word), "{word}");
    }
    let cookie = cookie(&served);
    assert_eq!(call(&served, &cookie, "GET", "development/overview", &Value::Null).expect(200).json()["products"], 0);
    call(&served, &cookie, "DELETE", "session", &Value::Null).expect(200);
    call(&served, &cookie, "GET", "development/overview", &Value::Null).expect(401);
}

#[test]
fn guessing_is_slowed() {
    let served = start();
    let statuses: Vec<u16> = (0..10).map(|_| sign_in(&served, "wrong").status).collect();
    assert_eq!(statuses[0], 401);
    let last = sign_in(&served, PASSWORD);
    assert_eq!((statuses[9], last.status), (429, 429), "the right one waits as well");
    assert!(last.headers["retry-after"].parse::<u64>().unwrap() >= 1);
}

#[test]
fn a_call_that_writes_is_taken_from_our_own_pages_only() {
    let served = start();
    let cookie = cookie(&served);
    let body = json!({"data": [{"product_id": "p"}]}).to_string();
    let own = ("X-Dojo", "1");
    let foreign: [&[(&str, &str)]; 4] = [
        &[("Cookie", &cookie)],
        &[("Cookie", &cookie), ("Origin", "http://evil.example"), own],
        &[("Cookie", &cookie), ("Origin", "null"), own],
        &[("Cookie", &cookie), ("Sec-Fetch-Site", "cross-site"), own],
    ];
    for headers in foreign {
        served.send("POST", "/dojo/api/development/v1/products", headers, body.as_bytes()).expect(403);
    }
    let ids = call(&served, &cookie, "GET", "development/v1/products/_ids", &Value::Null).expect(200).json();
    assert_eq!(ids["data"]["ids"], json!([]));
    // A browser asks before it sends the header from elsewhere, and gets no leave.
    let asked = served.send(
        "OPTIONS",
        "/dojo/api/development/v1/products",
        &[("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST")],
        b"",
    );
    assert!(!asked.headers.contains_key("access-control-allow-origin"), "{asked:?}");
}

#[test]
fn the_dashboards_calls_reach_the_api_without_seeing_its_key() {
    let served = start();
    let cookie = cookie(&served);
    let secret = served.secret();
    let products = json!({"data": [{"product_id": "a/b c", "title": "<script>alert(1)</script>"}]});
    call(&served, &cookie, "POST", "development/v1/products", &products).expect(200);
    let product = call(&served, &cookie, "GET", "development/v1/products/a%2Fb%20c", &Value::Null).expect(200);
    assert_eq!(product.json()["data"]["product_id"], "a/b c");
    let interactions = json!({"data": [{"type": "click", "user_id": "u", "product_ids": ["a/b c", "unknown"]}]});
    call(&served, &cookie, "POST", "development/v1/interactions", &interactions).expect(200);
    for (path, pointer, expected) in [
        ("development/overview?period=hour", "/period/interactions", json!(1)),
        ("development/interactions", "/events/0/user_id", json!("u")),
        ("development/people?q=U", "/people/0/user_id", json!("u")),
        ("development/person?user_id=u", "/interactions", json!(2)),
        ("development/live", "/arrivals/0/interaction/type", json!("click")),
        ("development/quality", "/interactions/products_unknown", json!(1)),
    ] {
        let reply = call(&served, &cookie, "GET", path, &Value::Null).expect(200);
        assert_eq!(reply.json().pointer(pointer), Some(&expected), "{path}: {}", reply.json());
        assert_eq!(reply.headers["cache-control"], "no-store");
        assert!(!String::from_utf8_lossy(&reply.body).contains(&secret), "{path}");
    }
    let refused = call(&served, &cookie, "POST", "playground/v1/products", &products).expect(400);
    assert!(refused.message().contains("playground"));
    call(&served, &cookie, "GET", "development/v1/products/_ids?api_key=x", &Value::Null).expect(422);
    call(&served, &cookie, "GET", "nowhere/overview", &Value::Null).expect(400);
}

#[test]
fn what_was_shown_and_then_bought_is_counted() {
    let served = start();
    let cookie = cookie(&served);
    let send =
        |path: &str, body: &Value| call(&served, &cookie, "POST", &format!("development/v1/{path}"), body).expect(200);
    let products: Vec<Value> = ["a", "b", "c"].map(|id| json!({"product_id": id, "title": id})).into();
    send("products", &json!({"data": products}));
    let act = |kind: &str, id: &str, miso_id: &Value| {
        let act = json!({"type": kind, "user_id": "u", "product_ids": [id], "miso_id": miso_id});
        send("interactions", &json!({"data": [act]}));
    };
    act("product_detail_page_view", "a", &Value::Null);
    let context = json!({"unit_id": "home"});
    let question = json!({"user_id": "u", "rows": 1, "custom_context": context});
    let answer = send("recommendation/user_to_products", &question).json();
    let shown = answer["data"]["products"][0]["product_id"].as_str().unwrap().to_owned();
    act("click", &shown, &answer["data"]["miso_id"]);
    act("checkout", &shown, &Value::Null);
    act("checkout", "a", &Value::Null);
    for period in ["hour", "day", "week", "month"] {
        let path = format!("development/overview?period={period}");
        let overview = call(&served, &cookie, "GET", &path, &Value::Null).expect(200).json();
        let answers = &overview["answers"];
        let row = &answers["by_api"][0];
        assert_eq!(row["api"], "recommendation/user_to_products");
        assert_eq!([&row["answers"], &row["shown"], &row["clicks"], &row["conversions"]], [1, 1, 1, 1], "{period}");
        assert_eq!([&row["ctr"], &row["assisted_share"]], [1.0, 0.5]);
        assert_eq!(answers["by_unit"][0]["unit_id"], "home");
        assert_eq!([&answers["purchases"], &answers["assisted"]], [2, 1]);
        assert_eq!(overview["engines"][0]["engine_id"], "default");
    }
}

#[test]
fn an_erased_person_is_no_longer_in_the_stream() {
    let served = start();
    let cookie = cookie(&served);
    let interactions = json!({"data": [{"type": "click", "user_id": "erika", "product_ids": ["p"]}]});
    call(&served, &cookie, "POST", "development/v1/interactions", &interactions).expect(200);
    let stream = || call(&served, &cookie, "GET", "development/live", &Value::Null).expect(200).body;
    assert!(String::from_utf8(stream()).unwrap().contains("erika"));
    call(&served, &cookie, "DELETE", "development/v1/interactions", &json!({"user_ids": ["erika"]})).expect(200);
    assert!(!String::from_utf8(stream()).unwrap().contains("erika"));
    call(&served, &cookie, "GET", "development/person?user_id=erika", &Value::Null).expect(404);
}

#[test]
fn a_key_is_shown_on_demand_and_replaced_at_once() {
    let served = start();
    let cookie = cookie(&served);
    let secret = served.secret();
    let masked = call(&served, &cookie, "GET", "development/keys", &Value::Null).expect(200);
    assert!(!String::from_utf8_lossy(&masked.body).contains(&secret));
    let kind = json!({"kind": "secret"});
    let shown = call(&served, &cookie, "POST", "development/keys/_reveal", &kind).expect(200);
    assert_eq!(shown.json()["text"], json!(secret));
    let fresh = call(&served, &cookie, "POST", "development/keys/_rotate", &kind).expect(200).json();
    served.call("GET", "/v1/products/_ids", &secret, &Value::Null).expect(401);
    served.call("GET", "/v1/products/_ids", fresh["text"].as_str().unwrap(), &Value::Null).expect(200);
}

#[test]
fn a_replaced_key_works_as_long_as_it_was_given() {
    let served = start();
    let cookie = cookie(&served);
    let old = served.secret();
    let works = |key: &str| served.call("GET", "/v1/products/_ids", key, &Value::Null).status == 200;
    let rotate = |body: &Value| call(&served, &cookie, "POST", "development/keys/_rotate", body);
    rotate(&json!({"kind": "secret", "grace_hours": 100_000})).expect(422);
    let fresh = rotate(&json!({"kind": "secret", "grace_hours": 24})).expect(200).json();
    assert!(works(&old) && works(fresh["text"].as_str().unwrap()));
    let shown = call(&served, &cookie, "GET", "development/keys", &Value::Null).expect(200);
    assert!(!String::from_utf8_lossy(&shown.body).contains(&old));
    assert_eq!(shown.json()["former"][0]["kind"], "secret");
    let again = served.restart();
    let works = |key: &str| again.call("GET", "/v1/products/_ids", key, &Value::Null).status == 200;
    assert!(works(&old), "also after a restart");
    let cookie = self::cookie(&again);
    call(&again, &cookie, "POST", "development/keys/_revoke", &json!({"kind": "secret"})).expect(200);
    assert!(!works(&old) && works(fresh["text"].as_str().unwrap()));
}

#[test]
fn the_password_is_in_no_file_and_outlives_a_restart() {
    let served = start();
    let text = std::fs::read_to_string(served.folder.path().join("dojo.json")).unwrap();
    assert!(text.contains("argon2id") && !text.contains(PASSWORD));
    let signed_in = cookie(&served);
    let change = json!({"password": PASSWORD, "new_password": "quite another one"});
    call(&served, &signed_in, "POST", "password", &change).expect(204);
    let short = json!({"password": "quite another one", "new_password": "short"});
    call(&served, &signed_in, "POST", "password", &short).expect(422);
    sign_in(&served, PASSWORD).expect(401);
    let data = served.folder.path().to_owned();
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(data.join("dojo.json"), copy.path().join("dojo.json")).unwrap();
    served.stop();
    let again = Served::start_with(|settings| settings.data = copy.path().to_owned());
    sign_in(&again, "quite another one").expect(200);
}

#[test]
fn pages_let_no_foreign_script_in() {
    let served = start();
    let start = served.send("GET", "/dojo/", &[], b"").expect(200);
    let policy = &start.headers["content-security-policy"];
    let scripts = policy.split(';').find(|part| part.trim().starts_with("script-src")).unwrap();
    assert_eq!(scripts.trim(), "script-src 'self'");
    let text = String::from_utf8(start.body).unwrap();
    assert!(!text.contains("https://") && !text.contains("http://"), "{text}");
    // Deep links are pages of the app; what would be a file is none.
    let deep = served.send("GET", "/dojo/development/data/products/x", &[], b"").expect(200);
    assert_eq!(String::from_utf8(deep.body).unwrap(), text);
    served.send("GET", "/dojo/assets/gone.js", &[], b"").expect(404);
    assert_eq!(served.send("GET", "/dojo", &[], b"").headers["location"], "/dojo/");
    for (_, rest) in text.match_indices("/dojo/assets/").map(|(at, _)| ((), &text[at..])) {
        let path = rest.split('"').next().unwrap();
        let asset = served.send("GET", path, &[("Accept-Encoding", "gzip")], b"").expect(200);
        assert!(asset.headers["cache-control"].contains("immutable"), "{path}");
        assert_eq!(asset.headers["content-encoding"], "gzip");
    }
}
