//! From a batch of records to records stored by a server: one that is busy or away is asked again.

use std::thread::sleep;
use std::time::{Duration, Instant};

use ::import::{Entry, Kind, Reject, Taken};
use serde_json::Value;

use crate::failure::Failure;
use crate::output;
use crate::reach::{Reach, Reply};

#[cfg(test)]
mod tests;

/// How long a server may be busy or away before the import gives up; it can be resumed.
const PATIENCE: Duration = Duration::from_secs(300);
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// What takes the records.
pub(super) enum Target {
    /// A server stores them.
    Server(Box<Reach>),
    /// They are only checked.
    Check,
}

/// What a server says to one call.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Taken(Taken),
    /// Worth another try, after so many seconds where the server says so.
    Later {
        why: String,
        after_s: Option<u64>,
    },
}

/// Asks until there is an answer.
///
/// # Errors
/// The server cannot be reached for [`PATIENCE`].
fn patiently(ask: &mut dyn FnMut() -> Result<Said, ::import::Failure>) -> Result<Taken, ::import::Failure> {
    let asked = Instant::now();
    let mut wait = FIRST_WAIT;
    let mut told = false;
    loop {
        let (why, after_s) = match ask()? {
            Said::Later { why, after_s } => (why, after_s),
            Said::Taken(taken) => return Ok(taken),
        };
        if asked.elapsed() > PATIENCE {
            return Err(::import::Failure::fault(format!("{why}. Run the same command again to go on from here.")));
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
    /// Hands a batch over and gives the records that were refused.
    ///
    /// # Errors
    /// The server cannot be reached for [`PATIENCE`], or refuses the whole call for a reason that no record carries.
    pub(super) fn deliver(&self, kind: Kind, batch: Vec<Entry>) -> Result<Vec<Reject>, Failure> {
        let mut take = |body: &[u8]| match self {
            Target::Check => Ok(::import::check(kind, body)),
            Target::Server(reach) => patiently(&mut || match reach.post(kind.name(), body) {
                Ok(reply) => said(reach, reply),
                Err(error) => {
                    Ok(Said::Later { why: format!("{} cannot be reached: {error}", reach.place()), after_s: None })
                }
            }),
        };
        Ok(::import::deliver(&mut take, batch)?)
    }
}

fn said(reach: &Reach, reply: Reply) -> Result<Said, ::import::Failure> {
    match reply.status {
        200..=299 => Ok(Said::Taken(Taken::Yes)),
        422 => {
            let lines = reply
                .body
                .get("data")
                .and_then(Value::as_array)
                .map(|lines| lines.iter().filter_map(Value::as_str).map(str::to_owned).collect());
            Ok(Said::Taken(Taken::Refused(lines.unwrap_or_else(|| vec![reply.message()]))))
        }
        413 => Ok(Said::Taken(Taken::TooLarge(reply.message()))),
        429 | 500 | 502 | 503 | 504 => Ok(Said::Later {
            why: format!("{} answers: {}", reach.place(), reply.message()),
            after_s: reply.retry_after_s,
        }),
        401 | 403 => Err(::import::Failure::fault(format!(
            "{} refuses the key: {}. Give a secret key with --api-key; `tamari keys` shows those of a data folder.",
            reach.place(),
            reply.message()
        ))),
        _ => Err(::import::Failure::fault(format!("{} answers: {}", reach.place(), reply.message()))),
    }
}
