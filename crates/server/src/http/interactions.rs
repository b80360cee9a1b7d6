//! `/v1/interactions`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use record::{Interaction, Time, parse_interactions};
use serde_json::Value;
use sha1::{Digest, Sha1};
use tokio::runtime::Handle;
use tracing::warn;

use super::App;
use super::auth::Caller;
use super::body::{self, Parameters, Whole};
use super::errors::Failure;
use super::threads::{apart, apart_if};
use super::upload::text_list;
use super::wire;
use crate::limits::{CLOCK_SKEW_MS_MAX, INLINE_BODY_BYTES_MAX};
use crate::{Environment, WriteError};

/// `POST /v1/interactions`: what visitors did comes in, for good.
pub(super) async fn upload(
    State(app): State<Arc<App>>,
    caller: Caller,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    parameters: Parameters,
    Whole(body): Whole,
) -> Result<Response, Failure> {
    let place = if parameters.queue && !parameters.dry_run { Some(app.queued.place().await?) } else { None };
    let trust_forwarded_for = app.settings.trust_forwarded_for;
    let environment = caller.environment.clone();
    let large = body.len() > INLINE_BODY_BYTES_MAX;
    let interactions = apart_if(large, move || {
        let mut interactions = parse_interactions(&body)?;
        let now = crate::environment::now();
        let stranger = || anonymous_id(caller.key(), &address(peer, &headers, trust_forwarded_for), &headers, now);
        complete(&mut interactions, now, stranger);
        Ok(interactions)
    })
    .await?
    .map_err(Failure::Refused)?;

    if parameters.dry_run {
        return Ok(wire::accepted());
    }
    match place {
        None if large => {
            // Writing begins with serialising; what waits for the disk afterwards waits on that thread, too.
            let runtime = Handle::current();
            apart(move || runtime.block_on(write(&environment, interactions))).await??;
        }
        None => write(&environment, interactions).await?,
        Some(place) => {
            tokio::spawn(async move {
                let count = interactions.len();
                if let Err(error) = write(&environment, interactions).await {
                    warn!(environment = environment.name().name(), count, %error, "interactions sent with async=1 were not stored");
                }
                drop(place);
            });
        }
    }
    Ok(wire::accepted())
}

async fn write(environment: &Environment, interactions: Vec<Interaction>) -> Result<(), WriteError> {
    let written = environment.add_interactions(interactions).await?;
    let label = [("environment", environment.name().name())];
    metrics::counter!("tamari_interactions_accepted_total", &label).increment(written.count as u64);
    metrics::counter!("tamari_interactions_duplicate_total", &label).increment(written.not_found as u64);
    Ok(())
}

/// Gives each its time and its person where they are missing (contract, "Uploads").
fn complete(interactions: &mut [Interaction], now: Time, stranger: impl Fn() -> String) {
    let mut made: Option<String> = None;
    for interaction in interactions {
        // A clock that runs ahead, or a zone taken for another: it cannot have happened later than it arrived, and would
        // stay newer than everything for as long.
        let is_ahead = interaction.timestamp.is_some_and(|time| time.0 > now.0 + CLOCK_SKEW_MS_MAX);
        interaction.timestamp = Some(interaction.timestamp.filter(|_| !is_ahead).unwrap_or(now));
        if interaction.user_id.is_none() && interaction.anonymous_id.is_none() {
            interaction.anonymous_id = Some(made.get_or_insert_with(&stranger).clone());
        }
    }
}

/// The SHA-1 of `key:ip:user agent:date`: the same browser on the same day, without keeping who that is.
fn anonymous_id(key: &str, ip: &str, headers: &HeaderMap, now: Time) -> String {
    let mut sha1 = Sha1::new();
    sha1.update(key);
    sha1.update(":");
    sha1.update(ip);
    sha1.update(":");
    sha1.update(headers.get(header::USER_AGENT).map_or(&b""[..], |agent| agent.as_bytes()));
    sha1.update(":");
    let now = now.to_string();
    sha1.update(now.split('T').next().unwrap_or_default());
    hex::encode(sha1.finalize())
}

/// The visitor's address: the connection's, or what the proxy before us says of it where that is to be believed.
fn address(peer: SocketAddr, headers: &HeaderMap, trust_forwarded_for: bool) -> String {
    let forwarded = || headers.get("x-forwarded-for")?.to_str().ok()?.split(',').next();
    let first = if trust_forwarded_for { forwarded() } else { None };
    match first.map(str::trim).filter(|first| !first.is_empty()) {
        Some(first) => first.to_owned(),
        None => peer.ip().to_string(),
    }
}

/// `DELETE /v1/interactions {"user_ids":[…]}`: erased for good.
pub(super) async fn erase(caller: Caller, Whole(body): Whole) -> Result<Response, Failure> {
    let body: Value = body::parse(&body)?;
    let user_ids = text_list(&body["user_ids"], "user_ids")?;
    caller.environment.erase_interactions(user_ids).await?;
    Ok(wire::accepted())
}

#[cfg(test)]
mod tests;
