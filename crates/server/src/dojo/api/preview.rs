//! What is in an uploaded file, and how it is read: columns, first rows, the data set it belongs to, the mapping with its
//! reasons, the first records. A person changes any of it; what was changed is kept with the upload.

use std::collections::BTreeMap;

use import::{Cells, Content, Entry, FormatOptions, Kind, Mapping, Origin, Read, Row, Sample, Taken};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::dojo::importing;
use crate::dojo::trouble::Trouble;
use crate::environment::now;
use crate::environment::uploads::{Reading, Stage, Upload};
use crate::{Environment, limits};

/// Rows shown as they stand in the file.
const ROWS_SHOWN: usize = 12;
/// Records shown as they would be stored.
const RECORDS_SHOWN: usize = 5;
/// Rows of the sample that would be rejected, shown with their reasons.
const ERRORS_SHOWN: usize = 8;
/// Values of a column that are shown, and characters of each.
const VALUES_SHOWN: usize = 3;
const VALUE_CHARS_MAX: usize = 80;
/// Characters of the name of a mapping.
const NAME_CHARS_MAX: usize = 80;

/// How a person changes the reading of a file; what is left out stays.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Change {
    /// Another data set: the mapping is guessed anew.
    kind: Option<Kind>,
    /// The mapping that was saved under this name.
    saved: Option<String>,
    /// The mapping as text (docs/IMPORT.md).
    toml: Option<String>,
    /// The guess, whatever was chosen before.
    guess: bool,
    /// Columns that fill another field, or none.
    assign: Vec<Assignment>,
    /// Fields with one value in every record; `null` takes it away.
    set: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Assignment {
    column: String,
    field: Option<String>,
}

/// A mapping that was saved.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Saved {
    name: String,
    kind: Kind,
    /// The columns of the file for which it was made, rising.
    columns: Vec<String>,
    mapping: Mapping,
    saved_ms: i64,
}

/// Looks at the file, after `change`.
pub(super) fn preview(environment: &Environment, upload: &Upload, change: Option<Change>) -> Result<Value, Trouble> {
    let invalid = |failure: import::Failure| Trouble::Invalid(upload.named(&failure.to_string()));
    let about = upload.about();
    let sample = import::sample(&upload.file(), &FormatOptions::default()).map_err(invalid)?;
    if sample.rows.is_empty() && sample.broken.is_empty() {
        return Err(Trouble::Invalid(format!("{} holds no rows; choose a file with some", about.file_name)));
    }
    let kinds = import::guess_kind(&about.file_name, &sample);
    let likeliest = kinds.first().map_or(Kind::Products, |guess| guess.kind);
    let before = match about.reading {
        Some(reading) => reading,
        None => first_reading(environment, &sample, about.wanted.unwrap_or(likeliest))?,
    };
    let changed = change.is_some();
    let reading = match change {
        None => before,
        Some(change) => after(environment, &sample, before, change).map_err(|failure| match failure {
            Changed::Import(failure) => invalid(failure),
            Changed::Trouble(trouble) => trouble,
        })?,
    };
    // It must be one that can be worked with before it is kept.
    let gather = importing::gather(reading.kind, reading.mapping.as_ref()).map_err(invalid)?;
    let kept = upload.note(now().0, |about| {
        about.reading = Some(reading.clone());
        if changed {
            about.checked = None;
            about.message = None;
            about.stage = Stage::Ready;
        }
    });
    kept.map_err(|_| Trouble::NotFound)?;
    let saved: Vec<Value> = saved(environment)?
        .iter()
        .filter(|saved| saved.kind == reading.kind)
        .map(|saved| json!({"name": saved.name, "fits": saved.columns == sorted(&sample)}))
        .collect();
    let mut lacking = lacking(&reading);
    if let Some(header) = &sample.header
        && let Err(failure) = gather.plan().check_columns(header, &about.file_name)
    {
        lacking.push(failure.to_string());
    }
    let tried = attempt(&reading, &sample, gather);
    Ok(json!({
        "kinds": kinds.iter().map(|guess| json!({
            "kind": guess.kind, "confidence": guess.confidence, "why": guess.why,
        })).collect::<Vec<_>>(),
        "kind": reading.kind,
        "origin": reading.origin,
        "named": reading.named,
        "columns": columns(&reading, &sample),
        "fields": fields(reading.kind),
        "set": reading.mapping.as_ref().map(|mapping| &mapping.set),
        "gathers": reading.mapping.as_ref().is_some_and(|mapping| mapping.group.is_some() || mapping.distinct.is_some()),
        "rules": reading.mapping.as_ref().map_or(0, |mapping| mapping.rules.len()),
        "toml": reading.mapping.as_ref().and_then(|mapping| mapping.to_toml().ok()),
        "rows": sample.rows.iter().take(ROWS_SHOWN).map(|row| json!({"row": row.number, "cells": row.to_json()})).collect::<Vec<_>>(),
        "sample": tried,
        "lacking": lacking,
        "saved": saved,
    }))
}

