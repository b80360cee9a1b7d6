//! What a client of the HTTP API sends to replay a log, and how it reads the answers. No network here: the caller sends.

use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;
use record::{Interaction, InteractionType, Time};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::measure::DEPTH;
use super::{Case, Ranked, Replay};
use crate::history::{Event, History, VisitorId};

/// Products of one upload.
const PRODUCTS_PER_CALL: usize = 500;
/// Interactions of one upload (contract: about 10,000).
const INTERACTIONS_PER_CALL: usize = 10_000;

/// A call: its path behind `/v1/`, and its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Such as `products`.
    pub path: &'static str,
    /// JSON.
    pub body: String,
}

/// In which order the records are uploaded. The answers are to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The catalogue, then the log in time order.
    ProductsFirst,
    /// The log in time order, then the catalogue.
    InteractionsFirst,
    /// The catalogue and then the log, each in an order of chance.
    Shuffled,
    /// The log alone, in time order, as of a site that sends no catalogue: only its products may come back.
    InteractionsOnly,
}

/// The uploads that bring catalogue and past to a server, in order.
pub fn uploads(history: &History, replay: &Replay, order: Order, seed: u64) -> Vec<Call> {
    let mut products: Vec<String> = history.records.iter().map(record::Product::to_json).collect();
    let past = history.events.iter().zip(&replay.in_past).filter(|&(_, &past)| past);
    let mut interactions: Vec<String> = past.map(|(event, _)| interaction(history, event).to_json()).collect();
    if order == Order::Shuffled {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        products.shuffle(&mut random);
        interactions.shuffle(&mut random);
    }
    let products = batches("products", &products, PRODUCTS_PER_CALL);
    let interactions = batches("interactions", &interactions, INTERACTIONS_PER_CALL);
    match order {
        Order::InteractionsFirst => interactions.chain(products).collect(),
        Order::InteractionsOnly => interactions.collect(),
        Order::ProductsFirst | Order::Shuffled => products.chain(interactions).collect(),
    }
}

fn batches<'a>(path: &'static str, records: &'a [String], count: usize) -> impl Iterator<Item = Call> + use<'a> {
    let body = |batch: &[String]| format!("{{\"data\":[{}]}}", batch.join(","));
    records.chunks(count).map(move |batch| Call { path, body: body(batch) })
}

fn interaction(history: &History, event: &Event) -> Interaction {
    let (user_id, anonymous_id) = match &history.visitor_ids[event.visitor as usize] {
        VisitorId::User(id) => (Some(id.clone()), None),
        VisitorId::Anonymous(id) => (None, Some(id.clone())),
    };
    let value = Some(f64::from(event.value)).filter(|value| !value.is_nan());
    let rated = event.kind == InteractionType::Rate;
    Interaction {
        kind: event.kind,
        user_id,
        anonymous_id,
        product_ids: vec![history.records[event.observation.product as usize].product_id.clone()],
        product_group_ids: Vec::new(),
        timestamp: Some(Time(event.observation.time_ms)),
        miso_id: None,
        duration: value.filter(|_| event.kind.has(record::OwnField::Duration)),
        quantities: Vec::new(),
        revenue: None,
        rating: value.filter(|_| rated),
        search: None,
        category: Vec::new(),
        custom_action_name: None,
        question_id: None,
        result_type: None,
        value: None,
        context: None,
    }
}

/// How the clicks of a running session come to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// With the question, as `additional_interactions`.
    Additional,
    /// Uploaded before the question, for an anonymous visitor of its own.
    Uploaded,
}

/// The question of a case for [`DEPTH`] products, with what has to be uploaded before it.
pub fn question(history: &History, case: &Case, number: usize, prefix: Prefix) -> (Option<Call>, Call) {
    let mut body = json!({ "rows": DEPTH, "fl": [] });
    let mut upload = None;
    if case.live.is_empty() {
        match &history.visitor_ids[case.visitor as usize] {
            VisitorId::User(id) => body["user_id"] = json!(id),
            VisitorId::Anonymous(id) => body["anonymous_id"] = json!(id),
        }
    } else {
        let stranger = format!("replay-{number}");
        let clicks = case.live.iter().map(|&index| {
            let event = interaction(history, &history.events[index]);
            // Asked now, so the clicks are of now: browsers send none of these times.
            let event = Interaction { user_id: None, anonymous_id: Some(stranger.clone()), timestamp: None, ..event };
            event.to_json()
        });
        let clicks: Vec<String> = clicks.collect();
        match prefix {
            Prefix::Additional => {
                let clicks = clicks.iter().filter_map(|click| serde_json::from_str(click).ok());
                body["additional_interactions"] = Value::Array(clicks.collect());
            }
            Prefix::Uploaded => upload = batches("interactions", &clicks, clicks.len()).next(),
        }
        body["anonymous_id"] = json!(stranger);
    }
    (upload, Call { path: "recommendation/user_to_products", body: body.to_string() })
}

/// Reads answers back into rows.
pub struct Reading<'a> {
    row_by_id: FxHashMap<&'a str, u32>,
}

impl Reading<'_> {
    /// For the products of this history.
    pub fn of(history: &History) -> Reading<'_> {
        let rows = history.records.iter().zip(0u32..);
        Reading { row_by_id: rows.map(|(record, row)| (record.product_id.as_str(), row)).collect() }
    }

    /// The products of an answer in their order, with the chance that it says; those of other ids are left out. `None`
    /// where it is no answer.
    pub fn ranking(&self, answer: &Value) -> Option<Vec<Ranked>> {
        let products = answer.pointer("/data/products")?.as_array()?;
        let ranked = products.iter().filter_map(|product| {
            let row = *self.row_by_id.get(product["product_id"].as_str()?)?;
            let chance = product["_personalization_score"].as_f64().map(|chance| chance as f32);
            Some(Ranked { row, chance })
        });
        Some(ranked.collect())
    }
}
