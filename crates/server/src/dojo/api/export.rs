//! Data sets as files: JSON Lines or CSV, written while they are read, so that memory is bounded whatever their size.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use http_body::Frame;
use import::Kind;
use record::InteractionType;
use serde::Deserialize;
use serde_json::{Map, Value};
use state::ProductRow;
use store::Change;
use tokio::sync::mpsc;

use super::catalogue::listing;
use super::uploads::download;
use crate::dojo::Dojo;
use crate::dojo::trouble::{Trouble, apart};
use crate::{Environment, EnvironmentName};

/// Bytes of one piece.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces that wait for the reader.
const PIECES_WAITING: usize = 4;
/// Products of one look into the live view.
const PRODUCTS_PIECE: usize = 1_000;
/// Columns of a CSV file for attributes of one's own; further ones are left out.
const OWN_COLUMNS_MAX: usize = 500;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Jsonl,
    Csv,
}

/// What is exported; the same filters as those of the tables.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    format: Format,
    /// Of products: words, as in a search.
    q: String,
    /// Of products: a filter.
    fq: String,
    /// Of interactions.
    #[serde(rename = "type")]
    kind: String,
    /// Of users and interactions: part of the id, and the id.
    user_id: String,
    product_id: String,
}

/// `GET /dojo/api/{environment}/export/{set}?format=&…`.
pub(crate) async fn export(
    Shared(dojo): Shared<Arc<Dojo>>,
    Path((name, set)): Path<(EnvironmentName, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let Some(set) = Kind::from_name(&set) else { return Err(Trouble::NotFound) };
    if !asked.is_known() {
        return Err(Trouble::Invalid(format!("there is no interaction type `{}`", asked.kind)));
    }
    let environment = dojo.environment(name).clone();
    let format = asked.format;
    let (end, content_type) = match format {
        Format::Jsonl => ("jsonl", "application/x-ndjson"),
        Format::Csv => ("csv", "text/csv; charset=utf-8"),
    };
    let file_name = format!("{}-{}.{end}", name.name(), set.name());
    let source = Source { environment, set, asked };
    // Asked before the answer begins, so that a filter that cannot be read is refused in the ordinary way.
    let source = apart(move || source.rows().map(|rows| (source, rows))).await??;
    let (sender, pieces) = mpsc::channel(PIECES_WAITING);
    tokio::task::spawn_blocking(move || {
        let (source, rows) = source;
        let mut out = Out { sender, waiting: Vec::with_capacity(PIECE_BYTES) };
        match format {
            Format::Jsonl => source.each(rows.as_deref(), &mut |record| {
                out.waiting.extend_from_slice(record.as_bytes());
                out.waiting.push(b'\n');
                out.pass_on(PIECE_BYTES)
            }),
            Format::Csv => write_csv(&source, rows.as_deref(), &mut out),
        }
        out.pass_on(0);
    });
    Ok(download(Body::new(Pieces(pieces)), &file_name, content_type))
}

/// A file as the body of an answer.
pub(super) fn reading(file: tokio::fs::File) -> Body {
    let (sender, pieces) = mpsc::channel(PIECES_WAITING);
    tokio::spawn(async move {
        let mut file = file.into_std().await;
        tokio::task::spawn_blocking(move || {
            let mut buffer = vec![0; PIECE_BYTES];
            while let Ok(bytes @ 1..) = file.read(&mut buffer) {
                if sender.blocking_send(Bytes::copy_from_slice(&buffer[..bytes])).is_err() {
                    return;
                }
            }
        });
    });
    Body::new(Pieces(pieces))
}

/// A body made of what another thread sends; it ends when that one is done.
struct Pieces(mpsc::Receiver<Bytes>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

struct Out {
    sender: mpsc::Sender<Bytes>,
    waiting: Vec<u8>,
}

impl Out {
    /// Sends what waits when it is more than `bytes`. False when nobody receives any more.
    fn pass_on(&mut self, bytes: usize) -> bool {
        if self.waiting.len() <= bytes || self.waiting.is_empty() {
            return true;
        }
        self.sender.blocking_send(Bytes::from(std::mem::take(&mut self.waiting))).is_ok()
    }
}

struct Source {
    environment: Arc<Environment>,
    set: Kind,
    asked: Asked,
}

impl Source {
    /// The rows of products that the filter allows, in the order of the table; `None` where all go, or for other sets.
    fn rows(&self) -> Result<Option<Vec<ProductRow>>, Trouble> {
        if self.set != Kind::Products {
            return Ok(None);
        }
        let (q, fq) = (self.asked.q.trim(), self.asked.fq.trim());
        if q.is_empty() && fq.is_empty() {
            return Ok(Some(self.environment.look(|state| state.catalogue().live().iter().map(ProductRow).collect())));
        }
        // What words find is in the order of the table; what only a filter lets pass, in the order of the catalogue.
        let rows = listing(&self.environment, q, fq, Vec::new(), |_, found| match found.by_relevance {
            Some(rows) => rows,
            None => found.rows.iter().map(ProductRow).collect(),
        })?;
        Ok(Some(rows))
    }

    /// Gives every record's JSON to `take`, until that says `false`.
    fn each(&self, rows: Option<&[ProductRow]>, take: &mut dyn FnMut(&str) -> bool) {
        match (self.set, rows) {
            (Kind::Products, rows) => {
                for piece in rows.unwrap_or_default().chunks(PRODUCTS_PIECE) {
                    let bodies: Vec<Arc<str>> = self
                        .environment
                        .look(|state| piece.iter().filter_map(|row| state.catalogue().body(*row).cloned()).collect());
                    if !bodies.iter().all(|body| take(body)) {
                        return;
                    }
                }
            }
            (Kind::Users | Kind::Interactions, _) => {
                // A fault in the middle ends the file: an answer under way can say no more.
                let outcome = self.environment.follow(&mut |change| match change {
                    Change::PutUser { id, body } if self.set == Kind::Users => !self.wants_user(&id) || take(&body),
                    Change::Interaction { body } if self.set == Kind::Interactions => {
                        !self.wants_interaction(&body) || take(&body)
                    }
                    _ => true,
                });
                if let Err(fault) = outcome {
                    tracing::error!(%fault, "an export was cut off");
                }
            }
        }
    }

    fn wants_user(&self, id: &str) -> bool {
        self.asked.user_id.is_empty() || id.to_lowercase().contains(&self.asked.user_id.to_lowercase())
    }

    fn wants_interaction(&self, body: &str) -> bool {
        let Asked { kind, product_id, user_id, .. } = &self.asked;
        if kind.is_empty() && product_id.is_empty() && user_id.is_empty() {
            return true;
        }
        let Ok(record) = serde_json::from_str::<Value>(body) else { return false };
        let is_kind = kind.is_empty() || record["type"].as_str() == Some(kind);
        let is_product = product_id.is_empty()
            || record["product_ids"].as_array().into_iter().flatten().any(|id| id.as_str() == Some(product_id));
        let is_person = user_id.is_empty()
            || ["user_id", "anonymous_id"].iter().any(|field| record[*field].as_str() == Some(user_id));
        is_kind && is_product && is_person
    }
}

impl Asked {
    /// Whether the type is one that there is.
    fn is_known(&self) -> bool {
        self.kind.is_empty() || InteractionType::from_name(&self.kind).is_some()
    }
}

/// Columns are the fields that the records have, in the order of the contract, then attributes of one's own by name.
fn write_csv(source: &Source, rows: Option<&[ProductRow]>, out: &mut Out) {
    let mut present = BTreeMap::<String, ()>::new();
    let names: Vec<&str> = source.set.fields().iter().map(|(name, _)| *name).collect();
    source.each(rows, &mut |record| {
        let Ok(Value::Object(fields)) = serde_json::from_str(record) else { return true };
        for (name, _) in flat(&fields) {
            if present.len() < OWN_COLUMNS_MAX + names.len() {
                present.entry(name).or_default();
            }
        }
        true
    });
    let place = |name: &String| names.iter().position(|known| known == name).unwrap_or(names.len());
    let mut columns: Vec<String> = present.into_keys().collect();
    columns.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
    write_line(out, columns.iter().map(String::as_str));
    source.each(rows, &mut |record| {
        let Ok(Value::Object(fields)) = serde_json::from_str(record) else { return true };
        let cells: BTreeMap<String, String> = flat(&fields).into_iter().collect();
        write_line(out, columns.iter().map(|column| cells.get(column).map_or("", String::as_str)));
        out.pass_on(PIECE_BYTES)
    });
}

/// The fields of a record as texts; attributes of one's own each for itself. Lists of texts are joined as `tamari import`
/// splits them again; anything deeper is JSON.
fn flat(fields: &Map<String, Value>) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    for (name, value) in fields {
        match value {
            Value::Null => {}
            Value::Object(own) if name == "custom_attributes" => {
                cells.extend(own.iter().map(|(inner, value)| (format!("custom_attributes.{inner}"), text(value))));
            }
            value => cells.push((name.clone(), text(value))),
        }
    }
    cells
}

fn text(value: &Value) -> String {
    let joined = |values: &[Value], mark: &str| -> Option<String> {
        values.iter().map(Value::as_str).collect::<Option<Vec<_>>>().map(|texts| texts.join(mark))
    };
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let paths = || {
                let paths = values.iter().map(|path| path.as_array().and_then(|names| joined(names, " > ")));
                paths.collect::<Option<Vec<_>>>().map(|paths| paths.join("|"))
            };
            joined(values, "|").or_else(paths).unwrap_or_else(|| value.to_string())
        }
        other => other.to_string(),
    }
}

fn write_line<'a>(out: &mut Out, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.waiting.push(b',');
        }
        // What a spreadsheet would take for a formula is text.
        let is_formula =
            cell.starts_with(['=', '+', '@', '\t']) || (cell.starts_with('-') && cell.parse::<f64>().is_err());
        if cell.contains([',', '"', '\n', '\r']) || is_formula {
            out.waiting.push(b'"');
            if is_formula {
                out.waiting.push(b'\'');
            }
            out.waiting.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
            out.waiting.push(b'"');
        } else {
            out.waiting.extend_from_slice(cell.as_bytes());
        }
    }
    out.waiting.extend_from_slice(b"\r\n");
}
