use std::fmt::Display;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{
    Interaction, Product, Refusals, User, limits,
    problem::Problem,
    typed::Record,
    validate::{self, Path, drop_nulls},
    wire::FromObject,
};

/// Reads the body `{"data":[product,…]}` of an upload, in the order of the body. An empty `data` is an empty list.
///
/// `null` fields are absent at any depth; of a name that comes twice in an object the last one counts.
/// A good body is read once, straight into the types; only a bad one is read again to name its errors.
///
/// # Errors
/// All or nothing: every error of every record, see [`Refusals`]. A body that is not JSON, or has no array `data`, or more
/// than [`limits::RECORDS_PER_UPLOAD_MAX`] records, is one refusal with path `data`.
///
/// Source: `behaviour.md`, Uploads, and the schema `ProductBulkIn` of the published API.
pub fn parse_products(body: &[u8]) -> Result<Vec<Product>, Refusals> {
    parse(body)
}

/// Reads the body `{"data":[user,…]}` of an upload. Errors as for [`parse_products`].
pub fn parse_users(body: &[u8]) -> Result<Vec<User>, Refusals> {
    parse(body)
}

/// Reads the body `{"data":[interaction,…]}` of an upload. Errors as for [`parse_products`].
pub fn parse_interactions(body: &[u8]) -> Result<Vec<Interaction>, Refusals> {
    parse(body)
}

/// Reads interactions that are part of a request, such as `additional_interactions`; `path` is where they are in it.
///
/// # Errors
/// As for [`parse_products`], with paths such as `additional_interactions.0.type`.
pub fn parse_interaction_values(path: &str, values: &[Value]) -> Result<Vec<Interaction>, Refusals> {
    let mut reader = Reader::new();
    let path = Path::Start(path);
    if reader.has_room(values.len(), &path) {
        for (place, value) in values.iter().enumerate() {
            reader.read(value.clone(), &Path::Place(&path, place));
        }
    }
    reader.finish()
}

fn parse<T: Record>(body: &[u8]) -> Result<Vec<T>, Refusals> {
    match parse_typed(body) {
        Some(records) => Ok(records),
        None => parse_each(body),
    }
}

#[derive(Deserialize)]
struct Body<T> {
    data: T,
}

/// The fast path. `None` where anything is wrong, or merely odd: then [`parse_each`] decides.
pub(crate) fn parse_typed<T: Record>(body: &[u8]) -> Option<Vec<T>> {
    let FromObject(body) = serde_json::from_slice::<FromObject<Body<Vec<FromObject<T>>>>>(body).ok()?;
    if body.data.len() > limits::RECORDS_PER_UPLOAD_MAX || !body.data.iter().all(|record| record.0.is_valid()) {
        return None;
    }
    let mut records: Vec<T> = body.data.into_iter().map(|record| record.0).collect();
    records.iter_mut().for_each(T::settle);
    Some(records)
}

/// The thorough path: one record at a time is read into a [`Value`] and checked along its schema.
pub(crate) fn parse_each<T: Record>(body: &[u8]) -> Result<Vec<T>, Refusals> {
    let mut reader = Reader::new();
    for_each_value(body, &mut reader, |reader, value, path| reader.read(value, path));
    reader.finish()
}

/// Calls `read` with each record of the body that is JSON, and its path; what is not is refused by the reader.
pub(crate) fn for_each_value<T>(body: &[u8], reader: &mut Reader<T>, read: impl Fn(&mut Reader<T>, Value, &Path<'_>)) {
    let path = Path::Start("data");
    let records = match records_of(body) {
        Ok(records) => records,
        Err(problem) => return reader.refusals.add(&path, &problem),
    };
    if !reader.has_room(records.len(), &path) {
        return;
    }
    for (place, record) in records.into_iter().enumerate() {
        let path = Path::Place(&path, place);
        match serde_json::from_str(record.get()) {
            Ok(value) => read(reader, value, &path),
            Err(error) => reader.refusals.add(&path, &syntax("record", error)),
        }
    }
}

/// Cuts the body into its records, without looking into them.
fn records_of(body: &[u8]) -> Result<Vec<&RawValue>, Problem<'static>> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(syntax("body", "it is empty, and should be an object such as {\"data\": [{…}, {…}]}"));
    }
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| syntax("body", error))?;
    if type_of(whole) != "object" {
        return Err(Problem::Type { expected: &["object"], given: type_of(whole) });
    }
    // Only `data` twice can still be wrong here, and it is ambiguous what was meant.
    let body: Body<Option<&RawValue>> = serde_json::from_str(whole.get()).map_err(|error| syntax("body", error))?;
    let data = body.data.ok_or(Problem::Required)?;
    match type_of(data) {
        "array" => serde_json::from_str(data.get()).map_err(|error| syntax("body", error)),
        given => Err(Problem::Type { expected: &["array"], given }),
    }
}

fn syntax(of: &'static str, error: impl Display) -> Problem<'static> {
    Problem::Syntax { of, error: error.to_string() }
}

/// The JSON type of a text that is JSON, by its first character.
fn type_of(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "boolean",
        Some(b'n') | None => "null",
        Some(_) if raw.get().contains(['.', 'e', 'E']) => "number",
        Some(_) => "integer",
    }
}

/// Collects records as long as all are good, and the errors of all.
pub(crate) struct Reader<T> {
    pub(crate) records: Vec<T>,
    pub(crate) refusals: Refusals,
}

impl<T> Reader<T> {
    pub(crate) fn new() -> Reader<T> {
        Reader { records: Vec::new(), refusals: Refusals::default() }
    }

    pub(crate) fn has_room(&mut self, records: usize, path: &Path<'_>) -> bool {
        let has_room = records <= limits::RECORDS_PER_UPLOAD_MAX;
        if !has_room {
            let problem = Problem::TooManyItems { items_max: limits::RECORDS_PER_UPLOAD_MAX, items: records };
            self.refusals.add(path, &problem);
        }
        has_room
    }

    pub(crate) fn finish(self) -> Result<Vec<T>, Refusals> {
        if self.refusals.is_empty() { Ok(self.records) } else { Err(self.refusals) }
    }
}

impl<T: Record> Reader<T> {
    pub(crate) fn read(&mut self, mut value: Value, path: &Path<'_>) {
        validate::record(T::KIND, &value, path, &mut self.refusals);
        if !self.refusals.is_empty() {
            return;
        }
        value.as_object_mut().into_iter().for_each(drop_nulls);
        match serde_json::from_value::<FromObject<T>>(value) {
            Ok(FromObject(mut record)) => {
                record.settle();
                self.records.push(record);
            }
            // The schema and the type say the same, and tests hold them to it; should they ever differ, refusing is the safe side.
            Err(error) => self.refusals.add(path, &syntax("record", error)),
        }
    }
}
