//! Properties of the dashboard's data pages:
//!
//! 1. A file comes in parts, goes on after a broken connection and after a restart, and is imported as `tamari import` would.
//! 2. Its mapping can be changed field by field, and saved; errors are told by row; rejects can be had as a file.
//! 3. What is no data file is refused by its first part. The playground takes none.
//! 4. An erasure takes uploads that may name people away.
//! 5. A change of a record notices another person's. An export holds what the filter allows. A wipe needs its typed words.

use serde_json::{Value, json};

use crate::dojo::{call, cookie, start};
use crate::served::{Reply, Served, eventually};

const CATALOGUE: &str = "SKU,Name,Price,Words\np1,Mug,9.90,a|b\np2,Bowl,on request,c|d\np3,Plate,12,e|f\n,No id,1,\n";

fn begin(served: &Served, cookie: &str, name: &str, bytes: usize) -> String {
    let body = json!({"file_name": name, "size_bytes": bytes, "modified_ms": 7});
    let begun = call(served, cookie, "POST", "development/uploads", &body).expect(200).json();
    assert_eq!(begun["stage"], "receiving");
    begun["id"].as_str().unwrap().to_owned()
}

fn send(served: &Served, cookie: &str, id: &str, offset: usize, part: &[u8]) -> Reply {
    let path = format!("/dojo/api/development/uploads/{id}/parts?offset={offset}");
    served.send("PUT", &path, &[("Cookie", cookie), ("X-Dojo", "1"), ("Origin", "http://test")], part)
}

fn whole(served: &Served, cookie: &str, name: &str, text: &str) -> String {
    let id = begin(served, cookie, name, text.len());
    send(served, cookie, &id, 0, text.as_bytes()).expect(200);
    id
}

fn about(served: &Served, cookie: &str, id: &str) -> Value {
    call(served, cookie, "GET", &format!("development/uploads/{id}"), &Value::Null).expect(200).json()
}

/// Waits until the work is over, and gives what is told then.
fn worked(served: &Served, cookie: &str, id: &str, what: &str) -> Value {
    call(served, cookie, "POST", &format!("development/uploads/{id}/_{what}"), &json!({})).expect(200);
    eventually("the work is over", || {
        !["checking", "importing"].contains(&about(served, cookie, id)["stage"].as_str().unwrap())
    });
    about(served, cookie, id)
}