/// The reading before anybody changed it: a mapping saved for these columns, or what the file itself suggests.
fn first_reading(environment: &Environment, sample: &Sample, kind: Kind) -> Result<Reading, Trouble> {
    let columns = sorted(sample);
    let fitting = saved(environment)?.into_iter().filter(|saved| saved.kind == kind && saved.columns == columns);
    if let Some(saved) = fitting.max_by_key(|saved| saved.saved_ms) {
        let Saved { kind, mapping, name, .. } = saved;
        return Ok(Reading { kind, mapping: Some(mapping), origin: "saved".to_owned(), named: name });
    }
    Ok(guessed(sample, kind))
}

fn guessed(sample: &Sample, kind: Kind) -> Reading {
    let proposal = import::propose(kind, sample, &[]);
    let named = proposal.mapping.description.clone();
    match proposal.origin {
        Origin::Identity => Reading { kind, mapping: None, origin: "none".to_owned(), named: String::new() },
        Origin::Recognised { .. } => {
            Reading { kind, mapping: Some(proposal.mapping), origin: "known".to_owned(), named }
        }
        Origin::Guess => {
            Reading { kind, mapping: Some(proposal.mapping), origin: "guess".to_owned(), named: String::new() }
        }
    }
}

enum Changed {
    Import(import::Failure),
    Trouble(Trouble),
}

fn after(environment: &Environment, sample: &Sample, before: Reading, change: Change) -> Result<Reading, Changed> {
    let mut reading = match change.kind {
        Some(kind) if kind != before.kind => first_reading(environment, sample, kind).map_err(Changed::Trouble)?,
        _ => before,
    };
    if change.guess {
        reading = guessed(sample, reading.kind);
    }
    if let Some(name) = &change.saved {
        let found = saved(environment).map_err(Changed::Trouble)?.into_iter().find(|saved| saved.name == *name);
        let Some(saved) = found else {
            return Err(Changed::Trouble(Trouble::Invalid(format!("no mapping is saved as {name:?}"))));
        };
        let Saved { kind, mapping, name, .. } = saved;
        reading = Reading { kind, mapping: Some(mapping), origin: "saved".to_owned(), named: name };
    }
    if let Some(text) = &change.toml {
        if text.len() > limits::MAPPING_BYTES_MAX {
            let why = format!("a mapping has at most {} KiB", limits::MAPPING_BYTES_MAX >> 10);
            return Err(Changed::Trouble(Trouble::Invalid(why)));
        }
        let mapping = Mapping::parse(text, "as text").map_err(Changed::Import)?;
        reading = Reading { kind: mapping.record, mapping: Some(mapping), ..changed(reading) };
    }
    if change.assign.is_empty() && change.set.is_empty() {
        return Ok(reading);
    }
    let mut mapping = reading.mapping.clone().unwrap_or_else(|| identity(reading.kind, sample));
    for Assignment { column, field } in change.assign {
        import::assign(&mut mapping, &sample.rows, &column, field.as_deref()).map_err(Changed::Import)?;
    }
    for (field, value) in change.set {
        if reading.kind.shape(&field).is_none() {
            let why = format!("{} have no field {field:?}", reading.kind.name());
            return Err(Changed::Trouble(Trouble::Invalid(why)));
        }
        mapping.set.remove(&field);
        if let Value::String(text) = value
            && !text.is_empty()
        {
            mapping.fields.remove(&field);
            mapping.set.insert(field, text.into());
        }
    }
    Ok(Reading { mapping: Some(mapping), ..changed(reading) })
}

fn changed(reading: Reading) -> Reading {
    let named = match reading.origin.as_str() {
        "changed" => reading.named,
        "saved" | "known" => format!("“{}”, changed", reading.named),
        _ => String::new(),
    };
    Reading { origin: "changed".to_owned(), named, ..reading }
}

