//! Properties:
//! 1. The bank is replaced whole, is there after a restart, and is no other environment's; one wrong question refuses all.
//! 2. Weights are written as floats.
//! 3. An acknowledged page answers in the next call, a deleted one in none; in a bulk as alone.
//! 4. With a publishable key, a person who is named must be vouched for.

use serde_json::{Value, json};
use store::KeyKind;

use crate::served::{PRODUCTION, Served};

fn completions(served: &Served, key: &str, q: &str) -> Vec<String> {
    let answer = served.call("POST", "/v1/qa/question_autocomplete", key, &json!({"q": q})).expect(200).json();
    let completions = answer["data"]["completions"].as_array().unwrap().clone();
    completions.iter().map(|completion| completion["question"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_bank_is_replaced_whole_and_outlives_a_restart() {
    let served = Served::start();
    let secret = served.secret();
    let put = |data: Value| served.call("POST", "/v1/qa/questions", &secret, &json!({ "data": data }));
    put(json!([{"question": "What is Python?"}, {"question": "What is a wyvern?", "weight": null}])).expect(200);
    assert_eq!(completions(&served, &secret, "what is wyv"), ["What is a wyvern?"]);
    assert_eq!(completions(&served, &served.key(PRODUCTION, KeyKind::Secret), "what"), Vec::<String>::new());

    let refused = put(json!([{"question": "New?"}, {"question": 7}, 8, {"question": "x", "weight": "1"}])).expect(422);
    let lines = refused.json()["data"].as_array().unwrap().clone();
    let starts = ["data.1.question is invalid. ", "data.2 is invalid. ", "data.3.weight is invalid. "];
    assert_eq!(lines.len(), starts.len(), "{lines:?}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.as_str().unwrap().starts_with(start), "{line}");
    }
    assert_eq!(completions(&served, &secret, "what").len(), 2);
    let many: Vec<Value> = (0..20_001).map(|n| json!({"question": format!("q{n}")})).collect();
    assert!(put(json!(many)).expect(422).message().contains("20000"));

    put(json!([{"question": "How to sort a list?", "weight": 3}])).expect(200);
    assert_eq!(completions(&served, &secret, "what"), Vec::<String>::new());
    let reply = served.call("POST", "/v1/qa/question_autocomplete", &secret, &json!({"q": "h"})).expect(200);
    assert!(String::from_utf8(reply.body).unwrap().contains("\"weight\":3.0"));

    let stored = store::Reader::open(&served.folder.path().join("development/store.sqlite")).unwrap();
    assert_eq!(stored.setting("questions").unwrap(), Some(json!([{"question": "How to sort a list?", "weight": 3.0}])));
    let served = served.restart();
    assert_eq!(completions(&served, &secret, "sort"), ["How to sort a list?"]);
}

#[test]
fn an_acknowledged_page_answers_at_once_and_a_deleted_one_no_more() {
    let served = Served::start();
    let secret = served.secret();
    let question = json!({"q": "How much does the tent weigh?", "min_probability": 0.5});
    let ask = || {
        let answer = served.call("POST", "/v1/qa/question_answering", &secret, &question).expect(200).json();
        let bulk = json!({"requests": [{"api_name": "qa/question_answering", "body": question}]});
        let part = served.call("POST", "/v1/bulk", &secret, &bulk).expect(200).json()["data"][0].clone();
        assert_eq!(part["body"]["data"]["answers"], answer["data"]["answers"]);
        answer["data"].clone()
    };
    assert_eq!(ask()["total"], 0);
    let page = json!({"data": [{"product_id": "tent", "html": "<p>The tent weighs 2.4 kg.</p>"}]});
    served.call("POST", "/v1/products", &secret, &page).expect(200);
    let answered = ask();
    assert_eq!(answered["answers"][0]["answer"]["text"], "The tent weighs 2.4 kg.");
    assert!(answered["took"].is_u64() && answered["miso_id"].is_string());
    served.call("DELETE", "/v1/products/tent", &secret, &json!({})).expect(200);
    assert_eq!(ask()["total"], 0);
}

#[test]
fn a_person_who_is_named_must_be_vouched_for() {
    let served = Served::start();
    let publishable = served.publishable();
    for (path, body) in [
        ("/v1/qa/question_autocomplete", json!({"q": "a", "user_id": "u"})),
        ("/v1/qa/question_answering", json!({"q": "a", "min_probability": 0, "user_id": "u"})),
    ] {
        served.call("POST", path, &publishable, &body).expect(403);
        served.call("POST", path, &served.secret(), &body).expect(200);
    }
    served.call("POST", "/v1/qa/question_autocomplete", &publishable, &json!({"q": ""})).expect(422);
    served.call("POST", "/v1/qa/question_autocomplete", &publishable, &json!({"q": "a", "rows": 1_001})).expect(422);
}