#[test]
fn a_file_comes_in_parts_and_outlives_a_restart() {
    let served = start();
    let signed_in = cookie(&served);
    let id = begin(&served, &signed_in, "shop.csv", CATALOGUE.len());
    let bytes = CATALOGUE.as_bytes();
    assert_eq!(send(&served, &signed_in, &id, 0, &bytes[..10]).expect(200).json()["received_bytes"], 10);
    let told = send(&served, &signed_in, &id, 0, &bytes[..10]).expect(409).json();
    assert_eq!(told["received_bytes"], 10, "who lost the answer is told where to go on");
    let served = served.restart();
    let signed_in = cookie(&served);
    let listed = call(&served, &signed_in, "GET", "development/uploads", &Value::Null).expect(200).json();
    assert_eq!(listed["uploads"][0]["received_bytes"], 10);
    send(&served, &signed_in, &id, 10, &[bytes, b"too much"].concat()[10..]).expect(422);
    let received = about(&served, &signed_in, &id)["received_bytes"].as_u64().unwrap() as usize;
    send(&served, &signed_in, &id, received, &bytes[received..]).expect(200);

    let path = format!("development/uploads/{id}");
    let seen = call(&served, &signed_in, "GET", &format!("{path}/preview"), &Value::Null).expect(200).json();
    assert_eq!((&seen["kind"], &seen["origin"]), (&json!("products"), &json!("guess")));
    assert_eq!(seen["columns"][0]["fields"], json!(["product_id"]));
    assert!(
        seen["columns"][2]["confidence"].as_f64().unwrap() > 0.5
            && seen["columns"][2]["fields"] == json!(["original_price"])
    );
    assert_eq!((&seen["sample"]["records"], &seen["sample"]["rejected"]), (&json!(2), &json!(2)));

    let change = json!({"assign": [{"column": "Words", "field": "tags"}], "set": {"brand": "Ours"}});
    let seen = call(&served, &signed_in, "POST", &format!("{path}/plan"), &change).expect(200).json();
    let first = &seen["sample"]["first"][0]["record"];
    assert_eq!((&first["tags"], &first["brand"]), (&json!(["a", "b"]), &json!("Ours")));
    call(
        &served,
        &signed_in,
        "POST",
        &format!("{path}/plan"),
        &json!({"assign": [{"column": "Words", "field": "no"}]}),
    )
    .expect(422);
    let names =
        call(&served, &signed_in, "POST", &format!("{path}/_save_mapping"), &json!({"name": "Our shop"})).expect(200);
    assert_eq!(names.json()["mappings"], json!([{"name": "Our shop", "kind": "products"}]));

    let checked = worked(&served, &signed_in, &id, "check");
    assert_eq!((&checked["stage"], &checked["checked"]["rejected"]), (&json!("ready"), &json!(2)));
    assert_eq!(checked["checked"]["errors"][0]["row"], 2);
    let ids = || call(&served, &signed_in, "GET", "development/v1/products/_ids", &Value::Null).expect(200).json();
    assert_eq!(ids()["data"]["ids"], json!([]), "a check stores nothing");
    let done = worked(&served, &signed_in, &id, "import");
    assert_eq!((&done["stage"], &done["imported"]["accepted"]), (&json!("done"), &json!(2)), "{done}");
    assert_eq!(ids()["data"]["ids"], json!(["p1", "p3"]));
    let rejects = call(&served, &signed_in, "GET", &format!("{path}/rejects"), &Value::Null).expect(200);
    let lines: Vec<Value> =
        String::from_utf8(rejects.body).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["reasons"], json!(["original_price must be a number, but is \"on request\""]));
    assert_eq!((&lines[0]["file"], &lines[1]["row"]), (&json!("shop.csv"), &json!(4)));

    // The next file with these columns is read as this one was.
    let next = whole(&served, &signed_in, "again.csv", CATALOGUE);
    let path = format!("development/uploads/{next}/preview");
    let seen = call(&served, &signed_in, "GET", &path, &Value::Null).expect(200).json();
    assert_eq!((&seen["origin"], &seen["named"]), (&json!("saved"), &json!("Our shop")));
    call(&served, &signed_in, "DELETE", &format!("development/uploads/{next}"), &Value::Null).expect(204);
    call(&served, &signed_in, "GET", &path, &Value::Null).expect(404);
}

#[test]
fn what_is_no_data_file_is_refused_at_once() {
    let served = start();
    let cookie = cookie(&served);
    for (name, bytes, why) in [
        ("a.pdf", &b"%PDF-1.7 and so on"[..], "a PDF"),
        ("a.csv", b"PK\x03\x04 in truth a workbook", "an Excel workbook"),
        ("a.json", b"<!DOCTYPE html><p>Sign in</p>", "a web page"),
        ("a.csv", b"id,\x00\x01\x02\x00", "no text"),
    ] {
        let id = begin(&served, &cookie, name, 1_000);
        let message = send(&served, &cookie, &id, 0, bytes).expect(415).message();
        assert!(message.contains(why) && message.starts_with(name), "{message}");
        call(&served, &cookie, "GET", &format!("development/uploads/{id}"), &Value::Null).expect(404);
    }
    let empty = json!({"file_name": "a.csv", "size_bytes": 0});
    assert!(call(&served, &cookie, "POST", "development/uploads", &empty).expect(422).message().contains("empty"));
    let file = json!({"file_name": "a.csv", "size_bytes": 5});
    assert!(call(&served, &cookie, "POST", "playground/uploads", &file).expect(422).message().contains("playground"));
}

#[test]
fn an_erasure_takes_uploads_that_may_name_people_away() {
    let served = start();
    let cookie = cookie(&served);
    let text = "customer,item,event\nerika-q7,p1,view\nother,p1,nonsense\n";
    let people = whole(&served, &cookie, "events.csv", text);
    let look = |id: &str| call(&served, &cookie, "GET", &format!("development/uploads/{id}/preview"), &Value::Null);
    look(&people).expect(200);
    let products = whole(&served, &cookie, "products.csv", CATALOGUE);
    look(&products).expect(200);
    assert_eq!(worked(&served, &cookie, &people, "import")["imported"]["rejected"], 1);
    call(&served, &cookie, "DELETE", "development/v1/interactions", &json!({"user_ids": ["erika-q7"]})).expect(200);
    call(&served, &cookie, "GET", &format!("development/uploads/{people}"), &Value::Null).expect(404);
    look(&products).expect(200);
    let folder = served.folder.path().join("development/uploads");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
}

