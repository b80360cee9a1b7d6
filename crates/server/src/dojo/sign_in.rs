//! Sign-in and sign-out. Wrong passwords are counted by address and by name: after some, a minute passes before the next is tried.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use parking_lot::Mutex;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;
use tracing::{info, warn};

use super::accounts::FIRST;
use super::trouble::{Trouble, apart};
use super::{Dojo, access, password, sessions};

/// Wrong passwords from one address within [`WINDOW`].
const WRONG_MAX: u32 = 8;
/// Wrong passwords for one name within [`WINDOW`], from wherever.
const WRONG_FOR_NAME_MAX: u32 = 30;
/// Wrong passwords in all within [`WINDOW`].
const WRONG_IN_ALL_MAX: u32 = 200;
const WINDOW: Duration = Duration::from_secs(60);
/// Addresses and names remembered; each is forgotten after [`WINDOW`].
const COUNTED_MAX: usize = 10_000;
/// Passwords hashed at a time: each takes 19 MiB.
const HASHED_AT_A_TIME: usize = 2;

/// By what wrong passwords are counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Counted {
    Address(IpAddr),
    Name(String),
    All,
}

/// Wrong passwords of the last minute.
pub(super) struct Attempts {
    wrong: Mutex<HashMap<Counted, (u32, Instant)>>,
    hashing: Semaphore,
}

impl Default for Attempts {
    fn default() -> Attempts {
        Attempts { wrong: Mutex::default(), hashing: Semaphore::new(HASHED_AT_A_TIME) }
    }
}

impl Attempts {
    /// Counts an attempt before its password is looked at, so that many at once cannot slip through.
    fn count(&self, address: IpAddr, name: &str, now: Instant) -> Result<(), Trouble> {
        let mut wrong = self.wrong.lock();
        wrong.retain(|_, (_, since)| now.saturating_duration_since(*since) < WINDOW);
        let counted = counted(address, name);
        for (who, most) in counted.iter().zip([WRONG_MAX, WRONG_FOR_NAME_MAX, WRONG_IN_ALL_MAX]) {
            let is_full = wrong.len() >= COUNTED_MAX && !wrong.contains_key(who);
            let (count, since) = wrong.get(who).copied().unwrap_or((0, now));
            if count >= most || is_full {
                let left = WINDOW.saturating_sub(now.saturating_duration_since(since));
                return Err(Trouble::TooMany { retry_after_s: left.as_secs().max(1) });
            }
        }
        for who in counted {
            wrong.entry(who).or_insert((0, now)).0 += 1;
        }
        Ok(())
    }

    /// Takes the count back: the password was right.
    fn forget(&self, address: IpAddr, name: &str) {
        let mut wrong = self.wrong.lock();
        let [address, name, all] = counted(address, name);
        wrong.remove(&address);
        for who in [name, all] {
            if let Some((count, _)) = wrong.get_mut(&who) {
                *count = count.saturating_sub(1);
            }
        }
    }
}

fn counted(address: IpAddr, name: &str) -> [Counted; 3] {
    // As long as a name can be; a longer one is none.
    let name = name.trim().to_lowercase().chars().take(64).collect();
    [Counted::Address(address), Counted::Name(name), Counted::All]
}

#[derive(Deserialize)]
pub(super) struct Given {
    /// The first account's where it is left out.
    #[serde(default = "first")]
    name: String,
    password: String,
}

fn first() -> String {
    FIRST.to_owned()
}

#[derive(Deserialize)]
pub(super) struct Change {
    password: String,
    new_password: String,
}

/// `GET /dojo/api/session`: who is signed in.
pub(super) async fn session(State(dojo): State<Arc<Dojo>>, headers: HeaderMap) -> Response {
    let told = match access::who(&dojo, &headers) {
        Some(who) => json!({"signed_in": true, "name": who.name, "role": who.role}),
        None => json!({"signed_in": false}),
    };
    Json(told).into_response()
}