/// The mapping that does nothing, to be changed: each column is the field of its own name.
fn identity(kind: Kind, sample: &Sample) -> Mapping {
    let mut mapping = Mapping::new(kind);
    for column in sample.columns() {
        let _ = import::assign(&mut mapping, &sample.rows, &column, Some(&column));
    }
    mapping
}

/// What a person must still say before anything can be imported, in sentences.
pub(super) fn lacking(reading: &Reading) -> Vec<String> {
    let Some(mapping) = &reading.mapping else { return Vec::new() };
    let has = |field: &str| {
        let by_rules = mapping.rules.iter().any(|rule| rule.set.contains_key(field) || rule.fields.contains_key(field));
        mapping.fields.contains_key(field) || mapping.set.contains_key(field) || by_rules
    };
    let mut lacking = Vec::new();
    match reading.kind {
        Kind::Products if !has("product_id") => {
            lacking.push("No column is the id of the product yet: choose product_id for one of them.".to_owned());
        }
        Kind::Users if !has("user_id") => {
            lacking.push("No column is the id of the person yet: choose user_id for one of them.".to_owned());
        }
        Kind::Interactions => {
            if !has("type") {
                lacking.push("Nothing says what was done: choose the type of interaction for every row, or the column that holds it.".to_owned());
            }
            if !has("user_id") && !has("anonymous_id") {
                lacking.push("No column says who it was: choose user_id or anonymous_id for one of them.".to_owned());
            }
        }
        _ => {}
    }
    lacking
}

/// The fields that a column can fill.
fn fields(kind: Kind) -> Vec<Value> {
    let required = kind.required();
    kind.fields()
        .iter()
        .map(|(name, shape)| json!({"name": name, "shape": shape, "required": *name == required}))
        .collect()
}

fn sorted(sample: &Sample) -> Vec<String> {
    let mut columns = sample.columns();
    columns.sort_unstable();
    columns
}

fn columns(reading: &Reading, sample: &Sample) -> Vec<Value> {
    let guess = (reading.origin != "known" && reading.mapping.is_some())
        .then(|| import::guess(reading.kind, &sample.rows, &[]));
    let guessed: BTreeMap<&str, _> =
        guess.iter().flat_map(|guess| &guess.columns).map(|column| (column.column.as_str(), column)).collect();
    let shown = sample.columns().into_iter().map(|name| {
        let values: Vec<&Value> = sample.rows.iter().filter_map(|row| row.get(&name)).collect();
        let mut different: Vec<String> = Vec::new();
        for text in values.iter().map(|value| brief(value)) {
            if different.len() < VALUES_SHOWN && !different.contains(&text) {
                different.push(text);
            }
        }
        let fields: Vec<String> = match &reading.mapping {
            Some(mapping) => mapping.fields_of(&name).into_iter().map(str::to_owned).collect(),
            None => vec![name.clone()],
        };
        let by_guess = guessed.get(name.as_str()).filter(|column| column.field == fields.join(", "));
        let (confidence, why) = match (reading.origin.as_str(), by_guess) {
            ("none", _) => (Some(1.0), "it is a field of the API".to_owned()),
            ("known", _) if fields.is_empty() => (None, "this export does not need it".to_owned()),
            ("known", _) => (Some(0.99), format!("so it is in {}", reading.named)),
            ("saved", _) => (Some(1.0), format!("so it was saved as “{}”", reading.named)),
            (_, Some(column)) => (Some(column.confidence), column.why.clone()),
            _ => (None, "you chose it".to_owned()),
        };
        json!({
            "name": name, "samples": different, "fields": fields, "confidence": confidence, "why": why,
            "filled": values.len() as f64 / sample.rows.len().max(1) as f64,
        })
    });
    shown.collect()
}

fn brief(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ").chars().take(VALUE_CHARS_MAX).collect()
}