#[test]
fn a_change_notices_another_persons() {
    let served = start();
    let cookie = cookie(&served);
    let products = json!({"data": [{"product_id": "p", "title": "Old"}]});
    call(&served, &cookie, "POST", "development/v1/products", &products).expect(200);
    let read = || call(&served, &cookie, "GET", "development/records/products?id=p", &Value::Null).expect(200).json();
    let version = read()["version"].clone();
    let put = |title: Value, version: &Value| {
        let body = json!({"record": {"product_id": "p", "title": title}, "version": version});
        call(&served, &cookie, "PUT", "development/records/products", &body)
    };
    put(json!("Mine"), &version).expect(200);
    assert!(put(json!("Theirs"), &version).expect(409).message().contains("somebody else"));
    assert_eq!(read()["record"]["title"], "Mine");
    let refused = put(json!(7), &read()["version"]).expect(422).json();
    assert!(refused["data"][0].as_str().unwrap().starts_with("data.0.title is invalid."), "{refused}");
    call(&served, &cookie, "PUT", "playground/records/products", &json!({"record": {}, "version": null})).expect(422);
}

#[test]
fn an_export_holds_what_the_filter_allows_and_a_wipe_needs_its_words() {
    let served = start();
    let cookie = cookie(&served);
    let post = |path: &str, body: &Value| call(&served, &cookie, "POST", &format!("development/{path}"), body);
    let products = json!({"data": [
        {"product_id": "a", "title": "Red mug", "brand": "X", "categories": [["Home", "Mugs"]], "custom_attributes": {"n": 1}},
        {"product_id": "b", "title": "=Blue, bowl", "brand": "Y"},
    ]});
    post("v1/products", &products).expect(200);
    post("v1/users", &json!({"data": [{"user_id": "u", "name": "Ann"}]})).expect(200);
    let interactions = json!({"data": [
        {"type": "click", "user_id": "u", "product_ids": ["a"]},
        {"type": "checkout", "anonymous_id": "v", "product_ids": ["b"]},
    ]});
    post("v1/interactions", &interactions).expect(200);
    let get = |path: &str| {
        let reply = call(&served, &cookie, "GET", &format!("development/export/{path}"), &Value::Null).expect(200);
        assert!(reply.headers["content-disposition"].starts_with("attachment"));
        String::from_utf8(reply.body).unwrap()
    };
    assert_eq!(get("products?format=jsonl").lines().count(), 2);
    assert_eq!(get("products?fq=brand:X").lines().count(), 1);
    let csv = get("products?format=csv");
    assert_eq!(
        csv,
        "product_id,title,categories,brand,custom_attributes.n\r\na,Red mug,Home > Mugs,X,1\r\nb,\"'=Blue, bowl\",,Y,\r\n"
    );
    assert_eq!(get("interactions?type=click").lines().count(), 1);
    assert!(get("users?format=csv").contains("u,Ann"));
    call(&served, &cookie, "GET", "development/export/products?fq=brand:(", &Value::Null).expect(422);

    post("wipe", &json!({"scope": "interactions", "confirm": "yes"})).expect(422);
    let wiped =
        post("wipe", &json!({"scope": "interactions", "confirm": "wipe interactions of development"})).expect(200);
    assert_eq!(wiped.json(), json!({"products": 0, "users": 0, "interactions": 2}));
    let overview = || call(&served, &cookie, "GET", "development/overview", &Value::Null).expect(200).json();
    assert_eq!(
        (&overview()["interactions"], &overview()["profiles"], &overview()["products"]),
        (&json!(0), &json!(1), &json!(2))
    );
    // The same interactions count again: nothing remembers them.
    post("v1/interactions", &interactions).expect(200);
    assert_eq!(overview()["interactions"], 2);
    post("wipe", &json!({"scope": "everything", "confirm": "wipe everything of development"})).expect(200);
    let served = served.restart();
    let cookie = crate::dojo::cookie(&served);
    let overview = call(&served, &cookie, "GET", "development/overview", &Value::Null).expect(200).json();
    assert_eq!(
        (&overview["interactions"], &overview["profiles"], &overview["products"]),
        (&json!(0), &json!(0), &json!(0))
    );
    let body = json!({"scope": "everything", "confirm": "wipe everything of playground"});
    call(&served, &cookie, "POST", "playground/wipe", &body).expect(422);
}