/// `POST /dojo/api/session {"name","password"}`: signs in.
pub(super) async fn sign_in(
    State(dojo): State<Arc<Dojo>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(given): Json<Given>,
) -> Result<Response, Trouble> {
    let address = address(&dojo, peer, &headers);
    let name = verify(&dojo, address, given.name, given.password).await?;
    let role = dojo.accounts.role(&name).ok_or(Trouble::WrongPassword)?;
    let told = json!({"signed_in": true, "name": name, "role": role});
    let token = dojo.sessions.begin(name, Instant::now());
    let secure = headers.get("x-forwarded-proto").is_some_and(|proto| proto == "https");
    info!(?role, "signed in to the Dojo");
    Ok(([(header::SET_COOKIE, sessions::cookie(&token, secure))], Json(told)).into_response())
}

/// `DELETE /dojo/api/session`: signs out.
pub(super) async fn sign_out(State(dojo): State<Arc<Dojo>>, headers: HeaderMap) -> Response {
    if let Some(token) = sessions::token(&headers) {
        dojo.sessions.end(&token);
    }
    ([(header::SET_COOKIE, sessions::no_cookie())], Json(json!({"signed_in": false}))).into_response()
}

/// `POST /dojo/api/password`: another password for the own account; its other sessions end.
pub(super) async fn change_password(
    State(dojo): State<Arc<Dojo>>,
    Extension(who): Extension<access::Who>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(change): Json<Change>,
) -> Result<Response, Trouble> {
    verify(&dojo, address(&dojo, peer, &headers), who.name.clone(), change.password).await?;
    password::check(&change.new_password).map_err(Trouble::Invalid)?;
    let (own, name) = (dojo.clone(), who.name.clone());
    apart(move || own.accounts.set_password(&name, &change.new_password)).await??;
    dojo.sessions.end_of(&who.name, sessions::token(&headers).as_deref());
    info!("a password of the Dojo was changed");
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The account's name, where the password is its own.
async fn verify(dojo: &Arc<Dojo>, address: IpAddr, name: String, text: String) -> Result<String, Trouble> {
    dojo.attempts.count(address, &name, Instant::now())?;
    if text.len() > password::BYTES_MAX {
        return Err(Trouble::WrongPassword);
    }
    let _turn = dojo.attempts.hashing.acquire().await.map_err(|_| Trouble::Stopping)?;
    let (own, given) = (dojo.clone(), name.clone());
    if let Some(account) = apart(move || own.accounts.verify(&given, &text)).await? {
        dojo.attempts.forget(address, &name);
        return Ok(account);
    }
    warn!("a wrong name or password for the Dojo");
    Err(Trouble::WrongPassword)
}

/// The address that is counted: the connection's, or what the proxy before us says where that is to be believed.
fn address(dojo: &Dojo, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded = || headers.get("x-forwarded-for")?.to_str().ok()?.split(',').next()?.trim().parse().ok();
    if dojo.settings.trust_forwarded_for { forwarded() } else { None }.unwrap_or_else(|| peer.ip())
}

#[cfg(test)]
mod tests {
    //! Properties: an address has so many attempts a minute and no more; another address is not kept out by it; a name has
    //! so many from all addresses; a right password clears the count.

    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn an_address_has_so_many_attempts_a_minute() {
        let attempts = Attempts::default();
        let begun = Instant::now();
        let [here, there] = [1, 2].map(|last| IpAddr::from([10, 0, 0, last]));
        for n in 0..WRONG_MAX {
            attempts.count(here, &format!("name {n}"), begun).unwrap();
        }
        assert!(matches!(attempts.count(here, "mia", begun), Err(Trouble::TooMany { retry_after_s: 60 })));
        attempts.count(there, "mia", begun).unwrap();
        attempts.count(here, "mia", begun + WINDOW).unwrap();
    }

    #[test]
    fn a_name_has_so_many_attempts_from_all_addresses() {
        let attempts = Attempts::default();
        let begun = Instant::now();
        let from = |last: u32| IpAddr::from([10, 0, 0, last as u8]);
        for n in 0..WRONG_FOR_NAME_MAX {
            attempts.count(from(n), "mia", begun).unwrap();
        }
        assert!(attempts.count(from(99), " MIA ", begun).is_err());
        attempts.count(from(99), "tom", begun).unwrap();
    }

    #[test]
    fn a_right_password_clears_the_count() {
        let attempts = Attempts::default();
        let begun = Instant::now();
        let here = IpAddr::from([10, 0, 0, 1]);
        for _ in 0..3 * WRONG_IN_ALL_MAX {
            attempts.count(here, "mia", begun).unwrap();
            attempts.forget(here, "mia");
        }
    }
}
