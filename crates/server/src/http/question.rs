//! A question to an engine: parameters in, permission of the person named, answer and `miso_id` out.

use std::time::Instant;

use axum::response::Response;
use engine::{Answer, Refused, View};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::auth::{Caller, NamedPerson};
use super::errors::Failure;
use super::threads::apart;
use super::{body, qa, recommendation, search, wire};

/// Answers a question of this name; the outcome is the contents of `data`.
type Ask = fn(&'static str, &Caller, &[u8]) -> Result<Map<String, Value>, Failure>;

/// One engine call, as a route of its own and inside `/v1/bulk`.
#[derive(Clone, Copy)]
pub(super) struct Question {
    /// As in `/v1/<name>` and in the `api_name` of a bulk.
    pub(super) name: &'static str,
    answer: Ask,
}

/// All of them.
pub(super) static QUESTIONS: &[Question] = &[
    search::SEARCH,
    search::AUTOCOMPLETE,
    search::MULTIPLE_GET,
    recommendation::USER_TO_PRODUCTS,
    recommendation::USER_TO_TRENDING,
    recommendation::USER_TO_HISTORY,
    recommendation::USER_TO_CATEGORIES,
    recommendation::USER_TO_ATTRIBUTES,
    recommendation::PRODUCT_TO_PRODUCTS,
    qa::QUESTION_ANSWERING,
    qa::QUESTION_AUTOCOMPLETE,
];

impl Question {
    /// A question answered by `answer`, which is [`answer`] for its types.
    pub(super) const fn new(name: &'static str, answer: Ask) -> Question {
        Question { name, answer }
    }

    /// The answer to one request. It waits for the live view, so it runs apart.
    pub(super) async fn serve(self, caller: Caller, body: Vec<u8>) -> Result<Response, Failure> {
        let data = apart(move || self.ask(&caller, &body)).await??;
        Ok(wire::success(&data))
    }

    /// The contents of `data`.
    pub(super) fn ask(self, caller: &Caller, body: &[u8]) -> Result<Map<String, Value>, Failure> {
        (self.answer)(self.name, caller, body)
    }

    /// The body of a bulk's part that succeeded.
    pub(super) fn envelope(data: Map<String, Value>) -> Value {
        json!({"message": "success", "data": data})
    }
}

/// What every question may name.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Named {
    engine_id: Option<String>,
    user_id: Option<String>,
    anonymous_id: Option<String>,
    user_hash: Option<String>,
    user_type: Option<String>,
}

/// Reads the parameters, asks, gives the answer its `miso_id` and remembers it.
pub(super) fn answer<Q: DeserializeOwned>(
    api: &'static str,
    caller: &Caller,
    bytes: &[u8],
    ask: impl FnOnce(View<'_>, &Q) -> Result<Answer, Refused>,
) -> Result<Map<String, Value>, Failure> {
    let began = Instant::now();
    let question: Q = body::parse(bytes)?;
    let Named { engine_id, user_id, anonymous_id, user_hash, user_type } = body::parse(bytes)?;
    let person = NamedPerson { user_id, anonymous_id, user_hash, user_type };
    caller.vouch(&person)?;

    let now = crate::environment::now();
    let environment = &caller.environment;
    let Some(outcome) = environment.answer(engine_id.as_deref(), now, |view| ask(view, &question)) else {
        let engine_id = engine_id.unwrap_or_else(|| "default".to_owned());
        return Err(Failure::UnknownEngine { engine_id, known: environment.engine_ids() });
    };
    let Answer { data: answered, shown } = outcome?;

    let miso_id = Uuid::now_v7();
    environment.remember(miso_id, api, (person.user_id.as_deref(), person.anonymous_id.as_deref()), &shown, now);
    let mut data = Map::new();
    data.insert("took".to_owned(), json!(began.elapsed().as_millis() as u64));
    data.insert("miso_id".to_owned(), json!(miso_id));
    data.extend(answered);
    Ok(data)
}
