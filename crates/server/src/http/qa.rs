//! `/v1/qa/…`: questions in plain words.

use std::time::Instant;

use answers::BankedQuestion;
use answers::limits::{BANK_QUESTION_CHARS_MAX, BANK_QUESTIONS_MAX};
use axum::response::Response;
use record::{Refusal, Refusals};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::auth::{Caller, NamedPerson};
use super::body::{self, Whole};
use super::errors::Failure;
use super::question::{Question, answer};
use super::wire;

pub(super) const QUESTION_ANSWERING: Question = Question::new("qa/question_answering", |api, caller, body| {
    let pages = caller.environment.pages(crate::environment::now());
    answer(api, caller, body, |view, question| engine::question_answering(view, &pages, question))
});
pub(super) const QUESTION_AUTOCOMPLETE: Question =
    Question::new("qa/question_autocomplete", |_, caller, body| complete(caller, body));

/// `POST /v1/qa/question_answering`.
pub(super) async fn question_answering(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    QUESTION_ANSWERING.serve(caller, body).await
}

/// `POST /v1/qa/question_autocomplete`.
pub(super) async fn question_autocomplete(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    QUESTION_AUTOCOMPLETE.serve(caller, body).await
}

/// The completions of an answer where the request names no number (contract).
const ROWS_DEFAULT: usize = 5;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Autocomplete {
    q: Option<String>,
    rows: Option<usize>,
}

fn complete(caller: &Caller, bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    let began = Instant::now();
    let asked: Autocomplete = body::parse(bytes)?;
    caller.vouch(&body::parse::<NamedPerson>(bytes)?)?;
    let Some(q) = asked.q.filter(|q| !q.is_empty()) else {
        return Err(Failure::Invalid("q is invalid. It must not be empty.".to_owned()));
    };
    let rows = asked.rows.unwrap_or(ROWS_DEFAULT);
    if rows > engine::limits::ROWS_MAX {
        let most = engine::limits::ROWS_MAX;
        return Err(Failure::Invalid(format!("rows is invalid. It must be from 0 to {most}, not {rows}.")));
    }
    let bank = caller.environment.question_bank();
    let completions: Vec<Value> = bank
        .complete(&q, rows)
        .into_iter()
        .map(|question| json!({"question": question.text, "weight": question.weight}))
        .collect();
    let mut data = envelope(began);
    data.insert("completions".to_owned(), completions.into());
    Ok(data)
}

#[derive(Deserialize)]
struct Upload {
    data: Vec<Value>,
}

/// `POST /v1/qa/questions`: these questions, in the place of all that there were.
pub(super) async fn upload(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let began = Instant::now();
    let Upload { data } = body::parse(&body)?;
    if data.len() > BANK_QUESTIONS_MAX {
        return Err(Failure::Invalid(format!(
            "data is invalid. A question bank holds at most {BANK_QUESTIONS_MAX} questions, these are {}.",
            data.len()
        )));
    }
    let mut refusals = Refusals::default();
    let mut questions = Vec::with_capacity(data.len());
    for (index, record) in data.iter().enumerate() {
        match question(index, record) {
            Ok(question) => questions.push(question),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if !refusals.is_empty() {
        return Err(Failure::Refused(refusals));
    }
    caller.environment.set_question_bank(questions).await?;
    Ok(wire::success(&envelope(began)))
}

fn question(index: usize, record: &Value) -> Result<BankedQuestion, Refusal> {
    let refusal = |field: &str, message: String| {
        let path = if field.is_empty() { format!("data.{index}") } else { format!("data.{index}.{field}") };
        Err(Refusal { path, message })
    };
    let Some(fields) = record.as_object() else {
        return refusal("", "It must be an object with a `question`.".to_owned());
    };
    let text = fields.get("question").and_then(Value::as_str).map(str::trim).unwrap_or_default();
    if !(1..=BANK_QUESTION_CHARS_MAX).contains(&text.chars().count()) {
        return refusal("question", format!("It must be a text of 1 to {BANK_QUESTION_CHARS_MAX} characters."));
    }
    let weight = match fields.get("weight") {
        None | Some(Value::Null) => 1.0,
        Some(weight) => match weight.as_f64() {
            Some(weight) => weight,
            None => return refusal("weight", "It must be a number.".to_owned()),
        },
    };
    Ok(BankedQuestion { text: text.to_owned(), weight })
}

/// What every answer begins with.
fn envelope(began: Instant) -> Map<String, Value> {
    let mut data = Map::new();
    data.insert("took".to_owned(), json!(began.elapsed().as_millis() as u64));
    data.insert("miso_id".to_owned(), json!(Uuid::now_v7()));
    data
}
