//! A question to an engine: parameters in, permission of the person named, answer and `miso_id` out.

use std::time::Instant;

use axum::response::Response;
use engine::{Answer, Refused, View};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use state::Given;
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

/// The engine that answers where none is named.
const DEFAULT: &str = "default";
/// Answers that only give back what the caller named, or what the person did: nothing was put before anybody by choice.
const UNCOUNTED: [&str; 2] = ["search/mget", "recommendation/user_to_history"];

/// The place of the site, as the request names it.
fn unit_id(custom_context: &Value) -> String {
    match &custom_context["unit_id"] {
        Value::String(unit_id) => unit_id.clone(),
        unit_id @ Value::Number(_) => unit_id.to_string(),
        _ => String::new(),
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
    // For the record of the answer only; what they may hold is the question's business.
    custom_context: Value,
    q: Value,
    start: Value,
    pagination_id: Value,
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
    let Named { engine_id, user_id, anonymous_id, user_hash, user_type, custom_context, q, start, pagination_id } =
        body::parse(bytes)?;
    let person = NamedPerson { user_id, anonymous_id, user_hash, user_type };
    caller.vouch(&person)?;

    let now = crate::environment::now();
    let environment = &caller.environment;
    let list = pagination_id.as_str().map(|pagination_id| {
        let (user_id, anonymous_id) = (person.user_id.as_deref(), person.anonymous_id.as_deref());
        environment.list(&[Some(api), engine_id.as_deref(), user_id, anonymous_id, Some(pagination_id)], now)
    });
    let kept = list.as_ref().map_or(&[][..], |(_, kept)| kept);
    let Some(outcome) = environment.answer_in_list(engine_id.as_deref(), kept, now, |view| ask(view, &question)) else {
        let engine_id = engine_id.unwrap_or_else(|| DEFAULT.to_owned());
        return Err(Failure::UnknownEngine { engine_id, known: environment.engine_ids() });
    };
    let Answer { data: answered, shown, listed } = outcome?;
    if let Some((key, _)) = list {
        environment.keep_list(key, &listed, now);
    }

    let miso_id = Uuid::now_v7();
    let given = Given {
        miso_id,
        time: now,
        api: api.to_owned(),
        engine_id: engine_id.unwrap_or_else(|| DEFAULT.to_owned()),
        unit_id: unit_id(&custom_context),
        query: q.as_str().filter(|_| api == search::SEARCH.name).unwrap_or_default().to_owned(),
        start: start.as_u64().and_then(|start| start.try_into().ok()).unwrap_or(0),
        products: shown.into(),
        ..Given::default()
    };
    if !UNCOUNTED.contains(&api) {
        environment.remember((person.user_id.as_deref(), person.anonymous_id.as_deref()), given);
    }
    let mut data = Map::new();
    data.insert("took".to_owned(), json!(began.elapsed().as_millis() as u64));
    data.insert("miso_id".to_owned(), json!(miso_id));
    data.extend(answered);
    Ok(data)
}
