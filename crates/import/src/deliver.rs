//! From a batch of records to records taken: refused ones are taken out by the lines of the refusal, and a batch that is
//! too large is halved.

use serde_json::Value;

use crate::failure::Failure;
use crate::fields::Kind;

#[cfg(test)]
mod tests;

/// A record, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which of the files, from 0.
    pub file: usize,
    /// Which row of it, from 1.
    pub row: u64,
    /// The record.
    pub json: String,
}

/// A record that was not taken, or a row that became none.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// Which of the files, from 0.
    pub file: usize,
    /// Which row of it, from 1.
    pub row: u64,
    /// Every reason.
    pub reasons: Vec<String>,
    /// The record, or the row.
    pub record: Value,
}

/// What became of one call.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// All records were taken.
    Yes,
    /// The lines of the refusal, each with the index of its record.
    Refused(Vec<String>),
    /// The body is over the bound; the server's message.
    TooLarge(String),
}

/// Checks a body as the API does, without the data set that it would come into.
pub fn check(kind: Kind, body: &[u8]) -> Taken {
    let refusals = match kind {
        Kind::Products => record::parse_products(body).map(drop),
        Kind::Users => record::parse_users(body).map(drop),
        Kind::Interactions => record::parse_interactions(body).map(drop),
    };
    refusals.map_or_else(|refusals| Taken::Refused(refusals.lines()), |()| Taken::Yes)
}

/// Hands a batch over by `take`, which is called with bodies of the API, and gives the records that were refused, by row.
///
/// # Errors
/// Those of `take`, and a refusal for a reason that no record carries.
pub fn deliver(
    take: &mut dyn FnMut(&[u8]) -> Result<Taken, Failure>,
    batch: Vec<Entry>,
) -> Result<Vec<Reject>, Failure> {
    let mut rejects = Vec::new();
    let mut waiting = vec![batch];
    while let Some(mut entries) = waiting.pop() {
        if entries.is_empty() {
            continue;
        }
        match take(&body(&entries))? {
            Taken::Yes => {}
            Taken::Refused(lines) => {
                let refused = take_out(&mut entries, &lines);
                if refused.is_empty() {
                    return Err(Failure::fault(format!("the server refuses the records: {}", lines.join(" "))));
                }
                rejects.extend(refused);
                waiting.push(entries);
            }
            Taken::TooLarge(why) if entries.len() == 1 => {
                rejects.extend(entries.into_iter().map(|entry| entry.rejected(vec![why.clone()])));
            }
            Taken::TooLarge(_) => {
                let second = entries.split_off(entries.len() / 2);
                waiting.push(second);
                waiting.push(entries);
            }
        }
    }
    rejects.sort_by_key(|reject| (reject.file, reject.row));
    Ok(rejects)
}

impl Entry {
    fn rejected(self, reasons: Vec<String>) -> Reject {
        let record = serde_json::from_str(&self.json).unwrap_or(Value::Null);
        Reject { file: self.file, row: self.row, reasons, record }
    }
}

fn body(entries: &[Entry]) -> Vec<u8> {
    let bytes: usize = entries.iter().map(|entry| entry.json.len() + 1).sum();
    let mut body = Vec::with_capacity(bytes + 16);
    body.extend_from_slice(b"{\"data\":[");
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(entry.json.as_bytes());
    }
    body.extend_from_slice(b"]}");
    body
}

/// Takes the records out that the lines name, `data.<index>…`, with what each line says about them.
fn take_out(entries: &mut Vec<Entry>, lines: &[String]) -> Vec<Reject> {
    let mut reasons: Vec<Vec<String>> = vec![Vec::new(); entries.len()];
    for line in lines {
        let Some(rest) = line.strip_prefix("data.") else { continue };
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let index = rest[..digits].parse::<usize>().ok();
        if let Some(of_record) = index.and_then(|index| reasons.get_mut(index)) {
            of_record.push(rest[digits..].trim_start_matches(['.', ' ']).to_owned());
        }
    }
    let mut refused = Vec::new();
    let mut kept = Vec::with_capacity(entries.len());
    for (entry, reasons) in entries.drain(..).zip(reasons) {
        match reasons.is_empty() {
            true => kept.push(entry),
            false => refused.push(entry.rejected(reasons)),
        }
    }
    *entries = kept;
    refused
}