/// Maps and checks the sample: what would become of these rows.
fn attempt(reading: &Reading, sample: &Sample, mut gather: import::Gather) -> Value {
    let mut items = Vec::new();
    let mut failure = None;
    for row in &sample.rows {
        if let Err(error) = gather.push(0, Read::Row(Row::clone(row)), &mut items) {
            failure = Some(error.to_string());
            break;
        }
    }
    gather.finish(&mut items);
    let mut entries = Vec::new();
    let mut errors: Vec<(u64, Vec<String>)> =
        sample.broken.iter().map(|(number, reason)| (*number, vec![reason.clone()])).collect();
    for item in items {
        match item.content {
            Content::Record(record) => {
                let json = serde_json::to_string(&record).unwrap_or_default();
                entries.push(Entry { file: 0, row: item.row, json });
            }
            Content::Rejected { reasons, .. } => errors.push((item.row, reasons)),
        }
    }
    let whole = entries.clone();
    let mut check = |body: &[u8]| -> Result<Taken, import::Failure> { Ok(import::check(reading.kind, body)) };
    match import::deliver(&mut check, entries) {
        Ok(refused) => errors.extend(refused.into_iter().map(|reject| (reject.row, reject.reasons))),
        Err(error) => failure = Some(error.to_string()),
    }
    errors.sort_by_key(|(row, _)| *row);
    let bad: std::collections::BTreeSet<u64> = errors.iter().map(|(row, _)| *row).collect();
    let good = whole.iter().filter(|entry| !bad.contains(&entry.row));
    let records: Vec<Value> = good
        .clone()
        .take(RECORDS_SHOWN)
        .map(
            |entry| json!({"row": entry.row, "record": serde_json::from_str::<Value>(&entry.json).unwrap_or_default()}),
        )
        .collect();
    let mut reasons = BTreeMap::<String, u64>::new();
    for reason in errors.iter().flat_map(|(_, reasons)| reasons) {
        *reasons.entry(importing::reason_alone(reason)).or_default() += 1;
    }
    json!({
        "rows": sample.rows.len() + sample.broken.len(),
        "is_whole": sample.is_whole,
        "header": sample.rows.first().is_some_and(|row| matches!(row.cells, Cells::Columns { .. })),
        "records": good.count(),
        "rejected": bad.len(),
        "errors": errors.iter().take(ERRORS_SHOWN).map(|(row, reasons)| json!({"row": row, "reasons": reasons})).collect::<Vec<_>>(),
        "reasons": reasons.into_iter().map(|(reason, count)| json!({"reason": reason, "count": count})).collect::<Vec<_>>(),
        "first": records,
        "failure": failure,
    })
}

fn saved(environment: &Environment) -> Result<Vec<Saved>, Trouble> {
    let stored = environment.mappings()?;
    // One that a later version wrote is left alone, and not offered.
    Ok(stored.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect())
}

/// The names of what was saved: `{"name","kind"}`, in the order of their names.
pub(super) fn saved_names(environment: &Environment) -> Result<Vec<Value>, Trouble> {
    let mut all = saved(environment)?;
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all.into_iter().map(|saved| json!({"name": saved.name, "kind": saved.kind})).collect())
}

/// All that is saved, and this upload's mapping under that name.
pub(super) fn with_saved(environment: &Environment, upload: &Upload, name: &str) -> Result<Vec<Value>, Trouble> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(Trouble::Invalid(format!("the name of a mapping has 1 to {NAME_CHARS_MAX} characters")));
    }
    let Some(Reading { kind, mapping: Some(mapping), .. }) = upload.about().reading else {
        return Err(Trouble::Invalid("there is no mapping to save: the records have our fields already".to_owned()));
    };
    let sample = import::sample(&upload.file(), &FormatOptions::default())
        .map_err(|failure| Trouble::Invalid(upload.named(&failure.to_string())))?;
    let mut all = saved(environment)?;
    all.retain(|saved| saved.name != name);
    if all.len() >= limits::MAPPINGS_MAX {
        return Err(Trouble::Invalid(format!("{} mappings are saved already; remove one first", limits::MAPPINGS_MAX)));
    }
    all.push(Saved { name: name.to_owned(), kind, columns: sorted(&sample), mapping, saved_ms: now().0 });
    let _ = upload.note(now().0, |about| {
        if let Some(reading) = &mut about.reading {
            reading.origin = "saved".to_owned();
            reading.named = name.to_owned();
        }
    });
    Ok(all.into_iter().filter_map(|saved| serde_json::to_value(saved).ok()).collect())
}

/// All that is saved but this one.
pub(super) fn without_saved(environment: &Environment, name: &str) -> Result<Vec<Value>, Trouble> {
    let all = saved(environment)?.into_iter().filter(|saved| saved.name != name);
    Ok(all.filter_map(|saved| serde_json::to_value(saved).ok()).collect())
}
