//! Sign-in and sign-out. Wrong passwords are counted by address: after some, a minute passes before the next is tried.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use tracing::{info, warn};

use super::trouble::{Trouble, apart};
use super::{Dojo, password, sessions};

/// Wrong passwords from one address within [`WINDOW`].
const WRONG_MAX: u32 = 8;
/// Wrong passwords from all addresses within [`WINDOW`].
const WRONG_IN_ALL_MAX: u32 = 200;
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses remembered; each is forgotten after [`WINDOW`].
const ADDRESSES_MAX: usize = 10_000;
/// Passwords hashed at a time: each takes 19 MiB.
const HASHED_AT_A_TIME: usize = 2;

/// Wrong passwords of the last minute.
pub(super) struct Attempts {
    wrong: Mutex<HashMap<Option<IpAddr>, (u32, Instant)>>,
    hashing: Semaphore,
}

impl Default for Attempts {
    fn default() -> Attempts {
        Attempts { wrong: Mutex::default(), hashing: Semaphore::new(HASHED_AT_A_TIME) }
    }
}

impl Attempts {
    /// Counts an attempt before its password is looked at, so that many at once cannot slip through.
    fn count(&self, address: IpAddr, now: Instant) -> Result<(), Trouble> {
        let mut wrong = self.wrong.lock();
        wrong.retain(|_, (_, since)| now.saturating_duration_since(*since) < WINDOW);
        for (who, most) in [(Some(address), WRONG_MAX), (None, WRONG_IN_ALL_MAX)] {
            let is_full = wrong.len() >= ADDRESSES_MAX && !wrong.contains_key(&who);
            let (count, since) = wrong.get(&who).copied().unwrap_or((0, now));
            if count >= most || is_full {
                let left = WINDOW.saturating_sub(now.saturating_duration_since(since));
                return Err(Trouble::TooMany { retry_after_s: left.as_secs().max(1) });
            }
        }
        for who in [Some(address), None] {
            wrong.entry(who).or_insert((0, now)).0 += 1;
        }
        Ok(())
    }

    /// Takes the count back: the password was right.
    fn forget(&self, address: IpAddr) {
        let mut wrong = self.wrong.lock();
        wrong.remove(&Some(address));
        if let Some((count, _)) = wrong.get_mut(&None) {
            *count = count.saturating_sub(1);
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Given {
    password: String,
}

#[derive(Deserialize)]
pub(super) struct Change {
    password: String,
    new_password: String,
}

/// `GET /dojo/api/session`: whether somebody is signed in.
pub(super) async fn session(State(dojo): State<Arc<Dojo>>, headers: HeaderMap) -> Response {
    let signed_in = sessions::token(&headers).is_some_and(|token| dojo.sessions.holds(&token, Instant::now()));
    Json(json!({"signed_in": signed_in})).into_response()
}

/// `POST /dojo/api/session`: signs in.
pub(super) async fn sign_in(
    State(dojo): State<Arc<Dojo>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(given): Json<Given>,
) -> Result<Response, Trouble> {
    let address = address(&dojo, peer, &headers);
    verify(&dojo, address, given.password).await?;
    let token = dojo.sessions.begin(Instant::now());
    let secure = headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
    info!("signed in to the Dojo");
    Ok(([(header::SET_COOKIE, sessions::cookie(&token, secure))], Json(json!({"signed_in": true}))).into_response())
}

/// `DELETE /dojo/api/session`: signs out.
pub(super) async fn sign_out(State(dojo): State<Arc<Dojo>>, headers: HeaderMap) -> Response {
    if let Some(token) = sessions::token(&headers) {
        dojo.sessions.end(&token);
    }
    ([(header::SET_COOKIE, sessions::no_cookie())], Json(json!({"signed_in": false}))).into_response()
}

/// `POST /dojo/api/password`: another password; all other sessions end.
pub(super) async fn change_password(
    State(dojo): State<Arc<Dojo>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(change): Json<Change>,
) -> Result<Response, Trouble> {
    verify(&dojo, address(&dojo, peer, &headers), change.password).await?;
    password::check(&change.new_password).map_err(Trouble::Invalid)?;
    let own = dojo.clone();
    apart(move || own.password.change(&change.new_password)).await?.map_err(Trouble::Invalid)?;
    if let Some(token) = sessions::token(&headers) {
        dojo.sessions.end_others(&token);
    }
    info!("the Dojo's password was changed");
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn verify(dojo: &Arc<Dojo>, address: IpAddr, text: String) -> Result<(), Trouble> {
    dojo.attempts.count(address, Instant::now())?;
    if text.len() > password::BYTES_MAX {
        return Err(Trouble::WrongPassword);
    }
    let _turn = dojo.attempts.hashing.acquire().await.map_err(|_| Trouble::Stopping)?;
    let own = dojo.clone();
    if apart(move || own.password.is(&text)).await? {
        dojo.attempts.forget(address);
        return Ok(());
    }
    warn!("a wrong password for the Dojo");
    Err(Trouble::WrongPassword)
}

/// The address that is counted: the connection's, or what the proxy before us says where that is to be believed.
fn address(dojo: &Dojo, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || headers.get("x-forwarded-for")?.to_str().ok()?.split(',').next()?.trim().parse().ok();
    if dojo.settings.trust_forwarded_for { forwarded() } else { None }.unwrap_or_else(|| peer.ip())
}

#[cfg(test)]
mod tests {
    //! Properties: an address has so many attempts a minute and no more; another address is not kept out by it; a right
    //! password clears the count.

    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_address_has_so_many_attempts_a_minute() {
        let attempts = Attempts::default();
        let begun = Instant::now();
        let [here, there] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        for _ in 0..WRONG_MAX {
            attempts.count(here, begun).unwrap();
        }
        assert!(matches!(attempts.count(here, begun), Err(Trouble::TooMany { retry_after_s: 60 })));
        attempts.count(there, begun).unwrap();
        attempts.count(here, begun + WINDOW).unwrap();
    }

    #[test]
    fn a_right_password_clears_the_count() {
        let attempts = Attempts::default();
        let begun = Instant::now();
        let here = IpAddr::from([10, 0, 0, 1]);
        for _ in 0..3 * WRONG_IN_ALL_MAX {
            attempts.count(here, begun).unwrap();
            attempts.forget(here);
        }
    }
}
