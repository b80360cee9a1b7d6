//! From a batch of records to records stored: refused ones are taken out by the lines of the refusal, a batch that is too
//! large is halved, and a server that is busy or away is asked again.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::fields::Kind;
use crate::failure::Failure;
use crate::output;
use crate::reach::{Reach, Reply};

#[cfg(test)]
mod tests;

/// How long a server may be busy or away before the import gives up; it can be resumed.
const PATIENCE: Duration = Duration::from_secs(300);
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// A record, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub file: usize,
    pub row: u64,
    pub json: String,
}

/// A record that was not taken, or a row that became none.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reject {
    pub file: usize,
    pub row: u64,
    pub reasons: Vec<String>,
    pub record: Value,
}

/// What takes the records.
pub(super) enum Target {
    /// A server stores them.
    Server(Box<Reach>),
    /// They are only checked.
    Check,
}

/// What became of one call.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    /// The lines of the refusal, each with the index of its record.
    Refused(Vec<String>),
    TooLarge(String),
    /// Worth another try, after so many seconds where the server says so.
    Later {
        why: String,
        after_s: Option<u64>,
    },
}

/// Sends a batch and gives the records that were refused.
///
/// # Errors
/// The server cannot be reached for [`PATIENCE`], or refuses the whole call for a reason that no record carries.
pub(super) fn deliver(target: &Target, kind: Kind, batch: Vec<Entry>) -> Result<Vec<Reject>, Failure> {
    deliver_by(&mut |body| target.take(kind, body), batch)
}

fn deliver_by(
    take: &mut dyn FnMut(&[u8]) -> Result<Taken, Failure>,
    batch: Vec<Entry>,
) -> Result<Vec<Reject>, Failure> {
    let mut rejects = Vec::new();
    let mut waiting = vec![batch];
    while let Some(mut entries) = waiting.pop() {
        if entries.is_empty() {
            continue;
        }
        match patiently(take, &body(&entries))? {
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
            Taken::Later { why, .. } => return Err(Failure::fault(why)),
        }
    }
    rejects.sort_by_key(|reject| (reject.file, reject.row));
    Ok(rejects)
}

fn patiently(take: &mut dyn FnMut(&[u8]) -> Result<Taken, Failure>, body: &[u8]) -> Result<Taken, Failure> {
    let asked = Instant::now();
    let mut wait = FIRST_WAIT;
    let mut told = false;
    loop {
        let (why, after_s) = match take(body)? {
            Taken::Later { why, after_s } => (why, after_s),
            taken => return Ok(taken),
        };
        if asked.elapsed() > PATIENCE {
            return Err(Failure::fault(format!("{why}. Run the same command again to go on from here.")));
        }
        if !told && wait > Duration::from_secs(1) {
            output::note(&format!("{why}; trying again for up to {} minutes", PATIENCE.as_secs() / 60));
            told = true;
        }
        sleep(after_s.map_or(wait, Duration::from_secs).min(LONGEST_WAIT));
        wait = (wait * 2).min(LONGEST_WAIT);
    }
}

impl Target {
    fn take(&self, kind: Kind, body: &[u8]) -> Result<Taken, Failure> {
        match self {
            Target::Check => {
                let refusals = match kind {
                    Kind::Products => record::parse_products(body).map(drop),
                    Kind::Users => record::parse_users(body).map(drop),
                    Kind::Interactions => record::parse_interactions(body).map(drop),
                };
                Ok(refusals.map_or_else(|refusals| Taken::Refused(refusals.lines()), |()| Taken::Yes))
            }
            Target::Server(reach) => match reach.post(kind.name(), body) {
                Ok(reply) => taken(reach, reply),
                Err(error) => {
                    Ok(Taken::Later { why: format!("{} cannot be reached: {error}", reach.place()), after_s: None })
                }
            },
        }
    }
}

fn taken(reach: &Reach, reply: Reply) -> Result<Taken, Failure> {
    match reply.status {
        200..=299 => Ok(Taken::Yes),
        422 => {
            let lines = reply
                .body
                .get("data")
                .and_then(Value::as_array)
                .map(|lines| lines.iter().filter_map(Value::as_str).map(str::to_owned).collect());
            Ok(Taken::Refused(lines.unwrap_or_else(|| vec![reply.message()])))
        }
        413 => Ok(Taken::TooLarge(reply.message())),
        429 | 500 | 502 | 503 | 504 => Ok(Taken::Later {
            why: format!("{} answers: {}", reach.place(), reply.message()),
            after_s: reply.retry_after_s,
        }),
        401 | 403 => Err(Failure::fault(format!(
            "{} refuses the key: {}. Give a secret key with --api-key; `tamari keys` shows those of a data folder.",
            reach.place(),
            reply.message()
        ))),
        _ => Err(Failure::fault(format!("{} answers: {}", reach.place(), reply.message()))),
    }
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
